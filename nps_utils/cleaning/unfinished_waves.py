"""Waves that the data do not cover: the first where answers begin after it began, the last where they end before it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final, Literal, NamedTuple

import pandas as pd

from nps_utils.checks import check_columns
from nps_utils.waves import Calendar

_NAME: Final = re.compile(r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|W(?P<week>\d\d)|(?P<month>\d\d)))?")
_DAY: Final = dt.timedelta(days=1)
_MUCH: Final = 0.1


class Unfinished(NamedTuple):
    """A wave that the answers begin or end within: where they do, and how many of its days lie beyond."""

    wave: str
    edge: Literal["begin", "end"]
    day: dt.date
    days: int


def unfinished(
    responses: pd.DataFrame, *, wave: Calendar | tuple[dt.date, ...], timezone: str
) -> tuple[Unfinished, ...]:
    """Return the first and the last wave where the answers of all touchpoints do not cover them.

    Answers do not come every day, so a wave lacks something only where the days without an answer between its border
    and the nearest answer are more than any run of such days within the data. A single wave is compared with nothing
    and is never unfinished; nor is one under a name that an export or study.toml made up.

    Parameters
    ----------
    responses
        Canonical responses of all touchpoints.
    wave, timezone
        The rule of the waves and the zone of its calendar, as for `clean`.

    Examples
    --------
    >>> days = pd.date_range("2026-02-10", "2026-06-30", tz="UTC")
    >>> responses = pd.DataFrame({"responded_at": days, "wave": [f"2026-Q{day.quarter}" for day in days]})
    >>> unfinished(responses, wave="quarter", timezone="UTC")
    (Unfinished(wave='2026-Q1', edge='begin', day=datetime.date(2026, 2, 10), days=40),)
    """
    check_columns(list(responses.columns), ["responded_at", "wave"], what="the responses")
    timed = responses[["responded_at", "wave"]].dropna().sort_values("responded_at", kind="stable")
    if wave == "column" or timed["wave"].nunique() < 2:
        return ()
    local = timed["responded_at"].dt.tz_convert(timezone).dt.tz_localize(None).dt.normalize()
    days = local.drop_duplicates()
    silence = int(days.diff().dt.days.max()) - 1
    first, last = str(timed["wave"].iloc[0]), str(timed["wave"].iloc[-1])
    begin, end = days.iloc[0].date(), days.iloc[-1].date()
    starts, ends = days_of_wave(first)[0], days_of_wave(last)[1]
    found = []
    if starts is not None and (begin - starts).days > silence:
        found.append(Unfinished(first, "begin", begin, (begin - starts).days))
    if ends is not None and (ends - end).days > silence:
        found.append(Unfinished(last, "end", end, (ends - end).days))
    return tuple(found)


def lacks_much(part: Unfinished) -> bool:
    """Say whether more than a tenth of the days of a wave lie beyond the answers.

    Examples
    --------
    >>> day = dt.date(2026, 9, 25)
    >>> lacks_much(Unfinished("2026-Q3", "end", day, 5)), lacks_much(Unfinished("2026-Q3", "end", day, 40))
    (False, True)
    """
    first, last = days_of_wave(part.wave)
    if first is None or last is None:
        return True
    return part.days > _MUCH * ((last - first).days + 1)


def days_of_wave(name: str) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and last day of a wave by the name that `wave_of` gave it; None where it is open or unknown.

    Examples
    --------
    >>> [str(day) for day in days_of_wave("2026-Q1")], [str(day) for day in days_of_wave("2024-W09")]
    (['2026-01-01', '2026-03-31'], ['2024-02-26', '2024-03-03'])
    >>> [str(day) for day in days_of_wave("2024-06-01/..")]
    ['2024-06-01', 'None']
    """
    if "/" in name:
        first, _, last = name.partition("/")
        return _day(first), _day(last)
    found = _NAME.fullmatch(name)
    if not found:
        return None, None
    year, quarter, week, month = (
        int(part) if part else None for part in found.group("year", "quarter", "week", "month")
    )
    if year is None:
        return None, None
    months = 3 if quarter else 1 if month else 12
    start = 3 * quarter - 2 if quarter else month or 1
    try:
        if week is not None:
            monday = dt.date.fromisocalendar(year, week, 1)
            return monday, monday + 6 * _DAY
        begins = dt.date(year, start, 1)
    except ValueError:  # 2027-W53 of an export: the week of 1 January under the calendar's year
        return None, None
    following = dt.date(year + (start + months - 1) // 12, (start + months - 1) % 12 + 1, 1)
    return begins, following - _DAY


def _day(text: str) -> dt.date | None:
    return None if text == ".." else dt.date.fromisoformat(text)
