"""The figure of cleaning: rows in, rejected by reason, responses."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from nps_utils.checks import check_columns
from nps_utils.figures.canvas import ALERT, CONTEXT, POINT, drawn, finish, new_axes
from nps_utils.tables.cleaning import flow_sentence, reason_words
from nps_utils.tables.formats import count, share


@drawn
def flow(steps: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the way of the rows as a waterfall: what came in, what each reason took, what is left.

    Parameters
    ----------
    steps
        Output of `tables.flow`: step, rows, share.
    """
    check_columns(list(steps.columns), ["step", "rows", "share"], what="the flow of rows")
    ax = new_axes(ax, height=1.0 + 0.34 * len(steps))
    total = int(steps["rows"].iloc[0])
    left = total
    names = []
    for y, (step, rows) in enumerate(zip(steps["step"], steps["rows"], strict=True)):
        whole = step in ("rows in", "responses")
        start = 0 if whole else left - rows
        ax.barh(y, rows, left=start, color=(CONTEXT if step == "rows in" else POINT) if whole else ALERT, height=0.62)
        left = left if whole else left - rows
        ax.annotate(
            f"{count(rows)}  ({share(rows / total) if total else '–'})",
            (1.01, y),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=9,
        )
        names.append(step if whole else reason_words(step))
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.set_xlim(0, max(total, 1))
    ax.set_xlabel("Rows")
    ax.xaxis.set_major_formatter(_as_count)
    kept = int(steps["rows"].iloc[-1])
    title = f"{count(kept)} of {count(total)} rows are responses; each other row has its reason"
    return finish(ax, title=title, alt=f"A waterfall of rows. {flow_sentence(steps)}")


def _as_count(value: float, _: float) -> str:
    return count(value)
