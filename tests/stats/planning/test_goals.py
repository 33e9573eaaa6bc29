"""Goals: each verdict from waves made for it, and measurability against statsmodels' power of two proportions."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from nps_utils.checks import BadInput
from nps_utils.stats.planning.detectable import power
from nps_utils.stats.planning.goals import judge_goal
from nps_utils.stats.score import score

GOAL: dict[str, Any] = {"metric": "nps", "target": 40, "by": "2026-12-31", "on": "2026-07-05"}


def _waves(*counts: tuple[int, int, int]) -> pd.DataFrame:
    ends = ["2026-03-31", "2026-06-30", "2026-09-30"][: len(counts)]
    return pd.DataFrame(list(counts), columns=["detractors", "passives", "promoters"]).assign(ends=ends)


def _verdict(waves: pd.DataFrame, **changes: Any) -> tuple[str, str]:
    row = judge_goal(waves, **(GOAL | changes)).iloc[0]
    return row["status"], row["reason"]


@pytest.mark.parametrize(
    ("waves", "changes", "verdict"),
    [
        # 600 answers at +25 and then +33; the line is at +29.96.
        (_waves((135, 180, 285), (110, 182, 308)), {}, ("on_track", "on_or_above_line")),
        (_waves((135, 180, 285), (130, 180, 290)), {}, ("off_track", "below_line")),
        (_waves((135, 180, 285), (20, 80, 500)), {}, ("reached", "interval_above_target")),
        (_waves((135, 180, 285), (130, 180, 290)), {"on": "2027-01-05"}, ("missed", "interval_below_target")),
        (_waves((135, 180, 285), (90, 190, 320)), {"on": "2027-01-05"}, ("not_measurable", "interval_holds_target")),
        (_waves((9, 12, 19), (6, 12, 22)), {}, ("not_measurable", "rise_too_small_for_n")),
        (_waves((135, 180, 285)), {}, ("open", "one_wave")),
        (_waves((9, 12, 19)), {}, ("not_measurable", "rise_too_small_for_n")),
        (_waves((135, 180, 285), (0, 0, 0)), {}, ("not_measurable", "no_answers")),
        # A start above the target is a goal to stay there.
        (_waves((10, 20, 70), (14, 20, 66)), {}, ("on_track", "on_or_above_line")),
    ],
)
def test_each_verdict(waves: pd.DataFrame, changes: dict[str, Any], verdict: tuple[str, str]) -> None:
    """Ten situations and what an honest colleague would say of each."""
    assert _verdict(waves, **changes) == verdict


def test_the_row_holds_the_interval_and_the_line() -> None:
    """The latest wave by `score`, and the line by the days that have passed: 91 of 275."""
    waves = _waves((135, 180, 285), (110, 182, 308))
    row = judge_goal(waves, **GOAL).iloc[0]
    latest = score(waves).iloc[-1]
    assert (row["value"], row["low"], row["high"]) == pytest.approx(tuple(latest[["nps", "low", "high"]]), abs=1e-6)
    assert row["line"] == pytest.approx(25 + 15 * 91 / 275)
    assert not row["sure"]
    assert row["measurable"]


def test_sure_when_the_line_is_outside_the_interval() -> None:
    """A fall of 20 points is off track beyond doubt."""
    row = judge_goal(_waves((135, 180, 285), (200, 180, 220)), **GOAL).iloc[0]
    assert row["status"] == "off_track"
    assert row["sure"]


def test_smallest_change_and_n_needed_keep_their_power() -> None:
    """Both numbers give back the 80 % when asked what they would show."""
    row = judge_goal(_waves((135, 180, 285), (110, 182, 308)), **GOAL).iloc[0]
    mix = ((135 + 0.75) / 603, (180 + 1.5) / 603, (285 + 0.75) / 603)
    assert power(n=600, change=row["smallest_change"], mix=mix) == pytest.approx(0.8, abs=1e-6)
    assert (
        power(n=int(row["n_needed"]), change=15, mix=mix) >= 0.8 > power(n=int(row["n_needed"]) - 1, change=15, mix=mix)
    )


def test_a_response_rate_is_judged_as_a_proportion() -> None:
    """Wilson's interval, and the textbook power of two proportions of unequal variance."""
    waves = pd.DataFrame({"ends": ["2026-03-31", "2026-06-30"], "answered": [200, 235], "asked": [1_000, 1_000]})
    row = judge_goal(waves, metric="response_rate", target=0.3, by="2026-12-31", on="2026-07-01").iloc[0]
    low, high = proportion_confint(235, 1_000, method="wilson")
    assert (row["low"], row["high"]) == pytest.approx((low, high), abs=1e-12)
    assert row["status"] == "on_track"
    before, after = 201 / 1_002, 201 / 1_002 + row["smallest_change"]
    se = math.sqrt(before * (1 - before) / 1_000 + after * (1 - after) / 1_000)
    assert row["smallest_change"] / se == pytest.approx(1.959964 + 0.841621, abs=1e-3)


