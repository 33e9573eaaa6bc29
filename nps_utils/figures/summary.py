"""The pictures of the first page: the score by wave with what happened meanwhile, segments by wave, and a slide."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

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
    SERIES,
    TITLE_WIDTH,
    WIDTH,
    drawn,
    finish,
    style,
    tell_points,
)
from nps_utils.words.numbers import Signs, decimals

LARGE: Final = 13  # legible when the page is as narrow as a phone
SLIDE: Final = (19.2, 10.8)  # inches of a hundred points: 1920 by 1080
TREATED: Final = SERIES[2]
# Of the room between a picture's sides that one letter of a label takes.
_LETTER: Final = 0.0148
_LINE: Final = 0.075


class Words(NamedTuple):
    """The words of the picture in the reader's language."""

    title: str
    alt: str
    axis: str
    hollow: str
    score: str = ""
    wave: str = ""
    minus: str = "-"


class Event(NamedTuple):
    """What happened, and where on the axis of waves, see `waves.place_of`."""

    at: float
    label: str


class Arms(NamedTuple):
    """The two arms of a randomised comparison in one wave, with their labels."""

    wave: str
    control: float
    treated: float
    control_label: str
    treated_label: str


@drawn
def story(
    waves: pd.DataFrame,
    *,
    words: Words,
    marks: Mapping[str, float],
    events: Sequence[Event] = (),
    arms: Arms | None = None,
    unfinished: Collection[str] = (),
    told: Sequence[str] = (),
) -> Axes:
    """Draw the score by wave with its interval, what happened meanwhile, the arms of a fix, the goal.

    Parameters
    ----------
    waves
        One row per wave in order: `wave`, `nps`, `low`, `high`.
    words
        Title, text for those who cannot see it, label of the axis, what hollow means, the score to write beside
        which wave, the sign for minus.
    marks
        What to mark by a level line, by its label, such as goal and benchmark, in points.
    events
        What to mark by an upright line.
    arms
        Those who had the fix and those who had not, beside the score of all.
    unfinished
        Waves that the data do not cover, drawn hollow.
    told
        The numbers of each wave, for who points at it.
    """
    check_columns(list(waves.columns), ["wave", "nps", "low", "high"], what="the waves")
    figure = Figure(figsize=(WIDTH, 4.6), layout="constrained")
    FigureCanvasAgg(figure)
    with mpl.rc_context({**style(), "font.size": LARGE}):
        ax: Axes = figure.subplots()
        _course(ax, waves, words, marks, events, arms, unfinished, size=LARGE)
        if told:
            tell_points(ax, range(len(waves)), waves["nps"], told)
        return finish(ax, title=words.title, alt=words.alt, size=LARGE, width=TITLE_WIDTH - 12)


@drawn
def slide(
    waves: pd.DataFrame,
    *,
    words: Words,
    marks: Mapping[str, float],
    said: Sequence[str],
    source: str,
    events: Sequence[Event] = (),
    arms: Arms | None = None,
    unfinished: Collection[str] = (),
) -> Axes:
    """Draw the same as one slide of 1920 by 1080: the first sentence above, what stands out beside it.

    Parameters
    ----------
    waves, words, marks, events, arms, unfinished
        As for `story`.
    said
        Sentences to write beside the picture; as many as there is room for.
    source
        What the numbers are of, in small letters below.
    """
    figure = Figure(figsize=SLIDE, dpi=100)
    FigureCanvasAgg(figure)
    size = 19
    with mpl.rc_context({**style(), "font.size": size}):
        title = textwrap.fill(words.title, 86)
        figure.text(0.04, 0.95, title, fontsize=24, fontweight="bold", va="top", linespacing=1.25)
        ax = figure.add_axes((0.08, 0.17, 0.44, 0.51 if events else 0.6))
        _course(ax, waves, words, marks, events, arms, unfinished, size=size)
        top = 0.74
        for sentence in said:
            text = textwrap.fill(sentence, 43)
            height = 0.036 * (text.count("\n") + 1) + 0.026
            if top - height < 0.08:
                break
            figure.text(0.65, top, text, fontsize=size, va="top", linespacing=1.3)
            top -= height
        figure.text(0.04, 0.03, source, fontsize=14, color=CONTEXT)
    ax.set_label(f"{words.title.rstrip('.')}. {words.alt}")
    return ax


def signed(value: float, minus: str) -> str:
    """Return whole points with the minus of a language."""
    return decimals(value, 0, signed=True, signs=Signs(minus=minus))


def broken(wave: str) -> str:
    """Break a calendar name at its hyphen, so that eight stand beside each other."""
    return wave.replace("-", "\n", 1) if len(wave) <= 8 else "\n".join(textwrap.wrap(wave.replace("/", "/ "), 10))


def _course(
    ax: Axes,
    waves: pd.DataFrame,
    words: Words,
    marks: Mapping[str, float],
    events: Sequence[Event],
    arms: Arms | None,
    unfinished: Collection[str],
    *,
    size: int,
) -> None:
    ax.spines[["right", "top"]].set_visible(False)
    ax.axhline(0, color=CONTEXT, linewidth=0.8, zorder=0)
    x = range(len(waves))
    ax.vlines(x, waves["low"], waves["high"], color=POINT, linewidth=0.2 * size, alpha=0.6)
    ax.plot(x, waves["nps"], "o-", color=POINT, markersize=0.55 * size, linewidth=1.6)
    ax.set_xlim(-0.5, len(waves) - 0.5)
    _ticks(ax, [str(wave) for wave in waves["wave"]], size)
    ax.set_ylabel(words.axis)
    ax.yaxis.set_major_formatter(lambda value, _: signed(value, words.minus))
    _arms(ax, waves, arms, size)
    _upright(ax, events, len(waves), size)
    _hollow(ax, waves, unfinished, words.hollow, size)
    at = next((i for i in x if waves["wave"].iloc[i] == words.wave), len(waves) - 1)
    aside = bool(marks) and at == len(waves) - 1
    if not aside:
        rises = at + 1 < len(waves) and waves["nps"].iloc[at + 1] > waves["nps"].iloc[at]
        ax.annotate(  # on the side that the line does not take
            words.score, (at, waves["nps"].iloc[at]), xytext=(0.55 * size, (-1.1 if rises else 0.35) * size),
            textcoords="offset points", color=POINT, fontweight="bold", fontsize=size, annotation_clip=False,
        )  # fmt: skip
    _levels(ax, marks, (float(waves["nps"].iloc[at]), words.score) if aside else None, size)


