"""Exchanged accounts: enumeration, orders one by one, their size, and the limit beside a thousand orders."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from nps_utils.checks import BadInput
from nps_utils.stats.arithmetic import exchanges
from nps_utils.stats.arithmetic.exchange_limit import limit_of_orders
from nps_utils.stats.arithmetic.exchanges import permute_accounts

Floats = NDArray[np.float64]


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


def one_by_one(x: Floats, y: Floats, orders: Iterator[NDArray[np.intp]]) -> Floats:
    """Return numpy's correlation over the cells that x, in each order, and y both have."""
    found = []
    for order in orders:
        both = np.isfinite(x[order]) & np.isfinite(y)
        found.append(np.corrcoef(x[order][both], y[both])[0, 1])
    return np.array(found)


def test_orders_by_sums_are_orders_cell_by_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Correlations from sums of products, with gaps, far from zero, flat, and where rows go through in parts."""
    rng = np.random.default_rng(3)
    x, y = rng.normal(1e6, 50, (60, 5)), rng.normal(-1e3, 1, (60, 5))
    x[rng.random(x.shape) < 0.4], y[rng.random(y.shape) < 0.4] = np.nan, np.nan
    orders = [rng.permutation(60) for _ in range(40)]
    by_cell = one_by_one(x, y, iter(orders))
    assert np.allclose(exchanges._moved_correlations(x, y, iter(orders)), by_cell, atol=1e-11)
    monkeypatch.setattr(exchanges, "_AT_A_TIME", 7)
    assert np.allclose(exchanges._moved_correlations(x, y, iter(orders)), by_cell, atol=1e-11)
    flat = np.full_like(x, 7.0)
    assert np.isnan(exchanges._moved_correlations(flat, y, iter(orders))).all()
    few = np.full_like(x, np.nan)
    few[:2, 0] = 1.0, 2.0
    assert np.isnan(exchanges._moved_correlations(few, y, iter(orders))).all()


def test_the_same_orders_are_drawn_once_and_the_generator_moves_on() -> None:
    """Asked twice with the same seed: the same answer; three times of one generator: as if nothing were known."""
    x, y = np.random.default_rng(5).normal(size=(2, 30, 2))
    first, again = (np.random.default_rng(7) for _ in range(2))
    told = [permute_accounts(x, y, draws=99, rng=first).pvalue for _ in range(3)]
    assert [permute_accounts(x, y, draws=99, rng=again).pvalue for _ in range(3)] == told
    assert first.random() == again.random()
    exchanges._KNOWN.clear()
    anew = np.random.default_rng(7)
    assert [permute_accounts(x, y, draws=99, rng=anew).pvalue for _ in range(3)] == told


def unlike_accounts(rng: np.random.Generator, n: int, kind: str) -> tuple[Floats, Floats]:
    """Return periods of accounts that hang together: whole, with gaps that go with x, or skewed and unlike."""
    x, y = (rng.normal(size=(n, 1)) + rng.normal(size=(n, 5)) + 0.3 * np.arange(5) for _ in range(2))
    if kind == "gaps":
        gone = rng.random(x.shape) < 1 / (1 + np.exp(-x))
        x[gone], y[gone | (rng.random(y.shape) < 0.2)] = np.nan, np.nan
    return x, np.exp(y / 2) if kind == "skewed" else y


@pytest.mark.parametrize("kind", ["whole", "gaps", "skewed"])
@pytest.mark.parametrize("groups", [1, 3])
def test_the_limit_has_the_mean_and_spread_of_orders_drawn(
    kind: str, groups: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 1,500 accounts 3,000 orders drawn one by one: p-values at five places are those of the limit."""
    monkeypatch.setattr("nps_utils.stats.arithmetic.exchange_limit._MOST_OF_ONE", 1.0)
    rng = np.random.default_rng(11)
    x, y = unlike_accounts(rng, 1500, kind)
    codes = rng.integers(0, groups, 1500)
    members = [np.flatnonzero(codes == code) for code in range(groups)]
    drawn = exchanges._moved_correlations(x, y, exchanges._random_orders(members, 1500, 3000, rng))
    for place in (-2.5, -1.5, 0.3, 1.0, 2.0):
        at = drawn.mean() + place * drawn.std()
        share = np.mean(np.abs(drawn - drawn.mean()) >= abs(at - drawn.mean()))
        assert limit_of_orders(x, y, members, at) == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 3000))


def test_many_accounts_go_by_the_limit_unless_one_weighs_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one column it is the textbook's test; where one account is far from all others orders are drawn."""
    monkeypatch.setattr(exchanges, "MANY", 5000)
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(2, 20_000))
    found = permute_accounts(x, y, draws=19)
    assert found.draws == 0
    assert found.pvalue == pytest.approx(stats.pearsonr(x, y).pvalue, abs=1e-3)
    far = np.append(y[1:], 1e6)
    assert permute_accounts(x, far, draws=19).draws == 19
    assert permute_accounts(x[:4999], y[:4999], draws=19).draws == 19
    with pytest.raises(BadInput, match="nothing to exchange"):
        permute_accounts(x, y, groups=np.arange(20_000))


def test_what_cannot_be_exchanged_is_refused() -> None:
    """Unlike shapes, nobody to exchange with, a constant column."""
    x = np.arange(6.0)
    with pytest.raises(BadInput, match="shape"):
        permute_accounts(x, x[:5])
    with pytest.raises(BadInput, match="nothing to exchange"):
        permute_accounts(x, x, groups=np.arange(6))
    with pytest.raises(BadInput, match="does not vary"):
        permute_accounts(x, np.ones(6))
