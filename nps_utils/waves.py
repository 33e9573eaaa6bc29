"""Waves: the periods that scores are compared over, in the study's own time zone."""

from __future__ import annotations

import bisect
import datetime as dt
import itertools
import re
from collections.abc import Sequence
from typing import Literal, TypeAlias, cast

from nps_utils.checks import BadValue, check_choice

Calendar: TypeAlias = Literal["quarter", "month", "week", "year", "column"]
Wave: TypeAlias = Calendar | Sequence[dt.date | str]
CALENDARS = ("quarter", "month", "week", "year", "column")

# What the waves of a table without dates are called.
NO_DATES = "all"
_CALENDAR_NAME = re.compile(r"(?P<year>\d{4})(?P<rest>(?:-(?:Q[1-4]|H[12]|W(?P<week>\d\d)|\d\d))?)")


def check_wave(wave: Wave) -> Calendar | tuple[dt.date, ...]:
    """Return the wave rule as a calendar word or as borders in order; raise `BadValue` for anything else.

    Examples
    --------
    >>> check_wave("quarter"), check_wave(["2024-01-15", "2024-06-01"])
    ('quarter', (datetime.date(2024, 1, 15), datetime.date(2024, 6, 1)))
    """
    if isinstance(wave, str):
        check_choice("wave", wave, CALENDARS)
        return cast(Calendar, wave)
    borders = tuple(_border(border) for border in wave)
    if not borders or any(later <= earlier for earlier, later in itertools.pairwise(borders)):
        raise BadValue(f"wave = {list(wave)!r}: borders must be one or more dates, each later than the one before.")
    return borders


def _border(border: dt.date | str) -> dt.date:
    if isinstance(border, dt.datetime):
        return border.date()
    if isinstance(border, dt.date):
        return border
    try:
        return dt.date.fromisoformat(border)
    except (TypeError, ValueError) as problem:
        raise BadValue(f"wave border {border!r} is not a date. Write it as 2024-01-15.") from problem


def wave_of(day: dt.date, wave: Calendar | tuple[dt.date, ...]) -> str:
    """Name the wave of a day: 2024-Q1, 2024-03, 2024-W09, 2024, or the span of its borders.

    All names sort in the order of time. A span between borders is written as in ISO 8601 with its first and last day:
    `2024-01-15/2024-05-31`; before the first border `../2024-01-14`, from the last one on `2024-06-01/..`.

    Examples
    --------
    >>> day = dt.date(2024, 12, 30)
    >>> wave_of(day, "quarter"), wave_of(day, "week"), wave_of(day, (dt.date(2024, 6, 1),))
    ('2024-Q4', '2025-W01', '2024-06-01/..')
    """
    if not isinstance(wave, str):
        return _span_of(day, wave)
    if wave == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    return {"year": f"{day:%Y}", "month": f"{day:%Y-%m}"}.get(wave, f"{day:%Y}-Q{(day.month + 2) // 3}")


def waves_of(first_year: int, last_year: int, wave: Calendar | tuple[dt.date, ...]) -> dict[int, str]:
    """Name the wave of every day of some years by the days since 1970, with two days more at each end.

    So far may a time that one zone writes in these years be from them in another.
    """
    start, end = dt.date(first_year, 1, 1).toordinal() - 2, dt.date(last_year, 12, 31).toordinal() + 2
    epoch = dt.date(1970, 1, 1).toordinal()
    return {day - epoch: wave_of(dt.date.fromordinal(day), wave) for day in range(start, end + 1)}


def _span_of(day: dt.date, borders: tuple[dt.date, ...]) -> str:
    one = dt.timedelta(days=1)
    at = bisect.bisect_right(borders, day)
    if at == 0:
        return f"../{borders[0] - one}"
    return f"{borders[at - 1]}/{borders[at] - one if at < len(borders) else '..'}"


def place_of(day: dt.date, waves: Sequence[str], wave: Calendar | tuple[dt.date, ...]) -> float | None:
    """Return where a day is among waves drawn at 0, 1, 2 and so on, each as wide as from -0.5 to +0.5.

    None where no drawn wave holds the day, or its wave has no end.

    Examples
    --------
    >>> place_of(dt.date(2026, 4, 1), ["2026-Q1", "2026-Q2"], "quarter")
    0.5
    >>> place_of(dt.date(2026, 7, 1), ["2026-Q1", "2026-Q2"], "quarter") is None
    True
    """
    name = wave_of(day, wave)
    if wave == "column" or name not in waves or ".." in name:
        return None
    one = dt.timedelta(days=1)
    first = last = day
    while wave_of(first - one, wave) == name:
        first -= one
    while wave_of(last + one, wave) == name:
        last += one
    return list(waves).index(name) - 0.5 + (day - first).days / ((last - first).days + 1)


def year_before(wave: str) -> str | None:
    """Return the name of the same period a year before; None for waves that the calendar does not name.

    Week 53 has no week of its number in most years: the one before it stands for it. An export that writes the
    calendar's year before the ISO week calls 1 January 2027 2027-W53, which no calendar has; 2026-W53 is the same week.

    Examples
    --------
    >>> [year_before(name) for name in ("2026-Q3", "2026-H1", "2026-09", "2027-W01", "2026-W53", "2026", "Spring")]
    ['2025-Q3', '2025-H1', '2025-09', '2026-W01', '2025-W52', '2025', None]
    """
    found = _CALENDAR_NAME.fullmatch(wave)
    if found is None or (found["week"] and int(found["week"]) > _weeks(int(found["year"]))):
        return None
    year, rest = int(found["year"]) - 1, found["rest"]
    if rest == "-W53" and _weeks(year) < 53:
        rest = "-W52"
    return f"{year:04d}{rest}"


def _weeks(year: int) -> int:
    """Return the number of the year's ISO weeks; 28 December is always in the last."""
    return dt.date(year, 12, 28).isocalendar().week
