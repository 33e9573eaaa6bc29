"""Files as newcomers bring them: kinds of survey in one column, fields of an interface, a wave in the sheet's name."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from nps_utils.checks import BadAnswers, BadFile, MissingColumn
from nps_utils.cleaning.clean import clean
from nps_utils.exports import read_export, recognise
from nps_utils.exports.files.plain import read_table
from nps_utils.report.recognising import Help
from nps_utils.report.start import start_study
from nps_utils.study.study import Study

SCORES = [10, 9, 8, 7, 6, 0, 3, 10, 9, 5] * 3


def write(path: Path, rows: list[list[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def test_scores_beside_words_of_another_survey(tmp_path: Path) -> None:
    """The column was said to hold no whole numbers; the line that is offered now works, and the requester is known."""
    rows: list[list[object]] = [["Ticket", "Requester Email", "Survey Type", "Rating", "Created at"]]
    for i, score in enumerate(SCORES):
        rows.append([i, f"p{i % 20}@x.example", "NPS", score, f"2026-03-{1 + i % 28:02d}"])
        rows.append([i, f"p{i}@x.example", "CSAT", "Good" if i % 3 else "Bad", "2026-03-01"])
    path = write(tmp_path / "a.csv", rows)
    with pytest.raises(MissingColumn, match=r'columns = \{ score = "Rating" \}'):
        recognise(path)
    responses, ledger = clean(read_export(path, columns={"score": "Rating"})[0], timezone="UTC")
    assert len(responses) == 20  # the later answer of each
    assert (ledger["reason"] == "not_nps").sum() == 30


def test_fields_that_an_interface_wraps_are_known(tmp_path: Path) -> None:
    """`attributes.score` is a score, `person.company.id` the company of a person."""
    made = [
        {"attributes": {"score": s, "comment": f"it was case {i}"}, "person": {"company": {"id": i % 7}}}
        for i, s in enumerate(SCORES)
    ]
    (tmp_path / "a.json").write_text(json.dumps({"data": made}))
    columns = recognise(tmp_path / "a.json").columns
    assert columns["score"] == "attributes.score"
    assert columns["account_id"] == "person.company.id"


@pytest.mark.parametrize(
    ("file", "names", "waves"),
    [
        ("svar.xlsx", ["2025 uge 9", "2025 uge 21"], ["2025-W09", "2025-W21"]),
        ("nps 2025.xlsx", ["Januar", "Februar"], ["2025-01", "2025-02"]),
        ("svar.xlsx", ["Runde 1", "Runde 2"], ["all"]),
    ],
)
def test_sheets_without_dates_are_the_waves_that_their_names_tell(
    tmp_path: Path, file: str, names: list[str], waves: list[str]
) -> None:
    """All of them were one wave, so that no change was told."""
    book = openpyxl.Workbook()
    for name in names:
        page = book.create_sheet(name)
        for row in (
            ["Vil du anbefale os?", "Hvorfor?"],
            *([s, f"fordi sag {i} tog tid"] for i, s in enumerate(SCORES)),
        ):
            page.append(row)
    book.remove(book.worksheets[0])
    book.save(tmp_path / file)
    list(start_study(tmp_path / "s", [tmp_path / file], timezone="UTC", told=Help(sheet=("all",))))
    responses = Study.open(tmp_path / "s").responses()
    assert sorted(responses["wave"].unique()) == waves
    assert len(responses) == 60


def test_an_account_that_is_written_once_for_its_rows_is_said(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Kunde", "Dato", "NPS"]]
    rows += [[f"Kunde {i // 5} AS" if i % 5 == 0 else "", f"2026-03-{1 + i % 28:02d}", s] for i, s in enumerate(SCORES)]
    notes = " ".join(recognise(write(tmp_path / "a.csv", rows)).notes)
    assert '"Kunde" is filled in 6 of 30 rows, each value once' in notes


@pytest.mark.parametrize("null", ["NULL", r"\N", "(blank)"])
def test_what_a_database_writes_for_nothing_is_no_account_no_group_and_no_end(tmp_path: Path, null: str) -> None:
    """Answers of nobody's were one account that all of them shared, and every account had ended."""
    rows: list[list[object]] = [["user_id", "account_id", "plan", "nps_score", "created_at", "deleted_at"]]
    for i, score in enumerate(SCORES):
        gone = "2026-04-01 10:00" if i % 10 == 0 else null
        known = i % 3 > 0
        rows.append([i if known else null, 100 + i % 7 if known else null, "Pro" if i % 2 else null, score,
                     f"2026-03-{1 + i % 28:02d}", gone])  # fmt: skip
    path = write(tmp_path / "a.csv", rows)
    found = recognise(path)
    assert "plan" not in found.segments  # of one value
    responses, ledger = clean(read_export(path)[0], timezone="UTC")
    assert (ledger["reason"] == "deleted_by_tool").sum() == 3
    assert len(responses) == 27
    assert responses["account_id"].isna().sum() == 9
    side = read_table(write(tmp_path / "b.csv", [["account_id", "churned_on"], [100, null], [101, "2026-02-01"]]))
    assert side["churned_on"].isna().tolist() == [True, False]
    assert side["account_id"].tolist() == ["100", "101"]


