"""Penalty and reward: what goes with an answer below the usual one, and with one above it, other items held still."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.scale import BANDS
from nps_utils.stats.arithmetic.multiplicity import adjusted
from nps_utils.stats.drivers.moments import slopes, sums_by_unit
from nps_utils.stats.drivers.resampled import Drawn, resample

Floats: TypeAlias = NDArray[np.float64]

# Fewer answers below or above the usual one say nothing of that side.
_LEAST: Final = 10
# Into so many groups answers are put by what their other items foretell.
_GROUPS: Final = 10
_SIDES: Final = ("penalty", "reward")


def penalty_and_reward(
    items: Floats, score: Floats, weight: Floats, unit: NDArray[np.int64], confidence_level: float
) -> pd.DataFrame:
    """Return, for each item, the usual answer and the points of NPS that go with answers below and above it.

    An answer is -100 (detractor), 0 or 100 points. Those below and above the median are compared with those at it among
    answers whose other items foretell alike: what these foretell (least squares on the items and their squares) is held
    still as a line and in ten groups. Holding still only whether the others are below or above their own median, as
    penalty-reward analysis does (Brandt 1987), can turn the sign of a reward: who gives a ten gives others a nine and
    not a five. A side with fewer than 10 answers is missing, as above the best step there is none.
    """
    low, high = BANDS["detractor"][1], BANDS["promoter"][0]
    points = 100.0 * ((score >= high).astype(float) - (score <= low))
    rows, pvalues = list[dict[str, float]](), list[float]()
    for place, column in enumerate(items.T):
        there = np.isfinite(column)
        middle = _quantile(column[there], weight[there], 0.5)
        flags = np.column_stack([column < middle, column > middle])[there].astype(float)
        enough = np.minimum(flags.sum(axis=0), (1 - flags).sum(axis=0)) >= _LEAST
        row = {"middle": middle} | {f"{side}{end}": np.nan for side in _SIDES for end in ("", "_low", "_high")}
        told = dict.fromkeys(_SIDES, np.nan)
        if enough.any():
            others = _foretold(np.delete(items, place, axis=1)[there], points[there], weight[there])
            table = np.column_stack([flags[:, enough], others, points[there]])
            drawn = _drawn(table, weight[there], unit[there], int(enough.sum()))
            ends, chance = drawn.linear_limits(confidence_level), drawn.pvalues()
            for at, side in enumerate(side for side, known in zip(_SIDES, enough, strict=True) if known):
                row |= {side: drawn.whole[at], f"{side}_low": ends[0][at], f"{side}_high": ends[1][at]}
                told[side] = float(chance[at])
        rows.append(row)
        pvalues += told.values()
    holm = adjusted(np.array(pvalues)).reshape(-1, len(_SIDES))
    found = pd.DataFrame(rows)
    return found.assign(**{f"{side}_pvalue_adjusted": holm[:, at] for at, side in enumerate(_SIDES)})


def _drawn(table: Floats, weight: Floats, unit: NDArray[np.int64], sides: int) -> Drawn:
    """Return the slopes of the first columns, of all answers and without each unit."""
    own = np.unique(unit, return_inverse=True)[1].astype(np.int64)
    sums = sums_by_unit(table, weight, own)
    return resample(sums, lambda many: slopes(many)[:, :sides], draws=0, rng=np.random.default_rng(0))


def _foretold(others: Floats, points: Floats, weight: Floats) -> Floats:
    """Return what the other items foretell of each answer's points, as a line and in groups; nothing of none."""
    if others.shape[1] == 0:
        return np.empty((len(others), 0))
    known = np.isfinite(others)
    heavy = known * weight[:, None]
    centre = np.where(known, others, 0.0) * heavy
    apart = np.where(known, others - centre.sum(axis=0) / np.maximum(heavy.sum(axis=0), 1e-12), 0.0)
    design = np.column_stack([np.ones(len(others)), apart, apart**2])
    root = np.sqrt(weight)
    fitted = design @ np.linalg.lstsq(design * root[:, None], points * root, rcond=None)[0]
    borders = np.unique([_quantile(fitted, weight, place / _GROUPS) for place in range(1, _GROUPS)])
    group = np.searchsorted(borders, fitted, side="left")
    return np.column_stack([fitted, *((group == place).astype(float) for place in np.unique(group)[1:])])


def _quantile(values: Floats, weight: Floats, share: float) -> float:
    """Return the least value that this share of the weight reaches: one that somebody has."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(reached, share * reached[-1] * (1 - 1e-12))])
