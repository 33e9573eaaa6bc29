"""Which waves the data cover, on calendars counted by hand."""

from __future__ import annotations

import datetime as dt
import itertools

import pandas as pd
import pytest

from nps_utils.cleaning.unfinished_waves import days_of_wave, unfinished
from nps_utils.waves import CALENDARS, Wave, check_wave, wave_of, year_before


def answers(days: pd.DatetimeIndex, wave: Wave = "quarter") -> pd.DataFrame:
    """Return an answer at noon of each day, its wave named by the library."""
    rule = check_wave(wave)
    at = days.tz_localize("UTC") + pd.Timedelta(hours=12)
    return pd.DataFrame({"responded_at": at, "wave": [wave_of(day.date(), rule) for day in days]})


def test_data_that_begin_and_end_within_their_waves() -> None:
    """From 11 December to 20 June: 71 days of the first quarter and 10 of the last lie beyond."""
    found = unfinished(answers(pd.date_range("2017-12-11", "2018-06-20")), wave="quarter", timezone="UTC")
    assert found == (
        ("2017-Q4", "begin", dt.date(2017, 12, 11), 71),
        ("2018-Q2", "end", dt.date(2018, 6, 20), 10),
    )


def test_whole_waves_are_not_marked() -> None:
    """From the first to the last day of four quarters; nor a week of silence at the end where weeks are silent."""
    assert unfinished(answers(pd.date_range("2025-01-01", "2025-12-31")), wave="quarter", timezone="UTC") == ()
    weekly = pd.date_range("2025-01-06", "2025-12-31", freq="7D")
    assert unfinished(answers(weekly), wave="quarter", timezone="UTC") == ()


def test_a_survey_sent_once_a_quarter_is_not_unfinished() -> None:
    """Twenty days of answers in each quarter: the silence at the end is that between the sendings."""
    days = pd.DatetimeIndex(
        [day for month in (2, 5, 8, 11) for day in pd.date_range(f"2025-{month:02d}-10", periods=20)]
    )
    assert unfinished(answers(days), wave="quarter", timezone="UTC") == ()
    assert unfinished(answers(days[:-19]), wave="quarter", timezone="UTC") == ()


def test_one_wave_and_no_dates_have_nothing_to_compare() -> None:
    """A survey sent once; answers without dates; waves named by an export."""
    once = answers(pd.date_range("2026-01-01", "2026-01-28"))
    assert unfinished(once, wave="quarter", timezone="UTC") == ()
    undated = once.assign(responded_at=pd.Series(pd.NaT, index=once.index, dtype="datetime64[ns, UTC]"), wave="all")
    assert unfinished(undated, wave="quarter", timezone="UTC") == ()
    long = answers(pd.date_range("2026-01-20", "2026-05-28"))
    assert unfinished(long, wave="column", timezone="UTC") == ()
    assert len(unfinished(long, wave="quarter", timezone="UTC")) == 2


def test_borders_are_days_of_the_study_zone() -> None:
    """An answer at 23 o'clock UTC on 31 March is of 1 April in Stockholm: the second quarter begins with it."""
    table = pd.DataFrame(
        {
            "responded_at": pd.date_range("2026-03-31T23:00Z", "2026-09-30T12:00Z", freq="12h"),
            "wave": "2026-Q2",
        }
    )
    table.loc[table["responded_at"] >= "2026-07-01", "wave"] = "2026-Q3"
    assert unfinished(table, wave="quarter", timezone="Europe/Stockholm") == ()


@pytest.mark.parametrize("wave", [name for name in CALENDARS if name != "column"])
def test_names_are_read_back_to_the_days_they_were_made_from(wave: Wave) -> None:
    """Each day of four years lies within its wave, and the waves follow each other without a gap."""
    days = pd.date_range("2023-01-01", "2026-12-31")
    named = answers(days, wave)
    spans = {name: days_of_wave(name) for name in named["wave"].unique()}
    for day, name in zip(days.date, named["wave"], strict=True):
        first, last = spans[name]
        assert first is not None
        assert last is not None
        assert first <= day <= last
    ordered = list(spans.values())
    assert all(b[0] - a[1] == dt.timedelta(days=1) for a, b in itertools.pairwise(ordered) if a[1] and b[0])


def test_borders_of_ones_own() -> None:
    """Before the first border and from the last one on a wave is open: only the inner side can be lacking."""
    wave = ["2026-01-15", "2026-04-01"]
    assert days_of_wave("../2026-01-14") == (None, dt.date(2026, 1, 14))
    days = pd.date_range("2026-02-20", "2026-06-10")
    found = unfinished(answers(days, wave), wave=check_wave(wave), timezone="UTC")
    assert [(part.wave, part.edge, part.days) for part in found] == [("2026-01-15/2026-03-31", "begin", 36)]
    assert days_of_wave("spring") == (None, None)


def test_a_week_that_no_calendar_has() -> None:
    """1 January 2027 is in 2026-W53; the year of the calendar before the ISO week makes 2027-W53 of it."""
    assert dt.date(2027, 1, 1).isocalendar()[:2] == (2026, 53)
    for name in ("2027-W53", "2025-W53", "2026-W54", "2026-W00", "2026-13"):
        assert days_of_wave(name) == (None, None)
    assert year_before("2027-W53") is None, "not 2026-W53, which is the same week"
    assert year_before("2026-W53") == "2025-W52"
    table = answers(pd.date_range("2026-11-30", "2027-01-03"), "week")
    table.loc[table["responded_at"] >= "2027-01-01", "wave"] = "2027-W53"
    assert unfinished(table, wave="week", timezone="UTC") == ()
