"""Tables that are not one row per answer: each is read to the right score, or refused with a way on that works."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

import nps_utils as nps
from nps_utils.checks import BadFile, BadStudy, MissingColumn, NoSuchHeader, NoSuchSheet, SeveralSheets, Undecidable
from nps_utils.exports import Recognised, read_export, scan_export
from nps_utils.report.recognising import Help
from nps_utils.report.start import start_study
from nps_utils.study.study import Study

# 16 promoters, 10 passives, 14 detractors: +5.0.
SCORES = [8, 10, 7, 8, 7, 9, 3, 6, 10, 0, 9, 5, 10, 2, 9, 8, 6, 10, 7, 3, 9, 10, 8, 6, 0, 10, 9, 3, 8, 7]
SCORES += [10, 5, 9, 2, 10, 6, 9, 3, 8, 10]
QUESTION = "How likely are you to recommend Bergvik Tools to a colleague?"
WHY = "Why?"
Row = Sequence[object]


def day(i: int) -> str:
    """A time of its own for each answer, in 2025-Q3 and Q4."""
    return f"2025-{8 + i // 14:02d}-{1 + 2 * (i % 14):02d} {8 + i % 9:02d}:15:00"


def said(i: int) -> str:
    """A comment of its own for each answer."""
    return f"the spare part of order {i} came far too late for us"


def write(path: Path, header: Row, rows: Sequence[Row], *, delimiter: str = ",") -> Path:
    """Write a CSV and return its path."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    return path


