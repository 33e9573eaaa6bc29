"""What could be seen at all: said before any result."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nps_utils.checks import check_fraction
from nps_utils.revenue.lagged_pairs import pairs
from nps_utils.stats.arithmetic.correlation import critical_r, detectable_r


def learnable(panel: pd.DataFrame, *, lag: int = 0, power: float = 0.8, confidence_level: float = 0.95) -> pd.DataFrame:
    """Say how many accounts and answers there are, and how strong a link must be to be seen with them.

    Accounts count, not rows: several periods of one account are not several accounts. Measured NPS is noisy, so a true
    correlation shows as r sqrt(reliability); the smallest true one is that much larger.

    Returns
    -------
    One row: accounts (with a pair), pairs, answers, answers_median (per pair), critical_r (must be exceeded),
    detectable_r (seen with the given power), reliability (0..1), detectable_true_r (the same for true NPS; missing
    where it would exceed 1), limit.

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> panel = pd.DataFrame({"account_id": np.arange(20), "period": 2024, "nps": rng.normal(30, 22.5, 20), "n": 20,
    ...                       "se": 16.8, "growth": rng.normal(size=20)})
    >>> learnable(panel)[["accounts", "critical_r", "detectable_r"]].round(2).to_numpy().tolist()
    [[20.0, 0.44, 0.59]]
    """
    check_fraction("power", power)
    check_fraction("confidence_level", confidence_level)
    paired = pairs(panel, lag=lag)
    accounts = int(paired["account_id"].nunique())
    row: dict[str, object] = {"accounts": accounts, "pairs": len(paired), "answers": int(paired["n"].sum())}
    row["answers_median"] = float(paired["n"].median()) if len(paired) else np.nan
    if accounts < 4:
        missing = dict.fromkeys(("critical_r", "detectable_r", "reliability", "detectable_true_r"), np.nan)
        limit = f"{accounts} accounts have both NPS and growth: nothing can be learned from fewer than 4."
        return pd.DataFrame([row | missing | {"limit": limit}])
    row["critical_r"] = critical_r(accounts, confidence_level=confidence_level)
    seen = detectable_r(accounts, power=power, confidence_level=confidence_level)
    row["detectable_r"] = seen
    total = float(paired["nps"].var())
    share = 1 - float((paired["se"] ** 2).mean()) / total if total > 0 else 0.0
    row["reliability"] = max(share, 0.0) if np.isfinite(share) else np.nan
    true = seen / np.sqrt(share) if np.isfinite(share) and share > 0 else np.inf
    row["detectable_true_r"] = float(true) if true <= 1 else np.nan
    limit = "" if true <= 1 else "NPS is measured too coarsely here: even a perfect link would not be seen."
    if not np.isfinite(share):
        limit = "se is missing: how coarsely NPS is measured is not known."
    return pd.DataFrame([row | {"limit": limit}])