def _ticks(ax: Axes, waves: Sequence[str], size: int) -> None:
    step = max(1, -(-len(waves) // 8))  # at most eight labels, the last one always
    shown = [i for i in range(len(waves)) if (len(waves) - 1 - i) % step == 0]
    ax.set_xticks(shown, [broken(waves[i]) for i in shown], fontsize=size - 2)


def _levels(ax: Axes, marks: Mapping[str, float], score: tuple[float, str] | None, size: int) -> None:
    """Draw goal and benchmark, and write them to the right of the picture, with the score of the last wave."""
    said = [(value, name, INK, "normal", size - 3) for name, value in marks.items()]
    for value, *_ in said:
        ax.axhline(value, color=INK, linestyle=(0, (3, 2)), linewidth=1, zorder=1)
    said += [] if score is None else [(score[0], score[1], POINT, "bold", size)]
    said.sort(key=lambda one: one[0])
    low, high = ax.get_ylim()
    places = spread([value for value, *_ in said], least=_LINE * (high - low))
    for place, (_, text, colour, weight, large) in zip(places, said, strict=True):
        ax.annotate(
            text, (1.012, place), xycoords=("axes fraction", "data"), va="center", color=colour, fontweight=weight,
            fontsize=large, annotation_clip=False,
        )  # fmt: skip


def spread(values: Sequence[float], *, least: float) -> list[float]:
    """Return rising places near the values, neighbours at least so far apart; each crowd keeps its middle.

    Examples
    --------
    >>> spread([36.0, 39.0, 42.0], least=5.0)
    [34.0, 39.0, 44.0]
    >>> spread([0.0, 20.0], least=5.0)
    [0.0, 20.0]
    """
    crowds = [[value] for value in values]
    while True:
        middles = [sum(crowd) / len(crowd) for crowd in crowds]
        tops = [middle + (len(crowd) - 1) * least / 2 for middle, crowd in zip(middles, crowds, strict=True)]
        bottoms = [middle - (len(crowd) - 1) * least / 2 for middle, crowd in zip(middles, crowds, strict=True)]
        near = next((i for i in range(len(crowds) - 1) if bottoms[i + 1] - tops[i] < least - 1e-9), None)
        if near is None:
            return [
                round(low + i * least, 6) for low, crowd in zip(bottoms, crowds, strict=True) for i in range(len(crowd))
            ]
        crowds[near : near + 2] = [crowds[near] + crowds[near + 1]]


def _arms(ax: Axes, waves: pd.DataFrame, arms: Arms | None, size: int) -> None:
    """Draw the two arms beside the wave they were measured in."""
    names = [str(wave) for wave in waves["wave"]]
    if arms is None or arms.wave not in names:
        return
    x = names.index(arms.wave)
    for value, label, colour in (
        (arms.treated, arms.treated_label, TREATED),
        (arms.control, arms.control_label, CONTEXT),
    ):
        ax.plot(x + 0.16, value, "D", color=colour, markersize=0.55 * size, zorder=5)
        ax.annotate(
            label, (x + 0.16, value), xytext=(0.5 * size, 0), textcoords="offset points", va="center",
            color=colour if colour != CONTEXT else INK, fontsize=size - 3, zorder=6,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5},
        )  # fmt: skip


def _upright(ax: Axes, events: Sequence[Event], waves: int, size: int) -> None:
    """Draw what happened, its words above the picture: an earlier one above a later, so that no line crosses words."""
    placed: list[tuple[float, float, str, int]] = []  # from right to left: where, where its words begin, words, level
    for event in sorted(events, reverse=True):
        at = (event.at + 0.5) / waves
        label = textwrap.shorten(event.label, 40, placeholder="…")
        start = min(at, 1 - len(label) * _LETTER)
        end = at + len(label) * _LETTER
        level = max((under + 1 for where, begins, _, under in placed if min(where, begins) < end + 0.02), default=0)
        placed.append((at, start, label, level))
    for at, start, label, level in placed:
        height = 1.02 + _LINE * level
        ax.plot([at, at], [0, height], color=ALERT, linewidth=1, linestyle=":", transform=ax.transAxes, clip_on=False)
        ax.text(
            start,
            height,
            label,
            transform=ax.transAxes,
            va="bottom",
            fontsize=size - 3,
            color=ALERT,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.5},
            zorder=5,
        )


def _hollow(ax: Axes, waves: pd.DataFrame, unfinished: Collection[str], words: str, size: int) -> None:
    """Draw the waves that are not whole hollow, and say so below."""
    at = [i for i, wave in enumerate(waves["wave"]) if wave in unfinished]
    if at:
        some = waves.iloc[at]
        ax.vlines(at, some["low"], some["high"], color="white", linewidth=2.6, linestyle=(0, (1, 1)))
        ax.plot(at, some["nps"], "o", color="white", markeredgecolor=POINT, markeredgewidth=2, markersize=0.6 * size)
        ax.set_xlabel(f"\u25cb {words}", loc="left", fontsize=size - 2, color=INK)
