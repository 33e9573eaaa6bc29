"""The site as a product: clicked through in a browser, from disk and over http, on a phone and on paper.

The pages come from the stored outputs of the notebooks, so that no notebook runs here; the title of the study is
hostile on purpose.
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nps_utils import Study
from nps_utils.report import build, summary

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: the site is not opened")

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
TITLE = "Överförd \"enkät\" & <script>document.title = 'broken'</script> `x`"
NOTEBOOKS = [path.stem for path in build.notebooks()]
PAGES = ["index", "data-ledger", "how-this-was-made", *NOTEBOOKS]

pytestmark = [
    pytest.mark.pages,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: the site is not opened in a browser"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site of a copy of the demo from the stored notebooks."""
    folder = tmp_path_factory.mktemp("study")
    shutil.copytree(ROOT / "data" / "demo" / "raw", folder / "raw")
    text = (ROOT / "data" / "demo" / "study.toml").read_text("utf-8")
    named = text.replace('title = "Fjordlogic customer survey (demo)"', f"title = '''{TITLE}'''")
    assert named != text
    (folder / "study.toml").write_text(named, "utf-8")
    study = Study.open(folder)
    build.site(study, summary.tell(study), build.notebooks())
    return study.report


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as play:
        quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        opened = play.chromium.launch(executable_path=CHROMIUM, args=[*quiet, *root])
        yield opened
        opened.close()


class Watched:
    """A page with what went wrong on it: console errors, and requests that leave the machine."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.page = browser.new_page(**options)
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def left(self) -> list[str]:
        """Return requests to anywhere but the disk and this machine."""
        inside = ("file://", "data:", "blob:", "http://127.0.0.1:")
        return [url for url in self.requests if not url.startswith(inside)]


@pytest.fixture
def watched(browser: Any) -> Iterator[Watched]:
    opened = Watched(browser, viewport={"width": 1300, "height": 900})
    yield opened
    opened.page.close()
    assert opened.errors == []
    assert opened.left() == []


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """Serve the site over http on this machine, on a free port."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("where", ["disk", "http"])
def test_click_from_summary_to_every_notebook_and_back(where: str, site: Path, served: str, watched: Watched) -> None:
    """Every notebook has its link on the summary, opens with its heading, and leads back."""
    page = watched.page
    page.goto(site.as_uri() + "/index.html" if where == "disk" else served + "index.html")
    for name in NOTEBOOKS:
        page.click(f'.toctree-wrapper a[href="{name}.html"]')
        page.wait_for_url(f"**/{name}.html")
        assert page.locator("article h1").count() == 1
        page.click("a.navbar-brand")
        page.wait_for_url("**/index.html")
    assert page.title().startswith("Överförd")


def test_the_title_of_a_study_is_text(site: Path, watched: Watched) -> None:
    """A title with markup, quotes and umlauts is shown as it is written; nothing of it runs."""
    watched.page.goto(site.as_uri() + "/index.html")
    heading = watched.page.locator("article h1").inner_text()
    assert heading.removesuffix("#") == TITLE
    assert watched.page.title() != "broken"


def test_search_finds_a_page(site: Path, watched: Watched) -> None:
    """The search works from disk, without a server."""
    watched.page.goto(site.as_uri() + "/search.html?q=promoters")
    watched.page.wait_for_selector("#search-results li a", timeout=10_000)
    assert watched.page.locator("#search-results li a").count() >= 1


def test_every_image_has_words(site: Path, watched: Watched) -> None:
    """Each picture of each page has an alt text of a sentence, and loads."""
    for name in ["index", *NOTEBOOKS]:
        watched.page.goto(f"{site.as_uri()}/{name}.html")
        images = watched.page.eval_on_selector_all(
            "article img", "all => all.map(i => [i.alt, i.complete && i.naturalWidth > 0])"
        )
        assert all(len(alt) > 15 and loaded for alt, loaded in images), (name, images)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, site: Path, browser: Any) -> None:
    """Contrast, headings, names of links and the rest of WCAG 2 A and AA, on every page, in light and in dark."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    opened = Watched(browser, viewport={"width": 1300, "height": 900}, color_scheme=scheme)
    rules = {
        "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
        "rules": {"heading-order": {"enabled": True}, "page-has-heading-one": {"enabled": True}},
    }
    found = []
    for name in PAGES:
        opened.page.goto(f"{site.as_uri()}/{name}.html")
        assert opened.page.evaluate("document.documentElement.dataset.theme") == scheme
        # A busy machine may still fade from one colour to the other: what is read is where that ends.
        opened.page.evaluate("document.getAnimations().forEach(one => one.finish())")
        result = axe.run(opened.page, options=rules).response["violations"]
        found += [(name, v["id"], v["nodes"][0]["html"][:160], len(v["nodes"])) for v in result]
    opened.page.close()
    assert found == []


def test_a_phone_does_not_scroll_sideways(site: Path, browser: Any) -> None:
    """At 390 points nothing is wider than the page; wide tables scroll inside their own box."""
    opened = Watched(browser, viewport={"width": 390, "height": 844})
    for name in PAGES:
        opened.page.goto(f"{site.as_uri()}/{name}.html")
        wide = opened.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, (name, wide)
    opened.page.close()


def test_print_shows_the_text_alone(site: Path, watched: Watched) -> None:
    """On paper there are no sidebars, buttons or code; the text and its figures stay."""
    for name in ("index", NOTEBOOKS[-1]):
        watched.page.goto(f"{site.as_uri()}/{name}.html")
        watched.page.emulate_media(media="print")
        for hidden in (".bd-sidebar-primary", ".bd-header-article", ".prev-next-footer", ".cell_input"):
            shown = watched.page.eval_on_selector_all(
                hidden, "all => all.filter(e => getComputedStyle(e).display !== 'none').length"
            )
            assert shown == 0, (name, hidden)
        assert watched.page.locator("article h1").is_visible()
        watched.page.emulate_media(media="screen")


def test_no_personal_list_is_part_of_the_site(site: Path) -> None:
    """The follow-up list, its names and its addresses are in no file of the site."""
    frame = Study.open(site.parent).frame()
    email = str(frame["email"].dropna().iloc[0])
    assert not list(site.rglob("*contact*"))
    for path in site.rglob("*.html"):
        assert email not in path.read_text("utf-8"), path.name
