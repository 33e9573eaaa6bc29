"""Shares of detractors, passives and promoters, and the variance of their score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from nps_utils.checks import BadValue

Mix: TypeAlias = tuple[float, float, float]

WORST_MIX: Final[Mix] = (0.5, 0.0, 0.5)


def mix_variance(mix: Mix) -> float:
    """Variance of one answer scored -1, 0, 1 under a mix of (detractors, passives, promoters); 0..1.

    Examples
    --------
    >>> round(mix_variance((0.2, 0.1, 0.7)), 4), mix_variance(WORST_MIX)
    (0.65, 1.0)
    """
    detractors, _, promoters = check_mix(mix)
    return detractors + promoters - (promoters - detractors) ** 2


def check_mix(mix: Sequence[float]) -> Mix:
    """Return the mix as a tuple; raise `BadValue` unless it is three shares that sum to 1."""
    shares = tuple(float(share) for share in mix)
    if len(shares) != 3 or not all(0 <= share <= 1 for share in shares) or abs(sum(shares) - 1) > 1e-6:
        raise BadValue(
            f"mix = {mix!r} is not three shares of detractors, passives and promoters that sum to 1. "
            "Write mix=(0.2, 0.1, 0.7)."
        )
    return shares
