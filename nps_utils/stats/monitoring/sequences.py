"""Looking every week: intervals that stay valid however often one looks, beside those that do not.

A fixed-n interval promises 95 % at one look that was planned. Whoever looks every week and stops at the first
border crossed is wrong far more often. A confidence sequence holds at all looks together, at about 1.5 times the
width.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import BadValue, check_columns, check_fraction, check_whole
from nps_utils.scale import COUNTS
from nps_utils.stats.arithmetic.intervals import Bands, Limits, difference_limits, normal_quantile, score_limits
from nps_utils.stats.counts import by_account
from nps_utils.stats.monitoring.always_valid import difference_sequence_limits, radius, sequence_limits
from nps_utils.stats.monitoring.by_account import looks_of, so_far, worth_of_change, worth_of_score
from nps_utils.stats.monitoring.control import control_limits
from nps_utils.stats.monitoring.repeated_looks import LOOKS_PLANNED, false_alarms
from nps_utils.stats.score import bands_of

__all__ = ["confidence_sequence", "control_limits", "difference_sequence", "false_alarms"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
# As many independent answers an account is taken to be worth in the end, when none is known yet.
_ACCOUNT_WORTH = 10


def confidence_sequence(
    counts_in_time_order: pd.DataFrame,
    *,
    cluster: str | None = None,
    confidence_level: float = 0.95,
    tightest_at: int | None = None,
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
    cluster
        The column of accounts (or people), where counts are by look and account. The borders are then those of as many
        independent answers as all answers so far are worth at the level that such a border has at one look (n*, see
        `nps_utils.stats.arithmetic.effective`). Simulated over 104 weekly looks at 8 to 40 accounts of
        unequal size that correlate by 0 to .3, 5 or 20 answers a week, up to 90 % promoters: false alarms in at most
        3 % of programmes (of independent answers there: up to 83 %). Answers without an account
        each stand alone.
    confidence_level
        Of all looks together, 0..1.
    tightest_at
        Number of answers (with `cluster`: of independent ones) at which the sequence is narrowest; to be set before
        looking. None takes 52 times the answers of the first look that has any, or ten times its accounts: what a few
        accounts are worth, asked again and again. Ten times off costs about a tenth of the width.

    Returns
    -------
    One row per look: the columns that name it, `n` (answers so far), `nps` (of them), `low`, `high` (always valid),
    `fixed_low`, `fixed_high` (score interval, valid at one planned look only); points. With `cluster` also `n_worth`:
    as many independent answers as those so far are worth at one planned look.

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
    z, alpha = normal_quantile(confidence_level), 1 - confidence_level
    if cluster is None:
        look = bands_of(counts_in_time_order)
        every = Bands(*(np.cumsum(column) for column in look))
        names, planned, once, worth = _names(counts_in_time_order), _planned(look.n, tightest_at), every, {}
        low, high = sequence_limits(every, tightest_at=planned, alpha=alpha)
    else:
        looks = looks_of(counts_in_time_order, cluster)
        names, samples = looks.names, so_far(looks)
        every = samples.bands
        planned = _planned(samples.accounts, tightest_at, each=_ACCOUNT_WORTH)
        reach = radius(np.ones(len(names)), every.n / planned, alpha)
        always, known = worth_of_score(samples, reach)
        low, high = _where(known, sequence_limits(always, tightest_at=planned, alpha=alpha), 1.0)
        once = worth_of_score(samples, z)[0]
        worth = {"n_worth": once.n}
    fixed_low, fixed_high = score_limits(once, z)
    if cluster is not None:
        fixed_low, fixed_high = _where(known, (fixed_low, fixed_high), 1.0)
    return names.assign(
        n=every.n.astype(np.int64),
        nps=100 * every.nps,
        low=100 * low,
        high=100 * high,
        fixed_low=100 * fixed_low,
        fixed_high=100 * fixed_high,
        **worth,
    )


def difference_sequence(
    counts_in_time_order: pd.DataFrame,
    *,
    across: str,
    baseline: Hashable,
    look: str,
    cluster: str | None = None,
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
    cluster
        The column of accounts, as in `confidence_sequence`; what an account in both groups has in common cancels.
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
    z, alpha = normal_quantile(confidence_level), 1 - confidence_level
    order = pd.Index(dict.fromkeys(counts_in_time_order[look]), name=look)
    which = [(counts_in_time_order[across] == group).to_numpy() for group in (baseline, other)]
    if cluster is None:
        before, after = (_so_far(counts_in_time_order[rows], look, order) for rows in which)
        planned = _planned(before.n + after.n, _twice(tightest_at)) / 2
        low, high = difference_sequence_limits(before, after, tightest_at=planned, alpha=alpha)
        fixed_low, fixed_high = difference_limits(before, after, z)
    else:
        looks = looks_of(counts_in_time_order, cluster, by=[look])
        row = by_account(counts_in_time_order, cluster)[0]
        one, two = (so_far(looks.pick(rows[row])) for rows in which)
        before, after = one.bands, two.bands
        planned = _planned(one.accounts + two.accounts, _twice(tightest_at), each=_ACCOUNT_WORTH) / 2
        with np.errstate(divide="ignore"):
            time = 2 / planned / (1 / before.n + 1 / after.n)
        first, second, known = worth_of_change(one, two, radius(np.ones(len(order)), time, alpha))
        low, high = _where(known, difference_sequence_limits(first, second, tightest_at=planned, alpha=alpha), 2.0)
        first, second, _ = worth_of_change(one, two, z)
        fixed_low, fixed_high = _where(known, difference_limits(first, second, z), 2.0)
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


def _so_far(counts: pd.DataFrame, look: str, order: pd.Index[Any]) -> Bands:
    new = counts.groupby(look)[list(COUNTS)].sum().reindex(order, fill_value=0)
    return Bands(*(np.cumsum(new[name].to_numpy(dtype=np.float64)) for name in COUNTS))


def _twice(tightest_at: int | None) -> int | None:
    return None if tightest_at is None else 2 * tightest_at


def _where(known: NDArray[np.bool_], limits: Limits, most: float) -> Limits:
    """Say nothing where one account alone has answered."""
    return np.where(known, limits[0], -most), np.where(known, limits[1], most)


def _planned(n: Floats | Codes, tightest_at: int | None, *, each: int = LOOKS_PLANNED) -> float:
    """Return where the sequence is narrowest, by the first look with answers unless it was said."""
    if tightest_at is not None:
        check_whole("tightest_at", tightest_at, least=1)
        return float(tightest_at)
    some = n[n > 0]
    return float(each * some[0]) if len(some) else 1.0


def _names(counts: pd.DataFrame) -> pd.DataFrame:
    return counts.drop(columns=[name for name in (*COUNTS, "n") if name in counts.columns])
