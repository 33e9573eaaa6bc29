"""A trend over waves: a weighted line with its band, and whether a line is enough."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from nps_utils import intervals
from nps_utils.checks import BadValue, check_fraction
from nps_utils.intervals import Bands, FloatArray
from nps_utils.levels import ByLevel, by_level, times
from nps_utils.multiplicity import Adjustment, adjusted, check_adjustment, family

_LEAST_WAVES = 3


class _Lines(NamedTuple):
    """Fitted lines, one per group, in shares."""

    centre: FloatArray
    level: FloatArray
    slope: FloatArray
    weight: FloatArray
    information: FloatArray

    def at(self, time: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the fitted score and its standard error at each time, shape (groups, waves)."""
        away = time - self.centre[:, np.newaxis]
        variance = 1 / self.weight[:, np.newaxis] + away**2 / self.information[:, np.newaxis]
        return self.level[:, np.newaxis] + self.slope[:, np.newaxis] * away, np.sqrt(variance)


def trend(
    counts: pd.DataFrame, *, across: str = "wave", confidence_level: float = 0.95, adjust: Adjustment = "holm"
) -> pd.DataFrame:
    """Fit a line through the scores of each group's waves.

    Weighted least squares with known variances: a wave weighs n over the variance of one answer, taken after adding
    the pseudo-answers of the adjusted Wald interval, so that five promoters of five are not taken as certain. A wave
    without answers does not count. Two tests of Cochran (1954, Biometrics 10:101) go with it: whether the waves
    scatter about the line, and whether they differ at all, by more than chance. Where they scatter about the line,
    the line is not the story: look at single waves instead.

    Parameters
    ----------
    counts
        Band counts, one row per group and wave. Columns that are neither `across` nor counts name the groups.
    across
        The waves, ordered by value or category. Their distance in time is read from labels like 2024-Q3; see
        `nps_utils.levels.times`.
    confidence_level
        Between 0 and 1.
    adjust
        How p-values of slopes are adjusted for all groups of the table.

    Returns
    -------
    One row per group: group columns, `waves` (with answers), `per` (quarter, month, ...), `slope` (points per that
    unit), `se`, `low`, `high`, `pvalue`, `pvalue_adjusted`, `scatter` (Cochran's Q about the line), `scatter_df`,
    `scatter_pvalue`, `equal` (Q about a common score), `equal_df`, `equal_pvalue`, and `family`. What cannot be
    computed with so few waves is NaN.

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
    0  quarter   10.0 -0.978  20.978   0.074             1.0
    """
    check_fraction("confidence_level", confidence_level)
    check_adjustment(adjust)
    table = by_level(counts, across)
    groups, (nps, variance) = table.groups, _columns(table, across)
    time, unit = times(table.levels)
    lines, waves = _fit(time, nps, variance), np.isfinite(nps).sum(axis=1)
    se = 1 / np.sqrt(lines.information)
    z = intervals.normal_quantile(confidence_level)
    pvalue = intervals.two_sided(lines.slope / se)
    scatter = _cochran(nps - lines.at(time)[0], variance)
    equal = _cochran(nps - lines.level[:, np.newaxis], variance)
    within = f" within each {' x '.join(map(str, groups.columns))}" if len(groups.columns) else ""
    return groups.assign(
        waves=waves,
        per=unit,
        slope=100 * lines.slope,
        se=100 * se,
        low=100 * (lines.slope - z * se),
        high=100 * (lines.slope + z * se),
        pvalue=pvalue,
        pvalue_adjusted=adjusted(pvalue, adjust=adjust),
        **_heterogeneity("scatter", scatter, waves - 2),
        **_heterogeneity("equal", equal, waves - 1),
        family=family(f"the slope over {across}{within} with zero", pvalue, adjust=adjust),
    )


