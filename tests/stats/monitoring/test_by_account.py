"""Looks at answers of accounts: the limits of other functions at each look, and false alarms by simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nps_utils.checks import BadValue
from nps_utils.scale import COUNTS
from nps_utils.stats.account_change import clustered_change
from nps_utils.stats.arithmetic.intervals import FloatArray
from nps_utils.stats.arithmetic.mixes import Mix
from nps_utils.stats.counts import count_bands
from nps_utils.stats.monitoring.by_account import alike_within, each_alone, looks_of
from nps_utils.stats.monitoring.control import control_limits
from nps_utils.stats.monitoring.sequences import confidence_sequence, difference_sequence
from nps_utils.stats.weighting.weighted_interval import weighted_score


def programme(
    rng: np.random.Generator,
    accounts: int,
    mix: Mix,
    *,
    alike: float,
    anew: float = 0.0,
    each: int = 5,
    looks: int = 104,
) -> pd.DataFrame:
    """Answers of accounts of unequal size, asked again every week; `anew` is what an account shares in a week only."""
    size = rng.lognormal(0, 1, accounts)

    def opinions(correlation: float) -> FloatArray:
        own = (
            rng.dirichlet(np.array(mix) * (1 / correlation - 1), accounts)
            if correlation
            else np.tile(mix, (accounts, 1))
        )
        return np.asarray(own / own.sum(axis=1, keepdims=True), dtype=np.float64)

    lasting, parts = opinions(alike), []
    for week in range(looks):
        own = opinions(anew) if anew else lasting
        counts = rng.multinomial(rng.multinomial(each, size / size.sum()), own)
        parts.append(pd.DataFrame(counts, columns=list(COUNTS)).assign(week=week, account=range(accounts)))
    table = pd.concat(parts, ignore_index=True)
    return table[table[list(COUNTS)].any(axis=1)].astype({"account": str})


def test_each_look_has_the_interval_of_weighted_score() -> None:
    """The fixed limits and the worth of all answers so far, as `weighted_score` finds them from the answers."""
    rng = np.random.default_rng(1)
    counts = programme(rng, 12, (0.2, 0.3, 0.5), alike=0.2, looks=8)
    found = confidence_sequence(counts, cluster="account")
    answers = counts.loc[counts.index.repeat(counts[list(COUNTS)].sum(axis=1))]
    score = np.concatenate([np.repeat([3, 8, 10], row) for row in counts[list(COUNTS)].to_numpy()])
    answers = answers.assign(score=score)
    for week in (1, 7):
        own = weighted_score(answers[answers["week"] <= week], cluster="account").iloc[0]
        row = found.iloc[week]
        names = {"nps": "nps", "fixed_low": "low", "fixed_high": "high", "n_worth": "n_worth", "n": "n"}
        for here, there in names.items():
            assert row[here] == pytest.approx(own[there], abs=1e-9)
        assert row["low"] <= row["fixed_low"] <= row["fixed_high"] <= row["high"]


def test_a_difference_at_a_look_is_that_of_clustered_change() -> None:
    """Accounts in both groups cancel, as there."""
    rng = np.random.default_rng(2)
    sides = [
        programme(rng, 15, (0.2, 0.3, 0.5), alike=0.2, looks=6, each=12).assign(group=name) for name in ("old", "new")
    ]
    counts = pd.concat(sides, ignore_index=True)
    found = difference_sequence(counts, across="group", baseline="old", look="week", cluster="account").iloc[-1]
    answers = counts.loc[counts.index.repeat(counts[list(COUNTS)].sum(axis=1))]
    score = np.concatenate([np.repeat([3, 8, 10], row) for row in counts[list(COUNTS)].to_numpy()])
    own = clustered_change(answers.assign(score=score), across="group", cluster="account", baseline="old").iloc[0]
    assert found["change"] == pytest.approx(own["change"])
    assert (found["fixed_low"], found["fixed_high"]) == pytest.approx((own["low"], own["high"]))
    assert found["low"] < found["fixed_low"] < found["fixed_high"] < found["high"]


def test_answers_of_nobody_known_are_independent() -> None:
    """The sequence and the control limits of plain counts, where the same number is planned."""
    counts = programme(np.random.default_rng(3), 10, (0.2, 0.3, 0.5), alike=0.0, looks=10)
    plain = counts.groupby("week", as_index=False)[list(COUNTS)].sum()
    nobody = counts.assign(account=None)
    two = confidence_sequence(plain, tightest_at=100)
    one = confidence_sequence(nobody, cluster="account", tightest_at=100)
    pd.testing.assert_frame_equal(one[two.columns], two)
    own, other = control_limits(nobody, cluster="account"), control_limits(plain)
    pd.testing.assert_frame_equal(own[other.columns], other)


@pytest.mark.parametrize(
    ("accounts", "mix", "each"), [(12, (0.2, 0.3, 0.5), 20), (20, (0.05, 0.05, 0.9), 5), (40, (0.04, 0.06, 0.9), 20)]
)
def test_false_alarms_over_two_years_by_account(accounts: int, mix: Mix, each: int) -> None:
    """5 % and two errors of so few draws, where accounts correlate by .3; of independent answers a third and more.

    With 500 draws the last has .026, and 20 such accounts .024.
    """
    rng, wrong = np.random.default_rng(7), {"account": 0, "answer": 0}
    true = 100 * (mix[2] - mix[0])
    for _ in range(80):
        counts = programme(rng, accounts, mix, alike=0.3, each=each)
        plain = counts.groupby("week", as_index=False)[list(COUNTS)].sum()
        for name, found in (
            ("account", confidence_sequence(counts, cluster="account")),
            ("answer", confidence_sequence(plain)),
        ):
            wrong[name] += bool(((found["low"] > true) | (found["high"] < true)).any())
    assert wrong["account"] <= 8
    assert wrong["answer"] >= 27


def test_the_correlation_of_a_period_is_found() -> None:
    """By moments, over 20 programmes, within .02 of what they were drawn with."""
    rng, mix = np.random.default_rng(8), (0.2, 0.3, 0.5)
    for alike in (0.0, 0.1, 0.3):
        found = []
        for _ in range(20):
            looks = looks_of(programme(rng, 30, mix, alike=0.0, anew=alike, each=40, looks=30), "account")
            found.append(alike_within(each_alone(looks), 0.61))
        assert np.mean(found) == pytest.approx(alike, abs=0.02)


def test_control_limits_cry_as_often_as_they_say() -> None:
    """Accounts of one mind in a week: a tenth is said for a year; without accounts it is most years."""
    rng, out, said = np.random.default_rng(9), {"account": 0, "answer": 0}, list[float]()
    for _ in range(40):
        counts = programme(rng, 20, (0.2, 0.3, 0.5), alike=0.0, anew=0.3, each=40, looks=52)
        plain = counts.groupby("week", as_index=False)[list(COUNTS)].sum()
        own = control_limits(counts, cluster="account")
        out["account"] += bool(own["outside"].any())
        out["answer"] += bool(control_limits(plain)["outside"].any())
        said.append(float(own["false_alarm_so_far"].iloc[-1]))
    told = float(np.mean(said))
    assert 0.08 < told < 0.2
    assert out["account"] / 40 <= told + 3 * np.sqrt(told * (1 - told) / 40)
    assert out["answer"] >= 0.6 * 40


def test_a_look_needs_a_name() -> None:
    """Refused, with what to add."""
    table = count_bands(pd.DataFrame({"score": [9, 3], "account": ["a", "b"]}), by=["account"])
    with pytest.raises(BadValue, match="names the look"):
        confidence_sequence(table, cluster="account")


def test_one_account_alone_bounds_nothing() -> None:
    """The whole scale, at every look."""
    counts = pd.DataFrame({"week": [1, 2], "account": "a", "detractors": [1, 2], "passives": 1, "promoters": [5, 5]})
    found = confidence_sequence(counts, cluster="account")
    assert found[["low", "high", "fixed_low", "fixed_high"]].to_numpy().tolist() == [[-100, 100, -100, 100]] * 2
