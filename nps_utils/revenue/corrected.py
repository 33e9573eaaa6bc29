"""The slope of growth on NPS, corrected for NPS being measured with error."""

from __future__ import annotations

import math
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from nps_utils.checks import check_choice, check_fraction
from nps_utils.remembering import remembered
from nps_utils.revenue.lagged_pairs import PANEL, pairs
from nps_utils.revenue.slope import honest_slope
from nps_utils.stats.arithmetic.correlation import folds_of, jackknife_se

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]
Effects: TypeAlias = Literal["none", "period", "account"]

# Below this number of answers the plug-in variance of one account's NPS is too small by more than a twentieth.
FEW_ANSWERS: Final = 20

COLUMNS: Final = (
    *("slope", "se", "low", "high", "pvalue", "naive_slope", "naive_low", "naive_high"),
    *("reliability", "n", "accounts", "answers", "limit"),
)


@remembered(*PANEL)
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
    section 3.1). The standard error is a jackknife by account (t with accounts - 2 degrees of freedom), which is honest
    about accounts far from the mean. As in Fieller's interval of a ratio, the limits widen by 1 / sqrt(1 - t^2 d), d
    being the squared coefficient of variation that sampling alone gives the denominator; where t^2 d reaches 1, the
    variance between accounts could be all sampling, the limits are infinite and `limit` says why. The p-value is the
    level at which the interval touches zero.

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
    if bottom <= 0:
        limit = "NPS differs between accounts less than sampling alone would make it: no slope is ruled out."
        return _Solved(nan, nan, -inf, inf, nan, limit)
    slope = top / bottom
    above, below = _moments_without(xy, variance, codes, folds_of(pd.factorize(accounts)[0]))
    left_out = np.where(below > 0, above / np.where(below > 0, below, 1.0), nan)
    se = jackknife_se(left_out)
    if not np.isfinite(se):
        limit = "one account makes up the differences in NPS: no slope is ruled out."
        return _Solved(slope, nan, -inf, inf, nan, limit)
    df = len(left_out) - 2
    t = float(stats.t.ppf(0.5 + confidence_level / 2, df))
    doubt = _variance_by_noise(xy[:, 0], variance, codes) / bottom**2
    spread = math.sqrt(se**2 + slope**2 * doubt)
    pvalue = float(2 * stats.t.sf(abs(slope) / spread, df)) if spread > 0 else 0.0
    if t * t * doubt >= 1:
        limit = "NPS differs between accounts no more than sampling alone could make it: no slope is ruled out."
        return _Solved(slope, se, -inf, inf, pvalue, limit)
    half = t * se / math.sqrt(1 - t * t * doubt)
    return _Solved(slope, se, slope - half, slope + half, pvalue, "")


def _moments(xy: Floats, variance: Floats, codes: Codes) -> tuple[float, float]:
    """Return the sum of x y and the sum of x^2 less what sampling put in, both centred."""
    x, y = (_centred(column, codes) for column in xy.T)
    return float(x @ y), float(x @ x - (_left_by_centring(codes) * variance).sum())


def _moments_without(xy: Floats, variance: Floats, codes: Codes, folds: NDArray[np.integer]) -> tuple[Floats, Floats]:
    """Return the moments without each fold in turn: of what is left of a group when a fold goes, from sums alone."""
    x, y = (_centred(column, codes) for column in xy.T)
    columns = (np.ones_like(x), x, y, x * x, x * y, variance)
    pairs, place = np.unique(codes * (int(folds.max()) + 1) + folds, return_inverse=True)
    group, fold = np.divmod(pairs, int(folds.max()) + 1)
    sums = np.array([np.bincount(codes, column) for column in columns])
    left = sums[:, group] - np.array([np.bincount(place, column) for column in columns])
    n = np.maximum(left[0].round(), 1.0)  # a group that goes as a whole leaves nothing
    left = np.where(left[0].round() > 0, left, 0.0)
    whole, part = _of_sums(sums, sums[0]), _of_sums(left, n)
    top, bottom = (
        every.sum() + np.bincount(fold, less - every[group]) for every, less in zip(whole, part, strict=True)
    )
    return top, bottom


def _of_sums(sums: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Return the moments of each group from the sums of one, x, y, x^2, x y and the variance in it."""
    _, x, y, xx, xy, variance = sums
    return xy - x * y / n, xx - x * x / n - (1 - 1 / n) * variance


def _variance_by_noise(x: Floats, variance: Floats, codes: Codes) -> float:
    """Return the variance that sampling alone gives the corrected sum of squares: 4 x^2 s^2 + 2 s^4, x being true."""
    squares = _centred(x, codes) ** 2 - _left_by_centring(codes) * variance
    return max(4 * float(squares @ variance), 0.0) + 2 * float(variance @ variance)


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
