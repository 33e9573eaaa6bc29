"""Arithmetic of panels: counts of people by band before and after, and the interval of their change."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from nps_utils.stats.arithmetic.intervals import PSEUDO, Bands, FloatArray, Limits, difference_limits

_CODES: Final = np.array([-1.0, 0.0, 1.0])
# Three people who move at random between the bands, the pseudo-answers of the adjusted Wald interval.
_STRANGERS: Final = np.outer(PSEUDO, PSEUDO) / sum(PSEUDO)


class Panel(NamedTuple):
    """Panels in shares: `moves` of those in both waves (panels, before, after), `left` and `joined` (panels, band)."""

    moves: FloatArray
    left: FloatArray
    joined: FloatArray

    @property
    def both(self) -> FloatArray:
        """People in both waves."""
        return np.asarray(self.moves.sum(axis=(1, 2)), dtype=float)

    def waves(self) -> tuple[Bands, Bands]:
        """Return the counts of all answers before and after."""
        return Bands(*(self.moves.sum(axis=2) + self.left).T), Bands(*(self.moves.sum(axis=1) + self.joined).T)

    def se(self) -> FloatArray:
        """Return the standard error of the change: variances of both waves less the covariance of the overlap."""
        one, two = self.waves()
        covariance = _covariance(self.moves) * self.both / (one.n * two.n)
        error: FloatArray = np.sqrt(np.maximum(one.variance / one.n + two.variance / two.n - 2 * covariance, 0.0))
        return error

    def limits(self, z: npt.ArrayLike) -> Limits:
        """Return the square-and-add limits of the change, with the correlation that the overlap gives both scores.

        The correlation of bands is taken after adding three people who move at random, so that a few people who all
        stayed are not taken as people who cannot move. The scores share only those in both, which weakens it by
        n_both / sqrt(n_before n_after).
        """
        one, two = self.waves()
        return difference_limits(one, two, z, correlation(self.moves + _STRANGERS) * self.both / np.sqrt(one.n * two.n))

    def repeat(self, times: int) -> Panel:
        """Return each panel `times` times."""
        return Panel(*(np.repeat(part, times, axis=0) for part in self))


def correlation(moves: FloatArray) -> FloatArray:
    """Return the correlation of bands before and after; NaN where one side does not vary."""
    one, two = Bands(*moves.sum(axis=2).T), Bands(*moves.sum(axis=1).T)
    spread = np.sqrt(one.variance * two.variance)
    ratio: FloatArray = np.divide(_covariance(moves), spread, out=np.full(spread.shape, np.nan), where=spread > 0)
    return ratio


def _covariance(moves: FloatArray) -> FloatArray:
    """Return the covariance of bands; 0 for a panel of nobody."""
    n = np.maximum(moves.sum(axis=(1, 2)), 1.0)
    product = np.einsum("i,gij,j->g", _CODES, moves, _CODES) / n
    covariance: FloatArray = product - (moves.sum(axis=2) @ _CODES) * (moves.sum(axis=1) @ _CODES) / n**2
    return covariance
