"""Arithmetic of the parts of a change: within segments and by their shares, and how sure accounts allow to be of them.

Everything is in shares. What one more answer in a segment and band does to a part is its influence; the variance of a
part is that of the sum of influences. Of independent answers it is their mean square over n. Where answers come in
accounts, influences are added up within each account, over both waves, and the sums are squared (Taylor linearisation;
Binder 1983, International Statistical Review 51:279), each lifted for the account's own pull on the means it is
compared with (CR2 of a mean; Bell and McCaffrey 2002, Survey Methodology 28:169). By what factor that exceeds the
variance of independent answers is the design effect, and Student's t counts the accounts that tell of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import ndtr, stdtrit

from nps_utils.stats.arithmetic.intervals import Bands, FloatArray

_CODES: Final = np.array([-1.0, 0.0, 1.0])
# The correlation within accounts that the degrees of freedom are counted at, as in `effective`.
_ALIKE: Final = 0.02
_LEAST_DF: Final = 0.5
_MANY: Final = 1e9  # degrees of freedom of a part that nothing moves
_LONE: Final = 1 - 1e-9  # an account's share of a segment from which on it is alone there


class Wave(NamedTuple):
    """One wave by segment: answers, share of all answers, score (NaN where nobody answered), band shares."""

    n: FloatArray
    share: FloatArray
    nps: FloatArray
    bands: FloatArray
    total: Bands

    @classmethod
    def of(cls, counts: FloatArray) -> Wave:
        """Build from counts of shape (segments, 3).

        The band shares serve variances only and hold the pseudo-answers of the adjusted Wald interval, so that five
        promoters of five are not taken as certain.
        """
        bands = Bands(*counts.T)
        more = np.column_stack(bands.adjusted())
        total = Bands(*counts.sum(axis=0)[:, np.newaxis])
        shares = more / more.sum(axis=1, keepdims=True)
        return cls(bands.n, bands.n / bands.n.sum(), bands.nps, shares, total)


class Cells(NamedTuple):
    """Answers of one wave by account and segment: codes of both, and counts of shape (cells, 3)."""

    account: npt.NDArray[np.int64]
    segment: npt.NDArray[np.int64]
    counts: FloatArray


class Influence(NamedTuple):
    """What one more answer does to each part, (2 parts, segments + 1, segment, band): by scores, and by shares."""

    of_score: FloatArray
    of_share: FloatArray


class Parts(NamedTuple):
    """Within and mix by segment, what moves them in each wave, and in which segments both waves have answers."""

    within: FloatArray
    mix: FloatArray
    influence: tuple[Influence, Influence]
    both: npt.NDArray[np.bool_]


def parts_of(one: Wave, two: Wave) -> Parts:
    """Split the change from one wave to the other, by segment."""
    both = (one.n > 0) & (two.n > 0)
    # A segment of one wave only: its score stands for both, so its change is all mix.
    filled = [np.where(wave.n > 0, wave.nps, other.nps) for wave, other in ((one, two), (two, one))]
    share, moved = (one.share + two.share) / 2, filled[1] - filled[0]
    average = (filled[0] + filled[1]) / 2 - (one.total.nps + two.total.nps) / 2
    within, mix = share * moved, (two.share - one.share) * average
    found = []
    for wave, sign in ((one, -1.0), (two, 1.0)):
        on_share = np.array([moved / 2, sign * average])
        on_score = np.array([sign * share * both, (two.share - one.share) * np.where(both, 0.5, 1.0)])
        on_total = np.array([np.zeros_like(share), -(two.share - one.share) / 2])
        found.append(_influence(wave, on_share, on_score, on_total))
    return Parts(within, mix, (found[0], found[1]), both)


def _influence(wave: Wave, on_share: FloatArray, on_score: FloatArray, on_total: FloatArray) -> Influence:
    """Chain the derivatives of the parts, shape (2, segments), with what an answer does to shares and scores."""
    size = len(wave.share)
    own = np.eye(size)[:, :, np.newaxis]
    score = np.where(wave.n > 0, np.nan_to_num(wave.nps), 0.0)
    weight = np.divide(1.0, wave.share, out=np.zeros(size), where=wave.share > 0)
    share_moves = own - wave.share[:, np.newaxis, np.newaxis]
    score_moves = own * weight[:, np.newaxis, np.newaxis] * (_CODES - score[:, np.newaxis, np.newaxis])
    total_moves = np.broadcast_to(_CODES - wave.total.nps, (size, size, 3))
    by_score = on_score[:, :, np.newaxis, np.newaxis] * score_moves
    by_share = on_share[:, :, np.newaxis, np.newaxis] * share_moves
    by_share = by_share + on_total[:, :, np.newaxis, np.newaxis] * total_moves
    return Influence(
        *(np.concatenate([part, part.sum(axis=1, keepdims=True)], axis=1) for part in (by_score, by_share))
    )


def errors(parts: Parts, waves: tuple[Wave, Wave]) -> FloatArray:
    """Return the standard errors of independent answers, shape (2 parts, segments + 1)."""
    variance = np.zeros(parts.influence[0].of_score.shape[:2])
    for wave, influence in zip(waves, parts.influence, strict=True):
        moves, chance = influence.of_score + influence.of_share, wave.share[:, np.newaxis] * wave.bands
        mean = (moves * chance).sum(axis=(2, 3), keepdims=True)
        variance += ((moves - mean) ** 2 * chance).sum(axis=(2, 3)) / wave.n.sum()
    return _known(np.sqrt(variance), parts)


def clustered_errors(
    parts: Parts, waves: tuple[Wave, Wave], cells: tuple[Cells, Cells], z: float
) -> tuple[FloatArray, FloatArray]:
    """Return the standard errors by account, and Student's t at the level of `z`, of the shape of `errors`.

    An account that is alone in its segment in a wave says nothing about others there: its answers count as one.
    """
    shape = parts.influence[0].of_score.shape[:2]
    accounts = 1 + max(int(side.account.max(initial=-1)) for side in cells)
    sums, told = np.zeros((accounts, *shape)), np.zeros((accounts, *shape))
    variance, plain = np.zeros(shape), np.zeros(shape)
    for wave, influence, side in zip(waves, parts.influence, cells, strict=True):
        total, n = float(wave.n.sum()), side.counts.sum(axis=1)
        of_account = np.bincount(side.account, n, accounts)[side.account] / total
        pull, shares = n / wave.n[side.segment], side.counts / np.where(n > 0, n, 1.0)[:, np.newaxis]
        by_score = _lifted(pull, n / total) * _moved(influence.of_score, side, shares)
        by_share = _lifted(of_account, n / total) * _moved(influence.of_share, side, shares)
        added = _adding(side.account, accounts)
        sums += added(by_score + by_share)
        spread = _spread(influence.of_score, wave, side)
        lone = pull >= _LONE
        variance += (_column(n[lone] / total) ** 2 * spread[lone]).sum(axis=0)
        moves = influence.of_score + influence.of_share
        plain += np.einsum("jk,pijk->pi", _counts(wave, side), moves**2) / total**2
        # What is expected of an account: answers alike by `_ALIKE` in their scores, and all in one segment.
        moved = _moved(influence.of_share, side, wave.bands[side.segment])
        told += added(_column(n / total) * moved) ** 2
        alike = _column(n * (1 - _ALIKE) + n**2 * _ALIKE) / total**2
        told += added(alike * spread)
    variance += (sums**2).sum(axis=0)
    df = np.maximum(_ratio(told.sum(axis=0) ** 2, (told**2).sum(axis=0), _MANY) - 1, _LEAST_DF)
    effect = _ratio(variance, plain, 1.0)
    independent = errors(parts, waves)
    t = np.asarray(-stdtrit(df, ndtr(-z)), dtype=np.float64)
    se = independent * np.sqrt(np.maximum(effect, df / (df + 1)))
    return _known(np.maximum(se, independent * z / t), parts), t  # never surer than of independent answers


def _moved(influence: FloatArray, side: Cells, shares: FloatArray) -> FloatArray:
    """Return the mean influence of each cell's answers, shape (cells, 2, segments + 1), by shares of bands."""
    moved = np.empty((len(shares), *influence.shape[:2]))
    for segment, own in enumerate(np.moveaxis(influence, 2, 0)):  # a product each, of which accounts are millions
        here = np.flatnonzero(side.segment == segment)
        moved[here] = (shares[here] @ own.reshape(-1, own.shape[-1]).T).reshape(len(here), *own.shape[:2])
    return moved


