"""Exports pasted below one another: where the headers stand again, the columns below may be others."""

from __future__ import annotations

from typing import Final

from nps_utils.checks import BadFile
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.found import Found
from nps_utils.exports.tools.tool import key

_LEAST: Final = 2
_MOST_OF: Final = 0.6
_WORD: Final = 3  # letters


def check_headers_again(found: Found, grid: Grid) -> None:
    """Refuse a table in which the headers stand again and a column is then another than above.

    Headers that stand again as they were are a row without a score, and stay one.

    Raises
    ------
    BadFile
        The answers below would be read under the names above.
    """
    names = {column.key for column in found.columns if column.name}
    bare = {header.strip() for record in grid.head[: found.header_rows] for header in record.cells} - {""}
    above = {column.at: column for column in found.columns}
    for record in grid.head[found.header_rows :]:
        if record.problem is not None or sum(cell.strip() in bare for cell in record.cells) < _LEAST:
            continue
        filled = {at: cell.strip() for at, cell in enumerate(record.cells) if cell.strip() and at in above}
        again = [cell for cell in filled.values() if key(cell) in names or cell in bare]
        if len(again) < max(_LEAST, _MOST_OF * len(filled)) or any(map(_is_of_an_answer, filled.values())):
            continue
        for at, cell in filled.items():
            if key(cell) != above[at].key and cell not in {part.strip() for part in above[at].wording.splitlines()}:
                raise BadFile(_other(grid, record.row, above[at].name, cell))


def _is_of_an_answer(cell: str) -> bool:
    """Say whether a cell is a number or a date: a ticked option may be called as its column is, a score is not."""
    return any(map(str.isdigit, cell)) and sum(map(str.isalpha, cell)) < _WORD


def _other(grid: Grid, row: int, name: str, cell: str) -> str:
    first = grid.head[0].row
    return (
        f'{grid.path.name}, row {row:,}: the headers stand here again, and the column "{name}" is called "{cell}" from'
        " here on, so that answers below would be read under another name. Two exports were put below one another:"
        f" save rows {first:,} to {row - 1:,} as one file and row {row:,} and those below as another, and give both."
    )
