"""A change between waves whose answers come in accounts: what compare does, for what these answers are worth."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd
from narwhals.typing import IntoFrame

from nps_utils.checks import BadValue, check_columns, check_fraction
from nps_utils.stats.arithmetic.effective import (
    Cells,
    Codes,
    Samples,
    change_limits,
    change_pvalue,
    grouped,
    independent,
    of_change,
    samples_of,
    summed,
)
from nps_utils.stats.arithmetic.intervals import normal_quantile
from nps_utils.stats.arithmetic.levels import ByLevel, ordered_levels, places_of
from nps_utils.stats.arithmetic.multiplicity import Adjustment, adjusted, check_adjustment, family
from nps_utils.stats.change import check_baseline, compared_rows, compared_words
from nps_utils.stats.weighting.weighted_interval import answers_of

Rows: TypeAlias = npt.NDArray[np.intp]

_MOST_CELLS: Final = 1_000_000  # sums of an account on one side of a pair that are held at once, or one pair

_NUMBERS: Final = (
    *("n_before", "n_after", "change", "low", "high", "pvalue", "pvalue_adjusted", "se", "df", "design_effect"),
    *("clusters_before", "clusters_after", "n_worth_before", "n_worth_after"),
)


def clustered_change(
    responses: IntoFrame,
    *,
    across: str = "wave",
    by: Sequence[str] | str | None = None,
    cluster: str | None = "account_id",
    weight: str | None = None,
    stratum: str | None = None,
    baseline: str | Hashable = "previous",
    confidence_level: float = 0.95,
    adjust: Adjustment = "holm",
) -> pd.DataFrame:
    """Compare scores between the levels of one column, knowing that answers of one account are not independent.

    As `compare`, with each score interval at the number of independent answers that its answers are worth (see
    `weighted_score`; formula and sources in `nps_utils.stats.arithmetic.effective`). The accounts of both waves are
    taken together, so that the same, partly the same and different accounts are one formula, and what an account that
    answers in both has in common cancels. Where every account has one answer the result is that of `compare`.

    Simulated size at a nominal .05 over 1,080 populations without a change, of 5 to 40 accounts, equal, lopsided or
    with one giant, up to 90 % promoters: .060 at the 99th percentile of populations, .024 at the median (`compare`
    there: .62 and .12). It is careful where few accounts answer in both waves: for the same people twice
    `paired_change` shows more. It can be too bold where one account has two thirds of the answers of one wave and
    nothing like it is in the other: .08.

    Parameters
    ----------
    responses
        One row per answer; `score` holds whole numbers 0..10. Any frame that Narwhals understands; it is collected.
    across
        The column whose levels are compared, such as `wave`. Levels are ordered by value, or by category order.
    by
        Columns of groups; levels are compared within each.
    cluster
        Column of accounts. An answer without an account is an account of its own, so is each answer with None.
    weight
        Column of positive weights; None weighs all alike.
    stratum
        Column of strata, each with two or more accounts, as in `weighted_score`. An account that changes its stratum is
        two accounts.
    baseline, adjust
        As for `compare`.
    confidence_level
        Between 0 and 1.

    Returns
    -------
    One row per comparison: columns of `by`, `before`, `after`, `n_before`, `n_after`, `change`, `low`, `high` (points),
    `pvalue` (the level at which the interval touches zero), `pvalue_adjusted`, `se` (points), `df`, `design_effect`
    (variance by that of as many independent answers), `clusters_before`, `clusters_after`, `n_worth_before`,
    `n_worth_after` (as many independent answers those of each side are worth), `family` (the comparisons in words).
    One account on either side says nothing about others: no `pvalue`, no `se`, -200..200.

    Raises
    ------
    MissingColumn, BadValue
        A column is not there; an empty level; fewer than two levels; a baseline that is no level; scores outside 0..10;
        weights that are not above zero; a stratum of one account.

    Examples
    --------
    >>> answers = pd.DataFrame({
    ...     "wave": ["Q1"] * 6 + ["Q2"] * 6, "account_id": [*"aabbcc"] * 2, "score": [9, 8, 6, 8, 3, 7] + [9, 10] * 3,
    ... })
    >>> row = clustered_change(answers).iloc[0]
    >>> float(row.change.round(1)), float(row.low.round(1)), float(row.high.round(1)), float(row.n_worth_before)
    (116.7, -17.6, 174.3, 3.0)
    """
    check_fraction("confidence_level", confidence_level)
    check_adjustment(adjust)
    table = responses if isinstance(responses, pd.DataFrame) else nw.from_native(responses).lazy().collect().to_pandas()
    groups = group_columns(table, across, by)
    levels, row = rows_of(table, across, groups)
    answers, _ = answers_of(table, weight=weight, cluster=cluster, stratum=stratum, sample=row)
    check_baseline(levels.levels, across, baseline)
    pairs = pairs_of(levels, baseline)
    if not len(pairs.after):
        raise BadValue(f'no group has two levels of "{across}", so there is nothing to compare.')
    numbers = numbers_of(pairs, summed(answers), confidence_level, adjust)
    keys = levels.groups.loc[levels.group[pairs.after]].reset_index(drop=True)
    keys = keys.assign(before=pairs.before, after=[levels.levels[at] for at in levels.level[pairs.after]])
    note = f"{cluster} as clusters, intervals not adjusted" if cluster else "intervals not adjusted"
    words = family(
        compared_words(across, baseline, groups), numbers["pvalue"].to_numpy(dtype=float), adjust=adjust, note=note
    )
    return pd.concat([keys, numbers], axis=1).assign(family=words)


class Pairs(NamedTuple):
    """Which rows of `ByLevel` are compared: name before and row after of each pair, and the rows before, all listed."""

    before: list[Any]
    after: Rows
    pair: Rows
    row: Rows

    def only(self, chosen: Rows) -> Pairs:
        """Return some of the pairs, which are given in ascending order."""
        kept = np.isin(self.pair, chosen)
        before = [self.before[at] for at in chosen]
        return Pairs(before, self.after[chosen], np.searchsorted(chosen, self.pair[kept]), self.row[kept])


def numbers_of(pairs: Pairs, cells: Cells, confidence_level: float, adjust: Adjustment) -> pd.DataFrame:
    """Return the numbers of each pair from its answers, summed up by row of `ByLevel` and account.

    So a comparison with all the rest costs what its accounts do, not as many times its answers as there are groups.
    """
    parts = [_numbers(pairs.only(some), cells, confidence_level) for some in _portions(pairs, cells)]
    table = pd.concat(parts, ignore_index=True)
    return table.assign(pvalue_adjusted=adjusted(table["pvalue"].to_numpy(dtype=float), adjust=adjust))


def _portions(pairs: Pairs, cells: Cells) -> list[Rows]:
    """Divide the pairs, in order, so that the sums of millions of accounts are not held for all pairs at once."""
    held = np.bincount(cells.sample)
    size = held[pairs.after] + np.bincount(pairs.pair, held[pairs.row], len(pairs.after))
    return np.split(np.arange(len(size)), np.flatnonzero(np.diff(np.cumsum(size) // _MOST_CELLS)) + 1)


def _numbers(pairs: Pairs, cells: Cells, confidence_level: float) -> pd.DataFrame:
    size = len(pairs.after)
    one, two = (
        samples_of(cells.pick(at)._replace(sample=pair), size)
        for at, pair in (
            listed(cells.sample, pairs.pair, pairs.row),
            listed(cells.sample, np.arange(size), pairs.after),
        )
    )
    return _compared(one, two, confidence_level, "none")


def group_columns(table: pd.DataFrame, across: str, by: Sequence[str] | str | None) -> list[str]:
    """Return the columns of groups; raise for one that is not there or has a name of the results, or an empty level."""
    groups = [by] if isinstance(by, str) else list(by or ())
    check_columns(list(table.columns), [across, *groups], what="responses")
    if across in groups:
        raise BadValue(f'by = {groups}: "{across}" is what is compared (across) and cannot be a group as well.')
    taken = [name for name in groups if name in ("before", "after", *_NUMBERS, "family")]
    if taken:
        raise BadValue(f'by = {groups}: "{taken[0]}" is a column of the result; rename that column of the responses.')
    empty = np.flatnonzero(table[across].isna().to_numpy())
    if empty.size:
        raise BadValue(
            f'responses, row {empty[0]}, column "{across}" is empty; give the level a name or leave the row out.'
        )
    return groups


def rows_of(table: pd.DataFrame, across: str, groups: list[str]) -> tuple[ByLevel, Codes]:
    """Arrange groups and levels as `by_level` does for counts, and return the row of each response."""
    levels = ordered_levels(table, across)
    level = places_of(table[across], levels)
    if groups:
        group = table.groupby(groups, dropna=False, sort=True, observed=True).ngroup().to_numpy(dtype=np.int64)
        keys = table.assign(_group=group).drop_duplicates("_group").sort_values("_group")[groups]
    else:
        group, keys = np.zeros(len(table), dtype=np.int64), pd.DataFrame(index=[0])
    key = group * len(levels) + level
    first, row = grouped(key)
    present = key[first]
    nothing = np.zeros((len(present), 3))
    found = ByLevel(keys.reset_index(drop=True), levels, present // len(levels), present % len(levels), nothing)
    return found, row


def pairs_of(levels: ByLevel, baseline: Hashable) -> Pairs:
    """Return which rows of groups and levels are compared with which."""
    if baseline == "rest":
        after = np.arange(len(levels.group))
        frame = pd.DataFrame({"group": levels.group, "row": after})
        others = frame.merge(frame, on="group").query("row_x != row_y")
        # As in `compare`, a level without others keeps its row, without a change.
        return Pairs(["rest"] * len(after), after, others["row_x"].to_numpy(), others["row_y"].to_numpy())
    before, after = compared_rows(levels, baseline)
    names = [levels.levels[levels.level[row]] if row >= 0 else baseline for row in before]
    there = np.flatnonzero(before >= 0)  # a group that lacks the baseline keeps its row, without a change
    return Pairs(names, after, there, before[there])


def listed(sample: Codes, pair: Rows, row: Rows) -> tuple[Rows, Codes]:
    """Return where in sorted `sample` the listed rows are, once for each pair that lists them, and those pairs."""
    start, stop = np.searchsorted(sample, row, "left"), np.searchsorted(sample, row, "right")
    each = stop - start
    within = np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each)
    return np.repeat(start, each) + within, np.repeat(pair, each).astype(np.int64)


def _compared(before: Samples, after: Samples, confidence_level: float, adjust: Adjustment) -> pd.DataFrame:
    """Return the numbers of each pair, in points."""
    worth, z = of_change(before, after), normal_quantile(confidence_level)
    low, high = change_limits(before, after, worth, z)
    known = np.isfinite(worth.variance)
    pvalue = np.where(known, change_pvalue(before, after, worth), np.nan)
    same = before.one_band & after.one_band
    columns = (
        *(before.n, after.n, 100 * (after.bands.nps - before.bands.nps)),
        *(100 * np.where(known, low, -2.0), 100 * np.where(known, high, 2.0), pvalue, adjusted(pvalue, adjust=adjust)),
        *(100 * np.sqrt(worth.variance), worth.df, worth.effect, before.accounts, after.accounts),
        *(independent(side, worth, z, one_band=same) for side in (before, after)),
    )
    return pd.DataFrame(dict(zip(_NUMBERS, columns, strict=True)))
