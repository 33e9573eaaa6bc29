"""The table as read, with its columns under canonical names: lazy, and without dropping a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import polars as pl

from nps_utils.columns import EXPORT
from nps_utils.exports.american import as_iso, month_is_first
from nps_utils.exports.detect import Found
from nps_utils.exports.headers import Column, extra_names
from nps_utils.exports.tabular import Grid
from nps_utils.exports.tool import key

_IN_UTC: Final = re.compile(r"\(\s*(?:UTC|GMT)\s*\)|\bUTC$", re.IGNORECASE)
# A value that ends in its own zone, or is a number of seconds, needs no zone from the header.
_SAYS_ZONE: Final = r"(?i)(?:utc|gmt|z|[+-]\d{2}:?\d{2})\s*$|^\s*\d+(?:\.\d+)?\s*$"
_ONLY_DAY: Final = r"^\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}\s*$"
_DATES: Final = ("responded_at", "asked_at")
_YES: Final = ("true", "yes", "y", "1", "ja", "oui", "sí", "si", "sim", "x", "on", "consent")


def assemble(grid: Grid, found: Found) -> pl.LazyFrame:
    """Return the rows of a grid under the names that were recognised; see `read_export` for the columns."""
    used = {column.at for columns in found.chosen.values() for column in columns}
    extra = extra_names(found.columns, used)
    chosen: dict[str, pl.Expr] = {name: _canonical(name, found.chosen[name]) for name in EXPORT if name in found.chosen}
    chosen |= {name: _cells(found.chosen[name][0], as_iso) for name in american_dates(found)}
    if "comment_question" not in chosen and len(pair := found.chosen.get("comment", ())) > 1:
        chosen["comment_question"] = _question(pair)
    return grid.scan(found.header_rows).select(
        *(expression.alias(name) for name, expression in chosen.items()),
        *(_cells(column).alias(extra[column.at]) for column in found.columns if column.at in extra),
        pl.lit(grid.path.name).alias("source_file"),
        "source_row",
        "source_problem",
        "source_flag",
        "source_excess",
    )


def american_dates(found: Found) -> list[str]:
    """Return the date columns whose form says that the month comes first."""
    english = {key(header) for header in found.tool.english_dates}
    dates = {name: found.chosen[name][0] for name in _DATES if name in found.chosen}
    return [name for name, column in dates.items() if column.key in english and month_is_first(column)]


def _cells(column: Column, rewrite: Callable[[pl.Expr], pl.Expr] | None = None) -> pl.Expr:
    cells = _whole(column)
    cells = cells if rewrite is None else rewrite(cells)
    if not _IN_UTC.search(column.wording):
        return cells
    bare = cells.str.contains(r"\S") & ~cells.str.contains(_SAYS_ZONE)
    # A day that is a day of UTC begins at its midnight, which only a time can say.
    zoned = (
        pl.when(cells.str.contains(_ONLY_DAY)).then(cells.str.strip_chars() + " 00:00 UTC").otherwise(cells + " UTC")
    )
    return pl.when(bare).then(zoned).otherwise(cells)


def _whole(column: Column) -> pl.Expr:
    """The cells of a column; where several of one name are one column, that of each row."""
    if not column.also:
        return pl.col(f"c{column.at}")
    parts = [pl.col(f"c{at}") for at in (column.at, *column.also)]
    # Beyond the rows looked at both may be filled after all: then both are kept.
    return _either([pl.when(part.str.contains(r"\S")).then(part) for part in parts], "\n")


def _canonical(name: str, columns: Sequence[Column]) -> pl.Expr:
    if name == "consent_to_quote":
        word = _whole(columns[0]).str.strip_chars().str.to_lowercase()
        return pl.when(word.is_in(_YES)).then(pl.lit("true")).otherwise(pl.lit("false"))
    if len(columns) == 1:
        return _cells(columns[0])
    # Where both were answered after all, both are kept.
    return _either([_cells(column) for column in columns], "\n")


def _question(columns: Sequence[Column]) -> pl.Expr:
    asked = [pl.when(_whole(column).is_not_null()).then(pl.lit(column.name)) for column in columns]
    return _either(asked, " | ")


def _either(parts: Sequence[pl.Expr], between: str) -> pl.Expr:
    joined = pl.concat_str(parts, separator=between, ignore_nulls=True)
    return pl.when(pl.any_horizontal([part.is_not_null() for part in parts])).then(joined)


def source_names(found: Found) -> Mapping[str, str]:
    """Return canonical name to header, the first where two columns make one."""
    return {name: found.chosen[name][0].name for name in EXPORT if name in found.chosen}
