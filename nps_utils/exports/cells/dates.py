"""Dates as survey tools write them: what one cell means, read once per distinct text in Python."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Final, NamedTuple

from nps_utils.exports.cells.month_names import in_digits

DAY: Final = 86_400


FIRST_YEAR: Final = 1900

LAST_YEAR: Final = 2199


MISSING: Final = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "-", "--", "#N/A")
# Spaces that spreadsheets write beside the ordinary one.
SPACES: Final = ("\u00a0", "\u202f")

# Numbers that are times: seconds and milliseconds since 1970 (of 10 and 13 digits, up to the last year), and the days
# of a spreadsheet since 1899-12-30.
UNIX: Final = (1_000_000_000, 7_258_118_400)
UNIX_MILLI: Final = (1_000_000_000_000, 7_258_118_400_000)
EXCEL: Final = (20_000, 80_000)
EXCEL_EPOCH: Final = 25_569

_EPOCH: Final = dt.date(1970, 1, 1).toordinal()
_HOURS: Final = r"(?:0[0-9]|1[0-4])"
# The parts of a cell in digits: a day, and with a time a clock and perhaps a zone.
_CELL: Final = re.compile(
    r"(?:(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})"
    r"|(?P<a>[0-9]{1,2})[-/.](?P<b>[0-9]{1,2})[-/.](?P<z>[0-9]{4}|[0-9]{2}))"
    r"(?:(?:[T,]|,? ) ?(?P<h>[0-9]{1,2})[:.](?P<i>[0-9]{2})(?:[:.](?P<s>[0-9]{2})(?:[.,][0-9]{1,9})?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
    r"(?: ?(?P<utc>Z|UTC|GMT)"
    rf"| ?(?:UTC|GMT)? ?(?P<sign>[-+])(?P<east>{_HOURS}:?[0-5][0-9]|{_HOURS}|[0-9](?::[0-5][0-9])?))?)?"
)
# Nobody's number begins with a zero; a day such as 030226 does.
_NUMBER: Final = re.compile(r"[1-9][0-9]*(?:\.[0-9]+)?")
_SERIAL: Final = re.compile(r"[2-7][0-9]{4}(?:\.[0-9]+)?")
# What tools write after a day, but for what only some do: there are as many as a day has seconds.
_USUAL_CLOCK: Final = re.compile(r"[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(Z?)")
# Any day: what stands after a day is read as if it stood after this one.
_SOME_DAY: Final = "2000-01-01"


class Day(NamedTuple):
    """The day that a text names: year, and month and day, or two numbers whose order has to be decided.

    `first` and `second` are month and day where `ordered`; a `year` below 100 has lost its century.
    """

    year: int
    first: int
    second: int
    ordered: bool

    @property
    def is_open(self) -> bool:
        """Whether the order is to be decided: one number may be a month and the other a day."""
        low, high = sorted((self.first, self.second))
        return not self.ordered and 1 <= low <= 12 and high <= 31

    @property
    def proves_day_first(self) -> bool | None:
        """The order that is proved by a number above 12; None where there is none."""
        return self.first > self.second if self.is_open and max(self.first, self.second) > 12 else None

    def number(self, *, day_first: bool) -> int | None:
        """Days since 1970 as the order of day and month has it; None where there is no such day.

        Examples
        --------
        >>> Day(2024, 2, 29, ordered=True).number(day_first=True)
        19782
        >>> Day(2023, 29, 2, ordered=False).number(day_first=True) is None
        True
        """
        month, day = (self.second, self.first) if day_first and not self.ordered else (self.first, self.second)
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            return None
        try:
            return dt.date(self.year, month, day).toordinal() - _EPOCH
        except ValueError:
            return None


class Clock(NamedTuple):
    """A time of day in seconds (None: not one that a clock shows) and how far east of UTC it says it is."""

    seconds: int | None
    offset: int | None


class Cell(NamedTuple):
    """A date cell: its day, and its time of day where it names one."""

    day: Day
    clock: Clock | None


def plain(text: str) -> str:
    """The text with ordinary spaces, and none around it."""
    for space in SPACES:
        text = text.replace(space, " ")
    return text.strip()


def read_cell(text: str) -> Cell | None:
    """Read a date cell, with or without a time; None where it is none.

    Examples
    --------
    >>> read_cell("24-02-2015 11.35")
    Cell(day=Day(year=2015, first=24, second=2, ordered=False), clock=Clock(seconds=41700, offset=None))
    >>> read_cell("3. mars 2024").day, read_cell("20240131").day
    (Day(year=2024, first=3, second=3, ordered=True), Day(year=2024, first=1, second=31, ordered=True))
    >>> read_cell("2026/02/03 9:05 AM GMT+5:30").clock
    Clock(seconds=32700, offset=19800)
    >>> read_cell("tomorrow") is None
    True
    """
    cell = plain(text)
    if found := _CELL.fullmatch(cell):
        return _in_digits(found)
    digits = in_digits(cell) or ""
    if _SERIAL.fullmatch(digits):
        moment = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=round(seconds_of(float(digits))))  # noqa: DTZ001
        clock = Clock(moment.hour * 3600 + moment.minute * 60 + moment.second, None)
        return Cell(Day(moment.year, moment.month, moment.day, ordered=True), clock)
    return _in_digits(found) if (found := _CELL.fullmatch(digits)) else None


def read_date(text: str) -> Cell | None:
    """Read a cell of a column of dates, where a bare number is a time too: as `read_cell`, and serials and Unix times.

    Examples
    --------
    >>> read_date("45352").day, read_date("1709287200").clock, read_date("2024")
    (Day(year=2024, first=3, second=1, ordered=True), Clock(seconds=36000, offset=0), None)
    """
    cell = plain(text)
    if not _NUMBER.fullmatch(cell):
        return read_cell(cell)
    number = float(cell)
    unix = any(low <= number < high for low, high in (UNIX, UNIX_MILLI))
    if not unix and not EXCEL[0] <= number < EXCEL[1]:
        return read_cell(cell)
    moment = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=round(seconds_of(number)))  # noqa: DTZ001
    day = Day(moment.year, moment.month, moment.day, ordered=True)
    if number.is_integer() and not unix:
        return Cell(day, None)
    return Cell(day, Clock(moment.hour * 3600 + moment.minute * 60 + moment.second, 0 if unix else None))


@lru_cache(maxsize=1 << 17)  # a day has 86,400 seconds, and a report cleans the same answers several times
def read_clock(text: str) -> Clock | None:
    """Read what follows the day in a cell; None where it is no time of day.

    Examples
    --------
    >>> read_clock("T11:35:07.5+02:00"), read_clock(" kl. 9.05"), read_clock(" 25:00"), read_clock(" noon")
    (Clock(seconds=41707, offset=7200), Clock(seconds=32700, offset=None), Clock(seconds=None, offset=None), None)
    """
    if found := _USUAL_CLOCK.fullmatch(text):
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
        return Clock(_seconds(hour, minute, second), 0 if found[4] else None)
    cell = read_cell(_SOME_DAY + text)
    return cell.clock if cell else None


def _seconds(hour: int, minute: int, second: int) -> int | None:
    return hour * 3600 + minute * 60 + second if hour <= 23 and minute <= 59 and second <= 59 else None


def _in_digits(found: re.Match[str]) -> Cell:
    if found["y"]:
        day = Day(int(found["y"]), int(found["m"]), int(found["d"]), ordered=True)
    else:
        day = Day(int(found["z"]), int(found["a"]), int(found["b"]), ordered=False)
    if not found["h"]:
        return Cell(day, None)
    hour, minute, second = int(found["h"]), int(found["i"]), int(found["s"] or 0)
    if found["half"]:
        # 13 PM is no time that a clock shows.
        hour = hour % 12 + 12 * (found["half"] in "Pp") if 1 <= hour <= 12 else 24
    return Cell(day, Clock(_seconds(hour, minute, second), _offset(found)))


def seconds_of(number: float) -> float:
    """Seconds since 1970 of a cell that is a number: a spreadsheet's day, Unix seconds or milliseconds.

    Examples
    --------
    >>> seconds_of(1424777700), seconds_of(1424777700000), seconds_of(45292)
    (1424777700, 1424777700.0, 1704067200)
    """
    if number >= UNIX_MILLI[0]:
        return number / 1000
    return number if number >= UNIX[0] else (number - EXCEL_EPOCH) * 86_400


def _offset(found: re.Match[str]) -> int | None:
    if found["utc"]:
        return 0
    if not found["sign"]:
        return None
    digits = found["east"].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    return (hours * 3600 + minutes * 60) * (-1 if found["sign"] == "-" else 1)
