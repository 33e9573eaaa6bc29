"""A notebook in a kernel of its own, by papermill: as JupyterLab runs it, and where pages cannot be forked."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config

from nps_utils import checks
from nps_utils.report.progress import Progress
from nps_utils.report.running.failures import failed
from nps_utils.study.study import RESULTS

# Of the path of a socket, on the systems that allow least.
_LONGEST_SOCKET: Final = 103
# A kernel under load logs that it was told to stop; what stops a cell is raised by papermill, log or no log.
_QUIET: Final = ["--IPKernelApp.log_level=CRITICAL"]


def run(
    path: Path, *, study_dir: Path | None, results: Path | None = None, progress: Progress | None = None
) -> NotebookNode:
    """Run one notebook, with `study_dir` as its parameter, and return the executed copy.

    Parameters
    ----------
    path, study_dir
        The notebook, and the study for it.
    results
        Where its tables and figures go; the study's own results where nothing is said.
    progress
        Where to show which cell runs.

    Raises
    ------
    BadInput
        A cell met input it cannot use.
    PageFailed
        A cell failed for a reason of ours.
    """
    import papermill  # takes a second to load
    from papermill.exceptions import PapermillExecutionError

    with tempfile.TemporaryDirectory() as folder, _told(results):
        copy = Path(folder) / path.name
        try:
            executed: NotebookNode = papermill.execute_notebook(
                path,
                copy,
                parameters={"study_dir": str(study_dir.resolve())} if study_dir else None,
                kernel_name="python3",
                cwd=path.parent,
                config=kernel_files(Path(folder)),
                extra_arguments=_QUIET,
                progress_bar=False,
                **({"on_cell_start": progress.cell} if progress else {}),
            )
            return executed
        except PapermillExecutionError as error:
            known = error.ename in _bad_input_names()
            number = _number(path, error.source)
            raise failed(path, number, error.source, error.ename, str(error.evalue), bad_input=known) from error


@contextmanager
def _told(results: Path | None) -> Iterator[None]:
    """Tell the kernel that starts meanwhile where results go."""
    before = os.environ.pop(RESULTS, None)
    if results is not None:
        os.environ[RESULTS] = str(results.resolve())
    try:
        yield
    finally:
        os.environ.pop(RESULTS, None)
        if before is not None:
            os.environ[RESULTS] = before


def kernel_files(folder: Path) -> Config:
    """Return settings by which a kernel is talked to through sockets in `folder`, where the system can.

    Open ports are everybody's: a free one may be taken before the kernel binds it, and then the kernel dies. The
    sockets need a folder of their own, for their default place is one name in the working directory for all kernels.
    """
    if sys.platform == "win32" or len(os.fsencode(folder)) > _LONGEST_SOCKET - len("/kernel.json-ipc-5"):
        return Config()  # a socket's path is short; a long temporary one leaves the ports
    return Config({"KernelManager": {"transport": "ipc", "connection_file": str(folder / "kernel.json")}})


def _number(path: Path, source: str) -> int | None:
    """Return which of the code cells has this source; the one that papermill adds is none of them."""
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return cells.index(source) + 1 if source in cells else None


def _bad_input_names() -> set[str]:
    return {name for name, kind in vars(checks).items() if isinstance(kind, type) and issubclass(kind, checks.BadInput)}


def sphinx(source: Path, html: Path) -> tuple[int, str]:
    """Build a site in a process of its own; return its exit code and what it said on stderr."""
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(source), str(html)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr.strip()
