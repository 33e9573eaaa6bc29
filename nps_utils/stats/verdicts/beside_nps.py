"""The mean and the share of 9 and 10 beside the score: weighted as it is, and by account where it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from nps_utils.checks import check_fraction
from nps_utils.scale import BANDS, HIGHEST, LOWEST
from nps_utils.stats.arithmetic.proportions import proportion_limits
from nps_utils.stats.distribution import count_scores, mean_score, top_box
from nps_utils.stats.verdicts.by_design import scores
from nps_utils.stats.verdicts.independence import UNIT, narrow, with_numbers
from nps_utils.stats.weighting.export_weights import WEIGHT, is_weighted
from nps_utils.stats.weighting.weighted_interval import weights_of


def mean_and_top(responses: pd.DataFrame, *, confidence_level: float = 0.95) -> pd.DataFrame:
    """Return the mean answer and the share of 9 and 10, each with the interval of the design that the score has.

    Independent answers of one weight have the intervals of `mean_score` and `top_box`. Else the mean has that of Taylor
    linearisation, t with accounts (or people) less one degrees of freedom, and the share Wilson's (1927) for as many
    independent answers as these are worth, as `weighted_score` counts them.

    Parameters
    ----------
    responses
        As for `verdicts.scores`.
    confidence_level
        Between 0 and 1.

    Returns
    -------
    One row: `mean`, `mean_low`, `mean_high` (0..10), `top_box`, `top_low`, `top_high` (0..1), `design`.

    Examples
    --------
    >>> answers = pd.DataFrame({"score": [10, 9, 9, 8, 3, 2], "account_id": [*"aaabbb"]})
    >>> mean_and_top(answers)[["mean", "top_box", "design"]].round(2)
       mean  top_box     design
    0  6.83      0.5  clustered
    """
    check_fraction("confidence_level", confidence_level)
    # Promoters against all others: their share is this score over 100.
    least, other = BANDS["promoter"][0], BANDS["passive"][0]
    score = pd.to_numeric(responses["score"])
    told = scores(responses.assign(score=np.where(score >= least, HIGHEST, other)), confidence_level=confidence_level)
    design = scores(responses, confidence_level=confidence_level)["design"].iloc[0]
    if design == "independent" and not is_weighted(responses):
        histogram = count_scores(responses)
        mean = mean_score(histogram, confidence_level=confidence_level)[["mean", "mean_low", "mean_high"]]
        top = top_box(histogram, confidence_level=confidence_level)[["top_box", "top_low", "top_high"]]
        return mean.join(top).assign(design=design)
    share, worth = float(told["nps"].iloc[0]) / 100, float(told["n_worth"].iloc[0])
    low, high = proportion_limits(np.array([share * worth]), np.array([worth]), confidence_level=confidence_level)
    middle, half = _mean(responses, clustered=design == "clustered", confidence_level=confidence_level)
    row = {"mean": middle, "mean_low": max(middle - half, LOWEST), "mean_high": min(middle + half, HIGHEST)}
    row |= {"top_box": share, "top_low": float(low[0]), "top_high": float(high[0])}
    return pd.DataFrame([row]).assign(design=design)


def _mean(responses: pd.DataFrame, *, clustered: bool, confidence_level: float) -> tuple[float, float]:
    """Return the mean answer and half its interval; ten points either way where one account says nothing of others."""
    score = pd.to_numeric(responses["score"]).to_numpy(dtype=float)
    weight = weights_of(responses, WEIGHT if is_weighted(responses) else None)
    middle = float(weight @ score) / float(weight.sum())
    unit = np.arange(len(score))
    if clustered:
        named = with_numbers(narrow(responses))[UNIT].to_numpy(dtype=np.int64, na_value=-1)
        unit = np.where(named < 0, named.max(initial=-1) + 1 + unit, named)
    pulled = pd.Series(weight * (score - middle)).groupby(unit).sum().to_numpy() / float(weight.sum())
    units = len(pulled)
    if units < 2:
        return middle, float(HIGHEST)
    spread = float(np.sqrt(units / (units - 1) * (pulled @ pulled)))
    return middle, float(stats.t.ppf((1 + confidence_level) / 2, units - 1)) * spread
