"""Figures of scores: the eleven answers, scores with their intervals, waves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from nps_utils.checks import check_columns
from nps_utils.figures.canvas import (
    BAND_COLOURS,
    CONTEXT,
    INK,
    LONGEST_AT_LINE,
    POINT,
    SERIES,
    drawn,
    finish,
    new_axes,
    points_axis,
    shortened,
)
from nps_utils.scale import HIGHEST, LOWEST, band
from nps_utils.tables.formats import count, interval, listed, points, share


@drawn
def histogram(responses: pd.DataFrame, *, score: str = "score", ax: Axes | None = None) -> Axes:
    """Draw how often each answer 0 to 10 was given, coloured by band.

    Parameters
    ----------
    responses
        One row per response; `score` holds integers 0..10.
    """
    check_columns(list(responses.columns), [score], what="the responses")
    values = range(LOWEST, HIGHEST + 1)
    heights = responses[score].value_counts().reindex(values, fill_value=0)
    n = int(heights.sum())
    bands = [band(v) for v in values]
    shares = {name: sum(heights[v] for v in values if band(v) == name) / max(n, 1) for name in BAND_COLOURS}
    ax = new_axes(ax, height=3.2)
    ax.bar(list(values), heights.to_numpy(), color=[BAND_COLOURS[b] for b in bands], width=0.82)
    for value in values:
        ax.annotate(count(heights[value]), (value, heights[value]), ha="center", va="bottom", fontsize=9)
    ax.set_xticks(list(values))
    ax.set_xlabel("Answer")
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    legend = [Patch(color=BAND_COLOURS[b], label=f"{b}s {share(s)}") for b, s in shares.items()]
    ax.legend(handles=legend, frameon=False, loc="upper left", fontsize=9)
    told = ", ".join(f"{v}: {count(heights[v])}" for v in values)
    title = f"{share(shares['promoter'])} promoters, {share(shares['detractor'])} detractors of {count(n)} answers"
    return finish(ax, title=title, alt=f"Bars for each answer from 0 to 10. {told}.")


@drawn
def forest(
    scored: pd.DataFrame,
    *,
    label: str | Sequence[str],
    title: str,
    sort: str | None = "nps",
    reference: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw scores as dots with intervals, sorted, n at the right.

    Parameters
    ----------
    scored
        Output of `score`; rows without answers are left out and counted in the text.
    label
        Column or columns that name the rows.
    sort
        Column to sort by, largest on top; None keeps the order.
    reference
        A score to compare with, such as the total, drawn as a dashed line.
    """
    names = [label] if isinstance(label, str) else list(label)
    check_columns(list(scored.columns), [*names, "nps", "low", "high", "n"], what="the table of scores")
    rows = scored[scored["n"] > 0]
    rows = rows.sort_values(sort, ascending=False, kind="stable") if sort else rows
    ax = new_axes(ax, height=1.3 + 0.34 * len(rows))
    y = np.arange(len(rows))[::-1]
    points_axis(ax)
    if reference is not None:
        ax.axvline(reference, color=CONTEXT, linestyle=(0, (4, 3)), linewidth=1)
        ax.annotate(
            f"all {points(reference)}", (reference, 1), xycoords=("data", "axes fraction"), fontsize=9, ha="center"
        )
    ax.hlines(y, rows["low"], rows["high"], color=POINT, linewidth=2)
    ax.plot(rows["nps"], y, "o", color=POINT, markersize=6)
    tags = rows[names].astype("string").fillna("not known").agg(", ".join, axis=1).tolist()
    ax.set_yticks(y, tags)
    ax.set_ylim(-0.7, len(rows) - 0.3)
    for height, n in zip(y, rows["n"], strict=True):
        ax.annotate(f"n = {count(n)}", (1.01, height), xycoords=("axes fraction", "data"), va="center", fontsize=9)
    told = "; ".join(
        f"{tag} {points(r['nps'])} ({interval(r['low'], r['high'])}, n = {count(r['n'])})"
        for tag, (_, r) in zip(tags, rows.iterrows(), strict=True)
    )
    empty = len(scored) - len(rows)
    alt = f"Dots with intervals. {told}." + (f" {empty} groups without answers are not drawn." if empty else "")
    return finish(ax, title=title, alt=alt)


@drawn
def waves(
    scored: pd.DataFrame,
    *,
    wave: str = "wave",
    by: str | None = None,
    title: str,
    goal: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw scores over waves with their intervals, one line per group, labelled at its end.

    Parameters
    ----------
    scored
        Output of `score` with the column `wave` and, where given, `by`.
    goal
        A target in points, drawn as a labelled line.
    """
    check_columns(list(scored.columns), [wave, "nps", "low", "high", "n", *([by] if by else [])], what="the scores")
    order = sorted(scored[wave].astype(str).unique())
    groups = [(None, scored)] if by is None else [(str(name), part) for name, part in scored.groupby(by, sort=True)]
    ax = new_axes(ax, height=3.8)
    ax.axhline(0, color=CONTEXT, linewidth=0.8, zorder=0)
    told = []
    ends: list[tuple[float, str, str]] = []
    for i, (name, part) in enumerate(groups):
        rows = part[part["n"] > 0].sort_values(wave, kind="stable")
        shift = (i - (len(groups) - 1) / 2) * 0.12  # so that intervals of different lines do not hide each other
        x = np.array([order.index(str(w)) for w in rows[wave]]) + shift
        colour = SERIES[i % len(SERIES)]
        ax.vlines(x, rows["low"], rows["high"], color=colour, linewidth=1.6, alpha=0.8)
        ax.plot(x, rows["nps"], "o-", color=colour, markersize=5, linewidth=1.2)
        if name is not None and len(rows):
            ends.append((float(rows["nps"].iloc[-1]), name, colour))
        line = "; ".join(f"{r[wave]} {points(r['nps'])} (n = {count(r['n'])})" for _, r in rows.iterrows())
        told.append(f"{name}: {line}" if name is not None else line)
    _label_ends(ax, len(order) - 0.6, ends)
    if goal is not None:
        ax.axhline(goal, color=INK, linestyle=(0, (4, 3)), linewidth=1)
        ax.annotate(f"goal {points(goal)}", (0, goal), va="bottom", fontsize=9)
    ax.set_xticks(range(len(order)), order, rotation=0 if len(order) <= 8 else 60, fontsize=9)
    ax.set_xlim(-0.5, len(order) - 0.5 + (0.9 if by else 0))
    ax.set_ylabel("NPS, points")
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:+.0f}" if value else "0")
    named = f"One line each for {listed([str(name) for name, _ in groups])}. " if by else ""
    return finish(ax, title=title, alt=f"{named}{'. '.join(told)}.")


def _label_ends(ax: Axes, x: float, ends: list[tuple[float, str, str]]) -> None:
    """Name each line at its end, moved apart where the ends lie too close to read."""
    bottom, top = ax.get_ylim()
    apart = 0.065 * (top - bottom)
    y = -np.inf
    for end, name, colour in sorted(ends):
        y = max(end, y + apart)
        ax.annotate(shortened(name, LONGEST_AT_LINE), (x, y), color=colour, va="center", fontsize=10)