def book(path: Path, sheets: dict[str, Sequence[Row]]) -> Path:
    """Write a workbook and return its path."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    workbook.save(path)
    return path


def scored(path: Path, **options: object) -> tuple[float, int, pd.DataFrame, pd.DataFrame, Recognised]:
    """Read, clean and score a file: NPS, n, responses, ledger and what it was recognised as."""
    table, found = read_export(path, **options)  # type: ignore[arg-type]
    responses, ledger = nps.clean(table, timezone="Europe/Stockholm")
    total = nps.score(nps.count_bands(responses)).iloc[0]
    return round(float(total["nps"]), 1), int(total["n"]), responses, ledger, found


def started(folder: Path, *paths: Path, told: Help | None = None) -> tuple[Study, list[str]]:
    """Start a study and return it with what was said."""
    lines = list(start_study(folder, paths, timezone="Europe/Stockholm", told=told))
    return Study.open(folder), lines


def test_the_scores_are_what_they_should_be() -> None:
    """Counted here, not by the library."""
    assert len(SCORES) == 40
    assert (sum(s >= 9 for s in SCORES), sum(s <= 6 for s in SCORES)) == (16, 14)


# One row per question.

LONG: dict[str, tuple[Row, Callable[[int, int], Sequence[Row]]]] = {
    "id, date, question, answer": (
        ["response_id", "answered_on", "question", "answer"],
        lambda i, s: [
            [f"a{i}", day(i), QUESTION, s],
            [f"a{i}", day(i), "How satisfied are you with delivery (0-10)?", (7 * s) % 11],
            [f"a{i}", day(i), WHY, said(i)],
        ],
    ),
    "Swedish": (
        ["Svars-ID", "Datum", "Fråga", "Svar"],
        lambda i, s: [
            [f"a{i}", day(i), "Hur troligt är det att du rekommenderar oss till en kollega?", s],
            [f"a{i}", day(i), "Varför gav du det betyget?", said(i)],
        ],
    ),
    "codes that say it": (
        ["respondent", "question_id", "value"],
        lambda i, s: [[i + 1, "NPS", s], [i + 1, "CSAT", i % 5 + 1], [i + 1, "comment", said(i)]],
    ),
    "numbers and texts apart, with the number and the kind of the question": (
        ["submission_id", "date", "question_id", "question_text", "question_type", "answer_numeric", "answer_text"],
        lambda i, s: [
            [f"a{i}", day(i), 1, QUESTION, "nps", s, ""],
            [f"a{i}", day(i), 2, "What is the main reason for your score?", "text", "", said(i)],
            [f"a{i}", day(i), 3, "How satisfied are you with support?", "rating", i % 5 + 1, ""],
        ],
    ),
    "the same twenty people twice": (
        ["customer_id", "date", "question", "answer"],
        lambda i, s: [
            [f"c{i % 20}", f"2025-{8 + i // 20 * 3:02d}-{i % 20 + 1:02d}", question, answer]
            for question, answer in ((QUESTION, s), (WHY, said(i)))
        ],
    ),
    "labels": (
        ["response_id", "question", "answer"],
        lambda i, s: [
            [f"a{i}", QUESTION, {10: "10 - Extremely likely", 0: "0 - Not at all likely"}.get(s, str(s))],
            [f"a{i}", WHY, said(i)],
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("mixed", [False, True])
def test_one_row_per_question(name: str, *, mixed: bool, tmp_path: Path) -> None:
    """The recommend question alone is the score, the comment of the same answer stays with it, in any order of rows."""
    header, rows_of = LONG[name]
    rows = [row for i, s in enumerate(SCORES) for row in rows_of(i, s)]
    if mixed:
        rows = sorted(rows, key=lambda row: str(row[-2:]))
    value, n, responses, _, found = scored(write(tmp_path / "long.csv", header, rows))
    assert (value, n) == (5.0, 40)
    assert responses["comment"].notna().sum() == 40
    assert any(reason.startswith("shape is one row per question") for reason in found.reasons)
    if name.startswith("id"):
        pairs = dict(
            zip(responses["response_id"], zip(responses["score"], responses["comment"], strict=True), strict=True)
        )
        assert pairs == {f"a{i}": (s, said(i)) for i, s in enumerate(SCORES)}


def test_long_answers_without_an_id_are_only_the_recommend_question(tmp_path: Path) -> None:
    """Nothing says which rows are one answer: the others are in the ledger, by their reason."""
    rows = [
        row for i, s in enumerate(SCORES) for row in ([QUESTION, s], ["How satisfied are you (0-10)?", (3 * i) % 11])
    ]
    value, n, _, ledger, _ = scored(write(tmp_path / "long.csv", ["question", "answer"], rows))
    assert (value, n) == (5.0, 40)
    assert (ledger["reason"] == "other_question").sum() == 40


def test_a_repeated_long_answer_is_in_the_ledger(tmp_path: Path) -> None:
    """The rows of one answer exported twice make two rows, of which the id tells that they are one answer."""
    rows = [row for i, s in enumerate(SCORES) for row in ([f"a{i}", QUESTION, s], [f"a{i}", WHY, said(i)])]
    path = write(tmp_path / "long.csv", ["response_id", "question", "answer"], [*rows, *rows[:2]])
    value, n, _, ledger, _ = scored(path)
    assert (value, n) == (5.0, 40)
    assert (ledger["action"] == "rejected").sum() == 1


def test_two_recommend_questions_ask_which(tmp_path: Path) -> None:
    """The lines of the message work as they stand; the column of all answers is no score."""
    ours, theirs = "How likely are you to recommend our product?", "How likely are you to recommend our support?"
    rows = [row for i, s in enumerate(SCORES) for row in ([f"a{i}", ours, s], [f"a{i}", theirs, 10 - s])]
    path = write(tmp_path / "long.csv", ["response_id", "question", "answer"], rows)
    with pytest.raises(Undecidable, match="one row per question") as refused:
        read_export(path)
    assert f'columns = {{ score = "{ours}" }}' in str(refused.value)
    assert scored(path, columns={"score": ours})[:2] == (5.0, 40)
    with pytest.raises(NoSuchHeader, match="one row per question"):
        read_export(path, columns={"score": "answer"})


def test_a_question_column_beside_ordinary_answers_changes_nothing(tmp_path: Path) -> None:
    """Two languages of one question, one row per answer."""
    rows = [[f"a{i}", day(i), QUESTION if i % 2 else "Hur troligt är det att du rekommenderar oss?", s, said(i)]
            for i, s in enumerate(SCORES)]  # fmt: skip
    path = write(tmp_path / "wide.csv", ["response_id", "date", "question", "score", "comment"], rows)
    value, n, responses, _, found = scored(path)
    assert (value, n, responses["comment"].notna().sum()) == (5.0, 40, 40)
    assert not any(reason.startswith("shape is") for reason in found.reasons)


def test_long_tables_stay_lazy(tmp_path: Path) -> None:
    """Questions that come after the rows looked at are found, and the table is a lazy frame."""
    rows = [row for i in range(3_000) for row in ([f"a{i}", QUESTION, SCORES[i % 40]], [f"a{i}", WHY, said(i)])]
    path = write(tmp_path / "long.csv", ["response_id", "question", "answer"], [*rows, ["a7", "Anything else?", "no"]])
    lazy, _ = scan_export(path)
    assert "Anything else?" in lazy.collect_schema().names()
    responses, _ = nps.clean(lazy, timezone="UTC")
    assert len(responses.collect()) == 3_000


# Score and count.


@pytest.mark.parametrize(
    "header", [["score", "count"], ["Betyg", "Antal"], ["NPS score", "Number of responses"], ["Score", "n"]]
)
def test_score_and_count(header: Row, tmp_path: Path) -> None:
    """Every answer is a row of its own; the total is one row of the ledger."""
    rows: list[Row] = [[s, SCORES.count(s)] for s in range(11)]
    value, n, _, ledger, found = scored(write(tmp_path / "counts.csv", header, [*rows, ["Total", 40]]))
    assert (value, n) == (5.0, 40)
    assert (ledger["action"] == "rejected").sum() == 1
    assert any("table of counts" in reason for reason in found.reasons)


def test_score_and_count_by_country(tmp_path: Path) -> None:
    """Groups stay groups, and shares beside the counts are no columns."""
    parts = {"SE": SCORES[::2], "NO": SCORES[1::2]}
    rows = [[land, s, part.count(s), f"{5 * part.count(s)}.0%"] for land, part in parts.items() for s in range(11)]
    value, n, responses, _, found = scored(write(tmp_path / "counts.csv", ["Land", "Score", "Count", "Share"], rows))
    assert (value, n) == (5.0, 40)
    assert responses["Land"].value_counts().to_dict() == {"SE": 20, "NO": 20}
    assert found.segments == ("Land",)


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (["Month", "Promoters", "Passives", "Detractors", "NPS"], [["Aug", 6, 4, 5, 7], ["Sep", 10, 6, 9, 4]]),
        (["Month", *map(str, range(11))], [["Aug", *(SCORES[:20].count(s) for s in range(11))]]),
    ],
)
def test_other_tables_of_counts_are_refused_by_name(header: Row, rows: Sequence[Row], tmp_path: Path) -> None:
    """The text says what they are and what is read instead."""
    with pytest.raises(BadFile, match=r"table of counts.*score.*count"):
        read_export(write(tmp_path / "counts.csv", header, rows))


# One column per period.


def test_one_column_per_year(tmp_path: Path) -> None:
    """Years are waves, comments go with their year, and the same customer is in each."""
    later = [min(10, s + 1) for s in SCORES]
    header = ["Kundnr", "NPS 2023", "Kommentar 2023", "NPS 2024", "Kommentar 2024"]
    rows = [[1000 + i, SCORES[i], f"then {said(i)}", later[i] if i % 4 else "", ""] for i in range(40)]
    study, lines = started(tmp_path / "study", write(tmp_path / "years.csv", header, rows, delimiter=";"))
    responses = study.responses()
    first = responses[responses["wave"] == "2023"]
    assert round(float(nps.score(nps.count_bands(first))["nps"].iloc[0]), 1) == 5.0
    assert responses["wave"].value_counts().to_dict() == {"2023": 40, "2024": 30}
    assert first["comment"].notna().sum() == 40
    paired = nps.paired_change(responses, person="respondent_id", before="2023", after="2024")
    assert int(paired["n_both"].iloc[0]) == 30
    assert any("one column per period" in line for line in lines)


def test_bare_years_are_asked_about_and_the_advice_works(tmp_path: Path) -> None:
    """A column called 2023 may hold anything; named together they are waves."""
    rows = [[f"Firm {i}", s, 10 - s] for i, s in enumerate(SCORES)]
    path = write(tmp_path / "years.csv", ["Company", "2023", "2024"], rows)
    with pytest.raises(MissingColumn, match="several waves") as refused:
        read_export(path)
    assert '--column score="2023" --column score="2024"' in str(refused.value)
    study, _ = started(tmp_path / "study", path, told=Help({"score": ["2023", "2024"]}))
    by_wave = nps.score(nps.count_bands(study.responses(), by=["wave"]))
    assert by_wave["wave"].tolist() == ["2023", "2024"]
    assert round(float(by_wave["nps"].iloc[0]), 1) == 5.0
    assert study.responses()["respondent_id"].nunique() == 40


@pytest.mark.parametrize(
    ("names", "waves"),
    [
        (["Q1 2025 NPS", "Q2 2025 NPS"], ["2025-Q1", "2025-Q2"]),
        (["NPS Jan 2025", "NPS Feb 2025"], ["2025-01", "2025-02"]),
        (["score_2023", "score_2024"], ["2023", "2024"]),
        ([f"{QUESTION} (2024)", f"{QUESTION} (2025)"], ["2024", "2025"]),
    ],
)
def test_periods_in_headers(names: list[str], waves: list[str], tmp_path: Path) -> None:
    """Quarters, months and years, before and after the name, in a form that sorts."""
    path = write(tmp_path / "periods.csv", names, [[s, 10 - s] for s in SCORES])
    _, n, responses, _, found = scored(path)
    assert n == 80
    assert sorted(responses["wave"].unique()) in (["all"], waves)
    table, _ = read_export(path)
    assert sorted(table["wave"].unique()) == waves
    assert table["respondent_id"].nunique() == 40
    assert found.toml_columns["score"] == names


# Several sheets.

HEADER = ["ID", "Date", "Score", "Comment"]
ANSWERS: list[Row] = [[f"u{i}", day(i), s, said(i)] for i, s in enumerate(SCORES)]


@pytest.mark.parametrize("sheet", ["all", ["Aug", "Sep", "Oct"]])
def test_a_sheet_per_month(sheet: str | list[str], tmp_path: Path) -> None:
    """All months are one export; the ledger names the sheets, and the one without answers is said."""
    sheets: dict[str, Sequence[Row]] = {
        "Summary": [["NPS", 5]],
        "Aug": [HEADER, *ANSWERS[:14]],
        "Sep": [HEADER, *ANSWERS[14:29]],
    }
    path = book(tmp_path / "months.xlsx", {**sheets, "Oct": [HEADER, *ANSWERS[29:], ["u40", day(3), "", "x"]]})
    with pytest.raises(SeveralSheets, match='sheet = "all"'):
        read_export(path)
    assert scored(path, sheet=sheet)[:2] == (5.0, 40)
    told = Help(sheet=(sheet,) if isinstance(sheet, str) else tuple(sheet))
    study, lines = started(tmp_path / "study", path, told=told)
    assert len(study.responses()) == 40
    ledger = study.ledger()
    assert ledger.loc[ledger["action"] == "rejected", "source_file"].tolist() == ["months.xlsx [Oct]"]
    assert any('"Aug", "Sep", "Oct"' in line and "Summary" in line for line in lines)
    assert ledger["value"].str.contains("not read: Summary").any()


def test_a_sheet_of_everything_is_not_counted_twice(tmp_path: Path) -> None:
    """The advice of the refusal works."""
    bare = [row[2:] for row in ANSWERS]
    whole: dict[str, Sequence[Row]] = {
        "All": [HEADER, *ANSWERS],
        "Aug": [HEADER, *ANSWERS[:14]],
        "Sep": [HEADER, *ANSWERS[14:]],
    }
    path = book(tmp_path / "total.xlsx", whole)
    with pytest.raises(BadFile, match=r'repeats the rows.*--sheet "Aug" --sheet "Sep"'):
        read_export(path, sheet="all")
    assert scored(path, sheet=["Aug", "Sep"])[:2] == (5.0, 40)
    assert len(bare) == 40


def test_sheets_with_other_headers_are_exports_of_their_own(tmp_path: Path) -> None:
    """One sheet per country, in its language."""
    sheets: dict[str, Sequence[Row]] = {
        "SE": [["ID", "Datum", "Betyg", "Kommentar"], *ANSWERS[:20]],
        "NO": [["ID", "Dato", "Poeng", "Tilbakemelding"], *ANSWERS[20:]],
    }
    study, _ = started(tmp_path / "study", book(tmp_path / "lands.xlsx", sheets), told=Help(sheet=("all",)))
    assert len(study.responses()) == 40
    assert study.responses()["comment"].notna().sum() == 40
    assert set(study.recognised()["source_file"]) == {"lands.xlsx [SE]", "lands.xlsx [NO]"}


def test_an_unknown_sheet_is_named(tmp_path: Path) -> None:
    """Of a workbook with several sheets of answers as well."""
    path = book(tmp_path / "months.xlsx", {"Aug": [HEADER, *ANSWERS[:20]], "Sep": [HEADER, *ANSWERS[20:]]})
    with pytest.raises(NoSuchSheet, match=r'no sheet "Jul".*"Aug", "Sep"'):
        started(tmp_path / "study", path, told=Help(sheet=("Jul",)))
    assert not (tmp_path / "study").exists()


# Several NPS questions.


def test_two_questions_of_one_file_are_two_surveys(tmp_path: Path) -> None:
    """The file is named once for each, and an answer to both counts in both."""
    header = [
        "response_id",
        "date",
        "How likely are you to recommend our product?",
        "How likely are you to recommend us?",
    ]
    path = write(tmp_path / "two.csv", header, [[f"a{i}", day(i), s, 10 - s] for i, s in enumerate(SCORES)])
    with pytest.raises(Undecidable, match=r"survey = "):
        read_export(path)
    folder = tmp_path / "study"
    (folder / "raw").mkdir(parents=True)
    path.rename(folder / "raw" / "two.csv")
    part = '[[export]]\npath = "raw/two.csv"\ncolumns = {{ score = "{}" }}\n{}'
    head = 'title = "two"\ntimezone = "UTC"\n'
    named = [part.format(question, f'survey = "s{at}"\n') for at, question in enumerate(header[2:])]
    (folder / "study.toml").write_text(head + "".join(named), "utf-8")
    by = nps.score(nps.count_bands(Study.open(folder).responses(), by=["survey"]))
    assert by[["survey", "n"]].to_numpy().tolist() == [["s0", 40], ["s1", 40]]
    assert round(float(by["nps"].iloc[0]), 1) == 5.0
    unnamed = [part.format(question, "") for question in header[2:]]
    (folder / "study.toml").write_text(head + "".join(unnamed), "utf-8")
    with pytest.raises(BadStudy, match="a survey = "):
        Study.open(folder).responses()
