"""A change between waves or groups: its interval, and the p-value that agrees with it."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterator, Sequence
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from nps_utils import intervals
from nps_utils.checks import BadValue, check_choice, check_columns, check_fraction
from nps_utils.intervals import Bands, FloatArray
from nps_utils.levels import group_columns, ordered_levels
from nps_utils.multiplicity import Adjustment, adjusted, check_adjustment, family
from nps_utils.permutation import exact_pvalue
from nps_utils.score import bands_of

ChangeMethod: TypeAlias = Literal["score", "adjusted_wald", "wald", "exact"]
_Cell: TypeAlias = tuple[Hashable, ...]
_Pair: TypeAlias = tuple[_Cell, Hashable, Hashable, FloatArray, FloatArray]

_NOTES: Final[dict[ChangeMethod, str]] = {
    "score": "intervals not adjusted",
    "adjusted_wald": "intervals not adjusted",
    "wald": "intervals not adjusted",
    "exact": "p-values by exact permutation, intervals by method score and not adjusted",
}
_FAMILIES: Final = {
    "previous": "each {across} with the previous one",
    "first": "each {across} with the first one",
    "all_pairs": "every pair of {across}",
    "rest": "each {across} with all others together",
}


def compare(
    counts: pd.DataFrame,
    *,
    across: str,
    baseline: str | Hashable = "previous",
    method: ChangeMethod = "score",
    confidence_level: float = 0.95,
    adjust: Adjustment = "holm",
) -> pd.DataFrame:
    """Compare scores between the levels of one column, within each group of the others.

    Waves are taken as independent samples; for the same people in both see `paired_change`.

    Parameters
    ----------
    counts
        Band counts, one row per group and level of `across`, as `count_bands` returns them. Every column that is
        neither `across` nor a count nor a result of `score` is a group column. Rows of the same group and level
        are added up.
    across
        The column whose levels are compared, such as `wave`. Levels are ordered by value, or by category order.
    baseline
        - `previous`: the level before it that this group has; `first`: the first level of the group;
        - `all_pairs`: every level with every later one; `rest`: all other levels together;
        - anything else: the name of one level, with which all others are compared.
    method
        - `score` (default): square-and-add (MOVER) of the two score intervals, Zou and Donner (2008), Statistics in
          Medicine 27:1693. The p-value is the level at which that interval touches zero.
        - `exact`: p-value from all permutations of the pooled answers, two-sided, computed by convolution. It is
          conservative at small n. The interval stays that of `score` and can disagree with it near the border.
        - `adjusted_wald`, `wald`: for comparison only; the test of `wald` reaches a size of .13 at a nominal .05.
    confidence_level
        Between 0 and 1.
    adjust
        How p-values are adjusted for all comparisons of this table, which are one family.

    Returns
    -------
    One row per comparison: group columns, `before`, `after` (levels, or "rest"), `n_before`, `n_after`, `change`
    (points, after less before), `low`, `high`, `pvalue`, `pvalue_adjusted`, and `family`: the comparisons in words.
    Where one side has no answers `change` and p-values are NaN and the interval is -200..200.

    Raises
    ------
    MissingColumn, BadValue
        No column `across`; fewer than two levels; a baseline that is no level; counts that are no counts.

    Examples
    --------
    >>> counts = pd.DataFrame(
    ...     {"wave": ["2024-Q1", "2024-Q2"], "detractors": [30, 20], "passives": [30, 30], "promoters": [40, 50]}
    ... )
    >>> compare(counts, across="wave").drop(columns=["family", "pvalue_adjusted"]).round(3).T[0].to_dict()
    {'before': '2024-Q1', 'after': '2024-Q2', 'n_before': 100, 'n_after': 100, 'change': 20.0, 'low': -2.529, \
'high': 41.786, 'pvalue': 0.082}
    """
    check_choice("method", method, get_args(ChangeMethod))
    check_fraction("confidence_level", confidence_level)
    check_adjustment(adjust)
    check_columns(list(counts.columns), [across], what="the table of counts")
    levels = ordered_levels(counts, across)
    groups = group_columns(counts, across)
    pairs = list(_pairs(_cells(counts, groups, across), levels, across, baseline))
    if not pairs:
        raise BadValue(f'no group has two levels of "{across}", so there is nothing to compare.')
    table = pd.DataFrame([(*cell, before, after) for cell, before, after, _, _ in pairs])
    table.columns = pd.Index([*groups, "before", "after"])
    first, second = (Bands(*np.array([pair[side] for pair in pairs]).T) for side in (3, 4))
    low, high, pvalue = _difference(first, second, method, confidence_level)
    what = _FAMILIES.get(str(baseline), f"each {{across}} with {baseline}").format(across=across)
    within = f" within each {' x '.join(map(str, groups))}" if groups else ""
    return table.assign(
        n_before=first.n.astype(int),
        n_after=second.n.astype(int),
        change=100 * (second.nps - first.nps),
        low=100 * low,
        high=100 * high,
        pvalue=pvalue,
        pvalue_adjusted=adjusted(pvalue, adjust=adjust),
        family=family(what + within, pvalue, adjust=adjust, note=_NOTES[method]),
    )


def _cells(counts: pd.DataFrame, groups: Sequence[str], across: str) -> dict[_Cell, dict[Hashable, FloatArray]]:
    """Return detractors, passives and promoters by group and level."""
    bands = np.column_stack(bands_of(counts))
    keys = zip(*(counts[name] for name in groups), strict=True) if groups else itertools.repeat(())
    cells: dict[_Cell, dict[Hashable, FloatArray]] = {}
    for key, level, row in zip(keys, counts[across], bands, strict=False):
        group = cells.setdefault(tuple(None if pd.isna(part) else part for part in key), {})
        group[level] = group.get(level, np.zeros(3)) + row
    return cells


def _pairs(
    cells: dict[_Cell, dict[Hashable, FloatArray]], levels: list[Hashable], across: str, baseline: Hashable
) -> Iterator[_Pair]:
    if baseline not in _FAMILIES and baseline not in levels:
        raise BadValue(
            f"baseline = {baseline!r} is neither one of {', '.join(_FAMILIES)} nor a level of "
            f'"{across}": {", ".join(map(str, levels))}.'
        )
    for cell, group in cells.items():
        present = [level for level in levels if level in group]
        if baseline == "rest":
            total = np.sum(list(group.values()), axis=0)
            yield from ((cell, "rest", level, total - group[level], group[level]) for level in present)
            continue
        for before, after in _chosen(present, baseline):
            yield cell, before, after, group.get(before, np.zeros(3)), group[after]


def _chosen(present: list[Hashable], baseline: Hashable) -> Iterator[tuple[Hashable, Hashable]]:
    if baseline == "previous":
        yield from itertools.pairwise(present)
    elif baseline == "first":
        yield from ((present[0], after) for after in present[1:])
    elif baseline == "all_pairs":
        yield from itertools.combinations(present, 2)
    else:  # also where this group lacks the baseline: a row without a change is seen, a missing row is not
        yield from ((baseline, after) for after in present if after != baseline)


def _difference(
    before: Bands, after: Bands, method: ChangeMethod, confidence_level: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return low, high (shares) and p-value."""
    z = intervals.normal_quantile(confidence_level)
    answered = (before.n > 0) & (after.n > 0)
    if method in ("score", "exact"):
        low, high = intervals.difference_limits(before, after, z)
        pvalue = exact_pvalue(before, after) if method == "exact" else intervals.difference_pvalue(before, after)
    else:
        used = (before, after) if method == "wald" else (before.adjusted(), after.adjusted())
        low, high, pvalue = intervals.wald_difference(*used, z)
    return (
        np.where(answered, low, -2.0),
        np.where(answered, high, 2.0),
        np.where(answered, pvalue, np.nan),
    )
