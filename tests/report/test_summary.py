"""The summary: every sentence computed, in five languages, and readable where a study lacks most things."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
import string
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pandas as pd
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from statsmodels.stats.multitest import multipletests

from nps_utils import Study, clustered_change, count_bands, score, tables
from nps_utils.checks import BadStudy
from nps_utils.report import summary
from nps_utils.report.start import start_study
from nps_utils.report.summary import cautions, state
from nps_utils.report.summary.action import do
from nps_utils.report.summary.changes import since_previous, whose
from nps_utils.report.summary.findings import findings
from nps_utils.report.summary.heard import to_see_more
from nps_utils.report.summary.phrases import Block
from nps_utils.report.summary.pictures import outside, picture, save_pictures
from nps_utils.report.summary.write import blocks
from nps_utils.stats import verdicts
from nps_utils.study.settings import Goal
from nps_utils.tables.verdicts import newest_sentence
from nps_utils.words.limits import Limit
from nps_utils.words.translation import LANGUAGES, Local

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "nps_utils"
KEYWORDS: Mapping[str, tuple[int, ...] | None] = {"say": None, "say_n": (1, 2)}
Message = str | tuple[str, ...]


def messages() -> set[Message]:
    """Return every sentence that readers meet in their language, as Babel extracts it from the code."""
    parts = [("report/summary/**.py", "python"), ("report/takeaway.py", "python"), ("followup/**.py", "python")]
    found = extract_from_dir(PACKAGE, parts, keywords=KEYWORDS)
    return {tuple(message) if isinstance(message, (tuple, list)) else message for _, _, message, _, _ in found}


def catalogue(language: str) -> Catalog:
    """Read a catalogue as it is stored."""
    path = PACKAGE / "locales" / language / "LC_MESSAGES" / "summary.po"
    return read_po(io.BytesIO(path.read_bytes()), locale=language)


def places(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_sentence_is_translated(language: str) -> None:
    """No sentence of the code lacks its translation, none is fuzzy, none is left over; every place is filled."""
    stored = {message.id: message for message in catalogue(language) if message.id}
    wanted = messages()
    assert len(wanted) > 100
    assert {id_ if isinstance(id_, str) else tuple(id_) for id_ in stored} == wanted
    for message in stored.values():
        assert not message.fuzzy
        ids, texts = ([m] if isinstance(m, str) else list(m or ()) for m in (message.id, message.string))
        for source, text in zip(ids, texts, strict=True):
            assert text.strip(), (language, source)
            assert places(text) == places(source), (language, source)
            assert text.endswith(".") == source.endswith("."), (language, source)


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_translations_are_not_english(language: str) -> None:
    """A copied source is no translation; a few short words are the same."""
    same = {m.id for m in catalogue(language) if m.id and m.id == m.string}
    assert {text for text in same if isinstance(text, str) and len(text.split()) > 3} == {
        "{touchpoint}, {wave}: NPS {estimate}."
    }


def test_the_english_source_is_in_step() -> None:
    """The template beside the catalogues lists the sentences of the code."""
    template = read_po(io.BytesIO((PACKAGE / "locales" / "summary.pot").read_bytes()))
    assert {m.id if isinstance(m.id, str) else tuple(m.id) for m in template if m.id} == messages()


@pytest.mark.parametrize(
    ("language", "points", "count", "share", "money", "day"),
    [
        ("en", "-12.3", "12,345", "26 %", "€1,230,000", "30 September 2026"),
        ("sv", "−12,3", "12 345", "26 %", "1 230 000 €", "30 september 2026"),
        ("nb", "−12,3", "12 345", "26 %", "1 230 000 €", "30. september 2026"),
        ("da", "-12,3", "12.345", "26 %", "1.230.000 €", "30. september 2026"),
        ("nl", "-12,3", "12.345", "26 %", "€ 1.230.000", "30 september 2026"),
    ],
)
def test_numbers_and_dates_in_local_form(
    language: str, points: str, count: str, share: str, money: str, day: str
) -> None:
    """As the Unicode CLDR has them; kinds of blanks do not count here."""
    local = Local(language)
    told = (
        local.points(-12.34),
        local.count(12345),
        local.share(0.256),
        local.money(1234567, "EUR"),
        local.date(dt.date(2026, 9, 30)),
    )
    assert tuple(re.sub(r"\s", " ", text) for text in told) == (points, count, share, money, day)
    assert local.points(0.04) in ("0.0", "0,0")
    assert not local.points(-0.04).startswith(("-", "−"))


def test_local_words_of_the_field() -> None:
    """The words that readers know from their tools."""
    message = next(m for m in messages() if isinstance(m, str) and m.startswith("Promoters {promoters}"))
    words = {
        "sv": ("Ambassadörer", "kritiker"),
        "nb": ("Ambassadører", "kritikere"),
        "da": ("Ambassadører", "kritikere"),
    }
    for language, both in (words | {"nl": ("Promotors", "criticasters")}).items():
        text = catalogue(language).get(message)
        assert text is not None
        assert all(word in str(text.string) for word in both)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, summary.Story]:
    """The demo study, told once."""
    study = Study.open(ROOT / "data" / "demo")
    return study, summary.tell(study)


def parts(study: Study, story: summary.Story, language: str) -> list[Block]:
    """Return all parts of the page."""
    return blocks(story, study, Local(language))


def test_numbers_of_the_demo_are_those_of_the_statistics(demo: tuple[Study, summary.Story]) -> None:
    """The headline is the score of the last relationship wave, counted here anew by hand."""
    study, story = demo
    responses = study.responses()
    last = responses[(responses["touchpoint"] == "relationship") & (responses["wave"] == responses["wave"].max())]
    n = len(last)
    nps = 100 * ((last["score"] >= 9).sum() - (last["score"] <= 6).sum()) / n
    assert story.now["n"] == n
    assert story.now["nps"] == pytest.approx(nps)
    told = state.headline(story, Local("en"))
    assert f"NPS {nps:+.1f} (" in told
    assert f"n = {n} of {last['account_id'].nunique()} accounts)" in told


def test_the_demo_tells_its_planted_story(demo: tuple[Study, summary.Story]) -> None:
    """The invoice export costs points, the mix explains the change after delivery, the small are heard least."""
    _, story = demo
    assert not isinstance(story.themes, Limit)
    costs = story.themes[story.themes["adjusted_pvalue_adjusted"] < 0.05]
    assert "invoice_export" in set(costs.loc[costs["adjusted"] < 0, "theme"])
    assert {(m.touchpoint, m.segment) for m in story.mixed} == {("after_delivery", "size")}
    assert not isinstance(story.rate, Limit)
    assert story.rate.least is not None
    assert story.rate.least["group"] == "small"
    assert "public sector" in set(story.apart.loc[story.apart["change"] < 0, "group"])
    assert not isinstance(story.changes, Limit)
    assert story.changes["touchpoint"].iloc[0] == "relationship"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_short_and_complete(language: str, demo: tuple[Study, summary.Story]) -> None:
    """At most 350 words and eight intervals, no p-value; nothing is left unfilled; the first sentence has its n."""
    study, story = demo
    local = Local(language)
    told = parts(study, story, language)
    assert "n = " in told[0].lead
    texts = [text for block in told for text in (block.heading, block.lead, *block.items, *block.lines)]
    assert all("{" not in text and "nan" not in text.lower().split() for text in texts)
    assert len(told[-1].items) == 2
    # A definition of brackets, and counts in brackets, are no intervals.
    found = re.findall(r"\([^()]*\d (?:to|till|til|tot) [^()]*\d", " ".join(texts))
    assert 6 <= len(found) <= 8
    assert not re.search(r"\bp [=<]", " ".join(texts))
    page = summary.pages(dataclasses.replace(study, settings=study.settings.model_copy(update={"language": language})),
                         story, ["01-clean"], made_on=dt.date(2026, 11, 21))  # fmt: skip
    shown = page.index.partition("{toctree}")[0]
    shown = re.sub(r"!\[.*?\]\(.*?\)|<[^>]*>|`+\S*( html)?", " ", shown)
    assert sum(any(map(str.isalpha, word)) for word in shown.split()) <= 350
    assert f"{summary.page_title('01-clean', local)} <01-clean>" in page.index.replace("\\", "")
    assert "data-ledger" in page.index
    for path in study.input_files():
        assert path.read_bytes()
    assert page.made.count("`") == 0
    assert len(re.findall(r"[0-9a-f]{64}", page.made)) == len(study.input_files())
    assert str(study.seed) in page.made


def test_what_stands_out_in_the_demo(demo: tuple[Study, summary.Story]) -> None:
    """The release and its theme, the fix by lot, the segment that fell, the money, the mix: what is planted is told."""
    study, story = demo
    told = " ".join(findings(story, study, Local("en")).items)
    assert "In 2025-Q3 the score fell by " in told
    assert "about Invoice export, none since 2026-Q" in told
    assert "Early fix, given by lot, worked: +" in told
    assert "Public sector (segment): -" in told
    assert "a link, not a cause" in told
    assert "come from who answered (size)" in told
    assert "Invoice export" not in " ".join(do(story, Local("en")).items)
    assert not isinstance(story.arms, Limit)
    row = story.arms.iloc[-1]
    asked = study.responses().query("touchpoint == 'relationship' and wave == '2025-Q4'")
    assert row["n_control"] + row["n_treated"] == asked["early_fix"].notna().sum()


def test_a_difference_is_coloured_only_where_it_holds(demo: tuple[Study, summary.Story]) -> None:
    """Three families of p-values, each adjusted by statsmodels anew; scores by hand."""
    study, story = demo
    assert not isinstance(story.grid, Limit)
    held = story.grid[story.grid["holds"]]
    assert {("public sector", ""), ("public sector", "2026-Q3")} <= set(zip(held["group"], held["wave"], strict=True))
    assert (story.grid["holds"].mean()) < 0.1
    ours = study.responses().query("touchpoint == 'relationship' and wave == '2026-Q3'")
    part = ours[ours["segment"] == "public sector"]
    nps = 100 * ((part["score"] >= 9).mean() - (part["score"] <= 6).mean())
    cell = story.grid[(story.grid["group"] == "public sector") & (story.grid["wave"] == "2026-Q3")].iloc[0]
    assert [cell["nps"], cell["n"]] == pytest.approx([nps, len(part)])


def test_customers_who_left_are_not_silent(demo: tuple[Study, summary.Story]) -> None:
    """The share of revenue that was heard, from the tables by hand: the last quarter, of those still there."""
    study, story = demo
    assert not isinstance(story.heard, Limit)
    accounts, money = study.accounts(), study.revenue()
    stay = set(accounts.loc[accounts["churned_on"].isna(), "account_id"])
    money = money[money["account_id"].isin(stay) & (money["period_end"] == money["period_end"].max())]
    money = money[money["revenue_type"] == "recurring"]
    amount = money["amount"].astype(float)
    responses = study.responses()
    recent = responses[responses["responded_at"] > responses["responded_at"].max() - pd.Timedelta(days=365)]
    heard = amount[money["account_id"].isin(set(recent["account_id"].dropna()))].sum() / amount.sum()
    assert story.heard.revenue_share == pytest.approx(heard, abs=2e-3)
    assert heard > 0.98


def small(folder: Path, lines: list[str], *, title: str | None = None, more: str = "") -> Study:
    """Start a study of one export."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.csv").write_text("\n".join(lines) + "\n", "utf-8")
    list(start_study(folder / "s", [folder / "a.csv"], title=title))
    toml = folder / "s" / "study.toml"
    toml.write_text(toml.read_text("utf-8") + more, "utf-8")
    return Study.open(folder / "s")


