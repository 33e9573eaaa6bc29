"""How much customers spent, by band: whether at all, how much if so, and both together."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from statsmodels.genmod.families import Binomial, Gamma
from statsmodels.genmod.families.links import Log
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.regression.linear_model import OLS

from nps_utils.checks import BadValue, check_choice, check_fraction
from nps_utils.revenue.by_band import LEAST_EVENTS, ORDER, with_bands
from nps_utils.revenue.fitting import attempt_fit
from nps_utils.revenue.slope import FEW_ACCOUNTS
from nps_utils.scale import Band
from nps_utils.stats.arithmetic.multiplicity import Adjustment, adjusted

Floats: TypeAlias = NDArray[np.float64]

PARTS: Final = ("any", "amount", "mean")
COLUMNS: Final = (
    *("part", "band", "value", "low", "high", "against", "against_low", "against_high"),
    *("pvalue", "pvalue_adjusted", "n", "accounts", "limit"),
)


def spend_by_band(
    customers: pd.DataFrame,
    *,
    spend: str,
    account: str = "account_id",
    reference: Band = "promoter",
    confidence_level: float = 0.95,
    adjust: Adjustment = "holm",
) -> pd.DataFrame:
    """Compare what bands spend in two parts and as a whole (Duan et al. 1983, two-part model).

    Spend is skewed and often zero: one mean hides whether fewer bought or bought for less. Errors are clustered by
    account, or HC3-like robust where each account has one row (statsmodels GLM and OLS).

    Parameters
    ----------
    customers
        One row per customer or basket: score (0..10), the account, and the amount; refunds are negative amounts.
    spend
        The column of amounts, in one currency.

    Returns
    -------
    Three rows per part. Part `any`: the share that spent more than nothing, and its odds ratio against the reference.
    `amount`: the mean of amounts above zero (Gamma regression with log link), and its ratio. `mean`: the mean of all
    amounts, refunds included, and its difference. value with low and high, against with its limits, pvalue and
    pvalue_adjusted (over all comparisons), n, accounts, limit (why something is missing, how many refunds there are).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> customers = pd.DataFrame({"account_id": range(300), "score": [3, 8, 10] * 100,
    ...                           "spend": rng.gamma(2, 20, 300) * (rng.random(300) < 0.8)})
    >>> spend_by_band(customers, spend="spend")[["part", "band"]].head(3).to_numpy().tolist()
    [['any', 'detractor'], ['any', 'passive'], ['any', 'promoter']]
    """
    check_choice("reference", reference, ORDER)
    check_fraction("confidence_level", confidence_level)
    rows = with_bands(customers, account=account, needed=(spend,))
    amount = pd.to_numeric(rows[spend], errors="coerce")
    wrong = amount.isna() & rows[spend].notna()
    if wrong.any():
        raise BadValue(f'column "{spend}": {rows.loc[wrong, spend].iloc[0]!r} is not an amount.')
    rows = rows.assign(amount=amount.astype(float)).dropna(subset=["amount"])
    table = pd.concat(_part(rows, part, reference, confidence_level) for part in PARTS)
    refunds = int((rows["amount"] < 0).sum())
    if refunds:
        said = f"{refunds:,} of {len(rows):,} amounts are below zero: counted in the mean, as nothing spent elsewhere."
        table["limit"] = [" ".join(part for part in (limit, said) if part) for limit in table["limit"]]
    table["pvalue_adjusted"] = adjusted(table["pvalue"].to_numpy(dtype=float), adjust=adjust)
    return table.loc[:, list(COLUMNS)].reset_index(drop=True)


def _part(rows: pd.DataFrame, part: str, reference: Band, confidence_level: float) -> pd.DataFrame:
    used = rows[rows["amount"] > 0] if part == "amount" else rows
    outcome = (used["amount"] > 0).astype(float) if part == "any" else used["amount"]
    sizes = used.groupby("band").agg(n=("amount", "size"), accounts=("cluster", "nunique")).reindex(list(ORDER))
    table = sizes.fillna(0).astype(int).rename_axis("band").reset_index().assign(part=part)
    names = ("value", "low", "high", "against", "against_low", "against_high", "pvalue")
    table = table.assign(**dict.fromkeys(names, np.nan), limit="")
    table.loc[table["n"] == 0, "limit"] = "nobody in this band."
    reason = _limit(used, outcome, table, part, reference)
    if reason:
        table["limit"] = [limit or reason for limit in table["limit"]]
        table["value"] = outcome.groupby(used["band"]).mean().reindex(list(ORDER)).to_numpy()
        return table
    present = [band for band in ORDER if (used["band"] == band).any()]
    # One column per band gives the values; comparisons are differences of their coefficients.
    design: Floats = np.column_stack([(used["band"] == band).to_numpy(dtype=float) for band in present])
    clusters = pd.factorize(used["cluster"])[0]
    model, back = _model(np.asarray(outcome, dtype=np.float64), design, part)
    kind = {"cov_type": "cluster", "cov_kwds": {"groups": clusters}}
    fit, said = attempt_fit(lambda: model.fit(**kind))
    if fit is None or not np.isfinite(fit.bse).all():
        return table.assign(limit=said or "the fit has no standard errors.")
    df = len(np.unique(clusters)) - 1
    t = float(stats.t.ppf(0.5 + confidence_level / 2, df))
    b, cov = np.asarray(fit.params), np.asarray(fit.cov_params())
    base = present.index(reference)
    for place, band in enumerate(present):
        row = table.index[table["band"] == band][0]
        se = np.sqrt(cov[place, place])
        table.loc[row, ["value", "low", "high"]] = [back(b[place]), back(b[place] - t * se), back(b[place] + t * se)]
        ratio = math.exp if part != "mean" else float
        if band == reference:
            table.loc[row, ["against", "against_low", "against_high"]] = [ratio(0.0)] * 3
            continue
        gap = b[place] - b[base]
        se = np.sqrt(cov[place, place] + cov[base, base] - 2 * cov[place, base])
        table.loc[row, ["against", "against_low", "against_high"]] = [
            ratio(gap + step) for step in (0.0, -t * se, t * se)
        ]
        table.loc[row, "pvalue"] = 2 * stats.t.sf(abs(gap) / se, df)
    return table.assign(limit=[limit or said for limit in table["limit"]])


def _model(outcome: Floats, design: Floats, part: str) -> tuple[Any, Callable[[float], float]]:
    """Return the model of a part, and the function that leads from a coefficient back to a value."""
    if part == "any":
        return GLM(outcome, design, family=Binomial()), lambda v: 1 / (1 + math.exp(-v))
    if part == "amount":
        return GLM(outcome, design, family=Gamma(link=Log())), math.exp
    return OLS(outcome, design), float


def _limit(used: pd.DataFrame, outcome: pd.Series[float], table: pd.DataFrame, part: str, reference: Band) -> str:
    present = table.loc[table["n"] > 0, "band"].tolist()
    if reference not in present or len(present) < 2:
        return "there are not two bands to compare."
    if used["cluster"].nunique() < FEW_ACCOUNTS:
        return f"{used['cluster'].nunique()} accounts: too few for errors by account (20 are needed)."
    spread = outcome.groupby(used["band"]).agg(["nunique", "sum", "size"])
    if (spread["nunique"] < 2).any():
        same = ", ".join(spread.index[spread["nunique"] < 2])
        return f"all values are the same for: {same}. No interval can be given."
    rare = np.minimum(spread["sum"], spread["size"] - spread["sum"]).min() if part == "any" else spread["size"].min()
    if rare < LEAST_EVENTS:
        return "fewer than 10 customers on one side of a band: too few for a model."
    return ""
