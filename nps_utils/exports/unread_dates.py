"""A column that looks like the date of the answer and is not used: what a study stops at, and how it goes on.

Without a date all answers are one wave, and no page would look as if something was missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Final

from nps_utils.exports import wording
from nps_utils.exports.cells.centuries import with_century
from nps_utils.exports.cells.dates import read_date
from nps_utils.exports.cells.month_names import month_number
from nps_utils.exports.cells.six_digits import packed
from nps_utils.exports.cells.whole_periods import whole_period
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.found import Found
from nps_utils.exports.headers import Column
from nps_utils.exports.named_by_study import SAID_BY_STUDY
from nps_utils.exports.shapes import share, share_of_times
from nps_utils.exports.times import OF_ANSWERS
from nps_utils.scale.ways_on import for_shell

RESPONDED: Final = "responded_at"
# Names that are of nothing but a date; others, such as "Tid" or "Completed", may hold how long or whether.
_ONLY_A_DATE: Final = re.compile(r"dat(?:e|um|o|ed)|(?<![a-z])dat[oe]|fecha|pvm|päivä|tidpunkt|tidspunkt|timestamp")
# Names of dates in further languages; of what stands below them more is asked.
_NAMED_SO: Final = re.compile(
    r"dat(?:e|um|o|ed|a)(?![a-z])|dato|fecha|pvm|päivä|tidpunkt|tidspunkt|timestamp|dagsetning|tímast|дата|ημερομηνία"
)
# A day, a month, a half of the day and a zone, with a word or two between them.
_FEW_WORDS: Final = 5
# Three numbers of which one is a year, parted by whatever signs; or a date without any.
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMBERS: Final = re.compile(r"\D{0,12}\d{1,4}[^\w\d]{1,3}\d{1,2}[^\w\d]{1,3}\d{2,4}(?!\d).{0,20}")
_TOGETHER: Final = re.compile(r"\d{6}(?:\d\d)?(?:\D.{0,12})?")
_LONGEST: Final = 40
_MOST: Final = 0.5
_SHOWN: Final = 40
_FORMS: Final = "2026-02-03, 3.2.2026, 3/2 2026 or 3 February 2026, with or without a time of day"


def unread_date(found: Found, grid: Grid, dates: Sequence[Column]) -> str | None:
    """Return what to say where a column seems to be the date of the answer and none is; None where none seems so.

    Parameters
    ----------
    found
        What was recognised, without a date of the answer.
    grid
        The table.
    dates
        Columns that hold dates, of which none says that it is that of the answer.
    """
    if dates:
        return _several(dates, grid)
    if (column := _named(found)) is not None:
        return _of_one(column, found, grid, "its name says that it is the date of the answer")
    for column in found.answering:
        if not _of_another(column) and _is_unread(column) and share(column, _shape_of(column)) > _MOST:
            return _of_one(column, found, grid, "most of its cells look like dates")
    return None


def passed_over(found: Found) -> str | None:
    """Return what to say where another column is used, though one is called the date of the answer and cannot be read.

    Nothing is said where the one that is used is called so itself, or by the study.
    """
    used = found.chosen[RESPONDED][0]
    if used.key in OF_ANSWERS or any(
        reason.endswith(SAID_BY_STUDY) and RESPONDED in reason for reason in found.reasons
    ):
        return None
    column = _named(found)
    if column is None:
        return None
    return (
        f'column "{column.name}" is called the date of the answer, but "{column.filled[0][:_SHOWN]}" is no day that'
        f' can be read, so "{used.name}" is used instead. Days are read as {_FORMS}.'
    )


def _named(found: Found) -> Column | None:
    """Return a column that is called the date of the answer and is filled in most rows, but cannot be read."""
    names = wording.HEADERS[RESPONDED]
    for column in (c for name in names for c in found.answering if c.key.removesuffix("utc") == name):
        if _is_unread(column) and (_ONLY_A_DATE.search(column.key) or share(column, _like_a_date) > _MOST):
            return column
    return None


def _is_unread(column: Column) -> bool:
    return 2 * len(column.filled) >= len(column.cells) > 0 and share_of_times(column) < _MOST


def _of_another(column: Column) -> bool:
    return bool(wording.OTHER_DATE.search(column.wording) or wording.ASKED.search(column.wording))


def _with_year(cell: str) -> bool:
    return len(cell) <= _LONGEST and bool(_YEAR.search(cell)) and bool(_NUMBERS.fullmatch(cell.strip()))


def _shape_of(column: Column) -> Callable[[str], bool]:
    """Return what makes a cell of a column look like a date: its numbers; under the name of one, words among them."""
    return _with_words if _NAMED_SO.search(column.wording.casefold()) else _with_year


def _with_words(cell: str) -> bool:
    """Say whether a cell has a year, another number and few words: `5 stycznia 2026`, `05 Jan, 2026 03:54 PM IST`."""
    if len(cell) > _LONGEST or not (year := _YEAR.search(cell)):
        return False
    rest = cell[: year.start()] + " " + cell[year.end() :]
    return bool(re.search(r"(?<!\d)\d{1,2}(?!\d)", rest)) and len(re.findall(r"[^\W\d_]+", rest)) <= _FEW_WORDS


def _like_a_date(cell: str) -> bool:
    if _with_year(cell) or _TOGETHER.fullmatch(cell.strip()) or whole_period(cell):
        return True
    words = re.findall(r"[^\W\d_]+", cell) if len(cell) <= _LONGEST else []
    return any(char.isdigit() for char in cell) and any(month_number(word) for word in words)


def _of_one(column: Column, found: Found, grid: Grid, why: str) -> str:
    """Say of a column which of its cells is no date, which would be, and what to write."""
    periods = all(whole_period(cell) for cell in column.distinct)
    rows = [record.row for record in grid.head[found.header_rows :] if record.problem is None]
    cells = with_century({cell: read_date(cell) for cell in column.distinct})
    unread = (i for i, cell in enumerate(column.cells) if cell.strip() and not cells[cell.strip()])
    first = next(unread, 0)
    shown = column.cells[first].strip()[:_SHOWN]
    at = f" (row {rows[first]:,})" if first < len(rows) else ""
    told = packed(column.distinct)
    because = f"; {told.reason.removesuffix('.')}" if told and not told.cells else _because_of_zone(shown)
    name = _quoted(column.name)
    lines = [
        f'{grid.path.name}, column "{column.name}": {why}, but "{shown}"{at} is no day that can'
        f" be read{because}. Days are read as {_FORMS}. Read without it all answers would be one wave."
    ]
    if periods:
        lines.append(
            f"  Where it names the period of each answer: columns = {{ wave = {name} }} under its [[export]] and by ="
            f' "column" under [waves] in study.toml; to nps new: --column wave={for_shell(column.name)}'
        )
    else:
        lines.append("  Where it is the date of the answer: write its days in one of these ways in the file.")
    return "\n".join([*lines, _NONE])


def _because_of_zone(cell: str) -> str:
    """Say that only the name of a time zone, which is that of several, keeps a cell from being read."""
    parts = re.fullmatch(r"(.*\d.*) ([A-Z]{2,5})", cell)
    if parts is None or read_date(parts[1]) is None:
        return ""
    return (
        f': "{parts[2]}" is the name of several time zones; without it the cell is read, as of the time zone that'
        " nps new is given"
    )


def _several(dates: Sequence[Column], grid: Grid) -> str:
    listed = ", ".join(f'"{column.name}"' for column in dates)
    name = _quoted(dates[0].name)
    return (
        f"{grid.path.name}: columns {listed} hold dates and none says it is the date of the answer, so none is used, "
        "and all answers would be one wave.\n"
        f"  Name the one that is: columns = {{ responded_at = {name} }} under its [[export]] in study.toml; to nps new:"
        f" --column responded_at={for_shell(dates[0].name)}\n{_NONE}"
    )


_NONE: Final = (
    "  Where no column says when answers were given: columns = { responded_at = [] } there; to nps new: --column"
    ' responded_at=none; all answers are then one wave. Where all are of one period: wave = "2026-Q1" under'
    " its [[export]]."
)


def _quoted(header: str) -> str:
    return json.dumps(header, ensure_ascii=False)
