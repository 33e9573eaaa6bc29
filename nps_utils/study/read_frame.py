"""The frame as it is read: millions of askings stream from their file to where they are kept, and none is held."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import polars as pl

from nps_utils.checks import BadStudy
from nps_utils.exports.cells.date_cells import ISO, Different
from nps_utils.exports.files.plain import PROBLEM, check_whole_rows, scan_table
from nps_utils.exports.people import name_parts
from nps_utils.exports.side_tables import check_linked, names_of, whole_name
from nps_utils.study.lookup import looked_up

# A date as it is written anew, while it is looked up.
_WRITTEN: Final = "joined:written"
# The rows by which it is told whether dates are written as they are kept.
_FIRST: Final = 1000


@dataclass(frozen=True)
class Frame:
    """The rows of a frame under our names, the headers they stand under, which columns are dates, how many rows."""

    rows: pl.LazyFrame
    headers: list[str]
    dates: Sequence[str]
    n: int

    def begins_iso(self) -> bool:
        """Say whether the dates of the first rows are written as they are kept: then very likely all are."""
        first = self.rows.select(self.dates).head(_FIRST).collect(engine="streaming")
        return not any(len(first.select(_not_iso(name))) for name in self.dates)

    def dated(self, rows: pl.LazyFrame | None = None) -> dict[str, Different]:
        """Look at the dates, of the same rows where they are kept if these are given: that costs less."""
        rows = self.rows if rows is None else rows
        texts = pl.collect_all([rows.select(_not_iso(name)) for name in self.dates], engine="streaming")
        return {
            name: Different(found[name].to_list(), self.n, functools.partial(_places, rows, name))
            for name, found in zip(self.dates, texts, strict=True)
        }


def with_dates(rows: pl.LazyFrame, changed: Mapping[str, Mapping[str, str]]) -> pl.LazyFrame:
    """Return rows in which dates are written as told: by column and text."""
    for name, texts in changed.items():
        told = pl.DataFrame({"cell": list(texts), _WRITTEN: list(texts.values())})
        rows = looked_up(rows, pl.col(name), told, by="cell")
        rows = rows.with_columns(pl.coalesce(_WRITTEN, name).alias(name)).drop(_WRITTEN)
    return rows


def scan_frame(path: Path, *, told: Mapping[str, str], keep: Sequence[str], dates: Sequence[str]) -> Frame:
    """Recognise the columns of a frame as `name_columns` does; no row is kept.

    Raises
    ------
    BadFile
        It cannot be read, or a row of it is damaged.
    BadStudy
        A header that was told is not there, or nothing links the table to the answers.
    """
    table = scan_table(path)
    headers = [name for name in table.collect_schema().names() if name != PROBLEM]
    first = table.filter(pl.col(PROBLEM).is_not_null()).select("source_row", PROBLEM).head(1)
    try:
        names = names_of(headers, "frame", told=told, path=path, keep=keep, counted=functools.partial(_counted, table))
        named = table.rename(names)
        columns = [names.get(header, header) for header in headers]
        named, columns = _with_name(named, columns, keep)
        check_linked(columns, headers, "frame", path)
    except BadStudy:
        check_whole_rows(path, first.collect(engine="streaming"))
        raise
    broken, n = pl.collect_all([first, table.select(pl.len())], engine="streaming")
    check_whole_rows(path, broken)
    return Frame(named.select(columns), headers, [name for name in dates if name in columns], n.item())


def _not_iso(name: str) -> pl.Expr:
    return pl.col(name).filter(~pl.col(name).str.contains(f"^(?:{ISO})$")).unique()


def _with_name(named: pl.LazyFrame, columns: list[str], keep: Sequence[str]) -> tuple[pl.LazyFrame, list[str]]:
    """Add the name of each person, from its parts or from a column of another name."""
    if "name" in columns:
        return named, columns
    others = [name for name in columns if name not in keep]
    if parts := name_parts(others):
        cells = [pl.col(part).cast(pl.String).fill_null("").str.strip_chars() for part in parts]
        whole = functools.reduce(lambda name, more: (name + " " + more).str.strip_chars(), cells)
        return named.with_columns(name=pl.when(whole != "").then(whole)), [*columns, "name"]
    other = whole_name(others)
    if other is None:
        return named, columns
    return named.rename({other: "name"}), ["name" if name == other else name for name in columns]


def _counted(table: pl.LazyFrame, header: str) -> pd.Series[int]:
    """Return how often each text of a column occurs."""
    found = table.group_by(pl.col(header).cast(pl.String)).len().drop_nulls(header).collect(engine="streaming")
    return pd.Series(found["len"].to_numpy(), index=pd.Index(found[header].to_list(), dtype="str"))


def _places(rows: pl.LazyFrame, name: str, texts: Sequence[str]) -> dict[str, tuple[int, int, int]]:
    """Return how often each of the texts occurs in a column, its first row and its last."""
    at = pl.col("at")
    told = rows.select(name).with_row_index("at").filter(pl.col(name).is_in(list(texts)))
    found = told.group_by(name).agg(n=pl.len(), first=at.min(), last=at.max()).sort(name)
    return {text: (n, first, last) for text, n, first, last in found.collect(engine="streaming").iter_rows()}
