"""Whether items go with the score at all: R2 against what chance gives when the scores of accounts change sign."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]


def r2_pvalue(
    items: Floats,
    outcome: Floats,
    weight: Floats,
    unit: NDArray[np.int64],
    *,
    draws: int,
    rng: np.random.Generator,
) -> float:
    """Return the chance of an R2 at least this large if no item went with the outcome.

    The wild cluster bootstrap (Cameron, Gelbach and Miller 2008) of R2 under that hypothesis: the centred outcomes of
    each account keep or change their sign together, and the items stay.

    Examples
    --------
    >>> x = np.arange(40.0)
    >>> steady = r2_pvalue(x[:, None], x, np.ones(40), np.arange(40), draws=199, rng=np.random.default_rng(1))
    >>> noise = np.where(np.arange(40) % 2, 1.0, -1.0)
    >>> r2_pvalue(x[:, None], noise, np.ones(40), np.arange(40), draws=199, rng=np.random.default_rng(1)) > 0.5, steady
    (True, 0.005)
    """
    there = np.isfinite(items)
    heavy = weight[:, None] * there
    centre = (np.where(there, items, 0.0) * heavy).sum(axis=0) / heavy.sum(axis=0)
    apart = np.where(there, items - centre, 0.0)
    spread = np.sqrt((apart**2 * heavy).sum(axis=0) / heavy.sum(axis=0))
    scaled = apart / spread
    both = there.T.astype(float) @ heavy
    among = (scaled * weight[:, None]).T @ scaled / both
    gap = outcome - np.average(outcome, weights=weight)
    pulls = np.zeros((int(unit.max()) + 1, items.shape[1]))
    np.add.at(pulls, unit, scaled * (weight * gap)[:, None] / heavy.sum(axis=0))
    inverse = np.linalg.pinv(among, rcond=1e-8, hermitian=True)
    signs = rng.choice(np.array([-1.0, 1.0]), size=(draws, len(pulls)))
    drawn, real = signs @ pulls, pulls.sum(axis=0)
    by_chance = np.einsum("di,ij,dj->d", drawn, inverse, drawn)
    reached = float(real @ inverse @ real)
    return float((1 + np.sum(by_chance >= reached * (1 - 1e-9))) / (1 + draws))
