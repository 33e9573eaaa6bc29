"""Looking every week: intervals that stay valid however often one looks, beside those that do not.

A fixed-n interval promises 95 % at one look that was planned. Whoever looks every week and stops at the first
border crossed is wrong far more often. A confidence sequence holds at all looks together, at about 1.5 times the
width.
"""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import BadValue, check_columns, check_fraction, check_whole
from nps_utils.scale import COUNTS
from nps_utils.stats.arithmetic.intervals import Bands, difference_limits, normal_quantile, score_limits
from nps_utils.stats.monitoring.always_valid import difference_sequence_limits, sequence_limits
from nps_utils.stats.monitoring.control import control_limits
from nps_utils.stats.monitoring.repeated_looks import LOOKS_PLANNED, false_alarms
from nps_utils.stats.score import bands_of

__all__ = ["confidence_sequence", "control_limits", "difference_sequence", "false_alarms"]

Floats = NDArray[np.float64]


def confidence_sequence(
    counts_in_time_order: pd.DataFrame, *, confidence_level: float = 0.95, tightest_at: int | None = None
) -> pd.DataFrame:
    """Score all answers so far at every look, with borders that hold at all looks together.

    The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024, Annals of Statistics
    52:2613, theorem 2.2), with mean and variance taken after adding (3/4, 3/2, 3/4) pseudo-answers, without which
    it fails with few answers a week. Where the score moves, the borders are for the average over all answers so far.

    Parameters
    ----------
    counts_in_time_order
        One row per look with the answers that came since the last: `detractors`, `passives`, `promoters`, and any
        columns that name the look.
    confidence_level
        Of all looks together, 0..1.
    tightest_at
        Number of answers at which the sequence is narrowest; to be set before looking. None takes 52 times the
        answers of the first look that has any. Ten times off costs about a tenth of the width.

    Returns
    -------
    One row per look: the columns that name it, `n` (answers so far), `nps` (of them), `low`, `high` (always valid),
    `fixed_low`, `fixed_high` (score interval, valid at one planned look only); points.

    Raises
    ------
    BadValue
        Counts that are none, a level like 95.

    Examples
    --------
    >>> weeks = pd.DataFrame({"detractors": [2, 1], "passives": [3, 5], "promoters": [5, 4]})
    >>> confidence_sequence(weeks).round(1)
        n   nps    low   high  fixed_low  fixed_high
    0  10  30.0 -100.0  100.0      -21.7        67.5
    1  20  30.0  -57.2  100.0       -4.2        57.3
    """
    check_fraction("confidence_level", confidence_level)
    look = bands_of(counts_in_time_order)
    so_far = Bands(*(np.cumsum(column) for column in look))
    planned = _planned(look.n, tightest_at)
    low, high = sequence_limits(so_far, tightest_at=planned, alpha=1 - confidence_level)
    fixed_low, fixed_high = score_limits(so_far, normal_quantile(confidence_level))
    return _names(counts_in_time_order).assign(
        n=so_far.n.astype(np.int64),
        nps=100 * so_far.nps,
        low=100 * low,
        high=100 * high,
        fixed_low=100 * fixed_low,
        fixed_high=100 * fixed_high,
    )


def difference_sequence(
    counts_in_time_order: pd.DataFrame,
    *,
    across: str,
    baseline: Hashable,
    look: str,
    confidence_level: float = 0.95,
    tightest_at: int | None = None,
) -> pd.DataFrame:
    """Difference between two groups at every look, with borders that hold at all looks together.

    Estimates of a difference from growing samples are one Brownian motion in information time, whatever the pace of
    either group (Jennison and Turnbull 2000, Group Sequential Methods, ch. 11), so that the border of
    `confidence_sequence` holds with information 1 / (v1/n1 + v2/n2); pseudo-answers are added to each group.

    Parameters
    ----------
    counts_in_time_order
        One row per look and group: `detractors`, `passives`, `promoters` that came since the last look. A group
        without a row at a look had no answers.
    across
        Column of the group; it has two values.
    baseline
        The group from which the difference is counted.
    look
        Column that names the look; looks are in the order of first appearance.
    confidence_level
        Of all looks together, 0..1.
    tightest_at
        Answers in each group at which the sequence is narrowest, as in `confidence_sequence`.

    Returns
    -------
    One row per look: `look`'s column, `before`, `after` (scores so far, points), `n_before`, `n_after`, `change`,
    `low`, `high` (always valid), `fixed_low`, `fixed_high` (square-and-add, valid at one planned look only).

    Examples
    --------
    >>> counts = pd.DataFrame(
    ...     {"week": [1, 1, 2, 2], "group": ["old", "new"] * 2}
    ...     | {"detractors": [90, 20, 80, 30], "passives": 50, "promoters": 200}
    ... )
    >>> differences = difference_sequence(counts, across="group", baseline="old", look="week")
    >>> differences[["week", "change", "low", "high", "fixed_low"]].round(1)
       week  change  low  high  fixed_low
    0     1    34.3 -6.5  74.2       22.4
    1     2    29.3  7.0  51.2       20.8
    """
    check_fraction("confidence_level", confidence_level)
    bands_of(counts_in_time_order)
    check_columns(list(counts_in_time_order.columns), [across, look], what="the table of counts")
    groups = list(dict.fromkeys(counts_in_time_order[across]))
    if len(groups) != 2 or baseline not in groups:
        listed = ", ".join(map(str, groups))
        raise BadValue(
            f'baseline = {baseline!r}: column "{across}" must hold it and one other value; it has: {listed}.'
        )
    other = groups[1 - groups.index(baseline)]
    order = pd.Index(dict.fromkeys(counts_in_time_order[look]), name=look)
    sides = []
    for group in (baseline, other):
        rows = counts_in_time_order[counts_in_time_order[across] == group]
        new = rows.groupby(look)[list(COUNTS)].sum().reindex(order, fill_value=0)
        sides.append(Bands(*(new[name].to_numpy(dtype=np.float64) for name in COUNTS)))
    planned = _planned(sides[0].n + sides[1].n, None if tightest_at is None else 2 * tightest_at) / 2
    before, after = (Bands(*(np.cumsum(column) for column in side)) for side in sides)
    low, high = difference_sequence_limits(before, after, tightest_at=planned, alpha=1 - confidence_level)
    fixed_low, fixed_high = difference_limits(before, after, normal_quantile(confidence_level))
    return pd.DataFrame(
        {
            "before": 100 * before.nps,
            "after": 100 * after.nps,
            "n_before": before.n.astype(np.int64),
            "n_after": after.n.astype(np.int64),
            "change": 100 * (after.nps - before.nps),
            "low": 100 * low,
            "high": 100 * high,
            "fixed_low": 100 * fixed_low,
            "fixed_high": 100 * fixed_high,
        },
        index=order,
    ).reset_index()


def _planned(n: Floats, tightest_at: int | None) -> float:
    if tightest_at is not None:
        check_whole("tightest_at", tightest_at, least=1)
        return float(tightest_at)
    some = n[n > 0]
    return float(LOOKS_PLANNED * some[0]) if len(some) else 1.0


def _names(counts: pd.DataFrame) -> pd.DataFrame:
    return counts.drop(columns=[name for name in (*COUNTS, "n") if name in counts.columns])
