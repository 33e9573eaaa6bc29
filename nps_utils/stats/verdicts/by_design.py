"""Scores and changes as they should be judged: each by how its own answers hang together."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue, check_columns, check_fraction
from nps_utils.remembering import remembered
from nps_utils.stats.account_change import Pairs, Rows, group_columns, numbers_of, pairs_of, rows_of
from nps_utils.stats.arithmetic.effective import Codes, summed
from nps_utils.stats.arithmetic.multiplicity import Adjustment, adjusted, check_adjustment, family
from nps_utils.stats.change import check_baseline, compare, compared_words
from nps_utils.stats.counts import count_bands
from nps_utils.stats.each import NO_SEGMENTS
from nps_utils.stats.paired import paired_change
from nps_utils.stats.verdicts.independence import (
    UNIT,
    coded,
    hang_together,
    narrow,
    pairs_column,
    unit_kind,
    units_in,
    with_numbers,
)
from nps_utils.stats.weighting.export_weights import WEIGHT, is_weighted, scored
from nps_utils.stats.weighting.weighted_interval import answers_of, weighted_score

# Where the responses before and after are.
Side: TypeAlias = tuple[Rows, Rows]

_NUMBERS: Final = ("change", "low", "high", "pvalue")
_PAIR, _SIDE = "_pair", "_side"
_BY_UNIT: Final = ("se", "df", "low", "high", "n_worth")


@remembered("score", WEIGHT, "account_id", "respondent_id", named=["by"])
def scores(responses: pd.DataFrame, *, by: Sequence[str] = (), confidence_level: float = 0.95) -> pd.DataFrame:
    """Score each group, with the interval of its accounts (or people) where they answer more than 1.2 times each.

    Parameters
    ----------
    responses
        One row per answer, with `account_id` and `respondent_id` where they are known; weighted where they have
        `survey_weight`.
    by
        Columns of the groups.
    confidence_level
        Between 0 and 1.

    Returns
    -------
    The columns of `score`, then `design` (`independent` or `clustered`), `clusters` (accounts, people and answers of
    nobody known), `units` (those of them that are known), `n_worth` (as many independent answers these are worth).
    Where answers are independent `nps`, `low` and `high` are those of `score`, else those of
    `weighted_score(cluster=...)`. `unit_kind` says what most units are (`account`, `person`). Weighted studies also
    have the columns of `export_weights.scored`.

    Raises
    ------
    MissingColumn, BadValue
        As `score` and `weighted_score`.

    Examples
    --------
    >>> answers = pd.DataFrame({"score": [10, 9, 3, 8, 10, 6], "account_id": [*"aabbcc"]})
    >>> scores(answers)[["nps", "low", "high", "n", "design", "clusters"]].round(1)
        nps   low  high  n     design  clusters
    0  16.7 -64.0  79.3  6  clustered         3
    """
    plain = scored(responses, by=by, confidence_level=confidence_level)
    if responses.empty:
        return plain.assign(design="independent", clusters=0, units=0, n_worth=np.nan)
    weight = WEIGHT if is_weighted(responses) else None
    table = with_numbers(responses)
    keys = list(by)
    own = weighted_score(table, by=keys or None, weight=weight, cluster=UNIT, confidence_level=confidence_level)
    together = hang_together(own["n"], own["clusters"])
    # Whose unit is not known stands alone, as a cluster that is no unit.
    alone = table[UNIT].isna()
    groups = [table[key] for key in keys]
    nobody = alone.groupby(groups, dropna=False, observed=True).sum().to_numpy() if keys else alone.sum()
    own = own.assign(design=np.where(together, "clustered", "independent"), units=own["clusters"] - nobody)
    return _joined(plain, own, keys).assign(unit_kind=unit_kind(responses))


def scores_each(responses: pd.DataFrame, cuts: Sequence[str], *, confidence_level: float = 0.95) -> pd.DataFrame:
    """Score each group of each cut, as `scores` does; every response is counted once in every cut.

    Parameters
    ----------
    responses, confidence_level
        As for `scores`.
    cuts
        Columns, each of them one way to divide the answers; missing values are the group "not known".

    Returns
    -------
    The columns of `scores`, after `cut` and `group` (text).

    Raises
    ------
    MissingColumn, BadValue
        A cut is no column of the responses; no cut is given.

    Examples
    --------
    >>> scores_each(pd.DataFrame({"score": [9, 3], "country": ["SE", "NO"]}), ["country"])[["cut", "group", "n"]]
           cut group  n
    0  country    NO  1
    1  country    SE  1
    """
    if not cuts:
        raise BadValue(NO_SEGMENTS)
    check_columns(list(responses.columns), list(cuts), what="responses")
    parts = []
    for cut in cuts:
        rows = narrow(responses).assign(group=groups_of(responses[cut]))
        found = scores(rows, by=["group"], confidence_level=confidence_level)
        found["group"] = found["group"].astype(str)
        found.insert(0, "cut", cut)
        parts.append(found)
    return pd.concat(parts, ignore_index=True)


def groups_of(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Return the group of each cell as a category of texts: each different one is written out, not that of each.

    Examples
    --------
    >>> groups_of(pd.Series([2, None, 1, 2])).tolist()
    ['2.0', 'not known', '1.0', '2.0']
    """
    codes, different = pd.factorize(cells)
    names = pd.Series([*pd.Series(different).astype("string").astype(str), "not known"])
    ordered = pd.Index(sorted(set(names)))
    return pd.Series(pd.Categorical.from_codes(ordered.get_indexer(names)[codes], ordered), cells.index)


