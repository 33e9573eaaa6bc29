"""How probable it is that a score is above a target, given its answers and little else."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.special import betainc, betaincinv

from nps_utils.checks import BadValue, check_columns
from nps_utils.stats.arithmetic.intervals import PSEUDO, FloatArray
from nps_utils.stats.score import bands_at_worth

# Points of the integral over the share of passives; 64 are right to nine digits from one answer on.
_POINTS: Final = 128


def probability_above(counts: pd.DataFrame, *, target: float | str) -> pd.DataFrame:
    """Return how probable it is that each score is above its target: a posterior probability, no p-value.

    The shares of detractors, passives and promoters have a Dirichlet prior of three pseudo-answers (3/4, 3/2, 3/4), the
    same that the adjusted Wald interval adds, and the answers are multinomial, so that the posterior is Dirichlet. The
    share of passives is then a beta, and of the rest the share of promoters another, independent one (Wilks 1962,
    Mathematical Statistics, section 7.7): the probability is one integral. For a decision ("is it worth the bet?"); for
    a claim see `benchmark`.

    Parameters
    ----------
    counts
        Band counts, one row per group; other columns stay. With `n_worth`, as in `verdicts.scores`, as many independent
        answers are taken as these are worth.
    target
        Points from -100 to 100, or the name of a column that holds them.

    Returns
    -------
    `counts` with `probability` (0..1); of the prior alone where nobody answered.

    Raises
    ------
    MissingColumn, BadValue
        A target that is no NPS; counts that are none.

    Examples
    --------
    >>> counts = pd.DataFrame({"detractors": [20], "passives": [30], "promoters": [50]})
    >>> probability_above(counts, target=15)["probability"].round(3).tolist()
    [0.964]
    """
    bands = bands_at_worth(counts)
    if isinstance(target, str):
        check_columns(list(counts.columns), [target], what="the table of counts")
    given = counts[target].to_numpy(dtype=float) if isinstance(target, str) else np.full(len(counts), float(target))
    if not (np.abs(given) <= 100).all():
        raise BadValue(f"target = {target!r}: an NPS is from -100 to 100 points.")
    low, middle, high = (np.nan_to_num(band) + extra for band, extra in zip(bands, PSEUDO, strict=True))
    return counts.assign(probability=_above(low, middle, high, given / 100))


def _above(low: FloatArray, middle: FloatArray, high: FloatArray, target: FloatArray) -> FloatArray:
    """Integrate over the share of passives, by its quantiles; of the rest enough must be promoters."""
    at, weight = np.polynomial.legendre.leggauss(_POINTS)
    passives = betaincinv(middle[:, np.newaxis], (low + high)[:, np.newaxis], (at + 1) / 2)
    with np.errstate(divide="ignore"):
        needed = np.clip((1 + target[:, np.newaxis] / np.maximum(1 - passives, 1e-300)) / 2, 0.0, 1.0)
    above = np.asarray(1 - betainc(high[:, np.newaxis], low[:, np.newaxis], needed), dtype=np.float64)
    return np.asarray(above @ weight / 2, dtype=np.float64)
