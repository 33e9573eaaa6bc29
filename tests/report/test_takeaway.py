"""What one takes away: files a spreadsheet opens safely, a workbook with definitions, lists kept out of the site."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from nbformat import v4

from nps_utils import Study
from nps_utils.comments import read_taxonomy
from nps_utils.pages.act import contact_lists
from nps_utils.pages.page import Page
from nps_utils.report import build, summary, takeaway
from nps_utils.report.progress import Progress
from nps_utils.report.running.failures import place_of
from nps_utils.report.start import start_study
from nps_utils.tables import Table, sheets
from nps_utils.tables.act import cases_sentence
from nps_utils.tables.sheets import neutral, neutral_table, sheet_names, write_csv, write_workbook
from nps_utils.words.limits import Limit
from nps_utils.words.markup import as_text
from nps_utils.words.translation import LANGUAGES, Local

# The openings that OWASP names for CSV injection, and two of full width.
DANGEROUS = ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1", "\n=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_formulas_are_text_in_csv(text: str, tmp_path: Path) -> None:
    """No cell of the file begins with what a spreadsheet runs; negative numbers stay numbers."""
    write_csv(pd.DataFrame({"name": [text], "change": [-5.5], "=head": ["x"]}), tmp_path / "a.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_bytes().decode("utf-8-sig"), newline="")))
    assert rows[1][0] == f"'{text}"
    assert float(rows[1][1]) == -5.5
    assert rows[0][2] == "'=head"


def test_harmless_text_is_left_alone() -> None:
    """A minus within a text, an e-mail address and an empty cell are no formulas."""
    for text in ("Anna-Lena", "a@b.example", "", "5 - 3", "2026-01-01"):
        assert neutral(text) == text
    table = pd.DataFrame({"a": ["x", None], "n": [1, 2]})
    pd.testing.assert_frame_equal(neutral_table(table), table)


def test_a_workbook_holds_text_as_text(tmp_path: Path) -> None:
    """Read back with openpyxl: a formula, a link and a number as text stay strings; numbers stay whole."""
    table = pd.DataFrame(
        {
            "company": ["=cmd|' /C calc'!A0", "https://x.example", "00123"],
            "nps": [12.3456789, np.nan, np.inf],
            "day": [dt.date(2026, 3, 1), None, dt.date(2026, 3, 2)],
            "yes": [True, False, True],
        }
    )
    write_workbook({"a/b": table}, tmp_path / "b.xlsx", created=dt.datetime(2026, 1, 1))  # noqa: DTZ001
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["a-b"]
    cells = [sheet.cell(row, 1) for row in (2, 3, 4)]
    assert [cell.value for cell in cells] == table["company"].tolist()
    assert {cell.data_type for cell in cells} == {"s"}
    assert sheet["B2"].value == 12.3456789
    assert sheet["B3"].value is None
    assert sheet["C2"].value == dt.datetime(2026, 3, 1)  # noqa: DTZ001
    assert sheet["D2"].value is True


def test_sheet_names_are_allowed_and_different() -> None:
    """Thirty-one characters at most, none forbidden, none alike but for case."""
    names = sheet_names(dict.fromkeys(("a" * 40, "A" * 50, "x:y*z?", "", "history", "[b]"), 0))
    assert len({name.lower() for name in names}) == 6
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)
    assert "history" not in names  # reserved by Excel


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A small study with a comment of markup and a detractor of two waves."""
    folder = tmp_path_factory.mktemp("small")
    lines = ["Response ID,Respondent ID,NPS,Date,Comment"]
    for i in range(40):
        comment = f"<script>alert(1)</script> too slow for {i} days" if i % 4 == 0 else f"=1+{i}"
        lines.append(f"r{i},p{i % 25},{(i * 7) % 11},2026-0{1 + i % 6}-1{i % 9},{comment}")
    (folder / "a.csv").write_text("\n".join(lines) + "\n", "utf-8")
    list(start_study(folder / "s", [folder / "a.csv"]))
    return Study.open(folder / "s")


def test_the_workbook_of_a_study(study: Study) -> None:
    """Every saved table is a sheet with the same numbers, and every column of it is defined; stale pages are not in."""
    page = Page(study.results, "02-nps")
    page.table(Table(pd.DataFrame({"wave": ["1"], "nps": [12.3456789], "n": [3]}), "Scores"), "x")
    Page(study.results, "99-old").table(Table(pd.DataFrame({"n": [1]}), "Old"), "y")
    path = takeaway.write_tables(study, ["02-nps"])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Contents", "Definitions", "02-nps-x"]
    assert book["02-nps-x"]["B2"].value == 12.3456789
    defined = {row[1].value: row[2].value for row in book["Definitions"].iter_rows(min_row=2)}
    assert set(defined) == {"wave", "nps", "n"}
    assert "promoters" in defined["nps"]
    assert [cell.value for cell in book["Contents"][2]][:3] == ["02-nps-x", "Scores", 1]


