"""Why believe the numbers: how often each interval covers and each test alarms falsely, by counting every outcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from nps_utils.stats.arithmetic.intervals import FloatArray
from nps_utils.stats.benchmark import Alternative, benchmark
from nps_utils.stats.change import ChangeMethod, compare
from nps_utils.stats.score import Method, score
from nps_utils.stats.validation.enumeration import COMMON_NULLS, UNEQUAL_NULLS, Mix, chances, mixes, outcomes, words


def coverage_of_score(
    *,
    sizes: Sequence[int] = (5, 10, 20, 50),
    methods: Sequence[Method] = ("score", "adjusted_wald", "wald"),
    confidence_level: float = 0.95,
    populations: FloatArray | None = None,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Return how often the interval of one score holds the true score, over populations and all outcomes.

    Parameters
    ----------
    sizes
        Numbers of answers.
    methods
        Methods of `score`.
    confidence_level
        Nominal coverage.
    populations
        Shares of detractors, passives, promoters, shape (populations, 3); `mixes()` by default.
    rng
        Seed of the bootstrap.

    Returns
    -------
    One row per method and n: `method`, `n`, `populations`, `coverage_mean`, `coverage_first_percentile`,
    `coverage_least`, and `width` (expected width in points, mean over populations).

    Examples
    --------
    >>> coverage_of_score(sizes=[10], methods=["score", "wald"])[["method", "coverage_first_percentile"]].round(2)
      method  coverage_first_percentile
    0  score                       0.94
    1   wald                       0.72
    """
    shares = mixes() if populations is None else populations
    true = 100 * (shares[:, 2] - shares[:, 0])
    rows = []
    for n in sizes:
        every = outcomes(n)
        chance = chances(every, n, shares)
        for method in methods:
            scored = score(every, method=method, confidence_level=confidence_level, rng=rng)
            covered = (chance * _holds(scored, true)).sum(axis=1)
            width = chance @ (scored["high"] - scored["low"]).to_numpy()
            rows.append({"method": method, "n": n, **_summary(covered), "width": width.mean()})
    return pd.DataFrame(rows)


def coverage_in_finite_population(
    *,
    sizes: Sequence[tuple[int, int]] = ((20, 12), (60, 20)),
    methods: Sequence[Method] = ("score", "exact"),
    confidence_level: float = 0.95,
    step: int = 1,
) -> pd.DataFrame:
    """Return how often the interval holds the score of N customers of whom n answered.

    Parameters
    ----------
    sizes
        Pairs of customers N and answers n.
    methods
        Methods of `score`, with its finite population.
    confidence_level
        Nominal coverage.
    step
        Populations are all splits of N with every band a positive multiple of `step`, the last band taking the rest.

    Returns
    -------
    As `coverage_of_score`, with a column `population`; `method` has a further value "no correction": `score` without
    the population.
    """
    rows = []
    for customers, n in sizes:
        every = outcomes(n)
        populations = _splits(customers, step)
        true = 100 * (populations[:, 2] - populations[:, 0]) / customers
        chance = np.array([stats.multivariate_hypergeom.pmf(every.to_numpy(), split, n) for split in populations])
        tables = {"no correction": score(every, confidence_level=confidence_level)}
        for method in methods:
            tables[method] = score(every, method=method, confidence_level=confidence_level, population=customers)
        for name, scored in tables.items():
            covered = (chance * _holds(scored, true)).sum(axis=1)
            width = chance @ (scored["high"] - scored["low"]).to_numpy()
            rows.append({"method": name, "population": customers, "n": n, **_summary(covered), "width": width.mean()})
    return pd.DataFrame(rows)