def _adding(account: npt.NDArray[np.int64], accounts: int) -> Callable[[FloatArray], FloatArray]:
    """Return what adds up cells by account; a product with a matrix of ones, in the order of the cells."""
    every = np.arange(len(account))
    ones = sparse.csr_array((np.ones(len(account)), (account, every)), shape=(accounts, len(account)))
    return lambda cells: np.asarray(ones @ cells.reshape(len(cells), -1)).reshape(accounts, *cells.shape[1:])


def _spread(influence: FloatArray, wave: Wave, side: Cells) -> FloatArray:
    """Return the variance of the influence of one answer of each cell's segment."""
    mean = np.einsum("pijk,jk->pij", influence, wave.bands)
    spread = np.einsum("pijk,jk->jpi", (influence - mean[..., np.newaxis]) ** 2, wave.bands)
    return np.asarray(spread[side.segment])


def _lifted(pull: FloatArray, share: FloatArray) -> FloatArray:
    """Return shares lifted for the pull of an account on the mean it is compared with; nothing where it is the mean."""
    room = np.maximum(1 - pull, 1e-12)
    return _column(np.where(pull >= _LONE, 0.0, share / np.sqrt(room)))


def _column(values: FloatArray) -> FloatArray:
    return np.asarray(values)[:, np.newaxis, np.newaxis]


def _ratio(above: FloatArray, below: FloatArray, nothing: float) -> FloatArray:
    found: FloatArray = np.divide(above, below, out=np.full(np.shape(above), nothing), where=below > 1e-15)
    return found


def _counts(wave: Wave, side: Cells) -> FloatArray:
    return np.column_stack([np.bincount(side.segment, band, len(wave.n)) for band in side.counts.T])


def _known(se: FloatArray, parts: Parts) -> FloatArray:
    """Leave out the error of a change within a segment that one wave lacks."""
    se[0, :-1] = np.where(parts.both, se[0, :-1], np.nan)
    return se
