"""What customers did after answering, by band: renewed or not, bought again or not."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from nps_utils.checks import BadValue, check_choice, check_fraction
from nps_utils.revenue.by_band import ORDER, with_bands
from nps_utils.revenue.ratio import ratio_limits
from nps_utils.scale import Band

RISK_COLUMNS: Final = (
    *("band", "n", "accounts", "events", "risk", "low", "high"),
    *("difference", "difference_low", "difference_high", "ratio", "ratio_low", "ratio_high", "limit"),
)


def risk_by_band(
    customers: pd.DataFrame,
    *,
    outcome: str,
    account: str = "account_id",
    reference: Band = "promoter",
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Return the share of customers with an outcome in each band, and how it differs from the reference band.

    Wilson's interval for a share, Newcombe's for a difference, both from
    statsmodels; Miettinen and Nurminen's score interval for a ratio (1985, Statistics in Medicine 4:213).
    Where accounts have several rows, counts are divided by the design effect of the account, so that ten people of
    one account do not count as ten.

    Parameters
    ----------
    customers
        One row per customer: score (0..10), the outcome (True or False; 1 or 0), the account.
    outcome
        The column that says whether it happened.
    reference
        The band others are compared with.

    Returns
    -------
    Three rows: band, n, accounts, events, risk (0..1) with low and high, difference and ratio against the reference
    with their limits, and limit: why something is missing.

    Examples
    --------
    >>> customers = pd.DataFrame({"account_id": range(40), "score": [3] * 20 + [9] * 20,
    ...                           "churned": [True] * 8 + [False] * 12 + [True] * 2 + [False] * 18})
    >>> risk_by_band(customers, outcome="churned")[["band", "n", "risk", "ratio"]].to_numpy().tolist()
    [['detractor', 20, 0.4, 4.0], ['passive', 0, nan, nan], ['promoter', 20, 0.1, 1.0]]
    """
    check_choice("reference", reference, ORDER)
    check_fraction("confidence_level", confidence_level)
    rows = with_bands(customers, account=account, needed=(outcome,))
    rows = rows.assign(event=_truth(rows[outcome], outcome)).dropna(subset=["event"])
    counts = {band: _count(rows[rows["band"] == band]) for band in ORDER}
    against = counts[reference]
    alpha = 1 - confidence_level
    table = [
        {"band": band, **_share(count, alpha), **_compared(count, against, band == reference, alpha)}
        for band, count in counts.items()
    ]
    return pd.DataFrame(table).loc[:, list(RISK_COLUMNS)]


class _Count(NamedTuple):
    n: int
    accounts: int
    events: int
    effective: float  # n divided by the design effect of the account


def _truth(values: pd.Series[bool], name: str) -> pd.Series[float]:
    numbers = pd.to_numeric(values, errors="coerce") if values.dtype != bool else values.astype(float)
    wrong = (numbers.isna() & values.notna()) | ~numbers.isin([0, 1]) & numbers.notna()
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise BadValue(f'column "{name}", row {row}: {values.iloc[row]!r} is neither true nor false.')
    return numbers.astype(float)


def _count(rows: pd.DataFrame) -> _Count:
    n, accounts = len(rows), rows["cluster"].nunique()
    events = int(rows["event"].sum())
    if n == 0 or accounts == n:
        return _Count(n, accounts, events, float(n))
    p = events / n
    if p in (0, 1) or accounts < 2:
        return _Count(n, accounts, events, float(accounts))  # nothing varies: accounts are all one can count
    totals = (rows["event"] - p).groupby(rows["cluster"]).sum()
    variance = accounts / (accounts - 1) * float((totals**2).sum()) / n**2
    effect = max(1.0, variance / (p * (1 - p) / n))
    return _Count(n, accounts, events, n / effect)


def _share(count: _Count, alpha: float) -> dict[str, object]:
    row: dict[str, object] = {"n": count.n, "accounts": count.accounts, "events": count.events}
    if count.n == 0:
        return row | {"risk": np.nan, "low": np.nan, "high": np.nan}
    risk = count.events / count.n
    low, high = proportion_confint(risk * count.effective, count.effective, alpha=alpha, method="wilson")
    return row | {"risk": risk, "low": max(0.0, float(low)), "high": min(1.0, float(high))}


def _compared(count: _Count, against: _Count, is_reference: bool, alpha: float) -> dict[str, object]:
    names = ("difference", "difference_low", "difference_high", "ratio", "ratio_low", "ratio_high")
    nothing = dict.fromkeys(names, np.nan)
    if count.n == 0:
        return nothing | {"limit": "nobody in this band."}
    if is_reference:
        return dict(zip(names, (0.0, 0.0, 0.0, 1.0, 1.0, 1.0), strict=True)) | {"limit": ""}
    if against.n == 0:
        return nothing | {"limit": "nobody in the band to compare with."}
    risk, other = count.events / count.n, against.events / against.n
    sides = (risk * count.effective, count.effective, other * against.effective, against.effective)
    low, high = confint_proportions_2indep(*sides, compare="diff", method="newcomb", alpha=alpha)
    row: dict[str, object] = {"difference": risk - other, "difference_low": float(low), "difference_high": float(high)}
    if count.events == 0 or against.events == 0:
        who = "this band" if count.events == 0 else "the band to compare with"
        return nothing | row | {"limit": f"no event in {who}: no ratio."}
    low, high = ratio_limits(*sides, confidence_level=1 - alpha)
    return row | {"ratio": risk / other, "ratio_low": low, "ratio_high": high, "limit": ""}
