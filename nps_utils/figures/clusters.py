"""The figure of clusters: each by the score of those who wrote it, as large as its share."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from nps_utils.checks import BadValue, check_columns
from nps_utils.figures.canvas import ALERT, CONTEXT, POINT, drawn, finish, new_axes, points_axis
from nps_utils.tables.clusters import MIXED
from nps_utils.tables.formats import count, interval, points, share

_LONGEST = 34  # letters of a name


@drawn
def cluster_scores(found: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw clusters by their score, with intervals, the lowest on top; coloured where the total differs without them.

    Parameters
    ----------
    found
        Output of `pages.clusters.clusters_of`, or of `cluster_effects`.
    """
    check_columns(list(found.columns), ["cluster", "name", "n", "share", "nps", "low", "high", "leave_out"])
    rows = found[found["nps"].notna() & (found["cluster"] != MIXED)].sort_values("nps", kind="stable")
    if rows.empty:
        raise BadValue("No cluster has a score to draw.")
    ax = new_axes(ax, height=1.6 + 0.3 * len(rows))
    points_axis(ax, label="NPS of those who wrote it, points")
    y = np.arange(len(rows))[::-1]
    for height, (_, row) in zip(y, rows.iterrows(), strict=True):
        real = row["leave_out_pvalue_adjusted"] < 0.05
        colour = CONTEXT if not real else (ALERT if row["leave_out"] < 0 else POINT)
        ax.hlines(height, row["low"], row["high"], color=colour, linewidth=2)
        ax.plot(row["nps"], height, "o", color=colour, markersize=3 + 16 * np.sqrt(row["share"]))
        text = f"{share(row['share'])}, n = {count(row['n'])}"
        ax.annotate(text, (1.01, height), xycoords=("axes fraction", "data"), va="center", fontsize=9)
    named = zip(rows["name"], rows["explained"], strict=True)
    ax.set_yticks(y, [_short(str(name)) + ("" if theme else " *") for name, theme in named])
    ax.set_xlim(-105, 105)
    told = "; ".join(
        f"{r['name']} {points(r['nps'])} ({interval(r['low'], r['high'])}, {share(r['share'])})"
        for _, r in rows.iterrows()
    )
    low, high = rows.iloc[0], rows.iloc[-1]
    title = f"Those who write about “{low['name']}” score {points(low['nps'])}"
    title += f", about “{high['name']}” {points(high['nps'])}" if len(rows) > 1 else ""
    alt = f"Dots as large as the share, with intervals; a star where no theme explains the cluster. {told}."
    return finish(ax, title=title, alt=alt)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"
