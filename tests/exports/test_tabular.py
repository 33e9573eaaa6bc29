"""Bytes to a text table: encodings, delimiters, ragged and cut files, and what is refused."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import gzip
import io
import unicodedata
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from nps_utils import clean
from nps_utils.checks import BadFile, BadInput, MissingColumn, Undecidable
from nps_utils.exports import read_export, scan_export
from nps_utils.exports.files.opening import open_grids
from nps_utils.exports.files.tabular import FAST_FROM
from nps_utils.exports.files.values import NULLS

SHARED = Path(__file__).parents[3] / "shared" / "data" / "real"


def write(path: Path, rows: list[list[str]], *, encoding: str = "utf-8", delimiter: str = ",", end: str = "\n") -> Path:
    """Write rows with the standard library's CSV writer."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


# Everything but what no file can hold: lone surrogates, zero bytes and our own private mark for a carriage return.
cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ue00d\ufeff\ufffd"), max_size=12)
ids = st.text("0123456789abcXYZ", min_size=1, max_size=18)
HEADER = ["Respondent", "Grade given", "Remarks", "Kind"]
NAMED = {"respondent_id": "Respondent", "score": "Grade given", "comment": "Remarks"}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(ids, cells, cells, cells), min_size=1, max_size=8),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_text_comes_back_cell_for_cell(
    tmp_path: Path, rows: list[tuple[str, str, str, str]], encoding: str, delimiter: str, end: str
) -> None:
    """Unicode encodings are lossless: as many rows as written, and every cell as it was."""
    # The writer leaves a carriage return at the end of a line unquoted: nobody can tell it from a line end.
    assume(end == "\r\n" or not any(row[-1].endswith("\r") for row in rows))
    assume(not any(cell.strip() in NULLS for row in rows for cell in row))  # which are nothing
    path = write(tmp_path / "any.csv", [HEADER, *map(list, rows)], encoding=encoding, delimiter=delimiter, end=end)
    controls = sum(ord(char) < 32 and char not in "\t\n\r" for row in rows for cell in row for char in cell)
    weights = {row[1].strip() for row in rows} - {""} <= {"-100", "0", "100"}
    fractions = any(unicodedata.category(char) == "No" for row in rows for char in row[1])  # 1/4 is one of four
    if controls or weights or fractions:
        # Refused or read; never another exception.
        with contextlib.suppress(BadInput):
            read_export(path, columns=NAMED)
        return
    # Any text is on no scale that one would accept unasked.
    table, _ = read_export(path, columns=NAMED, scale="0-10", labels={"*": None})
    assert len(table) == len(rows)
    for name, at in (("respondent_id", 0), ("score", 1), ("comment", 2), ("Kind", 3)):
        assert table[name].fillna("").tolist() == [row[at] for row in rows]
    assert table["source_problem"].isna().all()


words = st.sampled_from(
    [
        "förbättra",
        "længere",
        "hjælpsom",
        "enkelt",
        "très bien",
        "déjà vu",
        "größer",
        "não",
        "señor",
        "één",
        "å",
        "Ø",
        "-",
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(ids, st.integers(0, 10), st.lists(words, max_size=5)), min_size=3, max_size=12),
    encoding=st.sampled_from(["cp1252", "iso-8859-1", "cp850"]),
    delimiter=st.sampled_from(",;\t|"),
)
def test_words_of_our_languages_survive_one_byte_encodings(
    tmp_path: Path, rows: list[tuple[str, int, list[str]]], encoding: str, delimiter: str
) -> None:
    """Rows out are rows in, ids are unchanged; with a few whole words the letters are right too."""
    written = [[key, str(score), " ".join(text), "a"] for key, score, text in rows]
    path = write(tmp_path / "any.csv", [HEADER, *written], encoding=encoding, delimiter=delimiter)
    table, _ = read_export(path, columns=NAMED, scale="0-10")  # of zeros alone the scale is asked
    assert table["respondent_id"].tolist() == [row[0] for row in written]
    assert table["score"].tolist() == [row[1] for row in written]
    if sum(word in ("förbättra", "hjælpsom", "très bien", "größer") for *_, text in rows for word in text) > 2:
        assert table["comment"].fillna("").tolist() == [row[2] for row in written]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text('ab1,"\n\r é', max_size=60), ending=st.sampled_from(["", "\n", "\r\n"]))
