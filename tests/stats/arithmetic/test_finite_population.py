"""Finite populations: the exact interval against brute force, and the corrected score interval at its edges."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from nps_utils.scale import COUNTS
from nps_utils.stats.arithmetic.finite_population import exact_limits
from nps_utils.stats.score import score


def brute_force(row: tuple[int, int, int], population: int, alpha: float) -> tuple[int, int]:
    """Try every population that holds the sample, with scipy's multivariate hypergeometric chances."""
    n, observed = sum(row), row[2] - row[0]
    samples = np.array([(d, n - d - p, p) for d in range(n + 1) for p in range(n + 1 - d)])
    scores = samples[:, 2] - samples[:, 0]
    kept: dict[str, list[int]] = {"low": [], "high": []}
    for d, p in itertools.product(range(population + 1), repeat=2):
        split = np.array([d, population - d - p, p])
        if (split < row).any():
            continue
        chance = np.asarray(stats.multivariate_hypergeom.pmf(samples, split, n))
        if chance[scores >= observed].sum() > alpha / 2:
            kept["low"].append(p - d)
        if chance[scores <= observed].sum() > alpha / 2:
            kept["high"].append(p - d)
    return min(kept["low"]), max(kept["high"])


@pytest.mark.parametrize("row", [(1, 2, 4), (0, 0, 5), (0, 5, 0), (3, 1, 2), (0, 1, 1), (0, 0, 0), (4, 4, 4)])
@pytest.mark.parametrize("alpha", [0.05, 0.2])
def test_exact_equals_brute_force(row: tuple[int, int, int], alpha: float) -> None:
    """The staircase finds the same limits as trying all populations of 12 customers."""
    assert exact_limits(*row, population=12, alpha=alpha) == brute_force(row, 12, alpha)


def test_census_has_no_sampling_interval() -> None:
    """When all customers answered nothing is left to chance, for each method that knows populations."""
    counts = pd.DataFrame([(1, 2, 5)], columns=list(COUNTS))
    for method in ("score", "adjusted_wald", "wald", "exact"):
        scored = score(counts, method=method, population=8).iloc[0]
        assert scored["low"] == pytest.approx(50)
        assert scored["high"] == pytest.approx(50)


def test_a_huge_population_is_no_correction() -> None:
    """With a thousand million customers the interval is that of a sample without a population."""
    counts = pd.DataFrame([(20, 30, 50)], columns=list(COUNTS))
    plain, corrected = score(counts).iloc[0], score(counts, population=10**9).iloc[0]
    assert corrected[["se", "low", "high"]].tolist() == pytest.approx(plain[["se", "low", "high"]].tolist(), abs=1e-4)


def test_silent_customers_bound_the_interval() -> None:
    """No limit goes beyond what the silent customers could do at most, and the population may be a column."""
    counts = pd.DataFrame([(0, 0, 18), (9, 0, 0)], columns=list(COUNTS)).assign(customers=[20, 10])
    scored = score(counts, population="customers", confidence_level=0.9999999)
    assert scored["low"].tolist()[0] >= 100 * (18 - 2) / 20 - 1e-9
    assert scored["high"].tolist()[1] <= 100 * (-9 + 1) / 10 + 1e-9


def test_correction_follows_the_printed_formula() -> None:
    """Z shrinks by sqrt((N - n) / (N - 1)) and limits widen by 50 / N points: by solving with that level."""
    counts = pd.DataFrame([(10, 20, 30)], columns=list(COUNTS))
    z = stats.norm.ppf(0.975) * np.sqrt((200 - 60) / 199)
    plain = score(counts, confidence_level=2 * stats.norm.cdf(z) - 1).iloc[0]
    corrected = score(counts, population=200).iloc[0]
    assert corrected["low"] == pytest.approx(plain["low"] - 0.25, abs=1e-6)
    assert corrected["high"] == pytest.approx(plain["high"] + 0.25, abs=1e-6)
    assert corrected["se"] == pytest.approx(plain["se"] * np.sqrt(140 / 199))
