"""Arithmetic of panels: many at once equal one at a time, and the correlation is that of the people."""

from __future__ import annotations

import numpy as np
import pytest

from nps_utils.stats.arithmetic.intervals import difference_limits
from nps_utils.stats.arithmetic.paired_counts import Panel, correlation


def draw(panels: int, *, both: int = 12, left: int = 5, joined: int = 9) -> Panel:
    """Draw panels in which most people stay."""
    rng = np.random.default_rng(3)
    moves = rng.multinomial(both, (np.full((3, 3), 0.05) + 0.55 / 3 * np.eye(3)).ravel(), panels)
    sides = [rng.multinomial(n, [0.2, 0.3, 0.5], panels).astype(float) for n in (left, joined)]
    return Panel(moves.reshape(-1, 3, 3).astype(float), *sides)


def test_correlation_is_that_of_the_people() -> None:
    """The correlation of bands equals numpy's, taken person by person."""
    for moves in draw(20).moves:
        before = np.repeat(np.repeat([-1, 0, 1], 3), moves.astype(int).ravel())
        after = np.repeat(np.tile([-1, 0, 1], 3), moves.astype(int).ravel())
        assert correlation(moves[np.newaxis])[0] == pytest.approx(np.corrcoef(before, after)[0, 1])
    assert np.isnan(correlation(np.zeros((1, 3, 3)))[0])


def test_many_panels_equal_single_ones() -> None:
    """Limits of a stack are those of each panel alone."""
    stack = draw(50)
    low, high = stack.limits(1.96)
    for i in (0, 17, 49):
        alone = Panel(*(part[i : i + 1] for part in stack)).limits(1.96)
        assert (low[i], high[i]) == pytest.approx((alone[0][0], alone[1][0]))


def test_without_overlap_limits_are_those_of_independent_waves() -> None:
    """Nobody in both waves: correlation 0."""
    panel = draw(5, both=0)
    one, two = panel.waves()
    for found, expected in zip(panel.limits(1.96), difference_limits(one, two, 1.96), strict=True):
        assert found == pytest.approx(expected)


def test_standard_error_is_the_spread_of_simulated_changes() -> None:
    """The standard error at large n equals the spread of 20,000 redrawn panels."""
    rng = np.random.default_rng(5)
    chance = np.array([[0.15, 0.05, 0.05], [0.05, 0.2, 0.05], [0.02, 0.03, 0.4]])
    drawn = Panel(
        rng.multinomial(400, chance.ravel(), 20_000).reshape(-1, 3, 3).astype(float),
        rng.multinomial(200, chance.sum(axis=1), 20_000).astype(float),
        rng.multinomial(100, chance.sum(axis=0), 20_000).astype(float),
    )
    one, two = drawn.waves()
    assert drawn.se().mean() == pytest.approx((two.nps - one.nps).std(), rel=0.02)
