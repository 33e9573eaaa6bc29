"""Which days an answer can be of: none before there were online surveys, none after tomorrow.

Tools write such days where they keep no times (1980-01-01), and clocks that were never set do (1970-01-01).
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from nps_utils.exports.cells.dates import DAY, FIRST_YEAR, LAST_YEAR, Day, seconds_of

EARLIEST: Final = dt.date(1990, 1, 1)
_EPOCH: Final = dt.date(1970, 1, 1)
_FARTHEST_EAST: Final = 14 * 3600


def latest() -> dt.date:
    """The last day that an answer can be of: tomorrow, since somewhere it has begun."""
    return dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)


def seconds_between() -> tuple[int, int]:
    """The first second of the earliest day in any zone and the last of the latest, since 1970."""
    return (EARLIEST - _EPOCH).days * DAY - _FARTHEST_EAST, ((latest() - _EPOCH).days + 1) * DAY - 1


def possible_year(year: int) -> bool:
    """Whether a day of this year can be possible."""
    return EARLIEST.year <= year <= latest().year


def impossible(day: Day) -> bool:
    """Whether a day exists and no reading of it can be that of an answer.

    Examples
    --------
    >>> [impossible(Day(year, 2, 13, ordered=True)) for year in (1, 1980, 2024)], impossible(Day(2024, 45, 45, False))
    ([True, True, False], False)
    """
    readings = {day.number(day_first=True), day.number(day_first=False)} - {None}
    first, last = (EARLIEST - _EPOCH).days, (latest() - _EPOCH).days
    beyond = not FIRST_YEAR <= day.year <= LAST_YEAR
    return beyond or (bool(readings) and all(number is None or not first <= number <= last for number in readings))


def can_be(number: float) -> bool:
    """Whether a number of seconds or days is the time of an answer."""
    first, last = seconds_between()
    return first <= seconds_of(number) <= last
