"""Whether a sheet only repeats what the others hold: a yearly sheet beside its months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, TypeAlias

from nps_utils.exports.files.grid import Grid

FEWEST: Final = 5
_SAME: Final = 0.9

Rows: TypeAlias = Counter[frozenset[str]]


def repeating_sheet(grids: Sequence[Grid]) -> str | None:
    """Return the name of the first sheet nearly all of whose rows are rows of the other sheets."""
    rows = [_rows(grid) for grid in grids]
    together: Rows = sum(rows, Counter())
    order = sorted(range(len(grids)), key=lambda at: -rows[at].total())
    for at in order:
        others = together - rows[at]
        again = (rows[at] & others).total()
        if rows[at].total() >= FEWEST and again >= _SAME * rows[at].total():
            return grids[at].sheet
    return None


def _rows(grid: Grid) -> Rows:
    """Count the rows by what stands in them, in whatever order of columns; a cell or two is no row to know again."""
    cells = (frozenset(cell.strip() for cell in record.cells if cell.strip()) for record in grid.head[1:])
    return Counter(row for row in cells if len(row) >= 3)