def test_a_study_of_one_wave_and_nothing_else(tmp_path: Path) -> None:
    """No comments, revenue, frame or second wave: each part says what is missing, in every language, in sentences."""
    study = small(tmp_path, ["NPS,Date", *(f"{i % 11},2026-01-{1 + i % 28:02d}" for i in range(60))])
    story = summary.tell(study)
    for part in (story.changes, story.rate, story.heard, story.themes, story.risk, story.benchmark, story.next_survey):
        assert isinstance(part, Limit)
    for language in LANGUAGES:
        told = parts(study, story, language)
        assert all(block.lead or block.items for block in told)
        assert len(told[-1].items) == 2
        assert to_see_more(story, study, Local(language)).count(",") >= 2
    english = {block.name: block for block in parts(study, story, "en")}
    assert "answered" not in english
    assert "Neither segments, themes nor money are known" in english["findings"].lead
    assert to_see_more(story, study, Local("en")).startswith("To see more, add a second wave (changes), ")
    assert "who was asked and did not answer is not known" in " ".join(english["avoid"].items)
    drawn = picture(story, study).figure.axes[0]
    assert str(drawn.get_label()).startswith("Our score is ")


def test_changes_of_the_demo_are_those_of_its_accounts(demo: tuple[Study, summary.Story]) -> None:
    """Points counted by hand; intervals of accounts; both p-values of the newest wave adjusted together by Holm."""
    study, story = demo
    responses = study.responses()
    ours = responses[responses["touchpoint"] == "relationship"]
    row, year = story.judged.previous, story.judged.year
    assert row is not None
    assert year is not None
    nps = {
        str(wave): 100 * ((part["score"] >= 9).mean() - (part["score"] <= 6).mean())
        for wave, part in ours.groupby("wave")
    }
    waves = sorted(nps)
    assert [row["before"], row["after"], year["before"]] == [waves[-2], waves[-1], waves[-5]]
    for change in (row, year):
        assert change["change"] == pytest.approx(nps[change["after"]] - nps[change["before"]])
        pair = ours[ours["wave"].isin([change["before"], change["after"]])]
        alone = clustered_change(pair, cluster="account_id").iloc[0]
        assert [change["low"], change["high"]] == pytest.approx([alone["low"], alone["high"]], abs=0.2)
    both = np.array([row["pvalue"], year["pvalue"]])
    holm = multipletests(both, method="holm")[1]
    assert [row["pvalue_adjusted"], year["pvalue_adjusted"]] == pytest.approx(holm.tolist())
    told = state.score(story, study, Local("en"))
    assert f"Since {waves[-2]}: " in told.lead
    assert "no evidence of a change; about" in told.lead
    assert any(line.startswith(f"Since {waves[-5]}, a year ago: +") and "a rise" in line for line in told.lines)