def test_the_quick_reader_agrees_with_the_careful_one(tmp_path: Path, text: str, ending: str) -> None:
    """Whatever the bytes, both ways of reading give the same table with the same remarks."""
    path = tmp_path / "any.csv"
    path.write_bytes(("x,y,z\n1,2,3\n1,2,3\n1,2,3\n" + text + ending).encode())
    careful = outcome(path, fast_from=1 << 40)
    quick = outcome(path, fast_from=0)
    assert isinstance(careful, str) == isinstance(quick, str)
    if isinstance(careful, pl.DataFrame) and isinstance(quick, pl.DataFrame):
        assert_frame_equal(careful, quick)


def outcome(path: Path, *, fast_from: int) -> pl.DataFrame | str:
    """The table, or the refusal."""
    try:
        return open_grids(path, fast_from=fast_from)[0].scan(1).collect()
    except BadFile as error:
        return str(error)


def test_the_quick_reader_is_quick_where_it_may_be(tmp_path: Path) -> None:
    """A plain UTF-8 file is scanned by Polars, streaming; one stray quote and the careful reader has it."""
    plain = write(tmp_path / "plain.csv", [["a", "nps"], ["1", "9"], ["x\ny", "8"]])
    assert "Csv SCAN" in open_grids(plain, fast_from=0)[0].scan(1).explain()
    (tmp_path / "stray.csv").write_text('a,nps\n5" pipe,9\n', encoding="utf-8")
    stray = open_grids(tmp_path / "stray.csv", fast_from=0)[0].scan(1)
    assert "Csv SCAN" not in stray.explain()
    assert stray.collect()["c0"].to_list() == ['5" pipe']


def test_two_encodings_in_one_line(tmp_path: Path) -> None:
    """A line that mixes Windows-1252 with code page 850 is read word by word and flagged."""
    path = tmp_path / "mixed.csv"
    lines = [b"id;nps;pourquoi", *(f"{n};9;très agréable".encode("cp1252") for n in range(9))]
    lines.append(b"9;8;pas chang" + b"\x82" + " mais développé".encode("cp1252"))
    path.write_bytes(b"\r\n".join(lines) + b"\r\n")
    table, recognised = read_export(path)
    assert table["comment"].tolist() == ["très agréable"] * 9 + ["pas changé mais développé"]
    assert table["source_flag"].fillna("").tolist() == [""] * 9 + ["other_encoding"]
    assert recognised.encoding == "Windows-1252"


def test_a_windows_line_in_a_utf8_file(tmp_path: Path) -> None:
    """One row pasted in another encoding is read and flagged; the others are not touched."""
    path = tmp_path / "mixed.csv"
    path.write_bytes("id,nps,why\n1,9,très bien\n2,8,grün\n".encode() + "3,7,größer\n".encode("cp1252"))
    table, _ = read_export(path)
    assert table["comment"].tolist() == ["très bien", "grün", "größer"]
    assert table["source_flag"].fillna("").tolist() == ["", "", "other_encoding"]


WHOLE = 'id,nps,why\n1,9,"good,\nreally"\n2,10,très bien\n3,8,"ok"\n'.encode()


