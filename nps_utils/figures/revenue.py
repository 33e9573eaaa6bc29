"""Figures of NPS and money: what leads, in which view, one point per account, and who stayed."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import BoxStyle
from matplotlib.transforms import Bbox

from nps_utils.checks import check_columns
from nps_utils.figures.canvas import BAND_COLOURS, CONTEXT, INK, POINT, drawn, finish, new_axes
from nps_utils.tables.formats import count, effect, limits, share
from nps_utils.tables.revenue import lead_sentence, simpson_sentence
from nps_utils.words.markup import without_marks

TIMING = {"before": "before the answers\n(control)", "same": "in the same period", "after": "after the answers"}
INTERVALS = 25  # accounts whose intervals are drawn: more would hide each other
_MOST_POINTS = 5_000  # accounts drawn one by one: more hide each other, and make a file of many megabytes
_FIELDS = 60, 26  # across and up, into which more accounts are counted
_PALE = "#D6E4F0"
# What the name of a line takes of the frame: its width, its height, and the gap to the line.
_NAME_WIDE, _NAME_TALL, _NAME_APART = 0.125, 0.08, 0.012


@drawn
def lags(table: pd.DataFrame, control: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the correlation of NPS with growth before, in and after the period of the answers.

    Parameters
    ----------
    table, control
        Output of `lag_table` and `negative_control`.
    """
    check_columns(list(table.columns), ["timing", "pearson", "pearson_low", "pearson_high", "n"], what="the lags")
    ax = new_axes(ax, height=2.7)
    y = np.arange(len(table))[::-1]
    ax.axvline(0, color=CONTEXT, linewidth=0.8, zorder=0)
    told = []
    for height, (_, row) in zip(y, table.iterrows(), strict=True):
        colour = POINT if row["timing"] == "after" else CONTEXT
        sizes = f"{count(row['n'])} pairs, {count(row['accounts'])} accounts"
        name = TIMING[row["timing"]].replace("\n", " ")
        if math.isfinite(row["pearson"]):
            ax.hlines(height, row["pearson_low"], row["pearson_high"], color=colour, linewidth=2.2)
            ax.plot(row["pearson"], height, "o", color=colour, markersize=7)
            told.append(f"{name} {_with_limits(row['pearson'], row['pearson_low'], row['pearson_high'])}, {sizes}")
        else:
            ax.annotate("too few to tell", (0, height), color=colour, va="center", fontsize=9)
            told.append(f"{name}: too few to tell, {sizes}")
        ax.annotate(sizes, (1.01, height), xycoords=("axes fraction", "data"), va="center", fontsize=9)
    ax.set_yticks(y, [f"growth {TIMING[t]}" for t in table["timing"]])
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.set_xlabel("Correlation of NPS with growth, r")
    return finish(ax, title=lead_sentence(control), alt=f"Correlations with intervals. {'; '.join(told)}.")


