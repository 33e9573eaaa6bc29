"""Points shared out, 100 or 10 in each row, and ranks: neither they nor their totals are groups or ratings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from nps_utils.exports.headers import Column

RANKED: Final = "its numbers rank the things of several columns: 1 stands before 2, and each is given once in a row"
SHARED_OUT: Final = "its points are shared out among several columns: they add up to {total} in each row"
A_TOTAL: Final = "it is the sum of the columns beside it"
_TOTALS: Final = (10.0, 100.0)
_POINTS: Final = re.compile(r"-?\d+(?:[.,]\d+)?")
# Of the rows that share something out; the rest are slips of a form that does not check them.
_MOST: Final = 0.9
_FEWEST_ROWS: Final = 5
_LONGEST: Final = 12


def shared_out(columns: Sequence[Column]) -> dict[int, str]:
    """Return why columns are no groups, by their place: those that share out 10 or 100 points, and their totals.

    Parameters
    ----------
    columns
        In the order of the file; only neighbours belong together.
    """
    found: dict[int, str] = {}
    for run in _runs(columns):
        numbers = [[_points(cell) for cell in column.cells] for column in run]
        at = 0
        while at < len(run):
            size, total = _group(numbers[at:])
            if ranks := _ranking(numbers[at:]):
                found |= {column.at: RANKED for column in run[at : at + ranks]}
                size = ranks
            elif size:
                said = SHARED_OUT.format(total=f"{total:g}")
                found |= {column.at: said for column in run[at : at + size]}
                if at + size < len(run) and _is_total(numbers[at : at + size], numbers[at + size]):
                    found[run[at + size].at] = A_TOTAL
                    size += 1
            at += size or 1
    return found


def _runs(columns: Sequence[Column]) -> list[list[Column]]:
    """Return neighbouring columns of numbers."""
    numeric = [column for column in columns if column.distinct and all(map(_is_points, column.distinct))]
    runs = [numeric[:1]] if numeric else []
    for before, column in pairwise(numeric):
        if column.at == before.at + 1:
            runs[-1].append(column)
        else:
            runs.append([column])
    return runs


def _group(numbers: Sequence[Sequence[float]]) -> tuple[int, float]:
    """Return how many of the first columns together share out one total, and that total; none is (0, 0)."""
    sums = list(numbers[0])
    for size in range(2, min(len(numbers), _LONGEST) + 1):
        sums = [one + other for one, other in zip(sums, numbers[size - 1], strict=True)]
        given = [one for one in sums if one]
        for total in _TOTALS:
            alike = sum(abs(one - total) < total / 1000 for one in given)
            if len(given) >= _FEWEST_ROWS and alike >= _MOST * len(given) and all(map(_differs, numbers[:size])):
                return size, total
    return 0, 0.0


def _ranking(numbers: Sequence[Sequence[float]]) -> int:
    """Return how many of the first columns rank things: in each row they hold 1, 2, 3 and so on, once each."""
    for size in range(3, min(len(numbers), _LONGEST) + 1):
        given = [row for row in zip(*numbers[:size], strict=True) if any(row)]
        ranked = sum(sorted(row) == list(range(1, size + 1)) for row in given)
        if len(given) >= _FEWEST_ROWS and ranked >= _MOST * len(given) and all(map(_differs, numbers[:size])):
            return size
    return 0


def _differs(cells: Sequence[float]) -> bool:
    return len(set(cells)) > 1


def _is_total(parts: Sequence[Sequence[float]], total: Sequence[float]) -> bool:
    rows = [(sum(row), one) for *row, one in zip(*parts, total, strict=True) if one]
    return bool(rows) and sum(abs(own - one) < 0.01 for own, one in rows) >= _MOST * len(rows)


def _is_points(cell: str) -> bool:
    return _POINTS.fullmatch(cell.rstrip("% \u00a0")) is not None


def _points(cell: str) -> float:
    """Return the points of a cell; who gave none left it empty."""
    bare = cell.strip().rstrip("% \u00a0").replace(",", ".")
    return float(bare) if bare else 0.0
