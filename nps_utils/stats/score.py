"""One score: NPS of each group, its standard error and its interval, from band counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from nps_utils.checks import BadValue, check_choice, check_columns, check_fraction, check_whole
from nps_utils.scale import COUNTS, check_counts
from nps_utils.stats.arithmetic import intervals
from nps_utils.stats.arithmetic.finite_population import exact_limits
from nps_utils.stats.arithmetic.intervals import Bands, FloatArray, Limits

Method: TypeAlias = Literal["score", "adjusted_wald", "wald", "bootstrap", "exact"]

# Above this the exact interval takes seconds per group.
_LARGEST_EXACT: Final = 500


def score(
    counts: pd.DataFrame,
    *,
    method: Method = "score",
    confidence_level: float = 0.95,
    population: float | str | None = None,
    replicates: int = 10_000,
    rng: np.random.Generator | int | None = None,
) -> pd.DataFrame:
    """Score each group: NPS in points with its standard error and interval.

    Parameters
    ----------
    counts
        One row per group with whole numbers in `detractors`, `passives`, `promoters`; other columns stay.
    method
        - `score` (default): inverts the score test in the trinomial sample. It stays within -100..100 and has a
          width for 5 promoters of 5. Tango (1998), Statistics in Medicine 17:891; for NPS Rocks (2016), The American
          Statistician 70:365, "iterative score test".
        - `adjusted_wald`: adds 3/4 detractor, 3/2 passives, 3/4 promoter, then Wald. Rocks (2016). For comparison
          with calculators that use it.
        - `wald`: estimate -+ z standard errors. For comparison only: at n = 10 a nominal 95 % covers less than half
          the time in the worst populations, and 5 promoters of 5 get a width of zero.
        - `bootstrap`: percentiles of multinomial counts drawn from the observed shares; needs `rng`. It shares the
          faults of `wald` at small n and is here as a check.
        - `exact`: tries every possible population of customers; needs `population` of up to 500.
    confidence_level
        Between 0 and 1.
    population
        How many customers there are: a number for all groups, or the name of a column. The interval then speaks of
        the present opinion of these customers only, not of next quarter's: z is multiplied by
        sqrt((N - n) / (N - 1)), limits are widened by half a step (50 / N points) and cut at what the customers
        who did not answer could do at most. All answered: no width.
    replicates
        Draws of the bootstrap.
    rng
        Generator or seed of the bootstrap; not used by the other methods.

    Returns
    -------
    `counts` with `n` (added where missing), `nps`, `se`, `low` and `high` in points. `se` is the plug-in standard
    error (of the counts with pseudo-answers for `adjusted_wald`, of the draws for `bootstrap`). `low` and `high` of
    `adjusted_wald` are not centred on `nps`. A group without answers has NaN for `nps` and `se`, and -100..100.

    Raises
    ------
    MissingColumn, BadValue
        Counts that are no counts, a level like 95, a population below n, a method without what it needs.

    Examples
    --------
    >>> counts = pd.DataFrame({"detractors": [20, 0], "passives": [30, 0], "promoters": [50, 5]})
    >>> score(counts).round(1)
       detractors  passives  promoters    n    nps   se   low   high
    0          20        30         50  100   30.0  7.8  14.0   44.3
    1           0         0          5    5  100.0  0.0  13.1  100.0
    """
    check_choice("method", method, get_args(Method))
    check_fraction("confidence_level", confidence_level)
    bands = bands_of(counts)
    customers = _population(counts, bands.n, population)
    se, low, high = _interval(bands, customers, method, confidence_level, replicates, rng)
    points = {"nps": bands.nps, "se": se, "low": low, "high": high}
    n = {} if "n" in counts.columns else {"n": counts.loc[:, list(COUNTS)].sum(axis=1)}
    return counts.assign(**n, **{name: 100 * share for name, share in points.items()})


def bands_of(counts: pd.DataFrame) -> Bands:
    """Check a table of band counts and return its columns for `intervals`."""
    check_counts(counts)
    return Bands(*(counts[name].to_numpy(dtype=float) for name in COUNTS))


def bands_at_worth(counts: pd.DataFrame) -> Bands:
    """Return the bands as of so many independent answers as they are worth, with weighted shares where given.

    Both are columns of `verdicts.scores`: `n_worth`, and `weighted` with the shares of the bands. Without them the
    counts are returned as they are.
    """
    bands = bands_of(counts)
    if "n_worth" not in counts.columns:
        return bands
    some = np.where(bands.n > 0, bands.n, 1.0)
    worth = np.where(bands.n > 0, counts["n_worth"].to_numpy(dtype=float), 0.0)
    if "weighted" in counts.columns:
        return Bands(*(counts[f"{name}_share"].to_numpy(dtype=float) * worth for name in COUNTS))
    return Bands(*(band / some * worth for band in bands))


def _interval(
    bands: Bands,
    customers: FloatArray | None,
    method: Method,
    confidence_level: float,
    replicates: int,
    rng: np.random.Generator | int | None,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return standard error, low and high, in shares."""
    if method == "bootstrap":
        return _bootstrap(bands, customers, confidence_level, replicates, rng)
    shrink = 1.0 if customers is None else _finite_factor(bands.n, customers)
    # In a census the answers are the truth and pseudo-answers would only bend it.
    used = bands.adjusted(shrink**2) if method == "adjusted_wald" else bands
    with_answers = np.where(bands.n > 0, used.n, np.nan)
    se = shrink * np.sqrt(used.variance / with_answers)
    if method == "exact":
        return se, *_exact(bands, customers, 1 - confidence_level)
    limits: Callable[[Bands, npt.ArrayLike], Limits] = (
        intervals.score_limits if method == "score" else intervals.wald_limits
    )
    low, high = limits(used, shrink * intervals.normal_quantile(confidence_level))
    nobody = bands.n == 0  # the pseudo-answers alone are no evidence
    low, high = np.where(nobody, -1.0, low), np.where(nobody, 1.0, high)
    if customers is not None:
        low, high = _within_reach(bands, customers, low - 0.5 / customers, high + 0.5 / customers)
    return se, low, high


