"""Pictures that were drawn before are not drawn again where they show the very same, and only there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import matplotlib.figure
import pytest
from matplotlib.axes import Axes

from nps_utils.figures.canvas import finish, new_axes
from nps_utils.figures.content import content_of
from nps_utils.pages.page import Page
from nps_utils.remembering import FOLDER


def drawing(height: float = 3.0) -> Axes:
    ax = new_axes(None)
    ax.plot([1, 2, 3], [1.0, height, 2.0])
    return finish(ax, title="Three waves", alt="A line through three waves, the second highest.")


def content(ax: Axes) -> str | None:
    figure = ax.get_figure()
    assert isinstance(figure, matplotlib.figure.Figure)
    return content_of(figure)


def test_the_same_picture_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files and its points are those that were drawn; another one is drawn."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    drawn = list[int]()
    own = matplotlib.figure.Figure.draw

    def counted(self: matplotlib.figure.Figure, *args: Any, **options: Any) -> None:
        drawn.append(1)
        own(self, *args, **options)

    monkeypatch.setattr(matplotlib.figure.Figure, "draw", counted)
    page = Page(tmp_path / "results", "02-nps")
    first = page.figure(drawing(), "a")
    files = [(tmp_path / "results" / "figures" / f"02-nps-a.{kind}").read_bytes() for kind in ("png", "svg")]
    again = page.figure(drawing(), "b")
    assert [(tmp_path / "results" / "figures" / f"02-nps-b.{kind}").read_bytes() for kind in ("png", "svg")] == files
    assert again == first
    assert len(drawn) == 1  # for both files
    assert page.figure(drawing(2.9), "c") != first
    assert len(drawn) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.glob("[0-9a-f]*") if path.is_file())


def test_what_is_drawn_afterwards_counts() -> None:
    """An analyst may add to a figure before the page shows it."""
    ax = drawing()
    before = content(ax)
    ax.axhline(2.5)
    assert content(ax) != before == content(drawing())
    ax = drawing()
    ax.set_ylim(0, 9)
    assert content(ax) != before


def test_code_of_a_notebook_is_not_known_by_its_name() -> None:
    """The same name may be another function tomorrow."""
    ax = drawing()
    ax.xaxis.set_major_formatter(lambda value, _: f"wave {value:.0f}")
    assert content(ax) is None

    class Formatter(matplotlib.ticker.Formatter):
        def __call__(self, value: float, pos: int | None = None) -> str:
            return f"{value} {pos}"

    ax = drawing()
    ax.xaxis.set_major_formatter(Formatter())
    assert content(ax) is None


def test_it_is_the_same_in_another_process() -> None:
    """No address in memory and no order of a set is in it."""
    code = "from tests.pages.test_kept_pictures import content, drawing; print(content(drawing()))"
    found = {
        subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2]
        ).stdout
        for _ in range(2)
    }
    assert found == {f"{content(drawing())}\n"}
