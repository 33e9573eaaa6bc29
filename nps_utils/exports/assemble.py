"""The table as read, with its columns under canonical names: lazy, and without dropping a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import polars as pl

from nps_utils.columns import EXPORT, YES
from nps_utils.exports import wording
from nps_utils.exports.detect import Found
from nps_utils.exports.english_dates import as_iso, month_is_first
from nps_utils.exports.files.tabular import Grid
from nps_utils.exports.headers import Column, extra_names
from nps_utils.exports.tools.tool import key

_IN_UTC: Final = re.compile(r"\(\s*(?:UTC|GMT)\s*\)|\bUTC$", re.IGNORECASE)
# A value that ends in its own zone, or is a number of seconds, needs no zone from the header.
_SAYS_ZONE: Final = r"(?i)(?:utc|gmt|z|[+-]\d{2}:?\d{2})\s*$|^\s*\d+(?:\.\d+)?\s*$"
_ONLY_DAY: Final = r"^\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}\s*$"
_DATES: Final = ("responded_at", "asked_at")
# Few different values do not make a name or an address something to compare groups by.
_OF_A_PERSON: Final = re.compile(
    r"\bname\b|navn|namn|naam|\bnom\b|phone|telef|e-?mail|\bip\b|address|adress|uuid|\bid\b", re.I
)
# A period is a wave, not a group of customers.
_OF_TIME: Final = re.compile(
    r"\b(?:qtr|quarter|kvartal|kwartaal|quartal|month|måned|månad|maand|mois|monat|year|år|jaar|week|vecka|uke|uge|date)\b",
    re.I,
)
# The company that answered is an account, not a group of accounts.
_COMPANIES: Final = frozenset(wording.HEADERS["account_id"])
_OPEN: Final = re.compile(r"open.?ended", re.I)
_NONE: Final = frozenset({"na", "n/a", "nan", "null", "none", "-", "#n/a"})


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


def segments(found: Found) -> tuple[str, ...]:
    """Return the names of further columns with 2 to 30 different short values: what one may compare groups by."""
    used = {column.at for columns in found.chosen.values() for column in columns}
    names = extra_names(found.columns, used)
    return tuple(
        names[column.at]
        for column in found.free
        if not _OF_A_PERSON.search(column.wording)
        and not _OF_TIME.search(column.wording)
        and column.key not in _COMPANIES
        and not _OPEN.search(column.wording)
        and not (len(column.distinct) > 7 and all(map(_is_number_or_none, column.distinct)))
        and 2 <= len(column.distinct) <= 30
        and max(map(len, column.distinct)) <= 40
        and len(column.distinct) <= 0.5 * max(len(column.filled), 1)
    )


def _is_number_or_none(cell: str) -> bool:
    return cell.replace(".", "").isdigit() or cell.casefold() in _NONE


def _cells(column: Column, rewrite: Callable[[pl.Expr], pl.Expr] | None = None) -> pl.Expr:
    cells = pl.col(f"c{column.at}")
    cells = cells if rewrite is None else rewrite(cells)
    if not _IN_UTC.search(column.wording):
        return cells
    bare = cells.str.contains(r"\S") & ~cells.str.contains(_SAYS_ZONE)
    # A day that is a day of UTC begins at its midnight, which only a time can say.
    zoned = (
        pl.when(cells.str.contains(_ONLY_DAY)).then(cells.str.strip_chars() + " 00:00 UTC").otherwise(cells + " UTC")
    )
    return pl.when(bare).then(zoned).otherwise(cells)


def _canonical(name: str, columns: Sequence[Column]) -> pl.Expr:
    if name == "consent_to_quote":
        word = pl.col(f"c{columns[0].at}").str.strip_chars().str.to_lowercase()
        return pl.when(word.is_in([*YES, "consent"])).then(pl.lit("true")).otherwise(pl.lit("false"))
    if len(columns) == 1:
        return _cells(columns[0])
    # Where both were answered after all, both are kept.
    return _either([_cells(column) for column in columns], "\n")


def _question(columns: Sequence[Column]) -> pl.Expr:
    asked = [pl.when(pl.col(f"c{column.at}").is_not_null()).then(pl.lit(column.name)) for column in columns]
    return _either(asked, " | ")


def _either(parts: Sequence[pl.Expr], between: str) -> pl.Expr:
    joined = pl.concat_str(parts, separator=between, ignore_nulls=True)
    return pl.when(pl.any_horizontal([part.is_not_null() for part in parts])).then(joined)


def source_names(found: Found) -> Mapping[str, str]:
    """Return canonical name to header, the first where two columns make one."""
    return {name: found.chosen[name][0].name for name in EXPORT if name in found.chosen}
