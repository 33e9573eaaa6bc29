"""What `nps plan` answers: how many answers a margin needs, and what so many can show of a change."""

from __future__ import annotations

from typing import NamedTuple

from nps_utils.stats.planning.detectable import (
    WORST_MIX,
    Mix,
    answers_per_wave,
    detectable_change,
    proportion_sample_size,
    sample_size,
)


class Needed(NamedTuple):
    """Completed answers needed, and the changes that so many show; points and counts."""

    margin: float
    population: int | None
    mix: Mix
    proportion: int
    nps: int
    worst: int
    seen_here: float | None  # a change of these customers themselves; None without a population
    seen_beyond: float  # a change as a sample of customers to come
    change: float | None
    per_wave: int | None  # answers in each wave that show `change`, of these customers where they are counted


def answers_for(
    *, margin: float = 5.0, population: int | None = None, mix: Mix = (0.1, 0.2, 0.7), change: float | None = None
) -> Needed:
    """Work out how many answers a margin needs, and what so many answers a wave show of a change.

    Parameters
    ----------
    margin
        Half the width of the interval, in points.
    population
        How many customers there are to ask.
    mix
        Expected shares of detractors, passives and promoters.
    change
        A change of interest in points, either sign.

    Raises
    ------
    BadValue
        A margin, population, mix or change that makes no sense.

    Examples
    --------
    >>> found = answers_for(population=180, mix=(0.2, 0.1, 0.7), change=10)
    >>> found.proportion, found.nps, found.worst, found.per_wave
    (123, 153, 162, 152)
    """
    n = sample_size(margin=margin, population=population, mix=mix)
    return Needed(
        margin=margin,
        population=population,
        mix=mix,
        proportion=proportion_sample_size(margin=margin, population=population),
        nps=n,
        worst=sample_size(margin=margin, population=population, mix=WORST_MIX),
        seen_here=None if population is None else detectable_change(n=n, population=population, mix=mix),
        seen_beyond=detectable_change(n=n, mix=mix),
        change=change,
        per_wave=None if change is None else answers_per_wave(change=change, population=population, mix=mix),
    )
