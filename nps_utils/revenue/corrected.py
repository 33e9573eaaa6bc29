"""The slope of growth on NPS, corrected for NPS being measured with error."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from nps_utils.checks import check_choice, check_fraction
from nps_utils.correlation import folds_of, jackknife_se
from nps_utils.revenue.pairs import pairs
from nps_utils.revenue.slope import honest_slope

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]
Effects: TypeAlias = Literal["none", "period", "account"]

# Below this number of answers the plug-in variance of one account's NPS is too small by more than a twentieth.
FEW_ANSWERS: Final = 20

COLUMNS: Final = (
    *("slope", "se", "low", "high", "pvalue", "naive_slope", "naive_low", "naive_high"),
    *("reliability", "n", "accounts", "answers", "limit"),
)


def corrected_slope(
    panel: pd.DataFrame,
    *,
    lag: int = 0,
    effects: Effects = "none",
    confidence_level: float = 0.95,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Estimate growth per point of true NPS from measured NPS whose sampling variance is known.

    Few answers make the measured NPS vary more than the true one, and pull the slope towards zero by the reliability.
    The corrected slope solves sum[x (y - b x) + b m se^2] = 0 over rows with x and y centred (m: 1 - 1 / rows of the
    centring group), which takes out of x's variance what sampling put in (Fuller 1987, Measurement Error Models,
    section 3.1). Its interval is a jackknife by account (t with accounts - 2 degrees of freedom), which is honest about
    accounts far from the mean. Where the variance between accounts could be all sampling (a chi-squared test with
    Satterthwaite's degrees of freedom), no slope is ruled out: the limits are infinite and `limit` says why.

    The standard errors must be unbiased: the plug-in 100 sqrt((p + m - (p - m)^2) / n) is too small below 20 answers,
    and zero where all answers agree. `panel` pools them instead.

    Parameters
    ----------
    panel
        account_id, period, nps (points), n, se (standard error of nps in points), growth; one row per account, period.
    lag
        How many periods after the answers growth is taken.
    effects
        Centre by `period` (shocks common to all), by `account` (change within accounts), or overall (`none`).
        Errors of one account in two periods are taken as independent.

    Returns
    -------
    One row: slope, se, low, high, pvalue (corrected); naive_slope, naive_low, naive_high; reliability (share of the
    variance of measured NPS that is not sampling), n (pairs), accounts, answers, limit (why something is missing).

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> true, se = rng.normal(30, 15, 400), 75 / 50**0.5
    >>> panel = pd.DataFrame({"account_id": np.arange(400), "period": 2024, "n": 50, "se": se,
    ...                       "nps": true + rng.normal(0, se, 400),
    ...                       "growth": 3 + 0.147 * true + rng.normal(0, 3, 400)})
    >>> found = corrected_slope(panel).iloc[0]
    >>> bool(found["naive_slope"] < 0.12), bool(found["low"] < 0.147 < found["high"])
    (True, True)
    """
    check_choice("effects", effects, ("none", "period", "account"))
    check_fraction("confidence_level", confidence_level)
    paired = pairs(panel, lag=lag)
    x, y = (paired[name].to_numpy(dtype=float) for name in ("nps", "growth"))
    accounts = paired["account_id"].to_numpy()
    group = {"none": np.zeros(len(paired)), "period": paired["period"], "account": paired["account_id"]}[effects]
    codes = pd.factorize(np.asarray(group))[0]
    x, y = _centred(x, codes), _centred(y, codes)
    naive = honest_slope(x, y, accounts, confidence_level=confidence_level, rng=rng)
    row = {"naive_slope": naive.slope, "naive_low": naive.low, "naive_high": naive.high}
    sizes = {"n": len(paired), "accounts": naive.accounts, "answers": int(paired["n"].sum())}
    se = paired["se"].to_numpy(dtype=float)
    limit = naive.limit if not np.isfinite(naive.slope) else _se_limit(paired)
    if (limit and not np.isfinite(se).all()) or not np.isfinite(naive.slope):
        return pd.DataFrame([dict.fromkeys(COLUMNS, np.nan) | row | sizes | {"limit": limit}])
    noise = _left_by_centring(codes) * se**2
    found = _solve(paired[["nps", "growth"]].to_numpy(dtype=float), se**2, codes, accounts, confidence_level)
    reliability = 1 - float(noise.sum() / (x @ x))
    limit = " ".join(part for part in (limit, found.limit) if part)
    result = found._asdict() | row | {"reliability": reliability} | sizes | {"limit": limit}
    return pd.DataFrame([result]).loc[:, list(COLUMNS)]


