"""What a plan can show: the change that n answers a wave detect, the n for a change, the waves until it is seen.

How many answers a margin needs comes from `precision`, whom to ask from `eligibility`; both are offered here too, so
that a plan needs one import.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from scipy.special import ndtr, ndtri  # scipy.stats takes a second to load, for the same numbers

from nps_utils.checks import BadValue, check_fraction
from nps_utils.stats.arithmetic.mixes import WORST_MIX, Mix, check_mix, mix_variance
from nps_utils.stats.counts import count_bands
from nps_utils.stats.planning.eligibility import eligibility_counts, eligible
from nps_utils.stats.planning.margins import (
    critical,
    invitations,
    margin_of,
    per_answer,
    proportion_sample_size,
    sample_size,
    whole_answers,
)

__all__ = [
    "WORST_MIX",
    "Mix",
    "answers_per_wave",
    "detectable_change",
    "eligibility_counts",
    "eligible",
    "invitations",
    "margin_of",
    "mix_variance",
    "power",
    "power_table",
    "proportion_sample_size",
    "sample_size",
    "shifted_mix",
]


def shifted_mix(mix: Mix, change: float) -> Mix:
    """Move a mix by `change` points of NPS: detractors become promoters, then passives too; downwards alike.

    The plainest story of an improvement, and one must be assumed: the same change by turning passives round moves
    more people and has another variance.

    Raises
    ------
    BadValue
        The mix cannot move that far: all are promoters (or detractors) before.

    Examples
    --------
    >>> [round(share, 3) for share in shifted_mix((0.2, 0.3, 0.5), 20)]
    [0.1, 0.3, 0.6]
    """
    detractors, passives, promoters = check_mix(mix)
    if change < 0:
        promoters, passives, detractors = shifted_mix((promoters, passives, detractors), -change)
        return detractors, passives, promoters
    turned = min(change / 200, detractors)
    lifted = change / 100 - 2 * turned
    if lifted > passives + 1e-9:
        now = 100 * (promoters - detractors)
        raise BadValue(
            f"change = {change:g} points from a mix {mix!r} of {now:+.4g} leaves the scale: at most {100 - now:.4g}."
        )
    lifted = min(lifted, passives)
    return detractors - turned, passives - lifted, promoters + turned + lifted


def power(
    *,
    n: int,
    change: float,
    n_before: int | None = None,
    population: int | None = None,
    mix: Mix = (0.1, 0.2, 0.7),
    confidence_level: float = 0.95,
) -> float:
    """Chance that two waves of n answers show a true change of `change` points, as a two-sided test would call it.

    Normal approximation with the variance of each wave under its own mix, the later one moved by `shifted_mix`. Under
    about 20 answers a wave it is a rough guide.

    Parameters
    ----------
    n
        Answers in the later wave, and in the earlier one unless `n_before` says otherwise.
    change
        True change of NPS in points, either sign.
    n_before
        Answers in the earlier wave.
    population
        Number of customers, when each wave asks the same few; the change is then that of these customers.
    mix
        Shares of detractors, passives and promoters in the earlier wave.
    confidence_level
        One less the size of the test.

    Examples
    --------
    >>> round(power(n=400, change=10, mix=(0.2, 0.3, 0.5)), 2)
    0.46
    """
    earlier = per_answer(n if n_before is None else n_before, population)
    later = per_answer(n, population)
    return _power(change, earlier=earlier, later=later, mix=check_mix(mix), confidence_level=confidence_level)


def power_table(
    *,
    n: Sequence[int],
    change: Sequence[float],
    population: int | None = None,
    mix: Mix = (0.1, 0.2, 0.7),
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Power for each n per wave and each change: one row per pair, for a heat map.

    A change that the mix cannot make has a missing power.

    Examples
    --------
    >>> power_table(n=[100, 400], change=[5.0, 10.0], mix=(0.2, 0.3, 0.5)).round(2)
         n  change  power
    0  100     5.0   0.07
    1  100    10.0   0.15
    2  400     5.0   0.15
    3  400    10.0   0.46
    """
    room = _room(check_mix(mix))
    rows = [
        {
            "n": answers,
            "change": step,
            "power": power(n=answers, change=step, population=population, mix=mix, confidence_level=confidence_level)
            if room[0] <= step <= room[1]
            else math.nan,
        }
        for answers in n
        for step in change
    ]
    return pd.DataFrame(rows, columns=["n", "change", "power"])