def _finite_factor(n: FloatArray, customers: FloatArray) -> FloatArray:
    factor: FloatArray = np.sqrt((customers - n) / np.maximum(customers - 1, 1.0))
    return factor


def _within_reach(bands: Bands, customers: FloatArray, low: FloatArray, high: FloatArray) -> Limits:
    """Cut the limits at what the silent customers could do at most."""
    known, silent = bands.promoters - bands.detractors, customers - bands.n
    return np.maximum(low, (known - silent) / customers), np.minimum(high, (known + silent) / customers)


def _exact(bands: Bands, customers: FloatArray | None, alpha: float) -> Limits:
    if customers is None:
        raise BadValue('method = "exact" needs population: how many customers there are (a number or a column).')
    if customers.size and customers.max() > _LARGEST_EXACT:
        raise BadValue(
            f'population = {customers.max():,.0f} is more than the {_LARGEST_EXACT} that method = "exact" tries. '
            'Use method = "score", which knows a population of any size.'
        )
    found = [
        exact_limits(int(low), int(middle), int(high), population=int(size), alpha=alpha)
        for low, middle, high, size in zip(*bands, customers, strict=True)
    ]
    limits = np.array(found, dtype=float).reshape(-1, 2) / customers[:, np.newaxis]
    return limits[:, 0], limits[:, 1]


def _bootstrap(
    bands: Bands,
    customers: FloatArray | None,
    confidence_level: float,
    replicates: int,
    rng: np.random.Generator | int | None,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Draw counts, not rows: a replicate costs the same for a thousand answers and for a billion."""
    if rng is None:
        raise BadValue('method = "bootstrap" draws at random and needs rng: a seed or a numpy Generator.')
    if customers is not None:
        raise BadValue('method = "bootstrap" knows no population. Use "score" or "exact".')
    check_whole("replicates", replicates, least=1)
    generator = np.random.default_rng(rng)
    edges = [(1 - confidence_level) / 2, (1 + confidence_level) / 2]
    out = np.tile([np.nan, -1.0, 1.0], (bands.n.size, 1))
    for row, (low, middle, high) in enumerate(zip(*bands, strict=True)):
        if n := int(low + middle + high):
            drawn = generator.multinomial(n, np.array([low, middle, high]) / n, size=replicates)
            scores = (drawn[:, 2] - drawn[:, 0]) / n
            out[row] = [scores.std(), *np.quantile(scores, edges)]
    return out[:, 0], out[:, 1], out[:, 2]


def _population(counts: pd.DataFrame, n: FloatArray, population: float | str | None) -> FloatArray | None:
    if population is None:
        return None
    if isinstance(population, str):
        check_columns(list(counts.columns), [population], what="the table of counts")
        customers = pd.to_numeric(counts[population], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    else:
        customers = np.full(n.shape, population, dtype=float)
    wrong = np.flatnonzero(~((customers >= n) & (customers >= 1) & (customers == np.floor(customers))))
    if wrong.size:
        row = wrong[0]
        name = f'column "{population}"' if isinstance(population, str) else "population"
        raise BadValue(
            f"counts, row {row}: {name} = {customers[row]:g} must be a whole number, at least 1 and at least the "
            f"{n[row]:g} customers who answered. If people answered twice, count each of them once."
        )
    return customers
