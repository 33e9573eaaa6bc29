"""The cells of a notebook, run one after the other in this process, with the outputs that a kernel would give.

IPython's shell is what a kernel runs cells in as well; here nothing stands between it and the notebook. What a cell
writes is caught twice: what Python writes by streams of our own, what C code writes by the descriptors 1 and 2.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, ClassVar, Final

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from nbformat import NotebookNode
from nbformat.v4 import new_output
from traitlets.config import Config

from nps_utils.checks import BadInput
from nps_utils.files import write_text
from nps_utils.study.kept import give_back

FAILURE: Final = "failure.json"
# As a kernel writes it into a notebook; the highlighter of the site goes by it.
LANGUAGE: Final = {"name": "python", "pygments_lexer": "ipython3"}
# The tags of a cell that a report replaces by the study it is about.
PARAMETERS: Final = "parameters"


def run_page(
    path: Path, folder: Path, *, parameters: Mapping[str, str], at: Path, started: Callable[[int], None]
) -> None:
    """Run a notebook; leave the executed copy in `folder`, or, under `failure.json`, which cell failed and why.

    Parameters
    ----------
    path
        The notebook.
    folder
        Where the executed copy goes, whole or not at all.
    parameters
        What is assigned in place of the cell tagged `parameters`; with none the cell runs as it is.
    at
        The working directory of the cells.
    started
        Called with the number of each code cell before it runs, from 1.
    """
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    os.chdir(at)
    with tempfile.TemporaryDirectory() as home:
        shell = _shell(Path(home))
        failed = _run(shell, notebook, parameters, started)
    if failed is not None:
        write_text(folder / FAILURE, json.dumps(failed))
        return
    notebook.metadata["language_info"] = LANGUAGE
    beside = folder / f".{path.name}"
    nbformat.write(notebook, beside)
    beside.replace(folder / path.name)


def _run(
    shell: InteractiveShell, notebook: NotebookNode, parameters: Mapping[str, str], started: Callable[[int], None]
) -> dict[str, Any] | None:
    """Run the code cells in order; return what the first that failed said, or None."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(cells, 1):
        started(number)
        give_back()
        if parameters and PARAMETERS in cell.metadata.get("tags", []):
            cell.source = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
        cell.outputs, cell.execution_count = [], None
        if not cell.source.strip():
            continue
        cell.execution_count = number
        with _caught(cell.outputs):
            _Publisher.outputs = _Hook.outputs = cell.outputs
            result = shell.run_cell(cell.source, store_history=True)
        error = _error_of(result)
        if error is not None:
            return {
                "cell": number,
                "source": cell.source,
                "name": type(error).__name__,
                "value": str(error),
                "bad_input": isinstance(error, BadInput),
            }
    return None


def _error_of(result: ExecutionResult) -> BaseException | None:
    return result.error_before_exec or result.error_in_exec


class _Publisher(DisplayPublisher):
    """What `display` shows becomes an output of the cell."""

    outputs: ClassVar[list[NotebookNode]] = []

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **_: Any) -> None:  # noqa: ARG002
        _flush()
        self.outputs.append(new_output("display_data", data=_as_json(data), metadata=metadata or {}))


class _Hook(DisplayHook):
    """The value of the last line becomes the result of the cell."""

    outputs: ClassVar[list[NotebookNode]] = []

    def write_output_prompt(self) -> None:
        """Show no prompt."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        _flush()
        if format_dict:
            count = InteractiveShell.instance().execution_count
            self.outputs.append(
                new_output("execute_result", data=_as_json(format_dict), metadata=md_dict or {}, execution_count=count)
            )

    def finish_displayhook(self) -> None:
        """End no line: there is none."""


class _Shell(InteractiveShell):
    """A shell that shows nothing itself: whoever asked for the cell is told of errors."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        """Write no traceback: the result of `run_cell` holds the error."""

    def init_io(self) -> None:
        """Leave the streams as they are."""


def _shell(home: Path) -> InteractiveShell:
    """Return a new shell that keeps no history, has no colours and leaves the user's own profile alone."""
    os.environ["IPYTHONDIR"] = str(home)
    InteractiveShell.clear_instance()
    shell: InteractiveShell = _Shell.instance(
        config=Config({HistoryManager.__name__: {"enabled": False}}),
        ipython_dir=str(home),
        colors="nocolor",
        displayhook_class=_Hook,
        display_pub_class=_Publisher,
    )
    if "" not in sys.path:
        sys.path.insert(0, "")  # as in a kernel: what lies beside a notebook can be imported
    return shell


def _as_json(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a bundle whose bytes are base64, as notebooks hold them."""
    return {
        kind: base64.b64encode(value).decode() if isinstance(value, bytes) else value for kind, value in data.items()
    }


class _Stream:
    """What Python writes to stdout or stderr, as outputs of the cell that runs."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, name: str, outputs: list[NotebookNode], descriptor: int) -> None:
        self.name, self.outputs, self.descriptor = name, outputs, descriptor

    def write(self, text: str) -> int:
        last = self.outputs[-1] if self.outputs else None
        if text and last is not None and last.output_type == "stream" and last.name == self.name:
            last.text += text
        elif text:
            self.outputs.append(new_output("stream", name=self.name, text=text))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.descriptor


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()


@contextmanager
def _caught(outputs: list[NotebookNode]) -> Iterator[None]:
    """Let everything that is written meanwhile become outputs of a cell."""
    before = sys.stdout, sys.stderr
    with _descriptor(1) as out, _descriptor(2) as err:
        streams = _Stream("stdout", outputs, 1), _Stream("stderr", outputs, 2)
        sys.stdout, sys.stderr = streams
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before
            for stream, file in zip(streams, (out, err), strict=True):
                file.seek(0)
                stream.write(file.read().decode("utf-8", "replace"))


@contextmanager
def _descriptor(number: int) -> Iterator[IO[bytes]]:
    """Let a file take the place of a descriptor, for what is written past Python."""
    kept = os.dup(number)
    try:
        with tempfile.TemporaryFile() as file:
            os.dup2(file.fileno(), number)
            try:
                yield file
            finally:
                os.dup2(kept, number)
    finally:
        os.close(kept)