def coverage_of_change(
    *,
    sizes: Sequence[tuple[int, int]] = ((10, 10), (20, 20), (10, 40), (40, 10)),
    methods: Sequence[ChangeMethod] = ("score", "adjusted_wald", "wald"),
    confidence_level: float = 0.95,
    pairs: int = 200,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Return how often the interval of a change holds the true change, over all outcomes of both waves.

    Parameters
    ----------
    sizes
        Pairs of numbers of answers, before and after.
    methods
        Methods of `compare`.
    confidence_level
        Nominal coverage.
    pairs
        Pairs of populations drawn from `mixes()`.
    rng
        Seed of that draw.

    Returns
    -------
    One row per method and sizes: `method`, `n_before`, `n_after`, `populations`, `coverage_mean`,
    `coverage_first_percentile`, `coverage_least`.
    """
    grid = mixes()
    drawn = grid[np.random.default_rng(rng).integers(len(grid), size=(pairs, 2))]
    rows = []
    for n_before, n_after in sizes:
        sides = outcomes(n_before), outcomes(n_after)
        chance = [chances(side, int(side.iloc[0].sum()), drawn[:, i]) for i, side in enumerate(sides)]
        for method in methods:
            table = _all_pairs(*sides, method, confidence_level)
            shape = (len(sides[0]), len(sides[1]))
            low, high = (table[name].to_numpy().reshape(shape) for name in ("low", "high"))
            covered = np.empty(pairs)
            for i, (one, two) in enumerate(drawn):
                true = 100 * (two[2] - two[0] - one[2] + one[0])
                covered[i] = chance[0][i] @ ((low <= true + 1e-9) & (high >= true - 1e-9)) @ chance[1][i]
            rows.append({"method": method, "n_before": n_before, "n_after": n_after, **_summary(covered)})
    return pd.DataFrame(rows)


def size_of_change(
    *,
    sizes: Sequence[tuple[int, int]] = ((10, 10), (20, 20), (10, 40), (40, 10)),
    methods: Sequence[ChangeMethod] = ("score", "adjusted_wald", "wald"),
    alpha: float = 0.05,
    nulls: Iterable[tuple[Mix, Mix]] | None = None,
) -> pd.DataFrame:
    """Return how often the test of a change alarms although nothing changed, over all outcomes of both waves.

    Beside the methods of `compare` stands Welch's t test on -1, 0, 1, which spreadsheets use.

    Parameters
    ----------
    sizes
        Pairs of numbers of answers, before and after.
    methods
        Methods of `compare`.
    alpha
        Nominal size.
    nulls
        Pairs of mixes with the same score; `COMMON_NULLS` (the same mix twice) and `UNEQUAL_NULLS` by default.

    Returns
    -------
    One row per method, sizes and null: `method`, `n_before`, `n_after`, `mix_before`, `mix_after` (shares in per cent,
    detractors/passives/promoters), `size`.
    """
    chosen = [*((mix, mix) for mix in COMMON_NULLS), *UNEQUAL_NULLS] if nulls is None else list(nulls)
    rows = []
    for n_before, n_after in sizes:
        sides = outcomes(n_before), outcomes(n_after)
        ones = chances(sides[0], n_before, np.array([one for one, _ in chosen]))
        twos = chances(sides[1], n_after, np.array([two for _, two in chosen]))
        tests: dict[str, FloatArray] = {m: _all_pairs(*sides, m, 1 - alpha)["pvalue"].to_numpy() for m in methods}
        for name, pvalue in {**tests, "welch": _welch(*sides)}.items():
            alarm = (pvalue < alpha).reshape(len(sides[0]), len(sides[1]))
            for (one, two), chance_one, chance_two in zip(chosen, ones, twos, strict=True):
                row = {"method": name, "n_before": n_before, "n_after": n_after}
                size = float(chance_one @ alarm @ chance_two)
                rows.append({**row, "mix_before": words(one), "mix_after": words(two), "size": size})
    return pd.DataFrame(rows)


def size_of_benchmark(
    *, sizes: Sequence[int] = (10, 20, 50), alternative: Alternative = "greater", alpha: float = 0.05
) -> pd.DataFrame:
    """Return how often `benchmark` alarms although each population of `mixes()` is exactly at its target.

    Parameters
    ----------
    sizes
        Numbers of answers.
    alternative
        One of the alternatives of `benchmark` without a margin.
    alpha
        Nominal size.

    Returns
    -------
    One row per n: `alternative`, `n`, `populations`, `size_mean`, `size_99th_percentile`, `size_largest`.
    """
    shares, rows = mixes(), []
    for n in sizes:
        every = outcomes(n)
        chance = chances(every, n, shares)
        alarm = np.empty(len(shares))
        for i, mix in enumerate(shares):
            target = 100 * float(mix[2] - mix[0])
            tested = benchmark(every, target=target, alternative=alternative, adjust="none")
            alarm[i] = chance[i] @ (tested["pvalue"] < alpha).to_numpy()
        largest = {"size_99th_percentile": np.quantile(alarm, 0.99), "size_largest": alarm.max()}
        rows.append(
            {"alternative": alternative, "n": n, "populations": len(shares), "size_mean": alarm.mean(), **largest}
        )
    return pd.DataFrame(rows)


def _holds(scored: pd.DataFrame, true: FloatArray) -> np.typing.NDArray[np.bool_]:
    low, high = scored["low"].to_numpy(), scored["high"].to_numpy()
    inside: np.typing.NDArray[np.bool_] = (low <= true[:, np.newaxis] + 1e-9) & (high >= true[:, np.newaxis] - 1e-9)
    return inside


def _summary(covered: FloatArray) -> dict[str, float]:
    return {
        "populations": len(covered),
        "coverage_mean": covered.mean(),
        "coverage_first_percentile": np.quantile(covered, 0.01),
        "coverage_least": covered.min(),
    }


def _splits(customers: int, step: int) -> np.typing.NDArray[np.int_]:
    low, middle = (side.ravel() for side in np.mgrid[step:customers:step, step:customers:step])
    kept = low + middle < customers
    return np.column_stack([low[kept], middle[kept], customers - low[kept] - middle[kept]])


def _all_pairs(one: pd.DataFrame, two: pd.DataFrame, method: ChangeMethod, confidence_level: float) -> pd.DataFrame:
    """Compare every outcome before with every outcome after, in the order of both."""
    before = one.loc[one.index.repeat(len(two))].assign(wave=1, pair=np.arange(len(one) * len(two)))
    after = pd.concat([two] * len(one)).assign(wave=2, pair=np.arange(len(one) * len(two)))
    table = compare(
        pd.concat([before, after]), across="wave", method=method, confidence_level=confidence_level, adjust="none"
    )
    return table.sort_values("pair")


def _welch(one: pd.DataFrame, two: pd.DataFrame) -> FloatArray:
    """Return p-values of Welch's t test for all pairs; 0 or 1 where neither side varies."""
    sides = []
    for side, axis in ((one, 1), (two, 0)):
        n = side.sum(axis=1).to_numpy()
        mean = ((side["promoters"] - side["detractors"]) / n).to_numpy()
        spread = ((side["promoters"] + side["detractors"]) / n).to_numpy() - mean**2
        variance = np.maximum(spread, 0.0) * n / (n - 1)
        sides.append([np.expand_dims(x, axis) for x in (mean, variance / n, n)])
    (mean_one, error_one, n_one), (mean_two, error_two, n_two) = sides
    error, change = error_one + error_two, mean_two - mean_one
    varies = error > 1e-12
    safe = np.where(varies, error, 1.0)
    degrees = safe**2 / np.where(varies, error_one**2 / (n_one - 1) + error_two**2 / (n_two - 1), 1.0)
    pvalue = 2 * stats.t.sf(np.abs(change) / np.sqrt(safe), np.maximum(degrees, 1.0))
    certain: FloatArray = np.where(varies, pvalue, np.where(np.abs(change) > 1e-12, 0.0, 1.0)).ravel()
    return certain
