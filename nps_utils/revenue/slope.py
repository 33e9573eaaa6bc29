"""One slope of growth on NPS, with errors that hold at this number of accounts."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from nps_utils.stats.arithmetic.resampling import wild_cluster_bootstrap

Floats = NDArray[np.float64]

# Below this number of accounts, sandwich errors are too small and the wild cluster bootstrap takes over.
FEW_ACCOUNTS: Final = 20
LEAST_ACCOUNTS: Final = 4
LEAST_PERIODS: Final = 6
BOOTSTRAP_DRAWS: Final = 999
_ALONE: Final = 1e-12


class Slope(NamedTuple):
    """Percent growth per NPS point, with interval and p-value; `limit` says why a number is missing, else ""."""

    slope: float
    se: float
    low: float
    high: float
    pvalue: float
    n: int
    accounts: int
    errors: str
    limit: str


def honest_slope(
    x: Floats,
    y: Floats,
    accounts: NDArray[np.generic],
    *,
    groups: NDArray[np.generic] | None = None,
    confidence_level: float = 0.95,
    rng: np.random.Generator | int = 0,
) -> Slope:
    """Fit y = a + b x by least squares; choose the errors by the number of accounts.

    20 accounts and more: HC3 where each account has one row (MacKinnon and White 1985), clustered by account where some
    have more. Fewer: the wild cluster bootstrap.

    Parameters
    ----------
    x, y, accounts
        One value per row, none missing.
    groups
        A group per row (segment, period) whose own mean is allowed for; the slope is then the one within groups.

    Examples
    --------
    >>> x = np.arange(30.0)
    >>> found = honest_slope(x, 2 * x + np.tile([1.0, -1.0], 15), np.arange(30))
    >>> round(found.slope, 2), found.errors
    (1.99, 'HC3')
    """
    codes, labels = pd.factorize(np.asarray(accounts))
    limit = _limit(x, y, len(labels), groups)
    if limit:
        return nothing(len(x), len(labels), limit)
    if len(labels) < FEW_ACCOUNTS:
        dummies = _dummies(groups, len(x))
        found = wild_cluster_bootstrap(
            y, x, codes, controls=dummies, confidence_level=confidence_level, draws=BOOTSTRAP_DRAWS, rng=rng
        )
        open_end = not (np.isfinite(found.low) and np.isfinite(found.high))
        limit = "too few accounts to bound the slope." if open_end else ""
        errors = "wild cluster bootstrap"
        return Slope(found.slope, found.se, found.low, found.high, found.pvalue, len(x), len(labels), errors, limit)
    group = np.zeros(len(x), dtype=np.int64) if groups is None else pd.factorize(np.asarray(groups))[0]
    slope, se, df = _from_sums(x, y, codes, group)
    errors = "HC3" if len(labels) == len(x) else "clustered by account"
    half = float(stats.t.ppf(0.5 + confidence_level / 2, df)) * se
    with np.errstate(divide="ignore", invalid="ignore"):
        pvalue = float(2 * stats.t.sf(abs(np.float64(slope) / se), df))
    return Slope(slope, se, slope - half, slope + half, pvalue, len(x), len(labels), errors, "")


def _from_sums(x: Floats, y: Floats, codes: NDArray[np.intp], group: NDArray[np.integer]) -> tuple[float, float, int]:
    """Return the slope within groups, its error and the degrees of freedom: least squares of distances from the means.

    These are those of the regression on x and a constant for each group (Frisch and Waugh 1933), with the small-sample
    factors of statsmodels: millions of rows need no column for each group.
    """
    size = np.bincount(group).astype(float)
    x, y = (values - (np.bincount(group, values) / size)[group] for values in (x, y))
    squares = float(x @ x)
    slope = float(x @ y) / squares
    moves = x * (y - slope * x)
    n, parameters, accounts = len(x), 1 + len(size), int(codes.max()) + 1
    if accounts == n:
        left = 1 - 1 / size[group] - x * x / squares
        # A row alone in its group is fitted whatever it says, and says nothing of the slope.
        scaled = np.divide(moves, left, out=np.zeros(n), where=left > _ALONE)
        return slope, float(np.sqrt(scaled @ scaled)) / squares, n - parameters
    sums = np.bincount(codes, moves)
    factor = accounts / (accounts - 1) * (n - 1) / (n - parameters)
    return slope, float(np.sqrt(factor * (sums @ sums))) / squares, accounts - 1


class TwoWay(NamedTuple):
    """One slope with errors by account and by period at once; all NaN where there are too few of either."""

    se: float
    low: float
    high: float
    pvalue: float
    periods: int


def two_way(
    x: Floats,
    y: Floats,
    accounts: NDArray[np.generic],
    periods: NDArray[np.generic],
    *,
    confidence_level: float = 0.95,
) -> TwoWay:
    """Return the errors of the slope of y on x that allow rows of an account, and rows of a period, to hang together.

    Variance by accounts plus variance by periods less that of rows (Cameron, Gelbach and Miller 2011, Journal of
    Business & Economic Statistics 29:238), each with its own small-sample factor, no less than either of the two, and
    Student's t with the smaller number less one as degrees of freedom. Simulated size at 30 to 150 accounts and 6 to 20
    periods that move all accounts: .04 to .08. Given from six periods and twenty accounts on: fewer do not tell how
    they differ.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x, account, period = rng.normal(size=400), np.repeat(np.arange(40), 10), np.tile(np.arange(10), 40)
    >>> found = two_way(x, x + rng.normal(size=400), account, period)
    >>> found.periods, round(found.se, 2)
    (10, 0.06)
    """
    codes = [pd.factorize(np.asarray(part))[0] for part in (accounts, periods)]
    sizes = [int(code.max(initial=-1)) + 1 for code in codes]
    nan = float("nan")
    if sizes[0] < FEW_ACCOUNTS or sizes[1] < LEAST_PERIODS or np.ptp(x) == 0:
        return TwoWay(nan, nan, nan, nan, sizes[1])
    centred = x - x.mean()
    slope = float(centred @ y / (centred @ centred))
    moves = centred * (y - y.mean() - slope * centred) / float(centred @ centred)
    by = [
        size / (size - 1) * float(np.sum(np.bincount(code, moves) ** 2))
        for code, size in zip(codes, sizes, strict=True)
    ]
    rows = len(x) / (len(x) - 1) * float(moves @ moves)
    se, df = float(np.sqrt(max(sum(by) - rows, *by))), min(sizes) - 1
    half = float(stats.t.ppf(0.5 + confidence_level / 2, df)) * se
    pvalue = float(2 * stats.t.sf(abs(slope) / se, df)) if se > 0 else nan
    return TwoWay(se, slope - half, slope + half, pvalue, sizes[1])


def nothing(n: int, accounts: int, limit: str) -> Slope:
    """Return a slope that could not be fitted, and why."""
    nan = float("nan")
    return Slope(nan, nan, nan, nan, nan, n, accounts, "none", limit)


def _limit(x: Floats, y: Floats, accounts: int, groups: NDArray[np.generic] | None) -> str:
    if len(x) == 0:
        return "no account has both an NPS and a growth at these times."
    if accounts < LEAST_ACCOUNTS:
        have = "1 account has" if accounts == 1 else f"{accounts} accounts have"
        return f"{have} both NPS and growth: too few (4 are needed)."
    for name, column in (("NPS", x), ("growth", y)):
        within = column if groups is None else column - pd.Series(column).groupby(groups).transform("mean").to_numpy()
        if np.ptp(within) <= 1e-9 * max(1.0, float(np.abs(column).max())):
            where = "" if groups is None else " within groups"
            return f"{name} is the same in all {len(x)} pairs{where}: there is nothing to relate."
    parameters = 2 if groups is None else 1 + len(pd.unique(groups))
    if len(x) <= parameters:
        return f"{len(x)} pairs for {parameters} parameters: too few."
    return ""


def _dummies(groups: NDArray[np.generic] | None, n: int) -> Floats | None:
    if groups is None:
        return None
    codes, labels = pd.factorize(np.asarray(groups))
    columns = np.zeros((n, len(labels)))
    columns[np.arange(n), codes] = 1.0
    return columns[:, 1:] if len(labels) > 1 else None
