"""Detractor, passive or promoter by proportional odds: how much better items tell the band, for every subset of them.

R2 is McFadden's (1974): one less the log-likelihood with the items by that without. It is divided among the items by
Shapley's rule, as is that of the 0-10 score.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats: TypeAlias = NDArray[np.float64]

_STEPS: Final = 60
_SMALL: Final = 1e-300
_RIDGE: Final = 1e-9  # keeps Newton's step finite where a band is told without error


def band_likelihoods(items: Floats, band: NDArray[np.int64], weight: Floats) -> Floats:
    """Return the log-likelihood of each answer under the model of each subset of the items, shape (answers, subsets).

    Parameters
    ----------
    items
        Shape (answers, items).
    band
        0, 1, ... in order, each of them somewhere.
    weight
        Of each answer.

    Examples
    --------
    >>> told = band_likelihoods(np.array([[1.0], [2.0], [2.0], [3.0]]), np.array([0, 1, 0, 1]), np.ones(4))
    >>> bool(told[:, 1].sum() > told[:, 0].sum()), round(float(told[0, 0]), 4)
    (True, -0.6931)
    """
    centre = np.average(items, axis=0, weights=weight)
    scaled = (items - centre) / np.sqrt(np.average((items - centre) ** 2, axis=0, weights=weight))
    count = items.shape[1]
    found = np.empty((len(items), 1 << count))
    cuts = int(band.max())
    share = np.array([weight[band <= cut].sum() for cut in range(cuts)]) / weight.sum()
    start = {0: np.log(share / (1 - share))}
    for mask in range(1 << count):
        chosen = [place for place in range(count) if mask >> place & 1]
        # From the model without the last item, whose slopes are near.
        at = start[mask] if mask == 0 else np.append(start[mask & ~(1 << chosen[-1])], 0.0)
        start[mask], found[:, mask] = _fit(scaled[:, chosen], band, weight, at, cuts)
    return found


def _fit(items: Floats, band: NDArray[np.int64], weight: Floats, at: Floats, cuts: int) -> tuple[Floats, Floats]:
    """Climb to the maximum by Newton's method; the likelihood is concave in cuts and slopes (Pratt 1981)."""
    ones = np.eye(cuts)
    upper = np.column_stack([np.vstack([ones, np.zeros(cuts)])[band], -items])
    lower = np.column_stack([np.vstack([np.zeros(cuts), ones])[band], -items])
    first, last = band == 0, band == cuts
    told = _told(at, upper, lower, first, last)
    for _ in range(_STEPS):
        step = _newton(at, upper, lower, first, last, weight)
        size, better = 1.0, told
        while size > 1e-6:
            better = _told(at + size * step, upper, lower, first, last)
            if weight @ better >= weight @ told:
                break
            size /= 2
        gain = float(weight @ better - weight @ told)
        if gain <= 0:
            break
        at, told = at + size * step, better
        if gain < 1e-9:
            break
    return at, told


def _chances(
    at: Floats, upper: Floats, lower: Floats, first: NDArray[np.bool_], last: NDArray[np.bool_]
) -> tuple[Floats, Floats, Floats]:
    """Return the chance of being at most in, and at most below, the band that was given, and their difference."""
    top = np.where(last, 1.0, expit(upper @ at))
    bottom = np.where(first, 0.0, expit(lower @ at))
    # At the upper end 1 - expit(x) is expit(-x), without losing its digits.
    within = np.where(last, expit(-(lower @ at)), top - bottom)
    return top, bottom, np.maximum(within, _SMALL)


def _told(at: Floats, upper: Floats, lower: Floats, first: NDArray[np.bool_], last: NDArray[np.bool_]) -> Floats:
    return np.asarray(np.log(_chances(at, upper, lower, first, last)[2]))


def _newton(
    at: Floats, upper: Floats, lower: Floats, first: NDArray[np.bool_], last: NDArray[np.bool_], weight: Floats
) -> Floats:
    top, bottom, within = _chances(at, upper, lower, first, last)
    slope_u, slope_l = top * (1 - top), bottom * (1 - bottom)
    bend_u, bend_l = slope_u * (1 - 2 * top), slope_l * (1 - 2 * bottom)
    pull_u, pull_l = weight * slope_u / within, -weight * slope_l / within
    gradient = upper.T @ pull_u + lower.T @ pull_l
    uu = weight * (bend_u / within - (slope_u / within) ** 2)
    ll = weight * (-bend_l / within - (slope_l / within) ** 2)
    ul = weight * slope_u * slope_l / within**2
    mixed = (upper * ul[:, None]).T @ lower
    hessian: Floats = (upper * uu[:, None]).T @ upper + (lower * ll[:, None]).T @ lower + mixed + mixed.T
    ridge = _RIDGE * float(weight.sum()) * np.eye(len(at))
    return np.asarray(np.linalg.lstsq(ridge - hessian, gradient, rcond=None)[0], dtype=np.float64)
