"""A trend over waves: a weighted line with its band, and whether a line is enough."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from nps_utils.checks import BadValue, check_fraction
from nps_utils.stats.arithmetic import intervals
from nps_utils.stats.arithmetic.intervals import PSEUDO, FloatArray
from nps_utils.stats.arithmetic.levels import ByLevel, by_level, times
from nps_utils.stats.arithmetic.multiplicity import Adjustment, adjusted, check_adjustment, family

LEAST_WAVES: Final = 3
# Answers that the variance of a wave borrows from all waves of its group.
_BORROWED: Final = 5.0


class _Waves(NamedTuple):
    """Waves of all groups: time (waves,); answers, score and variance of the score, shape (groups, waves)."""

    time: FloatArray
    n: FloatArray
    nps: FloatArray
    variance: FloatArray


class _Lines(NamedTuple):
    """Fitted lines in shares; `smoother` turns a group's scores into fitted ones, `tilt` into a slope.

    Shapes (groups, waves, waves) and (groups, waves).
    """

    slope: FloatArray
    slope_se: FloatArray
    fitted: FloatArray
    smoother: FloatArray
    tilt: FloatArray


def trend(
    counts: pd.DataFrame, *, across: str = "wave", confidence_level: float = 0.95, adjust: Adjustment = "holm"
) -> pd.DataFrame:
    """Fit a line through the scores of each group's waves.

    Least squares with the numbers of answers as weights, and with known variances: that of a wave borrows from all
    waves of the group as if by five more answers, and from three pseudo-answers, so that five promoters of five are
    not taken as certain. Weights by estimated variances would favour extreme waves: at ten answers a wave they alarm
    falsely in 12 % of cases at a nominal 5 %, this in 6-7 %, and from 20 answers on in 5-6 %. Two tests of Cochran's
    kind (1954, Biometrics 10:101; with Box's 1954 correction for unequal variances, Annals of Mathematical Statistics
    25:290) go with it: whether the waves scatter about the line, and whether they differ at all, by more than chance.
    Where they scatter about the line, the line is not the story: look at single waves instead.

    Parameters
    ----------
    counts
        Band counts, one row per group and wave. Columns that are neither `across` nor counts name the groups.
    across
        The waves, ordered by value or category. Their distance in time is read from labels like 2024-Q3; see
        `nps_utils.stats.arithmetic.levels.times`.
    confidence_level
        Between 0 and 1.
    adjust
        How p-values of slopes are adjusted for all groups of the table.

    Returns
    -------
    One row per group: group columns, `waves` (with answers), `per` (quarter, month, ...), `slope` (points per that
    unit), `se`, `low`, `high`, `pvalue`, `pvalue_adjusted`, `scatter` (Q about the line, scaled to a chi-squared with
    `scatter_df` degrees of freedom), `scatter_pvalue`, `equal` (Q about a common score), `equal_df`, `equal_pvalue`,
    and `family`. What cannot be computed with so few waves is NaN.

    Raises
    ------
    MissingColumn, BadValue
        No group has three waves with answers (use `compare`); counts that are no counts.

    Examples
    --------
    >>> counts = pd.DataFrame({
    ...     "wave": ["2024-Q1", "2024-Q2", "2024-Q3"],
    ...     "detractors": [30, 25, 20], "passives": [30, 30, 30], "promoters": [40, 45, 50],
    ... })
    >>> trend(counts)[["per", "slope", "low", "high", "pvalue", "scatter_pvalue"]].round(3)
           per  slope    low    high  pvalue  scatter_pvalue
    0  quarter   10.0 -1.231  21.231   0.081             1.0
    """
    check_fraction("confidence_level", confidence_level)
    check_adjustment(adjust)
    return lines_through(by_level(counts, across), across, confidence_level=confidence_level, adjust=adjust)[0]


def lines_through(
    table: ByLevel, across: str, *, confidence_level: float, adjust: Adjustment
) -> tuple[pd.DataFrame, FloatArray]:
    """Return `trend` of a table already arranged, and what each wave's score weighs in the slope, (groups, waves)."""
    waves, unit = _waves(table, across)
    lines = _fit(waves)
    level = np.broadcast_to((waves.n / waves.n.sum(axis=1, keepdims=True))[:, np.newaxis], lines.smoother.shape)
    number = (waves.n > 0).sum(axis=1)
    z = intervals.normal_quantile(confidence_level)
    pvalue = intervals.two_sided(lines.slope / lines.slope_se)
    groups = table.groups
    within = f" within each {' x '.join(map(str, groups.columns))}" if len(groups.columns) else ""
    found = groups.assign(
        waves=number,
        per=unit,
        slope=100 * lines.slope,
        se=100 * lines.slope_se,
        low=100 * (lines.slope - z * lines.slope_se),
        high=100 * (lines.slope + z * lines.slope_se),
        pvalue=pvalue,
        pvalue_adjusted=adjusted(pvalue, adjust=adjust),
        **_heterogeneity("scatter", waves, lines.smoother, number > 2),
        **_heterogeneity("equal", waves, level, number > 1),
        family=family(f"the slope over {across}{within} with zero", pvalue, adjust=adjust),
    )
    return found, lines.tilt