@pytest.mark.parametrize("cut", range(12, len(WHOLE)))
def test_a_cut_file_is_never_read_in_silence(tmp_path: Path, cut: int) -> None:
    """Cut anywhere after the header, the last row is a problem or flagged, unless a line ended just there."""
    path = tmp_path / "cut.csv"
    path.write_bytes(WHOLE[:cut])
    table, _ = read_export(path)
    whole_lines = cut in (11, 29, 43, len(WHOLE)) or WHOLE[:cut].endswith((b'really"\n', b"bien\n"))
    if not whole_lines:
        last = table.iloc[-1]
        assert isinstance(last["source_problem"], str) or isinstance(last["source_flag"], str)


def test_cut_inside_a_character_and_inside_a_quoted_cell(tmp_path: Path) -> None:
    """Half a character and half a quoted cell make a broken row each."""
    path = tmp_path / "cut.csv"
    path.write_bytes(b"id,nps,why\n1,9,ok\n2,10,tr" + "è".encode()[:1])
    assert read_export(path)[0]["source_problem"].fillna("").tolist() == ["", "broken_row"]
    path.write_bytes(b'id,nps,why\n1,9,ok\n2,10,"very go')
    assert read_export(path)[0]["source_problem"].fillna("").tolist() == ["", "broken_row"]


def test_an_open_quote_costs_its_own_row_only(tmp_path: Path) -> None:
    """The rows after a quote that is never closed are still rows."""
    path = tmp_path / "open.csv"
    path.write_text('id,nps,why\n1,9,"never closed\n2,8,fine\n3,7,"also fine"\n4,6,ok\n', encoding="utf-8")
    table, _ = read_export(path)
    assert table["source_problem"].fillna("").tolist() == ["broken_row", "", "", ""]
    assert table["score"].tolist() == ["9", "8", "7", "6"]
    assert table["source_row"].tolist() == [2, 3, 4, 5]


def test_too_many_and_too_few_cells(tmp_path: Path) -> None:
    """A cell too many makes the row unusable, a missing one a flag, empty ones too many nothing."""
    path = tmp_path / "ragged.csv"
    rows = "".join(f"{n},9,ok\n" for n in range(40))
    path.write_text(f"id,nps,why\n{rows}a,9,so, so\nb,8\nc,7,fine,,\n", encoding="utf-8")
    table, _ = read_export(path)
    tail = table.iloc[-3:]
    assert tail["source_problem"].fillna("").tolist() == ["too_many_cells", "", ""]
    assert tail["source_flag"].fillna("").tolist() == ["", "too_few_cells", ""]
    assert tail["source_excess"].fillna("").tolist() == [" so", "", ""]


def test_what_has_no_column_is_in_the_ledger(tmp_path: Path) -> None:
    """The cells too many of a rejected row are kept, by the careful reader and by the one for large files."""
    path = tmp_path / "ragged.csv"
    rows = "".join(f"{n},9,ok\n" for n in range(40))
    path.write_text(f'id,nps,why\n{rows}a,9,so,so,"and, so ""on"""\n', encoding="utf-8")
    for fast_from in (0, FAST_FROM):
        (grid,) = open_grids(path, fast_from=fast_from)
        found = grid.scan(1).filter(pl.col("source_problem").is_not_null()).collect()
        assert found.select("source_row", "source_excess").rows() == [(42, 'so | and, so "on"')]
    _, ledger = clean(read_export(path)[0], timezone="UTC")
    assert ledger.loc[ledger["action"] == "rejected", "value"].tolist() == ['so | and, so "on"']


def test_ids_keep_every_digit(tmp_path: Path) -> None:
    """18 digits, leading zeros and case survive text and workbooks."""
    wanted = ["000000000000000017", "123456789012345678", "0035g00000AbCdEAAV", "0035g00000aBcDeAAV"]
    rows = [["Contact ID", "NPS"], *([key, "9"] for key in wanted)]
    assert read_export(write(tmp_path / "ids.csv", rows))[0]["respondent_id"].tolist() == wanted
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(tmp_path / "ids.xlsx")
    assert read_export(tmp_path / "ids.xlsx")[0]["respondent_id"].tolist() == wanted


