"""Account scores pulled towards the mean of all where their answers are few."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nps_utils.revenue.lagged_pairs import check_panel


def shrink(panel: pd.DataFrame) -> pd.DataFrame:
    """Pull each measured NPS towards the mean of all, the more so the fewer its answers.

    Empirical Bayes for known sampling variances: the variance between accounts by the moment estimator of DerSimonian
    and Laird 1986, the pull se^2 / (se^2 + between). Ranked or drawn, shrunk scores do not put the accounts with one
    answer at both ends.

    Returns
    -------
    The panel's rows that have an NPS, with shrunk (points), shrunk_se, weight (0..1: what is left of its own score).

    Examples
    --------
    >>> panel = pd.DataFrame({"account_id": ["a", "b", "c"], "period": 1, "nps": [100.0, 40.0, -30.0],
    ...                       "n": [1, 100, 100], "se": [75.0, 7.5, 7.5], "growth": 0.0})
    >>> shrink(panel)["shrunk"].round(1).tolist()
    [42.2, 39.5, -28.9]
    """
    check_panel(panel)
    rows = panel[np.isfinite(panel["nps"]) & np.isfinite(panel["se"]) & (panel["n"] > 0)].reset_index(drop=True)
    # An account whose answers all agree is not known without error: no more exact than the best of the others.
    positive = rows.loc[rows["se"] > 0, "se"]
    se = rows["se"].where(rows["se"] > 0, positive.median() if len(positive) else np.nan).to_numpy(dtype=float)
    x, w = rows["nps"].to_numpy(dtype=float), 1 / se**2
    mean = (w * x).sum() / w.sum()
    scale = w.sum() - (w**2).sum() / w.sum()
    q = (w * (x - mean) ** 2).sum()
    between = max(0.0, float((q - (len(x) - 1)) / scale)) if scale > 0 else 0.0
    pulled = 1 / (se**2 + between)
    centre = (pulled * x).sum() / pulled.sum()
    weight = between * pulled
    shrunk_se = np.sqrt(weight * se**2 + (1 - weight) ** 2 / pulled.sum())
    table: pd.DataFrame = rows.assign(shrunk=centre + weight * (x - centre), shrunk_se=shrunk_se, weight=weight)
    return table
