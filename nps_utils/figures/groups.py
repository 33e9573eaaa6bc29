"""The pictures of groups on the first page: the last score of each touchpoint, and segments by wave."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from nps_utils.checks import check_columns
from nps_utils.figures.canvas import (
    ALERT,
    CONTEXT,
    INK,
    POINT,
    TITLE_WIDTH,
    WIDTH,
    drawn,
    finish,
    style,
    tell_points,
)
from nps_utils.figures.summary import LARGE, Words, broken, signed


@drawn
def touchpoints(table: pd.DataFrame, *, words: Words, told: Sequence[str]) -> Axes:
    """Draw the last score of each touchpoint with its interval, and n beside it.

    Parameters
    ----------
    table
        `label`, `nps`, `low`, `high`, `beside` (what stands to the right), `complete`, from top to bottom.
    words
        As for `summary.story`.
    told
        The numbers of each row, for who points at it.
    """
    check_columns(list(table.columns), ["label", "nps", "low", "high", "beside", "complete"], what="the touchpoints")
    figure = Figure(figsize=(WIDTH, 1.25 + 0.36 * len(table)), layout="constrained")
    FigureCanvasAgg(figure)
    with mpl.rc_context({**style(), "font.size": LARGE - 1}):
        ax: Axes = figure.subplots()
        ax.spines[["top", "right", "left"]].set_visible(False)
        ax.axvline(0, color=CONTEXT, linewidth=0.8, zorder=0)
        ax.xaxis.set_major_formatter(lambda value, _: signed(value, words.minus))
        for y, (_, row) in enumerate(table.iterrows()):
            ax.hlines(y, row["low"], row["high"], color=POINT, linewidth=2.6, alpha=0.6)
            face = POINT if row["complete"] else "white"
            ax.plot(row["nps"], y, "o", color=face, markeredgecolor=POINT, markeredgewidth=2, markersize=7)
            ax.annotate(
                row["beside"], (1.02, y), xycoords=("axes fraction", "data"), va="center", fontsize=LARGE - 2,
                annotation_clip=False,
            )  # fmt: skip
        tell_points(ax, table["nps"], range(len(table)), told)
        ax.set_yticks(range(len(table)), table["label"].tolist())
        ax.set_ylim(len(table) - 0.4, -0.6)
        ax.tick_params(axis="y", length=0)
        if not table["complete"].all():
            ax.set_xlabel(f"\u25cb {words.hollow}", loc="left", fontsize=LARGE - 3, color=INK)
        return finish(ax, title=words.title, alt=words.alt, size=LARGE, width=TITLE_WIDTH - 12)


@drawn
def segments(table: pd.DataFrame, *, words: Words, year: str, names: Mapping[str, str]) -> Axes:
    """Draw the score of each group in each wave and in the last year, coloured only where it differs from the rest.

    Parameters
    ----------
    table
        `segment`, `group`, `wave` ("" for the last year), `n`, `nps`, `change`, `holds`; where it has `told`, that are
        the numbers of a cell for who points at it.
    words
        As for `summary.story`; `hollow` says what colour means.
    year
        The head of the column of the last year.
    names
        The segments in words.
    """
    check_columns(list(table.columns), ["segment", "group", "wave", "nps", "change", "holds"], what="the segments")
    waves = sorted(set(table["wave"]) - {""})
    lines = _lines(table, names)
    figure = Figure(figsize=(WIDTH, 1.3 + 0.33 * len(lines)), layout="constrained")
    FigureCanvasAgg(figure)
    with mpl.rc_context({**style(), "font.size": LARGE - 1}):
        ax: Axes = figure.subplots()
        ax.spines[:].set_visible(False)
        columns = {wave: at for at, wave in enumerate(waves)} | {"": len(waves) + 0.3}
        for at, (segment, group, label) in enumerate(lines):
            bold = "bold" if group is None else "normal"
            ax.text(-0.62, at, label, ha="right", va="center", fontweight=bold, fontsize=LARGE - 2)
            rows = table[(table["segment"] == segment) & (table["group"] == group)] if group is not None else table[:0]
            for _, row in rows.iterrows():
                _cell(ax, columns[str(row["wave"])], at, row, words.minus)
                if "told" in row.index and pd.notna(row["nps"]):
                    tell_points(ax, [columns[str(row["wave"])]], [at], [str(row["told"])])
        ax.set_xlim(-0.55, len(waves) + 0.85)
        ax.set_ylim(len(lines) - 0.5, -0.5)
        ax.set_yticks([])
        ax.xaxis.tick_top()
        ax.set_xticks(list(columns.values()), [*map(broken, waves), year], fontsize=LARGE - 3)
        ax.tick_params(length=0)
        ax.set_xlabel(words.hollow, fontsize=LARGE - 3, loc="left")
        return finish(ax, title=words.title, alt=words.alt, size=LARGE, width=TITLE_WIDTH - 12)


def _lines(table: pd.DataFrame, names: Mapping[str, str]) -> list[tuple[str, str | None, str]]:
    """Return the lines of the picture: a head per segment, then its groups."""
    lines: list[tuple[str, str | None, str]] = []
    for segment in table["segment"].unique():
        lines.append((segment, None, names[segment]))
        groups = sorted(table.loc[table["segment"] == segment, "group"].unique())
        lines += [(segment, group, textwrap.shorten(group.replace("_", " "), 24, placeholder="…")) for group in groups]
    return lines


def _cell(ax: Axes, x: float, y: int, row: pd.Series, minus: str) -> None:
    """Draw one cell: its score, on colour where it holds."""
    if pd.isna(row["nps"]):
        return
    colour = "#F4F4F4" if not row["holds"] else ALERT if row["change"] < 0 else POINT
    ax.add_patch(mpl.patches.Rectangle((x - 0.47, y - 0.44), 0.94, 0.88, facecolor=colour, edgecolor="none"))
    text = signed(row["nps"], minus)
    weight = "bold" if row["holds"] else "normal"
    ax.text(
        x,
        y,
        text,
        ha="center",
        va="center",
        color="white" if row["holds"] else INK,
        fontweight=weight,
        fontsize=LARGE - 3,
    )
