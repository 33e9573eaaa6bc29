"""Limits of a ratio of shares: as statsmodels has them inside, and right where a share is one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from nps_utils.revenue.ratio import ratio_limits


@pytest.mark.parametrize("sides", [(8, 20, 2, 20), (15, 40, 33, 60), (1.7, 12.2, 4.4, 20.0), (3, 9, 5, 6)])
def test_inside_as_statsmodels(sides: tuple[float, float, float, float]) -> None:
    """The closed form of statsmodels, where no share is one."""
    closed = confint_proportions_2indep(*sides, compare="ratio", method="score")
    assert ratio_limits(*sides) == pytest.approx(closed, rel=1e-4)


@pytest.mark.parametrize("sides", [(30, 30, 29, 30), (20, 20, 30, 30), (2, 2, 1, 1), (1, 3, 5, 5)])
def test_exchanging_the_groups_inverts_the_limits(sides: tuple[float, float, float, float]) -> None:
    """True of any good interval of a ratio; and it holds the ratio itself."""
    low, high = ratio_limits(*sides)
    back = ratio_limits(*sides[2:], *sides[:2])
    assert (low, high) == pytest.approx((1 / back[1], 1 / back[0]))
    assert low <= (sides[0] / sides[1]) / (sides[2] / sides[3]) <= high


def test_it_covers_near_one() -> None:
    """Shares of .98 and .93, every outcome with its probability: 95 % within what discreteness allows."""
    n, m, p, q = 40, 30, 0.98, 0.93
    covered = 0.0
    for x in range(30, n + 1):
        for y in range(18, m + 1):
            low, high = ratio_limits(x, n, y, m)
            covered += stats.binom.pmf(x, n, p) * stats.binom.pmf(y, m, q) * (low <= p / q <= high)
    assert 0.93 < covered < 0.985
    assert np.isfinite(covered)
