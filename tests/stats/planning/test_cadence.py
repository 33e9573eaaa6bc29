"""How often people are asked: small frames counted by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from nps_utils.checks import BadValue, MissingColumn
from nps_utils.stats.planning.cadence import cadence, fatigue
from nps_utils.stats.planning.eligibility import eligible


def test_fatigue_counts_the_period_and_the_gaps_in_it() -> None:
    """Four askings, one of them older than a year and one still to come."""
    frame = pd.DataFrame(
        {
            "respondent_id": ["a", "a", "a", "a", "a", "b", "c"],
            "asked_at": ["2024-01-01", "2026-01-10", "2026-01-01", "2026-02-19", "2027-01-01", "2025-01-01", None],
        }
    )
    table = fatigue(frame, on="2026-03-01")
    assert table["person"].tolist() == ["a", "b", "c"]
    assert table["askings"].tolist() == [3, 0, 0]
    assert table["shortest_gap"].fillna(-1).tolist() == [9.0, -1, -1]
    assert table["median_gap"].fillna(-1).tolist() == [24.5, -1, -1]
    assert table["days_since"].fillna(-1).tolist() == [10.0, 424.0, -1]


def test_cadence_respects_the_rest_between_askings() -> None:
    """Monthly rounds with a rest of 90 days ask each person every third month: 4 of 12 times."""
    people = eligible(pd.DataFrame({"email": ["a@x.se", "b@x.se"]}), on="2026-01-01")
    plan = cadence(people, on="2026-01-01", every_days=[30, 91, 365]).set_index("every_days")
    assert plan.loc[30, "rounds"] == 12
    assert plan["askings_most"].to_dict() == {30: 4, 91: 4, 365: 1}
    assert plan.loc[30, "asked_per_round"] == pytest.approx(2 * 4 / 12)
    assert plan["answers_per_round"].isna().all()


def test_cadence_lets_the_new_grow_and_leaves_the_gone_out() -> None:
    """One may be asked now, one after a month as a customer, one rests; staff and the inactive never."""
    frame = pd.DataFrame(
        {
            "email": ["now@x.se", "new@x.se", "rest@x.se", "us@our.se", "gone@x.se"],
            "customer_since": ["2020-01-01", "2025-12-20", "2020-01-01", "2020-01-01", "2020-01-01"],
            "asked_at": [None, None, "2025-11-15", None, None],
            "active": ["yes", "yes", "yes", "yes", "no"],
        }
    )
    people = eligible(frame, on="2026-01-01", staff_domains=["our.se"])
    plan = cadence(people, on="2026-01-01", every_days=[50], horizon_days=100, response_rate=0.5).iloc[0]
    # Day 0 asks "now"; day 50 asks "new" (62 days a customer) and "rest" (97 days), and not "now" (50 days).
    assert plan["rounds"] == 2
    assert plan["smallest_round"] == 1
    assert plan["asked_per_round"] == pytest.approx(1.5)
    assert plan["askings_mean"] == pytest.approx(1.0)
    assert plan["answers_per_round"] == pytest.approx(0.75)


def test_cadence_of_nobody_is_zero_not_an_error() -> None:
    """A frame of only our own staff has rounds that ask nobody."""
    people = eligible(pd.DataFrame({"email": ["us@our.se"]}), on="2026-01-01", staff_domains=["our.se"])
    plan = cadence(people, on="2026-01-01", every_days=[91]).iloc[0]
    assert (plan["asked_per_round"], plan["askings_mean"], plan["askings_most"]) == (0.0, 0.0, 0)
    assert math.isnan(plan["answers_per_round"])


def test_bad_plans_are_refused() -> None:
    """A cadence of no days, a response rate in per cent, a frame instead of people."""
    people = eligible(pd.DataFrame({"email": ["a@x.se"]}), on="2026-01-01")
    with pytest.raises(BadValue, match="every_days = 0"):
        cadence(people, on="2026-01-01", every_days=[0])
    with pytest.raises(BadValue, match=r"response_rate = 23 .*Write 0\.23"):
        cadence(people, on="2026-01-01", response_rate=23)
    with pytest.raises(MissingColumn, match="last_asked"):
        cadence(people.drop(columns="last_asked"), on="2026-01-01")
