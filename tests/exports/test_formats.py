"""Files that are neither CSV nor XLSX end in the same table of text: SPSS, JSON, Parquet, OpenDocument."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nps_utils import clean, count_bands, scan_export
from nps_utils.checks import BadFile, MissingColumn
from nps_utils.exports import read_export
from nps_utils.exports.files.optional import needed
from nps_utils.exports.files.values import nulls_in

ASKED = "How likely are you to recommend us?"
# Two ids that one float cannot tell apart, one that is missing, an answer that is missing.
ANSWERS: list[dict[str, Any]] = [
    {"id": 900719925474099301, "score": 10, "comment": "Quick and kind", "answered_at": "2025-08-04T10:00:00+02:00"},
    {"id": 900719925474099302, "score": 0, "comment": None, "answered_at": "2025-08-05T23:30:00Z"},
    {"id": None, "score": None, "comment": "No score, but words", "answered_at": None},
]


def values(table: pd.DataFrame, column: str) -> list[str]:
    """The cells of a column, empty ones as empty text."""
    return [str(cell) for cell in table[column].fillna("")]


def check_answers(table: pd.DataFrame) -> None:
    """Nothing of `ANSWERS` is lost, and rows are counted from the first record."""
    assert values(table, "respondent_id") == ["900719925474099301", "900719925474099302", ""]
    assert values(table, "score") == ["10", "0", ""]
    assert values(table, "comment") == ["Quick and kind", "", "No score, but words"]
    assert [pd.Timestamp(cell) for cell in table["responded_at"][:2]] == [
        pd.Timestamp("2025-08-04 08:00", tz="UTC"),
        pd.Timestamp("2025-08-05 23:30", tz="UTC"),
    ]
    assert table["source_row"].tolist() == [1, 2, 3]


def json_file(path: Path, document: Any, encoding: str = "utf-8") -> Path:
    """Write a document as JSON."""
    path.write_text(json.dumps(document), encoding)
    return path


WRAPPED: dict[str, Any] = {
    "array": ANSWERS,
    "responses": {"responses": ANSWERS},
    "deep": {"survey": {"id": 1, "title": "NPS"}, "result": {"total": 3, "answers": ANSWERS}},
    "by key": {f"-Nx{at}": answer for at, answer in enumerate(ANSWERS)},
    "columns": {name: [answer[name] for answer in ANSWERS] for name in ANSWERS[0]},
    "pandas columns": {name: {str(at): answer[name] for at, answer in enumerate(ANSWERS)} for name in ANSWERS[0]},
    "pandas split": {"columns": list(ANSWERS[0]), "index": [0, 1, 2], "data": [list(a.values()) for a in ANSWERS]},
    "rows below names": [list(ANSWERS[0]), *(list(answer.values()) for answer in ANSWERS)],
    "below their ids": {"responses": [{str(at): answer} for at, answer in enumerate(ANSWERS)]},
}


@pytest.mark.parametrize("shape", WRAPPED)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_in_every_usual_shape(tmp_path: Path, shape: str, encoding: str) -> None:
    """An id of 18 digits is never a float, whatever surrounds the records."""
    check_answers(read_export(json_file(tmp_path / "answers.json", WRAPPED[shape], encoding))[0])


def test_json_lines_name_the_line_that_is_broken(tmp_path: Path) -> None:
    """A line that cannot be read is a rejected row; names that come late are columns all the same."""
    lines = [json.dumps(answer) for answer in ANSWERS]
    lines.insert(1, '{"id": 3, "score": 9, "comm')
    lines.append(json.dumps({"score": 8, "plan": "gold", "answered_at": "2025-08-06T10:00:00Z"}))
    (tmp_path / "answers.jsonl").write_text("\n".join(lines) + "\n\n", "utf-8")
    table, _ = read_export(tmp_path / "answers.jsonl")
    assert values(table, "source_problem") == ["", "broken_row", "", "", ""]
    assert values(table, "source_excess")[1] == lines[1]
    assert values(table, "plan") == ["", "", "", "", "gold"]
    responses, ledger = clean(table, timezone="Europe/Oslo")
    assert sorted(responses["score"]) == [0, 8, 10]
    assert len(responses) + (ledger["action"] == "rejected").sum() == 5


def test_json_lines_are_read_in_batches(tmp_path: Path) -> None:
    """More lines than a batch holds, lazily."""
    lines = (json.dumps({"score": at % 11, "comment": f"Answer {at}"}) for at in range(45_000))
    (tmp_path / "answers.ndjson").write_text("\n".join(lines), "utf-8")
    lazy, _ = scan_export(tmp_path / "answers.ndjson")
    assert lazy.select(pl.len(), pl.col("source_row").max()).collect().row(0) == (45_000, 45_000)


def test_nested_json_is_flattened_by_rule(tmp_path: Path) -> None:
    """Objects become columns, plain lists one cell, other lists JSON; a name that repeats loses nothing."""
    (tmp_path / "a.json").write_text(
        '[{"nps": 9, "person": {"email": "a@b.example", "team": {"name": "X"}}, "tags": ["a", "b"],'
        ' "odd": ["a;b", "c"],'
        ' "answers": [{"q": 1}], "empty": {}, "none": [], "flag": true, "nps": 3, "big": 1e400, "nan": NaN}]'
    )
    table, recognised = read_export(tmp_path / "a.json", columns={"score": "nps"})
    row = {name: values(table, name)[0] for name in map(str, table) if not name.startswith("source")}
    assert row == {
        "score": "9", "email": "a@b.example", "person.team.name": "X", "tags": "a; b", "odd": '["a;b", "c"]',
        "answers": '[{"q": "1"}]', "empty": "", "none": "", "flag": "true", "nps_2": "3", "big": "1e400", "nan": "",
    }  # fmt: skip
    assert any('"answers": lists of objects' in note for note in recognised.notes)


def test_a_page_of_several_is_told(tmp_path: Path) -> None:
    """An interface hands out pages; a score of the first one looks finished."""
    page = {"total_items": 1_000, "page": 1, "items": ANSWERS}
    _, recognised = read_export(json_file(tmp_path / "a.json", page))
    assert any("total_items = 1000 and holds 3 records" in note for note in recognised.notes)


def test_several_lists_are_like_sheets(tmp_path: Path) -> None:
    """The list with a score is read, the others are named; two with a score are a question."""
    both = {"questions": [{"id": 1, "text": ASKED}], "responses": ANSWERS}
    table, recognised = read_export(json_file(tmp_path / "a.json", both))
    check_answers(table)
    assert any('not read: "questions"' in reason for reason in recognised.reasons)
    twice = json_file(tmp_path / "b.json", {"may": ANSWERS, "june": ANSWERS})
    with pytest.raises(Exception, match="2 sheets hold answers"):
        read_export(twice)
    check_answers(read_export(twice, sheet="june")[0])


BROKEN = [
    ("cut.json", json.dumps(ANSWERS)[:-40], r"is JSON, but damaged in line 1, column \d+ .*Download"),
    ("empty.json", "[]", "holds no records"),
    ("none.json", '{"responses": []}', "list of records is empty"),
    ("mixed.json", '[{"nps": 9}, 7]', "record 2 is '7'"),
    ("values.json", '[["a", 9], ["b", 7]]', "rows of cells without names"),
    ("bare.json", "[[9, 1], [8, 2]]", "rows of cells without names"),
    ("inside.json", '[{"q": "x", "answers": [{"nps": 9}]}]', "Note: .*lists of objects, kept as JSON"),
    ("answers.sav", "$FL2@(#) SPSS DATA FILE" + "x" * 400, "is an SPSS file but damaged"),
    ("noise.sav", "\0\1\2" * 50, "named like an SPSS file but does not begin like one"),
    ("noise.parquet", "\0\1\2" * 50, "named like a Parquet file but does not begin like one"),
    ("cut.parquet", "PAR1" + "x" * 50, "is a Parquet file but damaged"),
    ("old.por", "x" * 200 + "ASCII SPSS PORT FILE" + "x" * 200, "portable SPSS file"),
    ("locked.sav", "\x1c" + "\0" * 7 + "ENCRYPTEDSAV" + "\0" * 50, "protected by a password"),
    ("survey_1.sps", "*$Rev: 121017 $.\nSET UNICODE=ON.\nGET DATA", "SPSS syntax"),
    ("db.csv", "SQLite format 3\0" + "x" * 99, "an SQLite database.*sqlite:///.*db.csv::SELECT"),
    ("answers.dta", "<stata_dta><header>", "is a Stata file but damaged"),
    ("answers.sas7bdat", "\0" * 12 + "\xc2\xea\x81\x60", "its transport file, .xpt, can be read"),
]


@pytest.mark.parametrize(("name", "text", "message"), BROKEN, ids=[name for name, *_ in BROKEN])
def test_what_is_damaged_is_named_by_what_it_is(tmp_path: Path, name: str, text: str, message: str) -> None:
    """By its first bytes, not by its ending; and what to do."""
    if name == "answers.sav":
        pytest.importorskip("pyreadstat")
    (tmp_path / name).write_text(text, "latin-1")
    with pytest.raises((BadFile, MissingColumn), match=message):
        read_export(tmp_path / name)


def test_an_ending_that_says_something_else(tmp_path: Path) -> None:
    """What it is decides, and the difference is told; a header in brackets is no JSON."""
    table, recognised = read_export(json_file(tmp_path / "answers.csv", ANSWERS))
    check_answers(table)
    assert any("answers.csv is JSON, not what its ending says" in note for note in recognised.notes)
    (tmp_path / "b.csv").write_text("[Score];[Comment]\n9;Quick and kind\n")
    assert values(read_export(tmp_path / "b.csv")[0], "score") == ["9"]


def typed_answers() -> pl.DataFrame:
    """`ANSWERS` with types, and one column of every other kind."""
    times = [None if a["answered_at"] is None else dt.datetime.fromisoformat(str(a["answered_at"])) for a in ANSWERS]
    return pl.DataFrame(
        {
            "id": pl.Series([a["id"] for a in ANSWERS], dtype=pl.Int64),
            "score": pl.Series([a["score"] for a in ANSWERS], dtype=pl.Float64),
            "comment": [a["comment"] for a in ANSWERS],
            "answered_at": pl.Series(times, dtype=pl.Datetime("us", "UTC")).dt.convert_time_zone("Europe/Oslo"),
            "price": [Decimal("9.50"), Decimal("100.00"), None],
            "half": [6.5, float("nan"), 1e300],
            "day": [dt.date(2025, 1, 2), None, dt.date(2025, 1, 3)],
            "paid": [True, False, None],
            "tags": [["a", "b"], [], None],
            "odd": [["a;b"], ["c"], None],
            "who": [{"mail": "a@b.example", "team": {"name": "X"}}, {"mail": None, "team": None}, None],
            "deep": [[{"q": 1}], [], None],
            "raw": [b"text", b"\xff\xfe", None],
            "plan": pl.Series(["gold", "", None], dtype=pl.Categorical),
            "took": [dt.timedelta(seconds=90), None, None],
        }
    )


def test_parquet_of_every_type(tmp_path: Path) -> None:
    """The text that a CSV of the same table would have: no digit lost, times with their zone, blanks as blanks."""
    typed_answers().write_parquet(tmp_path / "a.parquet")
    table, _ = read_export(tmp_path / "a.parquet")
    check_answers(table)
    shown = {name: values(table, name) for name in map(str, table)}
    assert shown["responded_at"][:2] == ["2025-08-04 10:00:00+02:00", "2025-08-06 01:30:00+02:00"]
    assert shown["price"] == ["9.5", "100", ""]
    assert shown["half"] == ["6.5", "", "1e+300"] or shown["half"] == ["6.5", "", "1e300"]
    assert shown["day"] == ["2025-01-02", "", "2025-01-03"]
    assert shown["paid"] == ["true", "false", ""]
    assert shown["tags"] == ["a; b", "", ""]
    assert shown["odd"] == ['["a;b"]', "c", ""]
    assert shown["who.mail"] == ["a@b.example", "", ""]
    assert shown["who.team.name"] == ["X", "", ""]
    assert shown["deep"] == ['[{"q": 1}]', "", ""]
    assert shown["raw"] == ["text", "fffe", ""]


def test_parquet_stays_lazy(tmp_path: Path) -> None:
    """The plan reads the file itself, and only the columns that are asked for."""
    typed_answers().write_parquet(tmp_path / "a.parquet")
    lazy, _ = scan_export(tmp_path / "a.parquet")
    plan = lazy.select("score").explain()
    assert "Parquet SCAN" in plan
    assert "PROJECT 1/" in plan


def test_ids_that_were_floats_are_no_ids(tmp_path: Path) -> None:
    """A missing id made the column a float, so that different ids became the same number."""
    frame = pd.DataFrame({"customer_id": [900719925474099301, None, 900719925474099302], "nps": [9, 8, 2]})
    frame.to_parquet(tmp_path / "a.parquet")
    table, recognised = read_export(tmp_path / "a.parquet")
    assert "respondent_id" not in table
    assert any("tell no two rows apart" in note for note in recognised.notes)


def packed(path: Path, how: str) -> Path:
    """The same file in gz or zip."""
    new = path.with_name(f"{path.name}.{how}")
    if how == "gz":
        new.write_bytes(gzip.compress(path.read_bytes()))
    else:
        with zipfile.ZipFile(new, "w") as archive:
            archive.write(path, path.name)
    return new


@pytest.mark.parametrize("how", ["gz", "zip"])
def test_packed_files(tmp_path: Path, how: str) -> None:
    """As with CSV, what is in a gz or zip is read as what it is."""
    typed_answers().write_parquet(tmp_path / "a.parquet")
    check_answers(read_export(packed(tmp_path / "a.parquet", how))[0])
    check_answers(read_export(packed(json_file(tmp_path / "a.json", ANSWERS), how))[0])


def ods(path: Path, rows: str, *, repeated: int = 1) -> Path:
    """An OpenDocument sheet as LibreOffice writes it: trailing rows and cells are there, repeated."""
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    filler = (
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Svar">{rows}{filler * repeated}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest/>')
    return path


def row_of(*cells: str, more: str = "") -> str:
    """One row of an OpenDocument sheet."""
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def said(text: str, more: str = "") -> str:
    """A cell of text."""
    return f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'


def test_open_document_sheet(tmp_path: Path) -> None:
    """Numbers, dates and line breaks as in XLSX."""
    number = '<table:table-cell office:value-type="float" office:value="9"><text:p>9</text:p></table:table-cell>'
    day = (
        '<table:table-cell office:value-type="date" office:date-value="2025-08-04T10:00:00"><text:p>4.8.25</text:p>'
        "</table:table-cell>"
    )
    rows = row_of(said("NPS"), said("Why?"), said("Date")) + row_of(number, said("Two</text:p><text:p>lines"), day)
    table, recognised = read_export(ods(tmp_path / "a.ods", rows))
    assert values(table, "score") == ["9"]
    assert values(table, "comment") == ["Two\nlines"]
    assert values(table, "responded_at") == ["2025-08-04 10:00:00"]
    assert recognised.sheet == "Svar"


def test_open_document_that_would_fill_the_memory(tmp_path: Path) -> None:
    """A row may say that it stands there a million times, and a cell as well."""
    bomb = row_of(said("9", ' table:number-columns-repeated="1000"'), more=' table:number-rows-repeated="1000000"')
    with pytest.raises(BadFile, match="repeats its cells"):
        read_export(ods(tmp_path / "a.ods", bomb))
    with zipfile.ZipFile(tmp_path / "b.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<office/>")
    with pytest.raises(BadFile, match="an OpenDocument text"):
        read_export(tmp_path / "b.ods")


def sav(path: Path, codes: Sequence[float | None], labels: dict[float, str], **more: Any) -> Path:
    """An SPSS file with one question and its codes."""
    pyreadstat = pytest.importorskip("pyreadstat")
    frame = pl.DataFrame(
        {"Q1": [None if code is None else float(code) for code in codes], "Q2": ["Ok så här"] * len(codes)}
    )
    options: dict[str, Any] = {"column_labels": [ASKED, "Why?"], "variable_value_labels": {"Q1": labels}} | more
    pyreadstat.write_sav(frame, path, compress=path.suffix == ".zsav", **options)
    return path


def scores(path: Path) -> list[int]:
    """The scores that come out, in order; nobody may be lost in silence."""
    table, _ = read_export(path)
    responses, ledger = clean(table.assign(responded_at="2025-08-04"), timezone="UTC", repeats="all", duplicates="keep")
    assert len(responses) + (ledger["action"] == "rejected").sum() == len(table)
    return sorted(int(score) for score in responses["score"])


@pytest.mark.parametrize("suffix", [".sav", ".zsav"])
def test_spss_codes_0_to_10(tmp_path: Path, suffix: str) -> None:
    """Labels at the ends, in words only: the codes are the answers."""
    path = sav(tmp_path / f"a{suffix}", range(11), {0: "Not at all likely", 10: "Extremely likely"})
    assert scores(path) == list(range(11))
    _, recognised = read_export(path)
    assert recognised.score_column == "Q1"
    assert "it asks for the likelihood to recommend" in "\n".join(recognised.reasons)


@pytest.mark.parametrize("ending", ["dta", "old.dta", "xpt"])
def test_stata_and_sas_are_read_as_spss_is(tmp_path: Path, ending: str) -> None:
    """Codes by their labels where the file has labels, times with their clock, days without."""
    pyreadstat = pytest.importorskip("pyreadstat")
    path = tmp_path / f"a.{ending}"
    codes = pd.DataFrame({"id": [7.0, 8.0, 9.0], "rec": [1.0, 11.0, float("nan")], "why": ["Ok så här", "", "x"]})
    codes["done"] = pd.to_datetime(["2025-03-01 23:45", "2025-03-02 08:00", "2025-03-03 09:00"])
    labels: dict[str, Any] = {"column_labels": ["id", ASKED, "Why?", "Completed"]}
    if ending == "xpt":  # has no labels of values: the codes are the answers
        pyreadstat.write_xport(codes.assign(rec=[0.0, 10.0, float("nan")]), path, **labels)
    else:
        named = {"rec": {1: "0 - Not at all likely", 11: "10 - Extremely likely"}}
        version = {"version": 12} if ending == "old.dta" else {}
        pyreadstat.write_dta(codes, path, variable_value_labels=named, **labels, **version)
    table, _ = read_export(path)
    responses, ledger = clean(table, timezone="Europe/Stockholm")
    assert responses["score"].tolist() == [0, 10]
    assert responses["responded_at"].dt.strftime("%Y-%m-%d %H:%M").tolist() == ["2025-03-01 22:45", "2025-03-02 07:00"]
    assert ledger.loc[ledger["action"] == "rejected", "reason"].tolist() == ["missing_score"]


SHIFTED: dict[str, dict[float, str]] = {
    "all labelled": {code: str(code - 1) for code in range(1, 12)},
    "ends with numbers": {1: "0 Not at all likely", 11: "10 Extremely likely"},
    "ends in words, middle in numbers": {1: "Not at all", **{c: str(c - 1) for c in range(2, 11)}, 11: "Extremely"},
    "number last": {1: "Inte alls troligt - 0", 11: "Mycket troligt - 10"},
    "only the top": {11: "10 - Extremely likely"},
    "ends in words only": {1: "Not at all likely", 11: "Extremely likely"},
    "ends and middle in words": {1: "Inte alls", 6: "Varken eller", 11: "Mycket troligt", 12: "Vet ej"},
}


@pytest.mark.parametrize("kind", SHIFTED)
def test_spss_codes_1_to_11_follow_their_labels(tmp_path: Path, kind: str) -> None:
    """0 to 10 coded 1 to 11: the value labels decide, also for the codes without one."""
    path = sav(tmp_path / "a.sav", range(1, 12), SHIFTED[kind])
    assert scores(path) == list(range(11))
    assert any("value labels say which answers its codes stand for" in note for note in read_export(path)[1].notes)


def test_spss_code_beside_the_scale_is_no_end(tmp_path: Path) -> None:
    """1 to 10 with 11 for "don't know": nothing is shifted, and 11 is no answer."""
    labels = {1.0: "Not at all likely", 10.0: "Extremely likely", 11.0: "Don't know"}
    assert scores(sav(tmp_path / "a.sav", range(1, 12), labels)) == list(range(1, 11))
    assert scores(sav(tmp_path / "b.sav", range(12), {0.0: "No", 10.0: "Yes", 11.0: "Vet ej"})) == list(range(11))
    # A label at 11 alone, or a code below the lowest label, does not make eleven points.
    assert scores(sav(tmp_path / "c.sav", [1, 5, 9], {1.0: "Not at all likely", 11.0: "Don't know"})) == [1, 5, 9]
    assert scores(sav(tmp_path / "d.sav", [0, 5, 9], {1.0: "Low", 11.0: "Top"})) == [0, 5, 9]


def test_spss_names_of_eleven_things_stay_names(tmp_path: Path) -> None:
    """Eleven regions are no scale."""
    names = {float(code): f"Region {'ABCDEFGHIJK'[code - 1]}" for code in range(1, 12)}
    table, _ = read_export(sav(tmp_path / "a.sav", range(1, 12), names), columns={"score": "Q2"})
    assert values(table, "Q1") == list(names.values())


def test_spss_scale_coded_the_other_way_round(tmp_path: Path) -> None:
    """10 stands for "0 Not at all": the codes between are turned too."""
    labels = {0.0: "10 Extremely likely", 10.0: "0 Not at all likely"}
    table, _ = read_export(sav(tmp_path / "a.sav", [0, 1, 2, 10], labels))
    assert [str(cell)[:2].strip() for cell in table["score"]] == ["10", "9", "8", "0"]


def test_spss_labels_that_follow_no_rule_give_no_number(tmp_path: Path) -> None:
    """What a code without a label stands for cannot be known: it is text, not an answer."""
    labels = {1.0: "0 Not at all", 2.0: "5 Neutral", 3.0: "10 Extremely"}
    table, _ = read_export(sav(tmp_path / "a.sav", [1, 2, 3, 4], labels), columns={"score": "Q1"})
    assert values(table, "score") == ["0 Not at all", "5 Neutral", "10 Extremely", "code 4"]


def test_spss_declared_missing_codes_are_blank(tmp_path: Path) -> None:
    """98 and 99 are no answers where the file says so; how many were, is told."""
    labels = {99.0: "Don't know", 98.0: "Refused"}
    path = sav(tmp_path / "a.sav", [9, 99, 98, None, 0], labels, missing_ranges={"Q1": [{"lo": 98, "hi": 99}]})
    table, recognised = read_export(path)
    assert values(table, "score") == ["9", "", "", "", "0"]
    assert any("2 cells hold codes declared as missing (98 Refused, 99 Don't know)" in n for n in recognised.notes)


def test_spss_labels_cut_at_120_bytes(tmp_path: Path) -> None:
    """Two labels that became one keep their codes; letters are not halved; the cut is told."""
    long = f"På det hele taget {'er det svært sannsynlig og ' * 3}anbefaler jeg dere til en venn eller kollega - "
    path = sav(tmp_path / "a.sav", [9, 10, 3], {9.0: f"{long} ni", 10.0: f"{long} ti"})
    table, recognised = read_export(path)
    assert len(set(values(table, "score"))) == 3
    assert scores(path) == [3, 9, 10]
    assert any("120 bytes" in note for note in recognised.notes)


def test_spss_types_and_letters(tmp_path: Path) -> None:
    """Dates as days, times as times, ids to the last digit, blanks as blanks."""
    pyreadstat = pytest.importorskip("pyreadstat")
    frame = pl.DataFrame(
        {
            "ID": [9007199254740991.0, 2.0],
            "WHEN": [dt.datetime.fromisoformat("2025-08-04 10:15"), None],
            "DAY": [dt.date(2025, 8, 4), None],
            "NPS": [9.0, None],
            "WHY": ["Snabb hjälp på svenska  ", ""],
            "REGION": [1.0, 2.0],
        }
    )
    pyreadstat.write_sav(frame, tmp_path / "a.sav", variable_value_labels={"REGION": {1: "Nord", 2: "Sør"}})
    table, _ = read_export(tmp_path / "a.sav", columns={"respondent_id": "ID", "responded_at": "WHEN"})
    assert values(table, "respondent_id") == ["9007199254740991", "2"]
    assert values(table, "responded_at") == ["2025-08-04 10:15:00", ""]
    assert values(table, "DAY") == ["2025-08-04", ""]
    assert values(table, "comment") == ["Snabb hjälp på svenska", ""]
    assert values(table, "REGION") == ["Nord", "Sør"]
    check = packed(tmp_path / "a.sav", "zip")
    assert values(read_export(check)[0], "score") == ["9", ""]


def test_a_library_that_is_missing_is_named_with_its_extra() -> None:
    """What to type works in a checkout; the package is on no index."""
    with pytest.raises(BadFile, match=r"\.venv/bin/python -m pip install -e '\.\[sql\]'"):
        needed("no_such_library", "sql", "Databases are read by sqlalchemy")


@pytest.mark.parametrize("name", ["k10_answers.sav", "k10_answers.json"])
def test_the_faults_that_were_given(name: str) -> None:
    """The invented company's forty answers: 16 promoters, 10 passives, 14 detractors."""
    path = Path(__file__).parents[1] / "reference" / name
    if path.suffix == ".sav":
        pytest.importorskip("pyreadstat")
    responses, _ = clean(read_export(path)[0], timezone="Europe/Stockholm")
    assert count_bands(responses).iloc[0].tolist() == [14, 10, 16, 40]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 10),
            st.integers(0, 2**63 - 1),
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=30),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_the_same_answers_in_every_format_are_the_same_table(tmp_path: Path, rows: list[tuple[int, int, str]]) -> None:
    """Scores, ids and comments drawn at random come out of each format as they went in.

    The scale is told: of eight zeros alone it is asked.
    """
    records = [{"nps": score, "customer_id": number, "why": text} for score, number, text in rows]
    pl.DataFrame(records).write_parquet(tmp_path / "a.parquet")
    json_file(tmp_path / "a.json", records)
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)) + "\n")
    for name in ("a.parquet", "a.json", "a.jsonl"):
        table, _ = read_export(
            tmp_path / name, scale="0-10", columns={"score": "nps", "respondent_id": "customer_id", "comment": "why"}
        )
        got = zip(values(table, "score"), values(table, "respondent_id"), values(table, "comment"), strict=True)
        said = [(str(score), str(number), "" if nulls_in([text]) else text) for score, number, text in rows]
        assert list(got) == said
