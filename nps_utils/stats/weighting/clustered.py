"""Scores of answers that are not alike in weight or not independent: Taylor linearisation, accounts as clusters.

The estimator is written out here and tested against `svy`, whose `mean(by=...)` goes through all rows once per
group: about 20 s for 1,000 groups of 200,000 answers, here a tenth of a second (`benchmarks/clustered.py`). `svy` also
gives a group of one account a standard error of zero; here it has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from nps_utils.checks import BadValue, check_columns, check_fraction, check_whole
from nps_utils.columns import text_of
from nps_utils.scale import BANDS, HIGHEST, LOWEST
from nps_utils.stats.arithmetic.intervals import Bands, score_limits

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]


class Design(NamedTuple):
    """How the answers of one table came about: what each weighs and which of them belong together."""

    weight: Floats
    stratum: Codes
    cluster: Codes
    sampled: Floats  # clusters in each stratum
    census: Floats  # of those in the population, the share that answered, for each stratum; 0 for an endless one


def weighted_score(
    responses: pd.DataFrame,
    *,
    by: Sequence[str] | str | None = None,
    weight: str | None = None,
    cluster: str | None = None,
    stratum: str | None = None,
    population: int | Mapping[str, int] | None = None,
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """NPS from answers with weights, in clusters and strata, with its design-based interval.

    The variance is Taylor's linearisation of a ratio of totals, from the spread of the clusters' totals within strata
    (Binder 1983, International Statistical Review 51:279; Wolter 2007, ch. 6); groups are domains of the whole
    sample. The interval is Student's t with clusters - strata degrees of freedom, counting the clusters that have
    answers in the group, cut at -100 and 100. Weights count as known, also when they were raked.

    Where all answers of a group are in one band the spread is nothing and says nothing; the interval is then the
    score method's for as many answers as there are clusters.

    Parameters
    ----------
    responses
        One row per answer; `score` holds whole numbers 0..10.
    by
        Columns of the groups; none for one row.
    weight
        Column of positive weights; None weighs all alike.
    cluster
        Column of what was sampled or shares an opinion, in B2B the account; None takes each answer alone, and an
        answer without a cluster stands alone.
    stratum
        Column of strata, each with two or more clusters. The same name of a cluster in two strata means two clusters.
    population
        How many clusters there are in all (or in each stratum): a census has no sampling variance.
    confidence_level
        Of the interval, 0..1.

    Returns
    -------
    One row per group, sorted: columns of `by`, `nps`, `se` (points), `df`, `low`, `high` (points), `n` (answers),
    `clusters`, `n_effective` (Kish 1965: squared sum of weights by sum of squared weights), `design_effect` (variance
    by that of as many independent answers of one weight).

    Raises
    ------
    MissingColumn, BadValue
        Scores outside 0..10, weights that are not above zero, a stratum of one cluster, a population too small.

    Examples
    --------
    >>> answers = pd.DataFrame({"score": [10, 9, 3, 8, 10, 6], "account_id": ["a", "a", "b", "b", "c", "c"]})
    >>> weighted_score(answers, cluster="account_id")[["nps", "se", "df", "n_effective"]].round(1)
        nps    se  df  n_effective
    0  16.7  44.1   2          6.0
    """
    check_fraction("confidence_level", confidence_level)
    names = [by] if isinstance(by, str) else list(by or ())
    check_columns(list(responses.columns), names, what="responses")
    points = _points(responses)
    design = _design(responses, weight=weight, cluster=cluster, stratum=stratum, population=population)
    if names:
        ranks = responses.groupby(names, dropna=False, sort=True, observed=True).ngroup()
        group: Codes = np.asarray(ranks, dtype=np.int64)
        keys = responses.assign(_group=group).drop_duplicates("_group").sort_values("_group")[names]
    else:
        group = np.zeros(len(responses), dtype=np.int64)
        keys = pd.DataFrame(index=range(min(len(responses), 1)))
    found = _estimate(points, group, design, confidence_level)
    return pd.concat([keys.reset_index(drop=True), found], axis=1)


def _estimate(points: Floats, group: Codes, design: Design, confidence_level: float) -> pd.DataFrame:
    """Linearise and sum up: one row per group code."""
    groups = int(group.max(initial=-1)) + 1
    total = np.bincount(group, design.weight, groups)
    mean = np.bincount(group, design.weight * points, groups) / total
    spread = np.bincount(group, design.weight * (points - mean[group]) ** 2, groups) / total
    residual = design.weight * (points - mean[group]) / total[group]
    # One cell per group and cluster; clusters without answers in a group have a total of zero and need no cell.
    cell_code, cell = np.unique(group * (design.cluster.max(initial=0) + 1) + design.cluster, return_inverse=True)
    first = np.zeros(len(cell_code), dtype=np.intp)
    first[cell] = np.arange(len(points))
    cell_total = np.bincount(cell, residual, len(cell_code))
    strata = len(design.sampled)
    layer = group[first] * strata + design.stratum[first]
    squares = np.bincount(layer, cell_total**2, groups * strata).reshape(groups, strata)
    sums = np.bincount(layer, cell_total, groups * strata).reshape(groups, strata)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(design.sampled > 1, design.sampled / (design.sampled - 1), 0.0) * (1 - design.census)
    variance = (factor * np.maximum(squares - sums**2 / design.sampled, 0.0)).sum(axis=1)
    clusters = np.bincount(group[first], minlength=groups)
    present = np.bincount(np.unique(layer) // strata, minlength=groups)
    n = np.bincount(group, minlength=groups)
    df = clusters - present
    # One cluster says nothing about others, unless there are no others.
    se = np.where((df > 0) | bool((design.census == 1).all()), np.sqrt(variance), np.nan)
    low, high = _limits(mean, se, df, confidence_level)
    alike = (spread == 0) & (df > 0) & (factor.max(initial=0.0) > 0)
    low[alike], high[alike] = _limits_of_alike(mean[alike], clusters[alike], df[alike], confidence_level)
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = np.where(spread > 0, se**2 / (spread / n), np.nan)
    return pd.DataFrame(
        {
            "nps": 100 * mean,
            "se": 100 * se,
            "df": df,
            "low": 100 * low,
            "high": 100 * high,
            "n": n,
            "clusters": clusters,
            "n_effective": total**2 / np.bincount(group, design.weight**2, groups),
            "design_effect": effect,
        }
    )


def _limits(mean: Floats, se: Floats, df: Codes, confidence_level: float) -> tuple[Floats, Floats]:
    half = np.where(np.isnan(se), np.inf, stdtrit(np.maximum(df, 1), (1 + confidence_level) / 2) * np.nan_to_num(se))
    return np.clip(mean - half, -1, 1), np.clip(mean + half, -1, 1)


def _limits_of_alike(mean: Floats, clusters: Codes, df: Codes, confidence_level: float) -> tuple[Floats, Floats]:
    bands = Bands(*(np.where(mean == band, clusters, 0.0) for band in (-1, 0, 1)))
    low, high = score_limits(bands, stdtrit(np.maximum(df, 1), (1 + confidence_level) / 2))
    return low, high


def _points(responses: pd.DataFrame) -> Floats:
    """Scores as -1, 0, 1."""
    check_columns(list(responses.columns), ["score"], what="responses")
    score = pd.to_numeric(responses["score"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~((score >= LOWEST) & (score <= HIGHEST) & (score == np.floor(score)))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        value = responses["score"].iloc[row]
        raise BadValue(f'responses, row {row}, column "score": {value} is not a whole number from 0 to 10.')
    return np.where(score >= BANDS["promoter"][0], 1.0, np.where(score <= BANDS["detractor"][1], -1.0, 0.0))


def _design(
    responses: pd.DataFrame,
    *,
    weight: str | None,
    cluster: str | None,
    stratum: str | None,
    population: int | Mapping[str, int] | None,
) -> Design:
    check_columns(list(responses.columns), [name for name in (weight, cluster, stratum) if name], what="responses")
    layer = text_of(responses, stratum) if stratum else pd.Series("all", index=responses.index, dtype="string")
    if layer.isna().any():
        row = int(np.flatnonzero(layer.isna().to_numpy())[0])
        raise BadValue(f'responses, row {row}, column "{stratum}": empty; every answer needs a stratum.')
    layer_code, layer_names = pd.factorize(layer, sort=True)
    if cluster is None:
        unit = np.arange(len(responses))
    else:
        named, names = pd.factorize(text_of(responses, cluster))
        alone = len(names) + np.arange(len(responses))
        _, unit = np.unique(
            layer_code * (len(names) + len(responses)) + np.where(named < 0, alone, named), return_inverse=True
        )
    layer_of_unit = np.zeros(unit.max(initial=-1) + 1, dtype=np.int64)
    layer_of_unit[unit] = layer_code
    sampled = np.bincount(layer_of_unit, minlength=len(layer_names)).astype(np.float64)
    if stratum and (sampled < 2).any():
        lonely = ", ".join(str(name) for name, n in zip(layer_names, sampled, strict=True) if n < 2)
        raise BadValue(
            f"stratum = {stratum!r}: one cluster only in {lonely}, so that nothing says how clusters there "
            "differ. Merge it with another stratum."
        )
    census = _census(sampled, [str(name) for name in layer_names], population)
    return Design(weights_of(responses, weight), layer_code, unit, sampled, census)


def weights_of(responses: pd.DataFrame, weight: str | None) -> Floats:
    """Return the weight of each answer, 1 where no column is named; raise `BadValue` for one not above zero."""
    if weight is None:
        return np.ones(len(responses))
    check_columns(list(responses.columns), [weight], what="responses")
    values = pd.to_numeric(responses[weight], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~(np.isfinite(values) & (values > 0))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        value = responses[weight].iloc[row]
        raise BadValue(f'responses, row {row}, column "{weight}": {value} is not a weight above zero.')
    return values


def _census(sampled: Floats, strata: Sequence[str], population: int | Mapping[str, int] | None) -> Floats:
    """Share of the population's clusters that answered, for each stratum."""
    if population is None:
        return np.zeros(len(sampled))
    if not isinstance(population, Mapping):
        if len(strata) > 1:
            raise BadValue(f"population = {population!r} is one number for {len(strata)} strata; write one for each.")
        population = dict.fromkeys(strata, population)
    check_columns(list(population), strata, what="population")
    for name, n in zip(strata, sampled, strict=True):
        check_whole("population", population[name], least=1)
        if population[name] < n:
            raise BadValue(f"population = {population[name]} is below the {n:.0f} clusters that answered ({name}).")
    share: Floats = sampled / np.array([population[name] for name in strata], dtype=np.float64)
    return share
