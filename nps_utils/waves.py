"""Waves: the periods that scores are compared over, in the study's own time zone."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Any, Literal, TypeAlias, cast

import narwhals as nw

from nps_utils.checks import BadValue, check_choice
from nps_utils.clock import DAY, civil_from_days, days_from_civil, with_civil

Calendar: TypeAlias = Literal["quarter", "month", "week", "year", "column"]
Wave: TypeAlias = Calendar | Sequence[dt.date | str]
CALENDARS = ("quarter", "month", "week", "year", "column")

# What the waves of a table without dates are called.
NO_DATES = "all"


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


def wave_of(local: nw.Expr, wave: Calendar | tuple[dt.date, ...]) -> nw.Expr:
    """Name the wave of a wall-clock time (seconds): 2024-Q1, 2024-03, 2024-W09, 2024, or the span of its borders.

    All names sort in the order of time. A span between borders is written as in ISO 8601 with its first and last day:
    `2024-01-15/2024-05-31`; before the first border `../2024-01-14`, from the last one on `2024-06-01/..`.
    """
    days = local // DAY
    if not isinstance(wave, str):
        return _span_of(days, wave)
    return _named(days, *civil_from_days(_thursday(days) if wave == "week" else days), wave)


def with_wave(frame: nw.LazyFrame[Any], local: str, wave: Calendar | tuple[dt.date, ...]) -> nw.LazyFrame[Any]:
    """Add the column `_timed`: `wave_of` the column `local`, for tables of any size and engine."""
    frame = frame.with_columns(_day=nw.col(local) // DAY)
    day = nw.col("_day")
    if not isinstance(wave, str):
        return frame.with_columns(_timed=_span_of(day, wave)).drop("_day")
    frame = with_civil(frame, _thursday(day) if wave == "week" else day)
    return frame.with_columns(_timed=_named(day, nw.col("_year"), nw.col("_month"), wave)).drop(
        "_day", "_days", "_year", "_month"
    )


def _thursday(days: nw.Expr) -> nw.Expr:
    """The Thursday of the day's ISO week: the week belongs to its year."""
    return days - (days + 3) % 7 + 3


def _named(days: nw.Expr, year: nw.Expr, month: nw.Expr, wave: Calendar) -> nw.Expr:
    if wave == "week":
        new_year = days_from_civil(year, nw.lit(1), nw.lit(1))
        return nw.concat_str(_text(year), nw.lit("-W"), _two((_thursday(days) - new_year) // 7 + 1))
    if wave == "year":
        return _text(year)
    if wave == "month":
        return nw.concat_str(_text(year), nw.lit("-"), _two(month))
    return nw.concat_str(_text(year), nw.lit("-Q"), _text((month + 2) // 3))


def _text(number: nw.Expr) -> nw.Expr:
    return number.cast(nw.Int64).cast(nw.String)


def _two(number: nw.Expr) -> nw.Expr:
    return nw.when(number < 10).then(nw.concat_str(nw.lit("0"), _text(number))).otherwise(_text(number))


def _span_of(days: nw.Expr, borders: tuple[dt.date, ...]) -> nw.Expr:
    day = dt.timedelta(days=1)
    name = nw.when(~days.is_null()).then(nw.lit(f"../{borders[0] - day}"))
    span = name.otherwise(nw.lit(None, nw.String))
    for start, following in zip(borders, (*borders[1:], None), strict=True):
        end = ".." if following is None else str(following - day)
        since = (start - dt.date(1970, 1, 1)).days
        span = nw.when(days >= since).then(nw.lit(f"{start}/{end}")).otherwise(span)
    return span
