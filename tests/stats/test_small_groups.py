"""Shrinkage and ranks: against draws from the posterior, and over many tables whose truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.stats import dirichlet_multinomial

from nps_utils.checks import BadValue
from nps_utils.stats.arithmetic.intervals import difference_limits
from nps_utils.stats.score import bands_of
from nps_utils.stats.small_groups import rank_intervals, shrink

BANDS = ["detractors", "passives", "promoters"]


def _table(rng: np.random.Generator, strength: float, n: NDArray[np.int64]) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Segments drawn from a Dirichlet distribution round 20/30/50, and their true scores."""
    truth = rng.dirichlet(strength * np.array([0.2, 0.3, 0.5]), size=len(n))
    counts = np.stack([rng.multinomial(size, mix) for size, mix in zip(n, truth, strict=True)])
    return pd.DataFrame(counts, columns=BANDS), 100 * (truth[:, 2] - truth[:, 0])


@pytest.mark.parametrize("strength", [3.0, 10.0, 40.0, 1_000.0])
def test_shrunk_intervals_hold_the_truth_and_the_estimate_is_nearer(strength: float) -> None:
    """120 tables of 12 segments of 4 to 60 answers, unlike, alike and nearly the same: 92.5 % held, and less error."""
    rng = np.random.default_rng(int(strength))
    held, error_raw, error_shrunk = [], [], []
    for _ in range(120):
        counts, truth = _table(rng, strength, rng.integers(4, 61, 12))
        table = shrink(counts)
        held.append(((table["low"] <= truth) & (truth <= table["high"])).mean())
        error_raw.append(((table["nps"] - truth) ** 2).mean())
        error_shrunk.append(((table["shrunk"] - truth) ** 2).mean())
    assert np.mean(held) >= 0.925
    assert np.mean(error_shrunk) < 0.9 * np.mean(error_raw)


def test_two_segments_are_enough_and_are_not_overconfident() -> None:
    """150 tables of only two or three segments: the interval still holds the truth."""
    rng = np.random.default_rng(1)
    held = []
    for _ in range(150):
        counts, truth = _table(rng, 10.0, rng.integers(5, 40, int(rng.integers(2, 4))))
        table = shrink(counts)
        held.append(((table["low"] <= truth) & (truth <= table["high"])).mean())
    assert np.mean(held) >= 0.93


def test_posterior_agrees_with_draws_weighted_by_scipys_likelihood() -> None:
    """60 segments: quantiles of 400,000 posterior draws, the strength of the prior weighted by scipy's likelihood."""
    rng = np.random.default_rng(5)
    counts, _ = _table(rng, 12.0, rng.integers(3, 40, 60))
    table = shrink(counts)
    answers = counts.to_numpy()
    n = answers.sum(axis=1)
    own = 1 / (1 + np.exp(-np.linspace(-7, 11, 91)))
    strengths = np.median(n) * (1 - own) / own
    mixes, likelihood = [], []
    for strength in strengths:
        weight = n / (1 + (n - 1) / (strength + 1))
        mix = (weight[:, np.newaxis] * answers / n[:, np.newaxis]).sum(axis=0) / weight.sum()
        mix = (mix * n.sum() + 0.5) / (n.sum() + 1.5)
        mixes.append(mix)
        likelihood.append(dirichlet_multinomial.logpmf(answers, strength * mix, n).sum())
    posterior = own**1.5 * (1 - own) ** 0.5 * np.exp(np.array(likelihood) - max(likelihood))
    picks = rng.choice(91, size=4_000, p=posterior / posterior.sum())
    for segment in (0, 17, 42):
        draws = np.concatenate(
            [rng.dirichlet(strengths[pick] * mixes[pick] + answers[segment], size=100) for pick in picks]
        )
        nps = 100 * (draws[:, 2] - draws[:, 0])
        row = table.iloc[segment]
        assert row["shrunk"] == pytest.approx(nps.mean(), abs=0.3)
        assert row["low"] == pytest.approx(np.quantile(nps, 0.025), abs=1.5)
        assert row["high"] == pytest.approx(np.quantile(nps, 0.975), abs=1.5)


def test_few_answers_are_pulled_more_and_none_is_the_common_score() -> None:
    """The own weight grows with n; a segment without answers gets what all share, with a wide interval."""
    counts = pd.DataFrame([[0, 0, 3], [6, 9, 15], [60, 90, 150], [0, 0, 0], [20, 20, 5]], columns=BANDS)
    table = shrink(counts)
    assert table["own_weight"].iloc[[3, 0, 1, 2]].is_monotonic_increasing
    assert table["own_weight"].iloc[3] == 0
    assert np.isnan(table["nps"].iloc[3])
    assert table["shrunk"].between(-100, 100).all()
    assert ((table["low"] < table["shrunk"]) & (table["shrunk"] < table["high"])).all()


def test_a_million_answers_need_no_help() -> None:
    """With large segments the shrunk score is the score."""
    rng = np.random.default_rng(3)
    counts, _ = _table(rng, 10.0, np.full(20, 50_000))
    table = shrink(counts)
    assert (table["shrunk"] - table["nps"]).abs().max() < 0.1
    assert table["own_weight"].min() > 0.99


