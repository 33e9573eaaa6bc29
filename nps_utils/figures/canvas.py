"""The house style of figures: one message each, intervals drawn, direct labels, colours safe for colour blindness."""

from __future__ import annotations

import functools
import itertools
import math
import re
import textwrap
from collections.abc import Callable, Iterable
from typing import Any, Final, ParamSpec, TypeVar

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter
from matplotlib.transforms import Bbox

from nps_utils.scale import Band

P = ParamSpec("P")
T = TypeVar("T")

# Okabe and Ito's colours, told apart by every common kind of colour vision; never red and green.
BAND_COLOURS: Final[dict[Band, str]] = {"detractor": "#D55E00", "passive": "#8C8C8C", "promoter": "#0072B2"}
INK: Final = "#222222"
CONTEXT: Final = "#8C8C8C"
POINT: Final = "#0072B2"
ALERT: Final = "#D55E00"
SERIES: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")

WIDTH: Final = 7.0
TITLE_WIDTH: Final = 76
TITLE_LINES: Final = 4
LONGEST_TITLE: Final = 90
# A name that is longer is shortened in the picture, and whole in its sentence and in the table beside it: a label of a
# hundred letters leaves no room for what it names.
LONGEST_NAME: Final = 44
LONGEST_AT_LINE: Final = 26
LONGEST_BELOW: Final = 24
LONGEST_NOTE: Final = 60
_SMALL: Final = "_small_multiples"
_TOLD: Final = "_told_points"
_STYLE: Final = {
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.edgecolor": CONTEXT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "text.parse_math": False,  # `$` in a name or comment stays a dollar sign
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.hashsalt": "nps",  # the same figure gives the same file
    "svg.fonttype": "none",
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
}


@functools.cache
def style() -> dict[Any, Any]:
    """Return the settings of the house: seaborn's, and ours.

    Seaborn is loaded when the first figure is drawn: with what it brings it takes two seconds, and a page that is
    imported has drawn nothing yet.
    """
    import seaborn as sns

    return {**sns.axes_style("ticks"), **_STYLE}


def drawn(function: Callable[P, T]) -> Callable[P, T]:
    """Draw in the house style, and leave matplotlib's settings as they were."""

    @functools.wraps(function)
    def styled(*args: P.args, **kwargs: P.kwargs) -> T:
        with mpl.rc_context(style()):
            return function(*args, **kwargs)

    return styled