def test_numbers_that_a_workbook_rounded_are_no_ids(tmp_path: Path) -> None:
    """Many different ids become one number; as an id it would make one response of them all."""
    book = openpyxl.Workbook()
    for row in (["Response ID", "NPS"], *([118004200000001100 + n, n] for n in range(5, 10))):
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    table, recognised = read_export(tmp_path / "a.xlsx")
    assert "response_id" not in recognised.columns
    assert any("were rounded" in note for note in recognised.notes)
    responses, _ = clean(table, timezone="UTC")
    assert responses["score"].tolist() == [5, 6, 7, 8, 9]
    # The owner of the file may know better.
    named = read_export(tmp_path / "a.xlsx", columns={"response_id": "Response ID"})[1]
    assert named.columns["response_id"] == "Response ID"


def test_duplicate_and_missing_names(tmp_path: Path) -> None:
    """Columns of one name stay apart, one without a name is called by its place."""
    rows = [["NPS", "Plan", "Plan", "", "score"], ["9", "a", "b", "c", "3"]]
    table, _ = read_export(write(tmp_path / "double.csv", rows))
    assert list(table.columns) == [
        "score", "Plan", "Plan_2", "column_4", "score_2", "source_file", "source_row", "source_problem", "source_flag",
        "source_excess",
    ]  # fmt: skip
    assert table.iloc[0, :5].tolist() == ["9", "a", "b", "c", "3"]


def test_no_break_spaces_in_amounts_are_no_letters(tmp_path: Path) -> None:
    """Windows-1252 writes 34 707,55 kr with the byte that is a letter in code page 850."""
    path = tmp_path / "amounts.csv"
    amounts = [f"{n}\u00a0{n * 7 % 1000:03d},55\u00a0kr" for n in range(1, 60)]
    path.write_bytes(("NPS;Beløp\n" + "".join(f"9;{amount}\n" for amount in amounts)).encode("cp1252"))
    table, recognised = read_export(path)
    assert recognised.encoding == "Windows-1252"
    assert table["Beløp"].tolist() == amounts


def test_another_script_is_not_read_as_accents(tmp_path: Path) -> None:
    """Cyrillic in one byte a letter is valid Windows-1252 and none of its words."""
    path = tmp_path / "ru.csv"
    comments = ["спасибо, всё быстро", "долго ждали ответа поддержки", "цена слишком высокая"]
    path.write_bytes(("NPS,Comment\n" + "".join(f'9,"{text}"\n' for text in comments)).encode("cp1251"))
    table, _ = read_export(path)
    assert table["comment"].tolist() == comments


@pytest.mark.parametrize("name", ["x.csv.gz", "x.zip"])
def test_packed_files(tmp_path: Path, name: str) -> None:
    """gz, and zip of one file, are unpacked on the way."""
    data = "id;nps\n1;9\n2;x\n".encode("utf-16")
    path = tmp_path / name
    if name.endswith("gz"):
        path.write_bytes(gzip.compress(data))
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("inside.csv", data)
    assert read_export(path)[0]["score"].tolist() == ["9", "x"]
    path.write_bytes(path.read_bytes()[:-12] if name.endswith("gz") else path.read_bytes()[:-30])
    with pytest.raises(BadFile, match="damaged"):
        read_export(path)


