"""What is planted in a simulated company: its waves, how happy people answer, and the size of every effect.

One latent number stands behind every answer: mean + account + mood of the account in the wave + person + chance,
with variances that add up to 1. Fixed cuts turn it into 0..10. So every true NPS follows from a mean alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from nps_utils.checks import check_points, check_whole

Array = NDArray[np.float64]

# The seed was chosen, not found: of some 550 from 20261121 on, one whose sample shows every planted effect and whose
# planted noise looks like a change of thirteen points. Other seeds miss one or the other, as real samples do.
SEED: Final = 20261670

WAVES: Final = ("2024-Q4", "2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")
BEFORE: Final = "2024-Q3"  # the quarter before the first wave: its mood feeds the first growth
DROP_WAVE: Final = "2025-Q3"
FIX_WAVE: Final = "2025-Q4"  # half of the accounts have the fix; everyone is asked
ALONE_FROM: Final = "2026-Q1"
ALONE_SEGMENT: Final = "public sector"
MIX_WAVE: Final = "2026-Q2"
NOISE_WAVES: Final = ("2025-Q2", "2025-Q3")

SIZES: Final = ("small", "medium", "large")
SEGMENTS: Final = ("retail", "public sector", "manufacturing", "professional services")
# True NPS of the transactional touchpoints by size of the account: the same in every wave.
MOMENTS: Final[dict[str, dict[str, float]]] = {
    "after_order": {"small": 30.0, "medium": 40.0, "large": 48.0},
    "after_delivery": {"small": 0.0, "medium": 35.0, "large": 57.0},
}
# Who orders: shares of small, medium and large accounts, ordinarily and in the campaign wave.
ORDINARY_MIX: Final = {"small": 0.20, "medium": 0.35, "large": 0.45}
CAMPAIGN_MIX: Final = {"small": 0.68, "medium": 0.19, "large": 0.13}

RELATIONSHIP: Final = 32.0
SIZE_OFFSET: Final = {"small": -5.0, "medium": 0.0, "large": 3.0}
SEGMENT_OFFSET: Final = {"retail": 0.0, "public sector": -2.0, "manufacturing": 2.0, "professional services": 1.0}

# Probability of answering, by band and by size; the unhappy and the small answer less.
ANSWERS: Final = {"relationship": 0.355, "after_order": 0.42, "after_delivery": 0.43}
BAND_ANSWERS: Final = (0.74, 0.95, 1.12)  # detractors, passives, promoters
SIZE_ANSWERS: Final = {"small": 0.78, "medium": 1.0, "large": 1.08}

SHARES: Final = (0.022, 0.010, 0.015, 0.022, 0.026, 0.060, 0.075, 0.130, 0.200, 0.190, 0.250)  # of 0..10 at mean 0
CUTS: Final[Array] = ndtri(np.cumsum(SHARES)[:-1])
SD_ACCOUNT: Final = 0.12
SD_MOOD: Final = 0.23
SD_PERSON: Final = 0.55
SD_ANSWER: Final = math.sqrt(1 - SD_ACCOUNT**2 - SD_MOOD**2 - SD_PERSON**2)
SD_WITHIN: Final = math.hypot(SD_PERSON, SD_ANSWER)  # between the people of one account in one wave


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The knobs of a simulated study; effects in NPS points, zero removes one.

    Parameters
    ----------
    seed
        Start of every random stream.
    accounts
        Customers (companies); people, answers and file sizes follow.
    drop
        Fall of the relationship score in 2025-Q3, and of accounts without the fix in 2025-Q4.
    fix_effect
        What the fix gives back in 2025-Q4 to the random half of accounts that had it first.
    alone
        Fall of the public sector from 2026-Q1 on.
    mix
        Whether the campaign of 2026-Q2 changes who orders.
    followup_effect
        What a call to a detractor adds to the later answers of that person.
    revenue_slope
        Growth of revenue in the next quarter per point of the account's true relationship NPS, as a proportion.
        It also drives churn (`churn_per_point`), so 0.0 removes the whole link with money.
    revenue_noise
        Standard deviation of growth around its line.
    growth_at_zero
        Growth of an account whose NPS is 0, as a proportion per quarter.
    churn_at_30
        Risk per quarter that an account whose NPS is 30 gives notice.
    dirt
        Whether rows that must be rejected are planted.
    comments
        How many of the comments are written, as a share of the usual number.
    """

    seed: int = SEED
    accounts: int = 180
    drop: float = 28.0
    fix_effect: float = 28.0
    alone: float = 28.0
    mix: bool = True
    followup_effect: float = 4.0
    revenue_slope: float = 0.0005
    revenue_noise: float = 0.025
    growth_at_zero: float = -0.005
    churn_at_30: float = 0.012
    dirt: bool = True
    comments: float = 1.0

    def __post_init__(self) -> None:
        check_whole("seed", self.seed)
        check_whole("accounts", self.accounts, least=12)
        for name in ("drop", "fix_effect", "alone", "followup_effect"):
            check_points(name, getattr(self, name))

    @property
    def churn_per_point(self) -> float:
        """How much the log of the quarterly churn risk falls per NPS point."""
        return 40 * self.revenue_slope

    def rng(self, part: str) -> np.random.Generator:
        """Return the random stream of one part, so that a change in one leaves the others as they are."""
        return np.random.default_rng([self.seed, *part.encode()])


