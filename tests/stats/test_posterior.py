"""The probability of being above a target: beside drawn Dirichlet shares, and a beta where nobody is passive."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from nps_utils.checks import BadValue
from nps_utils.scale import COUNTS
from nps_utils.stats.posterior import probability_above

ROWS = [(20, 30, 50), (0, 0, 5), (3, 1, 0), (2, 3, 95), (0, 0, 0), (400, 100, 500)]


def found(target: float) -> list[float]:
    """Return the probability of each row."""
    return probability_above(pd.DataFrame(ROWS, columns=list(COUNTS)), target=target)["probability"].tolist()


@pytest.mark.parametrize("target", [-60.0, 0.0, 12.5, 90.0])
def test_it_is_the_share_of_drawn_shares(target: float) -> None:
    """Within four standard errors of 400,000 draws of scipy's Dirichlet."""
    for row, here in zip(ROWS, found(target), strict=True):
        drawn = stats.dirichlet.rvs(np.add(row, (0.75, 1.5, 0.75)), size=400_000, random_state=1)
        share = float((drawn[:, 2] - drawn[:, 0] > target / 100).mean())
        assert here == pytest.approx(share, abs=4 * 0.5 / np.sqrt(400_000) + 1e-6)


def test_it_is_the_double_integral() -> None:
    """Promoters over detractors under the density itself, by quadrature."""
    density = stats.dirichlet(np.array([20.75, 31.5, 50.75]))
    value, _ = integrate.dblquad(
        lambda high, low: float(density.pdf([low, 1 - low - high, high])),
        0,
        0.425,
        lambda low: low + 0.15,
        lambda low: 1 - low,
    )
    assert found(15.0)[0] == pytest.approx(value, abs=1e-5)


def test_the_ends_are_certain_and_targets_are_nps() -> None:
    """Everything is above -100, nothing above 100; 150 is refused, and worth counts."""
    assert found(-100.0) == pytest.approx([1.0] * len(ROWS))
    assert found(100.0) == pytest.approx([0.0] * len(ROWS))
    with pytest.raises(BadValue, match="-100 to 100"):
        found(150.0)
    counts = pd.DataFrame([ROWS[0]], columns=list(COUNTS))
    half = probability_above(counts.assign(n_worth=50.0), target=15.0)["probability"].item()
    ten = probability_above(pd.DataFrame([(10, 15, 25)], columns=list(COUNTS)), target=15.0)["probability"].item()
    assert half == pytest.approx(ten)