def detectable_change(
    *,
    n: int,
    power: float = 0.8,
    n_before: int | None = None,
    population: int | None = None,
    mix: Mix = (0.1, 0.2, 0.7),
    fall: bool = False,
    confidence_level: float = 0.95,
) -> float:
    """Smallest true change, in points, that two waves of n answers show with the given power.

    Parameters
    ----------
    n, n_before, population, mix, confidence_level
        As in `power`.
    power
        Wanted chance to see it, 0..1.
    fall
        Look for a fall instead of a rise; the size of the fall is returned.

    Returns
    -------
    Points, above 0; infinity when even the largest change that this mix can make would be missed.

    Examples
    --------
    >>> round(detectable_change(n=400, mix=(0.2, 0.3, 0.5)), 1)
    14.8
    >>> detectable_change(n=4)
    inf
    """
    check_fraction("power", power)
    shares = check_mix(mix)
    earlier = per_answer(n if n_before is None else n_before, population)
    later = per_answer(n, population)
    sign = -1.0 if fall else 1.0
    most = _room(shares)[0 if fall else 1] * sign

    def missing(size: float) -> float:
        reached = _power(sign * size, earlier=earlier, later=later, mix=shares, confidence_level=confidence_level)
        return reached - power

    if most <= 0 or missing(most) < 0:
        return math.inf
    # A change of nothing is "seen" with probability 1 - confidence_level, so a lower power asks for nothing.
    from scipy.optimize import brentq  # loaded here: every page takes this module, few look for a root

    return float(brentq(missing, 0.0, most)) if missing(0.0) < 0 else 0.0


def answers_per_wave(
    *,
    change: float,
    power: float = 0.8,
    population: int | None = None,
    mix: Mix = (0.1, 0.2, 0.7),
    confidence_level: float = 0.95,
) -> int:
    """Answers needed in each of two waves to see a change of `change` points with the given power.

    n = (z_{alpha/2} + z_power)^2 (V_before + V_after) / change^2, then the finite population as in `sample_size`
    (Fleiss, Levin and Paik 2003, ch. 4, for two proportions; the variances here are those of NPS).

    Examples
    --------
    >>> answers_per_wave(change=10, mix=(0.2, 0.3, 0.5))
    903
    >>> answers_per_wave(change=10, mix=(0.2, 0.3, 0.5), population=180)
    151
    """
    check_fraction("power", power)
    if change == 0:
        raise BadValue("change = 0 is no change: no number of answers shows it. Give the points you want to see.")
    both = mix_variance(mix) + mix_variance(shifted_mix(mix, change))
    z = critical(confidence_level) + float(ndtri(power))
    return whole_answers(z**2 * both / (change / 100) ** 2, population)


def _power(change: float, *, earlier: float, later: float, mix: Mix, confidence_level: float) -> float:
    """Power for a change between two waves whose means have `earlier` and `later` times the variance of one answer."""
    se = math.sqrt(mix_variance(mix) * earlier + mix_variance(shifted_mix(mix, change)) * later)
    z = critical(confidence_level)
    if se == 0:  # a census of the same customers twice, or no variance left: any change is seen
        return 1.0 if change else 1 - confidence_level
    shift = abs(change) / 100 / se
    return float(ndtr(shift - z) + ndtr(-shift - z))


def _room(mix: Mix) -> tuple[float, float]:
    """Largest fall and rise, in points, that a mix can make."""
    now = 100 * (mix[2] - mix[0])
    return -100 - now, 100 - now


def observed_mix(responses: pd.DataFrame) -> Mix:
    """Return the shares of detractors, passives and promoters."""
    row = count_bands(responses).iloc[0]
    if not row["n"]:
        raise BadValue("There are no answers to take a mix from.")
    return (row["detractors"] / row["n"], row["passives"] / row["n"], row["promoters"] / row["n"])
