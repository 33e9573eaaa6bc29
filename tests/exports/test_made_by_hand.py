"""Tables that somebody arranged by hand: totals below, groups of columns above, merged cells, waves in files' names."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from nps_utils import clean
from nps_utils.checks import BadInput
from nps_utils.exports import read_export
from nps_utils.report.start import start_study
from nps_utils.study.study import Study

Row = list[object]
SCORES = [10, 9, 8, 7, 6, 0, 3, 10, 9, 5] * 3


def sheet(path: Path, rows: list[Row], *, merged: tuple[str, ...] = ()) -> Path:
    """Write a workbook of one sheet."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    for cells in merged:
        page.merge_cells(cells)
    book.save(path)
    return path


def answers() -> list[Row]:
    """Thirty answers with a number, a day, a score and a comment."""
    return [[f"K{at}", f"{1 + at % 28:02d}.03.2026", score, f"tekst {at}"] for at, score in enumerate(SCORES)]


HEADERS: Row = ["Kundenr", "Dato", "Hvor sannsynlig er det at du vil anbefale oss?", "Kommentar"]


@pytest.mark.parametrize("words", [("Antall svar", "Snitt", "Totalt:"), ("Total", "Gemiddelde", "NPS")])
def test_totals_below_are_nobodys_answers(tmp_path: Path, words: tuple[str, ...]) -> None:
    """An average of 7 with the day of the report looks like an answer."""
    totals: list[Row] = [[word, "31.03.2026", 7, None] for word in words]
    rows = [HEADERS, *answers(), *totals]
    responses, ledger = clean(read_export(sheet(tmp_path / "a.xlsx", rows))[0], timezone="Europe/Oslo")
    assert sorted(responses["score"]) == sorted(SCORES)
    rejected = ledger[ledger["action"] == "rejected"]
    assert rejected["reason"].tolist() == ["totals_row"] * 3


def test_a_word_of_totals_that_names_rows_or_a_customer_is_none(tmp_path: Path) -> None:
    """NPS for the kind of survey in each row; a customer called Total, whose row is as full as others."""
    rows = [["Type", *HEADERS], *(["NPS", *row] for row in answers())]
    assert len(clean(read_export(sheet(tmp_path / "a.xlsx", rows))[0], timezone="Europe/Oslo")[0]) == 30
    rows = [["Firma", *HEADERS], *([f"F{at % 7}", *row] for at, row in enumerate(answers()))]
    rows[-1][0] = "Total"
    assert len(clean(read_export(sheet(tmp_path / "b.xlsx", rows))[0], timezone="Europe/Oslo")[0]) == 30


def test_subtotals_between_answers_are_none_either(tmp_path: Path) -> None:
    """Nord i alt: an average without a day, a comment or a customer; a shop called Coop Total answers like others."""
    rows: list[Row] = [["Region", "Butik", "NPS", "Kommentar"]]
    for at, score in enumerate(SCORES):
        rows.append(["Nord" if at < 15 else "Coop Total", f"B{at % 5}", score, f"tekst {at}"])
        if at % 15 == 14:
            rows.append([f"{rows[-1][0]} i alt", None, 7, None])
    responses, ledger = clean(read_export(sheet(tmp_path / "a.xlsx", rows))[0], timezone="Europe/Oslo")
    assert sorted(responses["score"]) == sorted(SCORES)
    assert (ledger["reason"] == "totals_row").sum() == 2


@pytest.mark.parametrize("mark", ["x", "1", "TRUE"])
def test_a_cross_in_the_column_of_the_answer_is_the_answer(tmp_path: Path, mark: str) -> None:
    """Eleven columns of one question; two crosses are no answer, and the ledger says what stood there."""
    blank = {"x": None, "1": "0", "TRUE": "FALSE"}[mark]
    names = [f"How likely are you to recommend us? [{option}]" for option in range(11)]
    rows: list[Row] = [["Date", *names, "Why?"]]
    for at, score in enumerate(SCORES):
        cells: Row = [mark if option == score else blank for option in range(11)]
        rows.append([f"2026-03-{1 + at % 28:02d}", *cells, f"text {at}"])
    table, recognised = read_export(sheet(tmp_path / "a.xlsx", rows))
    assert table["score"].tolist() == list(map(str, SCORES))
    assert recognised.toml_columns["score"] == names
    again, _ = read_export(tmp_path / "a.xlsx", columns=recognised.toml_columns)
    assert again["score"].tolist() == table["score"].tolist()


def test_a_score_with_its_reason_in_one_cell_says_what_to_do(tmp_path: Path) -> None:
    """It is refused, since a reason may begin with a number of its own; the message names the way on."""
    cells = [f"{score} - too expensive, {at} of us say" if at % 3 else str(score) for at, score in enumerate(SCORES)]
    told: list[Row] = [[f"2026-03-{1 + at % 28:02d}", cell] for at, cell in enumerate(cells)]
    rows: list[Row] = [["Date", "Rating and reason"], *told]
    with pytest.raises(BadInput, match="Put number and words into two columns"):
        read_export(sheet(tmp_path / "a.xlsx", rows))


