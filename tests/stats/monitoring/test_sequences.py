"""Sequences that hold at every look: the border against numerical integration, the promise against simulation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from nps_utils.checks import BadInput
from nps_utils.stats.arithmetic.intervals import Bands
from nps_utils.stats.monitoring import sequences
from nps_utils.stats.monitoring.always_valid import difference_sequence_limits, radius
from nps_utils.stats.score import score


def _weeks(seed: int = 1, looks: int = 30, n: int = 20, mix: tuple[float, ...] = (0.2, 0.3, 0.5)) -> pd.DataFrame:
    drawn = np.random.default_rng(seed).multinomial(n, mix, size=looks)
    table = pd.DataFrame(drawn, columns=["detractors", "passives", "promoters"])
    table.insert(0, "week", np.arange(looks))
    return table


@pytest.mark.parametrize("time", [0.05, 1.0, 7.0])
@pytest.mark.parametrize("alpha", [0.05, 0.2])
def test_on_the_border_the_mixture_martingale_is_one_over_alpha(time: float, alpha: float) -> None:
    """Ville's inequality needs it: the likelihood ratio mixed over N(0, rho^2), integrated numerically."""
    scale = -2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)
    t, sigma, planned = 500.0 * time, 0.8, 500.0
    rho = math.sqrt(scale / planned)
    half = float(radius(np.array([sigma**2 / t]), np.array([t / planned]), alpha)[0])
    total = t * half / sigma  # the sum of t standardised answers at the border
    mixed, _ = quad(
        lambda slope: math.exp(slope * total - slope**2 * t / 2 + norm.logpdf(slope, scale=rho)),
        -6 * rho,
        total / t + 12 / math.sqrt(t) + 6 * rho,
        points=[0.0, total / t],
        limit=200,
    )
    assert mixed == pytest.approx(1 / alpha, rel=1e-6)


def test_the_sequence_is_narrowest_where_it_was_told_to_be() -> None:
    """In standard errors, its width at `tightest_at` is within 1 % of the least that any choice gives there."""
    here = [float(radius(np.array([1.0]), np.array([1 / plan]), 0.05)[0]) for plan in np.geomspace(0.1, 10, 201)]
    assert float(radius(np.array([1.0]), np.array([1.0]), 0.05)[0]) < 1.01 * min(here)
    assert 1.5 < min(here) / 1.96 < 1.6
    tenfold = float(radius(np.array([1.0]), np.array([10.0]), 0.05)[0])
    assert tenfold / min(here) < 1.13


def test_false_alarms_over_two_years_of_weekly_looks() -> None:
    """At most 5 % at 5, 20 and 100 answers a week and four mixes; the fixed interval fails 27 % and more."""
    table = sequences.false_alarms(rng=20261121, replicates=500)
    rates = table.pivot_table(index=["nps", "per_look"], columns="method", values="false_alarms")
    assert len(rates) == 12
    assert rates["sequence"].max() <= 0.05
    assert rates["difference_sequence"].max() <= 0.05
    assert rates["fixed"].min() > 0.3
    assert rates["difference_fixed"].min() > 0.22
    # Why the pseudo-answers are there: without them five answers a week and 85 points fail more often than not.
    assert float(rates["plain_sequence"].loc[(85.0, 5)]) > 0.5
    width = table.pivot_table(index=["nps", "per_look"], columns="method", values="final_width")
    assert (width["sequence"] / width["fixed"]).between(1.45, 1.7).all()


def test_a_difference_holds_when_the_groups_grow_at_odd_paces() -> None:
    """One group starts late and one stops: 2,000 programmes of 100 looks, at most 5 % ever leave zero."""
    rng = np.random.default_rng(3)
    paces = np.where(np.arange(100) < 30, 10, 0), np.where(np.arange(100) < 10, 0, 15)
    mixes = (0.2, 0.3, 0.5), (0.3, 0.1, 0.6)  # the same score of +30, another variance
    groups = []
    for pace, mix in zip(paces, mixes, strict=True):
        drawn = np.stack([rng.multinomial(int(n), mix, size=2_000) for n in pace], axis=1).cumsum(axis=1).astype(float)
        groups.append(Bands(*(drawn[:, :, band] for band in range(3))))
    low, high = difference_sequence_limits(*groups, tightest_at=300.0, alpha=0.05)
    assert ((low > 0) | (high < 0)).any(axis=1).mean() <= 0.05
    assert (low[:, 0] == -2).all()  # nothing is known before both have answers


