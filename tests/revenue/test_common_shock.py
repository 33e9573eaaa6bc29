"""A quarter that moves every account at once is no link between NPS and growth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from linearmodels import PanelOLS

from nps_utils.revenue import lag_table, negative_control
from nps_utils.revenue.slope import honest_slope, two_way

ACCOUNTS, QUARTERS, DRAWS = 30, 6, 60


def shaken(rng: np.random.Generator) -> pd.DataFrame:
    """Draw a panel in which each quarter moves NPS and growth of all accounts, and nothing else links them."""
    quarter = np.tile(np.arange(QUARTERS), ACCOUNTS)
    mood, market = rng.normal(0, 15, QUARTERS), rng.normal(0, 6, QUARTERS)
    nps = (30 + rng.normal(0, 15, ACCOUNTS).repeat(QUARTERS) + mood[quarter] + rng.normal(0, 15, len(quarter))).clip(
        -100, 100
    )
    growth = 2 + market[quarter] + rng.normal(0, 6, len(quarter))
    return pd.DataFrame(
        {
            "account_id": np.arange(ACCOUNTS).repeat(QUARTERS),
            "period": quarter + 2020,
            "nps": nps,
            "n": 40,
            "se": 12.0,
            "growth": growth,
        }
    )


def test_a_shock_that_all_share_is_seldom_called_a_link() -> None:
    """By the p-values of accounts alone most of these panels would be; the permutation of accounts sees no link."""
    rng = np.random.default_rng(11)
    found = pd.concat([negative_control(shaken(rng)) for _ in range(DRAWS)])
    alone = (found["pvalue_after"] <= 0.05) | (found["pvalue_before"] <= 0.05)
    assert alone.mean() > 0.3
    # Two tests at 5 %, and two standard errors of so few draws.
    assert (found["verdict"] != "nothing_to_see").mean() <= 0.17


def test_two_way_errors_are_those_of_linearmodels() -> None:
    """Its variances by account, by period and of rows, put together with the factors for few of each."""
    panel = shaken(np.random.default_rng(3))
    table = panel.assign(one=1.0).set_index(["account_id", "period"])

    def variance(**clusters: Any) -> float:
        kind: dict[str, Any] = {"cov_type": "clustered", "group_debias": False} if clusters else {"cov_type": "robust"}
        fit = PanelOLS(table["growth"], table[["one", "nps"]]).fit(debiased=False, **kind, **clusters)
        return float(fit.std_errors["nps"] ** 2)

    account, period, row = variance(cluster_entity=True), variance(cluster_time=True), variance()
    assert variance(cluster_entity=True, cluster_time=True) == pytest.approx(account + period - row)
    n = len(panel)
    small = account * ACCOUNTS / (ACCOUNTS - 1) + period * QUARTERS / (QUARTERS - 1) - row * n / (n - 1)
    x, y = (panel[name].to_numpy(dtype=float) for name in ("nps", "growth"))
    found = two_way(x, y, panel["account_id"].to_numpy(), panel["period"].to_numpy())
    least = account * ACCOUNTS / (ACCOUNTS - 1), period * QUARTERS / (QUARTERS - 1)
    assert found.se**2 == pytest.approx(max(small, *least))


def test_two_way_errors_hold_where_a_period_moves_all() -> None:
    """Nothing links them: 5 % and two errors of so few draws, where errors by account alone are false in a third."""
    rng, two, one = np.random.default_rng(12), 0, 0
    for _ in range(100):
        panel = shaken(rng)
        x, y = (panel[name].to_numpy(dtype=float) for name in ("nps", "growth"))
        two += two_way(x, y, panel["account_id"].to_numpy(), panel["period"].to_numpy()).pvalue < 0.05
        one += honest_slope(x, y, panel["account_id"].to_numpy()).pvalue < 0.05
    assert two <= 10 < 25 <= one


def test_few_periods_have_no_two_way_error() -> None:
    """Five of them cannot tell how periods differ: missing, and no obstacle to a verdict."""
    panel = shaken(np.random.default_rng(4)).query("period < 2025")
    assert lag_table(panel)["two_way_pvalue"].isna().all()
    assert negative_control(panel)["verdict"].notna().all()
