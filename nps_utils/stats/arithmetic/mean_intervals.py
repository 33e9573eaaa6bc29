"""The score test for the mean of answers on a short scale: the mean of 0-10, the moves of a panel."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from nps_utils.stats.arithmetic.intervals import FloatArray, Limits, edge


def mean_limits(values: FloatArray, counts: FloatArray, z: float) -> Limits:
    """Return the means at which the score test reaches `z` below and above the observed mean of a multinomial.

    The variance of the test is that of the most likely distribution with the hypothetical mean. With the values
    -1, 0, 1 this is the interval of NPS (Tango 1998, Statistics in Medicine 17:891).

    Parameters
    ----------
    values
        Points of the scale, shape (points,); the least and the greatest bound the mean.
    counts
        Answers, shape (groups, points).
    z
        Critical value, at least 0.

    Returns
    -------
    Two arrays of shape (groups,); the ends of the scale where nobody answered.
    """
    return lower_limit(values, counts, z), -lower_limit(-values, counts, z)


def lower_limit(values: FloatArray, counts: FloatArray, z: float) -> FloatArray:
    """Return the lower limit of `mean_limits`.

    Among distributions with a lower mean the most likely ones have shares proportional to count / (1 + a value) for
    some a > 0 (Owen 1988, Biometrika 75:237), value measured from the least one. Where nobody chose the least value
    and that path ends above it, the share of the least value grows from 0 to 1 instead. So the most likely
    distributions lie on one path from the observed one to certainty of the least value, and the limit is the last
    point on it that the test does not reject: one root, and no root inside a root.
    """
    height = values - values.min()
    n = counts.sum(axis=1)
    answered = n > 0
    observed = np.divide(counts, n[:, np.newaxis], out=np.zeros_like(counts), where=answered[:, np.newaxis])
    mean = observed @ height

    def most_likely(step: FloatArray) -> FloatArray:
        # 0 to 1: tilted; 1 to 2: the least value takes over from what is left.
        tilt, over = np.minimum(step, 1.0)[:, np.newaxis], np.maximum(step - 1.0, 0.0)[:, np.newaxis]
        divisor = (1 - tilt) + tilt * height
        raw = np.divide(observed, divisor, out=np.where(observed > 0, np.inf, 0.0), where=divisor > 0)
        certain = np.isinf(raw)
        raw = np.where(certain.any(axis=1, keepdims=True), certain, raw)
        total = raw.sum(axis=1, keepdims=True)
        share: FloatArray = np.divide(raw, total, out=np.zeros_like(raw), where=total > 0) * (1 - over)
        share += over * (height == 0) / np.count_nonzero(height == 0)
        return share

    def accepted(step: FloatArray) -> npt.NDArray[np.bool_]:
        share = most_likely(step)
        at = share @ height
        variance = (share * (height - at[:, np.newaxis]) ** 2).sum(axis=1)
        within: npt.NDArray[np.bool_] = np.sqrt(n) * (mean - at) <= z * np.sqrt(variance)
        return within

    last = edge(accepted, inside=np.zeros_like(n), outside=2.0)
    limit: FloatArray = np.where(answered, most_likely(last) @ height, 0.0) + values.min()
    return limit
