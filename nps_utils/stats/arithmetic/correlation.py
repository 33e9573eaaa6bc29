"""Correlation of few accounts: what size can be seen, and an interval that keeps the rows of an account together."""

from __future__ import annotations

import math
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from nps_utils.checks import BadValue, check_choice, check_fraction, check_positive, check_whole

Kind: TypeAlias = Literal["pearson", "spearman"]
Floats: TypeAlias = NDArray[np.float64]

# Leaving out one account at a time stays affordable up to here; above it, groups of accounts are left out.
MOST_FOLDS: Final = 200
# Fewer accounts than this leave no degrees of freedom worth an interval.
LEAST_ACCOUNTS: Final = 4


class Correlation(NamedTuple):
    """One correlation with its interval; `limit` says why a number is missing, and is empty otherwise."""

    r: float
    low: float
    high: float
    n: int
    accounts: int
    limit: str


def pvalue_of_r(r: float, *, df: float) -> float:
    """Return the two-sided p-value of a correlation from its t statistic, r sqrt(df / (1 - r^2)).

    Examples
    --------
    >>> round(pvalue_of_r(0.40, df=10), 2), round(pvalue_of_r(-0.45, df=2), 2)
    (0.2, 0.55)
    """
    if not -1 <= r <= 1:
        raise BadValue(f"r = {r!r} is not a correlation from -1 to 1.")
    check_positive("df", df)
    if abs(r) == 1:
        return 0.0
    return float(2 * stats.t.sf(abs(r) * math.sqrt(df / (1 - r * r)), df))


def critical_r(n: int, *, confidence_level: float = 0.95) -> float:
    """Return the smallest |r| of n pairs that a two-sided t test calls different from zero.

    Examples
    --------
    >>> [round(critical_r(n), 2) for n in (4, 12, 20)]
    [0.95, 0.58, 0.44]
    """
    check_whole("n", n, least=3)
    check_fraction("confidence_level", confidence_level)
    t = stats.t.ppf(0.5 + confidence_level / 2, n - 2)
    return float(t / math.sqrt(n - 2 + t * t))


def detectable_r(n: int, *, power: float = 0.8, confidence_level: float = 0.95) -> float:
    """Return the true |r| that n pairs would call different from zero with the given power.

    Fisher's z: tanh((z_confidence + z_power) / sqrt(n - 3)).

    Examples
    --------
    >>> [round(detectable_r(n), 2) for n in (20, 76)]
    [0.59, 0.32]
    """
    check_whole("n", n, least=4)
    check_fraction("power", power)
    check_fraction("confidence_level", confidence_level)
    z = stats.norm.ppf(0.5 + confidence_level / 2) + stats.norm.ppf(power)
    return float(math.tanh(z / math.sqrt(n - 3)))


def reliability(n: float, *, between_sd: float, noise_sd: float = 75.0) -> float:
    """Return the share of the variance of measured scores that is true difference between accounts.

    Parameters
    ----------
    n
        Answers per account.
    between_sd
        Standard deviation of the true NPS between accounts, in points.
    noise_sd
        Standard deviation of one answer, in points; about 75 at usual mixes of bands.

    Examples
    --------
    >>> [round(reliability(n, between_sd=15), 2) for n in (20, 100, 500)]
    [0.44, 0.8, 0.95]
    """
    for name, value in (("n", n), ("between_sd", between_sd), ("noise_sd", noise_sd)):
        check_positive(name, value)
    return between_sd**2 / (between_sd**2 + noise_sd**2 / n)


def correlation(
    x: Floats, y: Floats, accounts: NDArray[np.generic], *, kind: Kind = "pearson", confidence_level: float = 0.95
) -> Correlation:
    """Correlate two columns and give an interval that leaves out whole accounts.

    The interval is a jackknife on Fisher's z with t quantiles (Efron and Tibshirani 1993, chapter 11): each account,
    with all its rows, is left out in turn. With one row per account and normal data it is close to the textbook's.

    Parameters
    ----------
    x, y
        Equal lengths, no missing values.
    accounts
        The account of each row.
    kind
        `pearson`, or `spearman` for Pearson's correlation of ranks.

    Returns
    -------
    r and its limits, the number of rows and accounts. r and its limits are missing, with `limit` saying why, where a
    column is constant; the limits alone where there are fewer than four accounts.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])
    >>> found = correlation(x, np.array([3.0, 1.0, 2.0, 6.0, 4.0, 8.0, 5.0, 7.0]), np.arange(8))
    >>> round(found.r, 3), round(found.low, 2), round(found.high, 2)
    (0.762, 0.41, 0.92)
    """
    check_choice("kind", kind, ("pearson", "spearman"))
    check_fraction("confidence_level", confidence_level)
    codes, labels = pd.factorize(np.asarray(accounts))
    n, n_accounts = len(x), len(labels)
    missing = Correlation(np.nan, np.nan, np.nan, n, n_accounts, "")
    if n < 3:
        return missing._replace(limit=f"{n} pairs: no correlation can be computed from fewer than 3.")
    for name, column in (("NPS", x), ("growth", y)):
        if np.ptp(column) == 0:
            return missing._replace(limit=f"{name} is the same in all {n} pairs: there is nothing to correlate.")
    r = _pearson(*_ranked(x, y, kind))
    if n_accounts < LEAST_ACCOUNTS:
        return missing._replace(r=r, limit=f"{n_accounts} accounts: too few for an interval (4 are needed).")
    low, high = jackknife_limits(_left_out(x, y, codes, kind), r, confidence_level=confidence_level)
    if not math.isfinite(low):
        return missing._replace(r=r, limit="one account decides the correlation: without it there is none.")
    return Correlation(r, low, high, n, n_accounts, "")