def nps_at(mean: ArrayLike, *, sd: float = 1.0) -> Array:
    """Return the true NPS (points) of people whose latent answers have this mean and standard deviation.

    Examples
    --------
    >>> round(float(nps_at(0.0)), 6)  # .44 promoters less .23 detractors
    21.0
    """
    detractors, _, promoters = bands_at(mean, sd=sd)
    return np.asarray(100 * (promoters - detractors), dtype=np.float64)


def bands_at(mean: ArrayLike, *, sd: float = 1.0) -> tuple[Array, Array, Array]:
    """Return the probabilities of a detractor, a passive and a promoter."""
    at = np.asarray(mean, dtype=np.float64)
    detractors = np.asarray(ndtr((CUTS[6] - at) / sd), dtype=np.float64)
    promoters = np.asarray(ndtr((at - CUTS[8]) / sd), dtype=np.float64)
    return detractors, 1 - detractors - promoters, promoters


def mean_for(nps: ArrayLike) -> Array:
    """Return the latent mean at which a population has this NPS: the inverse of `nps_at`.

    Examples
    --------
    >>> round(float(nps_at(mean_for(32.0))), 3)
    32.0
    """
    grid = np.linspace(-4.0, 4.0, 80_001)
    return np.asarray(np.interp(np.asarray(nps, dtype=np.float64), nps_at(grid), grid), dtype=np.float64)


def scores_of(latent: Array) -> NDArray[np.int64]:
    """Turn latent answers into scores 0..10."""
    return np.searchsorted(CUTS, latent).astype(np.int64)


def targets(asked: pd.DataFrame, plan: Plan) -> Array:
    """Return the true NPS (points) planted for each asking: by touchpoint, wave, size, segment and fix.

    Parameters
    ----------
    asked
        One row per asking with `touchpoint`, `wave`, `size`, `segment` and `early_fix` ("yes" or "no").
    plan
        The sizes of the effects.
    """
    size = asked["size"].astype(str)
    wave = asked["wave"].to_numpy(dtype=str)
    relationship = (asked["touchpoint"] == "relationship").to_numpy()
    points = RELATIONSHIP + size.map(SIZE_OFFSET).to_numpy(float) + asked["segment"].map(SEGMENT_OFFSET).to_numpy(float)
    for moment, by_size in MOMENTS.items():
        points = np.where((asked["touchpoint"] == moment).to_numpy(), size.map(by_size).to_numpy(float), points)
    fixed = (asked["early_fix"] == "yes").to_numpy()
    points = points - plan.drop * (relationship & np.isin(wave, [DROP_WAVE, FIX_WAVE]))
    points = points + plan.fix_effect * (relationship & fixed & (wave == FIX_WAVE))
    alone = relationship & (asked["segment"] == ALONE_SEGMENT).to_numpy() & (wave >= ALONE_FROM)
    return np.asarray(points - plan.alone * alone, dtype=np.float64)
