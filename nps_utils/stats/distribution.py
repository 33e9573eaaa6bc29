"""Beside the NPS: the mean answer and the share of top answers, which see changes that the bands do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from nps_utils.checks import BadValue, check_columns, check_fraction, check_whole
from nps_utils.scale import BANDS, HIGHEST, LOWEST
from nps_utils.stats.arithmetic.intervals import FloatArray, normal_quantile
from nps_utils.stats.arithmetic.mean_intervals import mean_limits
from nps_utils.stats.arithmetic.proportions import proportion_limits

_SCALE: Final = np.arange(LOWEST, HIGHEST + 1, dtype=float)


def count_scores(responses: IntoFrame, *, by: Sequence[str] = (), score: str = "score") -> pd.DataFrame:
    """Count how often each answer 0..10 was given in each group.

    Parameters
    ----------
    responses
        One row per response; any frame that Narwhals understands. `score` holds integers 0..10.
    by
        Columns that define the groups; none counts everything once.

    Returns
    -------
    One row per group and answer, zeros included, sorted: the group columns, `score`, `n`.

    Raises
    ------
    MissingColumn, BadValue
        A column is not there, or a score is not an integer from 0 to 10.

    Examples
    --------
    >>> count_scores(pd.DataFrame({"score": [10, 9, 9, 2]})).query("n > 0")
        score  n
    2       2  1
    9       9  2
    10     10  1
    """
    frame = nw.from_native(responses)
    check_columns(frame.collect_schema().names(), [*by, score], what="the table of responses")
    grouped = frame.lazy().group_by(*by, score).agg(nw.len().alias("n")).collect().to_pandas()
    wrong = ~grouped[score].isin(_SCALE)
    if wrong.any():
        raise BadValue(
            f'responses, column "{score}": {grouped.loc[wrong, score].iloc[0]!r} is not an integer from 0 to 10. '
            "clean() rejects such rows and names them."
        )
    groups = grouped[list(by)].drop_duplicates() if by else pd.DataFrame(index=[0])
    every = groups.merge(pd.DataFrame({score: _SCALE.astype(int)}), how="cross")
    counted = every.merge(grouped.astype({score: int}), how="left", on=[*by, score])
    counted = counted.rename(columns={score: "score"}).fillna({"n": 0}).astype({"n": int})
    return counted.sort_values([*by, "score"], ignore_index=True)


def mean_score(histogram: pd.DataFrame, *, confidence_level: float = 0.95) -> pd.DataFrame:
    """Return the mean answer of each group with its interval.

    The interval inverts the score test of a mean on the scale 0..10, the method `score` uses for NPS: it stays on the
    scale and has a width where all answers agree. See `nps_utils.stats.arithmetic.mean_intervals.mean_statistic`.

    Parameters
    ----------
    histogram
        Output of `count_scores`: group columns, `score`, `n`.
    confidence_level
        Between 0 and 1.

    Returns
    -------
    One row per group: the group columns, `n`, `mean`, `mean_low`, `mean_high`, all 0..10. Without answers the mean is
    NaN and the interval 0..10.

    Raises
    ------
    MissingColumn, BadValue
        A table that is no histogram; a level like 95.

    Examples
    --------
    >>> mean_score(pd.DataFrame({"score": [10, 9, 2], "n": [1, 2, 1]})).round(2)
       n  mean  mean_low  mean_high
    0  4   7.5      3.83       9.15
    """
    check_fraction("confidence_level", confidence_level)
    groups, counts = _matrix(histogram)
    n = counts.sum(axis=1)
    low, high = mean_limits(_SCALE, counts, normal_quantile(confidence_level))
    mean = np.divide(counts @ _SCALE, n, out=np.full(n.shape, np.nan), where=n > 0)
    return groups.assign(n=n.astype(int), mean=mean, mean_low=low, mean_high=high)


def top_box(
    histogram: pd.DataFrame, *, least: int = BANDS["promoter"][0], confidence_level: float = 0.95
) -> pd.DataFrame:
    """Return the share of answers of at least `least` with its Wilson interval.

    Wilson (1927), Journal of the American Statistical Association 22:209, by `statsmodels`.

    Parameters
    ----------
    histogram
        Output of `count_scores`: group columns, `score`, `n`.
    least
        The lowest answer that counts as top: 9 for the promoters, 10 for the top answer alone.
    confidence_level
        Between 0 and 1.

    Returns
    -------
    One row per group: the group columns, `n`, `top_box`, `top_low`, `top_high` as shares 0..1. Without answers the
    share is NaN and the interval 0..1.

    Raises
    ------
    MissingColumn, BadValue
        A table that is no histogram; `least` outside 0..10; a level like 95.

    Examples
    --------
    >>> top_box(pd.DataFrame({"score": [10, 9, 2], "n": [1, 2, 1]})).round(2)
       n  top_box  top_low  top_high
    0  4     0.75      0.3      0.95
    """
    check_fraction("confidence_level", confidence_level)
    check_whole("least", least)
    if least > HIGHEST:
        raise BadValue(f"least = {least} is not an answer from {LOWEST} to {HIGHEST}.")
    groups, counts = _matrix(histogram)
    n, top = counts.sum(axis=1), counts[:, least:].sum(axis=1)
    answered = n > 0
    low, high = proportion_limits(top, np.maximum(n, 1.0), confidence_level=confidence_level)
    share = np.divide(top, n, out=np.full(n.shape, np.nan), where=answered)
    return groups.assign(
        n=n.astype(int), top_box=share, top_low=np.where(answered, low, 0.0), top_high=np.where(answered, high, 1.0)
    )


def _matrix(histogram: pd.DataFrame) -> tuple[pd.DataFrame, FloatArray]:
    """Return the groups and their answers, shape (groups, 11)."""
    check_columns(list(histogram.columns), ["score", "n"], what="the table of answers")
    wrong = ~histogram["score"].isin(_SCALE) | ~(histogram["n"] >= 0) | (histogram["n"] % 1 != 0)
    if wrong.any():
        row = histogram[wrong].iloc[0]
        raise BadValue(
            f"answers, row {int(np.flatnonzero(wrong)[0])}: score = {row['score']!r}, n = {row['n']!r}; score must be "
            "an integer from 0 to 10 and n a whole number of at least 0."
        )
    by = [name for name in histogram.columns if name not in ("score", "n")]
    groups = histogram[by].drop_duplicates(ignore_index=True) if by else pd.DataFrame(index=[0])
    code = histogram.groupby(by, sort=False, dropna=False).ngroup().to_numpy() if by else np.zeros(len(histogram), int)
    counts = np.zeros((len(groups), len(_SCALE)))
    np.add.at(counts, (code, histogram["score"].to_numpy(dtype=int)), histogram["n"].to_numpy(dtype=float))
    return groups, counts
