"""Arithmetic of intervals on whole columns of counts; no tables, no messages.

Everything here is in shares: a score is promoters less detractors over n, from -1 to 1, a change from -2 to 2.
`score` and `compare` turn the results into points and tables.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import special

FloatArray: TypeAlias = npt.NDArray[np.float64]
Limits: TypeAlias = tuple[FloatArray, FloatArray]

# Pseudo-answers of the adjusted Wald interval: detractors, passives, promoters.
PSEUDO: Final = (0.75, 1.5, 0.75)
# Halvings of a bracket in [-1, 1], right to 1e-14, and the most steps of Newton, who takes about six.
_HALVINGS: Final = 48
_CLOSE: Final = 1e-13  # a step that moves no score by more ends the search
_TRIES: Final = 4  # to find the point of a grid beside a root
_TINY: Final = 1e-300  # keeps 0 / 0 away where a whole side is empty
# Groups solved at a time: their columns stay in the processor's cache, which is 2-3 times faster at 100,000 groups.
_BLOCK: Final = 8192


class Bands(NamedTuple):
    """Columns of counts: detractors, passives and promoters of the same groups."""

    detractors: FloatArray
    passives: FloatArray
    promoters: FloatArray

    @property
    def n(self) -> FloatArray:
        """Answers of each group."""
        return self.detractors + self.passives + self.promoters

    @property
    def nps(self) -> FloatArray:
        """Promoters less detractors as a share of n; NaN where nobody answered."""
        return _ratio(self.promoters - self.detractors, self.n)

    @property
    def variance(self) -> FloatArray:
        """Plug-in variance of one answer coded -1, 0, 1; NaN where nobody answered."""
        variance: FloatArray = np.maximum(_ratio(self.promoters + self.detractors, self.n) - self.nps**2, 0.0)
        return variance

    def adjusted(self, part: float | FloatArray = 1.0) -> Bands:
        """Return the counts with (a part of) the pseudo-answers of the adjusted Wald interval added."""
        return Bands(*(column + part * extra for column, extra in zip(self, PSEUDO, strict=True)))

    def pick(self, rows: slice | npt.NDArray[np.intp]) -> Bands:
        """Return the chosen groups."""
        return Bands(*(column[rows] for column in self))


def stacked(one: Bands, other: Bands) -> Bands:
    """Return the groups of both, one after the other."""
    return Bands(*(np.concatenate([x, y]) for x, y in zip(one, other, strict=True)))


def normal_quantile(confidence_level: float) -> float:
    """Return z with `confidence_level` of a standard normal between -z and z.

    Examples
    --------
    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    return float(special.ndtri(0.5 + confidence_level / 2))


def two_sided(z: FloatArray) -> FloatArray:
    """Return the two-sided p-value of a standard normal statistic."""
    pvalue: FloatArray = 2 * special.ndtr(-np.abs(z))
    return pvalue


def score_statistic(bands: Bands, score: npt.ArrayLike) -> FloatArray:
    """Return z of the score test of H0: P(promoter) - P(detractor) = `score`, in one multinomial sample.

    The variance is that of the most likely population with this score. With s the share of answers that are not
    passive, its likelihood equation is s^2 - (t + score * e) s + score * e - q * score^2 = 0, where t, e and q are
    the observed non-passive share, score and passive share; s is the larger root. This is r = (s - score) / 2 of
    Tango (1998, Statistics in Medicine 17:891), written so that swapping promoters and detractors only flips signs
    and nothing cancels at a million answers. For NPS: Rocks (2016, The American Statistician 70:365).

    Returns
    -------
    z for each group, falling in `score`; 0 where nobody answered; infinite where `score` is impossible.
    """
    return _score_test(bands)(np.asarray(score, dtype=float))


def _score_test(bands: Bands) -> Callable[[FloatArray], FloatArray]:
    n = np.maximum(bands.n, 1.0)
    estimate = (bands.promoters - bands.detractors) / n
    not_passive = (bands.promoters + bands.detractors) / n
    passive = bands.passives / n
    root_n = np.sqrt(bands.n)  # 0 where nobody answered, and so is z

    def z(score: FloatArray) -> FloatArray:
        product, square = score * estimate, score * score
        linear = not_passive + product
        spread = (linear + np.sqrt(np.maximum(linear * linear - 4 * (product - passive * square), 0.0))) / 2
        spread = np.maximum(spread, np.abs(score))  # so it is, but squares of tiny scores are rounded to nothing
        distance = root_n * (estimate - score)
        sd = np.sqrt(np.maximum(spread - square, 0.0))
        impossible = np.where(distance == 0, 0.0, np.copysign(np.inf, distance))
        statistic: FloatArray = np.divide(distance, sd, out=impossible, where=sd > 0)
        return statistic

    return z


