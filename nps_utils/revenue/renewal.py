"""What customers did after answering, by band: renewed or not, bought again or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from nps_utils.checks import BadValue, check_choice, check_fraction
from nps_utils.revenue.by_band import LEAST_EVENTS, ORDER, with_bands
from nps_utils.revenue.fitting import attempt_fit
from nps_utils.revenue.ratio import ratio_limits
from nps_utils.scale import Band
from nps_utils.stats.arithmetic.multiplicity import Adjustment, adjusted

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


def outcome_model(
    customers: pd.DataFrame,
    *,
    outcome: str,
    controls: Sequence[str] = (),
    account: str = "account_id",
    reference: Band = "promoter",
    confidence_level: float = 0.95,
    adjust: Adjustment = "holm",
) -> pd.DataFrame:
    """Fit a logistic regression of the outcome on the band, with errors clustered by account.

    Parameters
    ----------
    controls
        Columns held equal: numbers as they are, text as one indicator per value.

    Returns
    -------
    One row per term (the bands other than the reference, then the controls): term, odds_ratio, low, high, pvalue,
    pvalue_adjusted (over the bands), n, accounts, events, limit.

    Examples
    --------
    >>> customers = pd.DataFrame({"account_id": range(200), "score": [3, 8, 9, 10] * 50,
    ...                           "churned": ([True] * 12 + [False] * 8 + [False] * 180)})
    >>> outcome_model(customers, outcome="churned")["term"].tolist()
    ['detractor', 'passive']
    """
    check_choice("reference", reference, ORDER)
    check_fraction("confidence_level", confidence_level)
    rows = with_bands(customers, account=account, needed=(outcome, *controls))
    rows = rows.assign(event=_truth(rows[outcome], outcome)).dropna(subset=["event", *controls])
    design = _design(rows, controls, reference)
    clusters = pd.factorize(rows["cluster"])[0]
    sizes = {"n": len(rows), "accounts": len(np.unique(clusters)), "events": int(rows["event"].sum())}
    limit = _model_limit(rows, sizes)
    fit = None
    if not limit:
        model = sm.GLM(rows["event"].to_numpy(dtype=float), sm.add_constant(design), family=sm.families.Binomial())
        fit, limit = attempt_fit(lambda: model.fit(cov_type="cluster", cov_kwds={"groups": clusters}))
        if fit is not None and not np.isfinite(fit.bse).all():
            limit = limit or "the fit has no standard errors."
    quantile = float(stats.t.ppf(0.5 + confidence_level / 2, max(sizes["accounts"] - 1, 1)))
    table = []
    for place, term in enumerate(design.columns, start=1):
        row: dict[str, object] = {"term": term, **dict.fromkeys(("odds_ratio", "low", "high", "pvalue"), np.nan)}
        if fit is not None and not limit:
            b, se = float(fit.params.iloc[place]), float(fit.bse.iloc[place])
            row |= dict(
                zip(("odds_ratio", "low", "high"), np.exp([b, b - quantile * se, b + quantile * se]), strict=True)
            )
            row["pvalue"] = float(2 * stats.t.sf(abs(b) / se, sizes["accounts"] - 1))
        table.append(row | sizes | {"limit": limit})
    result = pd.DataFrame(table)
    of_bands = result["term"].isin(ORDER)
    result["pvalue_adjusted"] = np.nan
    result.loc[of_bands, "pvalue_adjusted"] = adjusted(result.loc[of_bands, "pvalue"].to_numpy(float), adjust=adjust)
    order = ["term", "odds_ratio", "low", "high", "pvalue", "pvalue_adjusted", "n", "accounts", "events", "limit"]
    return result.loc[:, order]


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


def _design(rows: pd.DataFrame, controls: Sequence[str], reference: Band) -> pd.DataFrame:
    present = set(rows["band"])
    columns: dict[str, pd.Series[float]] = {
        band: (rows["band"] == band).astype(float) for band in ORDER if band != reference and band in present
    }
    for name in controls:
        if pd.api.types.is_numeric_dtype(rows[name]):
            columns[name] = rows[name].astype(float)
        else:
            values = sorted(rows[name].astype("str").unique())
            columns |= {f"{name}: {value}": (rows[name].astype("str") == value).astype(float) for value in values[1:]}
    return pd.DataFrame(columns, index=rows.index)


def _model_limit(rows: pd.DataFrame, sizes: dict[str, int]) -> str:
    if rows["band"].nunique() < 2:
        return f"all {sizes['n']} rows are in one band: bands cannot be compared."
    if sizes["accounts"] < 10:
        return f"{sizes['accounts']} accounts: too few for errors by account (10 are needed)."
    rare = min(sizes["events"], sizes["n"] - sizes["events"])
    if rare < LEAST_EVENTS:
        return f"{sizes['events']} events among {sizes['n']}: too few on one side for a model (10 are needed)."
    varied = rows.groupby("band")["event"].nunique()
    if (varied < 2).any():
        bands = ", ".join(varied.index[varied < 2])
        return f"the outcome is the same for every {bands}: no ratio can be estimated."
    return ""
