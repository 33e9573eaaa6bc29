"""Permutation and wild bootstrap: enumeration, a slow bootstrap written from the definition, and their size."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import statsmodels.api as sm

from nps_utils.checks import BadInput
from nps_utils.stats.arithmetic import resampling
from nps_utils.stats.arithmetic.resampling import permute_accounts, wild_cluster_bootstrap


def test_permutation_of_six_accounts_is_the_full_enumeration() -> None:
    """All 720 orders by itertools and numpy's correlation."""
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 6))
    every = np.array([np.corrcoef(x[list(order)], y)[0, 1] for order in itertools.permutations(range(6))])
    observed = np.corrcoef(x, y)[0, 1]
    found = permute_accounts(x, y)
    assert found.exact
    assert found.draws == 720
    assert found.pvalue == pytest.approx(np.mean(np.abs(every - every.mean()) >= abs(observed - every.mean()) - 1e-9))


def test_permutation_stays_within_groups() -> None:
    """Two industries that differ in both columns and nothing else: pooled it looks like a link, within it does not."""
    rng = np.random.default_rng(2)
    industry = np.repeat([0, 1], 10)
    x, y = (10.0 * industry + rng.normal(size=20) for _ in range(2))
    assert permute_accounts(x, y, rng=1).pvalue < 0.01
    assert permute_accounts(x, y, groups=industry, rng=1).pvalue > 0.05


def test_permutation_keeps_what_all_accounts_share_in_a_period() -> None:
    """A common trend in NPS and in growth is no link between accounts, though the cells correlate strongly."""
    rng = np.random.default_rng(3)
    trend = np.linspace(0, 8, 5)
    x, y = (trend + rng.normal(size=(12, 5)) for _ in range(2))
    found = permute_accounts(x, y, rng=3)
    assert found.statistic > 0.7
    assert found.pvalue > 0.05


@pytest.mark.parametrize("accounts", [8, 12, 20])
def test_permutation_keeps_its_size_with_few_unlike_accounts(accounts: int) -> None:
    """No link, four periods that hang together, accounts of unlike spread: 5 % are called links, as stated."""
    rng = np.random.default_rng(accounts)
    false = 0
    for _ in range(250):
        spread = np.exp(rng.normal(0, 0.7, (accounts, 1)))
        x, y = (rng.normal(size=(accounts, 1)) + rng.normal(size=(accounts, 4)) for _ in range(2))
        false += permute_accounts(x, y * spread, draws=99, rng=rng).pvalue <= 0.05
    assert false / 250 <= 0.05 + 2.6 * np.sqrt(0.05 * 0.95 / 250)
    assert false / 250 >= 0.02


def test_missing_cells_are_left_out() -> None:
    """The statistic is the correlation over cells that are there."""
    x = np.array([[1.0, np.nan], [2.0, 5.0], [4.0, 3.0]])
    y = np.array([[1.0, 2.0], [np.nan, 4.0], [3.0, 3.0]])
    assert permute_accounts(x, y).statistic == pytest.approx(np.corrcoef([1, 5, 4, 3], [1, 4, 3, 3])[0, 1])


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
    """Unlike shapes, nobody to exchange with, a constant column, two accounts."""
    x = np.arange(6.0)
    with pytest.raises(BadInput, match="shape"):
        permute_accounts(x, x[:5])
    with pytest.raises(BadInput, match="nothing to exchange"):
        permute_accounts(x, x, groups=np.arange(6))
    with pytest.raises(BadInput, match="does not vary"):
        permute_accounts(x, np.ones(6))
    with pytest.raises(BadInput, match="at least 3"):
        wild_cluster_bootstrap(x, x, np.array([0, 0, 0, 1, 1, 1]))
    with pytest.raises(BadInput, match="does not vary"):
        wild_cluster_bootstrap(x, np.ones(6), np.arange(6))


def test_orders_by_sums_are_orders_cell_by_cell() -> None:
    """Correlations from sums of products are those from the cells of each order, with gaps, far from zero and flat."""
    rng = np.random.default_rng(3)
    x, y = rng.normal(1e6, 50, (60, 5)), rng.normal(-1e3, 1, (60, 5))
    x[rng.random(x.shape) < 0.4], y[rng.random(y.shape) < 0.4] = np.nan, np.nan
    orders = [rng.permutation(60) for _ in range(40)]
    by_cell = resampling._cell_correlations(x[np.array(orders)], y)
    assert np.allclose(resampling._moved_correlations(x, y, iter(orders)), by_cell, atol=1e-11)
    flat = np.full_like(x, 7.0)
    assert np.isnan(resampling._moved_correlations(flat, y, iter(orders))).all()
    few = np.full_like(x, np.nan)
    few[:2, 0] = 1.0, 2.0
    assert np.isnan(resampling._moved_correlations(few, y, iter(orders))).all()
