"""Scores in other units and weights, and small segments without a league table."""

from __future__ import annotations

from typing import Final

import pandas as pd

from nps_utils.tables.formats import count, interval, points
from nps_utils.tables.glossary import Column
from nps_utils.tables.table import Table

UNITS = {
    "answers": "every answer once",
    "accounts": "every account once",
    "revenue": "every account by its revenue",
}
_DESIGN = {
    "unit": Column("Unit", "text", "What counts once"),
    "weights": Column("Weights", "text", "How answers are weighted, and what counts as independent"),
    "accounts": Column("Accounts", "count", "Accounts with answers"),
    "clusters": Column("Accounts", "count", "Accounts with answers"),
    "design_effect": Column("Design effect", "number", "Variance by that of as many independent, equal answers"),
    "left_out": Column("Left out", "count", "Answers without an account or revenue"),
}


def units(scored: pd.DataFrame) -> Table:
    """Show the three units of a B2B score, said in words."""
    told = scored.assign(unit=scored["unit"].map(UNITS))
    shown = ["unit", "nps", "low", "high", "n", "accounts", "n_effective", "left_out"]
    return Table(told, "One survey, three units", shown=shown, columns=_DESIGN)


def units_sentence(scored: pd.DataFrame) -> str:
    """Return the units beside each other in one sentence."""
    parts = [
        f"{UNITS[str(row['unit'])]} {points(row['nps'])} ({interval(row['low'], row['high'])}, n = {count(row['n'])}"
        f" of {count(row['accounts'])} accounts)"
        for _, row in scored.iterrows()
    ]
    return f"Counting {'; '.join(parts)}.{_left_out(scored, 'name no account')}"


def _left_out(table: pd.DataFrame, why: str) -> str:
    """Say why a first row rests on fewer answers than the score of all."""
    n = int(table["left_out"].iloc[0]) if "left_out" in table.columns else 0
    return f" Answers that {why} are left out here (n = {count(n)})." if n else ""


def weighted(table: pd.DataFrame) -> Table:
    """Show the same score unweighted and weighted, one row each.

    Parameters
    ----------
    table
        Output of `beside_the_frame`.
    """
    shown = ["weights", "nps", "low", "high", "n", "clusters", "n_effective", "design_effect", "left_out"]
    return Table(table, "Unweighted beside weighted", shown=shown, columns=_DESIGN)


def weighted_sentence(table: pd.DataFrame) -> str:
    """Return how far weights and clusters move the score and widen its interval."""
    plain, weighted_row = table.iloc[0], table.iloc[-1]
    wider = (weighted_row["high"] - weighted_row["low"]) / (plain["high"] - plain["low"])
    return (
        f"Weighted, the score is {points(weighted_row['nps'])} ({interval(weighted_row['low'], weighted_row['high'])},"
        f" n = {count(weighted_row['n'])} in {count(weighted_row['clusters'])} accounts) instead of"
        f" {points(plain['nps'])} ({interval(plain['low'], plain['high'])}); its interval is {wider:.1f} times as wide,"
        f" because answers of one account are alike and weights differ.{_left_out(table, 'the frame cannot place')}"
    )


# What of a page is weighted where the answers came with weights.
_WEIGHTED_ON: Final = {
    "02-nps": "Its first line gives the weighted score; everything below it counts each answer once.",
}


def weights_note(page: str, *, used: str | None, unused: str | None) -> str | None:
    """Return what a page of a study with a column of weights has to say about it, or None without one.

    Examples
    --------
    >>> weights_note("03-change", used="vikt", unused=None)
    'This study weights its answers by the column "vikt". This page does not: it counts each answer once.'
    >>> weights_note("03-change", used=None, unused=None)
    """
    if used:
        here = _WEIGHTED_ON.get(page, "This page does not: it counts each answer once.")
        return f'This study weights its answers by the column "{used}". {here}'
    if unused:
        return (
            f'The export has a column of weights, "{unused}", that is not used: every answer counts once. To use it,'
            f' write `weight = "{unused}"` in study.toml; if it holds no weights, `weight = false`.'
        )
    return None


def shrunk(segments: pd.DataFrame) -> Table:
    """Show small segments drawn towards what they share, with the ranks that the answers allow."""
    columns = {
        "shrunk": Column(
            "Shrunk", "points", "The score drawn towards the common one, the more so the fewer its answers"
        ),
        "own_weight": Column(
            "Own weight", "share", "How much of the shrunk score comes from the segment's own answers"
        ),
        "best_rank": Column("Best rank", "count", "The best rank the segment may have"),
        "worst_rank": Column("Worst rank", "count", "The worst rank the segment may have"),
    }
    names = [n for n in segments.columns if n not in {*columns, "rank", "detractors", "passives", "promoters"}]
    groups = [str(n) for n in names if n not in ("n", "nps", "low", "high")]
    ordered = segments.sort_values("shrunk", ascending=False, kind="stable").reset_index(drop=True)
    shown = [*groups, "n", "nps", "shrunk", "low", "high", "own_weight", "best_rank", "worst_rank"]
    return Table(ordered, "Small segments, shrunk, with rank intervals", shown=shown, columns=columns)


def ranks_sentence(segments: pd.DataFrame) -> str:
    """Return what the ranks allow to be said: which segments are surely first or last, if any."""
    total = len(segments)
    best = segments[segments["worst_rank"] <= total / 2]
    worst = segments[segments["best_rank"] > total / 2]
    names = [c for c in segments.columns if segments[c].dtype.kind not in "if"]

    def told(rows: pd.DataFrame) -> str:
        return ", ".join(" ".join(map(str, row)) for row in rows[names].to_numpy()) or "none"

    return (
        f"Of {count(total)} segments, surely in the better half: {told(best)}; surely in the worse half: {told(worst)}."
        " The rest may stand anywhere between; their order in the table is not a ranking."
    )