def _waves(table: ByLevel, across: str) -> tuple[_Waves, str]:
    """Return the waves of all groups and the unit of time; a group without a wave has n = 0 there."""
    bands = np.zeros((len(table.groups), len(table.levels), 3))
    bands[table.group, table.level] = table.bands
    n = bands.sum(axis=2)
    if (n > 0).sum(axis=1).max() < LEAST_WAVES:
        raise BadValue(
            f'no group has {LEAST_WAVES} levels of "{across}" with answers; a trend needs them. '
            "For two waves use compare()."
        )
    some = np.maximum(n, 1.0)
    nps = (bands[..., 2] - bands[..., 0]) / some
    squares = n * ((bands[..., 2] + bands[..., 0]) / some - nps**2)
    freedom = n.sum(axis=1) - (n > 0).sum(axis=1)
    pooled = (squares.sum(axis=1) + sum(PSEUDO[::2])) / (freedom + sum(PSEUDO))
    variance = (squares + _BORROWED * pooled[:, np.newaxis]) / (some - 1 + _BORROWED) / some
    time, unit = times(table.levels)
    return _Waves(time, n, nps, np.where(n > 0, variance, 0.0)), unit


def _fit(waves: _Waves) -> _Lines:
    total = waves.n.sum(axis=1, keepdims=True)
    weight = waves.n / np.where(total > 0, total, np.nan)
    away = waves.time - (weight * waves.time).sum(axis=1, keepdims=True)
    spread = (weight * away**2).sum(axis=1, keepdims=True)
    tilt = weight * away / np.where(spread > 0, spread, np.nan)
    smoother = weight[:, np.newaxis, :] + away[:, :, np.newaxis] * tilt[:, np.newaxis, :]
    return _Lines(
        slope=(tilt * waves.nps).sum(axis=1),
        slope_se=np.sqrt((tilt**2 * waves.variance).sum(axis=1)),
        fitted=np.einsum("gij,gj->gi", smoother, waves.nps),
        smoother=smoother,
        tilt=tilt,
    )


def _heterogeneity(
    name: str, waves: _Waves, smoother: FloatArray, possible: npt.NDArray[np.bool_]
) -> dict[str, FloatArray]:
    """Return Q, its degrees of freedom and p-value; Q is a sum of squares about `smoother`, weighted by n.

    Under chance alone Q is distributed as a sum of chi-squareds whose mean and variance follow from the matrix below;
    a multiple of one chi-squared with the same mean and variance stands for it.
    """
    residual = waves.nps - np.einsum("gij,gj->gi", smoother, waves.nps)
    weight = waves.n / np.maximum(waves.n.sum(axis=1, keepdims=True), 1.0)
    left_over = np.eye(len(waves.time)) - smoother
    form = np.einsum("gki,gk,gkj->gij", left_over, weight, left_over) * waves.variance[:, np.newaxis, :]
    mean, half_variance = np.trace(form, axis1=1, axis2=2), np.einsum("gij,gji->g", form, form)
    scale = np.where(possible, half_variance / np.where(possible, mean, 1.0), np.nan)
    q, df = (weight * residual**2).sum(axis=1) / scale, mean / scale
    return {name: q, f"{name}_df": df, f"{name}_pvalue": stats.chi2.sf(q, df)}
