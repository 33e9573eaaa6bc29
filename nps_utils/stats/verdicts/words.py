"""What may be said of a change, in one of five words."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import numpy as np
import pandas as pd
from scipy.special import ndtri

Verdict: TypeAlias = Literal["up", "down", "likely up", "likely down", "none"]

ALPHA: Final = 0.05


def verdict_of(row: pd.Series, *, alpha: float = ALPHA) -> Verdict:
    """Return `up` or `down` where shown, `likely up` or `likely down` where only the unadjusted interval leaves zero.

    Of a line through waves that scatter about it by more than chance nothing is said: a fall in one wave is no trend.

    Parameters
    ----------
    row
        A change, with `change` (or `slope` and `scatter_pvalue`), `pvalue_adjusted`, `low` and `high`.
    alpha
        The level for the adjusted p-value.

    Examples
    --------
    >>> verdict_of(pd.Series({"change": -8.0, "low": -15.0, "high": -1.0, "pvalue_adjusted": 0.08}))
    'likely down'
    """
    change = row["change"] if "change" in row.index else row["slope"]
    if pd.isna(change) or pd.isna(row["pvalue_adjusted"]) or scatters(row, alpha=alpha):
        return "none"
    if row["pvalue_adjusted"] < alpha:
        return "up" if change > 0 else "down"
    if row["low"] > 0:
        return "likely up"
    return "likely down" if row["high"] < 0 else "none"


def scatters(line: pd.Series, *, alpha: float = ALPHA) -> bool:
    """Say whether waves lie further from their line than chance puts them, so that a line is the wrong picture.

    Examples
    --------
    >>> scatters(pd.Series({"slope": -2.6, "pvalue": 0.02, "scatter_pvalue": 0.04}))
    True
    """
    return bool(line.get("scatter_pvalue", 1.0) < alpha)


def is_trend(line: pd.Series, *, alpha: float = ALPHA) -> bool:
    """Say whether a line of `trends` is more than chance, and its waves lie about it as chance puts them.

    Examples
    --------
    >>> is_trend(pd.Series({"slope": -2.6, "pvalue": 0.02, "scatter_pvalue": 0.4}))
    True
    """
    return bool(line["pvalue"] < alpha) and not scatters(line, alpha=alpha)


def would_have_shown(row: pd.Series, *, power: float = 0.8, confidence_level: float = 0.95) -> float:
    """Return the change in points that would have shown with the given power, after adjusting for the row's family.

    From the side of the interval that faces zero: with m comparisons in the family (`comparisons`, else one) a change
    is sure to hold when its own p-value is below level / m, so (z of that level + z of the power) standard errors. A
    change that was seen and did not hold would be no larger, whatever the approximation says.

    Examples
    --------
    >>> one = pd.Series({"change": 0.0, "low": -10.0, "high": 10.0, "pvalue_adjusted": 1.0})
    >>> round(would_have_shown(one), 1), round(would_have_shown(one.set_axis(one.index)), 1)
    (14.3, 14.3)
    >>> round(would_have_shown(pd.concat([one, pd.Series({"comparisons": 21})])), 1)
    19.8
    """
    if pd.isna(row["change"]):
        return float("nan")
    made = max(int(row.get("comparisons", 1) or 1), 1)
    usual, needed = ndtri((1 + confidence_level) / 2), ndtri(1 - (1 - confidence_level) / 2 / made)
    side = row["change"] - row["low"] if row["change"] > 0 else row["high"] - row["change"]
    half = float((row["high"] - row["low"]) / 2) if row["change"] == 0 else float(side)
    visible = half / float(usual) * float(needed + ndtri(power))
    held = row["pvalue_adjusted"] < 1 - confidence_level
    return float(np.maximum(visible, 0.0 if held else abs(row["change"])))
