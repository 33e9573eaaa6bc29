"""A change between waves or groups: its interval, and the p-value that agrees with it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Final, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from nps_utils.checks import BadValue, check_choice, check_fraction
from nps_utils.stats.arithmetic import intervals
from nps_utils.stats.arithmetic.intervals import Bands, FloatArray
from nps_utils.stats.arithmetic.levels import ByLevel, by_level
from nps_utils.stats.arithmetic.multiplicity import Adjustment, adjusted, check_adjustment, family
from nps_utils.stats.arithmetic.permutation import exact_pvalue

ChangeMethod: TypeAlias = Literal["score", "adjusted_wald", "wald", "exact"]

_NOTES: Final[dict[ChangeMethod, str]] = {
    "score": "intervals not adjusted",
    "adjusted_wald": "intervals not adjusted",
    "wald": "intervals not adjusted",
    "exact": "p-values by exact permutation, intervals by method score and not adjusted",
}
_FAMILIES: Final[dict[Hashable, str]] = {
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
          Medicine 27:1693. The p-value is the level at which that interval touches zero. Enumerated size at a
          nominal .05: at most .051 for usual mixes at 10 to 40 answers a side, equal or not; up to .057 where a
          tenth or less are passives (`nps_utils.stats.validation.by_counting.size_of_change`).
        - `exact`: p-value from all permutations of the pooled answers, two-sided, computed by convolution. It is
          conservative at small n. The interval stays that of `score` and can disagree with it near the border.
        - `adjusted_wald`, `wald`: for comparison only; the test of `wald` reaches a size of .2 at 10 against 40.
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
    table = by_level(counts, across)
    before, after, first, second = _pairs(table, across, baseline)
    if not len(after):
        raise BadValue(f'no group has two levels of "{across}", so there is nothing to compare.')
    low, high, pvalue = _difference(first, second, method, confidence_level)
    what = compared_words(across, baseline, table.groups.columns)
    compared = table.groups.loc[table.group[after]].reset_index(drop=True)
    return compared.assign(
        before=before,
        after=[table.levels[level] for level in table.level[after]],
        n_before=first.n.astype(int),
        n_after=second.n.astype(int),
        change=100 * (second.nps - first.nps),
        low=100 * low,
        high=100 * high,
        pvalue=pvalue,
        pvalue_adjusted=adjusted(pvalue, adjust=adjust),
        family=family(what, pvalue, adjust=adjust, note=_NOTES[method]),
    )


def check_baseline(levels: Sequence[Hashable], across: str, baseline: Hashable) -> None:
    """Raise `BadValue` for a baseline that is neither a word of ours nor a level."""
    if baseline not in _FAMILIES and baseline not in levels:
        raise BadValue(
            f"baseline = {baseline!r} is neither one of {', '.join(map(str, _FAMILIES))} nor a level of "
            f'"{across}": {", ".join(map(str, levels))}.',
            given=baseline,
        )


def compared_words(across: str, baseline: Hashable, groups: Iterable[Hashable]) -> str:
    """Say what is compared with what, within which groups.

    Examples
    --------
    >>> compared_words("wave", "previous", ["segment"])
    'each wave with the previous one within each segment'
    """
    what = _FAMILIES.get(baseline, f"each {across} with {baseline}").replace("{across}", across)
    within = " x ".join(map(str, groups))
    return f"{what} within each {within}" if within else what


def _pairs(table: ByLevel, across: str, baseline: Hashable) -> tuple[list[Any], npt.NDArray[np.intp], Bands, Bands]:
    """Return the names before, the rows after, and the counts of both sides."""
    check_baseline(table.levels, across, baseline)
    if baseline == "rest":
        totals = np.zeros((len(table.groups), 3))
        np.add.at(totals, table.group, table.bands)
        after = np.arange(len(table.group))
        return ["rest"] * len(after), after, Bands(*(totals[table.group] - table.bands).T), Bands(*table.bands.T)
    before, after = compared_rows(table, baseline)
    # A group that lacks the baseline gets a row without a change: a missing row would not be seen.
    counts = np.where(before[:, np.newaxis] < 0, 0.0, table.bands[before])
    names = [table.levels[table.level[row]] if row >= 0 else baseline for row in before]
    return names, after, Bands(*counts.T), Bands(*table.bands[after].T)


def compared_rows(table: ByLevel, baseline: Hashable) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return which row is compared with which; -1 stands for a baseline that a group does not have."""
    rows = np.arange(len(table.group))
    if baseline == "previous":
        after = rows[1:][table.group[1:] == table.group[:-1]]
        return after - 1, after
    if baseline == "first":
        first = np.searchsorted(table.group, table.group)
        return first[first < rows], rows[first < rows]
    if baseline == "all_pairs":
        frame = pd.DataFrame({"group": table.group, "row": rows})
        pairs = frame.merge(frame, on="group").query("row_x < row_y")
        return pairs["row_x"].to_numpy(), pairs["row_y"].to_numpy()
    is_base = table.level == table.levels.index(baseline)
    base = np.full(len(table.groups), -1)
    base[table.group[is_base]] = rows[is_base]
    return base[table.group[~is_base]], rows[~is_base]


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
