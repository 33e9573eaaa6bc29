"""Arithmetic of answers that come in accounts: how many independent answers they are worth; no tables, no messages.

The score interval is kept and given n*, the number of independent answers that these are worth. One account of one
answer each is n* = n, and all answers of an account alike is n* = accounts (both by weight: Kish's). In between n*
follows from V, the variance of the score between accounts, with few accounts' uncertainty about V as Student's t:

    n* = (1 / A) (z / t)^2 / max(D, nu / (nu + 1)), within 1 / F .. 1 / A

A = sum of squared shares of the answers' weight, F the same for accounts, D = V / (s^2 A) the design effect, s^2 the
variance of one answer, nu the degrees of freedom of V. Found by simulation of 1,880 populations, in which t intervals
around the estimate fail: a sample without detractors has both a high score and no spread.

Sources: V is CR2 of a mean (Bell and McCaffrey 2002, Survey Methodology 28:169; Pustejovsky and Tipton 2018, Journal of
Business & Economic Statistics 36:672); nu Satterthwaite's for answers of one account that correlate by .02 (Imbens and
Kolesar 2016, Review of Economics and Statistics 98:701, estimate that correlation; few accounts cannot); the effective
size with its degrees of freedom Korn and Graubard (1998, Survey Methodology 24:193) and Dean and Pagano (2015, Journal
of Survey Statistics and Methodology 3:484); a score interval at an effective size Kott (2017, Survey Methodology 43)
and Franco, Little, Louis and Slud (2019, Journal of Survey Statistics and Methodology 7:334).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtrit

from nps_utils.stats.arithmetic.intervals import (
    Bands,
    FloatArray,
    Limits,
    crossing,
    difference_limits,
    difference_pvalue,
    two_sided,
)

Codes: TypeAlias = npt.NDArray[np.int64]

# The correlation within accounts that the degrees of freedom are counted at.
_ALIKE: Final = 0.02
_LEAST_DF: Final = 0.5
# So many numbers an entry may be free between those that occur before sorting them is cheaper.
_MOST_EMPTY: Final = 8
_LARGEST_Z: Final = 37.0  # beyond it the normal tail is zero to the last digit of a float


class Cells(NamedTuple):
    """Answers summed up, at most by sample and account: cells of the same two are added up, so one answer is a cell."""

    sample: Codes
    account: Codes  # an account is in one stratum
    stratum: Codes
    n: FloatArray
    squares: FloatArray  # sum of squared weights
    detractors: FloatArray  # sum of weights, and so on
    passives: FloatArray
    promoters: FloatArray

    def pick(self, rows: npt.NDArray[np.intp]) -> Cells:
        """Return the chosen cells."""
        codes = (self.sample[rows], self.account[rows], self.stratum[rows])
        return Cells(*codes, *(column[rows] for column in self[3:]))


class Spread(NamedTuple):
    """How the accounts of samples differ: one entry per account with answers in a sample, sorted by both.

    `residual` u has V as its sum of squares. The other columns say what its variance would be if answers were alike
    by `_ALIKE` and nothing else: with e = `pull`, v = `variance`, q = `part` and S = `common`, residuals g and h of one
    layer (sample and stratum) have covariance e_g e_h (v_g [g = h] - q_g - q_h + S).
    """

    sample: Codes
    account: Codes
    stratum: Codes
    residual: FloatArray
    pull: FloatArray
    variance: FloatArray
    part: FloatArray
    common: FloatArray


class Samples(NamedTuple):
    """What is known of each sample: summed weights by band, its limits of worth, and how its accounts differ."""

    bands: Bands
    n: Codes
    accounts: Codes
    kish: FloatArray  # 1 / A: worth of these answers if they were independent
    alike: FloatArray  # 1 / F: worth if all answers of an account were alike
    spread: Spread

    def counts(self, worth: FloatArray) -> Bands:
        """Return real counts with these shares of bands and `worth` answers in all."""
        return Bands(*(worth / np.where(self.bands.n > 0, self.bands.n, 1.0) * band for band in self.bands))

    @property
    def one_band(self) -> npt.NDArray[np.bool_]:
        """Whether all answers are in one band, so that nothing differs."""
        return np.asarray(np.count_nonzero(np.array(self.bands), axis=0) <= 1)

    @property
    def expected(self) -> FloatArray:
        """Return the variance of each score if its answers were independent; NaN where nobody answered."""
        nobody = np.full(len(self.kish), np.nan)
        return np.asarray(np.divide(self.bands.variance, self.kish, out=nobody, where=self.kish > 0))

    @property
    def most_df(self) -> FloatArray:
        """Return twice the answers outside the commonest band: few of them tell little about how accounts differ."""
        share = np.max(np.array(self.bands), axis=0) / np.where(self.bands.n > 0, self.bands.n, 1.0)
        most: FloatArray = 2 * (1 - share) * self.kish
        return most


class Worth(NamedTuple):
    """V, the degrees of freedom nu and the design effect D of scores, or of changes."""

    variance: FloatArray
    df: FloatArray
    effect: FloatArray


def _sums(at: Codes, values: npt.ArrayLike, size: int) -> FloatArray:
    """Add up values by code; of nothing, numpy would give whole numbers."""
    return np.bincount(at, np.asarray(values, dtype=float) + np.zeros(len(at)), size).astype(np.float64)


def summed(cells: Cells) -> Cells:
    """Return one cell for each sample and account, sorted by both."""
    key = cells.sample * (cells.account.max(initial=0) + 1) + cells.account
    first, at = grouped(key)
    sums = (_sums(at, column, len(first)) for column in cells[3:])
    return Cells(cells.sample[first], cells.account[first], cells.stratum[first], *sums)


def grouped(key: Codes) -> tuple[Codes, Codes]:
    """Return where each different number first is, in their order, and for each entry which of them it has."""
    if len(key) and (np.diff(key) > 0).all():
        every = np.arange(len(key))
        return every, every
    size = int(key.max(initial=-1)) + 1
    if size > _MOST_EMPTY * len(key):
        _, first, at = np.unique(key, return_index=True, return_inverse=True)
        return first, at
    # Numbers that lie close are counted off: sorting a million answers takes longer than all that follows.
    kind: type[np.signedinteger[Any]] = np.int32 if len(key) < np.iinfo(np.int32).max else np.int64
    place = np.full(size, -1, dtype=kind)
    place[key[::-1]] = np.arange(len(key) - 1, -1, -1, dtype=kind)
    there = place >= 0
    return place[there].astype(np.int64), (np.cumsum(there, dtype=kind) - 1)[key].astype(np.int64)


def numbered_together(columns: Sequence[Codes]) -> tuple[Codes, Codes]:
    """Return where each different row of columns of numbers from 0 first is, and for each row which of them it has.

    Examples
    --------
    >>> first, at = numbered_together([np.array([1, 0, 1]), np.array([7, 7, 7])])
    >>> first.tolist(), at.tolist()
    ([1, 0], [1, 0, 1])
    """
    first, at = grouped(columns[0])
    for column in columns[1:]:
        # Numbered anew after each column, so that the product stays small.
        first, at = grouped(at * (int(column.max(initial=0)) + 1) + column)
    return first, at


def samples_of(cells: Cells, samples: int) -> Samples:
    """Sum cells up to samples: what the formulas need, without a loop over accounts or samples."""
    cells = summed(cells)
    n, *weights = (_sums(cells.sample, column, samples) for column in (cells.n, *cells[5:]))
    bands, heavy = Bands(*weights), cells.detractors + cells.passives + cells.promoters
    kish, alike = (
        np.divide(bands.n**2, square, out=np.zeros(samples), where=square > 0)
        for square in (_sums(cells.sample, column, samples) for column in (cells.squares, heavy**2))
    )
    accounts = np.bincount(cells.sample, minlength=samples)
    return Samples(bands, n.astype(np.int64), accounts, kish, alike, _spread(cells, heavy, bands))


def _spread(cells: Cells, heavy: FloatArray, bands: Bands) -> Spread:
    """Residuals of accounts around the mean of their stratum, and around the sample's where it is alone in its stratum.

    Strata: how many answers a stratum gives varies too, as its accounts are of unequal size; that is the second part
    of the residual (with the first it is Taylor's linearisation of a ratio). A lone account is taken around the mean
    of the sample, which errs to the safe side (as R's survey.lonely.psu = "adjust").
    """
    sample, total, score, mean = cells.sample, bands.n, bands.nps, (cells.promoters - cells.detractors) / heavy
    layer = _layer(sample, cells.stratum)
    layers = int(layer.max(initial=-1)) + 1
    accounts, inside = np.bincount(layer, minlength=layers), _sums(layer, heavy, layers)
    lone = (accounts == 1)[layer]
    share = heavy / total[sample]  # a_g
    centre = np.where(lone, score[sample], (_sums(layer, heavy * mean, layers) / inside)[layer])
    within = np.where(lone, share, heavy / inside[layer])
    variance = _ALIKE + (1 - _ALIKE) * cells.squares / heavy**2
    part = within * variance
    everywhere, here = _sums(sample, share * share * variance, len(total)), _sums(layer, within * part, layers)
    common = np.where(lone, everywhere[sample], here[layer])
    with np.errstate(divide="ignore", invalid="ignore"):
        pull = np.where(within < 1, share / np.sqrt(1 - within), 0.0)
        larger = share - (inside / accounts)[layer] / total[sample]
        sizes = np.sqrt(accounts / (accounts - 1))[layer] * (centre - score[sample]) * larger
    residual = pull * (mean - centre) + np.where(lone, 0.0, sizes)
    return Spread(sample, cells.account, cells.stratum, residual, pull, variance, part, common)


def _layer(sample: Codes, stratum: Codes) -> Codes:
    """Number the pairs of sample and stratum."""
    return grouped(sample * (stratum.max(initial=0) + 1) + stratum)[1]


def of_score(samples: Samples) -> Worth:
    """Return V, nu and D of each sample's score; NaN for V where a sample has one account."""
    size, spread = len(samples.n), samples.spread
    trace, square = _moments(spread, size)
    variance = _sums(spread.sample, spread.residual**2, size)
    expected = samples.expected
    return _worth(variance, trace, square, samples.most_df, expected, samples.accounts > 1)


def of_change(before: Samples, after: Samples) -> Worth:
    """Return V, nu and D of the change from each sample to the one of the same place; NaN as in `of_score`.

    An account in both is one entry of the difference of residuals, so that what it has in common cancels: the same
    accounts, partly the same and different ones are one formula.
    """
    size, (one, two) = len(before.n), _joined(before.spread, after.spread)
    variance = _sums(one.sample, (two.residual - one.residual) ** 2, size)
    (trace, square), (trace_two, square_two) = _moments(one, size), _moments(two, size)
    square = square + square_two + 2 * _crossed(one, two, size)
    expected = before.expected + after.expected
    told = (before.accounts > 1) & (after.accounts > 1)
    return _worth(variance, trace + trace_two, square, before.most_df + after.most_df, expected, told)


def _worth(
    variance: FloatArray,
    trace: FloatArray,
    square: FloatArray,
    most: FloatArray,
    expected: FloatArray,
    told: npt.NDArray[np.bool_],
) -> Worth:
    nothing = np.full(len(variance), np.nan)
    df = np.minimum(np.divide(trace**2, square, out=np.zeros(len(trace)), where=square > 0), most)
    effect = np.divide(variance, expected, out=nothing.copy(), where=told & (expected > 0))
    return Worth(np.where(told, variance, nothing), np.where(told, df, nothing), effect)


def _joined(before: Spread, after: Spread) -> tuple[Spread, Spread]:
    """Give both sides the same entries; an account that one side lacks has no pull and no residual there."""
    accounts = max(before.account.max(initial=0), after.account.max(initial=0)) + 1
    keys = [side.sample * accounts + side.account for side in (before, after)]
    # Both are sorted, as `summed` leaves them: to sort them together is to merge them, far faster than by hashes.
    together = np.sort(np.concatenate(keys), kind="stable")
    every = together[np.diff(together, prepend=-1) > 0]
    return _filled(before, keys[0], every, accounts), _filled(after, keys[1], every, accounts)


def _filled(side: Spread, key: Codes, every: Codes, accounts: int) -> Spread:
    at = np.searchsorted(every, key)
    stratum = np.full(len(every), -1)
    stratum[at] = side.stratum
    columns = [np.zeros(len(every)) for _ in side[3:]]
    for column, values in zip(columns, side[3:], strict=True):
        column[at] = values
    return Spread(every // accounts, every % accounts, stratum, *columns)


def _moments(spread: Spread, samples: int) -> tuple[FloatArray, FloatArray]:
    """Return the trace of the residuals' covariance matrix, and of its square, for each sample.

    With w = e^2 and W_k the sum of w q^k in a layer, the squares of all entries sum up to S^2 W_0^2 + 2 W_0 W_2 +
    2 W_1^2 - 4 S W_0 W_1 + sum of w^2 (v^2 + 2 v (S - 2 q)).
    """
    w, v, q, s = spread.pull**2, spread.variance, spread.part, spread.common
    trace = _sums(spread.sample, w * (v - 2 * q + s), samples)
    return trace, _crossed(spread, spread, samples)


def _crossed(one: Spread, two: Spread, samples: int) -> FloatArray:
    """Sum the products of the entries of both sides' covariance matrices, for each sample."""
    y = one.pull * two.pull
    layer = _layer(one.sample, np.maximum(one.stratum, two.stratum) + 1)
    layers = int(layer.max(initial=-1)) + 1
    at = np.zeros(layers, dtype=np.int64)
    at[layer] = one.sample
    # Where an account is in both, both sides know their layer's S; elsewhere it is not needed.
    s_one, s_two = np.zeros(layers), np.zeros(layers)
    there = y > 0
    s_one[layer[there]], s_two[layer[there]] = one.common[there], two.common[there]
    y_0, y_1, y_2, y_12 = (_sums(layer, y * f, layers) for f in (1.0, one.part, two.part, one.part * two.part))
    sums = s_one * s_two * y_0**2 - 2 * y_0 * (s_one * y_2 + s_two * y_1) + 2 * y_0 * y_12 + 2 * y_1 * y_2
    own = one.variance * two.variance
    own = own + one.variance * (two.common - 2 * two.part) + two.variance * (one.common - 2 * one.part)
    return _sums(at, sums, samples) + _sums(one.sample, y**2 * own, samples)


def independent(samples: Samples, worth: Worth, z: npt.ArrayLike, *, one_band: npt.NDArray[np.bool_]) -> FloatArray:
    """Return n*, the number of independent answers that each sample is worth at the level of `z`."""
    critical = np.asarray(z, dtype=float) + np.zeros(len(samples.n))
    df = np.nan_to_num(worth.df)
    t = -stdtrit(np.maximum(df, _LEAST_DF), ndtr(-critical))
    ratio: FloatArray = np.divide(critical, t, out=np.ones_like(critical), where=t > 0)
    effect = np.maximum(np.nan_to_num(worth.effect), df / (df + 1))
    size = np.divide(samples.kish * ratio**2, effect, out=np.full_like(ratio, np.inf), where=effect > 0)
    found: FloatArray = np.where(one_band, samples.alike, np.clip(size, samples.alike, samples.kish))
    return found


def change_limits(before: Samples, after: Samples, worth: Worth, z: npt.ArrayLike) -> Limits:
    """Return the square-and-add limits of the change (MOVER; Zou and Donner 2008), each score at its n*."""
    one, two = sides(before, after, worth, z)
    return difference_limits(one, two, z)


def sides(before: Samples, after: Samples, worth: Worth, z: npt.ArrayLike) -> tuple[Bands, Bands]:
    """Return real counts of both sides, of as many answers as they are worth at the level of `z`."""
    same = before.one_band & after.one_band
    one, two = (side.counts(independent(side, worth, z, one_band=same)) for side in (before, after))
    return one, two


def change_pvalue(before: Samples, after: Samples, worth: Worth) -> FloatArray:
    """Return the level at which the interval of the change touches zero, z and t taken at that level.

    Where n* is the same at every level that of the two score intervals; else halved for, as the interval grows with it.
    """
    fixed = (before.alike >= before.kish) & (after.alike >= after.kish) | before.one_band & after.one_band
    change = after.bands.nps - before.bands.nps

    def apart(z: FloatArray) -> FloatArray:
        low, high = change_limits(before, after, worth, z)
        return np.where(change > 0, low, -high)

    z = crossing(apart, inside=np.zeros(len(change)), outside=_LARGEST_Z)
    searched = np.where(np.isnan(change), np.nan, np.where(change == 0, 1.0, two_sided(z)))
    if not fixed.any():
        return searched
    pvalue: FloatArray = np.where(fixed, difference_pvalue(*sides(before, after, worth, 1.0)), searched)
    return pvalue
