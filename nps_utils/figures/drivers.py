"""The figure of drivers: importance against level, praise and complaint apart."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from nps_utils.checks import check_columns
from nps_utils.figures.canvas import ALERT, CONTEXT, INK, POINT, drawn, finish, new_axes
from nps_utils.tables.formats import number, points, share
from nps_utils.words.limits import AS_ABOVE, Limit

# What is sure of an item: its low answers cost, its high ones earn, both, or neither can be told.
_KINDS: Final = {
    "complaint": ("v", ALERT, "low answers cost"),
    "praise": ("^", POINT, "high answers earn"),
    "both": ("D", INK, "low answers cost and high ones earn"),
    "open": ("o", CONTEXT, "neither told from chance"),
}

_REAL: Final = 0.05


@drawn
def importance_by_level(found: pd.DataFrame | Limit, *, ax: Axes | None = None) -> Axes | Limit:
    """Draw importance against level with the interval of both, and what low answers cost and high ones earn.

    An item at the upper left is important and stands low; a triangle down says that its low answers go with points
    lost, one up that its high answers go with points won.

    Parameters
    ----------
    found
        Output of `drivers.importance`.
    """
    if isinstance(found, Limit):
        return AS_ABOVE
    needed = ("item", "level", "lowest", "highest", "importance", "low", "high", "rank_high", "r2_pvalue", "penalty")
    check_columns(list(found.columns), needed)
    rows = found.sort_values("importance", ascending=False, kind="stable").reset_index(drop=True)
    ax = new_axes(ax, height=max(3.8, 1.8 + 0.3 * len(rows)))
    own = bool((rows["highest"] == rows["highest"].iloc[0]).all())
    across = {name: _place(rows, name, own=own) for name in ("level", "level_low", "level_high")}
    kinds = [_kind(row) for _, row in rows.iterrows()]
    for at, (_, row) in enumerate(rows.iterrows()):
        marker, colour, _ = _KINDS[kinds[at]]
        x = float(across["level"][at])
        if np.isfinite(row["low"]):
            ax.vlines(x, row["low"], row["high"], color=colour, linewidth=1.4, alpha=0.7)
        if np.isfinite(across["level_low"][at]):
            ax.hlines(row["importance"], across["level_low"][at], across["level_high"][at], color=colour, linewidth=1.4)
        ax.plot(x, row["importance"], marker, color=colour, markersize=8)
    highest = float(np.nanmax(np.append(rows["high"], rows["importance"])))
    ax.set_ylim(0, 1.05 * max(highest, 1e-6))
    ax.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g}")
    ax.set_ylabel("Importance, percent")
    ax.set_xlabel(_across(rows, own=own))
    _names(ax, rows, across["level"], kinds)
    there = [kind for kind in _KINDS if kind in kinds]
    handles = [
        Line2D([], [], linestyle="", marker=_KINDS[kind][0], color=_KINDS[kind][1], label=_KINDS[kind][2])
        for kind in there
    ]
    ax.legend(handles=handles, frameon=False, fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4)
    told = "; ".join(_told(row, kind) for (_, row), kind in zip(rows.iterrows(), kinds, strict=True))
    return finish(ax, title=_title(rows), alt=f"Points by level and importance, with intervals. {told}.")


def _kind(row: pd.Series) -> str:
    costs = row["penalty"] < 0 and row["penalty_pvalue_adjusted"] < _REAL
    earns = row["reward"] > 0 and row["reward_pvalue_adjusted"] < _REAL
    return "both" if costs and earns else "complaint" if costs else "praise" if earns else "open"


def _place(rows: pd.DataFrame, name: str, *, own: bool) -> np.ndarray:
    values = rows[name].to_numpy(dtype=float)
    if own:
        return values
    lowest, highest = rows["lowest"].to_numpy(dtype=float), rows["highest"].to_numpy(dtype=float)
    return np.asarray(100 * (values - lowest) / (highest - lowest))


def _across(rows: pd.DataFrame, *, own: bool) -> str:
    if not own:
        return "Level, percent of the way from the lowest to the highest answer given"
    if rows["highest"].iloc[0] == 1 and (rows["lowest"] == 0).all():
        return "Share that mentions it"
    return f"Level: mean answer; the highest given is {number(rows['highest'].iloc[0])}"


def _names(ax: Axes, rows: pd.DataFrame, x: np.ndarray, kinds: list[str]) -> None:
    """Name each point at the right, apart where names would lie on each other, with a thin line to it."""
    low, high = ax.get_ylim()
    apart = (high - low) * 0.06
    heights = rows["importance"].to_numpy(dtype=float).copy()
    order = np.argsort(heights)
    for below, above in pairwise(order):
        heights[above] = max(heights[above], heights[below] + apart)
    over = heights.max(initial=high) - high
    if over > 0:
        ax.set_ylim(low, high + over)
    for at, name in enumerate(rows["item"].astype(str)):
        text = name if len(name) <= 30 else f"{name[:29]}…"
        ax.annotate(
            text,
            (float(x[at]), float(rows["importance"].iloc[at])),
            xytext=(1.02, float(heights[at])),
            textcoords=ax.get_yaxis_transform(),
            va="center",
            fontsize=9,
            color=_KINDS[kinds[at]][1] if kinds[at] != "open" else INK,
            arrowprops={"arrowstyle": "-", "color": CONTEXT, "linewidth": 0.4, "shrinkB": 5, "relpos": (0.0, 0.5)},
            annotation_clip=False,
        )


def _told(row: pd.Series, kind: str) -> str:
    sure = f" ({share(row['low'])} to {share(row['high'])})" if np.isfinite(row["low"]) else ""
    sides = [
        f"{word} {points(row[side])}"
        for side, word in (("penalty", "below the usual"), ("reward", "above"))
        if np.isfinite(row[side])
    ]
    effect = f", {', '.join(sides)}" if sides else ""
    stands = f"level {number(row['level'])}, importance {share(row['importance'])}"
    return f"{row['item']}: {stands}{sure}{effect}, {_KINDS[kind][2]}"


def _title(rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    if first["r2_pvalue"] >= _REAL:
        return "That any of these goes with the score is not shown"
    if len(rows) > 1 and first["rank_high"] > 1:
        return f"“{first['item']}” goes with most of the score, though which is first cannot be told"
    return f"“{first['item']}” goes with most of the score" if len(rows) > 1 else f"“{first['item']}” and the score"
