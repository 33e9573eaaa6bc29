"""The wild bootstrap: a slow one written from the definition, and its size."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import statsmodels.api as sm

from nps_utils.checks import BadInput
from nps_utils.stats.arithmetic.resampling import wild_cluster_bootstrap


def slow_wild_pvalue(y: np.ndarray, x: np.ndarray, z: np.ndarray, codes: np.ndarray, null: float) -> float:
    """The restricted wild cluster bootstrap from its definition: every sign pattern, statsmodels for each fit."""
    accounts = codes.max() + 1
    full = np.column_stack([x, z])

    def t(outcome: np.ndarray) -> float:
        fit = sm.OLS(outcome, full).fit(cov_type="cluster", cov_kwds={"groups": codes})
        return abs(float((fit.params[0] - null) / fit.bse[0]))

    restricted = sm.OLS(y - null * x, z).fit()
    drawn = [
        t(null * x + restricted.fittedvalues + restricted.resid * np.array(signs)[codes])
        for signs in itertools.product((-1.0, 1.0), repeat=accounts)
    ]
    return float(np.mean(np.array(drawn) >= t(y) * (1 - 1e-9)))


def test_wild_bootstrap_agrees_with_its_definition() -> None:
    """Six accounts, a control, all 64 sign patterns fitted one by one; ours draws patterns at random."""
    rng = np.random.default_rng(8)
    codes = np.repeat(np.arange(6), 5)
    control = rng.normal(size=30)
    x = rng.normal(size=6)[codes] + rng.normal(size=30)
    y = 0.4 * x + control + rng.normal(size=6)[codes] + rng.normal(size=30)
    z = np.column_stack([np.ones(30), control])
    slow = slow_wild_pvalue(y, x, z, codes, 0.0)
    found = wild_cluster_bootstrap(y, x, codes, controls=control[:, None], weights="rademacher", draws=9999)
    assert found.pvalue == pytest.approx(slow, abs=0.015)
    fit = sm.OLS(y, np.column_stack([x, z])).fit(cov_type="cluster", cov_kwds={"groups": codes})
    assert (found.slope, found.se) == pytest.approx((fit.params[0], fit.bse[0]))


def test_wild_interval_ends_where_the_test_begins_to_reject() -> None:
    """The p-value of y - limit * x is at the level, by a call that knows nothing of the interval."""
    rng = np.random.default_rng(9)
    codes = np.repeat(np.arange(10), 3)
    x = rng.normal(size=30)
    y = 2 * x + rng.normal(size=10)[codes]
    found = wild_cluster_bootstrap(y, x, codes, draws=999, rng=4)
    for limit in (found.low, found.high):
        at_limit = wild_cluster_bootstrap(y - limit * x, x, codes, draws=999, rng=4)
        assert at_limit.pvalue == pytest.approx(0.05, abs=0.005)


@pytest.mark.parametrize("accounts", [8, 15])
def test_wild_bootstrap_keeps_its_size_where_sandwich_errors_do_not(accounts: int) -> None:
    """Few accounts of unlike size: the bootstrap stays within a point of 5 %, normal quantiles do not."""
    rng = np.random.default_rng(accounts)
    wild = normal = 0
    for _ in range(400):
        codes = np.repeat(np.arange(accounts), rng.integers(1, 9, accounts))
        x, y = (rng.normal(size=accounts)[codes] + 0.5 * rng.normal(size=codes.size) for _ in range(2))
        found = wild_cluster_bootstrap(y, x, codes, draws=199, rng=rng)
        wild += found.pvalue <= 0.05
        normal += abs(found.slope / found.se) > 1.96
    assert wild / 400 <= 0.06 + 2.6 * np.sqrt(0.06 * 0.94 / 400)
    assert normal / 400 > 0.09


def test_what_cannot_be_resampled_is_refused() -> None:
    """Two accounts, a constant column."""
    x = np.arange(6.0)
    with pytest.raises(BadInput, match="at least 3"):
        wild_cluster_bootstrap(x, x, np.array([0, 0, 0, 1, 1, 1]))
    with pytest.raises(BadInput, match="does not vary"):
        wild_cluster_bootstrap(x, np.ones(6), np.arange(6))
