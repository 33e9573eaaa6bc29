"""Quotes on page 05: each wording once, no segment that would tell who wrote, and a list that a reader can filter."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nps_utils import Limit, Study
from nps_utils.pages import quotes as page
from nps_utils.pages.act import read_remarks
from nps_utils.tables.quotes import OPEN_QUOTES, quotes

NO_CLUSTERS = Limit("not grouped")
SITE = Path(__file__).parents[2] / "nps_utils" / "report" / "site" / "_static"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SAME = "The support team is slow to answer our tickets"
HOSTILE = (
    "<img src=x onerror=\"document.title='planted'\"> ]]> </li></ul><script>document.title='planted'</script> price"
)


def study_of(folder: Path, rows: pd.DataFrame, more: str = "") -> Study:
    (folder / "raw").mkdir(parents=True)
    rows.to_csv(folder / "raw" / "a.csv", index=False)
    (folder / "study.toml").write_text(
        f'title = "T"\ntimezone = "UTC"\n{more}\n[[export]]\npath = "raw/a.csv"\n'
        '[export.columns]\nscore = "score"\ncomment = "comment"\nresponded_at = "responded_at"\n',
        "utf-8",
    )
    return Study.open(folder)


def rows_of(texts: list[str], scores: list[int], **columns: list[Any]) -> pd.DataFrame:
    n = len(texts)
    days = [f"2026-0{1 + 3 * (i % 2)}-{i % 27 + 1:02d}" for i in range(n)]
    return pd.DataFrame({"score": scores, "comment": texts, "responded_at": days, **columns})


def test_the_same_sentence_stands_once_under_the_band_that_used_it_most(tmp_path: Path) -> None:
    """Three bands wrote it, in two spellings: one quote, of the two detractors, said to be of four answers."""
    texts = [SAME, SAME.upper() + "!", SAME, SAME + ".", "Easy to use and very stable", "The price is too high for us"]
    study = study_of(tmp_path / "s", rows_of(texts, [2, 3, 8, 10, 9, 5]), "quotes = true")
    shown = page.to_show(study, read_remarks(study), NO_CLUSTERS)
    same = shown[shown["quote"].str.casefold().str.startswith(SAME.casefold())]
    assert same[["band", "times"]].to_numpy().tolist() == [["detractor", 4]]
    assert len(shown) == shown.attrs["of"] == 3


def test_a_segment_of_few_is_not_named(tmp_path: Path) -> None:
    """Of four answers of a wave a colleague would know who wrote; values of who was not asked count together."""
    n = 40
    texts = [f"The support team is slow, case {'abcdefghij'[i % 10]}{'klmn'[i // 10]}" for i in range(n)]
    place = ["small" if i < 8 else "large" for i in range(n)]  # four of each wave
    role = ["boss" if i in (8, 9) or i > 28 else "user" for i in range(n)]
    rows = rows_of(texts, [i % 11 for i in range(n)], place=place, role=role)
    study = study_of(tmp_path / "own", rows, 'quotes = true\nsegments = ["place", "role"]')
    shown = page.to_show(study, read_remarks(study), NO_CLUSTERS)
    assert set(shown["place"]) == {"", "large"}
    responses = study.responses()
    told = responses.assign(place=responses["place"].where(responses["place"] == "large", ""))
    alike = told.groupby(["wave", "place", "role"]).size()
    for _, row in shown.iterrows():
        assert row["role"] == "" or alike[row["wave"], row["place"], row["role"]] >= page.LEAST_ALIKE
    assert (shown["role"] == "").any()


def test_the_first_quotes_differ_in_what_they_are_about(demo: Study) -> None:
    """One of each theme and band before a second one of any; nothing twice, nothing that was not allowed."""
    remarks = read_remarks(demo)
    shown = page.to_show(demo, remarks, NO_CLUSTERS)
    first = shown[shown["theme"] != ""].drop_duplicates(["theme", "band"])
    assert len(first) > OPEN_QUOTES
    assert first.index[:OPEN_QUOTES].tolist() == list(range(OPEN_QUOTES))
    assert len(shown) <= page.MOST
    assert not shown["quote"].str.casefold().duplicated().any()
    allowed = set(remarks.quotable.dropna().str.split().str.join(" "))
    assert all(q.endswith("…") or " ".join(q.split()) in allowed for q in shown["quote"])
    assert set(shown["segment"]) > {"public sector"}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Open a page with hostile quotes, with the script of the site or, without it, as it was written."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no page is opened")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: no page is opened")
    folder = tmp_path_factory.mktemp("quotes")
    said = [f"Quote number {i}" for i in range(59)] + [HOSTILE]
    table = pd.DataFrame(
        {
            "quote": said, "theme": ["Price" if i % 3 else "<b>Speed</b>" for i in range(60)],
            "band": [("detractor", "promoter")[i % 2] for i in range(60)], "wave": ["2026-Q1"] * 60,
            '__proto__ "x"': [HOSTILE if i == 59 else "north" for i in range(60)],
            "language": "en", "times": 1, "allowed_by": "consent",
        }
    )  # fmt: skip
    for name in ("nps.css", "quotes.js"):
        shutil.copyfile(SITE / name, folder / name)
    head = (
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>q</title><link rel=stylesheet href=nps.css>"
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; script-src 'self' file:;"
        " style-src 'self' file:\"><script src=quotes.js></script></head><body><main class=bd-article><h1>Q</h1>"
    )
    (folder / "q.html").write_text(f"{head}{quotes(table)._repr_html_()}</main></body></html>", "utf-8")
    with sync_api.sync_playwright() as play:
        root = ["--no-sandbox", "--disable-background-networking"]
        browser = play.chromium.launch(executable_path=CHROMIUM, args=root)
        yield lambda **options: _page(browser, (folder / "q.html").as_uri(), **options)
        browser.close()


def _page(browser: Any, address: str, **options: Any) -> Any:
    shown = browser.new_page(**options)
    shown.goto(address)
    return shown


def seen(shown: Any) -> list[str]:
    return list(shown.locator(".nps-quotes li:visible q").all_inner_texts())


@pytest.mark.pages
def test_quotes_are_filtered_by_the_keyboard(opened: Any) -> None:
    """Choices narrow the list together; the count is told; more are shown where wanted, and the keyboard follows."""
    shown = opened(viewport={"width": 390, "height": 844})
    assert len(seen(shown)) == OPEN_QUOTES
    assert shown.get_by_role("status").inner_text() == "60 quotes; choose above which to read."
    assert shown.locator("label").count() == 3, "a wave that all share is no choice"
    shown.keyboard.press("Tab")
    shown.keyboard.press("ArrowDown")  # of the themes the first in the alphabet
    assert shown.get_by_role("status").inner_text() == "20 of 60 quotes."
    shown.get_by_label("Band").select_option("promoter")
    assert shown.get_by_role("status").inner_text() == "10 of 60 quotes."
    shown.get_by_role("button").press("Enter")
    assert len(seen(shown)) == 10
    assert shown.evaluate("document.activeElement.textContent").startswith("Quote number")
    assert not shown.get_by_role("button").is_visible()
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
    shown.get_by_label("Theme").select_option("all")
    shown.get_by_label("proto").select_option(HOSTILE)
    assert seen(shown) == [HOSTILE]
    assert shown.title() == "q"
    assert shown.locator(".nps-quotes img, .nps-quotes script, .nps-quotes b").count() == 0
    shown.close()


@pytest.mark.pages
def test_without_its_script_the_quotes_are_a_list(opened: Any) -> None:
    """All are there: six open, the rest behind a click that no script is needed for."""
    shown = opened(java_script_enabled=False)
    assert len(seen(shown)) == OPEN_QUOTES
    shown.locator("summary").click()
    assert len(seen(shown)) == 60
    assert shown.locator("select").count() == 0
    shown.close()


@pytest.mark.pages
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_quotes(scheme: str, opened: Any) -> None:
    """Names of choices, contrast and roles."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    shown = opened(color_scheme=scheme)
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
    violations = axe.run(shown, options=rules).response["violations"]
    assert [(found["id"], found["nodes"][0]["html"][:120]) for found in violations] == []
    shown.close()
