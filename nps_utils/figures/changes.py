"""Figures of changes: each with its interval, and whether it leaves zero."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from nps_utils.checks import check_columns
from nps_utils.figures.canvas import ALERT, CONTEXT, POINT, drawn, finish, new_axes, points_axis
from nps_utils.tables.formats import count, interval, points
from nps_utils.tables.scores import changes_sentence, groups_of, is_real


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
        colour = CONTEXT if not is_real(row) else (POINT if row["change"] > 0 else ALERT)
        ax.hlines(height, row["low"], row["high"], color=colour, linewidth=2.2)
        ax.plot(row["change"], height, "o", color=colour, markersize=6)
        where = ", ".join(str(row[g]) for g in groups_of(compared))
        tags.append(f"{where + ': ' if where else ''}{row['before']} to {row['after']}")
        right = f"{points(row['change'])}{'  real' if is_real(row) else ''}"
        ax.annotate(right, (1.01, height), xycoords=("axes fraction", "data"), va="center", fontsize=9, color=colour)
        sizes = f"n = {count(row['n_before'])} and {count(row['n_after'])}"
        told.append(f"{tags[-1]} {points(row['change'])} ({interval(row['low'], row['high'])}, {sizes})")
    ax.set_yticks(y, tags)
    ax.set_ylim(-0.7, len(rows) - 0.3)
    empty = len(compared) - len(rows)
    alt = f"Dots with intervals around a zero line. {'; '.join(told)}."
    alt += f" {empty} comparisons with an empty side are not drawn." if empty else ""
    return finish(ax, title=title or changes_sentence(compared), alt=alt)