def score_limits(bands: Bands, z: npt.ArrayLike) -> Limits:
    """Return the scores at which the score test reaches `z` below and above the observed score.

    -1 and 1 where nobody answered.
    """
    critical = np.asarray(z, dtype=float) + np.zeros_like(bands.n)
    # Above the score it is the limit below the mirrored one: both are solved in one go.
    both = stacked(bands, Bands(bands.promoters, bands.passives, bands.detractors))
    twice, size = np.concatenate([critical, critical]), len(critical)
    found = np.concatenate([_lower_limit(both.pick(rows), twice[rows]) for rows in _blocks(2 * size)])
    return found[:size], -found[size:]


def _lower_limit(bands: Bands, critical: FloatArray) -> FloatArray:
    """Solve z(score) = critical below the observed score, by Newton's steps kept inside a shrinking bracket.

    Squared and multiplied out the equation has no infinities: n (e - D)^2 = z^2 (s - D^2), see `score_statistic`.
    Left of the root the left side is larger. Each group ends where its own step is small: its limit is the same
    whatever groups are solved with it.
    """
    n = bands.n
    some, z2 = np.maximum(n, 1.0), critical * critical
    estimate = (bands.promoters - bands.detractors) / some
    not_passive, passive = (bands.promoters + bands.detractors) / some, bands.passives / some
    rejected, accepted = np.full_like(n, -1.0), estimate.copy()
    wide = z2 / (n + z2 + _TINY)
    at = np.maximum(estimate - np.sqrt((not_passive - estimate**2 + wide) * wide), (estimate - 1) / 2)
    ended = np.zeros(len(n), dtype=bool)
    for _ in range(_HALVINGS):
        linear = not_passive + at * estimate
        root = np.sqrt(np.maximum(linear * linear - 4 * at * (estimate - passive * at), 0.0))
        excess = some * (estimate - at) ** 2 - z2 * ((linear + root) / 2 - at * at)
        bend = (estimate + (linear * estimate - 2 * estimate + 4 * passive * at) / (root + _TINY)) / 2
        slope = -2 * some * (estimate - at) - z2 * (bend - 2 * at)
        inside = excess <= 0
        rejected, accepted = np.where(inside, rejected, at), np.where(inside, at, accepted)
        step = at - excess / np.where(slope == 0, 1.0, slope)
        held = (step >= rejected) & (step <= accepted)
        following = np.where(held, step, (rejected + accepted) / 2)
        following = np.where(ended, at, following)
        ended |= np.abs(following - at) < _CLOSE
        at = following
        if ended.all():
            break
    return np.where(n > 0, np.clip(at, -1.0, estimate), -1.0)


def _blocks(size: int) -> list[slice]:
    return [slice(start, start + _BLOCK) for start in range(0, max(size, 1), _BLOCK)]


def wald_limits(bands: Bands, z: npt.ArrayLike) -> Limits:
    """Return estimate -+ z standard errors, cut at -1 and 1; -1 and 1 where nobody answered."""
    half = np.asarray(z) * np.sqrt(_ratio(bands.variance, bands.n))
    low, high = np.maximum(bands.nps - half, -1.0), np.minimum(bands.nps + half, 1.0)
    return np.where(bands.n > 0, low, -1.0), np.where(bands.n > 0, high, 1.0)


def difference_limits(before: Bands, after: Bands, z: npt.ArrayLike, correlation: npt.ArrayLike = 0.0) -> Limits:
    """Return the square-and-add limits (MOVER) of after - before, from the score limits of both.

    Zou and Donner (2008, Statistics in Medicine 27:1693); `correlation` is that of the two scores, 0 for independent
    samples. NaN where one side has no answers.
    """
    size, critical = len(before.n), np.asarray(z, dtype=float) + np.zeros_like(before.n)
    low, high = score_limits(stacked(before, after), np.concatenate([critical, critical]))
    (low_before, low_after), (high_before, high_after) = ((part[:size], part[size:]) for part in (low, high))
    change = after.nps - before.nps
    low = change - _add(after.nps - low_after, high_before - before.nps, correlation)
    high = change + _add(high_after - after.nps, before.nps - low_before, correlation)
    return low, high


def _add(one: FloatArray, other: FloatArray, correlation: npt.ArrayLike) -> FloatArray:
    squared = one**2 + other**2 - 2 * np.asarray(correlation) * one * other
    root: FloatArray = np.sqrt(np.maximum(squared, 0.0))
    return root


def difference_pvalue(before: Bands, after: Bands) -> FloatArray:
    """Return the level at which the interval of `difference_limits` just touches zero.

    It touches where (after - lower limit)^2 + (upper limit - before)^2 = change^2, both limits at the same z. The
    points of that quarter circle are run through by one angle, along which one z falls and the other rises, so the
    common z is one bracketed root and no interval has to be computed. NaN where one side has no answers.
    """
    return np.concatenate([_touching(before.pick(rows), after.pick(rows)) for rows in _blocks(len(before.n))])


