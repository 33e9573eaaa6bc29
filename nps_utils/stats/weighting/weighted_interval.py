"""The interval of a weighted score, or of answers that are not independent: accounts, strata, few customers.

The score interval is given the number of independent answers that these are worth; the arithmetic is in `effective`.
One pass serves all groups: 200,000 answers in 1,000 groups take a tenth of a second (`benchmarks/clustered.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import BadValue, check_columns, check_fraction, check_whole
from nps_utils.columns import codes_of, numbered, text_of
from nps_utils.scale import BANDS, HIGHEST, LOWEST
from nps_utils.stats.arithmetic.effective import (
    Cells,
    Samples,
    grouped,
    independent,
    numbered_together,
    of_score,
    samples_of,
)
from nps_utils.stats.arithmetic.intervals import normal_quantile, score_limits

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

# What an answer of each band adds to the score.
_POINTS: Final = (-1, 0, 1)


class Population(NamedTuple):
    """Of all clusters there are, those without answers: one entry per stratum, all 1 where there is no end of them."""

    silent: Floats  # as a share of all
    factor: Floats  # (all - sampled) / (all - 1), by which drawing without replacement shrinks a variance
    half_step: float  # half of what one cluster of all moves the score

    @property
    def census(self) -> bool:
        """Whether nobody is silent."""
        return bool((self.silent == 0).all())


def weighted_score(
    responses: pd.DataFrame,
    *,
    by: Sequence[str] | str | None = None,
    weight: str | None = None,
    cluster: str | None = None,
    stratum: str | None = None,
    population: int | Mapping[str, int] | None = None,
    raked: Sequence[str] = (),
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """NPS from answers with weights, in clusters and strata, with an interval that knows both.

    The interval is that of `score` for as many independent answers as these are worth. Their number follows from how
    the clusters' scores differ (CR2 of a mean; Bell and McCaffrey 2002), from how much so few clusters of such unequal
    size can tell of that (Satterthwaite's degrees of freedom), and lies between Kish's number for clusters that are of
    one mind and his number for independent answers. Where each cluster has one answer it is the interval of `score`.
    Sources and formula: `nps_utils.stats.arithmetic.effective`. Weights count as known unless `raked` says how
    they were made.

    Parameters
    ----------
    responses
        One row per answer; `score` holds whole numbers 0..10.
    by
        Columns of the groups; none for one row. The clusters of a group are those with answers in it.
    weight
        Column of positive weights; None weighs all alike.
    cluster
        Column of what was sampled or shares an opinion, in B2B the account; None takes each answer alone, and an
        answer without a cluster stands alone.
    stratum
        Column of strata, each with two or more clusters. The same name of a cluster in two strata means two clusters.
        Clusters are compared within their stratum, and one that is alone in its stratum within a group with the whole
        group, which errs to the safe side. Simulated coverage with 2 to 6 strata of 6 to 40 clusters is .94 or more,
        the size of a change .057 or less.
    population
        How many clusters there are in all (or in each stratum). The interval then speaks of the present opinion of
        these clusters only, as in `score`: shrunk by the share that answered, and half a step wider (50 / population
        points). Simulated coverage at 8 to 150 of 20 to 200 accounts is .91 or more where accounts are very unequal,
        .935 where they are of one size. A census has no sampling variance. The share that answered is counted on the
        whole table, so that groups are parts of one survey: give waves one at a time.
    raked
        The columns that `rake` made the weights for, where it did. Their margins are the frame's then and vary no more,
        so that only what answers differ by within them is chance: the variance is that of the residuals of a weighted
        regression on these columns (Deville and Sarndal 1992, JASA 87:376; Deville, Sarndal and Sautory 1993, JASA
        88:1013, whose raking ratio it is; as R survey's `calibrate`). For all answers together, so not with `by`.
    confidence_level
        Of the interval, 0..1.

    Returns
    -------
    One row per group, sorted: columns of `by`, `nps`, `se` (points), `df`, `low`, `high` (points), `n` (answers),
    `clusters`, `n_effective` (Kish 1965: squared sum of weights by sum of squared weights), `design_effect` (variance
    by that of `n_effective` independent answers), `n_worth` (as many independent answers these are worth: the interval
    is that of a plain sample of so many). One cluster says nothing about others: `se` is missing, -100..100.

    Raises
    ------
    MissingColumn, BadValue
        Scores outside 0..10, weights that are not above zero, a stratum of one cluster, a population too small.

    Examples
    --------
    >>> answers = pd.DataFrame({"score": [10, 9, 3, 8, 10, 6], "account_id": ["a", "a", "b", "b", "c", "c"]})
    >>> weighted_score(answers, cluster="account_id")[["nps", "se", "df", "n_effective", "n_worth"]].round(1)
        nps    se   df  n_effective  n_worth
    0  16.7  44.1  2.0          6.0      3.0
    """
    check_fraction("confidence_level", confidence_level)
    names = [by] if isinstance(by, str) else list(by or ())
    check_columns(list(responses.columns), names, what="responses")
    if names:
        ranks = responses.groupby(names, dropna=False, sort=True, observed=True).ngroup()
        group: Codes = np.asarray(ranks, dtype=np.int64)
        keys = responses.assign(_group=group).drop_duplicates("_group").sort_values("_group")[names]
    else:
        group = np.zeros(len(responses), dtype=np.int64)
        keys = pd.DataFrame(index=range(min(len(responses), 1)))
    answers, customers = answers_of(
        responses, weight=weight, cluster=cluster, stratum=stratum, population=population, sample=group
    )
    samples = samples_of(answers, len(keys))
    found = _estimate(samples, customers, confidence_level)
    if raked and len(found):
        if names or weight is None or stratum is not None:
            raise BadValue("raked needs the weights that rake() made (weight=...), and neither by nor stratum.")
        calibrated = _calibrated(samples, responses, raked, weight=weight, cluster=cluster)
        found = _estimate(calibrated, customers, confidence_level).assign(n_effective=samples.kish)
    return pd.concat([keys.reset_index(drop=True), found], axis=1)


def _calibrated(
    samples: Samples, responses: pd.DataFrame, raked: Sequence[str], *, weight: str, cluster: str | None
) -> Samples:
    """Return the sample with the residuals of a regression on the raked columns in the place of the answers."""
    check_columns(list(responses.columns), raked, what="responses")
    points, weights, unit = _points(responses), weights_of(responses, weight), _units(responses, cluster)
    columns = [_known_or_unknown(responses, name) for name in raked]
    # Answers of the same categories and weight are fitted alike: of millions there are few such groups.
    first, group = numbered_together([*columns, pd.factorize(weights)[0]])
    size = np.bincount(group, minlength=len(first)).astype(np.float64)
    design = np.hstack([np.eye(int(codes.max()) + 1)[codes[first]] for codes in columns])
    root = np.sqrt(weights[first] * size)
    mean = np.bincount(group, points, len(first)) / size
    # An orthonormal basis of the columns, which may say the same of one answer twice.
    basis, sizes, _ = np.linalg.svd(root[:, np.newaxis] * design, full_matrices=False)
    basis = basis[:, sizes > 1e-9 * sizes.max()]
    own = (basis**2).sum(axis=1) / size
    fit = basis @ (basis.T @ (root * mean)) / root
    # Answers of a group, a unit and a band are one cell, since they have one residual.
    first_of_cell, cell = numbered_together([group, unit, points.astype(np.int64) + 1])
    n = np.bincount(cell, minlength=len(first_of_cell)).astype(np.float64)
    group, unit, band, each = group[first_of_cell], unit[first_of_cell], points[first_of_cell], weights[first_of_cell]
    heavy = np.bincount(unit, n * each)
    centred = band - float(n * each @ band) / float(heavy.sum())
    # Alone in its category an answer is fitted exactly, and tells nothing of others there.
    alone = own[group] > 1 - 1e-9
    residual = np.where(alone, centred, (band - fit[group]) / np.sqrt(np.where(alone, 1.0, 1 - own[group])))
    sums, share = np.bincount(unit, n * each * residual) / heavy.sum(), heavy / heavy.sum()
    spread = samples.spread
    pulled = sums[spread.account] / np.sqrt(np.maximum(1 - share[spread.account], 1e-12))
    independent_variance = float(n @ (each * residual) ** 2) / float(heavy.sum()) ** 2
    kish = samples.bands.variance / independent_variance if independent_variance > 0 else samples.kish
    return samples._replace(kish=kish, alike=np.minimum(samples.alike, kish), spread=spread._replace(residual=pulled))


def _known_or_unknown(responses: pd.DataFrame, column: str) -> Codes:
    """Number the categories of a column; a missing one is "unknown"."""
    codes, texts = numbered(responses, column)
    names = [*texts, "unknown"]
    return np.where(codes < 0, names.index("unknown"), codes)


def _estimate(samples: Samples, population: Population, confidence_level: float) -> pd.DataFrame:
    """One row per sample."""
    z, worth, estimate = normal_quantile(confidence_level), of_score(samples), samples.bands.nps
    n_worth = independent(samples, worth, z, one_band=samples.one_band)
    low, high = score_limits(samples.counts(n_worth), z * np.sqrt(_shrunk(samples, population.factor)))
    known = np.isfinite(worth.variance)
    low = np.where(known, np.maximum(low - population.half_step, -1.0), -1.0)
    high = np.where(known, np.minimum(high + population.half_step, 1.0), 1.0)
    variance = worth.variance * _shrunk(samples, population.silent)
    if population.census:  # one cluster says nothing about others, unless there are no others
        low, high, variance = estimate, estimate, np.zeros(len(samples.n))
    return pd.DataFrame(
        {
            "nps": 100 * estimate,
            "se": 100 * np.sqrt(variance),
            "df": worth.df,
            "low": 100 * low,
            "high": 100 * high,
            "n": samples.n,
            "clusters": samples.accounts,
            "n_effective": samples.kish,
            "design_effect": worth.effect,
            "n_worth": n_worth,
        }
    )


def _shrunk(samples: Samples, share: Floats) -> Floats:
    """Return by how much the variance of each sample shrinks when that of each stratum shrinks to `share`."""
    spread, size = samples.spread, len(samples.n)
    # Where accounts do not differ, by what they would be expected to.
    squares = spread.residual**2 + np.finfo(float).tiny * spread.pull**2
    total = np.bincount(spread.sample, squares, size)
    kept = np.bincount(spread.sample, squares * share[spread.stratum], size)
    return np.divide(kept, total, out=np.ones(size), where=total > 0)


def _points(responses: pd.DataFrame) -> NDArray[np.int8]:
    """Scores as -1, 0, 1."""
    check_columns(list(responses.columns), ["score"], what="responses")
    told = responses["score"]
    if isinstance(told.dtype, np.dtype) and told.dtype.kind == "i":
        score = told.to_numpy()
        wrong = (score < LOWEST) | (score > HIGHEST)
    else:
        score = pd.to_numeric(told, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        wrong = ~((score >= LOWEST) & (score <= HIGHEST) & (score == np.floor(score)))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        value = responses["score"].iloc[row]
        raise BadValue(f'responses, row {row}, column "score": {value} is not a whole number from 0 to 10.')
    promoters, detractors = score >= BANDS["promoter"][0], score <= BANDS["detractor"][1]
    return promoters.astype(np.int8) - detractors.astype(np.int8)


def answers_of(
    responses: pd.DataFrame,
    *,
    weight: str | None,
    cluster: str | None,
    stratum: str | None,
    population: int | Mapping[str, int] | None = None,
    sample: Codes | None = None,
) -> tuple[Cells, Population]:
    """Check responses and return each as a cell, in its sample or all in sample 0, and what is known of the population.

    Where there are no strata, the answers of a sample and cluster are one cell: millions are few then.
    """
    points = _points(responses)
    check_columns(list(responses.columns), [name for name in (weight, cluster, stratum) if name], what="responses")
    weights = weights_of(responses, weight)
    if sample is not None and stratum is None:
        unit = _units(responses, cluster)
        units = np.array([unit.max(initial=-1) + 1], dtype=np.float64)
        return _counted(points, unit, sample, weights), _population(units, ["all"], population)
    layer = text_of(responses, stratum) if stratum else pd.Series("all", index=responses.index, dtype="string")
    if layer.isna().any():
        row = int(np.flatnonzero(layer.isna().to_numpy())[0])
        raise BadValue(f'responses, row {row}, column "{stratum}": empty; every answer needs a stratum.')
    layer_code, layer_names = pd.factorize(layer, sort=True)
    unit = _units(responses, cluster)
    if stratum and cluster:
        _, unit = np.unique(layer_code * (unit.max(initial=0) + 1) + unit, return_inverse=True)
    layer_of_unit = np.zeros(unit.max(initial=-1) + 1, dtype=np.int64)
    layer_of_unit[unit] = layer_code
    sampled = np.bincount(layer_of_unit, minlength=len(layer_names)).astype(np.float64)
    if stratum and (sampled < 2).any():
        lonely = ", ".join(str(name) for name, n in zip(layer_names, sampled, strict=True) if n < 2)
        raise BadValue(
            f"stratum = {stratum!r}: one cluster only in {lonely}, so that nothing says how clusters there "
            "differ. Merge it with another stratum."
        )
    bands = (weights * (points == band) for band in _POINTS)
    samples = np.zeros(len(responses), dtype=np.int64) if sample is None else sample
    cells = Cells(samples, unit, layer_code, np.ones(len(responses)), weights**2, *bands)
    return cells, _population(sampled, [str(name) for name in layer_names], population)


def _units(responses: pd.DataFrame, cluster: str | None) -> Codes:
    """Number the clusters of answers; an answer without one is one of its own."""
    if cluster is None:
        return np.arange(len(responses))
    named = codes_of(responses, cluster)
    nobody = named < 0
    return np.where(nobody, named.max(initial=-1) + np.cumsum(nobody), named)


def _counted(points: NDArray[np.int8], unit: Codes, sample: Codes, weights: Floats) -> Cells:
    """Sum answers up by sample and unit."""
    clusters = int(unit.max(initial=0)) + 1
    key = sample * clusters + unit
    first, row = grouped(key)
    size = len(first)
    bands = (np.bincount(row[at], weights[at], size).astype(np.float64) for at in (points == band for band in _POINTS))
    n = np.bincount(row, minlength=size).astype(np.float64)
    squares = np.bincount(row, weights**2, size).astype(np.float64)
    key = key[first]
    return Cells(key // clusters, key % clusters, np.zeros(size, dtype=np.int64), n, squares, *bands)


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


def _population(sampled: Floats, strata: Sequence[str], population: int | Mapping[str, int] | None) -> Population:
    """Return which share of the population's clusters did not answer, for each stratum."""
    if population is None:
        return Population(np.ones(len(sampled)), np.ones(len(sampled)), 0.0)
    if not isinstance(population, Mapping):
        if len(strata) > 1:
            raise BadValue(f"population = {population!r} is one number for {len(strata)} strata; write one for each.")
        population = dict.fromkeys(strata, population)
    check_columns(list(population), strata, what="population")
    for name, n in zip(strata, sampled, strict=True):
        check_whole("population", population[name], least=1)
        if population[name] < n:
            raise BadValue(f"population = {population[name]} is below the {n:.0f} clusters that answered ({name}).")
    everyone = np.array([population[name] for name in strata], dtype=np.float64)
    return Population(
        1 - sampled / everyone, (everyone - sampled) / np.maximum(everyone - 1, 1.0), 0.5 / float(everyone.sum())
    )