def test_rounds_called_by_their_season_are_waves(tmp_path: Path) -> None:
    """Spring and autumn of one customer: three answers, not two of three."""
    rows: list[Row] = [["Kunde", "NPS vår 2025", "NPS høst 2025", "NPS vår 2026"]]
    rows += [[f"K{at}", score, SCORES[at - 3], SCORES[at - 5]] for at, score in enumerate(SCORES)]
    table, _ = read_export(sheet(tmp_path / "a.xlsx", rows))
    assert table["wave"].value_counts().to_dict() == {"2025-H1": 30, "2025-H2": 30, "2026-H1": 30}


def test_a_former_score_is_no_driver_of_the_score(tmp_path: Path) -> None:
    """Neither it nor the change since is offered as a rating or a segment."""
    rows: list[Row] = [["Senaste NPS", "Föregående NPS", "Förändring", "Datum"]]
    rows += [[s, SCORES[at - 3], s - SCORES[at - 3], f"2026-03-{1 + at % 28:02d}"] for at, s in enumerate(SCORES)]
    _, recognised = read_export(sheet(tmp_path / "a.xlsx", rows))
    assert recognised.score_column == "Senaste NPS"
    assert (recognised.ratings, recognised.segments) == ((), ())


@pytest.mark.parametrize("word", ["Delvist gennemført", "Inte besvarad", "nicht ausgefüllt", "Gedeeltelijk afgerond"])
def test_part_of_complete_is_not_complete(tmp_path: Path, word: str) -> None:
    """A word for complete behind one for part of it, in the languages of exports."""
    done = {"D": "Gennemført", "I": "Besvarad", "n": "ausgefüllt", "G": "Afgerond"}[word[0]]
    rows: list[Row] = [["Status", *HEADERS], *([word if at % 5 == 0 else done, *r] for at, r in enumerate(answers()))]
    responses, ledger = clean(read_export(sheet(tmp_path / "a.xlsx", rows))[0], timezone="Europe/Oslo")
    assert len(responses) == 24
    assert (ledger["reason"] == "unfinished").sum() == 6


def test_names_of_groups_stand_above_the_headers(tmp_path: Path) -> None:
    """Respondent over two columns, Survey over three: no header of one of them."""
    above: Row = ["Respondent", None, "Survey answers", None]
    path = sheet(tmp_path / "a.xlsx", [above, HEADERS, *answers()], merged=("A1:B1", "C1:D1"))
    table, recognised = read_export(path)
    assert table["score"].tolist() == list(map(str, SCORES))
    assert recognised.columns["comment"] == "Kommentar"


def test_what_merged_rows_share_is_known_of_each(tmp_path: Path) -> None:
    """The company stands once for its three contacts; a merged score is one answer."""
    rows = [
        ["Company", *HEADERS[1:]],
        *([f"C{at // 3}" if at % 3 == 0 else None, *row[1:]] for at, row in enumerate(answers())),
    ]
    merged = tuple(f"A{2 + 3 * at}:A{4 + 3 * at}" for at in range(10))
    table, recognised = read_export(sheet(tmp_path / "a.xlsx", rows, merged=merged))
    assert table["account_id"].tolist() == [f"C{at // 3}" for at in range(30)]
    assert any("20 cells got their value so" in note for note in recognised.notes)
    table, _ = read_export(sheet(tmp_path / "b.xlsx", rows, merged=(*merged, "C2:C4")))
    assert table["score"].notna().sum() == 28


def test_a_wave_that_only_the_names_of_files_tell(tmp_path: Path) -> None:
    """The same people in both files and no date: without the waves half of the answers were set aside as repeats."""
    files = []
    for name, order in (("Puls Q1 2026.csv", 1), ("Puls Q2 2026.csv", -1)):
        files.append(tmp_path / name)
        rows = "".join(f"p{at}@x.example,{score}\n" for at, score in enumerate(SCORES[::order]))
        files[-1].write_text(f"Email,NPS\n{rows}", "utf-8")
    told = list(start_study(tmp_path / "s", files, timezone="Europe/Oslo"))
    assert 'Puls Q1 2026.csv: its wave is "2026-Q1", as its name says; no column has a date.' in told
    waves = Study.open(tmp_path / "s").responses()["wave"].value_counts()
    assert waves.to_dict() == {"2026-Q1": 30, "2026-Q2": 30}
    # Of one file, or of names that tell the same period, nothing is taken.
    again = list(start_study(tmp_path / "one", files[:1], timezone="Europe/Oslo"))
    assert not any("its wave is" in line for line in again)


def test_a_wave_of_study_toml_that_is_not_used_is_told(tmp_path: Path) -> None:
    """It needs by = "column"."""
    path = tmp_path / "a.csv"
    path.write_text(
        "NPS,Date\n" + "".join(f"{score},2026-03-{at + 1:02d}\n" for at, score in enumerate(SCORES)), "utf-8"
    )
    list(start_study(tmp_path / "s", [path], timezone="Europe/Oslo"))
    toml = tmp_path / "s" / "study.toml"
    toml.write_text(toml.read_text("utf-8").replace("[[export]]", '[[export]]\nwave = "2026-Q1"'), "utf-8")
    ledger = Study.open(tmp_path / "s").ledger()
    assert ledger["value"].str.contains('wave = "2026-Q1" of study.toml is not used').any()