def test_a_real_fall_is_seen() -> None:
    """From +60 to +20 after half a year, 50 answers a week: the average is below +50 for certain within the year."""
    weeks = pd.concat([_weeks(2, 26, 50, (0.1, 0.2, 0.7)), _weeks(3, 26, 50, (0.3, 0.2, 0.5))], ignore_index=True)
    table = sequences.confidence_sequence(weeks)
    assert (table["high"].iloc[:26] > 50).all()
    assert table["high"].iloc[-1] < 50


def test_the_fixed_columns_are_the_score_interval_of_all_so_far() -> None:
    """Beside the sequence stands what `score` says of the cumulated counts."""
    weeks = _weeks()
    table = sequences.confidence_sequence(weeks, confidence_level=0.9)
    counts = weeks[["detractors", "passives", "promoters"]].cumsum()
    expected = score(counts, confidence_level=0.9)
    np.testing.assert_allclose(table[["n", "nps"]], expected[["n", "nps"]])
    np.testing.assert_allclose(table[["fixed_low", "fixed_high"]], expected[["low", "high"]], atol=1e-9)
    assert table["week"].tolist() == weeks["week"].tolist()


def test_swapping_detractors_and_promoters_mirrors_the_sequence() -> None:
    """The method favours no side."""
    weeks = _weeks()
    mirrored = weeks.rename(columns={"detractors": "promoters", "promoters": "detractors"})
    one, two = sequences.confidence_sequence(weeks), sequences.confidence_sequence(mirrored)
    np.testing.assert_allclose(one["low"], -two["high"], atol=1e-9)
    np.testing.assert_allclose(one["fixed_low"], -two["fixed_high"], atol=1e-9)


def test_later_looks_do_not_move_earlier_borders() -> None:
    """What was on the chart last week stays there."""
    weeks = _weeks(looks=40)
    whole, part = sequences.confidence_sequence(weeks), sequences.confidence_sequence(weeks.iloc[:10])
    pd.testing.assert_frame_equal(whole.iloc[:10], part)


def test_looks_without_answers_say_nothing_new() -> None:
    """Before the first answer anything is possible; an empty week repeats the last limits."""
    weeks = _weeks(looks=4)
    weeks.loc[[0, 2], ["detractors", "passives", "promoters"]] = 0
    table = sequences.confidence_sequence(weeks)
    assert table["low"].iloc[0] == -100
    assert table["high"].iloc[0] == 100
    assert np.isnan(table["nps"].iloc[0])
    assert table[["low", "high"]].iloc[1].tolist() == table[["low", "high"]].iloc[2].tolist()


def _two_groups() -> pd.DataFrame:
    return pd.concat([_weeks(4).assign(group="old"), _weeks(5).assign(group="new").iloc[3:]], ignore_index=True)


def test_swapping_the_groups_flips_the_sign() -> None:
    """Baseline new instead of old: change, borders and fixed interval are mirrored."""
    options: dict[str, Any] = {"across": "group", "look": "week"}
    one = sequences.difference_sequence(_two_groups(), baseline="old", **options)
    two = sequences.difference_sequence(_two_groups(), baseline="new", **options)
    np.testing.assert_allclose(one["change"], -two["change"])
    np.testing.assert_allclose(one["low"], -two["high"], atol=1e-9)
    np.testing.assert_allclose(one["fixed_high"], -two["fixed_low"], atol=1e-9)
    assert one["n_after"].tolist() == two["n_before"].tolist()
    assert one["n_after"].iloc[:3].tolist() == [0, 0, 0]
    assert (one["high"] - one["low"] > one["fixed_high"] - one["fixed_low"]).iloc[3:].all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sequences.confidence_sequence(_weeks().assign(passives=-1)), "not a whole number of at least 0"),
        (lambda: sequences.confidence_sequence(_weeks(), confidence_level=95), r"Write 0\.95"),
        (lambda: sequences.confidence_sequence(_weeks(), tightest_at=0), "tightest_at = 0"),
        (lambda: sequences.confidence_sequence(_weeks().drop(columns="promoters")), "promoters"),
        (
            lambda: sequences.difference_sequence(_two_groups(), across="group", baseline="none", look="week"),
            "baseline = 'none': column \"group\" must hold it and one other value; it has: old, new",
        ),
        (
            lambda: sequences.difference_sequence(
                _weeks().assign(group="old"), across="group", baseline="old", look="week"
            ),
            "one other value; it has: old",
        ),
        (lambda: sequences.false_alarms(rng=1, per_look=[0]), "per_look = 0"),
        (lambda: sequences.false_alarms(rng=1, mixes=[(1, 2, 7)]), "mix = "),
    ],
)
def test_nonsense_is_refused(call: Any, message: str) -> None:
    """The message names the argument or the column, and the value."""
    with pytest.raises(BadInput, match=message):
        call()
