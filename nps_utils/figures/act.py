"""Figures of what to do next: how long open cases wait."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from nps_utils.checks import check_columns
from nps_utils.figures.canvas import ALERT, CONTEXT, drawn, finish, new_axes
from nps_utils.tables.formats import count, share


@drawn
def ages(table: pd.DataFrame, *, target_days: int = 14, ax: Axes | None = None) -> Axes:
    """Draw open cases by how long they wait; those past the target stand out.

    Parameters
    ----------
    table
        Output of `tables.ages`: waiting, up_to, cases.
    target_days
        Within how many days a case should have been contacted.
    """
    check_columns(list(table.columns), ["waiting", "up_to", "cases"], what="the ages of cases")
    ax = new_axes(ax, height=1.2 + 0.36 * len(table))
    late = table["up_to"] > target_days
    ax.barh(range(len(table)), table["cases"], color=[ALERT if is_late else CONTEXT for is_late in late], height=0.7)
    for place, cases in enumerate(table["cases"]):
        ax.annotate(f" {count(cases)}", (cases, place), va="center", fontsize=10)
    ax.set_yticks(range(len(table)), [f"{waiting} days" for waiting in table["waiting"]])
    ax.invert_yaxis()
    ax.set_xlabel("Open cases")
    ax.set_xlim(0, max(int(table["cases"].max()) * 1.12, 1))
    total, past = int(table["cases"].sum()), int(table.loc[late, "cases"].sum())
    part = f" ({share(past / total)})" if total else ""
    title = f"{count(past)} of {count(total)} open cases{part} are older than {target_days} days"
    told = "; ".join(f"{row['waiting']} days: {count(row['cases'])}" for _, row in table.iterrows())
    return finish(ax, title=title, alt=f"Bars of open cases by days waiting. {told}.")
