"""Penalty and reward: what goes with an answer below the usual one, and with one above it."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.scale import BANDS
from nps_utils.stats.arithmetic.multiplicity import adjusted
from nps_utils.stats.drivers.moments import slopes, sums_by_unit
from nps_utils.stats.drivers.resampled import resample

Floats: TypeAlias = NDArray[np.float64]

# Fewer answers below or above the usual one say nothing of that side.
_LEAST: Final = 10


def penalty_and_reward(
    items: Floats, score: Floats, weight: Floats, unit: NDArray[np.int64], confidence_level: float
) -> pd.DataFrame:
    """Return, for each item, the usual answer and the points of NPS that go with answers below and above it.

    The points of an answer (-100 detractor, 0 passive, 100 promoter) are regressed on whether each item is below and
    above its median answer, all items together; so a penalty is that of an answer which is usual in all else. A side
    with fewer than 10 answers is missing, as above the best step there is none.
    """
    low, high = BANDS["detractor"][1], BANDS["promoter"][0]
    points = 100.0 * ((score >= high).astype(float) - (score <= low))
    middle = np.array([_median(column) for column in items.T])
    there = np.isfinite(items)
    sides = {
        "penalty": np.where(there, items < middle, np.nan).astype(float),
        "reward": np.where(there, items > middle, np.nan).astype(float),
    }
    flags = np.column_stack(list(sides.values()))
    enough = (np.nansum(flags, axis=0) >= _LEAST) & (np.nansum(flags == 0, axis=0) >= _LEAST)
    estimates, lows, highs, pvalues = (np.full(flags.shape[1], np.nan) for _ in range(4))
    if enough.any():
        sums = sums_by_unit(np.column_stack([flags[:, enough], points]), weight, unit)
        drawn = resample(sums, slopes, draws=0, rng=np.random.default_rng(0))
        estimates[enough] = drawn.whole
        lows[enough], highs[enough] = drawn.linear_limits(confidence_level)
        pvalues[enough] = adjusted(drawn.pvalues())
    count = items.shape[1]
    found: dict[str, Floats] = {"middle": middle}
    for place, name in enumerate(sides):
        own = slice(place * count, (place + 1) * count)
        found |= {name: estimates[own], f"{name}_low": lows[own], f"{name}_high": highs[own]}
        found |= {f"{name}_pvalue_adjusted": pvalues[own]}
    return pd.DataFrame(found)


def _median(column: Floats) -> float:
    """Return the median as an answer that somebody gave."""
    known = np.sort(column[np.isfinite(column)])
    return float(known[(len(known) - 1) // 2])
