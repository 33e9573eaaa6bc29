"""A table that was laid out otherwise, as the table of one row per answer that everything after it expects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

import polars as pl

from nps_utils.columns import FOUND
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.files.records import Record, judge_width
from nps_utils.exports.files.tabular import text_frame
from nps_utils.scale import read_answer

Transform: TypeAlias = Callable[[pl.LazyFrame], pl.LazyFrame]

# What every grid carries beside its cells.
SOURCE_PARTS: Final = ("source_row", *FOUND)


def derived(grid: Grid, header: Sequence[str], transform: Transform, *, shape: str, notes: Sequence[str] = ()) -> Grid:
    """Return the grid that `transform` makes of the rows below the first header row.

    Parameters
    ----------
    header
        The names of its columns `c0`, `c1`, ...
    transform
        From rows to rows, lazily; it keeps `source_row`, `source_problem`, `source_flag` and `source_excess`.
    shape
        The sentence that says how the table was laid out, and what was made of it.
    notes
        What the ledger should say about it.
    """
    rows = [judge_width(record, grid.width) for record in grid.head[1:]]
    made = transform(text_frame(rows, grid.width).lazy()).collect()
    cells = [f"c{at}" for at in range(len(header))]
    first = Record(grid.head[0].row, list(header), None, None)
    body = [
        Record(row["source_row"], [row[name] or "" for name in cells], row["source_problem"], row["source_flag"])
        for row in made.iter_rows(named=True)
    ]

    def scan(skip: int) -> pl.LazyFrame:
        return transform(grid.scan(1)).slice(max(skip - 1, 0))

    return replace(
        grid,
        head=(first, *body),
        width=len(header),
        scan=scan,
        row_names=False,
        rounded_columns=frozenset(),
        notes=(*grid.notes, *notes),
        shape=shape,
    )


def header_of(grid: Grid) -> list[str]:
    """Return the first row as names, one for each column."""
    names = ["row", *grid.head[0].cells] if grid.row_names else list(grid.head[0].cells)
    tidy = [" ".join(name.replace("\ufeff", "").split()) for name in names[: grid.width]]
    return tidy + [""] * (grid.width - len(tidy))


def body_of(grid: Grid) -> list[list[str]]:
    """Return the cells of the first whole rows below the header, each as wide as the table."""
    rows = (judge_width(record, grid.width) for record in grid.head[1:] if record.problem is None)
    return [[cell.strip() for cell in row.cells] for row in rows]


def share_of_scores(cells: Sequence[str]) -> float:
    """Return the share of the filled cells that are answers from 0 to 10."""
    filled = [cell for cell in cells if cell and read_answer(cell).problem != "missing_score"]
    return sum(read_answer(cell).score is not None for cell in filled) / len(filled) if filled else 0.0


def text_of(at: int) -> pl.Expr:
    """Return the cells of a column without blanks around them, null where empty."""
    return pl.col(f"c{at}").str.strip_chars().replace("", None)
