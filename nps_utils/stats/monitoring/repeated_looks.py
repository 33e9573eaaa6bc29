"""False alarms of every way of watching a score, by simulation of programmes in which nothing happens."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import check_fraction, check_whole
from nps_utils.scale import COUNTS
from nps_utils.stats.arithmetic.intervals import (
    Bands,
    Limits,
    difference_limits,
    difference_pvalue,
    normal_quantile,
    score_limits,
    score_statistic,
)
from nps_utils.stats.arithmetic.mixes import Mix, check_mix, mix_variance
from nps_utils.stats.monitoring.always_valid import difference_sequence_limits, radius, sequence_limits
from nps_utils.stats.monitoring.control import leaving_rate

# A year of weekly looks: where the sequences are narrowest.
LOOKS_PLANNED: Final = 52
MIXES: Final[tuple[Mix, ...]] = ((0.1, 0.2, 0.7), (0.2, 0.3, 0.5), (0.4, 0.3, 0.3), (0.05, 0.05, 0.9))


def false_alarms(
    *,
    rng: np.random.Generator | int,
    per_look: Sequence[int] = (5, 20, 100),
    mixes: Sequence[Mix] = MIXES,
    looks: int = 104,
    replicates: int = 1_000,
    sigmas: float = 3.0,
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Simulate scores that never change, looked at every week, and count who is told that they did.

    Parameters
    ----------
    rng
        Generator or seed.
    per_look
        Answers at each look.
    mixes
        True shares of detractors, passives and promoters.
    looks
        Number of looks.
    replicates
        Simulated programmes for each row; the rate has a standard error of at most 0.5 / sqrt(replicates).
    sigmas
        Distance of the control limits.
    confidence_level
        Of the intervals.

    Returns
    -------
    One row per method, mix and answers per look: `method`, `per_look`, `detractors`, `passives`, `promoters`, `nps`,
    `false_alarms` (share of programmes with one or more), `se` (of that share, by simulation), `final_width`
    (points, mean at the last look). Methods: `sequence` (ours), `plain_sequence` (without pseudo-answers),
    `fixed` (score interval at each look), `difference_sequence` and `difference_fixed` (two groups alike),
    `control_limits` (exact, no simulation: `se` is 0).

    Examples
    --------
    >>> table = false_alarms(rng=1, per_look=[20], mixes=[(0.2, 0.3, 0.5)], looks=26, replicates=200)
    >>> table.set_index("method")["false_alarms"].loc[["sequence", "fixed"]].tolist()
    [0.015, 0.3]
    """
    check_fraction("confidence_level", confidence_level)
    check_whole("looks", looks, least=1)
    check_whole("replicates", replicates, least=1)
    random = np.random.default_rng(rng)
    rows = []
    for mix in map(check_mix, mixes):
        for n in per_look:
            check_whole("per_look", n, least=1)
            found = _simulated(random, n, mix, looks, replicates, confidence_level)
            found["control_limits"] = _control(n, mix, looks, sigmas)
            for method, (rate, width) in found.items():
                se = 0.0 if method == "control_limits" else math.sqrt(rate * (1 - rate) / replicates)
                rows.append((method, n, *mix, 100 * (mix[2] - mix[0]), rate, se, 100 * width))
    names = ["method", "per_look", *COUNTS, "nps", "false_alarms", "se", "final_width"]
    return pd.DataFrame(rows, columns=names)


def _simulated(
    random: np.random.Generator, n: int, mix: Mix, looks: int, replicates: int, confidence_level: float
) -> dict[str, tuple[float, float]]:
    """Rate of programmes with an alarm and mean final width, in shares, by method."""
    one, two = (_programmes(random, n, mix, looks, replicates) for _ in range(2))
    truth, z, alpha = mix[2] - mix[0], normal_quantile(confidence_level), 1 - confidence_level
    planned = n * LOOKS_PLANNED
    sequence = sequence_limits(one, tightest_at=planned, alpha=alpha)
    plain_half = radius(one.variance / one.n, one.n / planned, alpha)
    plain = one.nps - plain_half, one.nps + plain_half
    both = difference_sequence_limits(one, two, tightest_at=planned, alpha=alpha)
    # Whether a border is crossed needs the test at the truth only; the interval itself only at the last look.
    last_one, last_two = (Bands(*(column[:, -1] for column in bands)) for bands in (one, two))
    fixed, fixed_difference = score_limits(last_one, z), difference_limits(last_one, last_two, z)
    return {
        "sequence": (_any(np.maximum(sequence[0] - truth, truth - sequence[1]) > 0), _width(sequence)),
        "plain_sequence": (_any(np.maximum(plain[0] - truth, truth - plain[1]) > 0), _width(plain)),
        "fixed": (_any(np.abs(score_statistic(one, truth)) > z), float(np.mean(fixed[1] - fixed[0]))),
        "difference_sequence": (_any(np.maximum(both[0], -both[1]) > 0), _width(both)),
        "difference_fixed": (
            _any(_differs(one, two, alpha)),
            float(np.mean(fixed_difference[1] - fixed_difference[0])),
        ),
    }


def _programmes(random: np.random.Generator, n: int, mix: Mix, looks: int, replicates: int) -> Bands:
    """Counts so far, replicates by looks."""
    drawn = random.multinomial(n, mix, size=(replicates, looks)).cumsum(axis=1).astype(np.float64)
    return Bands(*(drawn[:, :, band] for band in range(3)))


def _differs(one: Bands, two: Bands, alpha: float) -> NDArray[np.bool_]:
    """Whether the square-and-add interval of the difference leaves zero at each look."""
    change = np.abs(two.nps - one.nps)
    variance = one.adjusted().variance / one.n + two.adjusted().variance / two.n
    # Far inside, no interval need be computed: at 0.7 of the border this skips five of six and never a crossing.
    close = change > 0.7 * normal_quantile(1 - alpha) * np.sqrt(variance)
    differs = np.zeros(change.size, dtype=np.bool_)
    cells = np.flatnonzero(close)
    flat = (Bands(*(column.ravel()[cells] for column in bands)) for bands in (one, two))
    differs[cells] = difference_pvalue(*flat) < alpha
    return differs.reshape(change.shape)


def _control(n: int, mix: Mix, looks: int, sigmas: float) -> tuple[float, float]:
    rate = leaving_rate(n, mix, sigmas=sigmas)
    return 1 - (1 - rate) ** looks, 2 * sigmas * math.sqrt(mix_variance(mix) / n)


def _any(crossed: NDArray[np.bool_]) -> float:
    return float(crossed.any(axis=1).mean())


def _width(limits: Limits) -> float:
    return float(np.mean(limits[1][:, -1] - limits[0][:, -1]))
