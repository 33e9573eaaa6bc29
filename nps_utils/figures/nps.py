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
    SignedNumbers,
    drawn,
    finish,
    new_axes,
    points_axis,
    shortened,
    small_multiples,
    tell_points,
)
from nps_utils.scale import HIGHEST, LOWEST, band
from nps_utils.tables.formats import count, interval, listed, points, share
from nps_utils.tables.scores import score_sentence
from nps_utils.words.naming import NAMED, NOT_KNOWN, NOT_STATED, named, named_value


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
    # Above the bars: inside, it would lie on those of low answers where they are many.
    ax.legend(handles=legend, frameon=False, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, fontsize=9)
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
        Output of `score`; rows without answers are left out and counted in the text, as are, of several cuts, those
        whose group is not known: in every cut they are the same few answers.
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
    unknown = (
        rows[names[-1]].astype("string").fillna(NOT_KNOWN).eq(NOT_KNOWN)
        if names[1:]
        else pd.Series(False, index=rows.index)
    )
    rows = rows[~unknown]
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
    told_names = rows[names].astype("string").fillna("not known")
    for name in names:
        told_names[name] = told_names[name].map(named if name in NAMED else named_value)
    tags = told_names.agg(", ".join, axis=1).tolist()
    numbers = [f"{tag}: {score_sentence(row)}" for tag, (_, row) in zip(tags, rows.iterrows(), strict=True)]
    tell_points(ax, rows["nps"], y, numbers)
    ax.set_yticks(y, tags)
    ax.set_ylim(-0.7, len(rows) - 0.3)
    for height, n in zip(y, rows["n"], strict=True):
        ax.annotate(f"n = {count(n)}", (1.01, height), xycoords=("axes fraction", "data"), va="center", fontsize=9)
    told = "; ".join(
        f"{tag} {points(r['nps'])} ({interval(r['low'], r['high'])}, n = {count(r['n'])})"
        for tag, (_, r) in zip(tags, rows.iterrows(), strict=True)
    )
    empty = int((scored["n"] <= 0).sum())
    alt = f"Dots with intervals. {told}." + (f" {empty} groups without answers are not drawn." if empty else "")
    alt += " Answers whose group is not known are not drawn." if unknown.any() else ""
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
    """Draw scores over waves with their intervals, a small picture per group, all on one scale.

    Parameters
    ----------
    scored
        Output of `score` with the column `wave` and, where given, `by`.
    goal
        A target in points, drawn as a labelled line.
    ax
        Where to draw all groups over each other instead.
    """
    check_columns(list(scored.columns), [wave, "nps", "low", "high", "n", *([by] if by else [])], what="the scores")
    order = sorted(scored[wave].astype(str).unique())
    groups = [("", scored)]
    if by is not None and not scored[by].eq(NOT_STATED).all():
        groups = [(named(str(name)), part) for name, part in scored.groupby(by)]
    places = [ax] * len(groups) if ax is not None else small_multiples(len(groups))
    told = []
    for i, ((name, part), place) in enumerate(zip(groups, places, strict=True)):
        rows = part[part["n"] > 0].sort_values(wave, kind="stable")
        x = np.array([order.index(str(w)) for w in rows[wave]])
        colour = SERIES[i % len(SERIES)] if ax is not None else POINT
        place.vlines(x, rows["low"], rows["high"], color=colour, linewidth=1.6, alpha=0.8)
        place.plot(x, rows["nps"], "o-", color=colour, markersize=5, linewidth=1.2)
        where = f"{name}, " if name else ""
        numbers = [f"{where}{row[wave]}: {score_sentence(row)}" for _, row in rows.iterrows()]
        tell_points(place, x, rows["nps"], numbers)
        _wave_axes(place, order, goal if i == 0 or ax is None else None, labelled=i == 0)
        if len(groups) > 1:
            place.set_title(shortened(name, LONGEST_AT_LINE), fontsize=10, fontweight="normal")
        line = "; ".join(f"{r[wave]} {points(r['nps'])} (n = {count(r['n'])})" for _, r in rows.iterrows())
        told.append(f"{name}: {line}" if name else line)
    some = f"One small picture each for {listed([name for name, _ in groups])}. " if len(groups) > 1 else ""
    return finish(places[0], title=title, alt=f"{some}{'. '.join(told)}.")


def _wave_axes(ax: Axes, order: Sequence[str], goal: float | None, *, labelled: bool) -> None:
    ax.axhline(0, color=CONTEXT, linewidth=0.8, zorder=0)
    if goal is not None:
        ax.axhline(goal, color=INK, linestyle=(0, (4, 3)), linewidth=1)
    if goal is not None and labelled:
        ax.annotate(f"goal {points(goal)}", (0, goal), va="bottom", fontsize=9)
    ax.set_xticks(range(len(order)), order, rotation=60 if labelled is False or len(order) > 4 else 0, fontsize=9)
    ax.set_xlim(-0.5, len(order) - 0.5)
    if labelled:
        ax.set_ylabel("NPS, points")
    ax.yaxis.set_major_formatter(SignedNumbers())