@drawn
def slopes(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the slope of growth on NPS in every view, the pooled one on top.

    Parameters
    ----------
    table
        Output of `slopes`.
    """
    check_columns(list(table.columns), ["view", "group", "slope", "low", "high", "accounts"], what="the slopes")
    rows = table[np.isfinite(table["slope"]) & np.isfinite(table["low"]) & np.isfinite(table["high"])]
    ax = new_axes(ax, height=1.6 + 0.32 * len(rows))
    y = np.arange(len(rows))[::-1]
    ax.axvline(0, color=CONTEXT, linewidth=0.8, zorder=0)
    tags = [f"{view}: {group}" if str(group) else view for view, group in zip(rows["view"], rows["group"], strict=True)]
    colours = [POINT if view == "pooled" else CONTEXT for view in rows["view"]]
    ax.hlines(y, 10 * rows["low"], 10 * rows["high"], color=colours, linewidth=2)
    ax.scatter(10 * rows["slope"], y, color=colours, s=36, zorder=3)
    for height, n in zip(y, rows["accounts"], strict=True):
        ax.annotate(f"{count(n)} accounts", (1.01, height), xycoords=("axes fraction", "data"), va="center", fontsize=9)
    ax.set_yticks(y, tags)
    ax.set_ylim(-0.7, max(len(rows) - 0.3, 0.7))
    ax.set_xlabel("Percentage points of growth per 10 NPS points")
    told = "; ".join(
        f"{tag} {_with_limits(10 * r['slope'], 10 * r['low'], 10 * r['high'])}"
        for tag, (_, r) in zip(tags, rows.iterrows(), strict=True)
    )
    empty = len(table) - len(rows)
    alt = f"Slopes with intervals. {told or 'none'}." + (
        f" {empty} views without bounds are not drawn." if empty else ""
    )
    return finish(ax, title=without_marks(simpson_sentence(table)), alt=alt)


@drawn
def accounts(points: pd.DataFrame, slope: pd.DataFrame, *, title: str, ax: Axes | None = None) -> Axes:
    """Draw accounts by NPS and later growth, with the measured and the corrected slope.

    Each is a point, larger where revenue is; of more than 5,000 the picture shows how many are where.

    Parameters
    ----------
    points
        Output of `account_points`.
    slope
        Output of `corrected_slope`.
    title
        The message.
    """
    check_columns(list(points.columns), ["nps", "growth", "amount", "answers"], what="the points")
    ax = new_axes(ax, height=4.4)
    low, high = _frame_of(points["growth"].to_numpy(dtype=float))
    y = points["growth"].clip(low, high)
    known = points.head(INTERVALS)
    ax.hlines(y.head(INTERVALS), known["nps_low"], known["nps_high"], color=CONTEXT, linewidth=0.6, alpha=0.6)
    lowest, highest = known["growth_low"].clip(low, high), known["growth_high"].clip(low, high)
    ax.vlines(known["nps"], lowest, highest, color=CONTEXT, linewidth=0.6, alpha=0.6)
    each = len(points) <= _MOST_POINTS
    if each:
        paid = points["amount"].clip(lower=0).to_numpy(dtype=float)
        size = 8 + 160 * paid / paid.max() if paid.max() > 0 else np.full(len(points), 20.0)
        ax.scatter(points["nps"], y, s=size, color=POINT, alpha=0.45, linewidths=0)
    else:
        shades = LinearSegmentedColormap.from_list("accounts", [_PALE, POINT])
        shown = (-100.0, 100.0, float(low), float(high))
        ax.hexbin(
            points["nps"],
            y,
            gridsize=_FIELDS,
            bins="log",
            extent=shown,
            mincnt=1,
            cmap=shades,
            linewidths=0,
            zorder=0.5,
        )
    told = _lines(ax, points, slope.iloc[0], (low, high), POINT if each else INK)
    drawn_for = f"intervals are those of the {count(len(known))} accounts with most answers"
    ax.set_xlabel(f"NPS of the account, points\n({'size: revenue' if each else 'darker: more accounts'}; {drawn_for})")
    ax.set_ylabel("Mean growth in the period after, %")
    ax.set_ylim(low, high)
    outside = int(((points["growth"] < low) | (points["growth"] > high)).sum())
    edge = f" {count(outside)} accounts beyond the frame are drawn at its edge." if outside else ""
    shows = "larger where revenue is" if each else "darker where more of them are"
    said = f"{count(len(points))} accounts, NPS across, growth up, {shows}."
    alt = f"{said} {told} {drawn_for.capitalize()}.{edge}"
    return finish(ax, title=title, alt=alt)


@drawn
def risks(table: pd.DataFrame, *, title: str, ax: Axes | None = None) -> Axes:
    """Draw the share of each band to whom it happened, with its interval.

    Parameters
    ----------
    table
        Output of `risk_by_band`.
    """
    check_columns(list(table.columns), ["band", "risk", "low", "high", "n", "events"], what="the risks")
    rows = table[table["n"] > 0]
    ax = new_axes(ax, height=2.4)
    y = np.arange(len(rows))[::-1]
    for height, (_, row) in zip(y, rows.iterrows(), strict=True):
        colour = BAND_COLOURS[row["band"]]
        ax.hlines(height, 100 * row["low"], 100 * row["high"], color=colour, linewidth=2.2)
        ax.plot(100 * row["risk"], height, "o", color=colour, markersize=7)
        sizes = f"{count(row['events'])} of {count(row['n'])}"
        ax.annotate(sizes, (1.01, height), xycoords=("axes fraction", "data"), va="center", fontsize=9)
    ax.set_yticks(y, [f"{band}s" for band in rows["band"]])
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(left=0)
    ax.set_xlabel("Share that left, %")
    told = "; ".join(
        f"{row['band']}s {share(row['risk'])} ({share(row['low'])} to {share(row['high'])}, {count(row['events'])} of"
        f" {count(row['n'])})"
        for _, row in rows.iterrows()
    )
    return finish(ax, title=title, alt=f"Shares with intervals. {told}.")


def _frame_of(growth: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, float]:
    """Return limits that hold all but a few extremes, which would press the rest into a line."""
    low, high = np.quantile(growth, [0.02, 0.98])
    room = max(0.15 * (high - low), 0.5)
    return float(max(low - room, min(growth.min() - 0.5, low))), float(min(high + room, max(growth.max() + 0.5, high)))


def _lines(ax: Axes, points: pd.DataFrame, slope: pd.Series, frame: tuple[float, float], colour: str) -> str:
    weight = points["periods"].to_numpy(dtype=float)
    centre = float(np.average(points["nps"], weights=points["answers"]))
    level = float(np.average(points["growth"], weights=weight))
    told: list[str] = []
    seen: dict[str, float] = {}
    for name, column, style in (("measured", "naive_slope", (0, (4, 3))), ("corrected", "slope", "-")):
        b = float(slope[column])
        if not math.isfinite(b):
            continue
        x = np.linspace(-100, 100, 401)
        y = level + b * (x - centre)
        inside = (y >= frame[0]) & (y <= frame[1])
        ax.plot(x[inside], y[inside], color=CONTEXT if name == "measured" else colour, linestyle=style, linewidth=1.8)
        told.append(f"{name} {effect(10 * b)}")
        if inside.any():
            seen[name] = b
    _name_lines(ax, seen, (centre, level), frame)
    return f"Slopes of all pairs, growth per 10 points: {', '.join(told)}." if told else "No slope can be fitted."


def _name_lines(ax: Axes, slopes: dict[str, float], through: tuple[float, float], frame: tuple[float, float]) -> None:
    """Name lines that meet in a point, far from it: above the higher one and below the other.

    So no name lies on another or on a line, wherever the lines leave the frame.
    """
    left, right = ax.get_xlim()
    box = Bbox.from_extents(left, frame[0], right, frame[1])
    order = (1, -1) if through[0] <= left + 3 * box.width / 4 else (-1, 1)  # first the side that has the room
    sides = [[_place(name, slopes, through, box, side) for name in slopes] for side in order]
    whole = next((places for places in sides if None not in places), sides[0])
    gap = _NAME_APART * box.height
    for name, place in zip(slopes, whole, strict=True):
        if place is not None:
            x, y, ha, above = place
            ax.annotate(
                name,
                (x, y + gap if above else y - gap),
                fontsize=9,
                ha=ha,
                va="bottom" if above else "top",
                bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "boxstyle": BoxStyle.Square(pad=0.1)},
            )


def _place(
    name: str, slopes: dict[str, float], through: tuple[float, float], box: Bbox, side: int
) -> tuple[float, float, str, bool] | None:
    """Return the point of a line at which its name stands, which end of the name, and whether it is above the line.

    None where the name does not fit into the frame on this side (1: right) of the point that all lines meet in.
    """
    rise = side * slopes[name]
    steepest = max(slopes, key=lambda one: side * slopes[one])  # outwards from the point it is the highest
    above = name == steepest if len(slopes) > 1 else rise >= 0
    ends = (rise >= 0) == above  # the name ends at the point, with the line below or above it; else it begins there
    x = np.linspace(through[0], min(100.0, box.x1) if side > 0 else max(-100.0, box.x0), 401)
    y = through[1] + slopes[name] * (x - through[0])
    wide, tall = _NAME_WIDE * box.width, _NAME_TALL * box.height
    fits = (y >= box.y0) & (y <= box.y1) & ((y + tall <= box.y1) if above else (y - tall >= box.y0))
    starts, stops = (x - wide, x) if ends == (side > 0) else (x, x + wide)
    fits &= (starts >= box.x0) & (stops <= box.x1)
    if not fits.any():
        return None
    return float(x[fits][-1]), float(y[fits][-1]), "right" if ends == (side > 0) else "left", above


def _with_limits(value: float, low: float, high: float) -> str:
    return f"{effect(value)} ({limits(low, high, 'effect')})"
