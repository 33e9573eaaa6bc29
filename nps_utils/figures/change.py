"""Figures of what lies behind a change: its parts, its trend, and what one sees when looking every week."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from nps_utils.checks import check_columns
from nps_utils.figures.canvas import (
    ALERT,
    CONTEXT,
    INK,
    POINT,
    SERIES,
    drawn,
    finish,
    new_axes,
    points_axis,
    tell_points,
)
from nps_utils.stats.mix import Split
from nps_utils.stats.verdicts import verdict_of
from nps_utils.tables.formats import count, interval, points
from nps_utils.tables.scores import changes_sentence, groups_of
from nps_utils.words.naming import NAMED, named, place


@drawn
def parts(split: Split, *, ax: Axes | None = None) -> Axes:
    """Draw a change as a sum: what each segment changed within, and what its changed share did.

    Parameters
    ----------
    split
        Output of `split_of`.
    """
    segment = split.change["segment"]
    total, rows = split.parts.iloc[-1], split.parts.iloc[:-1]
    where = f"{place(split.change['touchpoint'])}{split.change['before']} to {split.change['after']}"
    mix = f"{points(total['mix'])} of {points(total['change'])} points are another mix of {named(segment).lower()}"
    title = f"{where}: {mix}"
    bars = [
        *(
            (f"{row[segment]}: within", row["within"], row["within_low"], row["within_high"])
            for _, row in rows.iterrows()
        ),
        *((f"{row[segment]}: share", row["mix"], row["mix_low"], row["mix_high"]) for _, row in rows.iterrows()),
        ("all within", total["within"], total["within_low"], total["within_high"]),
        ("all mix", total["mix"], total["mix_low"], total["mix_high"]),
    ]
    ax = new_axes(ax, height=1.5 + 0.32 * len(bars))
    points_axis(ax, label="Part of the change, points")
    y = np.arange(len(bars))[::-1]
    for height, (name, value, low, high) in zip(y, bars, strict=True):
        colour = SERIES[1] if name.endswith(("share", "mix")) else SERIES[0]
        ax.barh(height, value, color=colour, height=0.6, alpha=1.0 if name.startswith("all") else 0.55)
        ax.hlines(height, low, high, color=INK, linewidth=1.2)
    ax.axhline(1.5, color=CONTEXT, linewidth=0.8)
    ax.set_yticks(y, [name for name, *_ in bars])
    for height, (_, value, _, _) in zip(y, bars, strict=True):
        ax.annotate(points(value), (1.01, height), xycoords=("axes fraction", "data"), va="center", fontsize=9)
    told = "; ".join(f"{name} {points(value)} ({interval(low, high)})" for name, value, low, high in bars)
    sizes = f"n = {count(total['n_before'])} and {count(total['n_after'])}"
    return finish(
        ax, title=title, alt=f"Bars with intervals that add up to {points(total['change'])} points, {sizes}. {told}."
    )


@drawn
def looks(
    sequence: pd.DataFrame, *, look: str, title: str, target: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw a score looked at after every period: borders that hold for all looks, and those that hold for one only.

    Parameters
    ----------
    sequence
        Output of `confidence_sequence`.
    look
        The column that names the looks.
    target
        A border of interest, such as a goal.
    """
    check_columns(list(sequence.columns), [look, "nps", "low", "high", "fixed_low", "fixed_high"], what="the looks")
    rows = sequence[sequence["n"] > 0]
    x = np.arange(len(rows))
    ax = new_axes(ax, height=3.8)
    ax.fill_between(x, rows["low"], rows["high"], color=POINT, alpha=0.16, linewidth=0)
    ax.fill_between(x, rows["fixed_low"], rows["fixed_high"], color=CONTEXT, alpha=0.5, linewidth=0)
    ax.plot(x, rows["nps"], color=POINT, linewidth=1.6)
    last = rows.iloc[-1]
    ax.annotate(" always valid", (x[-1], last["high"]), color=POINT, va="bottom", ha="right", fontsize=9)
    ax.annotate(" one look only", (x[-1], last["fixed_low"]), color=INK, va="top", ha="right", fontsize=9)
    if target is not None:
        ax.axhline(target, color=INK, linestyle=(0, (4, 3)), linewidth=1)
        clear = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}  # it lies in the band
        ax.annotate(f"goal {points(target)}", (x[0], target), va="bottom", fontsize=9, bbox=clear)
    ticks = np.unique(np.linspace(0, len(rows) - 1, min(8, len(rows))).round().astype(int))
    ax.set_xticks(ticks, rows[look].astype(str).to_numpy()[ticks], fontsize=9)
    ax.set_ylabel("NPS so far, points")
    settled = rows.iloc[min(3, len(rows) - 1) :]  # the first looks are so wide that they would flatten the rest
    ax.set_ylim(max(-100, settled["low"].min() - 5), min(100, settled["high"].max() + 5))
    told = f"At the last look {points(last['nps'])}, always valid {interval(last['low'], last['high'])}"
    alt = f"A line of the score of all answers so far over {count(len(rows))} looks. {told}, n = {count(last['n'])}."
    return finish(ax, title=title, alt=alt)


