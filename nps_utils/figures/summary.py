"""The one picture of the first page: the score on its line, and how it came there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from nps_utils.checks import check_columns
from nps_utils.figures.canvas import CONTEXT, INK, POINT, TITLE_WIDTH, WIDTH, drawn, shorten_names, style, titled

LARGE = 13  # legible when the page is as narrow as a phone


class Words(NamedTuple):
    """The words of the picture in the reader's language."""

    title: str
    alt: str
    score: str
    axis: str
    hollow: str


@drawn
def story(
    now: pd.Series,
    waves: pd.DataFrame,
    *,
    words: Words,
    marks: Mapping[str, float],
    ticks: Sequence[str],
    unfinished: Collection[str] = (),
) -> Axes:
    """Draw the score with its interval on the line from -100 to 100, and below it the waves with theirs.

    Parameters
    ----------
    now
        `nps`, `low`, `high` of the score.
    waves
        One row per wave in order: `wave`, `nps`, `low`, `high`; with fewer than two, the line alone is drawn.
    words
        Title, text for those who cannot see it, label of the score and of the axis, and what hollow means.
    marks
        What to mark on the line by its label, such as goal and benchmark, in points.
    ticks
        The labels of -100, -50, 0, 50 and 100.
    unfinished
        Waves that the data do not cover, drawn hollow.
    """
    check_columns(list(waves.columns), ["wave", "nps", "low", "high"], what="the waves")
    several = len(waves) > 1
    figure = Figure(figsize=(WIDTH, 5.2 if several else 2.3), layout="constrained")
    FigureCanvasAgg(figure)
    line: Axes
    with mpl.rc_context({**style(), "font.size": LARGE}):
        if several:
            line, course = figure.subplots(2, 1, height_ratios=[1, 2])
            _course(course, waves, marks, words.axis, minus=ticks[0][0])
            _hollow(course, waves, unfinished, words.hollow)
            shorten_names(course)
        else:
            line = figure.subplots()
        _line(line, now, words.score, marks, ticks)
        shorten_names(line)
        figure.suptitle(titled(words.title, TITLE_WIDTH - 12), x=0.01, ha="left", fontsize=LARGE, fontweight="bold")
    line.set_label(f"{words.title.rstrip('.')}. {words.alt}")
    return line


def _line(ax: Axes, now: pd.Series, label: str, marks: Mapping[str, float], ticks: Sequence[str]) -> None:
    ax.spines[["left", "right", "top"]].set_visible(False)
    ax.set_xlim(-104, 104)
    ax.set_ylim(-1.6, 1.9)
    ax.set_yticks([])
    ax.set_xticks([-100, -50, 0, 50, 100], list(ticks))
    ax.hlines(0, -100, 100, color="#D9D9D9", linewidth=9, zorder=1)
    ax.vlines(0, -0.45, 0.45, color=CONTEXT, linewidth=1, zorder=2)
    ax.hlines(0, now["low"], now["high"], color=POINT, linewidth=9, zorder=3)
    ax.plot(now["nps"], 0, "o", color="white", markeredgecolor=POINT, markeredgewidth=3, markersize=12, zorder=4)
    side = "left" if now["nps"] < -40 else "right" if now["nps"] > 40 else "center"
    ax.annotate(
        label,
        (now["nps"], 0.65),
        ha={"left": "left", "right": "right", "center": "center"}[side],
        color=POINT,
        fontweight="bold",
        fontsize=LARGE + 1,
    )
    # Labels of marks that lie close together go to different sides of their line.
    placed: list[float] = []
    for name, value in sorted(marks.items(), key=lambda item: item[1]):
        near = any(abs(value - other) < 45 for other in placed)
        ax.vlines(value, -0.75, 0.45, color=INK, linewidth=1.6, zorder=5, linestyle=(0, (3, 2)))
        ax.annotate(name, (value + (2 if near else -2), -1.35), ha="left" if near else "right", fontsize=LARGE - 2)
        placed.append(value)


def _course(ax: Axes, waves: pd.DataFrame, marks: Mapping[str, float], label: str, *, minus: str) -> None:
    ax.spines[["right", "top"]].set_visible(False)
    ax.axhline(0, color=CONTEXT, linewidth=0.8, zorder=0)
    x = range(len(waves))
    ax.vlines(x, waves["low"], waves["high"], color=POINT, linewidth=2.4, alpha=0.75)
    ax.plot(x, waves["nps"], "o-", color=POINT, markersize=7, linewidth=1.4)
    for value in marks.values():
        ax.axhline(value, color=INK, linestyle=(0, (3, 2)), linewidth=1)
    step = max(1, -(-len(waves) // 8))  # at most eight labels, the last one always
    shown = [i for i in x if (len(waves) - 1 - i) % step == 0]
    names = [str(waves["wave"].iloc[i]) for i in shown]
    turned = max(map(len, names)) > 8 or len(names) > 6
    ax.set_xticks(shown, names, rotation=35 if turned else 0, ha="right" if turned else "center", fontsize=LARGE - 2)
    ax.set_ylabel(label)
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:+.0f}".replace("-", minus) if value else "0")


def _hollow(ax: Axes, waves: pd.DataFrame, unfinished: Collection[str], words: str) -> None:
    """Draw the waves that are not whole hollow, and say so above."""
    at = [i for i, wave in enumerate(waves["wave"]) if wave in unfinished]
    if at:
        some = waves.iloc[at]
        ax.vlines(at, some["low"], some["high"], color="white", linewidth=2.6, linestyle=(0, (1, 1)))
        ax.plot(at, some["nps"], "o", color="white", markeredgecolor=POINT, markeredgewidth=2, markersize=8)
        ax.set_title(f"\u25cb {words}", loc="left", fontsize=LARGE - 2, fontweight="normal", color=INK)
