"""Calendar and time-zone arithmetic as data-frame expressions on whole seconds.

No engine's own date functions are used: they differ in what they accept, and in what they do with a local time that
never was. Integer arithmetic gives the same second on pandas, Polars, DuckDB and Spark.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import narwhals as nw

from nps_utils.checks import BadValue, closest

DAY: Final = 86_400
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199


class Step(NamedTuple):
    """From `start` (UTC seconds) on, local time is UTC plus `after` seconds; just before, plus `before`."""

    start: int
    before: int
    after: int


class Zone(NamedTuple):
    """The offsets of one time zone over the years of interest: `first`, then the steps in order."""

    name: str
    first: int
    steps: tuple[Step, ...]


def days_from_civil(year: nw.Expr, month: nw.Expr, day: nw.Expr) -> nw.Expr:
    """Days since 1970-01-01 of a Gregorian date (Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2013).

    Examples
    --------
    >>> import pandas as pd
    >>> frame = nw.from_native(pd.DataFrame({"y": [1970, 2024], "m": [1, 2], "d": [2, 29]}))
    >>> frame.select(days=days_from_civil(nw.col("y"), nw.col("m"), nw.col("d")))["days"].to_list()
    [1, 19782]
    """
    early = (month <= 2).cast(nw.Int64)
    march_year = year - early
    era = march_year // 400
    year_of_era = march_year - era * 400
    day_of_year = (153 * (month + 12 * early - 3) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


# The inverse, one step after the other: each is made of days and of the steps above it.
Get: TypeAlias = Callable[[str], nw.Expr]
_CIVIL: Final[tuple[tuple[str, Callable[[Get], nw.Expr]], ...]] = (
    ("shifted", lambda get: get("days") + 719_468),
    ("era", lambda get: get("shifted") // 146_097),
    ("in_era", lambda get: get("shifted") - get("era") * 146_097),
    (
        "era_year",
        lambda get: (
            (get("in_era") - get("in_era") // 1_460 + get("in_era") // 36_524 - get("in_era") // 146_096) // 365
        ),
    ),
    ("in_year", lambda get: get("in_era") - get("era_year") * 365 - get("era_year") // 4 + get("era_year") // 100),
    ("march_month", lambda get: (5 * get("in_year") + 2) // 153),
    ("late", lambda get: (get("march_month") >= 10).cast(nw.Int64)),
    ("year", lambda get: get("era_year") + get("era") * 400 + get("late")),
    ("month", lambda get: get("march_month") + 3 - 12 * get("late")),
)


def civil_from_days(days: nw.Expr) -> tuple[nw.Expr, nw.Expr]:
    """Year and month of a number of days since 1970-01-01: the inverse of `days_from_civil`.

    Examples
    --------
    >>> import pandas as pd
    >>> year, month = civil_from_days(nw.col("days"))
    >>> nw.from_native(pd.DataFrame({"days": [-1, 19782]})).select(y=year, m=month).rows()
    [(1969, 12), (2024, 2)]
    """
    made = {"days": days}
    for name, step in _CIVIL:
        made[name] = step(made.__getitem__)
    return made["year"], made["month"]


def with_civil(frame: nw.LazyFrame[Any], days: nw.Expr) -> nw.LazyFrame[Any]:
    """Add `_days`, `_year` and `_month`, in steps: an engine that copies expressions would make thousands of one."""
    frame = frame.with_columns(_days=days)
    for name, step in _CIVIL:
        frame = frame.with_columns(step(lambda part: nw.col(f"_{part}")).alias(f"_{name}"))
    return frame.drop(*(f"_{name}" for name, _ in _CIVIL if name not in ("year", "month")))


def is_date(year: nw.Expr, month: nw.Expr, day: nw.Expr) -> nw.Expr:
    """Whether the three numbers are a day of the Gregorian calendar in the years 1900 to 2199."""
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    short = month.is_in([4, 6, 9, 11])
    longest = nw.when(month == 2).then(28 + leap.cast(nw.Int64)).otherwise(31 - short.cast(nw.Int64))
    return year.is_between(FIRST_YEAR, LAST_YEAR) & month.is_between(1, 12) & (day >= 1) & (day <= longest)


def check_zone(name: str) -> None:
    """Raise `BadValue` unless `name` is a time zone such as Europe/Stockholm."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError) as problem:
        hint = closest(str(name), sorted(available_timezones()))
        raise BadValue(
            f"timezone = {name!r} is not a known time zone.{hint} Write one like Europe/Stockholm or UTC."
        ) from problem


@lru_cache(maxsize=64)
def zone_between(name: str, first_year: int, last_year: int) -> Zone:
    """Return the offsets of the zone from the first to the last year, one year more at each end.

    Examples
    --------
    >>> [(step.start, step.after) for step in zone_between("Europe/Stockholm", 2024, 2024).steps][2:4]
    [(1711846800, 7200), (1729990800, 3600)]
    """
    check_zone(name)
    zone = ZoneInfo(name)
    start = _epoch(max(FIRST_YEAR, first_year - 1))
    end = _epoch(min(LAST_YEAR, last_year + 1) + 1)
    steps = []
    offset = first = _offset(zone, start)
    for moment in range(start, end, DAY):
        if (later := _offset(zone, moment + DAY)) != offset:
            steps.append(Step(_exact(zone, moment, moment + DAY, offset), offset, later))
            offset = later
    return Zone(name, first, tuple(steps))


def _epoch(year: int) -> int:
    return int(dt.datetime(year, 1, 1, tzinfo=dt.UTC).timestamp())


def _offset(zone: ZoneInfo, moment: int) -> int:
    # Timestamps before 1970 fail on some systems; adding a timedelta does not.
    utc = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=moment)
    offset = utc.astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def _exact(zone: ZoneInfo, low: int, high: int, offset: int) -> int:
    """The first second in (low, high] with another offset, by halving."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == offset else (low, middle)
    return high


def utc_from_local(local: nw.Expr, zone: Zone) -> nw.Expr:
    """UTC seconds of a wall-clock time in the zone.

    A time that the clocks skipped is read with the offset before the change, which moves it forward by the gap
    (02:30 becomes 03:30); a time that the clocks showed twice is the first of the two.
    """
    offset = nw.lit(zone.first)
    for step in zone.steps:
        offset = nw.when(local >= step.start + max(step.before, step.after)).then(step.after).otherwise(offset)
    return local - offset


def local_from_utc(seconds: nw.Expr, zone: Zone) -> nw.Expr:
    """Wall-clock seconds in the zone of UTC seconds."""
    offset = nw.lit(zone.first)
    for step in zone.steps:
        offset = nw.when(seconds >= step.start).then(step.after).otherwise(offset)
    return seconds + offset


def never_was(local: nw.Expr, zone: Zone) -> nw.Expr:
    """Whether the wall-clock time was skipped when the clocks went forward."""
    return _between(local, [(step.start + step.before, step.start + step.after) for step in zone.steps])


def was_twice(local: nw.Expr, zone: Zone) -> nw.Expr:
    """Whether the wall-clock time occurred twice when the clocks went back."""
    return _between(local, [(step.start + step.after, step.start + step.before) for step in zone.steps])


def _between(local: nw.Expr, spans: Sequence[tuple[int, int]]) -> nw.Expr:
    inside = nw.lit(False)
    for start, end in spans:
        if start < end:
            inside = inside | ((local >= start) & (local < end))
    return inside
