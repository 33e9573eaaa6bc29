"""Scores and changes as they should be judged: each by how its own answers hang together."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue, check_columns
from nps_utils.stats.account_change import clustered_change
from nps_utils.stats.arithmetic.multiplicity import Adjustment, adjusted, family
from nps_utils.stats.change import compare, compared_words
from nps_utils.stats.counts import count_bands
from nps_utils.stats.paired import paired_change
from nps_utils.stats.verdicts.independence import UNIT, hang_together, pairs_column, unit_kind, units_of, with_units
from nps_utils.stats.weighting.clustered import weighted_score
from nps_utils.stats.weighting.survey_weights import WEIGHT, is_weighted, scored

_BY_UNIT: Final = ("se", "df", "low", "high", "n_worth")


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
    have the columns of `survey_weights.scored`.

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
    table = with_units(responses)
    keys = list(by)
    own = weighted_score(table, by=keys or None, weight=weight, cluster=UNIT, confidence_level=confidence_level)
    together = hang_together(own["n"], own["clusters"])
    known = [table[UNIT].nunique()]
    if keys:
        known = table.groupby(keys, dropna=False, sort=True, observed=True)[UNIT].nunique().tolist()
    own = own.assign(design=np.where(together, "clustered", "independent"), units=known)
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
        raise BadValue('There are no segments to cut the score by: name columns in study.toml, segments = ["country"].')
    check_columns(list(responses.columns), list(cuts), what="responses")
    parts = []
    for cut in cuts:
        groups = responses[cut].astype("string").fillna("not known").astype(str)
        found = scores(responses.assign(group=groups), by=["group"], confidence_level=confidence_level)
        found.insert(0, "cut", cut)
        parts.append(found)
    return pd.concat(parts, ignore_index=True)


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
    weight = WEIGHT if is_weighted(responses) else None
    table = with_units(responses)
    keys = list(by)
    found = clustered_change(
        table,
        across=across,
        by=keys,
        cluster=UNIT,
        weight=weight,
        baseline=baseline,
        confidence_level=confidence_level,
        adjust="none",
    )
    if weight is None:
        plain = compare(
            count_bands(table, by=[*keys, across]),
            across=across,
            baseline=baseline,
            confidence_level=confidence_level,
            adjust="none",
        )
    else:
        plain = clustered_change(
            table,
            across=across,
            by=keys,
            cluster=None,
            weight=weight,
            baseline=baseline,
            confidence_level=confidence_level,
            adjust="none",
        )
    told = [
        _as_designed(one, other, table, keys, across, confidence_level, paired=weight is None)
        for (_, one), (_, other) in zip(plain.iterrows(), found.iterrows(), strict=True)
    ]
    numbers = pd.DataFrame(told, index=plain.index)
    result = plain[[*keys, "before", "after", "n_before", "n_after"]].join(numbers)
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


def _as_designed(
    plain: pd.Series,
    by_unit: pd.Series,
    table: pd.DataFrame,
    keys: list[str],
    across: str,
    confidence_level: float,
    *,
    paired: bool,
) -> dict[str, object]:
    """Return the numbers of one comparison by the design of its answers."""
    rows = table[np.logical_and.reduce([_same(table[name], plain[name]) for name in keys])] if keys else table
    after = rows[rows[across] == plain["after"]]
    before = (
        rows[rows[across] != plain["after"]] if plain["before"] == "rest" else rows[rows[across] == plain["before"]]
    )
    units = units_of(pd.concat([before, after]))
    names = ("change", "low", "high", "pvalue")
    if not hang_together(len(before) + len(after), units) or before.empty or after.empty:
        return {**plain[list(names)], "design": "independent", "clusters": units, "design_effect": 1.0}
    person = pairs_column(before, after) if paired and plain["before"] != "rest" else None
    if person is None:
        effect = by_unit["design_effect"]
        return {**by_unit[list(names)], "design": "clustered", "clusters": units, "design_effect": effect}
    both = pd.concat([before, after])
    pair = paired_change(
        both,
        person=person,
        across=across,
        before=plain["before"],
        after=plain["after"],
        confidence_level=confidence_level,
    ).iloc[0]
    return {**pair[list(names)], "design": "paired", "clusters": units, "design_effect": np.nan}


def _same(column: pd.Series, value: object) -> pd.Series:
    return column.isna() if pd.isna(value) else column == value  # type: ignore[call-overload]
