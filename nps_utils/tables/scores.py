"""Scores and changes in tables and in sentences."""

from __future__ import annotations

import pandas as pd

from nps_utils.checks import check_columns
from nps_utils.scale import COUNTS
from nps_utils.stats.verdicts import verdict_of, would_have_shown
from nps_utils.tables.formats import count, interval, points
from nps_utils.tables.table import Table, titled
from nps_utils.words.naming import NAMED, NOT_STATED, named

_SCORE = (*COUNTS, "n", "nps", "se", "low", "high")
# What is told of a score besides, and where a table has it.
_DESIGN = (
    "design",
    "unit_kind",
    "clusters",
    "units",
    "n_worth",
    "df",
    "n_effective",
    "weighted",
    *(f"{name}_share" for name in COUNTS),
)
_CHANGE = ("before", "after", "n_before", "n_after", "change", "low", "high", "pvalue", "pvalue_adjusted", "family")
_FAMILY = ("design_effect", "comparisons", "newest", "nps_before", "nps_after", "verdict")
_NOT_SHOWN = "no evidence either way"
_WORDS: dict[str, str] = {
    "up": "up",
    "down": "down",
    "likely up": "likely up, not proven",
    "likely down": "likely down, not proven",
    "none": _NOT_SHOWN,
}


def groups_of(frame: pd.DataFrame) -> list[str]:
    """Return the columns that name the groups of a scored or compared table; the touchpoint only where there is one."""
    names = [str(name) for name in frame.columns if name not in (*_SCORE, *_DESIGN, *_CHANGE, *_FAMILY)]
    return [name for name in names if name != "touchpoint" or frame.empty or frame[name].ne(NOT_STATED).any()]


def score_sentence(row: pd.Series) -> str:
    """Return one score as a sentence with its interval and n.

    Examples
    --------
    >>> score_sentence(pd.Series({"nps": 50.0, "low": 32.6, "high": 63.9, "n": 100}))
    'NPS +50.0 (95 % interval +32.6 to +63.9, n = 100)'
    """
    if not row["n"]:
        return "No answers, so no score"
    name = "Weighted NPS" if row.get("weighted", False) else "NPS"
    n = answers_of(row)
    return f"{name} {points(row['nps'])} (95 % interval {interval(row['low'], row['high'])}, {n})"


def answers_of(row: pd.Series) -> str:
    """Return how many answers a score rests on, and of how many accounts (or people) where they hang together.

    Examples
    --------
    >>> answers_of(pd.Series({"n": 240, "design": "clustered", "units": 40}))
    'n = 240 of 40 accounts'
    >>> answers_of(pd.Series({"n": 120, "design": "clustered", "units": 60, "unit_kind": "person"}))
    'n = 120 of 60 people'
    """
    if row.get("design") != "clustered":
        return f"n = {count(row['n'])}"
    who = "people" if row.get("unit_kind") == "person" else "accounts"
    return f"n = {count(row['n'])} of {count(row['units'])} {who}"


def scores(scored: pd.DataFrame, *, title: str) -> Table:
    """Show scores, as `score` returns them, with their interval and n."""
    check_columns(list(scored.columns), _SCORE, what="the table of scores")
    by_account = ["units"] if "design" in scored.columns and (scored["design"] == "clustered").any() else []
    shown = [*groups_of(scored), "nps", "low", "high", "n", *by_account, *COUNTS]
    return Table(scored.reset_index(drop=True), titled(title, scored), shown=shown)


def together(responses: pd.DataFrame) -> str:
    """Return what a title adds where answers at several touchpoints are pooled.

    Examples
    --------
    >>> together(pd.DataFrame({"touchpoint": ["order", "support"]})), together(pd.DataFrame({"touchpoint": ["order"]}))
    (', all touchpoints together', '')
    """
    return ", all touchpoints together" if len(responses["touchpoint"].dropna().unique()) > 1 else ""


def verdict(row: pd.Series) -> str:
    """Return what may be said of a change: up or down, likely so, or no evidence either way.

    Examples
    --------
    >>> verdict(pd.Series({"change": 6.1, "low": -1.9, "high": 14.0, "pvalue_adjusted": 0.13}))
    'no evidence either way'
    """
    return "a side has no answers" if pd.isna(row["change"]) else _WORDS[verdict_of(row)]


def changes(compared: pd.DataFrame, *, title: str = "Changes") -> Table:
    """Show changes with interval, p-values, both n, what would have shown, and a verdict in words."""
    check_columns(list(compared.columns), _CHANGE[:-1], what="the table of changes")
    made = int(compared["pvalue"].notna().sum())
    family = compared if "comparisons" in compared.columns else compared.assign(comparisons=made)
    rows = [row for _, row in family.iterrows()]
    told = family.assign(verdict=[verdict(row) for row in rows], visible=[would_have_shown(row) for row in rows])
    shown = ["before", "after", "verdict", "change", "low", "high", "pvalue_adjusted", "n_before", "n_after", "visible"]
    return Table(told, title, shown=[*groups_of(compared), *shown])


def changes_sentence(compared: pd.DataFrame) -> str:
    """Return how many of the comparisons are shown, which, and how many are likely, in one sentence."""
    held = {word: [row for _, row in compared.iterrows() if verdict_of(row) in _held(word)] for word in ("", "likely ")}
    total = f"{len(compared)} change{'s' if len(compared) != 1 else ''}"
    family = "after adjusting for all of them" if len(compared) != 1 else "by its interval"
    likely = "".join(
        f" Likely, but not proven: {'; '.join(_brief(row, groups_of(compared)) for row in held['likely '])}."
        for _ in held["likely "][:1]
    )
    if not held[""]:
        return f"None of {total} is shown to be more than chance {family}.{likely}"
    told = "; ".join(_brief(row, groups_of(compared)) for row in held[""])
    are = "is" if len(held[""]) == 1 else "are"
    return f"{len(held[''])} of {total} {are} more than chance {family}: {told}.{likely}"


def _held(word: str) -> tuple[str, str]:
    return f"{word}up", f"{word}down"


def _brief(row: pd.Series, groups: list[str]) -> str:
    where = ", ".join(named(str(row[g])) if g in NAMED else str(row[g]) for g in groups)
    sizes = f"n = {count(row['n_before'])} and {count(row['n_after'])}"
    what = f"{row['before']} to {row['after']} {points(row['change'])} ({interval(row['low'], row['high'])}, {sizes})"
    return f"{where}, {what}" if where else what