def test_bands_that_nobody_chose_are_no_error() -> None:
    """All promoters everywhere: high scores, short of 100, and no warning."""
    table = shrink(pd.DataFrame([[0, 0, 5], [0, 0, 50]], columns=BANDS))
    assert table["shrunk"].between(90, 100).all()
    assert (table["low"] < 100).all()


def test_mirrored_answers_have_mirrored_scores() -> None:
    """Swapping detractors and promoters flips every sign."""
    counts, _ = _table(np.random.default_rng(8), 8.0, np.array([5, 9, 30, 44]))
    one = shrink(counts)
    two = shrink(counts.rename(columns={"detractors": "promoters", "promoters": "detractors"}))
    np.testing.assert_allclose(one["shrunk"], -two["shrunk"], atol=1e-9)
    np.testing.assert_allclose(one["low"], -two["high"], atol=1e-6)


@pytest.mark.parametrize("truths", [[30.0] * 8, [60, 30, 30, 30, 0, 0, -20, -20]])
def test_all_ranks_are_held_at_once(truths: list[float]) -> None:
    """120 tables of 8 segments of 15 to 80 answers: in at most 5 % does any segment leave its true ranks."""
    rng = np.random.default_rng(6)
    n = np.array([15, 80, 20, 40, 15, 60, 30, 25])
    scores = np.array(truths)
    best = 1 + (scores[np.newaxis, :] > scores[:, np.newaxis]).sum(axis=1)
    worst = len(scores) - (scores[np.newaxis, :] < scores[:, np.newaxis]).sum(axis=1)
    mixes = [(0.35 - score / 200, 0.3, 0.35 + score / 200) for score in scores]
    wrong = 0
    for _ in range(120):
        counts = np.stack([rng.multinomial(size, mix) for size, mix in zip(n, mixes, strict=True)])
        table = rank_intervals(pd.DataFrame(counts, columns=BANDS))
        wrong += bool((table["best_rank"] > best).any() or (table["worst_rank"] < worst).any())
    assert wrong / 120 <= 0.05


def test_ranks_agree_with_a_loop_over_pairs() -> None:
    """The number of segments surely above and below, pair by pair, at the critical value of a simulated range."""
    rng = np.random.default_rng(12)
    counts = pd.DataFrame(rng.integers(2, 60, (7, 3)), columns=BANDS)
    spread = np.ptp(rng.normal(size=(400_000, 7)), axis=1)
    critical = float(np.quantile(spread, 0.95)) / np.sqrt(2)
    bands = bands_of(counts)
    for segment, row in enumerate(rank_intervals(counts).to_dict("records")):
        above = below = 0
        for other in range(7):
            mine, theirs = (bands.pick(np.array([index])) for index in (segment, other))
            low, high = difference_limits(mine, theirs, critical)
            above += int(low[0] > 0)
            below += int(high[0] < 0)
        assert (row["best_rank"], row["worst_rank"]) == (1 + above, 7 - below)


def test_clear_order_has_narrow_ranks_and_noise_has_none() -> None:
    """Thousands of answers rank three segments exactly; ten answers each leave every rank open; ties share a rank."""
    clear = pd.DataFrame([[1000, 0, 9000], [3000, 0, 7000], [5000, 0, 5000]], columns=BANDS)
    table = rank_intervals(clear)
    assert table[["rank", "best_rank", "worst_rank"]].to_numpy().tolist() == [[1, 1, 1], [2, 2, 2], [3, 3, 3]]
    noise = rank_intervals(pd.DataFrame([[2, 3, 5], [3, 2, 5], [2, 3, 5]], columns=BANDS))
    assert noise["rank"].tolist() == [1, 3, 1]
    assert (noise["best_rank"] == 1).all()
    assert (noise["worst_rank"] == 3).all()


def test_a_segment_without_answers_may_have_any_rank() -> None:
    """And takes no rank from the others; a single segment is first of one."""
    table = rank_intervals(pd.DataFrame([[0, 0, 0], [0, 0, 900], [900, 0, 0]], columns=BANDS))
    assert table["rank"].fillna(0).tolist() == [0, 1, 2]
    assert table[["best_rank", "worst_rank"]].to_numpy().tolist() == [[1, 3], [1, 2], [2, 3]]
    assert rank_intervals(pd.DataFrame([[1, 1, 1]], columns=BANDS))["worst_rank"].tolist() == [1]


def test_nonsense_is_refused() -> None:
    """One segment has nothing to be drawn towards; a level of 95; counts below zero."""
    one = pd.DataFrame([[1, 2, 3], [0, 0, 0]], columns=BANDS)
    with pytest.raises(BadValue, match="1 segment with answers"):
        shrink(one)
    with pytest.raises(BadValue, match=r"Write 0\.95"):
        shrink(one, confidence_level=95)
    with pytest.raises(BadValue, match=r"Write 0\.95"):
        rank_intervals(one, confidence_level=95)
    with pytest.raises(BadValue, match="detractors"):
        rank_intervals(one.assign(detractors=-1))
    with pytest.raises(BadValue, match="2,001 segments"):
        rank_intervals(pd.DataFrame(np.ones((2_001, 3), dtype=int), columns=BANDS))
