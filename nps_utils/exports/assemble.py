"""The table as read, with its columns under canonical names: lazy, and without dropping a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import polars as pl

from nps_utils.columns import EXPORT, YES
from nps_utils.exports import wording
from nps_utils.exports.english_dates import as_iso, month_is_first
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.files.values import NULLS
from nps_utils.exports.found import Found, finishing_column
from nps_utils.exports.headers import Column, extra_names
from nps_utils.exports.tools.tool import key
from nps_utils.scale import MISSING

_IN_UTC: Final = re.compile(r"\(\s*(?:UTC|GMT)\s*\)|\bUTC$", re.IGNORECASE)
# A value that ends in its own zone, or is a number of seconds, needs no zone from the header.
_SAYS_ZONE: Final = (
    r"(?i)(?:utc|gmt|z|(?:utc|gmt) ?[+-]\d{1,2}(?::?\d{2})?|[+-]\d{2}:?\d{2}|:\d{2} ?[+-]\d:\d{2})\s*$"
    r"|^\s*\d+(?:\.\d+)?\s*$"
)
_ONLY_DAY: Final = r"^\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}\s*$"
_DATES: Final = ("responded_at", "asked_at")
_NOBODY: Final = (
    "anonymous", "anonym", "anonymt", "anonyme", "anónimo", "anónima", "anônimo", "anoniem", "anonimo", "nimetön",
    "anonyymi",
)  # fmt: skip
HEADER_ROW: Final = "header_row"
_SAYS_NOBODY: Final = rf"(?i)^\s*(?:{'|'.join(_NOBODY)})\s*$"


def assemble(grid: Grid, found: Found) -> pl.LazyFrame:
    """Return the rows of a grid under the names that were recognised; see `read_export` for the columns."""
    used = {column.at for columns in found.chosen.values() for column in columns}
    extra = extra_names(found.columns, used)
    chosen: dict[str, pl.Expr] = {name: _canonical(name, found.chosen[name]) for name in EXPORT if name in found.chosen}
    chosen |= {name: _cells(found.chosen[name][0], as_iso) for name in american_dates(found)}
    chosen |= {name: _in_words(chosen[name], words) for name, words in found.tool.means.items() if name in chosen}
    if (mark := finishing_column(found)) is not None:
        filled = pl.col(f"c{mark.at}").str.strip_chars().is_in(["", *found.tool.escapes]).not_()
        chosen["finished"] = pl.when(filled.fill_null(value=False)).then(pl.lit("yes")).otherwise(pl.lit("no"))
    if "comment_question" not in chosen and len(pair := found.chosen.get("comment", ())) > 1:
        chosen["comment_question"] = _question(pair)
    if found.measured is not None:
        name = _whole(found.measured)
        other = name.str.contains(wording.OTHER_SURVEY) & ~name.str.contains(wording.SAYS_NPS)
        chosen["survey_type"] = pl.when(other).then(name)
    if found.deleted is not None:
        chosen["excluded"] = pl.when(pl.col(f"c{found.deleted.at}").str.contains(r"\S")).then(pl.lit("deleted"))
    if found.progress is not None:
        all_of_it = pl.col(f"c{found.progress.at}").str.contains(r"^\s*100(?:[.,]0+)?\s*%?\s*$")
        chosen["finished"] = pl.when(all_of_it.fill_null(value=False)).then(pl.lit("yes")).otherwise(pl.lit("no"))
    if found.begun:
        chosen["finished"] = _has_end(found.begun, found.chosen["responded_at"][0])
    again = _header_again(found)
    if again is not None:
        chosen["score"] = pl.when(again.not_()).then(chosen["score"])
    rows = grid.scan(found.header_rows)
    places = [pl.col(f"c{at}") for column in found.columns for at in (column.at, *column.also)]
    rows = rows.with_columns(_known(cells, found.nulls) for cells in places)
    if found.tool.escapes:
        rows = rows.with_columns(_unescaped(pl.col(f"c{column.at}"), found.tool.escapes) for column in found.columns)
    return rows.select(
        *(expression.alias(name) for name, expression in chosen.items()),
        *(_cells(column).alias(extra[column.at]) for column in found.columns if column.at in extra),
        pl.lit(grid.path.name).alias("source_file"),
        "source_row",
        _problem(again).alias("source_problem"),
        "source_flag",
        "source_excess",
    )


def _header_again(found: Found) -> pl.Expr | None:
    """Whether the score of a row is the header of the score once more: a second export was put below the first."""
    if len(found.chosen["score"]) > 1:
        return None
    column = found.chosen["score"][0]
    return (_whole(column).str.strip_chars() == column.name.strip()).fill_null(value=False)


def _problem(again: pl.Expr | None) -> pl.Expr:
    problem = pl.col("source_problem")
    return problem if again is None else pl.when(problem.is_null() & again).then(pl.lit(HEADER_ROW)).otherwise(problem)


def _known(cells: pl.Expr, seen: Sequence[str]) -> pl.Expr:
    """The cells but for what programs write where nothing is known, which may first stand below the rows looked at.

    Blanks around it are taken away only of what was seen: that costs as much as all else that is done to a cell.
    """
    nothing = cells.is_in(NULLS)
    nothing = nothing | cells.str.strip_chars().is_in(list(seen)) if seen else nothing
    return pl.when(nothing.not_()).then(cells).name.keep()


def _in_words(cells: pl.Expr, words: Mapping[str, str]) -> pl.Expr:
    """Write what the codes of a tool mean in the words that other tools write; keep all others."""
    return cells.str.strip_chars().replace(dict(words))


def _unescaped(cells: pl.Expr, escapes: Mapping[str, str]) -> pl.Expr:
    for written, meant in escapes.items():
        cells = cells.str.replace_all(written, meant, literal=True)
    return pl.when(cells != "").then(cells)


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
    # The year of 03-02-2026 looks like the offset of a time.
    bare = cells.str.contains(r"\S") & (cells.str.contains(_ONLY_DAY) | ~cells.str.contains(_SAYS_ZONE))
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
        return pl.when(word.is_in([*YES, "consent"])).then(pl.lit("true")).otherwise(pl.lit("false"))
    if name == "email" and len(columns) == 1:
        # What a form writes for everybody who did not say who he is, is nobody's address.
        cells = _cells(columns[0])
        return pl.when(cells.str.contains(_SAYS_NOBODY).not_()).then(cells)
    if name == "account_id" and len(columns) == 1:
        # What stands for no company is none that many answers share.
        cells = _cells(columns[0])
        return pl.when(cells.str.strip_chars().str.to_lowercase().is_in([*MISSING, *_NOBODY]).not_()).then(cells)
    if len(columns) == 1:
        return _cells(columns[0])
    if name == "respondent_name":
        return _either([_cells(column).str.strip_chars() for column in columns], " ").str.strip_chars()
    if name == "wave":  # a quarter or month, and its year: 3 2026 would be a day
        said = _either([_cells(column).str.strip_chars() for column in columns], " ")
        return said.str.replace(r"^(\d{1,2}) (\d{4})$", "$1/$2")
    if name in _DATES:
        return _day_and_clock(*columns[:2])
    # Where both were answered after all, both are kept.
    return _either([_cells(column) for column in columns], "\n")


def _day_and_clock(day: Column, clock: Column) -> pl.Expr:
    """The day of one column with the time of day of another; a midnight that a spreadsheet wrote is no time."""
    dated = _whole(day).str.strip_chars().str.replace(r"[T ]00:00(?::00(?:\.0+)?)?$", "")
    return _either([pl.when(dated != "").then(dated), pl.when(dated != "").then(_whole(clock).str.strip_chars())], " ")


def _has_end(begun: Column, ended: Column) -> pl.Expr:
    left = pl.col(f"c{begun.at}").str.contains(r"\S") & ~pl.col(f"c{ended.at}").str.contains(r"\S").fill_null(
        value=False
    )
    return pl.when(left).then(pl.lit("no")).otherwise(pl.lit("yes"))


def _question(columns: Sequence[Column]) -> pl.Expr:
    asked = [pl.when(_whole(column).is_not_null()).then(pl.lit(column.name)) for column in columns]
    return _either(asked, " | ")


def _either(parts: Sequence[pl.Expr], between: str) -> pl.Expr:
    joined = pl.concat_str(parts, separator=between, ignore_nulls=True)
    return pl.when(pl.any_horizontal([part.is_not_null() for part in parts])).then(joined)


def source_names(found: Found) -> Mapping[str, str]:
    """Return canonical name to header, the first where two columns make one."""
    return {name: found.chosen[name][0].name for name in EXPORT if name in found.chosen}