def test_numbers_under_a_tools_header_of_comments_are_offered_as_the_score(tmp_path: Path) -> None:
    """The column was the comment, so that the file was said to hold no whole numbers at all."""
    header: list[object] = ["Record ID", "Survey Name", "Survey Type", "Response", "Response Group", "Submitted Date"]
    bands = ["Detractor"] * 7 + ["Passive"] * 2 + ["Promoter"] * 2
    rows: list[list[object]] = [[i, "NPS", "NPS", s, bands[s], "2026-03-01"] for i, s in enumerate(SCORES)]
    path = write(tmp_path / "a.csv", [header, *rows])
    with pytest.raises(MissingColumn, match=r'columns = \{ score = "Response" \}'):
        recognise(path)
    assert len(clean(read_export(path, columns={"score": "Response"})[0], timezone="UTC")[0]) == 30


def test_names_of_accounts_that_differ_by_case_are_said_and_the_line_makes_them_one(tmp_path: Path) -> None:
    """Each spelling was an account of its own, unsaid, and the line did nothing without a table of accounts."""
    names = ["Bo AB", "BO AB", "Bo  AB", "Kro AS", "Ny AS"]
    rows: list[list[object]] = [["Firma", "NPS", "Dato"]]
    rows += [[names[i % 5], s, f"2026-03-{1 + i % 28:02d}"] for i, s in enumerate(SCORES)]
    path = write(tmp_path / "a.csv", rows)
    assert 'account_ids = "alike" under [answers]' in " ".join(recognise(path).notes)
    list(start_study(tmp_path / "s", [path], timezone="UTC"))
    toml = tmp_path / "s" / "study.toml"
    toml.write_text(toml.read_text("utf-8").replace("# account_ids", "account_ids"), "utf-8")
    assert sorted(Study.open(tmp_path / "s").responses()["account_id"].unique()) == ["Bo AB", "Kro AS", "Ny AS"]


def test_averages_beside_their_number_of_answers_are_asked_about(tmp_path: Path) -> None:
    """Rounded means of shops were answers, and their NPS was finished."""
    rows: list[list[object]] = [["Butik", "NPS", "Antal svar"]]
    rows += [[f"B{i}", max(5, s), 3 + i] for i, s in enumerate(SCORES)]
    path = write(tmp_path / "a.csv", rows)
    with pytest.raises(BadAnswers, match=r'columns = \{ score = "NPS" \}'):
        recognise(path)
    assert recognise(path, columns={"score": "NPS"}).columns["score"] == "NPS"


def test_a_number_beside_names_of_companies_is_the_companys(tmp_path: Path) -> None:
    """Under `Namn` the companies were taken for people, and half of the answers set aside as repeated."""
    rows: list[list[object]] = [["Namn", "Kundnr", "Datum", "NPS"]]
    rows += [[f"Firma {i % 7} AB", f"{i % 7:04d}", f"2026-03-{1 + i % 28:02d}", s] for i, s in enumerate(SCORES)]
    columns = recognise(write(tmp_path / "a.csv", rows)).columns
    assert columns["account_id"] == "Kundnr"
    assert "respondent_id" not in columns
    people: list[list[object]] = [rows[0], *([f"Ann {i} Berg", *row[1:]] for i, row in enumerate(rows[1:]))]
    assert recognise(write(tmp_path / "b.csv", people)).columns.get("account_id") in (None, "Kundnr")


def test_the_same_file_under_two_names_counts_once(tmp_path: Path) -> None:
    rows: list[list[object]] = [["NPS", "Dato"], *([s, f"2026-03-{1 + i % 28:02d}"] for i, s in enumerate(SCORES))]
    twice = [write(tmp_path / name, rows) for name in ("svar.csv", "svar (1).csv")]
    with pytest.raises(BadFile, match="are the same under two names, so that every answer would count twice"):
        list(start_study(tmp_path / "s", twice, timezone="UTC"))
    list(start_study(tmp_path / "s", twice[:1], timezone="UTC"))