class _Solved(NamedTuple):
    slope: float
    se: float
    low: float
    high: float
    pvalue: float
    limit: str


def _solve(
    xy: Floats, variance: Floats, codes: Codes, accounts: NDArray[np.generic], confidence_level: float
) -> _Solved:
    nan, inf = float("nan"), float("inf")
    top, bottom = _moments(xy, variance, codes)
    if _could_be_noise(xy[:, 0], variance, codes, 1 - confidence_level):
        limit = "NPS differs between accounts no more than sampling alone could make it: no slope is ruled out."
        return _Solved(top / bottom if bottom > 0 else nan, nan, -inf, inf, nan, limit)
    slope = top / bottom
    folds = folds_of(pd.factorize(accounts)[0])
    left_out = np.empty(folds.max() + 1)
    for fold in range(len(left_out)):
        kept = folds != fold
        top, bottom = _moments(xy[kept], variance[kept], codes[kept])
        left_out[fold] = top / bottom if bottom > 0 else nan
    se = jackknife_se(left_out)
    if not np.isfinite(se):
        return _Solved(
            slope, nan, -inf, inf, nan, "one account makes up the differences in NPS: no slope is ruled out."
        )
    df = len(left_out) - 2
    half = float(stats.t.ppf(0.5 + confidence_level / 2, df)) * se
    pvalue = float(2 * stats.t.sf(abs(slope) / se, df)) if se > 0 else 0.0
    return _Solved(slope, se, slope - half, slope + half, pvalue, "")


def _moments(xy: Floats, variance: Floats, codes: Codes) -> tuple[float, float]:
    """Return the sum of x y and the sum of x^2 less what sampling put in, both centred."""
    x, y = (_centred(column, codes) for column in xy.T)
    return float(x @ y), float(x @ x - (_left_by_centring(codes) * variance).sum())


def _could_be_noise(x: Floats, variance: Floats, codes: Codes, alpha: float) -> bool:
    """Say whether a spread of x as large as this is likely when all true values are equal."""
    noise = _left_by_centring(codes) * variance
    if noise.sum() == 0:
        return False
    df = noise.sum() ** 2 / (noise**2).sum()
    centred = _centred(x, codes)
    return bool(stats.chi2.sf(float(centred @ centred) / noise.sum() * df, df) > alpha)


def _centred(values: Floats, codes: Codes) -> Floats:
    if len(values) == 0:
        return values
    size = np.maximum(np.bincount(codes), 1)
    centred: Floats = values - (np.bincount(codes, weights=values) / size)[codes]
    return centred


def _left_by_centring(codes: Codes) -> Floats:
    """Return the share of each row's sampling variance that centring leaves."""
    left: Floats = 1 - 1 / np.bincount(codes)[codes]
    return left


def _se_limit(paired: pd.DataFrame) -> str:
    se = paired["se"].to_numpy(dtype=float)
    if not np.isfinite(se).all():
        return f"se is missing in {int((~np.isfinite(se)).sum())} of {len(se)} pairs: nothing can be corrected."
    if (se == 0).any():
        zeros = int((se == 0).sum())
        return f"se is 0 in {zeros} of {len(se)} pairs, as if their NPS were exact: the correction is too small."
    if paired["n"].median() < FEW_ANSWERS:
        half = f"{paired['n'].median():g}"
        return f"half of the pairs rest on {half} or fewer answers: their sampling error is not known well."
    return ""
