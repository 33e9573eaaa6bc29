"""Answers whose export has a column of weights: the same tables as those of counts, weighted where weights are used.

The weights are those of whoever drew the sample, in a column of the export that study.toml names. Answers count as
independent; the interval is that of `weighted_score`. By account, and for changes: `nps_utils.stats.verdicts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from nps_utils.scale import BANDS
from nps_utils.stats.counts import count_bands
from nps_utils.stats.score import score
from nps_utils.stats.weighting.weighted_interval import weighted_score

# The weight of a response, where the study uses one.
WEIGHT: Final = "survey_weight"
SHARES: Final = ("promoters_share", "passives_share", "detractors_share")


def is_weighted(responses: pd.DataFrame) -> bool:
    """Say whether the study weights its answers."""
    return WEIGHT in responses.columns


def scored(responses: pd.DataFrame, *, by: Sequence[str] = (), confidence_level: float = 0.95) -> pd.DataFrame:
    """Score each group, weighted where the answers have weights.

    Returns
    -------
    The columns of `score(count_bands(responses, by=by))`. With weights `nps`, `se`, `low` and `high` are weighted, and
    `df`, `n_effective`, `n_worth`, `weighted` (True) and the weighted shares of the bands are there too; the counts
    of the bands and `n` count answers.

    Examples
    --------
    >>> answers = pd.DataFrame({"score": [10, 9, 3, 8], "survey_weight": [1.0, 1.0, 2.0, 1.0]})
    >>> scored(answers)[["nps", "n", "promoters_share"]].iloc[0].to_dict()
    {'nps': 0.0, 'n': 4.0, 'promoters_share': 0.4}
    """
    plain = score(count_bands(responses, by=by), confidence_level=confidence_level)
    if not is_weighted(responses) or responses.empty:
        return plain
    weighted = weighted_score(responses, by=list(by) or None, weight=WEIGHT, confidence_level=confidence_level)
    shares = _shares(responses, by)
    table = plain.drop(columns=["nps", "se", "low", "high"])
    own = weighted[[*by, "nps", "se", "df", "low", "high", "n_effective", "n_worth"]]
    if not by:
        found = pd.concat([table, own, shares], axis="columns")
    else:
        found = table.merge(own, on=list(by), how="left").merge(shares, on=list(by), how="left")
    return found.assign(weighted=True)


def _shares(responses: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the weighted share of each band in each group."""
    weight = responses[WEIGHT].astype(float)
    parts = {
        f"{name}s_share": weight.where(responses["score"].between(low, high), 0.0)
        for name, (low, high) in BANDS.items()
    }
    table = pd.DataFrame({**{name: responses[name] for name in by}, **parts, "_all": weight})
    summed = (
        table.groupby(list(by), dropna=False, as_index=False, observed=True).sum() if by else table.sum().to_frame().T
    )
    for name in SHARES:
        summed[name] = summed[name].astype(float) / summed["_all"].astype(float)
    return summed[[*by, *SHARES]]
