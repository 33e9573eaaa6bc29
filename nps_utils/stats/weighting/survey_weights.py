"""Scores of answers that came with a weight each: the same tables as those of counts, weighted where weights are used.

The weights are those of whoever drew the sample, in a column of the export that study.toml names. Answers count as
independent; the interval is that of `weighted_score`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from nps_utils.checks import BadValue
from nps_utils.scale import BANDS
from nps_utils.stats.arithmetic.intervals import Bands, score_statistic, two_sided
from nps_utils.stats.arithmetic.multiplicity import adjusted
from nps_utils.stats.change import compare
from nps_utils.stats.counts import count_bands
from nps_utils.stats.score import score
from nps_utils.stats.weighting.clustered import weighted_score

# The weight of a response, where the study uses one.
WEIGHT: Final = "survey_weight"
SHARES: Final = ("promoters_share", "passives_share", "detractors_share")
_ALPHA: Final = 0.05


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


def changes_of(waves: pd.DataFrame, *, baseline: str = "previous") -> pd.DataFrame:
    """Compare the waves of `scored(responses, by=["touchpoint", "wave"])`, weighted where the scores are.

    Weighted scores of two waves are independent estimates, each with its own standard error: Welch's t.

    Returns
    -------
    As `compare`.

    Raises
    ------
    BadValue
        As `compare`.
    """
    keys = [name for name in ("touchpoint", "wave") if name in waves.columns]
    counts = waves[[*keys, "detractors", "passives", "promoters", "n"]]
    compared = compare(counts, across="wave", baseline=baseline)
    if "weighted" not in waves.columns:
        return compared
    rows = {tuple(row[keys].astype(str)): row for _, row in waves.iterrows()}
    told = [_welch(_row(rows, one, "before"), _row(rows, one, "after")) for _, one in compared.iterrows()]
    table = compared.assign(**pd.DataFrame(told, index=compared.index, columns=["change", "low", "high", "pvalue"]))
    pvalues = table["pvalue"].to_numpy(dtype=float)
    known = ~np.isnan(pvalues)
    holm = np.full(len(pvalues), np.nan)
    if known.any():
        holm[known] = adjusted(pvalues[known], adjust="holm")
    return table.assign(pvalue_adjusted=holm)


def _row(rows: dict[tuple[str, ...], pd.Series], one: pd.Series, side: str) -> pd.Series | None:
    key = (str(one["touchpoint"]), str(one[side])) if "touchpoint" in one.index else (str(one[side]),)
    return rows.get(key)


def _welch(before: pd.Series | None, after: pd.Series | None) -> tuple[float, float, float, float]:
    nothing = (np.nan, -200.0, 200.0, np.nan)
    if before is None or after is None or not (before["n"] > 0 and after["n"] > 0):
        return nothing
    squares = [float(side["se"]) ** 2 for side in (before, after)]
    if not np.isfinite(sum(squares)):
        return nothing
    change, se = float(after["nps"] - before["nps"]), float(np.sqrt(sum(squares)))
    if se == 0:
        # All of one mind on both sides: the spread is nothing and says nothing.
        return change, -200.0, 200.0, np.nan
    df = sum(squares) ** 2 / sum(
        square**2 / max(float(side["df"]), 1.0) for square, side in zip(squares, (before, after), strict=True)
    )
    half = float(stats.t.ppf(1 - _ALPHA / 2, df)) * se
    return change, max(change - half, -200.0), min(change + half, 200.0), float(2 * stats.t.sf(abs(change) / se, df))


def against(row: pd.Series, target: float) -> pd.Series:
    """Test a weighted score against a target, two-sided: the columns of `benchmark` that pages use.

    The score test at the number of independent answers that these are worth, which the interval of `scored` inverts: at
    95 %, a target outside the interval has a p-value below .05.

    Examples
    --------
    >>> answers = pd.DataFrame({"score": [10, 9, 3, 8], "survey_weight": [1.0, 1.0, 2.0, 1.0]})
    >>> float(against(scored(answers).iloc[0], 0.0)["pvalue"])
    1.0
    """
    if not np.isfinite(row["n_worth"]):
        raise BadValue("The answers are too few to say how much a weighted score may be off.")
    bands = Bands(*(np.array([float(row[f"{name}s_share"] * row["n_worth"])]) for name in BANDS))
    pvalue = float(two_sided(score_statistic(bands, target / 100))[0])
    tested: pd.Series = pd.concat([row, pd.Series({"target": target, "pvalue": pvalue, "pvalue_adjusted": pvalue})])
    return tested