def _touching(before: Bands, after: Bands) -> FloatArray:
    falls = after.nps < before.nps
    lower = Bands(*(np.where(falls, y, x) for x, y in zip(before, after, strict=True)))
    higher = Bands(*(np.where(falls, x, y) for x, y in zip(before, after, strict=True)))
    change, start = higher.nps - lower.nps, np.zeros_like(higher.nps)
    test_higher, test_lower = _score_test(higher), _score_test(lower)

    def statistics(angle: FloatArray) -> Limits:
        from_above = test_higher(np.maximum(higher.nps - change * np.cos(angle), -1.0))
        from_below = -test_lower(np.minimum(lower.nps + change * np.sin(angle), 1.0))
        return from_above, from_below

    def above_leads(angle: FloatArray) -> npt.NDArray[np.bool_]:
        from_above, from_below = statistics(angle)
        return from_above >= from_below

    z = np.minimum(*statistics(edge(above_leads, inside=start, outside=np.pi / 2)))
    return np.where((before.n > 0) & (after.n > 0), two_sided(np.where(change > 0, z, 0.0)), np.nan)


def wald_difference(before: Bands, after: Bands, z: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return low, high and the two-sided p-value of after - before by the normal approximation; for comparison only."""
    change = after.nps - before.nps
    se = np.sqrt(_ratio(before.variance, before.n) + _ratio(after.variance, after.n))
    certain = np.where(change == 0, 0.0, np.copysign(np.inf, change))
    statistic: FloatArray = np.divide(change, se, out=certain, where=se > 0)
    return np.maximum(change - z * se, -2.0), np.minimum(change + z * se, 2.0), two_sided(statistic)


def edge(
    is_inside: Callable[[FloatArray], npt.NDArray[np.bool_]], *, inside: FloatArray, outside: npt.ArrayLike
) -> FloatArray:
    """Return, for each element, the last point inside on the way from `inside` to `outside`, by halving.

    Halving asks only for a yes or no, so infinite statistics at impossible populations need no special case.
    """
    far = np.asarray(outside, dtype=float) + np.zeros_like(inside)
    near = np.where(is_inside(far), far, inside)
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        yes = is_inside(middle)
        near, far = np.where(yes, middle, near), np.where(yes, far, middle)
    return near


def crossing(value: Callable[[FloatArray], FloatArray], *, inside: FloatArray, outside: npt.ArrayLike) -> FloatArray:
    """Return what `edge` returns where inside is where a continuous value is above zero, in a quarter of the steps.

    Chandrupatla (1997, Advances in Engineering Software 28:145): inverse quadratic interpolation where it helps, else
    halving. The last step goes to the point of the grid of `edge` that is inside while its neighbour is not.
    """
    far = np.asarray(outside, dtype=float) + np.zeros_like(inside)
    step = (far - inside) / 2.0**_HALVINGS

    def is_inside(point: FloatArray) -> npt.NDArray[np.bool_]:
        return np.asarray(value(point) > 0)

    at = np.floor((_root(value, inside, far, step) - inside) / step)
    for _ in range(_TRIES):
        here, beyond = is_inside(inside + at * step), is_inside(inside + (at + 1) * step)
        ends = (at >= 2.0**_HALVINGS) & here | (at <= 0) & ~here
        if np.all(here & ~beyond | ends):
            return np.where(ends & ~here, inside, inside + at * step)
        at = np.where(ends, at, at + np.where(beyond, 1, np.where(here, 0, -1)))
    return edge(is_inside, inside=inside, outside=outside)


def _root(
    value: Callable[[FloatArray], FloatArray], inside: FloatArray, outside: FloatArray, close: FloatArray
) -> FloatArray:
    """Return a point as close as that to where a value crosses zero; `outside` where it does not."""
    a, b = outside.copy(), inside.copy()
    fa, fb = value(a), value(b)
    c, fc = a, fa
    beyond, t = fa > 0, np.full(len(a), 0.5)
    for _ in range(_HALVINGS):
        x = a + t * (b - a)
        fx = value(x)
        same = (fx > 0) == (fa > 0)
        c, fc = np.where(same, a, b), np.where(same, fa, fb)
        b, fb = np.where(same, b, a), np.where(same, fb, fa)
        a, fa = x, fx
        width = np.abs(b - a)
        if np.all((width <= close) | (fx == 0) | ~(width > 0) | beyond):
            break
        with np.errstate(divide="ignore", invalid="ignore"):
            xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
            found = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
            least = np.minimum(close / width / 2, 0.5)
        helps = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi) & np.isfinite(found)
        t = np.clip(np.where(helps, found, 0.5), least, 1 - least)
    return np.where(beyond, outside, np.minimum(a, b))


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    ratio: FloatArray = np.divide(top, bottom, out=np.full(np.shape(bottom), np.nan), where=bottom > 0)
    return ratio
