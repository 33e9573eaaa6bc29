"""A score against a target: reached, not worse by more than a margin, or practically equal."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from scipy import special

from nps_utils.checks import BadValue, check_choice, check_columns, check_fraction, check_points
from nps_utils.stats.arithmetic import intervals
from nps_utils.stats.arithmetic.intervals import Bands, FloatArray
from nps_utils.stats.arithmetic.multiplicity import Adjustment, adjusted, check_adjustment, family
from nps_utils.stats.score import bands_at_worth, bands_of

Alternative: TypeAlias = Literal["greater", "less", "two-sided", "noninferior", "equivalent"]

_WORDS: Final[dict[Alternative, str]] = {
    "greater": "NPS above the target",
    "less": "NPS below the target",
    "two-sided": "NPS other than the target",
    "noninferior": "NPS above the target less {margin:g} points",
    "equivalent": "NPS within {margin:g} points of the target",
}


def benchmark(
    counts: pd.DataFrame,
    *,
    target: float | str,
    alternative: Alternative = "greater",
    margin: float = 0.0,
    confidence_level: float = 0.95,
    adjust: Adjustment = "holm",
) -> pd.DataFrame:
    """Test the score of each group against a target, such as a goal or a published figure taken as certain.

    Parameters
    ----------
    counts
        Band counts, one row per group; other columns stay. With `n_worth`, as in `verdicts.scores`, each score is
        tested as one of so many independent answers; with `weighted` shares as well, as a weighted one.
    target
        Points from -100 to 100, or the name of a column that holds them.
    alternative
        What is to be shown: `greater` than the target, `less`, `two-sided` (other than it), `noninferior` (not worse
        than it by `margin` or more), or `equivalent` (closer to it than `margin`, two one-sided tests; Schuirmann 1987,
        Journal of Pharmacokinetics and Biopharmaceutics 15:657).
    margin
        Points above zero, for `noninferior` and `equivalent` only. Choose it before looking at the answers.
    confidence_level
        Between 0 and 1.
    adjust
        How p-values are adjusted for all groups of the table.

    Returns
    -------
    `counts` with `nps`, `target`, `low`, `high` (points), `pvalue`, `pvalue_adjusted` and `family`. The interval is
    the one that decides: one-sided for one-sided alternatives (the other limit is -100 or 100), and with level
    2 * confidence_level - 1 for `equivalent`. So low > target exactly where pvalue < 1 - confidence_level. p-values
    are those of the score test; NaN without answers. One-sided, it alarms falsely in 4-5 % of cases on average over
    populations at a nominal 5 %, and in up to 8 % at n = 10 and 6 % at n = 50 where scores crowd at one end
    (`nps_utils.stats.validation.by_counting.size_of_benchmark`).

    Raises
    ------
    MissingColumn, BadValue
        A target that is no NPS, a margin where none belongs or none where one is needed, a level like 95.

    Examples
    --------
    >>> counts = pd.DataFrame({"detractors": [20], "passives": [30], "promoters": [50]})
    >>> benchmark(counts, target=15.0)[["nps", "target", "low", "high", "pvalue"]].round(3)
        nps  target     low   high  pvalue
    0  30.0    15.0  16.617  100.0   0.033
    """
    check_choice("alternative", alternative, get_args(Alternative))
    check_fraction("confidence_level", confidence_level)
    check_adjustment(adjust)
    _check_margin(alternative, margin)
    bands, goal = bands_at_worth(counts), _targets(counts, target)
    if alternative == "noninferior" and (goal - margin <= -100).any():
        raise BadValue(f"target = {goal.min():g} less margin = {margin:g} is -100 or lower: every score is above that.")
    pvalue = np.where(bands.n > 0, _pvalue(bands, goal / 100, margin / 100, alternative), np.nan)
    low, high = _limits(bands, alternative, confidence_level)
    what = _WORDS[alternative].format(margin=margin)
    return counts.assign(
        n=bands_of(counts).n.astype(int),
        nps=100 * bands.nps,
        target=goal,
        low=100 * low,
        high=100 * high,
        pvalue=pvalue,
        pvalue_adjusted=adjusted(pvalue, adjust=adjust),
        family=family(f"each group with its target; to be shown: {what}", pvalue, adjust=adjust),
    )


def _check_margin(alternative: Alternative, margin: float) -> None:
    needed = alternative in ("noninferior", "equivalent")
    if needed and not 0 < margin <= 100:
        raise BadValue(f'margin = {margin!r}: alternative = "{alternative}" needs a margin of more than 0 points.')
    if not needed and margin != 0:
        raise BadValue(
            f'margin = {margin!r} has no place in alternative = "{alternative}". For "not worse by more than the '
            'margin" use "noninferior", for "close to the target" use "equivalent", else move the target.'
        )


def _targets(counts: pd.DataFrame, target: float | str) -> FloatArray:
    if not isinstance(target, str):
        check_points("target", target)
        return np.full(len(counts), float(target))
    check_columns(list(counts.columns), [target], what="the table of counts")
    for row, value in enumerate(counts[target]):
        check_points(f'counts, row {row}, column "{target}"', value)
    return counts[target].to_numpy(dtype=float)


def _pvalue(bands: Bands, target: FloatArray, margin: float, alternative: Alternative) -> FloatArray:
    if alternative == "two-sided":
        return intervals.two_sided(intervals.score_statistic(bands, target))
    if alternative == "equivalent":
        return np.maximum(_above(bands, target - margin), _below(bands, target + margin))
    return _below(bands, target) if alternative == "less" else _above(bands, target - margin)


def _above(bands: Bands, score: FloatArray) -> FloatArray:
    """Return the p-value of NPS <= score; 0 where that is impossible."""
    z = intervals.score_statistic(bands, np.maximum(score, -1.0))
    return np.where(score < -1, 0.0, special.ndtr(-z))


def _below(bands: Bands, score: FloatArray) -> FloatArray:
    """Return the p-value of NPS >= score; 0 where that is impossible."""
    z = intervals.score_statistic(bands, np.minimum(score, 1.0))
    return np.where(score > 1, 0.0, special.ndtr(z))


def _limits(bands: Bands, alternative: Alternative, confidence_level: float) -> intervals.Limits:
    """Return the limits that decide: one per one-sided test, both for two."""
    two_sided = alternative == "two-sided"
    z = intervals.normal_quantile(confidence_level) if two_sided else float(special.ndtri(confidence_level))
    low, high = intervals.score_limits(bands, z)
    if alternative == "less":
        low = np.full_like(low, -1.0)
    elif alternative in ("greater", "noninferior"):
        high = np.full_like(high, 1.0)
    return low, high
