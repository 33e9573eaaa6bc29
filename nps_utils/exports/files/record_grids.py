"""Records that were read one by one, with their names beside them, as a grid."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

import polars as pl

from nps_utils.checks import BadFile
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.files.records import Record
from nps_utils.exports.files.tabular import HEAD_RECORDS, check_width, scan_records


def records_grid(
    path: Path,
    names: Sequence[str],
    read: Callable[[], Iterable[Record]],
    *,
    sheet: str | None = None,
    labels: Sequence[str] = (),
    rounded: Collection[int] = (),
    notes: Sequence[str] = (),
) -> Grid:
    """Return records that have names beside them, not above: the first of them is number 1.

    Parameters
    ----------
    path
        What they were read from, for messages and the ledger.
    names
        Of the columns; every record has as many cells.
    read
        Begins to read them, as often as needed.
    sheet, labels, rounded, notes
        As of `Grid`.
    """
    width = len(names)
    check_width(path, width)
    head = (Record(0, list(names), None, None), *itertools.islice(read(), HEAD_RECORDS))
    if len(head) == 1:
        raise BadFile(f"{path} holds columns ({', '.join(names[:8])}) but no row. Export it again.")

    def scan(skip: int) -> pl.LazyFrame:
        return scan_records(lambda: itertools.islice(read(), skip - 1, None), width)

    return Grid(
        path,
        head,
        width,
        scan,
        sheet=sheet,
        rounded_columns=frozenset(rounded),
        notes=tuple(notes),
        labels=tuple(labels),
    )
