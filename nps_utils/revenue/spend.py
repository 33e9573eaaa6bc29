"""How much customers spent, by band: whether at all, how much if so, and both together."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from nps_utils.checks import BadValue, check_choice, check_fraction
from nps_utils.revenue.by_band import LEAST_EVENTS, ORDER, band_places, with_bands
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
    account. A regression on bands alone has its coefficients and their covariances in closed form; they are those of
    statsmodels' GLM (logit; Gamma with log link) and OLS with clustered errors.

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
    spent = used["amount"].to_numpy(dtype=np.float64)
    outcome: Floats = (spent > 0).astype(float) if part == "any" else spent
    places, clusters = band_places(used["score"]), pd.factorize(used["cluster"])[0]
    by_band = _each(outcome, places, clusters)
    names = ("value", "low", "high", "against", "against_low", "against_high", "pvalue")
    table = by_band[["band", "n", "accounts"]].assign(part=part, **dict.fromkeys(names, np.nan), limit="")
    table.loc[table["n"] == 0, "limit"] = "nobody in this band."
    reason = _limit(by_band, int(clusters.max(initial=-1)) + 1, part, reference)
    if reason:
        return table.assign(limit=[limit or reason for limit in table["limit"]], value=by_band["mean"])
    present = np.flatnonzero(by_band["n"])
    b, cov, back = _fitted(outcome, np.searchsorted(present, places), clusters, part)
    t = float(stats.t.ppf(0.5 + confidence_level / 2, clusters.max()))
    base = int(np.flatnonzero(present == ORDER.index(reference))[0])
    for place, row in enumerate(present):
        se = np.sqrt(cov[place, place])
        table.loc[row, ["value", "low", "high"]] = [back(b[place]), back(b[place] - t * se), back(b[place] + t * se)]
        ratio = math.exp if part != "mean" else float
        if place == base:
            table.loc[row, ["against", "against_low", "against_high"]] = [ratio(0.0)] * 3
            continue
        gap = b[place] - b[base]
        se = np.sqrt(cov[place, place] + cov[base, base] - 2 * cov[place, base])
        table.loc[row, ["against", "against_low", "against_high"]] = [
            ratio(gap + step) for step in (0.0, -t * se, t * se)
        ]
        table.loc[row, "pvalue"] = 2 * stats.t.sf(abs(gap) / se, clusters.max())
    return table


def _each(outcome: Floats, places: NDArray[np.int64], clusters: NDArray[np.intp]) -> pd.DataFrame:
    """Return of each band how many rows and accounts it has, and the sum, mean, least and largest of the outcome."""
    bands = len(ORDER)
    n, total = np.bincount(places, minlength=bands), np.bincount(places, outcome, bands)
    there = np.bincount(clusters * bands + places, minlength=(int(clusters.max(initial=-1)) + 1) * bands) > 0
    least, largest = np.full(bands, np.inf), np.full(bands, -np.inf)
    np.minimum.at(least, places, outcome)
    np.maximum.at(largest, places, outcome)
    mean = np.divide(total, n, out=np.full(bands, np.nan), where=n > 0)
    accounts = there.reshape(-1, bands).sum(axis=0)
    numbers = {"n": n, "accounts": accounts, "sum": total, "mean": mean, "least": least, "largest": largest}
    return pd.DataFrame({"band": pd.Series(ORDER, dtype="str"), **numbers})


def _fitted(
    outcome: Floats, places: NDArray[np.intp], clusters: NDArray[np.intp], part: str
) -> tuple[Floats, Floats, Callable[[float], float]]:
    """Return the coefficient of each band, their covariances, and what leads from a coefficient back to a value.

    With one column for each band the fit of each is its mean. The covariances are the sandwich of sums by account.
    """
    n = np.bincount(places)
    mean, bands = np.bincount(places, outcome) / n, len(n)
    apart = outcome - mean[places]
    b, bread = mean, n.astype(float)
    back: Callable[[float], float] = float
    if part == "any":
        b, bread, back = np.log(mean / (1 - mean)), n * mean * (1 - mean), _from_logit
    elif part == "amount":
        b, apart, back = np.log(mean), apart / mean[places], math.exp
    accounts, rows = int(clusters.max()) + 1, len(outcome)
    sums = np.bincount(clusters * bands + places, apart, accounts * bands).reshape(-1, bands) / bread
    factor = accounts / (accounts - 1) * (rows - 1) / (rows - bands)
    return b, factor * (sums.T @ sums), back


def _from_logit(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def _limit(by_band: pd.DataFrame, accounts: int, part: str, reference: Band) -> str:
    used = by_band[by_band["n"] > 0]
    if reference not in set(used["band"]) or len(used) < 2:
        return "there are not two bands to compare."
    if accounts < FEW_ACCOUNTS:
        return f"{accounts} accounts: too few for errors by account (20 are needed)."
    same = used["least"] == used["largest"]
    if same.any():
        return f"all values are the same for: {', '.join(used.loc[same, 'band'])}. No interval can be given."
    rare = np.minimum(used["sum"], used["n"] - used["sum"]).min() if part == "any" else used["n"].min()
    if rare < LEAST_EVENTS:
        return "fewer than 10 customers on one side of a band: too few for a model."
    return ""
