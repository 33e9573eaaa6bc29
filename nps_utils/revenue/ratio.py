"""The ratio of two shares with score limits that also hold where a share is one."""

from __future__ import annotations

import math
from typing import Final

from scipy import optimize, stats

# Ratios beyond this are as good as without bound.
_WIDEST: Final = 1e8


def ratio_limits(
    count: float, n: float, other: float, n_other: float, *, confidence_level: float = 0.95
) -> tuple[float, float]:
    """Return the limits of (count / n) / (other / n_other) by a score test (Miettinen and Nurminen 1985).

    The ratios that the test does not reject, found by bisection; statsmodels' closed form is the same inside and wrong
    where a share is one (its lower limit for 30 of 30 against 29 of 30 is above one).

    Parameters
    ----------
    count, n, other, n_other
        Events and sizes of both groups, events above zero; they may be fractions of effective sizes.

    Examples
    --------
    >>> low, high = ratio_limits(30, 30, 29, 30)
    >>> round(low, 3), round(high, 3)
    (0.913, 1.202)
    """
    z = float(stats.norm.ppf(0.5 + confidence_level / 2))
    estimate = (count / n) / (other / n_other)

    def beyond(log_ratio: float) -> float:
        return _distance(count, n, other, n_other, math.exp(log_ratio)) - z

    middle = math.log(estimate)
    low = float(optimize.brentq(beyond, -math.log(_WIDEST), middle))
    high = float(optimize.brentq(beyond, middle, math.log(_WIDEST)))
    return math.exp(low), math.exp(high)


def _distance(count: float, n: float, other: float, n_other: float, ratio: float) -> float:
    """Return how many standard errors both shares are from having this ratio."""
    # The most likely shares with this ratio: p2 solves a p2^2 - b p2 + c = 0, p1 = ratio p2.
    a = (n + n_other) * ratio
    b = (n + other) * ratio + count + n_other
    c = count + other
    share = (b - math.sqrt(max(b * b - 4 * a * c, 0.0))) / (2 * a)
    share = min(share, 1.0, 1 / ratio)
    gap = count / n - ratio * other / n_other
    variance = ratio * share * (1 - ratio * share) / n + ratio**2 * share * (1 - share) / n_other
    variance *= (n + n_other) / (n + n_other - 1)
    return abs(gap) / math.sqrt(variance) if variance > 0 else (0.0 if gap == 0 else math.inf)
