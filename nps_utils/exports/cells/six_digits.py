"""Days of six digits without separators: 260203 or 030226, read only where the cells of a column allow one reading.

One such cell says little: 260203 is 3 February 2026, or 26 February 2003. A column says more: a year after the next one
is none, nor is a thirteenth month, so that where days from 28 on occur only one place is left for the year. Whether the
day or the month comes first is then decided as for all other dates.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from nps_utils.exports.cells.dates import Cell, Day, plain, read_clock

_CELL: Final = re.compile(r"(\d\d)(\d\d)(\d\d)(?:[T,]? ?-?(\d{1,2}[:.]\d\d(?:[:.]\d\d)?|\d{4}))?")
# There were no online surveys before, and the years of older customers are written whole.
_FIRST_YEAR: Final = 1990
_NEAR: Final = re.compile(r"\d{5,6}(?!\d)")
_LOST: Final = re.compile(r"[1-9]\d{4}")
_SLIPS: Final = 0.02
_MANY: Final = 0.1


class Packed(NamedTuple):
    """Cells of six digits as dates, none of them where they do not prove where the year stands; and why.

    `lost` are cells of five digits beside them, which are then no numbers of a spreadsheet's days either.
    """

    cells: dict[str, Cell]
    reason: str
    lost: tuple[str, ...] = ()


def packed(texts: Iterable[str], *, today: dt.date | None = None) -> Packed | None:
    """Read the cells of a column that are six digits, perhaps with a time of day; None where there are none.

    Examples
    --------
    >>> told = packed(["260203", "260331"], today=dt.date(2026, 6, 1))
    >>> told.cells["260203"].day
    Day(year=2026, first=2, second=3, ordered=True)
    >>> told.reason
    'the year comes first: with it last, "260331" would be no day up to 2027.'
    >>> packed(["030226", "310326"], today=dt.date(2026, 6, 1)).cells["030226"].day
    Day(year=2026, first=3, second=2, ordered=False)
    >>> packed(["260203", "260217"], today=dt.date(2026, 6, 1)).reason
    'six digits do not tell where the year stands: "260203" is 2026-02-03 or 2003-02-26.'
    """
    near = sorted(text for text in texts if _NEAR.match(plain(text)))  # the same column is told by the same cells
    found = {text: match for text in near if (match := _CELL.fullmatch(plain(text)))}
    # 000000 and 999999 stand for no date.
    found = {text: match for text, match in found.items() if len(set(plain(text)[:6])) > 1}
    if not found:
        return None
    if shorter := [text for text in near if _LOST.fullmatch(plain(text))]:
        return Packed({}, lost_zero(shorter[0], next(iter(found))), tuple(shorter))
    latest = (today or dt.datetime.now(dt.UTC).date()).year + 1
    pairs = {text: (int(match[1]), int(match[2]), int(match[3])) for text, match in found.items()}
    first = {text: _day(a, b, c, latest) for text, (a, b, c) in pairs.items()}
    last = {text: _day(c, b, a, latest) for text, (a, b, c) in pairs.items()}
    american = {text: _day(c, a, b, latest) for text, (a, b, c) in pairs.items()}
    at_end = last if _misses(last) <= _misses(american) else american
    not_first, not_last = (next((text for text, day in days.items() if day is None), None) for days in (first, at_end))
    if _proves(first, at_end):
        days = {text: Day(day.year, day.month, day.day, ordered=True) for text, day in first.items() if day}
        return Packed(
            _cells(found, days), f'the year comes first: with it last, "{not_last}" would be no day up to {latest}.'
        )
    if _proves(at_end, first):
        # The order of day and month is left to the rule for all dates.
        days = {text: Day(day.year, *pairs[text][:2], ordered=False) for text, day in at_end.items() if day}
        return Packed(
            _cells(found, days), f'the year comes last: with it first, "{not_first}" would be no day up to {latest}.'
        )
    if not_first is None or not_last is None:
        shown = next(iter(found))
        readings = dict.fromkeys(str(days[shown]) for days in (first, last, american) if days[shown])
        said = f'six digits do not tell where the year stands: "{shown}" is {" or ".join(readings)}.'
    else:
        said = (
            f'six digits are read where all are dates: "{not_first}" is none year first, "{not_last}" none year last.'
        )
    return Packed({}, said)


def lost_zero(five: str, six: str) -> str:
    """Say why numbers of five digits beside such of six are read neither as days nor as a spreadsheet's numbers."""
    return f'"{five}" beside "{six}" is a day whose first zero a spreadsheet took away, or its number of a day.'


def _proves(these: dict[str, dt.date | None], others: dict[str, dt.date | None]) -> bool:
    """Say whether all cells are days of these and not of the others; a slip of the pen does not make many."""
    misses, against = _misses(these), _misses(others)
    return misses == 0 < against or (misses <= _SLIPS * len(these) and against >= _MANY * len(these))


def _misses(days: dict[str, dt.date | None]) -> int:
    return sum(day is None for day in days.values())


def _day(year: int, month: int, day: int, latest: int) -> dt.date | None:
    whole = 2000 + year if 2000 + year <= latest else 1900 + year
    try:
        return dt.date(whole, month, day) if whole >= _FIRST_YEAR else None
    except ValueError:
        return None


def _cells(found: dict[str, re.Match[str]], days: dict[str, Day]) -> dict[str, Cell]:
    clocks = {text: match[4] for text, match in found.items()}
    return {
        text: Cell(day, read_clock(f" {_colon(clocks[text])}") if clocks[text] else None) for text, day in days.items()
    }


def _colon(clock: str) -> str:
    return f"{clock[:2]}:{clock[2:]}" if len(clock) == 4 and clock.isdigit() else clock