def new_axes(ax: Axes | None, *, height: float = 3.6) -> Axes:
    """Return the given axes, or fresh ones on a figure that no notebook draws by itself.

    A figure made without pyplot belongs to no global list: it is shown once, by the page, and never twice.
    """
    if ax is not None:
        return ax
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    FigureCanvasAgg(figure)
    axes: Axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def small_multiples(n: int, *, height: float = 2.7) -> list[Axes]:
    """Return axes for `n` small pictures on one scale, three in a row, on a figure as `new_axes` makes it."""
    if n <= 1:
        return [new_axes(None, height=3.8)]
    columns = min(n, 3)
    rows = math.ceil(n / columns)
    figure = Figure(figsize=(WIDTH, 0.8 + height * rows), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    axes: list[Axes] = list(grid.flat)
    for ax in axes:
        ax.spines[["top", "right"]].set_visible(False)
        ax.tick_params(labelbottom=True)
    for ax in axes[n:]:
        ax.set_visible(False)
    setattr(figure, _SMALL, axes[:n])
    return axes[:n]


def shortened(name: str, most: int = LONGEST_NAME) -> str:
    """Return a name on one line, without its middle where it is long: two names often differ at their ends only.

    Examples
    --------
    >>> shortened("Department of procurement, region north, unit 12", 24)
    'Department of p… unit 12'
    """
    told = " ".join(name.split())
    if len(told) <= most:
        return told
    end = most // 3
    return f"{told[: most - end - 1].rstrip()}…{told[-end:]}"


class SignedNumbers(Formatter):
    """Numbers with their sign, with as many decimals as make neighbouring ticks differ, and a bare zero.

    Examples
    --------
    >>> numbers = SignedNumbers()
    >>> numbers.set_locs([-0.05, 0.0, 0.05])
    >>> numbers(-0.05), numbers(0.0)
    ('-0.05', '0')
    """

    def __init__(self) -> None:
        self._ticks: list[float] = []

    def set_locs(self, locs: Iterable[float]) -> None:
        """Take the places of all ticks, which say how many decimals they need."""
        self._ticks = sorted({float(place) for place in locs})

    def __call__(self, value: float, pos: int | None = None) -> str:
        """Return the text of a tick."""
        del pos
        steps = [b - a for a, b in itertools.pairwise(self._ticks)]
        decimals = max(0, math.ceil(-math.log10(min(steps)) - 1e-9)) if steps else 1
        if steps and round(min(steps) * 10**decimals, 6) % 1 > 0:
            decimals += 1
        text = f"{value:+.{decimals}f}"
        if text.strip("+-0.") == "":
            return "0"
        return text


def headline(title: str, most: int = LONGEST_TITLE) -> str:
    """Return a title short enough to be read at a glance; the whole sentence stays in the picture's text.

    Examples
    --------
    >>> headline("Themes: missing functions (-3.0 points, -3.5 to -2.5); people (+0.9 points)", 60)
    'Themes: missing functions; people'
    >>> headline("Most lost by missing functions; most won by people who help", 40)
    'Most lost by missing functions'
    """
    told = " ".join(title.split())
    if len(told) <= most:
        return told
    told = re.sub(r" \([^()]*\)", "", told)
    if len(told) <= most:
        return told
    for sign in ("; ", ": "):
        before = told[: most + 1].rpartition(sign)[0]
        if before:
            return before
    return told


def titled(title: str, width: int = TITLE_WIDTH) -> str:
    """Return a title in lines, the first few of a long one."""
    return textwrap.fill(headline(title), width, max_lines=TITLE_LINES, placeholder=" …")


def shorten_names(ax: Axes) -> None:
    """Shorten what is too long for the picture among the names at its axes, its notes and its legend."""
    for axis, most in ((ax.xaxis, LONGEST_BELOW), (ax.yaxis, LONGEST_NAME)):
        names = [label.get_text() for label in axis.get_ticklabels()]
        if any(len(name) > most for name in names):
            axis.set_ticks(axis.get_ticklocs(), [shortened(name, most) for name in names])
            if axis is ax.xaxis:
                ax.tick_params(axis="x", rotation=60)
    legend = ax.get_legend()
    for note in (*ax.texts, *(legend.get_texts() if legend else ())):
        if len(note.get_text()) > LONGEST_NOTE:
            note.set_text(shortened(note.get_text(), LONGEST_NOTE))


def finish(ax: Axes, *, title: str, alt: str, size: int = 12, width: int = TITLE_WIDTH) -> Axes:
    """Set the message as title and keep, with the axes, what one would see."""
    shorten_names(ax)
    figure = ax.get_figure()
    if isinstance(figure, Figure) and (len(figure.axes) == 1 or ax in getattr(figure, _SMALL, ())):
        figure.suptitle(titled(title, width), x=0.01, ha="left", fontsize=size, fontweight="bold")
    else:
        ax.set_title(titled(title, TITLE_WIDTH // 2))
    ax.set_label(f"{title.rstrip('.')}. {alt}")
    return ax


def tell_points(ax: Axes, x: Iterable[float], y: Iterable[float], texts: Iterable[str]) -> None:
    """Keep the numbers of points with their figure: what the site shows when one of them is pointed at.

    Nothing is drawn for it; see `told_points` and docs/decisions/7-numbers-at-a-point.md.
    """
    figure = ax.get_figure()
    known: list[tuple[Axes, float, float, str]] = [*getattr(figure, _TOLD, ())]
    setattr(figure, _TOLD, known + [(ax, float(a), float(b), text) for a, b, text in zip(x, y, texts, strict=True)])


def told_points(figure: Figure, drawn_part: Bbox) -> list[tuple[float, float, str]]:
    """Return where the points of a drawn figure lie, in percent of its picture from the top left, with their numbers.

    Parameters
    ----------
    figure
        It has been drawn, so that its axes have their places.
    drawn_part
        What the picture shows of it, in inches.
    """
    told = []
    for ax, x, y, text in getattr(figure, _TOLD, ()):
        across, up = ax.transData.transform((x, y)) / figure.dpi
        left = 100 * (across - drawn_part.x0) / drawn_part.width
        top = 100 * (drawn_part.y1 - up) / drawn_part.height
        told.append((round(float(left), 1), round(float(top), 1), text))
    return told


def has_points(figure: Figure) -> bool:
    """Say whether anything would be told of a point."""
    return bool(getattr(figure, _TOLD, ()))


def points_axis(ax: Axes, *, label: str = "NPS, points") -> None:
    """Label the horizontal axis in points and draw the zero line."""
    ax.axvline(0, color=CONTEXT, linewidth=0.8, zorder=0)
    ax.set_xlabel(label)
    ax.xaxis.set_major_formatter(SignedNumbers())
