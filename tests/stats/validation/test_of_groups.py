"""Coverage of answers that belong together, against what theory says of design effects and sampling errors."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from nps_utils.stats.validation.of_groups import (
    SEGMENTS,
    coverage_of_clustered,
    coverage_of_ranks,
    coverage_of_segments,
)


def test_ignoring_accounts_costs_what_the_design_effect_says() -> None:
    """Kish: deff = 1 + alike (E m^2 / E m - 1), m = 1 + Poisson(3); z intervals hold 2 Phi(z / sqrt deff) - 1."""
    alike, mean, square = 0.4, 4.0, 16.0 + 3.0
    deff = 1 + alike * (square / mean - 1)
    expected = 2 * norm.cdf(norm.ppf(0.975) / np.sqrt(deff)) - 1
    found = coverage_of_clustered(accounts=[50], alike=[alike], draws=1500, rng=3).iloc[0]
    assert found["by_answer"] == pytest.approx(expected, abs=0.03)
    assert found["by_account"] > 0.92
    assert found["width_by_account"] / found["width_by_answer"] == pytest.approx(np.sqrt(deff), rel=0.06)


def test_accounts_that_share_nothing_cost_nothing() -> None:
    """Without correlation both intervals hold at about .95; not to know that there is none costs 6 % of width."""
    found = coverage_of_clustered(accounts=[50], alike=[0.0], draws=1000, rng=4).iloc[0]
    assert found["by_answer"] == pytest.approx(0.95, abs=0.02)
    assert found["by_account"] == pytest.approx(0.95, abs=0.025)
    assert found["width_by_account"] / found["width_by_answer"] == pytest.approx(1.05, abs=0.04)
    assert found["n"] == pytest.approx(200, rel=0.02)


def test_error_of_a_segment_alone_is_its_sampling_error() -> None:
    """Root of the mean of V (1 - alike) / n over the segments, V = p + m - (p - m)^2; shrinking lies below it."""
    alike, variance = 0.05, 1e4 * (0.7 - 0.3**2)
    expected = np.sqrt(np.mean(variance * (1 - alike) / np.array(SEGMENTS)))
    found = coverage_of_segments(alike=[alike], draws=60, rng=5).iloc[0]
    assert found["error_own"] == pytest.approx(expected, rel=0.12)
    assert found["error_shrunk"] < 0.85 * found["error_own"]
    assert found["shrunk"] > 0.88


def test_ranks_hold_and_a_league_table_does_not() -> None:
    """Rank intervals hold all true ranks in nearly every survey, bare ranks in nearly none."""
    found = coverage_of_ranks(draws=20, rng=6).iloc[0]
    assert found["coverage"] >= 0.9
    assert found["league_table"] <= 0.1
