"""The score test of a mean: against NPS and against a general optimiser."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy import optimize, stats

from nps_utils.scale import COUNTS
from nps_utils.stats.arithmetic.mean_intervals import mean_limits
from nps_utils.stats.score import score

Z = float(stats.norm.ppf(0.975))
SCALE = np.arange(11.0)


def most_likely(counts: npt.NDArray[np.float64], mean: float) -> npt.NDArray[np.float64]:
    """Return the most likely distribution with this mean, by a general-purpose optimiser."""
    start = np.interp(SCALE, [0, mean, 10], [0.2, 1, 0.2])
    rules = optimize.LinearConstraint(np.vstack([np.ones(11), SCALE]), [1, mean], [1, mean])

    def loss(shares: npt.NDArray[np.float64]) -> float:
        return float(-(counts * np.log(np.maximum(shares, 1e-12))).sum() / counts.sum())

    found = optimize.minimize(
        loss, start / start.sum(), bounds=[(0, 1)] * 11, constraints=rules, method="SLSQP", options={"maxiter": 500}
    )
    return np.asarray(found.x)


def test_on_three_points_it_is_the_interval_of_nps() -> None:
    """With the values -1, 0, 1 the general routine gives `score`, which solves a quadratic instead."""
    counts = np.random.default_rng(1).multinomial(12, [0.2, 0.3, 0.5], size=300).astype(float)
    counts[:4] = [(0, 0, 5), (0, 5, 0), (5, 0, 0), (0, 0, 0)]
    low, high = mean_limits(np.array([-1.0, 0.0, 1.0]), counts, Z)
    expected = score(pd.DataFrame(counts.astype(int), columns=list(COUNTS)))
    assert 100 * low == pytest.approx(expected["low"].to_numpy(), abs=1e-9)
    assert 100 * high == pytest.approx(expected["high"].to_numpy(), abs=1e-9)


@pytest.mark.parametrize(
    "answers", [[10, 9, 9, 8, 7, 7, 3], [8, 8, 8, 8], [0, 0, 10, 5], [10] * 6, [1, 2, 2, 3, 9, 9, 10, 10, 10, 6]]
)
def test_limits_solve_the_score_equation_of_a_numerical_likelihood(answers: list[int]) -> None:
    """At each limit the distance is z standard errors of the most likely distribution with that mean."""
    counts = np.bincount(answers, minlength=11).astype(float)
    limits = mean_limits(SCALE, counts[np.newaxis, :], Z)
    for limit in (float(side[0]) for side in limits):
        if 0 < limit < 10:
            shares = most_likely(counts, limit)
            variance = shares @ (SCALE - limit) ** 2
            assert abs(np.mean(answers) - limit) / np.sqrt(variance / len(answers)) == pytest.approx(Z, abs=0.02)
