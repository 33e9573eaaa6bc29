"""A trend: agreement with statsmodels and with simulation, its band, and time read from labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from nps_utils.checks import BadInput
from nps_utils.scale import COUNTS
from nps_utils.stats.trend import trend

ROWS = [(30, 30, 40), (20, 40, 60), (9, 11, 20), (25, 30, 90)]


def table(rows: list[tuple[int, int, int]] = ROWS, *, waves: list[object] | None = None) -> pd.DataFrame:
    """Return band counts by wave."""
    return pd.DataFrame(rows, columns=list(COUNTS)).assign(wave=pd.Series(waves or list(range(len(rows)))))


def test_line_is_weighted_least_squares() -> None:
    """The slope is that of statsmodels with the numbers of answers as weights."""
    counts = table()
    n = counts[list(COUNTS)].sum(axis=1)
    nps = 100 * (counts["promoters"] - counts["detractors"]) / n
    fit = sm.WLS(nps, sm.add_constant(counts["wave"].astype(float)), weights=n).fit()
    assert trend(counts)["slope"].iloc[0] == pytest.approx(fit.params["wave"])


def test_large_waves_have_the_standard_error_of_their_own_variances() -> None:
    """At a million answers borrowing vanishes: the slope's error is that of a fixed linear combination of waves."""
    counts = table([(x * 10_000, y * 10_000, z * 10_000) for x, y, z in ROWS])
    n = counts[list(COUNTS)].sum(axis=1).to_numpy()
    p, d = counts["promoters"].to_numpy() / n, counts["detractors"].to_numpy() / n
    variance = 100**2 * (p + d - (p - d) ** 2) / n
    time = np.arange(4) - np.average(np.arange(4), weights=n)
    combination = n * time / (n * time**2).sum()
    row = trend(counts).iloc[0]
    assert row["se"] == pytest.approx(np.sqrt((combination**2 * variance).sum()), rel=1e-3)
    assert row["slope"] == pytest.approx(combination @ (100 * (p - d)))


def test_heterogeneity_with_equal_waves_is_the_textbook_chi_squared() -> None:
    """Equal n and variances: Q about the mean is sum of squares over the variance, with waves - 1 degrees."""
    counts = table([(250_000, 250_000, 500_000), (251_000, 248_000, 501_000), (249_500, 250_000, 500_500)])
    nps = ((counts["promoters"] - counts["detractors"]) / 1e6).to_numpy()
    q = ((nps - nps.mean()) ** 2).sum() / ((0.75 - 0.25**2) / 1e6)
    row = trend(counts).iloc[0]
    assert row["equal"] == pytest.approx(q, rel=2e-3)
    assert row["equal_df"] == pytest.approx(2, rel=1e-3)
    assert row["scatter_df"] == pytest.approx(1)


def test_simulated_size() -> None:
    """Over 4,000 seeded groups of six waves of 20 and no trend, all three tests alarm in 4 to 6.5 %."""
    rng = np.random.default_rng(3)
    drawn = rng.multinomial(20, [0.2, 0.3, 0.5], size=4000 * 6)
    counts = pd.DataFrame(drawn, columns=list(COUNTS)).assign(
        group=np.repeat(np.arange(4000), 6), wave=np.tile(np.arange(6), 4000)
    )
    found = trend(counts, adjust="none")
    for name in ("pvalue", "scatter_pvalue", "equal_pvalue"):
        assert 0.04 <= (found[name] < 0.05).mean() <= 0.065


def test_groups_gaps_and_short_groups() -> None:
    """Groups are fitted apart; a left-out quarter leaves its gap; a group with one wave gets no slope."""
    waves: list[object] = ["2024-Q1", "2024-Q2", "2024-Q4"]
    long, short = table(ROWS[:3], waves=waves).assign(size="L"), table(ROWS[:1], waves=waves[:1]).assign(size="S")
    found = trend(pd.concat([long, short]))
    alone = trend(table(ROWS[:3], waves=[0, 1, 3]))
    assert found["slope"].iloc[0] == pytest.approx(alone["slope"].iloc[0])
    assert found["per"].tolist() == ["quarter", "quarter"]
    assert found["slope"].isna().tolist() == [False, True]
    assert found["equal_pvalue"].isna().tolist() == [False, True]
    assert "within each size" in found["family"].iloc[0]


def test_unanimous_waves_are_not_certain() -> None:
    """Five promoters of five in each wave: a slope of zero with a width."""
    row = trend(table([(0, 0, 5)] * 3)).iloc[0]
    assert row["slope"] == pytest.approx(0)
    assert row["high"] > 5


def test_two_waves_are_no_trend() -> None:
    """Two waves raise and point to compare(); a level like 95 raises."""
    with pytest.raises(BadInput, match="compare"):
        trend(table(ROWS[:2]))
    with pytest.raises(BadInput, match=r"0\.95"):
        trend(table(), confidence_level=95)
