"""Where a report is: the notebook and the cell that runs, with the time, on one line of a terminal."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

from nbformat import NotebookNode

WIDTH = 78


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