@drawn
def control(limits: pd.DataFrame, *, look: str, title: str, ax: Axes | None = None) -> Axes:
    """Draw scores of periods between ordinary control limits, those outside in another colour.

    Parameters
    ----------
    limits
        Output of `control_limits`.
    """
    check_columns(list(limits.columns), [look, "nps", "centre", "lower", "upper", "outside"], what="the control limits")
    rows = limits[limits["n"] > 0]
    x = np.arange(len(rows))
    ax = new_axes(ax, height=3.4)
    ax.step(x, rows["lower"], where="mid", color=CONTEXT, linewidth=1)
    ax.step(x, rows["upper"], where="mid", color=CONTEXT, linewidth=1)
    ax.plot(x, rows["centre"], color=CONTEXT, linewidth=1, linestyle=(0, (4, 3)))
    ax.plot(x, rows["nps"], color=POINT, linewidth=1, marker="o", markersize=3.5)
    out = rows["outside"].to_numpy()
    ax.plot(x[out], rows["nps"].to_numpy()[out], "o", color=ALERT, markersize=7)
    ticks = np.unique(np.linspace(0, len(rows) - 1, min(8, len(rows))).round().astype(int))
    ax.set_xticks(ticks, rows[look].astype(str).to_numpy()[ticks], fontsize=9)
    ax.set_ylabel("NPS, points")
    named = ", ".join(rows[look].astype(str).to_numpy()[out]) or "none"
    return finish(ax, title=title, alt=f"A line of {count(len(rows))} periods between two limits; outside: {named}.")


@drawn
def changes(compared: pd.DataFrame, *, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw changes as dots with intervals: coloured where they hold after adjusting, grey where they do not.

    Parameters
    ----------
    compared
        Output of `compare`.
    title
        The message; by default how many changes hold and which.
    """
    check_columns(list(compared.columns), ["before", "after", "change", "low", "high", "pvalue_adjusted"])
    rows = compared[compared["change"].notna()]
    ax = new_axes(ax, height=1.4 + 0.36 * len(rows))
    points_axis(ax, label="Change of the NPS, points")
    y = np.arange(len(rows))[::-1]
    tags = []
    told = []
    for height, (_, row) in zip(y, rows.iterrows(), strict=True):
        held = verdict_of(row) in ("up", "down")
        colour = CONTEXT if not held else (POINT if row["change"] > 0 else ALERT)
        ax.hlines(height, row["low"], row["high"], color=colour, linewidth=2.2)
        ax.plot(row["change"], height, "o", color=colour, markersize=6)
        where = ", ".join(named(str(row[g])) if g in NAMED else str(row[g]) for g in groups_of(compared))
        tags.append(f"{where + ': ' if where else ''}{row['before']} to {row['after']}")
        right = f"{points(row['change'])}{'  shown' if held else ''}"
        ax.annotate(right, (1.01, height), xycoords=("axes fraction", "data"), va="center", fontsize=9, color=colour)
        sizes = f"n = {count(row['n_before'])} and {count(row['n_after'])}"
        told.append(f"{tags[-1]} {points(row['change'])} ({interval(row['low'], row['high'])}, {sizes})")
    tell_points(ax, rows["change"], y, told)
    ax.set_yticks(y, tags)
    ax.set_ylim(-0.7, len(rows) - 0.3)
    empty = len(compared) - len(rows)
    alt = f"Dots with intervals around a zero line. {'; '.join(told)}."
    alt += f" {empty} comparisons with an empty side are not drawn." if empty else ""
    return finish(ax, title=title or changes_sentence(compared), alt=alt)
