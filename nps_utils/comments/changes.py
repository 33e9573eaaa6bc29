"""Whether a theme is mentioned more or less often than in the wave before."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from nps_utils.checks import check_columns, check_fraction
from nps_utils.comments.mentions import mentions_of
from nps_utils.stats.arithmetic.intervals import normal_quantile
from nps_utils.stats.arithmetic.multiplicity import Adjustment, adjusted


def theme_changes(
    responses: pd.DataFrame,
    themes: pd.DataFrame,
    *,
    across: str = "wave",
    confidence_level: float = 0.95,
    adjust: Adjustment = "holm",
) -> pd.DataFrame:
    """Compare how often each theme is mentioned in successive waves.

    Shares are of the comments with content in each wave. The interval of a difference of two shares adds one mention
    and one silence to each wave (Agresti and Caffo 2000, The American Statistician 54:280), so that a theme new in a
    wave has one. The test is the chi-squared of Pearson with N - 1 (Campbell 2007, Statistics in Medicine 26:3661):
    far out in the tails, where adjusting takes it, the interval's own test holds small waves for certain up to twice
    as often as it says. p-values are adjusted over all themes and pairs of waves.

    Parameters
    ----------
    responses
        One row per response.
    themes
        What `assign_themes` gave for these rows, in the same order.
    across
        The column of waves; they follow each other in sorted order.

    Returns
    -------
    One row per theme and pair of successive waves: `theme`, `wave_before`, `wave_after`, `n_before`, `n_after`
    (comments with content), `before`, `after`, `change`, `low`, `high` (proportions), `pvalue`, `pvalue_adjusted`.

    Raises
    ------
    MissingColumn, BadValue
        No such column, tables of different length.

    Examples
    --------
    >>> responses = pd.DataFrame({"wave": ["2024-Q1"] * 100 + ["2024-Q2"] * 100})
    >>> themes = pd.DataFrame({"main_theme": ["price"] * 10 + ["rest"] * 90 + ["price"] * 40 + ["rest"] * 60})
    >>> themes["price"] = (themes["main_theme"] == "price").astype(float)
    >>> theme_changes(responses, themes)[["theme", "before", "after", "change", "low", "high"]].round(2)
       theme  before  after  change   low  high
    0  price     0.1    0.4     0.3  0.18  0.41
    """
    check_fraction("confidence_level", confidence_level)
    check_columns(list(responses.columns), [across], what="responses")
    told, mentions = mentions_of(responses, themes)
    level = responses[across].to_numpy()
    n = pd.Series(level[told]).value_counts().sort_index()
    waves = list(n.index)
    counted = {wave: mentions[told & (level == wave)].sum() for wave in waves}
    rows = [
        _change(theme, (before, after), counted, n, confidence_level)
        for theme in mentions.columns
        for before, after in itertools.pairwise(waves)
    ]
    columns = ["theme", f"{across}_before", f"{across}_after", "n_before", "n_after", "before", "after", "change"]
    table = pd.DataFrame(rows, columns=[*columns, "low", "high", "pvalue"])
    return table.assign(pvalue_adjusted=adjusted(table["pvalue"].to_numpy(dtype=float), adjust=adjust))


def _change(
    theme: str,
    waves: tuple[Any, Any],
    counted: dict[Any, pd.Series],
    n: pd.Series,
    confidence_level: float,
) -> tuple[object, ...]:
    x1, x2 = (int(counted[wave][theme]) for wave in waves)
    n1, n2 = (int(n.loc[wave]) for wave in waves)
    low = high = pvalue = np.nan
    if 0 < x1 + x2 < n1 + n2:  # a theme nobody or everybody mentions cannot be seen to change
        p1, p2 = (x1 + 1) / (n1 + 2), (x2 + 1) / (n2 + 2)
        se = np.sqrt(p1 * (1 - p1) / (n1 + 2) + p2 * (1 - p2) / (n2 + 2))
        reach = normal_quantile(confidence_level) * se
        low, high = p2 - p1 - reach, p2 - p1 + reach
        whole, both = n1 + n2, (x1 + x2) / (n1 + n2)
        spread = np.sqrt(both * (1 - both) * (1 / n1 + 1 / n2) * whole / (whole - 1))
        pvalue = 2 * float(ndtr(-abs(x2 / n2 - x1 / n1) / spread))
    return theme, *waves, n1, n2, x1 / n1, x2 / n2, x2 / n2 - x1 / n1, float(low), float(high), float(pvalue)
