"""Every outcome of a survey of n answers and its chance, over a grid of populations: the ground of method checks."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import pandas as pd
from scipy import stats

from nps_utils.scale import COUNTS
from nps_utils.stats.arithmetic.intervals import FloatArray

Mix: TypeAlias = tuple[float, float, float]

# Shares of detractors, passives and promoters as surveys show them: both waves have the same ...
COMMON_NULLS: Final[tuple[Mix, ...]] = (
    (0.1, 0.2, 0.7),
    (0.2, 0.3, 0.5),
    (0.3, 0.3, 0.4),
    (0.4, 0.3, 0.3),
    (0.05, 0.15, 0.8),
    (0.1, 0.5, 0.4),
    (0.25, 0.5, 0.25),
    (0.02, 0.08, 0.9),
)
# ... or different shares with the same score.
UNEQUAL_NULLS: Final[tuple[tuple[Mix, Mix], ...]] = (
    ((0.1, 0.4, 0.5), (0.25, 0.1, 0.65)),
    ((0.05, 0.35, 0.6), (0.15, 0.15, 0.7)),
    ((0.2, 0.5, 0.3), (0.35, 0.2, 0.45)),
)


def outcomes(n: int) -> pd.DataFrame:
    """Return every possible row of counts for n answers.

    Examples
    --------
    >>> outcomes(1)
       detractors  passives  promoters
    0           0         0          1
    1           0         1          0
    2           1         0          0
    """
    low, middle = (side.ravel() for side in np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij"))
    kept = low + middle <= n
    low, middle = low[kept], middle[kept]
    return pd.DataFrame(dict(zip(COUNTS, (low, middle, n - low - middle), strict=True)))


def mixes(*, step: float = 0.05) -> FloatArray:
    """Return a grid of populations in which every band has a share of at least `step`, shape (populations, 3).

    Examples
    --------
    >>> len(mixes(step=0.05)), mixes(step=0.25).tolist()
    (171, [[0.25, 0.25, 0.5], [0.25, 0.5, 0.25], [0.5, 0.25, 0.25]])
    """
    parts = round(1 / step)
    grid = outcomes(parts - len(COUNTS)).to_numpy() + 1
    return grid / parts


def chances(every: pd.DataFrame, n: int, shares: FloatArray) -> FloatArray:
    """Return the multinomial chance of every outcome of n answers, shape (populations, outcomes)."""
    chance: FloatArray = stats.multinomial.pmf(every.to_numpy()[np.newaxis], n, shares[:, np.newaxis, :])
    return chance


def words(mix: Mix) -> str:
    """Write a mix as per cent of detractors/passives/promoters."""
    return "/".join(f"{100 * share:g}" for share in mix)
