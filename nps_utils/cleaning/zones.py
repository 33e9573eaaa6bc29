"""Time-zone arithmetic as data-frame expressions on whole seconds.

No engine's own date functions are used: they differ in what they accept, and in what they do with a local time that
never was. Integer arithmetic gives the same second on pandas, Polars, DuckDB and Spark.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import narwhals as nw

from nps_utils.checks import BadValue, closest
from nps_utils.exports.cells.dates import DAY, FIRST_YEAR, LAST_YEAR


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
    return local - _since(
        local, zone.first, [(step.start + max(step.before, step.after), step.after) for step in zone.steps]
    )


def local_from_utc(seconds: nw.Expr, zone: Zone) -> nw.Expr:
    """Wall-clock seconds in the zone of UTC seconds."""
    return seconds + _since(seconds, zone.first, [(step.start, step.after) for step in zone.steps])


def never_was(local: nw.Expr, zone: Zone) -> nw.Expr:
    """Whether the wall-clock time was skipped when the clocks went forward."""
    return _between(local, [(step.start + step.before, step.start + step.after) for step in zone.steps])


def was_twice(local: nw.Expr, zone: Zone) -> nw.Expr:
    """Whether the wall-clock time occurred twice when the clocks went back."""
    return _between(local, [(step.start + step.after, step.start + step.before) for step in zone.steps])


def _between(local: nw.Expr, spans: Sequence[tuple[int, int]]) -> nw.Expr:
    borders = [border for start, end in spans if start < end for border in ((start, True), (end, False))]
    return _since(local, False, borders)


def _since(moment: nw.Expr, value: int, steps: Sequence[tuple[int, int]]) -> nw.Expr:
    """What holds at the moment: `value` before the first step, then what each step (its start, its value) brings.

    The steps are halved, because engines follow expressions into their depth and three centuries have 600 steps.
    """
    if not steps:
        return nw.lit(value)
    middle = len(steps) // 2
    start, after = steps[middle]
    later, earlier = _since(moment, after, steps[middle + 1 :]), _since(moment, value, steps[:middle])
    return nw.when(moment >= start).then(later).otherwise(earlier)
