"""What correlations all exchanges of many accounts would give: their mean and spread, without making them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats: TypeAlias = NDArray[np.float64]

# An account that makes up more than this of the variance makes the limit of many accounts a poor one.
_MOST_OF_ONE: Final = 0.002


def powers(values: Floats) -> Floats:
    """Return of each cell whether it is there, its distance from the mean, and the square of that.

    Examples
    --------
    >>> powers(np.array([1.0, np.nan, 3.0])).tolist()
    [[1.0, 0.0, 1.0], [-1.0, 0.0, 1.0], [1.0, 0.0, 1.0]]
    """
    there = np.isfinite(values)
    centred = np.where(there, values - values[there].mean(), 0.0) if there.any() else np.zeros_like(values)
    return np.stack([there.astype(float), centred, centred * centred])


def limit_of_orders(x: Floats, y: Floats, members: Iterable[NDArray[np.intp]], observed: float) -> float | None:
    """Return the two-sided p-value of a correlation among those of all orders of accounts, by their normal limit.

    Each sum that a correlation is made of adds up, over accounts, what the row of one account gives beside that of
    another. Over all orders such sums have a mean and covariances in closed form, and are normal in the limit where no
    account weighs much (Hoeffding 1951, Annals of Mathematical Statistics 22:558); so is what is smooth in them.

    Parameters
    ----------
    x, y
        One row per account, one column per period, NaN where a cell is missing.
    members
        The rows of each group within which accounts are exchanged.
    observed
        The correlation as the rows stand.

    Returns
    -------
    The p-value; None where one account makes up more than a five-hundredth of the variance, or nothing varies.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x, y = rng.normal(size=(2, 20000, 1))
    >>> r = float(np.corrcoef(x.ravel(), y.ravel())[0, 1])
    >>> round(limit_of_orders(x, y, [np.arange(20000)], r), 3), round(float(stats.pearsonr(x.ravel(), y.ravel())[1]), 3)
    (0.608, 0.608)
    """
    one, other = powers(x), powers(y)
    groups = [rows for rows in members if len(rows)]
    means = sum(
        len(rows) * np.einsum("kp,lp->kl", one[:, rows].mean(axis=1), other[:, rows].mean(axis=1)) for rows in groups
    )
    middle, weights = _correlation_and_slopes(np.asarray(means))
    if not np.isfinite(weights).all():
        return None
    # How much r changes with each power of a cell of x, by what stands beside it.
    beside = np.einsum("kl,lnp->nkp", weights, other).reshape(len(x), -1)
    cells = np.moveaxis(one, 0, 1).reshape(len(x), -1)
    variance, largest = 0.0, 0.0
    for rows in groups:
        if len(rows) > 1:
            mine, theirs = (part[rows] - part[rows].mean(axis=0) for part in (cells, beside))
            of_mine, of_theirs = mine.T @ mine, theirs.T @ theirs
            variance += float((of_mine * of_theirs).sum()) / (len(rows) - 1)
            for part, products in ((mine, of_theirs), (theirs, of_mine)):
                largest = max(largest, float(((part @ products) * part).sum(axis=1).max()) / (len(rows) - 1))
    if not variance > 0 or largest > _MOST_OF_ONE * variance:
        return None
    return float(2 * stats.norm.sf(abs(observed - middle) / np.sqrt(variance)))


def _correlation_and_slopes(sums: Floats) -> tuple[float, Floats]:
    """Return r of sums of products, and by how much it rises with each of them; NaN where a column does not vary."""
    (n, sy, syy), (sx, sxy, _), (sxx, _, _) = sums
    with np.errstate(divide="ignore", invalid="ignore"):
        product, x_squares, y_squares = sxy - sx * sy / n, sxx - sx * sx / n, syy - sy * sy / n
        scale = np.sqrt(x_squares * y_squares)
        r = product / scale
        slopes = np.zeros((3, 3))
        slopes[1, 1] = 1 / scale
        slopes[1, 0] = -sy / n / scale + r * sx / n / x_squares
        slopes[0, 1] = -sx / n / scale + r * sy / n / y_squares
        slopes[2, 0], slopes[0, 2] = -r / 2 / x_squares, -r / 2 / y_squares
        slopes[0, 0] = sx * sy / n**2 / scale - r / 2 * (sx**2 / n**2 / x_squares + sy**2 / n**2 / y_squares)
    return float(r), slopes
