"""R2 divided among items that overlap: Shapley values (Lindeman, Merenda and Gold) and Johnson's relative weights.

Everything starts from correlation matrices, many at a time: one for the answers, one for each draw of a bootstrap.
"""

from __future__ import annotations

from math import factorial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

# Of an item's variance, what must be left when others are held still for it to say anything of its own.
_LEAST_LEFT = 1e-8


def shapley_weights(items: int) -> Floats:
    """Return the matrix that turns the values of all subsets into the Shapley value of each item.

    Column S (a bit mask) weighs the value of the subset S. An item's Shapley value is what it adds, averaged over all
    orders in which the items may come (Shapley 1953).

    Examples
    --------
    >>> shapley_weights(2)
    array([[-0.5,  0.5, -0.5,  0.5],
           [-0.5, -0.5,  0.5,  0.5]])
    """
    masks = np.arange(1 << items)
    sizes = np.array([int(mask).bit_count() for mask in masks])
    chance = np.array([factorial(s) * factorial(items - 1 - s) / factorial(items) for s in range(items)] + [0.0])
    weights = np.empty((items, len(masks)))
    for item in range(items):
        there = (masks >> item) & 1 == 1
        weights[item] = np.where(there, chance[np.maximum(sizes - 1, 0)], -chance[sizes])
    return weights


def subset_r2(correlations: Floats) -> Floats:
    """Return R2 of the last variable on every subset of the others, shape (matrices, subsets).

    Subsets are walked in depth: an item is swept out once for all that follow it, so that 12 items cost 4,096 small
    steps and no regression.

    Examples
    --------
    >>> subset_r2(np.array([[[1.0, 0.0, 0.6], [0.0, 1.0, 0.5], [0.6, 0.5, 1.0]]])).round(2)
    array([[0.  , 0.36, 0.25, 0.61]])
    """
    items = correlations.shape[-1] - 1
    found = np.zeros((1 << items, len(correlations)))

    def walk(mask: int, first: int, left: Floats) -> None:
        found[mask] = 1.0 - left[:, -1, -1]
        for place in range(left.shape[1] - 1):
            rest = left[:, place + 1 :, place]
            own = left[:, place, place]
            pull = np.divide(rest, own[:, None], out=np.zeros_like(rest), where=own[:, None] > _LEAST_LEFT)
            swept = left[:, place + 1 :, place + 1 :] - pull[:, :, None] * rest[:, None, :]
            walk(mask | 1 << (first + place), first + place + 1, swept)

    walk(0, 0, correlations)
    return found.T


def shapley_r2(correlations: Floats) -> Floats:
    """Return each item's share of R2 by LMG, the Shapley value of R2, shape (matrices, items); they add up to R2.

    Lindeman, Merenda and Gold 1980; Groemping 2006, Journal of Statistical Software 17(1).

    Parameters
    ----------
    correlations
        Shape (matrices, items + 1, items + 1), the outcome last.

    Examples
    --------
    >>> shapley_r2(np.array([[[1.0, 0.0, 0.6], [0.0, 1.0, 0.5], [0.6, 0.5, 1.0]]])).round(2)
    array([[0.36, 0.25]])
    """
    values = subset_r2(correlations)
    shares: Floats = values @ shapley_weights(correlations.shape[-1] - 1).T
    return shares


def relative_weights(correlations: Floats) -> Floats:
    """Return each item's share of R2 by Johnson's relative weights, shape (matrices, items); they add up to R2.

    R2 is divided among uncorrelated variables that are nearest to the items, and each part goes back to the items by
    the squared correlations (Johnson 2000, Multivariate Behavioral Research 35:1).

    Examples
    --------
    >>> relative_weights(np.array([[[1.0, 0.0, 0.6], [0.0, 1.0, 0.5], [0.6, 0.5, 1.0]]])).round(2)
    array([[0.36, 0.25]])
    """
    among, outcome = correlations[:, :-1, :-1], correlations[:, :-1, -1]
    values, vectors = np.linalg.eigh(among)
    root = np.sqrt(np.maximum(values, 0.0))
    near = (vectors * root[:, None, :]) @ vectors.transpose(0, 2, 1)
    inverse = np.divide(1.0, root, out=np.zeros_like(root), where=values > _LEAST_LEFT)
    slopes = ((vectors * inverse[:, None, :]) @ vectors.transpose(0, 2, 1) @ outcome[:, :, None])[:, :, 0]
    shares: Floats = (near**2 @ (slopes**2)[:, :, None])[:, :, 0]
    return shares