def _joined(plain: pd.DataFrame, own: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Put the numbers by unit in the place of the plain ones, for the groups whose answers hang together."""
    found = own[[*keys, *_BY_UNIT, "clusters", "units", "design"]].rename(
        columns={name: f"{name}_unit" for name in _BY_UNIT}
    )
    table = plain.merge(found, on=keys, how="left") if keys else pd.concat([plain, found], axis="columns")
    instead = table["design"] == "clustered"
    for name in _BY_UNIT:
        other = table[name] if name in table.columns else table["n"].astype(float) if name == "n_worth" else np.nan
        table[name] = np.where(instead, table[f"{name}_unit"], other)
    whole = {name: table[name].fillna(0).astype(int) for name in ("clusters", "units")}
    return table.drop(columns=[f"{name}_unit" for name in _BY_UNIT]).assign(**whole)


@remembered("score", WEIGHT, "account_id", "respondent_id", named=["by", "across"])
def changes(
    responses: pd.DataFrame,
    *,
    by: Sequence[str] = ("touchpoint",),
    across: str = "wave",
    baseline: str | Hashable = "previous",
    confidence_level: float = 0.95,
    adjust: Adjustment = "holm",
) -> pd.DataFrame:
    """Compare waves, each pair by how its answers hang together.

    `paired_change` where most answers of both waves are of the same people (or accounts of one answer each);
    `clustered_change` where the answers of both waves together are more than 1.2 an account (or person); `compare`
    where they are independent. Weighted answers are never paired.

    Parameters
    ----------
    responses
        As for `scores`.
    by, across, baseline, confidence_level, adjust
        As for `clustered_change`.

    Returns
    -------
    One row per comparison: the columns of `compare`, then `design` (`independent`, `clustered` or `paired`),
    `clusters` (units in either wave) `design_effect` (variance by that of independent answers; NaN where paired) and
    `comparisons` (how many the p-values are adjusted for).

    Raises
    ------
    MissingColumn, BadValue
        As `clustered_change`.

    Examples
    --------
    >>> answers = pd.DataFrame({
    ...     "touchpoint": "relationship", "wave": ["Q1"] * 4 + ["Q2"] * 4, "score": [3, 7, 9, 5, 8, 9, 10, 9],
    ...     "respondent_id": [*"abcd", *"abcd"],
    ... })
    >>> changes(answers)[["change", "low", "high", "design"]].round(1)
       change  low   high  design
    0   100.0 -7.5  154.4  paired
    """
    check_fraction("confidence_level", confidence_level)
    check_adjustment(adjust)
    table = with_numbers(responses)
    keys = group_columns(table, across, list(by))
    table = _needed(table, [*keys, across])
    levels, row = rows_of(table, across, keys)
    check_baseline(levels.levels, across, baseline)
    pairs = pairs_of(levels, baseline)
    if not len(pairs.after):
        raise BadValue(f'no group has two levels of "{across}", so there is nothing to compare.')
    sides = _sides(pairs, row)
    after = [levels.levels[at] for at in levels.level[pairs.after]]
    named = levels.groups.loc[levels.group[pairs.after]].reset_index(drop=True).assign(before=pairs.before, after=after)
    sizes = {f"n_{name}": [len(side[at]) for side in sides] for at, name in enumerate(("before", "after"))}
    result = named.assign(**sizes).join(_by_design(table, row, pairs, sides, named, across, confidence_level))
    pvalue = result["pvalue"].to_numpy(dtype=float)
    return result.assign(
        pvalue_adjusted=adjusted(pvalue, adjust=adjust),
        comparisons=int(np.count_nonzero(~np.isnan(pvalue))),
        family=family(compared_words(across, baseline, keys), pvalue, adjust=adjust, note="intervals not adjusted"),
    )[
        [
            *keys,
            *("before", "after", "n_before", "n_after", "change", "low", "high", "pvalue", "pvalue_adjusted"),
            *("design", "clusters", "design_effect", "comparisons", "family"),
        ]
    ]


def _needed(table: pd.DataFrame, named: Sequence[str]) -> pd.DataFrame:
    """Return the columns that a comparison asks for."""
    used = (*named, "score", UNIT, WEIGHT, "respondent_id", "account_id")
    return table[[name for name in dict.fromkeys(used) if name in table.columns]]


def _sides(pairs: Pairs, row: Codes) -> list[Side]:
    """Return where the responses before and after of each pair are."""
    order = np.argsort(row, kind="stable")
    starts = np.searchsorted(row[order], np.arange(int(row.max(initial=-1)) + 2))

    def of(rows: Rows) -> Rows:
        return np.concatenate([order[starts[at] : starts[at + 1]] for at in rows] or [order[:0]])

    return [(of(pairs.row[pairs.pair == at]), of(pairs.after[at : at + 1])) for at in range(len(pairs.after))]


def _by_design(
    table: pd.DataFrame,
    row: Codes,
    pairs: Pairs,
    sides: list[Side],
    named: pd.DataFrame,
    across: str,
    confidence_level: float,
) -> pd.DataFrame:
    """Return the numbers of each pair, each by the one way that its answers ask for."""
    weight = WEIGHT if is_weighted(table) else None
    who = coded(table)
    units = [units_in(who[UNIT][np.concatenate(side)]) for side in sides]
    alone = [
        not hang_together(sum(map(len, side)), n) or not min(map(len, side))
        for side, n in zip(sides, units, strict=True)
    ]
    person = [
        None if apart or weight or name == "rest" else pairs_column(who, *side)
        for side, name, apart in zip(sides, named["before"], alone, strict=True)
    ]
    design = np.select([alone, [name is not None for name in person]], ["independent", "paired"], "clustered")
    parts = [
        _independent(table, row, pairs, np.flatnonzero(design == "independent"), weight, confidence_level),
        _clustered(table, row, pairs, np.flatnonzero(design == "clustered"), UNIT, weight, confidence_level),
    ]
    for at in np.flatnonzero(design == "paired"):
        found = paired_change(
            table.iloc[np.concatenate(sides[at])],
            person=str(person[at]),
            across=across,
            before=named["before"].iloc[at],
            after=named["after"].iloc[at],
            confidence_level=confidence_level,
        )
        parts.append(found[list(_NUMBERS)].set_axis([at]))
    numbers = pd.concat([part for part in parts if len(part)]).reindex(range(len(sides)))
    effect = numbers.get("design_effect", pd.Series(np.nan, index=numbers.index)).where(design != "independent", 1.0)
    return numbers[list(_NUMBERS)].assign(design=design, clusters=units, design_effect=effect.astype(float))


def _independent(
    table: pd.DataFrame, row: Codes, pairs: Pairs, chosen: Rows, weight: str | None, confidence_level: float
) -> pd.DataFrame:
    """Compare the chosen pairs as independent samples; a side without answers leaves no change."""
    if weight is not None:
        return _clustered(table, row, pairs, chosen, None, weight, confidence_level)
    told = np.isin(chosen, pairs.pair)  # every other has an answer on both sides: it is a row of the table
    nothing = pd.DataFrame([{"change": np.nan, "low": -200.0, "high": 200.0, "pvalue": np.nan}], index=[-1])
    rest = nothing.loc[[-1] * int((~told).sum())].set_axis(chosen[~told])
    if not told.any():
        return rest
    both = pairs.only(chosen[told])
    counts = count_bands(table.assign(**{_SIDE: row}), by=[_SIDE])
    before = counts.iloc[both.row].groupby(both.pair).sum().assign(**{_SIDE: 0})
    after = counts.iloc[both.after].reset_index(drop=True).assign(**{_SIDE: 1})
    stacked = pd.concat([before, after])
    stacked.insert(0, _PAIR, chosen[told][stacked.index])
    found = compare(stacked, across=_SIDE, confidence_level=confidence_level, adjust="none")
    return pd.concat([found.set_index(_PAIR)[list(_NUMBERS)], rest])


def _clustered(
    table: pd.DataFrame,
    row: Codes,
    pairs: Pairs,
    chosen: Rows,
    cluster: str | None,
    weight: str | None,
    confidence_level: float,
) -> pd.DataFrame:
    """Compare the chosen pairs by unit, or by weight alone."""
    if not len(chosen):
        return pd.DataFrame(columns=[*_NUMBERS, "design_effect"])
    answers, _ = answers_of(table, weight=weight, cluster=cluster, stratum=None, sample=row)
    numbers = numbers_of(pairs.only(chosen), summed(answers), confidence_level, "none")
    return numbers[[*_NUMBERS, "design_effect"]].set_axis(chosen)
