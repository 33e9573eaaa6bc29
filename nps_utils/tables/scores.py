"""Scores and changes in tables and in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from scipy.special import ndtri

from nps_utils.checks import check_columns
from nps_utils.scale import COUNTS
from nps_utils.tables.formats import count, interval, points
from nps_utils.tables.table import Table

_SCORE = (*COUNTS, "n", "nps", "se", "low", "high")
_CHANGE = ("before", "after", "n_before", "n_after", "change", "low", "high", "pvalue", "pvalue_adjusted", "family")


def groups_of(frame: pd.DataFrame) -> list[str]:
    """Return the columns that name the groups of a scored or compared table."""
    return [
        str(name) for name in frame.columns if name not in (*_SCORE, *_CHANGE, "nps_before", "nps_after", "verdict")
    ]


def score_sentence(row: pd.Series, *, confidence_level: float = 0.95) -> str:
    """Return one score as a sentence with its interval and n.

    Examples
    --------
    >>> score_sentence(pd.Series({"nps": 50.0, "low": 32.6, "high": 63.9, "n": 100}))
    'NPS +50.0 (95 % interval +32.6 to +63.9, n = 100)'
    """
    if not row["n"]:
        return "No answers, so no score"
    level = f"{100 * confidence_level:g} %"
    name = "Weighted NPS" if row.get("weighted", False) else "NPS"
    return f"{name} {points(row['nps'])} ({level} interval {interval(row['low'], row['high'])}, n = {count(row['n'])})"


def scores(scored: pd.DataFrame, *, title: str, sort: Sequence[str] | None = None, descending: bool = False) -> Table:
    """Show scores with their interval and n.

    Parameters
    ----------
    scored
        Output of `score`.
    sort
        Columns to sort by; the order of the table by default.
    """
    check_columns(list(scored.columns), _SCORE, what="the table of scores")
    ordered = scored.sort_values(list(sort), ascending=not descending, kind="stable") if sort else scored
    shown = [*groups_of(scored), "nps", "low", "high", "n", *COUNTS]
    return Table(ordered.reset_index(drop=True), title, shown=shown)


def is_real(row: pd.Series, *, alpha: float = 0.05) -> bool:
    """Say whether a change holds after adjusting for all comparisons made with it."""
    return bool(row["pvalue_adjusted"] < alpha)


def smallest_visible(row: pd.Series, *, power: float = 0.8, confidence_level: float = 0.95) -> float:
    """Return the change in points that these two samples would have shown with the given power.

    From the width of the interval: (z of the level + z of the power) standard errors.
    """
    z = ndtri((1 + confidence_level) / 2)
    return float((row["high"] - row["low"]) / 2 / z * (z + ndtri(power)))


def verdict(row: pd.Series, *, alpha: float = 0.05) -> str:
    """Return what may be said of a change: up, down, or no evidence either way.

    Examples
    --------
    >>> verdict(pd.Series({"change": 6.1, "pvalue_adjusted": 0.13}))
    'no evidence either way'
    """
    if pd.isna(row["change"]):
        return "a side has no answers"
    if is_real(row, alpha=alpha):
        return "up" if row["change"] > 0 else "down"
    return "no evidence either way"


def changes(compared: pd.DataFrame, *, title: str = "Changes") -> Table:
    """Show changes with interval, p-values, both n and a verdict in words."""
    check_columns(list(compared.columns), _CHANGE[:-1], what="the table of changes")
    rows = [row for _, row in compared.iterrows()]
    told = compared.assign(verdict=[verdict(row) for row in rows], visible=[smallest_visible(row) for row in rows])
    shown = ["before", "after", "verdict", "change", "low", "high", "pvalue_adjusted", "n_before", "n_after", "visible"]
    return Table(told, title, shown=[*groups_of(compared), *shown])


def changes_sentence(compared: pd.DataFrame) -> str:
    """Return how many of the comparisons are real, and which, in one sentence."""
    real = [row for _, row in compared.iterrows() if is_real(row)]
    total = f"{len(compared)} change{'s' if len(compared) != 1 else ''}"
    family = "after adjusting for all of them" if len(compared) != 1 else "by its interval"
    if not real:
        return f"None of {total} is shown to be real: none is more than chance {family}."
    told = [_brief(row, groups_of(compared)) for row in real]
    are = "is" if len(real) == 1 else "are"
    return f"{len(real)} of {total} {are} real, more than chance {family}: {'; '.join(told)}."


def _brief(row: pd.Series, groups: list[str]) -> str:
    where = ", ".join(str(row[g]) for g in groups)
    sizes = f"n = {count(row['n_before'])} and {count(row['n_after'])}"
    what = f"{row['before']} to {row['after']} {points(row['change'])} ({interval(row['low'], row['high'])}, {sizes})"
    return f"{where}, {what}" if where else what


def changes_conclusion(previous: pd.DataFrame, first: pd.DataFrame) -> str:
    """Return what the page of changes shows: what is real against the wave before, and against the first."""
    return (
        f"Against the wave before: {changes_sentence(previous)} Against the first wave: {changes_sentence(first)}"
        " For the others there is no evidence either way: they are within what chance does at this n."
    )
