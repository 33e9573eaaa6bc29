"""Arithmetic of confidence sequences: limits that hold at all looks together, on whole columns, in shares."""

from __future__ import annotations

import math

import numpy as np

from nps_utils.stats.arithmetic.intervals import Bands, FloatArray, Limits


def sequence_limits(so_far: Bands, *, tightest_at: float, alpha: float) -> Limits:
    """Return the always-valid limits of the score of all answers so far, in shares; -1 and 1 before the first."""
    center, variance = _adjusted(so_far)
    with np.errstate(divide="ignore"):
        half = radius(variance / so_far.n, so_far.n / tightest_at, alpha)
    return np.maximum(center - half, -1.0), np.minimum(center + half, 1.0)


def difference_sequence_limits(before: Bands, after: Bands, *, tightest_at: float, alpha: float) -> Limits:
    """Return the always-valid limits of after - before, in shares; -2 and 2 until both have answers."""
    center_before, v_before = _adjusted(before)
    center_after, v_after = _adjusted(after)
    with np.errstate(divide="ignore"):
        variance = v_before / before.n + v_after / after.n
    half = radius(variance, (v_before + v_after) / tightest_at / variance, alpha)
    change = center_after - center_before
    return np.maximum(change - half, -2.0), np.minimum(change + half, 2.0)


def radius(variance: FloatArray, time: FloatArray, alpha: float) -> FloatArray:
    """Half the width of the sequence, from the estimate's variance and information time (1: where it is tightest).

    With eta = t rho^2 of the theorem: sqrt(2 variance (eta + 1) / eta log(sqrt(eta + 1) / alpha)), and rho such that
    eta at time 1 is -2 log(alpha) + log(-2 log(alpha) + 1), within a percent of the narrowest.
    """
    scale = -2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)
    eta = scale * time
    with np.errstate(divide="ignore", invalid="ignore"):
        half: FloatArray = np.sqrt(2 * variance * (eta + 1) / eta * np.log(np.sqrt(eta + 1) / alpha))
    return np.where(time > 0, half, np.inf)


def _adjusted(so_far: Bands) -> tuple[FloatArray, FloatArray]:
    """Mean and variance of one answer after adding the pseudo-answers."""
    adjusted = so_far.adjusted()
    return adjusted.nps, adjusted.variance
