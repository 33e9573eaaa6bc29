"""Ordinary control limits for a score, shown only with the rate at which they cry wolf."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import BadValue, check_positive, check_whole
from nps_utils.scale import COUNTS, check_counts
from nps_utils.stats.arithmetic.intervals import Bands
from nps_utils.stats.arithmetic.mixes import Mix, check_mix, mix_variance
from nps_utils.stats.monitoring.by_account import alike_within, each_alone, looks_of, worth_at

Floats = NDArray[np.float64]


def control_limits(
    counts_in_time_order: pd.DataFrame,
    *,
    cluster: str | None = None,
    baseline: int | None = None,
    sigmas: float = 3.0,
) -> pd.DataFrame:
    """Shewhart's limits for the score of each period, and how often a score that never changed would leave them.

    The centre is the pooled score of the baseline periods; the limits are `sigmas` standard errors of each period's n
    (Shewhart 1931; Montgomery, Introduction to Statistical Quality Control, ch. 7, for proportions). The rate of false
    alarms is computed from the exact distribution of the period's score under the baseline's mix, which counts as
    known: with a short baseline the true rate is higher.

    Parameters
    ----------
    counts_in_time_order
        One row per period: `detractors`, `passives`, `promoters`, and any columns that name it.
    cluster
        The column of accounts (or people), where counts are by period and account. Limits are then those of as many
        independent answers as each period's are worth, by the correlation of two answers of one account in one period
        of the baseline. Answers without an account each stand alone.
    baseline
        How many of the first periods make the centre; None takes all, which judges the periods by themselves.
    sigmas
        Distance of the limits in standard errors.

    Returns
    -------
    The columns that name the period, `n`, `nps`, `centre`, `lower`, `upper` (points), `outside` (bool),
    `false_alarm` (chance in this period), `false_alarm_so_far` (chance of at least one up to here) and
    `periods_between_alarms` (mean run length between false alarms at the average rate; the same in every row). With
    `cluster` also `n_worth` of each period.

    Raises
    ------
    BadValue
        Counts that are none, a baseline of no answers, limits of no width.

    Examples
    --------
    >>> weeks = pd.DataFrame({"week": [1, 2], "detractors": [4, 4], "passives": [6, 6], "promoters": [10, 10]})
    >>> control_limits(weeks)[["nps", "lower", "upper", "false_alarm", "periods_between_alarms"]].round(4)
        nps    lower    upper  false_alarm  periods_between_alarms
    0  30.0 -22.3927  82.3927       0.0022                446.3612
    1  30.0 -22.3927  82.3927       0.0022                446.3612
    """
    check_positive("sigmas", sigmas)
    if cluster is None:
        check_counts(counts_in_time_order)
        bands = Bands(*(counts_in_time_order[name].to_numpy(dtype=np.float64) for name in COUNTS))
        named = counts_in_time_order.drop(
            columns=[name for name in (*COUNTS, "n") if name in counts_in_time_order.columns]
        )
    else:
        looks = looks_of(counts_in_time_order, cluster)
        named, samples = looks.names, each_alone(looks)
        bands = samples.bands
    first = len(named) if baseline is None else baseline
    check_whole("baseline", first, least=1)
    total = np.array([column[:first].sum() for column in bands])
    if not total.sum():
        raise BadValue(f"baseline = {first}: nobody answered in these periods, so that there is no centre.")
    mix = check_mix(total / total.sum())
    centre, worth = mix[2] - mix[0], bands.n
    if cluster is not None:
        known = each_alone(looks.pick(looks.look < first))
        worth = np.where(bands.n > 0, worth_at(samples, alike_within(known, mix_variance(mix))), 0.0)
        named = named.assign(n_worth=worth)
    with np.errstate(divide="ignore"):
        half = sigmas * np.sqrt(mix_variance(mix) / worth)
    whole = np.where(worth > 0, np.maximum(np.round(worth), 1), 0).astype(int)
    rates = {int(n): leaving_rate(int(n), mix, sigmas=sigmas) for n in np.unique(whole)}
    alarm = np.array([rates[int(n)] for n in whole])
    mean_rate = alarm.mean()
    return named.assign(
        n=bands.n.astype(np.int64),
        nps=100 * bands.nps,
        centre=100 * centre,
        lower=100 * np.maximum(centre - half, -1.0),
        upper=100 * np.minimum(centre + half, 1.0),
        outside=np.abs(np.nan_to_num(bands.nps - centre)) > half + 1e-12,
        false_alarm=alarm,
        false_alarm_so_far=1 - np.cumprod(1 - alarm),
        periods_between_alarms=1 / mean_rate if mean_rate > 0 else np.inf,
    )


def leaving_rate(n: int, mix: Mix, *, sigmas: float) -> float:
    """Chance that the score of n answers is more than `sigmas` standard errors from that of their mix.

    Examples
    --------
    >>> round(leaving_rate(1_000, (0.2, 0.3, 0.5), sigmas=3), 4)
    0.0025
    """
    if n == 0:
        return 0.0
    half = sigmas * np.sqrt(mix_variance(mix) / n)
    distance = np.abs(np.arange(-n, n + 1) / n - (mix[2] - mix[0]))
    return float(net_distribution(n, mix)[distance > half + 1e-12].sum())


def net_distribution(n: int, mix: Sequence[float]) -> Floats:
    """Probability of promoters - detractors = -n ... n among n answers, exactly, by a Fourier transform.

    Examples
    --------
    >>> net_distribution(2, (0.25, 0.5, 0.25)).round(4).tolist()
    [0.0625, 0.25, 0.375, 0.25, 0.0625]
    """
    check_whole("n", n)
    one = np.zeros(2 * n + 1)
    one[: min(3, 2 * n + 1)] = check_mix(mix) if n else [1.0]
    probability = np.fft.irfft(np.fft.rfft(one) ** n, 2 * n + 1) if n else one
    return np.maximum(probability, 0.0)
