"""The exact two-sample test: every way to deal the pooled answers out to two groups, counted and not sampled."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import special

from nps_utils.checks import BadValue
from nps_utils.stats.arithmetic.intervals import Bands, FloatArray

# Ways to deal are held in one matrix of detractors x promoters: 4 million cells are 250 MB for a moment.
_LARGEST: Final = 4_000_000


def exact_pvalue(before: Bands, after: Bands) -> FloatArray:
    """Return two-sided p-values of the permutation test of equal scores.

    Given the pooled detractors, passives and promoters, the counts of one group are multivariate hypergeometric. The
    change depends on promoters - detractors of that group alone, whose distribution is added up over the counts. The
    p-value is the chance of a change at least as large in size (Fisher 1935, The Design of Experiments).

    Returns
    -------
    One p-value per pair of groups; NaN where one side has no answers.

    Raises
    ------
    BadValue
        More than 4 million combinations of pooled detractors and promoters.
    """
    rows = zip(zip(*before, strict=True), zip(*after, strict=True), strict=True)
    return np.array([_pvalue([int(x) for x in one], [int(x) for x in other]) for one, other in rows], dtype=float)


def _pvalue(before: list[int], after: list[int]) -> float:
    n_before, n_after = sum(before), sum(after)
    if not n_before or not n_after:
        return float("nan")
    detractors, passives, promoters = (x + y for x, y in zip(before, after, strict=True))
    if (detractors + 1) * (promoters + 1) > _LARGEST:
        raise BadValue(
            f'method = "exact" with {detractors:,} detractors and {promoters:,} promoters in a pair has too many '
            'combinations. Use method = "score", which agrees closely at this size.'
        )
    table = special.gammaln(np.arange(n_before + n_after + 1) + 1.0)
    low = np.arange(min(detractors, n_after) + 1)
    high = np.arange(min(promoters, n_after) + 1)
    middle = n_after - low[:, np.newaxis] - high[np.newaxis, :]
    row, column = np.nonzero((middle >= 0) & (middle <= passives))
    middle = middle[row, column]
    log_ways = (_log_choose(table, detractors, low))[row] + (_log_choose(table, promoters, high))[column]
    chance = np.exp(
        log_ways + _log_choose(table, passives, middle) - _log_choose(table, n_before + n_after, np.array(n_after))
    )
    # Change times n_before * n_after, in whole numbers, so that ties are ties.
    balance, total = high[column] - low[row], promoters - detractors
    change = balance * (n_before + n_after) - total * n_after
    observed = (after[2] - after[0]) * (n_before + n_after) - total * n_after
    return min(float(chance[np.abs(change) >= abs(observed)].sum()), 1.0)


def _log_choose(table: FloatArray, size: int, chosen: np.typing.NDArray[np.int_]) -> FloatArray:
    logarithm: FloatArray = table[size] - table[chosen] - table[size - chosen]
    return logarithm
