"""A notebook page: what it shows is also saved, once, under the name it has on the page.

matplotlib is loaded with the first figure, not with the page: the first cell of a notebook should not wait for it.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from nps_utils import remembering
from nps_utils.files import write_bytes, write_text
from nps_utils.tables.sheets import neutral_table, text_columns
from nps_utils.tables.table import Table
from nps_utils.words import markup
from nps_utils.words.limits import Limit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

Points: TypeAlias = tuple[tuple[float, float, str], ...]
_LIMIT = "*Cannot be said here:*"


@dataclass(frozen=True)
class Text:
    """A computed sentence: text but for what `bold` and `paragraphs` marked, whoever shows it.

    Parameters
    ----------
    text
        The sentence.
    limit
        It says why something cannot be said.
    """

    text: str
    limit: bool = False

    def __repr__(self) -> str:
        return f"{_LIMIT} {self.text}" if self.limit else markup.as_text(self.text)

    def _repr_markdown_(self) -> str:
        said = markup.as_markdown(self.text)
        return f"{_LIMIT} {said}" if self.limit else said


@dataclass(frozen=True)
class Picture:
    """A figure with the sentence that says what one would see."""

    png: bytes
    alt: str
    points: Points = ()  # where one may point, in percent, and what is then told

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, Any]]:
        data = {"image/png": base64.b64encode(self.png).decode(), "text/plain": self.alt}
        told = {"points": [list(point) for point in self.points]} if self.points else {}
        return data, {"image/png": {"alt": self.alt, **told}}


@dataclass(frozen=True)
class Page:
    """One notebook of a study.

    Parameters
    ----------
    results
        The folder of the study's results; tables go to `tables/`, figures to `figures/`.
    name
        The notebook, such as `02-nps`; it leads the names of the files.

    Examples
    --------
    >>> Page(Path("results"), "02-nps").say("NPS +50")
    NPS +50
    """

    results: Path
    name: str

    def say(self, text: str | Limit) -> Text:
        """Show a computed sentence."""
        return Text(text.reason, limit=True) if isinstance(text, Limit) else Text(text)

    def answer(self, text: str | Limit) -> Text:
        """Show the answer of the page in bold, where its sentence does not say itself which part is.

        Examples
        --------
        >>> Page(Path("results"), "02-nps").answer("2 of 21 changes are real.")
        **2 of 21 changes are real.**
        """
        return self.say(text if isinstance(text, Limit) or markup.has_bold(text) else markup.bold(text))

    def table(self, table: Table | Limit, name: str) -> Table | Text:
        """Show a table and save its numbers, unrounded, as CSV with a JSON of what its columns mean."""
        if isinstance(table, Limit):
            return self.say(table)
        folder = self._folder("tables")
        text = neutral_table(table.data).to_csv(index=False, lineterminator="\n")
        write_text(folder / f"{self.name}-{name}.csv", text)
        about = {"title": table.title, "columns": dict(table.definitions()), "text": text_columns(table.data)}
        write_text(folder / f"{self.name}-{name}.json", json.dumps(about, ensure_ascii=False, indent=1))
        return table

    def figure(self, ax: Axes | Limit, name: str) -> Picture | Text:
        """Show the figure of these axes, save it as SVG and PNG, and close it."""
        from matplotlib.figure import Figure

        if isinstance(ax, Limit):
            return self.say(ax)
        figure = ax.get_figure()
        if not isinstance(figure, Figure):
            raise TypeError(f"{name}: the axes belong to no figure.")
        folder = self._folder("figures")
        alt = alt_text(ax)
        saved, points = _kept(figure, alt)
        for kind, content in saved.items():
            write_bytes(folder / f"{self.name}-{name}.{kind}", content)
        return Picture(saved["png"], alt, points)

    def _folder(self, kind: str) -> Path:
        folder = self.results / kind
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def _kept(figure: Figure, alt: str) -> tuple[dict[str, bytes], Points]:
    """Return a figure as PNG and SVG with its points: as it was drawn before, where it shows the very same."""
    import matplotlib as mpl

    from nps_utils.figures.canvas import style
    from nps_utils.figures.content import content_of
    from nps_utils.figures.drawing import DPI, both_kinds

    def drawn() -> dict[str, Any]:
        kinds, part = both_kinds(figure, alt)
        told = {kind: base64.b64encode(content).decode() for kind, content in kinds.items()}
        return {**told, "points": _points(figure, part)}

    with mpl.rc_context(style()):
        content = content_of(figure)
        told = drawn() if content is None else remembering.told(f"picture {DPI} {alt} {content}", drawn)
    points = tuple((left, top, text) for left, top, text in told["points"])
    return {kind: base64.b64decode(told[kind]) for kind in ("png", "svg")}, points


def _points(figure: Figure, part: Bbox) -> Points:
    """Return where the points of a figure lie that was just saved, and their numbers; nothing is drawn for it."""
    from nps_utils.figures.canvas import has_points, told_points

    return tuple(told_points(figure, part)) if has_points(figure) else ()


def alt_text(ax: Axes) -> str:
    """Return what a figure function has said of its picture."""
    label = ax.get_label()
    if not isinstance(label, str) or len(label) < 15:
        raise ValueError("A figure needs its sentence: set it with ax.set_label(...) where the figure is drawn.")
    return label