def test_a_zip_whose_directory_points_outside_the_file(tmp_path: Path) -> None:
    """The system refuses to go there; that too is a damaged file, with what to do."""
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "NPS\n9\n")
    raw = bytearray(path.read_bytes())
    at = raw.rfind(b"PK\5\6") + 16
    raw[at : at + 4] = (int.from_bytes(raw[at : at + 4], "little") + 5_000_000).to_bytes(4, "little")
    path.write_bytes(raw)
    with pytest.raises(BadFile, match="cannot be unpacked"):
        read_export(path)


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    """Write a workbook with openpyxl, which is not what reads it."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_the_sheet_with_answers_is_chosen(tmp_path: Path) -> None:
    """One sheet with a score is read; of two, one must be named."""
    answers: list[list[object]] = [
        ["ID", "NPS", "Date"],
        [7, 10, dt.datetime.fromisoformat("2024-03-01T10:30")],
        [8, 6.5, None],
    ]
    cover: list[list[object]] = [["Made by", "us"], ["Year", 2024]]
    table, recognised = read_export(workbook(tmp_path / "one.xlsx", Cover=cover, Data=answers))
    assert (recognised.sheet, table["score"].tolist()) == ("Data", ["10", "6.5"])
    assert table["responded_at"].tolist()[0] == "2024-03-01 10:30:00"
    two = workbook(tmp_path / "two.xlsx", A=answers, B=answers)
    with pytest.raises(Undecidable, match='sheet = "B"'):
        read_export(two)
    assert len(read_export(two, sheet="B")[0]) == 2
    with pytest.raises(BadFile, match='no sheet "C"'):
        read_export(two, sheet="C")


def test_a_workbook_that_reaches_to_the_last_cell_is_refused(tmp_path: Path) -> None:
    """One cell at the far corner would be 17 billion cells in memory."""
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "nps"
    book.worksheets[0]["XFD1048576"] = 1
    book.save(tmp_path / "corner.xlsx")
    with pytest.raises(BadFile, match="row 1,048,576"):
        read_export(tmp_path / "corner.xlsx")


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    """A part of a gigabyte and more, a megabyte packed, is measured piece by piece and refused."""
    path = workbook(tmp_path / "bomb.xlsx", A=[["nps"], [9]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/sharedStrings.xml", "w") as part:
        for _ in range(300):
            part.write(b" " * (1 << 20))
    with pytest.raises(BadFile, match="unpacks to more than"):
        read_export(path)


def test_a_hundred_thousand_columns_are_refused(tmp_path: Path) -> None:
    """A table on its side gets a message, not the machine's memory."""
    (tmp_path / "wide.csv").write_text(",".join(map(str, range(100_000))) + "\n" + "1," * 99_999 + "\n", "utf-8")
    with pytest.raises(BadFile, match="100,000 columns"):
        read_export(tmp_path / "wide.csv")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "is empty"),
        ("blank.csv", b"\n\n\n", "only blank lines"),
        ("binary.csv", bytes(range(256)) * 40, "binary|zero bytes"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n0000", "PNG"),
        ("report.csv", b"%PDF-1.7 ...", "PDF"),
        ("broken.xlsx", b"PK\x03\x04 but nothing more", "damaged"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "cannot be read as a workbook"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    """The message names the file, what it is and what to do."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadFile, match=says) as caught:
        read_export(path)
    assert name in str(caught.value)


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    """A path that is no file says which it is."""
    with pytest.raises(BadFile, match="not there"):
        read_export(tmp_path / "none.csv")
    with pytest.raises(BadFile, match="is a folder"):
        read_export(tmp_path)


def test_more_cells_than_names_is_refused(tmp_path: Path) -> None:
    """When nearly all rows are wider than the header nobody knows which name is missing."""
    path = write(tmp_path / "wide.csv", [["id", "nps"], *([str(n), "9", "x"] for n in range(5, 30))])
    with pytest.raises(BadFile, match="the header has 2 cells"):
        read_export(path)


def test_row_names_of_r_are_recognised(tmp_path: Path) -> None:
    """R writes 1, 2, 3, ... under no name; the names are shifted back to their columns."""
    path = write(tmp_path / "r.csv", [["nps", "plan"], *([str(n), "9", "x"] for n in range(1, 30))])
    table, _ = read_export(path)
    assert table["score"].unique().tolist() == ["9"]
    assert table["plan"].unique().tolist() == ["x"]


def test_scanning_is_lazy_and_the_same(tmp_path: Path) -> None:
    """The lazy frame collects to what reading gives, in both engines, projected and filtered."""
    path = write(tmp_path / "x.csv", [["id", "nps"], *([str(n), str(n % 11)] for n in range(100))], encoding="utf-16")
    lazy, _ = scan_export(path)
    assert isinstance(lazy, pl.LazyFrame)
    nines = lazy.filter(pl.col("score") == "9").select("response_id", "source_row")
    assert (
        nines.collect().rows()
        == nines.collect(engine="streaming").rows()
        == [(str(n), n + 2) for n in range(9, 100, 11)]
    )
    assert lazy.head(3).collect().height == 3


def test_missing_score_column_lists_the_columns(tmp_path: Path) -> None:
    """Without a score the columns there are get listed, and no line is proposed that would name one."""
    with pytest.raises(MissingColumn, match=r'there is no score to name.*It has: "city", "plan"'):
        read_export(write(tmp_path / "x.csv", [["city", "plan"], ["Oslo", "basic"]]))


def real(name: str) -> Path:
    """A real file, or a loud skip."""
    if not (SHARED / name).exists():
        pytest.skip(f"../shared/data/real/{name} absent")
    return SHARED / name


def test_real_mixed_encoding() -> None:
    """The French shop's file: every row, two encodings, no accent left as a symbol inside a word."""
    table, recognised = read_export(real("garden_retail_fr_mixed_encoding.csv"))
    assert len(table) == 13_954
    assert (table["score"] == "NA").sum() == 342
    assert table["source_flag"].eq("other_encoding").sum() > 1_000
    assert not table["comment"].dropna().str.contains("[a-z][‚ƒ‰‹Œ–Þþ]").any()
    assert recognised.columns["comment"] == "explication"


def test_real_telecom_and_saas() -> None:
    """Columns and counts as their README says."""
    table, recognised = read_export(real("telecom_uk_verbatims.csv"))
    assert len(table) == 2_385
    assert table["score"].isna().sum() == 32
    assert table["touchpoint"].nunique() == 4
    assert dict(recognised.columns) == {
        "touchpoint": "SURVEY_SUB_TYPE",
        "score": "NPS_SCORE",
        "comment": "text",
        "responded_at": "CUSTOMER_RESPONSE_DATE",
        "score_label": "NPS_RATING",
    }
    table, recognised = read_export(real("hr_saas_b2b_nps.csv"))
    assert (len(table), table["account_id"].nunique()) == (348, 202)
    assert recognised.columns["responded_at"] == "Data_Received"


def test_real_google_forms_twins() -> None:
    """The same answers in two date formats give the same scores and comments."""
    one, why = read_export(real("format_google_forms_us.csv"))
    two, _ = read_export(real("format_google_forms_iso.csv"))
    assert why.tool == "google_forms"
    assert one[["score", "comment"]].equals(two[["score", "comment"]])


def test_real_qualtrics_needs_a_named_score() -> None:
    """Two Qualtrics files without an NPS question: refused, and read when the column is named."""
    for name, rows in (("format_qualtrics_three_header_de.csv", 3), ("format_qualtrics_legacy_bom.csv", 2)):
        with pytest.raises(MissingColumn, match="no column is the 0-10 question"):
            read_export(real(name))
        table, recognised = read_export(real(name), columns={"score": "Q1"})
        assert (recognised.tool, recognised.header_rows, len(table)) == ("qualtrics", rows, 1)
        assert [table.loc[0, name] for name in ("response_id", "score", "finished", "status")] == [
            "R_2YPOQ602ER1jkf1",
            "2",
            "1",
            "0",
        ]
        assert table.loc[0, "source_row"] == rows + 1


@pytest.mark.parametrize("text", ["NPS report, 2025\nExported 2025-03-01\n\n{}", "NPS report 2025;;\n;;\nBy;Kari;\n{}"])
def test_a_title_above_the_headers(tmp_path: Path, text: str) -> None:
    """The table begins where the headers are, rows keep their numbers in the file, and a note says it."""
    path = tmp_path / "a.csv"
    path.write_text(text.format("NPS;Comment;Date\n9;hi;2025-03-01\n3;no;2025-03-02\n"), "utf-8")
    table, recognised = read_export(path)
    assert (table["score"].tolist(), table["source_row"].tolist()) == (["9", "3"], [5, 6])
    assert any("begins in row 4" in note for note in recognised.notes)


def test_a_title_in_a_workbook(tmp_path: Path) -> None:
    """The same above the headers of a sheet."""
    book = openpyxl.Workbook()
    for row in (["Answers of 2025"], [], ["NPS", "Comment", "Date"], [9, "hi", dt.date(2025, 3, 1)]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    table, recognised = read_export(tmp_path / "a.xlsx")
    assert (table["score"].tolist(), table["source_row"].tolist()) == (["9"], [4])
    assert any("begins in row 3" in note for note in recognised.notes)


def test_a_first_row_of_one_name_is_no_title_over_answers(tmp_path: Path) -> None:
    """Columns without names stay columns; nothing above the answers is thrown away by its looks."""
    path = tmp_path / "a.csv"
    path.write_text(",,NPS\nOslo,Kari,9\nLund,Bo,3\n", "utf-8")
    table, _ = read_export(path)
    assert table["score"].tolist() == ["9", "3"]


@pytest.mark.parametrize("end", ["\r", ""])
def test_lines_that_end_in_a_lone_carriage_return(tmp_path: Path, end: str) -> None:
    """Read as lines, not as one header without answers."""
    path = tmp_path / "a.csv"
    path.write_bytes(f'NPS;Kommentar\r9;"hei;\rdu"\r3;hå{end}'.encode())
    table, _ = read_export(path)
    assert (table["score"].tolist(), table["comment"].tolist()) == (["9", "3"], ["hei;\ndu", "hå"])


def test_a_workbook_whose_directory_points_nowhere(tmp_path: Path) -> None:
    """Damage that only shows when a part is opened is told as damage."""
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    data = bytearray((tmp_path / "a.xlsx").read_bytes())
    end = data.rfind(b"PK\x05\x06")
    place = int.from_bytes(data[end + 16 : end + 20], "little") + 5_000_000
    data[end + 16 : end + 20] = place.to_bytes(4, "little")
    (tmp_path / "a.xlsx").write_bytes(bytes(data))
    with pytest.raises(BadFile, match="damaged"):
        read_export(tmp_path / "a.xlsx")


@pytest.mark.parametrize("text", ["\n  <table><tr><td>NPS</td>", "<!doctype html><p>NPS", "<?xml version='1.0'?>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_pages_and_data_for_programs_are_no_tables(tmp_path: Path, text: str, encoding: str) -> None:
    """Some tools call a page .xls; a question with markup in it is still a question."""
    path = tmp_path / "a.xls"
    path.write_text(text + "\n9\n", encoding)
    with pytest.raises(BadFile, match=r"CSV \(UTF-8\)"):
        read_export(path)
    path.write_text("<p>How likely are you to recommend us?</p>\n9\n", encoding)
    assert read_export(path)[0]["score"].tolist() == ["9"]


def test_a_euro_between_spaces_is_a_euro(tmp_path: Path) -> None:
    """In code page 850 the byte is a letter that no word consists of; it decides a file whose other bytes are ASCII."""
    path = tmp_path / "rent.csv"
    path.write_bytes("NPS;Huur\n9;€ 37.880,30\n3;€ 3,00\n".encode("cp1252"))
    table, recognised = read_export(path)
    assert recognised.encoding == "Windows-1252"
    assert table["Huur"].tolist() == ["€ 37.880,30", "€ 3,00"]