def test_ids_keep_every_digit_on_their_way_to_the_workbook(study: Study) -> None:
    """Leading zeros, eighteen digits and a country called NA are text in the sheet; numbers beside them are numbers."""
    ids = ["00123", "284100000735284101", "7", None]
    table = pd.DataFrame({"account_id": ids, "country": ["NA", "NO", "None", ""], "n": [1, 2, 3, 4]})
    table = table.assign(value=[0.5, np.nan, 1.0, np.inf], far=[10**17 + 1] * 4)
    page = Page(study.results, "98-ids")
    page.table(Table(table, "Ids"), "x")
    sheet = openpyxl.load_workbook(takeaway.write_tables(study, ["98-ids"]))["98-ids-x"]
    columns = {cells[0].value: [cell.value for cell in cells[1:]] for cells in sheet.iter_cols()}
    assert columns["account_id"] == ids
    assert columns["country"] == ["NA", "NO", "None", None]
    assert columns["n"] == [1, 2, 3, 4]
    assert columns["value"] == [0.5, None, 1, "–"]
    assert columns["far"] == ["100000000000000001"] * 4


def test_the_same_study_gives_the_same_workbook(study: Study) -> None:
    """Two makings on different days are the same bytes: nothing in it goes by the clock."""
    Page(study.results, "02-nps").table(Table(pd.DataFrame({"n": [1]}), "T"), "x")
    first = takeaway.write_tables(study, ["02-nps"]).read_bytes()
    assert takeaway.write_tables(study, ["02-nps"]).read_bytes() == first


def test_follow_up_lists_are_files_with_neutral_text(study: Study) -> None:
    """CSV and workbook hold the same cases; comments are neutral; the columns to fill in are there."""
    story = summary.tell(study)
    folder = takeaway.write_contacts(study, story.contacts)
    assert folder is not None
    rows, older = (
        list(csv.DictReader(io.StringIO((folder / name).read_text("utf-8-sig"), newline="")))
        for name in ("contact.csv", "older.csv")
    )
    assert not isinstance(story.contacts, Limit)
    assert len(rows) + len(older) == len(story.contacts.cases)
    assert {row["age"] for row in rows} == {"new", "open"}
    assert {row["age"] for row in older} == {"old"}
    assert {"response_id", "contacted_at", "status", "reason"} <= set(rows[0])
    assert all(not row["comment"].startswith(("=", "+", "@")) for row in rows)
    sheet = openpyxl.load_workbook(folder / "followup.xlsx")["Contact"]
    assert sheet.max_row == len(rows) + 1
    heads = [cell.value for cell in sheet[1]]
    assert {"Contacted", "Status"} <= set(heads)  # to be filled in; else no column without a word in it
    for cells in sheet.iter_cols(min_row=2):
        assert heads[cells[0].column - 1] in ("Contacted", "Status") or any(cell.value is not None for cell in cells)


def test_each_owner_has_a_sheet_and_a_status_to_choose(study: Study) -> None:
    """Owners called alike, or like another sheet, lose no case; the status is a list in every sheet of cases."""
    contacts = contact_lists(study)
    owners = ["Eva", "eva", "Quotes", ""]
    cases = contacts.cases.assign(owner=[owners[i % 4] for i in range(len(contacts.cases))])
    folder = takeaway.write_contacts(study, replace(contacts, cases=cases))
    assert folder is not None
    book = openpyxl.load_workbook(folder / "followup.xlsx")
    assert book.sheetnames[:5] == ["About", "Contact", "Older", "Quotes", "Not yet"]
    now = cases[cases["age"] != "old"]
    assert sum(book[name].max_row - 1 for name in book.sheetnames[5:]) == (now["owner"] != "").sum()
    offered = book["Contact"].data_validations.dataValidation
    assert [rule.formula1 for rule in offered] == ['"not begun,in progress,not reached,solved,nothing to do"']


