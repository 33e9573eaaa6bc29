"""The numbers of a point: where the site says a point lies, it is drawn; and they are reached by every hand."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pandas as pd
import pytest

from nps_utils import count_bands, figures, score
from nps_utils.figures.canvas import POINT
from nps_utils.pages.page import Page, Picture
from nps_utils.report.points import point_list

SITE = Path(__file__).parents[2] / "nps_utils" / "report" / "site" / "_static"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
RESPONSES = pd.DataFrame(
    {
        "touchpoint": ["after_order"] * 60 + ["after_a_very_long_name_of_a_moment"] * 60,
        "wave": (["2026-Q1"] * 20 + ["2026-Q2"] * 20 + ["2026-Q3"] * 20) * 2,
        "score": [10, 9, 8, 3, 10] * 12 + [2, 7, 9, 9, 5] * 12,
    }
)


def pictures(folder: Path) -> dict[str, Picture]:
    page = Page(folder, "t")
    by_wave = score(count_bands(RESPONSES, by=["touchpoint", "wave"]))
    by_moment = score(count_bands(RESPONSES, by=["touchpoint"]))
    made = {
        # A title wider than the axes decides how wide the picture is.
        "waves": figures.waves(
            by_wave, by="touchpoint", title="Two moments, of which one has a long name: " + "wide " * 7
        ),
        "forest": figures.forest(by_moment, label="touchpoint", title="Two moments beside each other"),
    }
    shown = {name: page.figure(ax, name) for name, ax in made.items()}
    return {name: picture for name, picture in shown.items() if isinstance(picture, Picture)}


@pytest.mark.parametrize(("name", "points"), [("waves", 6), ("forest", 2)])
def test_a_point_lies_where_its_mark_is_drawn(name: str, points: int, tmp_path: Path) -> None:
    """Read back from the pixels of the saved picture: a disc in the colour of points around each place."""
    picture = pictures(tmp_path)[name]
    assert len(picture.points) == points
    pixels = matplotlib.image.imread(io.BytesIO(picture.png))[:, :, :3]
    height, width = pixels.shape[:2]
    colour = np.array([int(POINT[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    inked = np.abs(pixels - colour).max(axis=2) < 0.05
    for left, top, text in picture.points:
        x, y = round(left / 100 * width), round(top / 100 * height)
        assert inked[y - 3 : y + 4, x - 3 : x + 4].mean() > 0.9, (text, x, y)
    assert (
        picture.points[0][2]
        == {
            "waves": "After a very long name of a moment, 2026-Q1: NPS 0.0 (95 % interval -36.6 to +36.6, n = 20)",
            "forest": "After order: NPS +40.0 (95 % interval +18.0 to +57.9, n = 60)",
        }[name]
    )


def test_a_figure_that_tells_no_points_has_none(tmp_path: Path) -> None:
    """Neither its output nor its page holds anything of them."""
    shown = Page(tmp_path, "t").figure(figures.histogram(RESPONSES), "h")
    assert isinstance(shown, Picture)
    assert set(shown._repr_mimebundle_()[1]["image/png"]) == {"alt"}
    assert str(point_list(shown.points)) == ""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no page is opened")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: no page is opened")
    folder = tmp_path_factory.mktemp("points")
    picture = pictures(folder)["waves"]
    (folder / "p.png").write_bytes(picture.png)
    for name in ("nps.css", "points.js"):
        shutil.copyfile(SITE / name, folder / name)
    hostile = [*picture.points, (50.0, 50.0, "<img src=x onerror=\"document.title='planted'\">")]
    (folder / "p.html").write_text(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>p</title><link rel=stylesheet href=nps.css>"
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; script-src file:; img-src file:;"
        " style-src file: 'unsafe-inline'\"><script src=points.js></script><style>* { box-sizing: border-box }</style>"
        '</head><body><main><article><h1>P</h1><p><img class=nps src=p.png alt="Two moments, three waves"></p>'
        f"{point_list(hostile)}</article></main></body></html>",
        "utf-8",
    )
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )

        def new(**options: Any) -> Any:
            shown = browser.new_page(**options)
            shown.goto((folder / "p.html").as_uri())
            return shown

        yield new
        browser.close()


@pytest.mark.pages
def test_numbers_are_reached_by_mouse_and_keyboard(opened: Any) -> None:
    """One stop of the tabulator, arrows within; Escape silences; what data say is text; nothing widens a phone."""
    shown = opened(viewport={"width": 390, "height": 844})
    told = shown.locator(".nps-point > span")
    shown.keyboard.press("Tab")
    assert [told.nth(i).is_visible() for i in range(3)] == [True, False, False]
    assert told.nth(0).inner_text().startswith("After a very long name of a moment, 2026-Q1: NPS")
    shown.keyboard.press("ArrowRight")
    assert [told.nth(i).is_visible() for i in range(3)] == [False, True, False]
    shown.keyboard.press("Escape")
    assert not told.nth(1).is_visible()
    shown.keyboard.press("End")
    assert shown.locator(".nps-point:focus").get_attribute("aria-label").startswith("<img")
    shown.keyboard.press("Tab")
    assert shown.locator(".nps-point:focus").count() == 0, "the next stop is behind the picture"
    shown.locator(".nps-point").nth(2).hover()
    assert told.nth(2).is_visible()
    assert shown.title() == "p"
    assert shown.locator("article img").count() == 1
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
    shown.emulate_media(media="print")
    assert not shown.locator(".nps-point").first.is_visible()
    shown.close()


@pytest.mark.pages
def test_without_its_script_the_picture_stands_alone(opened: Any) -> None:
    """The list stays hidden."""
    shown = opened(java_script_enabled=False)
    assert shown.locator("article img").is_visible()
    assert not shown.locator(".nps-points").is_visible()
    shown.close()


@pytest.mark.pages
def test_axe_finds_nothing_in_a_picture_with_points(opened: Any) -> None:
    """Roles and names."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    shown = opened()
    shown.keyboard.press("Tab")
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
    violations = axe.run(shown, options=rules).response["violations"]
    assert [(found["id"], found["nodes"][0]["html"][:120]) for found in violations] == []
    shown.close()
