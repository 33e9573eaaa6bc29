"""Sums over answers from which means and correlations follow, also where answers are missing here and there."""

from __future__ import annotations

from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

_TINY = 1e-12


def sums_by_unit(values: Floats, weight: Floats, unit: NDArray[np.int64]) -> Floats:
    """Return, for each unit and each two columns, what their correlation needs: shape (units, 4, columns, columns).

    The four are the weight of answers that have both, the sums of the first column and of its squares over these, and
    the sum of products. A column that was not answered is NaN and is left out of its pairs only.
    """
    there = np.isfinite(values)
    filled = np.where(there, values, 0.0)
    known, columns = there.astype(float), values.shape[1]
    order = np.argsort(unit, kind="stable")
    edges = np.searchsorted(unit[order], np.arange(unit.max(initial=-1) + 2))
    found = np.zeros((len(edges) - 1, 4, columns, columns))
    for place, (start, end) in enumerate(pairwise(edges)):
        rows = order[start:end]
        x, m, w = filled[rows], known[rows], weight[rows, None]
        weighted = (x * w).T
        found[place] = ((m * w).T @ m, weighted @ m, (x * weighted.T).T @ m, weighted @ x)
    return found


def means(sums: Floats) -> Floats:
    """Return the mean of each column over all that answered it, shape (many, columns)."""
    own = np.arange(sums.shape[-1])
    total, first = sums[:, 0, own, own], sums[:, 1, own, own]
    return np.asarray(np.divide(first, total, out=np.full_like(first, np.nan), where=total > 0))


def correlations(sums: Floats) -> Floats:
    """Return the correlations of each two columns over the answers that have both, shape (many, columns, columns).

    A column that does not vary is correlated with nothing.
    """
    n = np.maximum(sums[:, 0], _TINY)
    first, square = sums[:, 1] / n, sums[:, 2] / n
    second, square_second = first.transpose(0, 2, 1), square.transpose(0, 2, 1)
    spread = np.sqrt(np.maximum(square - first**2, 0.0) * np.maximum(square_second - second**2, 0.0))
    common = sums[:, 3] / n - first * second
    found = np.divide(common, spread, out=np.zeros_like(common), where=spread > _TINY)
    found = np.clip(found, -1.0, 1.0)
    own = np.arange(found.shape[-1])
    found[:, own, own] = 1.0
    return np.asarray(found)


def spreads(sums: Floats) -> Floats:
    """Return the standard deviation of each column, shape (many, columns)."""
    own = np.arange(sums.shape[-1])
    n = np.maximum(sums[:, 0, own, own], _TINY)
    return np.asarray(np.sqrt(np.maximum(sums[:, 2, own, own] / n - (sums[:, 1, own, own] / n) ** 2, 0.0)))


def slopes(sums: Floats) -> Floats:
    """Return the slopes of the last column on all others, the others held still, shape (many, columns - 1)."""
    matrix, spread = correlations(sums), spreads(sums)
    beta = (np.linalg.pinv(matrix[:, :-1, :-1], rcond=1e-8, hermitian=True) @ matrix[:, :-1, -1:])[:, :, 0]
    own, outcome = spread[:, :-1], spread[:, -1:]
    return np.asarray(np.divide(beta * outcome, own, out=np.zeros_like(beta), where=own > _TINY))
