"""Figures of plans: what n answers can show of a change."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from nps_utils.checks import check_columns
from nps_utils.figures.canvas import drawn, finish, new_axes
from nps_utils.tables.formats import count


@drawn
def power(table: pd.DataFrame, *, usual: int, ax: Axes | None = None) -> Axes:
    """Draw the chance to see a change, for each n per wave and each size of change.

    Parameters
    ----------
    table
        Output of `power_table`: n, change, power.
    usual
        The n of a usual wave, named in the title.
    """
    import seaborn as sns  # for its heat map; see `canvas.style`

    check_columns(list(table.columns), ["n", "change", "power"], what="the table of power")
    grid = table.pivot_table(index="n", columns="change", values="power").sort_index(ascending=False)
    ax = new_axes(ax, height=1.4 + 0.42 * len(grid))
    sns.heatmap(100 * grid, ax=ax, annot=True, fmt=".0f", vmin=0, vmax=100, cmap="cividis", cbar=False, linewidths=1)
    for cell in ax.texts:  # seaborn would write white on mid-yellow
        cell.set_color("white" if float(cell.get_text()) < 47 else "black")
    ax.set_xlabel("True change, points")
    ax.set_ylabel("Answers per wave")
    ax.set_xticklabels([f"{c:g}" for c in grid.columns])
    ax.set_yticklabels([count(n) for n in grid.index], rotation=0)
    seen = table[(table["n"] == usual) & (table["power"] >= 0.8)]["change"]
    least = f"changes from {seen.min():g} points on" if len(seen) else "none of these changes"
    title = f"With {count(usual)} answers a wave, 4 of 5 tests would show {least}"
    told = "; ".join(
        f"n {count(r['n'])}, {r['change']:g} points: {100 * r['power']:.0f} %" for _, r in table.iterrows()
    )
    return finish(ax, title=title, alt=f"A table of chances in percent to see a change. {told}.")
