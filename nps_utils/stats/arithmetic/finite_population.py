"""The exact interval of a score when the customers can be counted: every possible population is tried."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from nps_utils.stats.arithmetic.intervals import FloatArray


def exact_limits(detractors: int, passives: int, promoters: int, *, population: int, alpha: float) -> tuple[int, int]:
    """Return the least and the greatest (promoters - detractors) of a population that could well have given this.

    A population is kept when it holds the people who answered and gives a score at least as high, and one at least
    as low, with a chance above alpha / 2 each: test inversion under the multivariate hypergeometric distribution
    (Konijn 1973, Statistical Theory of Sample Survey Design, for one share). Coverage is at least 1 - alpha.

    Parameters
    ----------
    detractors, passives, promoters
        The answers.
    population
        Customers, at least as many as answers.
    alpha
        1 - confidence level.

    Examples
    --------
    >>> exact_limits(1, 2, 9, population=20, alpha=0.05)
    (6, 16)
    """
    low = _least(detractors, passives, promoters, population=population, tail=alpha / 2)
    return low, -_least(promoters, passives, detractors, population=population, tail=alpha / 2)


def _least(detractors: int, passives: int, promoters: int, *, population: int, tail: float) -> int:
    """Walk the border between populations too low for this sample and the rest.

    One promoter more, or one detractor less, in the population can only raise the sample's score. So with each
    further detractor the number of promoters that is needed does not fall, and the border is a staircase.
    """
    chances = _Chances(population, detractors + passives + promoters)
    observed, best, high = promoters - detractors, population, promoters
    for low in range(detractors, population - passives - promoters + 1):
        most = population - passives - low
        while high <= most and chances.at_least(observed, low, high) <= tail:
            high += 1
        if high > most:
            break
        best = min(best, high - low)
    return best


class _Chances:
    """Chances of scores in samples of one size, drawn without replacement from populations of one size."""

    def __init__(self, population: int, sample: int) -> None:
        self._population, self._sample = population, sample
        self._log_factorial: FloatArray = special.gammaln(np.arange(population + 1) + 1.0)

    def at_least(self, score: int, detractors: int, promoters: int) -> float:
        """Return P(promoters - detractors in the sample >= score)."""
        low = np.arange(min(detractors, self._sample) + 1)[:, np.newaxis]
        high = np.arange(min(promoters, self._sample) + 1)[np.newaxis, :]
        middle, passives = self._sample - low - high, self._population - detractors - promoters
        counted = (high - low >= score) & (middle >= 0) & (middle <= passives)
        ways = (
            self._choose(detractors, low)
            + self._choose(promoters, high)
            + self._choose(passives, np.clip(middle, 0, passives))
            - self._choose(self._population, np.array(self._sample))
        )
        return float(np.exp(ways[counted]).sum())

    def _choose(self, size: int, chosen: npt.NDArray[np.int_]) -> FloatArray:
        table = self._log_factorial
        logarithm: FloatArray = table[size] - table[chosen] - table[size - chosen]
        return logarithm
