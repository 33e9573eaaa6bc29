"""How sure: accounts are drawn anew, and left out one by one; intervals and ranks from both.

A statistic is a function of sums over answers, so that the sums of each account are all that a draw needs. Limits are
the wider of two: the expanded percentile of the bootstrap by account (Hesterberg 2015, American Statistician 69:371:
the percentiles of Student's t), and Student's t around the jackknife by account on the scale of square roots, where
shares of R2 are nearly symmetric. Either alone falls short: the bootstrap where accounts are few, for it moves weak
items up; the jackknife for items that explain little.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import ndtr, ndtri

Floats: TypeAlias = NDArray[np.float64]
# From sums, shape (many, ...), to the statistic, shape (many, items).
Statistic: TypeAlias = Callable[[Floats], Floats]

# Fewer accounts cannot say how they differ: limits are not given.
LEAST_UNITS: Final = 10
# More are drawn in bundles: as many as tell the spread of the estimate to within two percent.
MOST_UNITS: Final = 2_000
_NOTHING: Final = 1e-12


class Drawn(NamedTuple):
    """A statistic of all answers, of draws of accounts, and of all accounts but one."""

    whole: Floats  # (items,)
    draws: Floats  # (draws, items)
    without: Floats  # (units, items)

    @property
    def known(self) -> bool:
        """Whether there are enough accounts to say how sure the statistic is."""
        return len(self.without) >= LEAST_UNITS

    def critical(self, confidence_level: float) -> float:
        """Return the quantile of Student's t for so many accounts."""
        return float(stats.t.ppf(0.5 + confidence_level / 2, max(len(self.without) - 1, 1)))

    def linear_limits(self, confidence_level: float) -> tuple[Floats, Floats]:
        """Return the limits of means and slopes: Student's t around the jackknife."""
        half = self.critical(confidence_level) * _jackknife(self.without)
        half = half if self.known else np.full(len(self.whole), np.nan)
        return self.whole - half, self.whole + half

    def pvalues(self) -> Floats:
        """Return the two-sided p-values of means and slopes against zero, by the same t."""
        if not self.known:
            return np.full(len(self.whole), np.nan)
        spread = _jackknife(self.without)
        t = np.divide(self.whole, spread, out=np.zeros_like(spread), where=spread > 0)
        return np.asarray(2 * stats.t.sf(np.abs(t), len(self.without) - 1))

    def share_limits(self, confidence_level: float) -> tuple[Floats, Floats]:
        """Return the limits of what cannot be below zero, such as a share of R2; see above."""
        if not self.known:
            nothing = np.full(len(self.whole), np.nan)
            return nothing, nothing.copy()
        t, units = self.critical(confidence_level), len(self.without)
        tail = float(ndtr(-t * np.sqrt(units / (units - 1))))
        drawn = np.quantile(self.draws, [tail, 1 - tail], axis=0)
        root = np.sqrt(np.maximum(self.whole, 0.0))
        half = t * _jackknife(np.sqrt(np.maximum(self.without, 0.0)))
        low = np.minimum(drawn[0], np.maximum(root - half, 0.0) ** 2)
        return np.maximum(low, 0.0), np.maximum(drawn[1], (root + half) ** 2)

    def rank_limits(self, confidence_level: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the ranks that each item may have, 1 for the largest.

        An item is above another where their difference is beyond what all its differences together reach by chance
        (Mogstad, Romano, Shaikh and Wilhelm 2024, Review of Economic Studies 91:476).
        """
        items = len(self.whole)
        if not self.known:
            return np.ones(items, dtype=np.int64), np.full(items, items)
        stretch = self.critical(confidence_level) / float(ndtri(0.5 + confidence_level / 2))
        low, high = np.ones(items, dtype=np.int64), np.full(items, items)
        for item in range(items):
            gap = self.whole[item] - np.delete(self.whole, item)
            drawn = self.draws[:, [item]] - np.delete(self.draws, item, axis=1)
            spread = drawn.std(axis=0)
            far = np.abs(drawn - drawn.mean(axis=0)) / np.maximum(spread, _NOTHING)
            reach = stretch * np.quantile(far.max(axis=1, initial=0.0), confidence_level) * spread
            low[item] += int((gap < -reach - _NOTHING).sum())
            high[item] -= int((gap > reach + _NOTHING).sum())
        return low, high


def _jackknife(without: Floats) -> Floats:
    units = len(without)
    spread: Floats = np.sqrt((units - 1) / units * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
    return spread


def units_of(accounts: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Return what is drawn: the accounts, or bundles of them, by chance, where there are very many."""
    found = np.unique(accounts, return_inverse=True)[1]
    many = int(found.max(initial=-1)) + 1
    if many <= MOST_UNITS:
        return found
    bundle = np.arange(many) % MOST_UNITS
    return np.asarray(rng.permutation(bundle)[found], dtype=np.int64)


def resample(sums: Floats, statistic: Statistic, *, draws: int, rng: np.random.Generator) -> Drawn:
    """Draw units with replacement, and leave each out once.

    Parameters
    ----------
    sums
        What the statistic needs of each unit; shape (units, ...). A draw adds up those of its units.
    """
    units = len(sums)
    flat = sums.reshape(units, -1)
    total = flat.sum(axis=0)
    times = rng.multinomial(units, np.full(units, 1 / units), size=draws).astype(float)
    shape = sums.shape[1:]
    return Drawn(
        statistic(total.reshape(1, *shape))[0],
        statistic((times @ flat).reshape(draws, *shape)),
        statistic((total - flat).reshape(units, *shape)),
    )