def test_a_comment_share_is_judged_too() -> None:
    """30 of 100 to 60 % with small waves: the rise is large enough to be seen."""
    waves = pd.DataFrame({"ends": ["2026-03-31", "2026-06-30"], "commented": [30, 58], "answered": [100, 100]})
    row = judge_goal(waves, metric="comment_share", target=0.6, by="2026-12-31", on="2026-07-01").iloc[0]
    assert row["measurable"]
    assert row["status"] == "on_track"


def test_few_customers_make_a_goal_measurable_that_a_sample_could_not() -> None:
    """38 of the same 40 customers each time: what they think is nearly known."""
    waves = _waves((9, 12, 17), (5, 12, 21))
    assert _verdict(waves)[0] == "not_measurable"
    assert judge_goal(waves, **GOAL, population=40).iloc[0]["measurable"]


@pytest.mark.parametrize(
    ("waves", "changes", "message"),
    [
        (_waves((1, 2, 3)), {"target": 320}, "target = 320"),
        (_waves((1, 2, 3)), {"metric": "csat"}, "metric = 'csat' is not one of"),
        (_waves((1, 2, 3)), {"metric": "response_rate", "target": 40}, "write 0.40 for 40 %"),
        (_waves((1, 2, 3)), {"metric": "response_rate", "target": 0.4}, "answered"),
        (_waves((1, 2, 3)).iloc[:0], {}, "no row"),
        (_waves((1, 2, 3), (1, 2, 3)).iloc[::-1], {}, "in order of time"),
        (_waves((1, 2, 3), (1, 2, 3)), {"by": "2026-01-01"}, "not after the first wave"),
        (_waves((1, 2, 3)), {"on": "soon"}, "on = 'soon'"),
        (_waves((1, 2, 3)), {"by": "soon"}, "by = 'soon'"),
    ],
)
def test_nonsense_is_refused(waves: pd.DataFrame, changes: dict[str, Any], message: str) -> None:
    """The message names the argument or the column and the rule."""
    with pytest.raises(BadInput, match=message):
        judge_goal(waves, **(GOAL | changes))


def test_more_answers_than_askings_is_refused() -> None:
    """The row and both numbers."""
    waves = pd.DataFrame({"ends": ["2026-03-31"], "answered": [20], "asked": [10]})
    with pytest.raises(BadInput, match="row 0: answered = 20 is more than asked = 10"):
        judge_goal(waves, metric="response_rate", target=0.3, by="2026-12-31", on="2026-07-01")


def test_a_fall_that_is_seen_is_off_track_however_small_the_planned_rise() -> None:
    """From 29 to a goal of 30 the score fell to -20: that was called too few answers to tell."""
    bands = {"detractors": [18, 47], "passives": [42, 40], "promoters": [50, 23]}
    waves = pd.DataFrame({"ends": ["2025-12-31", "2026-06-30"], **bands})
    goal: dict[str, Any] = {"metric": "nps", "target": 30, "by": "2026-12-31", "on": "2026-07-05"}
    judged = judge_goal(waves, **goal).iloc[0]
    assert (judged["status"], judged["reason"], bool(judged["sure"])) == ("off_track", "below_line", True)
    still = judge_goal(waves.assign(detractors=18, passives=42, promoters=50), **goal).iloc[0]
    assert still["status"] == "not_measurable"
