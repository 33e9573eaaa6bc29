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


@dataclass(frozen=True)
class Frame:
    """The rows of a frame under our names, the headers they stand under, and the columns of dates among them."""

    rows: pl.LazyFrame
    headers: list[str]
    dated: Mapping[str, Different]
    n: int

    def with_dates(self, changed: Mapping[str, Mapping[str, str]]) -> pl.LazyFrame:
        """Return the rows, in which dates are written as told: by column and text."""
        rows = self.rows
        for name, texts in changed.items():
            told = pl.DataFrame({"cell": list(texts), _WRITTEN: list(texts.values())})
            rows = looked_up(rows, pl.col(name), told, by="cell")
            rows = rows.with_columns(pl.coalesce(_WRITTEN, name).alias(name)).drop(_WRITTEN)
        return rows


def scan_frame(path: Path, *, told: Mapping[str, str], keep: Sequence[str], dates: Sequence[str]) -> Frame:
    """Recognise the columns of a frame as `name_columns` does, and look at its dates; no row is kept.

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
    dated = [name for name in dates if name in columns]
    asked = [named.select(pl.col(name).filter(~pl.col(name).str.contains(f"^(?:{ISO})$")).unique()) for name in dated]
    broken, n, *texts = pl.collect_all([first, table.select(pl.len()), *asked], engine="streaming")
    check_whole_rows(path, broken)
    rows = named.select(columns)
    different = {
        name: Different(found[name].to_list(), n.item(), functools.partial(_places, rows, name))
        for name, found in zip(dated, texts, strict=True)
    }
    return Frame(rows, headers, different, n.item())


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