def trend_line(counts: pd.DataFrame, *, across: str = "wave", confidence_level: float = 0.95) -> pd.DataFrame:
    """Return the waves and the line of `trend` with its band, ready to be drawn.

    Parameters
    ----------
    counts, across, confidence_level
        As for `trend`.

    Returns
    -------
    One row per group and wave, in order: group columns, `across`, `time` (from the first wave, in the unit of
    `trend`), `n`, `nps`, `low`, `high` (the wave's own score interval), `fitted`, `fitted_low`, `fitted_high` (the
    band for the line at that wave, not for all waves at once).

    Raises
    ------
    MissingColumn, BadValue
        As `trend`.

    Examples
    --------
    >>> counts = pd.DataFrame(
    ...     {"wave": [1, 2, 3], "detractors": [30, 25, 20], "passives": [30, 30, 30], "promoters": [40, 45, 50]}
    ... )
    >>> trend_line(counts)[["wave", "nps", "fitted", "fitted_low", "fitted_high"]].round(1)
       wave   nps  fitted  fitted_low  fitted_high
    0     1  10.0    10.0        -4.5         24.5
    1     2  20.0    20.0        11.0         29.0
    2     3  30.0    30.0        16.1         43.9
    """
    check_fraction("confidence_level", confidence_level)
    table = by_level(counts, across)
    nps, variance = _columns(table, across)
    time, _ = times(table.levels)
    fitted, se = (part[table.group, table.level] for part in _fit(time, nps, variance).at(time))
    bands, z = Bands(*table.bands.T), intervals.normal_quantile(confidence_level)
    low, high = intervals.score_limits(bands, z)
    return (
        table.groups.loc[table.group]
        .reset_index(drop=True)
        .assign(
            **{across: [table.levels[level] for level in table.level]},
            time=time[table.level],
            n=bands.n.astype(int),
            nps=100 * bands.nps,
            low=100 * low,
            high=100 * high,
            fitted=100 * fitted,
            fitted_low=100 * np.maximum(fitted - z * se, -1.0),
            fitted_high=100 * np.minimum(fitted + z * se, 1.0),
        )
    )


def _columns(table: ByLevel, across: str) -> tuple[FloatArray, FloatArray]:
    """Return scores and their variances, shape (groups, waves)."""
    bands = Bands(*table.bands.T)
    more = bands.adjusted()
    nps = np.full((len(table.groups), len(table.levels)), np.nan)
    variance = nps.copy()
    nps[table.group, table.level] = bands.nps
    variance[table.group, table.level] = np.where(bands.n > 0, more.variance / more.n, np.nan)
    if np.isfinite(nps).sum(axis=1).max() < _LEAST_WAVES:
        raise BadValue(
            f'no group has {_LEAST_WAVES} levels of "{across}" with answers; a trend needs them. '
            "For two waves use compare()."
        )
    return nps, variance


def _fit(time: FloatArray, nps: FloatArray, variance: FloatArray) -> _Lines:
    weight = np.where(np.isfinite(nps), 1 / variance, 0.0)
    total = weight.sum(axis=1)
    seen = np.where(weight > 0, nps, 0.0)
    total = np.where(total > 0, total, np.nan)
    centre, level = (weight * time).sum(axis=1) / total, (weight * seen).sum(axis=1) / total
    away = time - centre[:, np.newaxis]
    information = (weight * away**2).sum(axis=1)
    information = np.where((weight > 0).sum(axis=1) > 1, information, np.nan)
    slope = (weight * away * seen).sum(axis=1) / information
    return _Lines(centre, level, slope, total, information)


def _cochran(residual: FloatArray, variance: FloatArray) -> FloatArray:
    q: FloatArray = np.where(np.isfinite(residual), residual**2 / variance, 0.0).sum(axis=1)
    return q


def _heterogeneity(name: str, q: FloatArray, df: FloatArray) -> dict[str, FloatArray]:
    possible = df > 0
    pvalue = np.where(possible, stats.chi2.sf(q, np.maximum(df, 1)), np.nan)
    return {name: np.where(possible, q, np.nan), f"{name}_df": np.maximum(df, 0), f"{name}_pvalue": pvalue}
