"""The score test for the mean of answers on a short scale: the mean of 0-10, the moves of a panel."""

from __future__ import annotations

import numpy as np

from nps_utils.intervals import FloatArray, Limits, edge


def mean_statistic(values: FloatArray, counts: FloatArray, mean: FloatArray) -> FloatArray:
    """Return z of the score test of H0: the mean of a multinomial on the scale `values` is `mean`.

    The variance is that of the most likely distribution with this mean. Its shares are
    count / (n (1 + a (value - mean))) for one number a (Owen 1988, Biometrika 75:237); where that leaves a share over,
    it goes to the end of the scale towards which the mean was pushed, even if nobody answered so. With the values
    -1, 0, 1 this is the score test of NPS.

    Parameters
    ----------
    values
        Points of the scale, shape (points,); their least and greatest bound the mean.
    counts
        Answers, shape (groups, points).
    mean
        Hypothetical mean of each group, shape (groups,).

    Returns
    -------
    z for each group, falling in `mean`; 0 where nobody answered; infinite where `mean` is impossible.
    """
    n = counts.sum(axis=1)
    distance = np.where(n > 0, counts @ values / np.maximum(n, 1.0) - mean, 0.0)
    # Turned so that the observed mean lies above the hypothetical one.
    away = np.where(distance < 0, -1.0, 1.0)[:, np.newaxis] * (values - mean[:, np.newaxis])
    room = -away.min(axis=1)
    possible = room > 0
    most = np.divide(1.0, room, out=np.zeros_like(room), where=possible)

    def shares(tilt: FloatArray) -> FloatArray:
        weight = np.maximum(1 + tilt[:, np.newaxis] * away, 0.0) * np.maximum(n, 1.0)[:, np.newaxis]
        share: FloatArray = np.divide(counts, weight, out=np.where(counts > 0, np.inf, 0.0), where=weight > 0)
        return share

    tilt = edge(lambda a: (shares(a) * away).sum(axis=1) >= 0, inside=np.zeros_like(most), outside=most)
    share = shares(tilt)
    left = np.maximum(1 - share.sum(axis=1), 0.0)
    variance = (share * away**2).sum(axis=1) + left * room**2
    impossible = np.where(distance == 0, 0.0, np.copysign(np.inf, distance))
    z: FloatArray = np.divide(np.sqrt(n) * distance, np.sqrt(variance), out=impossible, where=possible & (variance > 0))
    return z


def mean_limits(values: FloatArray, counts: FloatArray, z: float) -> Limits:
    """Return the means at which the score test reaches `z`; the ends of the scale where nobody answered."""
    n = counts.sum(axis=1)
    middle = (values.min() + values.max()) / 2
    observed = np.where(n > 0, counts @ values / np.maximum(n, 1.0), middle)
    low = edge(lambda mean: mean_statistic(values, counts, mean) <= z, inside=observed, outside=values.min())
    high = edge(lambda mean: mean_statistic(values, counts, mean) >= -z, inside=observed, outside=values.max())
    return low, high
