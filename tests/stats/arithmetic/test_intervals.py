"""Arithmetic of intervals: the printed formula, symmetry, rounding at the edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_utils.stats.arithmetic.intervals import (
    Bands,
    crossing,
    difference_limits,
    difference_pvalue,
    edge,
    score_limits,
    score_statistic,
)

Counts = tuple[int, int, int]
ANSWERED = st.tuples(*[st.integers(0, 500)] * 3).filter(lambda row: sum(row) > 0)


def bands(*rows: Counts) -> Bands:
    """Return columns of counts."""
    return Bands(*np.array(rows, dtype=float).T)


def printed_statistic(row: Counts, score: float) -> float:
    """Return z with the constrained share of detractors as Tango prints it."""
    d, q, b = row
    n = d + q + b
    two_n, linear = 2 * n, -b - d + (2 * n - b + d) * score
    constant = -d * score * (1 - score)
    r = (np.sqrt(linear**2 - 4 * two_n * constant) - linear) / (2 * two_n)
    return float((b - d - n * score) / np.sqrt(n * (2 * r + score * (1 - score))))


@given(row=ANSWERED, score=st.floats(-0.95, 0.95).filter(lambda score: abs(score) > 0.01))
@settings(max_examples=100, deadline=None)
def test_statistic_is_the_printed_one(row: Counts, score: float) -> None:
    """Our symmetric quadratic gives the z of the printed formula."""
    assert score_statistic(bands(row), score)[0] == pytest.approx(printed_statistic(row, score), rel=1e-6, abs=1e-6)


@given(row=ANSWERED, scores=st.tuples(st.floats(-1, 1), st.floats(-1, 1)))
@settings(max_examples=100, deadline=None)
def test_statistic_falls(row: Counts, scores: tuple[float, float]) -> None:
    """A higher hypothetical score never has a higher z, so limits are unique."""
    low, high = sorted(scores)
    assert score_statistic(bands(row), low)[0] >= score_statistic(bands(row), high)[0] - 1e-9


@given(row=ANSWERED, z=st.floats(0.05, 6))
@settings(max_examples=100, deadline=None)
def test_limits_have_the_critical_z(row: Counts, z: float) -> None:
    """Newton ends where the statistic, computed apart, is the critical value."""
    low, high = score_limits(bands(row), z)
    if low[0] > -1:
        assert score_statistic(bands(row), low)[0] == pytest.approx(z, rel=1e-5)
    if high[0] < 1:
        assert score_statistic(bands(row), high)[0] == pytest.approx(-z, rel=1e-5)


def test_impossible_scores_have_an_infinite_statistic() -> None:
    """A score of 1 or -1 is impossible once anybody answered otherwise, and certain if nobody did."""
    assert score_statistic(bands((1, 0, 5)), [1.0])[0] == -np.inf
    assert score_statistic(bands((0, 1, 5)), [-1.0])[0] == np.inf
    assert score_statistic(bands((0, 0, 5)), [1.0])[0] == 0
    assert score_statistic(bands((0, 0, 0)), [0.3])[0] == 0


def test_tiny_scores_do_not_underflow() -> None:
    """A score of -1e-250 is as good as 0, though its square is not a number above 0."""
    assert score_statistic(bands((0, 1, 0)), [-1e-250])[0] == pytest.approx(0, abs=1e-100)


def test_opposite_waves() -> None:
    """All detractors, then all promoters: certain direction, limits in range, a p-value above zero."""
    low, high = difference_limits(bands((5, 0, 0)), bands((0, 0, 5)), 1.96)
    assert 0 < low[0] < high[0] == 2
    assert 0 < difference_pvalue(bands((5, 0, 0)), bands((0, 0, 5)))[0] < 0.01
    assert difference_pvalue(bands((0, 5, 0)), bands((0, 9, 0)))[0] == 1
    assert np.isnan(difference_pvalue(bands((0, 0, 0)), bands((0, 0, 5)))[0])


def test_full_correlation_leaves_only_the_difference_of_widths() -> None:
    """With correlation 1 the distances subtract, with -1 they add."""
    one, two = bands((20, 30, 50)), bands((10, 30, 60))
    (_, high_one), (low_two, _) = score_limits(one, 1.96), score_limits(two, 1.96)
    below, up = (two.nps - low_two)[0], (high_one - one.nps)[0]
    change = (two.nps - one.nps)[0]
    assert change - difference_limits(one, two, 1.96, 1.0)[0][0] == pytest.approx(abs(below - up))
    assert change - difference_limits(one, two, 1.96, -1.0)[0][0] == pytest.approx(below + up)


def test_a_limit_is_the_same_whatever_is_solved_with_it() -> None:
    """Groups in one table and each by itself: every digit."""
    rng = np.random.default_rng(3)
    found = rng.integers(0, 60, (400, 3)) * rng.integers(0, 2, (400, 3))
    rows: list[Counts] = [(int(d), int(q), int(b)) for d, q, b in found]
    z = rng.uniform(0.1, 30, 400)
    low, high = score_limits(bands(*rows), z)
    for place, row in enumerate(rows):
        alone = score_limits(bands(row), z[place])
        assert (low[place], high[place]) == (alone[0][0], alone[1][0])


@pytest.mark.parametrize("seed", range(5))
def test_a_crossing_is_the_edge(seed: int) -> None:
    """The point that halving finds, to the last digit: with kinks, steep and flat, at the ends, and of no number."""
    rng = np.random.default_rng(seed)
    root, power = rng.uniform(0, 37, 200), rng.choice([0.3, 1.0, 3.0], 200)
    root[:4] = (0.0, 37.0, 50.0, -3.0)
    steep = rng.uniform(0.01, 100, 200)
    steep[4] = np.nan

    def value(z: np.ndarray) -> np.ndarray:
        away = root - z
        return np.asarray(steep * np.sign(away) * np.abs(away) ** power * np.where(away > 0, 1.0, 3.0))

    start = np.zeros(200)
    halved = edge(lambda z: np.asarray(value(z) > 0), inside=start, outside=37.0)
    np.testing.assert_array_equal(crossing(value, inside=start, outside=37.0), halved)
