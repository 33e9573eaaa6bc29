"""A file as read: rows of texts under headers, with what reading found out; no word yet on what a column means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from nps_utils.exports.files.records import Record


def _not_known() -> bool:
    return False


@dataclass(frozen=True)
class Grid:
    """A table of text whose columns have no names yet.

    `head` holds the first records, header rows included; `scan(k)` gives the rows after the first k records as a lazy
    frame with columns `c0`, `c1`, ..., `source_row`, `source_problem`, `source_flag`, `source_excess`.
    """

    path: Path
    head: tuple[Record, ...]
    width: int
    scan: Callable[[int], pl.LazyFrame]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    row_names: bool = False
    rounded_columns: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()
    # Says whether it is known that no cell has white space around it: to take it off costs as much as reading.
    is_bare: Callable[[], bool] = _not_known
    # What a file says of its columns besides their names (SPSS): the question as it was asked.
    labels: tuple[str, ...] = ()
    # How the table was laid out where it was not one row per answer, and what then tells answers apart; where a row was
    # a customer with a column for each wave: which column names the customer, which holds the scores, which held them.
    shape: str | None = None
    answer_id: str | None = None
    customer: str | None = None
    score_at: int | None = None
    score_columns: tuple[str, ...] = ()
