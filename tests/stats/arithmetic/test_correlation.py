"""Correlation: published critical values, intervals against simulation and a hand-written jackknife."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from nps_utils.checks import BadInput
from nps_utils.stats.arithmetic.correlation import (
    correlation,
    critical_r,
    detectable_r,
    left_out_pearson,
    pvalue_of_r,
    reliability,
)


@pytest.mark.parametrize(("n", "expected"), [(4, 0.950), (12, 0.576), (20, 0.444)])
def test_critical_r_is_where_scipy_calls_a_correlation_different_from_zero(n: int, expected: float) -> None:
    """Printed tables of critical values (e.g. Zar 2010, table B.17), and scipy's own test just above and below."""
    assert critical_r(n) == pytest.approx(expected, abs=5e-4)
    x = np.arange(n) - (n - 1) / 2
    other = np.where(np.arange(n) % 2 == 0, 1.0, -1.0)
    other = other - x * (other @ x) / (x @ x)
    other -= other.mean()
    for shift, significant in ((1e-4, True), (-1e-4, False)):
        r = critical_r(n) + shift
        y = r * x / np.sqrt(x @ x) + np.sqrt(1 - r * r) * other / np.sqrt(other @ other)
        assert bool(stats.pearsonr(x, y).pvalue < 0.05) is significant


def test_detectable_r_has_its_power_in_a_simulation() -> None:
    """Draw 20 pairs with the detectable correlation: about 80 % are significant by scipy's test."""
    rng = np.random.default_rng(4)
    r = detectable_r(20)
    x = rng.normal(size=(4000, 20))
    y = r * x + np.sqrt(1 - r * r) * rng.normal(size=x.shape)
    assert np.mean(stats.pearsonr(x, y, axis=1).pvalue < 0.05) == pytest.approx(0.8, abs=0.03)


def test_pvalue_of_r_is_that_of_scipy() -> None:
    """The p-value of a correlation of twelve pairs, computed by scipy from the data."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 12))
    found = stats.pearsonr(x, y)
    assert pvalue_of_r(found.statistic, df=10) == pytest.approx(found.pvalue)


def test_reliability_is_the_share_of_variance_that_is_true() -> None:
    """Simulated accounts with SD 15 and 20 answers of SD 75: the squared correlation of measured and true NPS."""
    rng = np.random.default_rng(2)
    true = rng.normal(0, 15, 200_000)
    measured = true + rng.normal(0, 75 / np.sqrt(20), true.size)
    assert reliability(20, between_sd=15) == pytest.approx(np.corrcoef(true, measured)[0, 1] ** 2, abs=0.01)


def test_leaving_out_accounts_by_sums_is_leaving_them_out() -> None:
    """Pearson's r without each account, by numpy on the rows that remain."""
    rng = np.random.default_rng(3)
    accounts = rng.integers(0, 7, 40)
    x, y = rng.normal(size=(2, 40))
    by_hand = [np.corrcoef(x[accounts != a], y[accounts != a])[0, 1] for a in range(7)]
    np.testing.assert_allclose(left_out_pearson(x, y, accounts), by_hand)


@pytest.mark.parametrize("kind", ["pearson", "spearman"])
def test_interval_covers_the_truth_when_accounts_have_several_rows(kind: str) -> None:
    """Independent columns, four rows per account that belong together: 95 % intervals hold zero about as often."""
    rng = np.random.default_rng(5)
    accounts = np.repeat(np.arange(15), 4)
    held = 0
    for _ in range(200):
        x, y = (np.repeat(rng.normal(size=15), 4) + 0.5 * rng.normal(size=60) for _ in range(2))
        found = correlation(x, y, accounts, kind=kind)  # type: ignore[arg-type]
        held += found.low <= 0 <= found.high
    assert 0.91 <= held / 200 <= 0.98


def test_correlation_is_that_of_scipy() -> None:
    """Both kinds, ties included, against scipy."""
    rng = np.random.default_rng(6)
    x, y = rng.integers(0, 5, 30).astype(float), rng.normal(size=30)
    assert correlation(x, y, np.arange(30)).r == pytest.approx(stats.pearsonr(x, y).statistic)
    assert correlation(x, y, np.arange(30), kind="spearman").r == pytest.approx(stats.spearmanr(x, y).statistic)


def test_more_accounts_than_folds_are_left_out_in_groups() -> None:
    """With 1,000 accounts the grouped jackknife agrees with Fisher's textbook interval."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=1000)
    y = 0.3 * x + rng.normal(size=1000)
    found = correlation(x, y, np.arange(1000))
    book = stats.pearsonr(x, y).confidence_interval()
    assert (found.low, found.high) == pytest.approx((book.low, book.high), abs=0.015)


def test_what_cannot_be_correlated_says_why() -> None:
    """A constant column, too few pairs, too few accounts, and one account that makes up all differences."""
    ones, x = np.ones(5), np.arange(5.0)
    assert "the same in all 5 pairs" in correlation(ones, x, np.arange(5)).limit
    assert "2 pairs" in correlation(x[:2], x[:2], np.arange(2)).limit
    assert "3 accounts" in correlation(x, x[::-1], np.array([0, 0, 1, 1, 2])).limit
    spike = np.array([0.0, 0, 0, 0, 1])
    assert "one account decides" in correlation(spike, x, np.arange(5)).limit


def test_bad_arguments_are_named() -> None:
    """A correlation above one, no pairs, a confidence level in percent."""
    with pytest.raises(BadInput, match=r"1\.2 is not a correlation"):
        pvalue_of_r(1.2, df=3)
    with pytest.raises(BadInput, match="at least 3"):
        critical_r(2)
    with pytest.raises(BadInput, match=r"Write 0\.95"):
        detectable_r(20, confidence_level=95)
