"""Where long work is: the stage or the cell that runs, its rows and the time left, on one line of a terminal."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

from nbformat import NotebookNode

WIDTH = 78
SECONDS: Final = "seconds.json"
# What each stage takes of a report; replaced by what the last report of the study took.
USUAL: Final = {"cleaning": 0.15, "comments": 0.1, "pages": 0.5, "summary": 0.15, "site": 0.1}
_LOOK: Final = 0.5
# Bytes that a study reads, and those of the largest process of its report: measured on reports of 3,700, 106,000, 1.07
# and 10.7 million answers (the last: the summary), each with accounts, revenue and a frame. Texts are held once
# each from 65,000 answers on, so that what a byte takes falls; beyond the last it is taken to stay.
_LARGEST: Final = ((2e6, 0.62e9), (55e6, 0.84e9), (572e6, 2.29e9), (5.7e9, 5.9e9))
# Beside it is the process that makes the report. How many pages run at a time goes by the memory that is free.
_MAKES: Final = 0.8e9


class Course:
    """The stages of long work, each shown with its rows, its seconds and the time left; nothing where nobody looks.

    Parameters
    ----------
    folder
        Where the seconds of each stage are kept for the next time; None keeps none.
    stream
        The terminal.

    Examples
    --------
    >>> course = Course(None)
    >>> with course.stage("cleaning"):
    ...     pass
    >>> list(course.took)
    ['cleaning']
    """

    def __init__(self, folder: Path | None, stream: TextIO | None = None) -> None:
        self._kept = None if folder is None else folder / SECONDS
        self._stream = stream or sys.stderr
        self._expected = _seconds_in(self._kept) or USUAL
        self._now, self._since = "", time.monotonic()
        self.rows: int | None = None
        self.took: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str, *, shown: bool = True) -> Iterator[None]:
        """Time a stage, and show it meanwhile unless what runs in it is shown already."""
        self._now, self._since = name, time.monotonic()
        ended = threading.Event()
        if shown and self._stream.isatty():
            threading.Thread(target=self._tell, args=(ended,), daemon=True).start()
        try:
            yield
        finally:
            ended.set()
            if shown and self._stream.isatty():
                show("", self._stream)
        self.took[name] = self.took.get(name, 0.0) + time.monotonic() - self._since
        self._now = ""

    def line(self) -> str:
        """Return the stage that runs with its rows, its seconds and the time left."""
        rows = "" if self.rows is None else f", {self.rows:,} rows"
        return f"{self._now}{rows}, {time.monotonic() - self._since:.0f} s{self.left()}"

    def left(self) -> str:
        """Return the time left in words, nothing before a stage has ended.

        The stages to come take as long beside those that ended as they did the last time.
        """
        done = sum(self._expected.get(name, 0.0) for name in self.took)
        if not done:
            return ""
        pace = sum(self.took.values()) / done
        here = self._expected.get(self._now, 0.0) * pace - (time.monotonic() - self._since)
        others = [seconds for name, seconds in self._expected.items() if name not in (*self.took, self._now)]
        seconds = max(here, 0.0) + pace * sum(others)
        return f", about {seconds / 60:.0f} min left" if seconds >= 90 else f", about {seconds:.0f} s left"

    def keep(self) -> None:
        """Keep the seconds of each stage for the next time."""
        if self._kept is not None and self.took:
            self._kept.write_text(json.dumps({name: round(seconds, 1) for name, seconds in self.took.items()}), "utf-8")

    def _tell(self, ended: threading.Event) -> None:
        while not ended.wait(_LOOK):
            show(self.line(), self._stream)


def _seconds_in(path: Path | None) -> dict[str, float]:
    try:
        told = json.loads(path.read_text("utf-8")) if path else {}
        return {str(name): float(seconds) for name, seconds in told.items() if float(seconds) > 0}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def memory_note(read: int, free: int | None) -> str | None:
    """Say that a report may need more memory than is free; None where there is enough, or nobody knows.

    Parameters
    ----------
    read
        Bytes of all that the study reads.
    free
        kB that can be used, see `crew.free_memory`.

    Examples
    --------
    >>> memory_note(600_000_000, 2_000_000)[:89]
    'a study of 0.6 GB takes about 3.1 GB of memory, and 2.0 GB are free: close other programs'
    >>> memory_note(60_000_000, 2_000_000) is None
    True
    """
    needed = _MAKES + _largest(read)
    if free is None or needed <= 1000 * free:
        return None
    return (
        f"a study of {read / 1e9:.1f} GB takes about {needed / 1e9:.1f} GB of memory, and {free / 1e6:.1f} GB are free:"
        " close other programs. Where memory does not suffice the system ends the report, and the last good one stays"
    )


def _largest(read: int) -> float:
    """Return how many bytes the largest process takes: between two studies that were measured, and on as after them."""
    after = next((place for place, (size, _) in enumerate(_LARGEST) if read <= size), len(_LARGEST) - 1)
    (size, took), (larger, took_then) = _LARGEST[max(after, 1) - 1 : max(after, 1) + 1]
    return max(took + (took_then - took) * (read - size) / (larger - size), 0.0)


@dataclass
class Progress:
    """One line that is rewritten while a notebook runs; nothing where nobody looks.

    Parameters
    ----------
    name
        The notebook.
    cells
        How many code cells it has.
    stream
        The terminal; where it is none, nothing is written.
    """

    name: str
    cells: int
    stream: TextIO = field(default_factory=lambda: sys.stderr)
    started: float = field(default_factory=time.monotonic)
    done: int = 0

    def cell(self, cell: NotebookNode, cell_index: int) -> None:  # noqa: ARG002 - nbclient names its arguments
        """Show the cell that starts now."""
        if cell.cell_type != "code" or not self.stream.isatty():
            return
        self.done += 1
        seconds = time.monotonic() - self.started
        first = cell.source.strip().splitlines()[0] if cell.source.strip() else ""
        show(f"{self.name}: cell {self.done} of {self.cells}, {seconds:.0f} s  {first}", self.stream)

    def clear(self) -> float:
        """Wipe the line; return the seconds since the start."""
        if self.stream.isatty():
            show("", self.stream)
        return time.monotonic() - self.started


def show(line: str, stream: TextIO | None = None) -> None:
    """Write a line of a terminal anew; an empty one wipes it."""
    stream = stream or sys.stderr
    stream.write(f"\r{line[:WIDTH]:<{WIDTH}}" + ("" if line else "\r"))
    stream.flush()