def test_the_list_can_be_filled_in_and_read_back(study: Study, tmp_path: Path) -> None:
    """Named under [followup], the filled-in file closes its cases."""
    story = summary.tell(study)
    folder = takeaway.write_contacts(study, story.contacts)
    assert folder is not None
    shutil.copytree(study.folder, tmp_path / "s", ignore=shutil.ignore_patterns("report", "processed"))
    filled = pd.read_csv(folder / "contact.csv", dtype=str).head(3).assign(contacted_at="2026-07-01", status="solved")
    filled.to_csv(tmp_path / "s" / "raw" / "followup.csv", index=False)
    toml = tmp_path / "s" / "study.toml"
    toml.write_text(toml.read_text("utf-8") + '\n[followup]\npath = "raw/followup.csv"\n', "utf-8")
    again = summary.tell(Study.open(tmp_path / "s"))
    assert not isinstance(again.contacts, Limit)
    assert not isinstance(story.contacts, Limit)
    assert len(again.contacts.cases) == len(story.contacts.cases) - 3
    assert not set(filled["response_id"]) & set(again.contacts.cases["response_id"])


def test_the_lists_speak_the_language_of_the_study(study: Study, tmp_path: Path) -> None:
    """Reasons, themes and the whole workbook are Swedish where study.toml says so; the CSV keeps names and codes."""
    shutil.copytree(study.folder, tmp_path / "s", ignore=shutil.ignore_patterns("report", "processed", "results"))
    toml = tmp_path / "s" / "study.toml"
    toml.write_text(toml.read_text("utf-8").replace('language = "en"', 'language = "sv"', 1), "utf-8")
    swedish = Study.open(tmp_path / "s")
    folder = takeaway.write_contacts(swedish, contact_lists(swedish))
    assert folder is not None
    told = pd.read_csv(folder / "contact.csv", dtype=str)
    english = contact_lists(study).cases
    assert list(told.columns) == list(english.columns)
    english = english[english["age"] != "old"]
    assert told["kind"].tolist() == english["kind"].tolist()
    assert told["reason"].str.contains("har väntat i").all()
    named = {language: read_taxonomy().label("waiting", language) for language in ("en", "sv")}
    assert named["en"] != named["sv"]
    assert set(english["theme"].dropna()) == {named["en"]}
    assert set(told["theme"].dropna()) == {named["sv"]}
    book = openpyxl.load_workbook(folder / "followup.xlsx")
    assert book.sheetnames[:5] == ["Om", "Kontakta", "Äldre", "Citat", "Inte än"]
    assert [cell.value for cell in book["Om"][1]] == ["Blad", "Innehåll"]
    heads = [str(cell.value) for cell in book["Kontakta"][1]]
    assert {"Svars-id", "Kontaktad", "Status", "Skäl"} <= set(heads)
    assert not set(heads) & set(english.columns)
    assert "inte känt" in str(pd.read_csv(folder / "not_yet.csv")["note"].iloc[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_can_be_filled_in_and_read_back(language: str, study: Study, tmp_path: Path) -> None:
    """The sheet of the workbook, saved as CSV with the headers of its language, closes its cases."""
    shutil.copytree(study.folder, tmp_path / "s", ignore=shutil.ignore_patterns("report", "processed", "results"))
    toml = tmp_path / "s" / "study.toml"
    toml.write_text(toml.read_text("utf-8").replace('language = "en"', f'language = "{language}"', 1), "utf-8")
    other = Study.open(tmp_path / "s")
    lists = contact_lists(other)
    folder = takeaway.write_contacts(other, lists)
    assert folder is not None
    sheet = pd.read_excel(folder / "followup.xlsx", sheet_name=1, dtype=str, engine="openpyxl")
    local = Local(language)
    filled = sheet.head(3).assign(**{local.say("Contacted"): "2026-07-01", local.say("Status"): local.say("solved")})
    filled.to_csv(tmp_path / "s" / "raw" / "followup.csv", index=False)
    toml.write_text(toml.read_text("utf-8") + '\n[followup]\npath = "raw/followup.csv"\n', "utf-8")
    again = Study.open(tmp_path / "s")
    assert {"response_id", "contacted_at", "status"} <= set(again.followup().columns)
    assert len(contact_lists(again).cases) == len(lists.cases) - 3


def test_a_list_without_people_says_so_and_is_read_back(tmp_path: Path) -> None:
    """Without ids and people each case has its row, the workbook says why no name is there, and filling in closes."""
    lines = ["NPS,Date", *(f"{i % 11},2026-01-{1 + i % 28:02d}" for i in range(60))]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n", "utf-8")
    list(start_study(tmp_path / "s", [tmp_path / "a.csv"]))
    study = Study.open(tmp_path / "s")
    folder = takeaway.write_contacts(study, contact_lists(study))
    assert folder is not None
    listed = pd.read_csv(folder / "contact.csv", dtype=str)
    assert listed["response_id"].str.fullmatch(r"a\.csv row \d+ of 2026-01-\d\d").all()
    assert listed["reason"].str.contains("names nobody").all()
    about = openpyxl.load_workbook(folder / "followup.xlsx")["About"]
    assert f"{len(listed)} of {len(listed)} cases name nobody" in str(about["B2"].value)
    said = as_text(cases_sentence(contact_lists(study)))
    assert said.startswith(f"**{len(listed)} answers wait for a contact on 2026-01-28: ")
    assert said.endswith(
        "nobody can be called: the list has file, row and day of each, to be read and found again in the export."
    )
    listed.head(5).assign(contacted_at="2026-02-01").to_csv(tmp_path / "s" / "raw" / "followup.csv", index=False)
    toml = tmp_path / "s" / "study.toml"
    toml.write_text(toml.read_text("utf-8") + '\n[followup]\npath = "raw/followup.csv"\n', "utf-8")
    assert len(contact_lists(Study.open(tmp_path / "s")).cases) == len(listed) - 5


def test_without_dates_there_is_no_list(study: Study) -> None:
    """A limit leaves no stale list behind."""
    assert takeaway.write_contacts(study, Limit("no dates")) is None
    assert not (study.results / "followup").exists()


def test_the_ledger_is_masked(tmp_path: Path) -> None:
    """A rejected value that is an e-mail address is a mark in the file; comments are not in it."""
    (tmp_path / "a.csv").write_text(
        "NPS,Date,Comment\n10,2026-01-31,x\n0,2026-01-31,y\nanna@firm.example,2026-01-31,secret\n", "utf-8"
    )
    list(start_study(tmp_path / "s", [tmp_path / "a.csv"]))
    text = takeaway.write_ledger(Study.open(tmp_path / "s")).read_text("utf-8-sig")
    assert "unreadable_score" in text
    assert "anna@firm.example" not in text
    assert "secret" not in text


def test_summary_json_keeps_its_keys(study: Study) -> None:
    """The documented keys, all of them, in JSON without NaN; the guide explains each."""
    result = summary.summarise(study)
    told = json.loads(json.dumps(result, allow_nan=False))
    first = ("n", "nps", "low", "high", "rows_in", "responses", "rejected")
    assert set(first) <= set(told)
    assert told["rows_in"] == told["responses"] + told["rejected"]
    assert told["n"] == told["detractors"] + told["passives"] + told["promoters"]
    assert told["nps"] == pytest.approx(100 * (told["promoters"] - told["detractors"]) / told["n"])
    guide = summary.results_guide()
    assert all(f"`{key}`" in guide for key in told)


def test_no_browser_is_said_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without chromium there is no PDF and no failure."""
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert takeaway.write_pdf(tmp_path / "index.html", tmp_path / "a.pdf").startswith("no PDF: none of chromium")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say yes."""
        return True


def test_progress_names_notebook_cell_and_time() -> None:
    """On a terminal one line is rewritten; elsewhere nothing is written."""
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        progress = Progress("02-nps", 3, stream=stream)
        progress.cell(v4.new_markdown_cell("# x"), 0)  # type: ignore[no-untyped-call]
        progress.cell(v4.new_code_cell("total = 1\nmore"), 1)  # type: ignore[no-untyped-call]
        progress.clear()
    assert "\r02-nps: cell 1 of 3, 0 s  total = 1" in terminal.getvalue()
    assert "\n" not in terminal.getvalue()
    assert pipe.getvalue() == ""


def test_a_failing_cell_is_named_with_its_heading() -> None:
    """The message says which notebook, which cell and under which heading."""
    path = build.notebooks()[0]
    assert place_of(path, 3).startswith(f'{path.name}, cell 3, under "')
    assert place_of(path, None) == path.name


def test_few_cells_are_made_neutral_as_many_are() -> None:
    """A short column is looked at cell by cell, a long one by pandas: with the same cells changed."""
    cells = ["=1", "+2", " -3", "@x", "Anna", "", "7", "\t", "\r\n=", "＝x", "é", None, "=1", "a=b"]
    short = pd.DataFrame({"text": pd.Series(cells, dtype="str")})
    times = sheets._FEW // len(cells) + 1
    long = pd.concat([short] * times, ignore_index=True)
    assert len(short) <= sheets._FEW < len(long)
    expected = pd.concat([sheets.neutral_table(short)] * times, ignore_index=True)
    pd.testing.assert_frame_equal(sheets.neutral_table(long), expected)