def three_waves(folder: Path, days: pd.DatetimeIndex, *, touchpoint: str | None = None, more: str = "") -> Study:
    """Start a study with an answer on each day; the first half are detractors, the rest promoters."""
    scores = [3 if i < len(days) // 2 else 10 for i in range(len(days))]
    rows = [f"{score},{day:%Y-%m-%d},{touchpoint or ''}" for score, day in zip(scores, days, strict=True)]
    return small(folder, ["NPS,Date,Touchpoint" if touchpoint else "NPS,Date,Note", *rows], more=more)


def test_a_trend_is_in_the_first_sentence(tmp_path: Path) -> None:
    """Six quarters, thirty points lost in small steps of which no single one is shown: the trend leads."""
    days = pd.date_range("2025-01-01", "2026-06-30")
    rows = [
        f"{10 if i % 12 < 9 - day.quarter - 4 * (day.year - 2025) else 3},{day:%Y-%m-%d}" for i, day in enumerate(days)
    ]
    study = small(tmp_path, ["NPS,Date", *rows])
    story = summary.tell(study)
    first = state.headline(story, Local("en"))
    assert "Fallen since 2025-Q1, then +" in first
    assert " points a quarter (" in first
    found = summary.summarise(study)["verdict"]
    assert found["trend"] is not None
    assert (found["trend"]["verdict"], found["trend"]["per"]) == ("down", "quarter")
    assert found["change"] is not None
    assert found["change"]["verdict"] in ("none", "likely down")
    for language in LANGUAGES:
        assert story.judged.trend is not None
        slope = Local(language).points(story.judged.trend["slope"])
        assert slope in state.headline(story, Local(language))


def test_a_fall_in_the_last_wave_is_no_trend(tmp_path: Path) -> None:
    """Seven quarters, the last far below six that are alike: a line falls, and is not what happened."""
    days = pd.date_range("2025-01-01", "2026-09-30")
    rows = [
        f"{10 if i % 10 < (2 if day >= pd.Timestamp('2026-07-01') else 7) else 3},{day:%Y-%m-%d}"
        for i, day in enumerate(days)
    ]
    study = small(tmp_path, ["NPS,Date", *rows])
    story = summary.tell(study)
    line = story.judged.trend
    assert line is not None
    assert line["pvalue"] < 0.05
    assert line["scatter_pvalue"] < 0.05
    assert "Fallen since" not in state.headline(story, Local("en"))
    assert any("a year ago" in text for text in state.score(story, study, Local("en")).lines)
    trend = summary.summarise(study)["verdict"]["trend"]
    assert trend is not None
    assert trend["verdict"] == "none"
    newest, lines = verdicts.latest(study.responses()), verdicts.trends(study.responses())
    said = newest_sentence(newest, lines, story.touchpoint)
    assert said.index("against the wave before") < said.index("A line through the waves")
    assert "scatter about it by more than chance: no trend" in said


def test_a_rise_is_real_only_where_those_who_stayed_moved(tmp_path: Path) -> None:
    """The unhappy accounts leave and the others stay as they were: a rise, by other respondents, not a real one."""
    scores = {f"C{i}": 3 if i < 60 else 9 if i < 100 else 8 for i in range(130)}
    first = [f"{score},2026-01-{1 + i % 28:02d},{who}" for i, (who, score) in enumerate(scores.items())]
    stay = [(who, score) for i, (who, score) in enumerate(scores.items()) if i >= 55]
    second = [f"{score},2026-04-{1 + i % 28:02d},{who}" for i, (who, score) in enumerate(stay)]
    left = summary.tell(small(tmp_path / "left", ["NPS,Date,Company ID", *first, *second]))
    english = Local("en")
    assert "a rise, by other respondents" in state.headline(left, english)
    assert "75 accounts that answered both times moved by 0.0 points" in " ".join(whose(left, english))
    moved = [
        f"{9 if i < 30 else score},2026-04-{1 + i % 28:02d},{who}" for i, (who, score) in enumerate(scores.items())
    ]
    story = summary.tell(small(tmp_path / "moved", ["NPS,Date,Company ID", *first, *moved]))
    assert "a real rise" in state.headline(story, english)
    assert story.judged.design == "paired"


def test_waves_that_are_not_whole_are_marked(tmp_path: Path, demo: tuple[Study, summary.Story]) -> None:
    """Answers from 12 December to 20 June: both ends are said in each language and drawn hollow; the demo has none."""
    study = three_waves(tmp_path, pd.date_range("2025-12-12", "2026-06-20"))
    story = summary.tell(study)
    for language in LANGUAGES:
        local = Local(language)
        first, last = local.date(dt.date(2025, 12, 12)), local.date(dt.date(2026, 6, 20))
        lines = state.score(story, study, local).lines
        assert any(first in line and "72" in line for line in lines)
        assert any(last in line and "10" in line for line in lines)
        assert "2025-Q4" in state.picture_alt(story, study, local).rsplit(":", 1)[1]
    assert {part["wave"] for part in summary.summarise(study)["waves"] if part["unfinished"]} == {"2025-Q4", "2026-Q2"}
    course = picture(story, study)
    assert course.get_xlabel() == "○ Hollow: the wave is not complete"
    assert np.asarray(course.lines[-1].get_xdata()).tolist() == [0, 2]
    whole = demo[1]
    assert whole.unfinished == ()
    assert not any("not complete" in line for part in parts(*demo, "en") for line in part.lines)
    assert picture(whole, demo[0]).get_xlabel() == ""


def test_why_a_touchpoint_leads_is_said(tmp_path: Path) -> None:
    """Two moments, no relationship: the most answered leads, and the page says so; one alone has no reason."""
    lines = [
        "NPS,Date,Touchpoint",
        *(f"{i % 11},2026-01-{1 + i % 28:02d},{('order', 'help')[i % 3 > 0]}" for i in range(90)),
    ]
    study = small(tmp_path / "two", lines)
    told = next(line for line in state.score(summary.tell(study), study, Local("en")).lines if "touchpoint" in line)
    assert told.startswith("No touchpoint here asks about the relationship")
    assert told.endswith("60 of 90.")
    for word, lone in (("relationship", False), ("help", True)):
        kept = [line.replace("help", word) for line in lines if not (lone and line.endswith("order"))]
        other = small(tmp_path / word, kept)
        assert "relationship as a whole" not in " ".join(state.score(summary.tell(other), other, Local("en")).lines)


def test_who_waits_is_told_by_what_the_export_names(tmp_path: Path) -> None:
    """People are called, accounts are asked, and answers of nobody are read; no owners are promised."""
    heads = {"Email": "p{i}@x.example", "Company ID": "{k}", "Note": ""}
    leads = {}
    for head, cell in heads.items():
        rows = [f"{i % 11},2026-01-{1 + i % 28:02d},{cell.format(i=i, k=i % 5)}" for i in range(60)]
        study = small(tmp_path / head.lower().replace(" ", "-"), [f"NPS,Date,{head}", *rows])
        leads[head] = do(summary.tell(study), Local("en")).lead
    assert "people wait for a contact. The list, ranked, is in results/followup/." in leads["Email"]
    assert "answers from 5 accounts wait for a contact: the export names the accounts" in leads["Company ID"]
    assert "nobody can be called. They are listed in results/followup/" in leads["Note"]


def test_no_dates_at_all(tmp_path: Path) -> None:
    """Without dates there is one wave called all, no waiting, and the page still reads."""
    study = small(tmp_path, ["NPS,Comment", *(f"{i % 11},too slow {i}" for i in range(60))])
    story = summary.tell(study)
    assert story.on is None
    assert isinstance(story.contacts, Limit)
    texts = parts(study, story, "en")
    assert "all answers" in texts[0].lead
    assert "Without dates" in next(part for part in texts if part.name == "do").lead


def test_a_small_last_wave_does_not_stand_alone(tmp_path: Path) -> None:
    """Three answers are no score for a board: the wave before leads, or all answers where that is small too."""
    few = ["0,2026-04-01", "1,2026-04-02", "10,2026-04-03"]
    for n, told, lead in ((80, "only 3 answers, fewer than 30", "2026-Q1"), (20, "No wave has 30", "all answers")):
        lines = [f"{(i * 3) % 11},2026-02-{1 + i % 28:02d}" for i in range(n)]
        study = small(tmp_path / str(n), ["NPS,Date", *lines, *few])
        story = summary.tell(study)
        assert story.now["n"] == (n if n == 80 else n + 3)
        block = state.score(story, study, Local("en"))
        assert lead in block.lead
        assert any(told in line for line in block.lines)
        assert summary.summarise(study)["verdict"]["wave"] == (lead if n == 80 else None)


def test_comments_in_another_language_are_told_and_not_read(tmp_path: Path) -> None:
    """French comments: one sentence on the board's page, in its language, and no theme."""
    said = "La livraison est toujours en retard et personne ne répond au téléphone"
    study = small(tmp_path, ["NPS,Date,Comment", *(f"{i % 11},2026-01-{1 + i % 28:02d},{said} {i}" for i in range(60))])
    story = summary.tell(study)
    assert isinstance(story.themes, Limit)
    for language, expected in (
        ("en", "60 of 60 comments are in French, which the themes do not cover."),
        ("sv", "60 av 60 kommentarer är på franska, som temana inte omfattar."),
        ("nl", "60 van de 60 opmerkingen zijn in het Frans; dat dekken de thema’s niet."),
    ):
        block = next(block for block in parts(study, story, language) if block.name == "findings")
        assert expected in block.lines


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    """A title with quotes, umlauts and markup, and a touchpoint and source of the same kind, run nowhere."""
    title = 'Kundenumfrage "Süd" <script>alert(1)</script> ``` {raw}'
    source = "``````\\n<script>alert(2)</script>"
    more = f'\n[benchmark]\nvalue = 30\nsource = "{source}"\n'
    lines = [f'{i % 11},2026-0{1 + i % 6}-01,"<img src=x onerror=alert(3)>"' for i in range(90)]
    study = small(tmp_path, ["NPS,Date,Comment", *lines], title=title, more=more)
    story = summary.tell(study)
    pages = summary.pages(study, story, [], made_on=dt.date(2026, 11, 21))
    for text in (pages.index, pages.ledger, pages.made):
        assert "<script>" not in text.replace(r"\<script\>", "")
        assert "onerror" not in text
    # The source stands in one line of its block, so that it cannot end it.
    fences = [line for line in pages.index.splitlines() if line.startswith("``````")]
    assert fences[0::2] == ["``````{raw} html"] * (len(fences) // 2)
    assert set(fences[1::2]) == {"``````"}


def test_scale_suspicion_comes_first(tmp_path: Path) -> None:
    """No zero but many ones: the first warning is about the scale, before anything else."""
    study = small(tmp_path, ["NPS,Date", *(f"{1 + i % 10},2026-01-{1 + i % 28:02d}" for i in range(200))])
    story = summary.tell(study)
    assert story.scale == "suspected"
    assert "may have run from 1 to 10" in cautions.cautions(story, study, Local("en"))[0]


@pytest.mark.parametrize(("scale", "doubt"), [("1-10", "known"), ("0-10", "none")])
def test_a_scale_that_its_owner_names_is_suspected_no_more(tmp_path: Path, scale: str, doubt: str) -> None:
    """Who was asked what is known to the owner: what was said in study.toml is not put in doubt again, on no page."""
    study = small(tmp_path, ["NPS,Date", *(f"{1 + i % 10},2026-01-{1 + i % 28:02d}" for i in range(200))])
    toml = study.folder / "study.toml"
    toml.write_text(toml.read_text("utf-8") + f'scale = "{scale}"\n', "utf-8")
    study = Study.open(study.folder)
    story, ledger = summary.tell(study), study.ledger()
    assert story.scale == doubt
    assert "scale_suspicion" not in set(ledger["reason"])
    said = " ".join(cautions.cautions(story, study, Local("en")))
    assert "may have run" not in said
    assert ("the question offered 1 to 10" in said) == (scale == "1-10")
    assert ("1 to 10" in tables.cleaning.scale_sentence(study.responses(), ledger)) == (scale == "1-10")


def test_a_rise_of_nobody_known_is_more_than_chance(tmp_path: Path) -> None:
    """Two waves of 300 answers, from +0 to +60: a rise, and no warning against calling it one."""
    rows = [f"{(3, 10)[i % 2]},2026-01-{1 + i % 28:02d}" for i in range(300)]
    rows += [f"{(3, 10, 10, 10, 10)[i % 5]},2026-04-{1 + i % 28:02d}" for i in range(300)]
    study = small(tmp_path, ["NPS,Date", *rows])
    story = summary.tell(study)
    assert "a rise, more than chance" in state.headline(story, Local("en"))
    assert not any("trend" in text for text in cautions.cautions(story, study, Local("en")))
    counts = count_bands(study.responses(), by=["wave"])
    assert score(counts)["nps"].round(0).tolist() == [0.0, 60.0]


@pytest.mark.parametrize("status", ["reached", "missed", "on_track", "off_track", "not_measurable", "open"])
@pytest.mark.parametrize("metric", ["nps", "response_rate", "comment_share"])
def test_each_state_of_a_goal_has_its_sentence(status: str, metric: str) -> None:
    """Points for the score, percent for shares; the value, its interval and n are there."""
    goal = Goal.model_validate(
        {"metric": metric, "target": 40 if metric == "nps" else 0.4, "by": dt.date(2026, 12, 31)}
    )
    scale = 1.0 if metric == "nps" else 0.01
    row = pd.Series(
        {
            "status": status,
            "value": 35 * scale,
            "low": 30 * scale,
            "high": 45 * scale,
            "n": 200,
            "line": 38 * scale,
            "sure": False,
        }
    )
    text = state._goal(goal, row, Local("en"))
    assert f"now {'+35.0' if metric == 'nps' else '35 %'}, " in text.replace("\u00a0", " ")
    assert "31 December 2026" in text


def test_events_are_in_the_picture_or_named_below_it(tmp_path: Path) -> None:
    """One within the waves is drawn at its day, one before them is named; waves without days take none."""
    rows = [f"{i % 11},2026-0{1 + i % 6}-11" for i in range(120)]
    events = [("2026-04-01", "New price"), ("2020-01-01", "Founded")]
    more = "".join(f'\n[[event]]\ndate = {day}\nlabel = "{label}"\n' for day, label in events)
    study = small(tmp_path, ["NPS,Date", *rows], more=more)
    story = summary.tell(study)
    drawn = picture(story, study)
    assert outside(study, story) == ["Founded"]
    assert "Outside the waves of the picture: Founded." in blocks(story, study, Local("en"))[0].lines
    lines = [line for line in drawn.lines if line.get_linestyle() == ":"]
    assert [float(np.asarray(line.get_xdata())[0]) for line in lines] == [0.5]
    saved = save_pictures(story, study)
    slide = study.results / "figures" / "summary-slide.png"
    head = slide.read_bytes()[16:24]
    assert (int.from_bytes(head[:4]), int.from_bytes(head[4:])) == (1920, 1080)
    assert list(saved) == ["story"]
    toml = study.folder / "study.toml"
    toml.write_text(toml.read_text("utf-8").replace('by = "quarter"', 'by = "column"', 1), "utf-8")
    with pytest.raises(BadStudy, match="knows no days"):
        Study.open(study.folder)


def test_another_language_runs_no_notebook_anew(tmp_path: Path) -> None:
    """What the pages are kept by does not know the language, and knows everything else."""
    study = small(tmp_path, ["NPS,Date", *(f"{i % 11},2026-01-{1 + i % 28:02d}" for i in range(40))])
    toml = study.folder / "study.toml"
    for old, new, same in (('"en"', '"nl"', True), ('repeats = "latest"', 'repeats = "all"', False)):
        text = toml.read_text("utf-8")
        assert old in text
        toml.write_text(text.replace(old, new, 1), "utf-8")
        assert (Study.open(study.folder).input_hash(language=False) == study.input_hash(language=False)) is same


@pytest.mark.parametrize(("low", "told"), [(0.03, "+0.31 points (+0.03 to +0.52"), (0.06, "+0.3 points (+0.1 to +0.5")])
def test_the_interval_of_a_rise_is_not_written_as_from_zero(low: float, told: str) -> None:
    """The first page said "+0.3 points (0.0 to +0.5): a rise"."""
    row = pd.Series({"change": 0.31, "low": low, "high": 0.52, "pvalue_adjusted": 0.02, "before": "2026-Q1"})
    row = pd.concat([row, pd.Series({"after": "2026-Q2", "n_before": 900_000, "n_after": 900_000})])
    judged = SimpleNamespace(previous=row, split=Limit("nobody is known"), swapped=False)
    said = list(since_previous(cast(summary.Story, SimpleNamespace(judged=judged, whole=False)), Local("en")))
    assert len(said) == 1
    assert told in said[0]
    assert "a rise" in said[0]
