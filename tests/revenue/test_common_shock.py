"""A quarter that moves every account at once is no link between NPS and growth."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nps_utils.revenue import negative_control

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