def jackknife_limits(left_out: Floats, r: float, *, confidence_level: float) -> tuple[float, float]:
    """Return the limits of r from its values with one fold left out each, on the scale of Fisher's z."""
    se = jackknife_se(np.arctanh(np.clip(left_out, -1 + 1e-9, 1 - 1e-9)))
    z = math.atanh(min(max(r, -1 + 1e-9), 1 - 1e-9))
    half = stats.t.ppf(0.5 + confidence_level / 2, len(left_out) - 1) * se
    return math.tanh(z - half), math.tanh(z + half)


def jackknife_se(left_out: Floats) -> float:
    """Return the jackknife standard error from the values of a statistic with one fold left out each."""
    folds = len(left_out)
    return float(np.sqrt((folds - 1) / folds * ((left_out - left_out.mean()) ** 2).sum()))


def folds_of(codes: NDArray[np.integer], *, most: int = MOST_FOLDS) -> NDArray[np.integer]:
    """Return a fold for each row: its account, or a group of accounts where there are more than `most`."""
    return codes % most


def left_out_pearson(x: Floats, y: Floats, codes: NDArray[np.integer], *, folds: int = 0) -> Floats:
    """Return Pearson's r without each code in turn (at least `folds` of them), from sums alone."""
    cx, cy = x - x.mean(), y - y.mean()
    columns = (np.ones_like(cx), cx, cy, cx * cx, cy * cy, cx * cy)
    n, sx, sy, sxx, syy, sxy = (
        column.sum() - np.bincount(codes, weights=column, minlength=folds) for column in columns
    )
    vx, vy = sxx - sx * sx / n, syy - sy * sy / n
    # A remainder without spread has no correlation; zero would be a claim.
    flat = (vx <= 1e-12 * sxx) | (vy <= 1e-12 * syy) | (n < 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = (sxy - sx * sy / n) / np.sqrt(vx * vy)
    return np.where(flat, np.nan, np.clip(r, -1, 1))


def _left_out(x: Floats, y: Floats, codes: NDArray[np.integer], kind: Kind) -> Floats:
    folds = folds_of(codes)
    return left_out_pearson(x, y, folds) if kind == "pearson" else _left_out_spearman(x, y, folds)


def _left_out_spearman(x: Floats, y: Floats, folds: NDArray[np.integer]) -> Floats:
    """Return Spearman's r without each fold in turn.

    Both columns are sorted once. The rank of a value among the rows that are left follows from how often each is left,
    and the sum of products is that over all rows, in the order of y, less that over the rows left out.
    """
    sides = [_Ranks(values) for values in (x, y)]
    order = np.argsort(sides[1].place, kind="stable")
    in_order = [side.place[order] for side in sides]
    every = [np.empty(len(x)) for _ in sides]
    by_fold = np.argsort(folds, kind="stable")
    found = []
    for out in np.split(by_fold, np.searchsorted(folds[by_fold], np.arange(1, folds.max() + 1))):
        squares = math.prod(side.leave(side.place[out]) for side in sides)
        for side, places, ranks in zip(sides, in_order, every, strict=True):
            np.take(side.rank, places, out=ranks, mode="clip")  # other modes copy once more
        gone = [side.rank[side.place[out]] for side in sides]
        products = float(every[0] @ every[1] - gone[0] @ gone[1])
        found.append(min(max(products / math.sqrt(squares), -1.0), 1.0) if squares > 0 else math.nan)
    return np.array(found)


class _Ranks:
    """The distinct values of a column, and the mean rank of each, from the middle, among the rows that are left.

    Each fold fills the same memory anew: asking for more takes longer than counting.
    """

    def __init__(self, values: Floats) -> None:
        _, self.place, times = np.unique(values, return_inverse=True, return_counts=True)
        self.left = times.astype(float)
        self.rank, self._spare = np.empty_like(self.left), np.empty_like(self.left)

    def leave(self, out: NDArray[np.intp]) -> float:
        """Rank what is left when rows with these values go; return the sum of squares of their ranks."""
        np.subtract.at(self.left, out, 1.0)
        np.cumsum(self.left, out=self.rank)
        self.rank -= self.rank[-1] / 2
        self.rank -= np.multiply(self.left, 0.5, out=self._spare)
        squares = float(np.multiply(self.left, self.rank, out=self._spare) @ self.rank)
        np.add.at(self.left, out, 1.0)
        return squares


def _ranked(x: Floats, y: Floats, kind: Kind) -> tuple[Floats, Floats]:
    return (x, y) if kind == "pearson" else (stats.rankdata(x), stats.rankdata(y))


def _pearson(x: Floats, y: Floats) -> float:
    cx, cy = x - x.mean(), y - y.mean()
    scale = math.sqrt(float(cx @ cx) * float(cy @ cy))
    return float(np.clip(cx @ cy / scale, -1, 1)) if scale > 0 else math.nan
