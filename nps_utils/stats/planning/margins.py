"""How many answers for a margin: the arithmetic under every plan, from a mix of answers and no data.

The variance of one answer scored -1, 0, 1 is p + m - (p - m)^2, at most 1: four times the 0.25 of a proportion. That
is why tables of sample sizes made for proportions are too small for NPS.
"""

from __future__ import annotations

import math
from typing import Literal, TypeAlias, get_args

import numpy as np
from scipy.special import ndtri

from nps_utils.checks import BadValue, check_choice, check_fraction, check_positive, check_whole
from nps_utils.stats.arithmetic.intervals import Bands, score_limits
from nps_utils.stats.arithmetic.mixes import Mix, check_mix, mix_variance

Side: TypeAlias = Literal["mean", "wider"]


def sample_size(
    *,
    margin: float = 5.0,
    population: int | None = None,
    mix: Mix = (0.1, 0.2, 0.7),
    side: Side = "mean",
    confidence_level: float = 0.95,
) -> int:
    """Completed answers needed so that the interval of one NPS is `margin` points to each side on average.

    The smallest whole n with z sqrt(V/n (N-n)/(N-1)) <= margin, V the variance of one answer under the mix
    (Rocks 2016, The American Statistician 70:365; the finite-population factor as in Cochran 1977, ch. 4).
    These are answers, not invitations (see `invitations`), and the margin speaks of chance only, not of silence.

    That is half the planned interval. The interval of real answers is not symmetric: of 41 answers with 95 % promoters
    it reaches 20 points down and 5 up, where 10 were planned. `side="wider"` plans for its longer side.

    Parameters
    ----------
    margin
        Half the width of the interval, in points; the scale has 200 points, so that 5 is +-5 of -100..100.
    population
        How many customers there are to ask; None for so many that it does not matter.
    mix
        Expected shares of detractors, passives and promoters; `WORST_MIX` when nothing is known.
    side
        `mean`: half of the planned interval, as tables of sample sizes have it. `wider`: the longer side of the score
        interval of so many answers in these shares, so that neither side exceeds the margin.
    confidence_level
        Of the interval, 0..1.

    Raises
    ------
    BadValue
        A margin or population of nothing, a mix that does not sum to 1, a level outside 0..1.

    Examples
    --------
    >>> sample_size(margin=5, population=1_000_000, mix=(0.2, 0.1, 0.7))
    998
    >>> from nps_utils.stats.arithmetic.mixes import WORST_MIX
    >>> sample_size(margin=5, population=1_000_000, mix=WORST_MIX)
    1535
    >>> sample_size(margin=5, population=20)
    20
    >>> sample_size(margin=10, mix=(0.02, 0.03, 0.95)), sample_size(margin=10, mix=(0.02, 0.03, 0.95), side="wider")
    (41, 103)
    """
    _check_margin(margin, most=100)
    check_choice("side", side, get_args(Side))
    usual = _answers(mix_variance(mix), margin / 100, population, confidence_level)
    if side == "mean":
        return usual
    most, least = 2 * usual if population is None else population, 1
    while population is None and wider_side(n=most, mix=mix, confidence_level=confidence_level) > margin:
        most *= 2
    while least < most:  # the side shrinks as answers are added
        middle = (least + most) // 2
        reach = wider_side(n=middle, population=population, mix=mix, confidence_level=confidence_level)
        least, most = (least, middle) if reach <= margin else (middle + 1, most)
    return least


def proportion_sample_size(
    *,
    margin: float = 5.0,
    population: int | None = None,
    share: float = 0.5,
    confidence_level: float = 0.95,
) -> int:
    """Completed answers needed for one proportion, say the share of promoters: what the copied tables answer.

    Parameters
    ----------
    margin
        Half the width of the interval, in percentage points.
    population
        How many customers there are to ask; None for so many that it does not matter.
    share
        The expected proportion, 0..1; 0.5 is the worst.
    confidence_level
        Of the interval, 0..1.

    Examples
    --------
    >>> proportion_sample_size(margin=5, population=1_000_000)
    384
    >>> [proportion_sample_size(margin=m, population=500) for m in (3, 5, 10)]
    [341, 218, 81]
    """
    _check_margin(margin, most=50)
    check_fraction("share", share)
    return _answers(share * (1 - share), margin / 100, population, confidence_level)


def margin_of(
    *, n: int, population: int | None = None, mix: Mix = (0.1, 0.2, 0.7), confidence_level: float = 0.95
) -> float:
    """Half the width of the planned interval of one NPS from n answers, in points; `sample_size` turned round.

    A planning number: intervals of real answers come from the score method and are not symmetric.

    Examples
    --------
    >>> round(margin_of(n=100, mix=(0.2, 0.1, 0.7)), 1)
    15.8
    """
    z = critical(confidence_level)
    return 100 * z * math.sqrt(mix_variance(mix) * per_answer(n, population))


def wider_side(
    *, n: int, population: int | None = None, mix: Mix = (0.1, 0.2, 0.7), confidence_level: float = 0.95
) -> float:
    """Points from the score to the further limit of its interval, when n answers come in exactly these shares.

    Examples
    --------
    >>> round(wider_side(n=41, mix=(0.02, 0.03, 0.95)), 1), round(margin_of(n=41, mix=(0.02, 0.03, 0.95)), 1)
    (19.8, 9.9)
    """
    shares = check_mix(mix)
    z = critical(confidence_level) * math.sqrt(per_answer(n, population) * n)
    low, high = score_limits(Bands(*(np.array([n * share]) for share in shares)), z)
    nps = shares[2] - shares[0]
    return 100 * max(nps - float(low[0]), float(high[0]) - nps)


def invitations(*, answers: int, response_rate: float) -> int:
    """People to invite so that `answers` of them answer, on average, at this response rate (0..1).

    Examples
    --------
    >>> invitations(answers=998, response_rate=0.23)
    4340
    """
    check_whole("answers", answers, least=1)
    check_fraction("response_rate", response_rate)
    # 12 / 0.12 is 100.00000000000001 in floating point; nobody should be asked for that.
    return math.ceil(round(answers / response_rate, 9))


def per_answer(n: int, population: int | None) -> float:
    """1/n with the finite-population factor: what the variance of one answer is multiplied by."""
    check_whole("n", n, least=1)
    if population is None:
        return 1 / n
    check_whole("population", population, least=1)
    if n > population:
        raise BadValue(f"n = {n} is larger than population = {population}; count each customer once.")
    return (population - n) / (population - 1) / n if population > 1 else 0.0


def whole_answers(endless: float, population: int | None) -> int:
    """Round up the n of an endless population, corrected for a finite one; at least 1 answer."""
    if population is not None:
        check_whole("population", population, least=1)
        endless = endless * population / (endless + population - 1) if population > 1 else 1.0
    return max(1, math.ceil(round(endless, 9)))


def critical(confidence_level: float) -> float:
    """Two-sided standard normal quantile of a confidence level."""
    check_fraction("confidence_level", confidence_level)
    return float(ndtri((1 + confidence_level) / 2))


def _answers(variance: float, margin: float, population: int | None, confidence_level: float) -> int:
    return whole_answers(critical(confidence_level) ** 2 * variance / margin**2, population)


def _check_margin(margin: float, *, most: float) -> None:
    check_positive("margin", margin)
    if margin > most:
        raise BadValue(f"margin = {margin!r} is wider than the scale allows: at most {most:g}.")
