"""What is said of a cell that failed: the notebook, the cell and the heading above it, the cause, and the way on."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from nps_utils.checks import BadFile, BadInput, PageFailed
from nps_utils.files import disk_trouble_in


def failed(path: Path, number: int | None, source: str, name: str, value: str, *, bad_input: bool) -> Exception:
    """Return the error to raise for a cell that failed.

    Parameters
    ----------
    path
        The notebook.
    number
        Which of its code cells, from 1; None where it is none of them.
    source
        The cell.
    name, value
        The class of what was raised, and its text.
    bad_input
        It was raised because the input cannot be used.
    """
    cause = f"{place_of(path, number)}: {value}"
    if bad_input:
        return BadInput(
            f"{cause}\nCorrect the study or its file and run `nps report` again; the last good report stays."
        )
    if told := disk_trouble_in(value):
        return BadFile(f"{path.name}: {told}")
    return PageFailed(
        f"{cause} ({name}). The cell was:\n{source}\n"
        f"To look closer: `make lab`, open {path.name} and run it. The last good report stays."
    )


def place_of(path: Path, number: int | None) -> str:
    """Return where a cell stands: the notebook, its number among the code cells, and the heading above it."""
    heading, seen = "", 0
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    for cell in notebook.cells if number is not None else ():
        if cell.cell_type == "markdown":
            titles = [line.lstrip("# ") for line in cell.source.splitlines() if line.startswith("#")]
            heading = titles[-1] if titles else heading
        elif cell.cell_type == "code":
            seen += 1
            if seen == number:
                return f'{path.name}, cell {number}, under "{heading}"'
    return path.name
