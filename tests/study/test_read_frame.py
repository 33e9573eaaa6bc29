"""A frame that streams by is read as a table in memory is: the same names, the same dates, the same refusals."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nps_utils.checks import BadFile, BadStudy, UndecidedDates
from nps_utils.exports.cells.date_cells import changes, iso_dates
from nps_utils.exports.files.plain import read_table
from nps_utils.exports.side_tables import name_columns
from nps_utils.study.read_frame import scan_frame, with_dates

DATES = ("asked_at", "customer_since")
FRAMES = {
    "ours": "respondent_id,asked_at,customer_since\n1,2026-01-02,2020-03-04\n2,2026-01-03,\n",
    "day first": "E-post;Sendt;Kunde siden\na@x.no;03/02/2026 10.30;\nb@x.no;17/02/2026 9.00;4. juni 2020\nc@x.no;;\n",
    "parts of names": "email;Voornaam;Tussenvoegsel;Achternaam\na@x.nl;Jan;de ;Wit\nb@x.nl; ;;Bos\nc@x.nl;;;\n",
    "a whole name": "email,Kontaktperson,Rolle\na@x.no,Anna,leder\nb@x.no,,\n",
    "a number of a customer": "Kundenummer,Navn\n17,Anna\n18,Berit\n",
}


def streamed(path: Path, told: dict[str, str] | None = None) -> pd.DataFrame:
    frame = scan_frame(path, told=told or {}, keep=(), dates=DATES)
    return with_dates(frame.rows, changes(frame.dated(), what=str(path))).collect().to_pandas()


@pytest.mark.parametrize("text", FRAMES.values(), ids=FRAMES.keys())
def test_it_is_what_a_table_in_memory_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "frame.csv"
    path.write_text(text, "utf-8")
    named = name_columns(read_table(path), "frame", told={}, path=path)
    expected = iso_dates(named, DATES, what=str(path))
    pd.testing.assert_frame_equal(streamed(path), expected, check_exact=True)


def test_the_order_of_rows_decides_where_no_cell_does(tmp_path: Path) -> None:
    """Days that rise row by row under one reading alone, as in a table in memory."""
    path = tmp_path / "frame.csv"
    days = [f"{day:02d}/{month:02d}/2026" for month in range(1, 12) for day in (1, 5, 9, 12)]
    path.write_text("email,asked_at\n" + "".join(f"p{i}@x.no,{day}\n" for i, day in enumerate(days)), "utf-8")
    expected = iso_dates(read_table(path), DATES, what=str(path))
    assert streamed(path)["asked_at"].tolist() == expected["asked_at"].tolist()
    assert expected["asked_at"].iloc[1] == "2026-01-05"


def test_refusals_name_the_row_or_the_column(tmp_path: Path) -> None:
    path = tmp_path / "frame.csv"
    path.write_text("email,asked_at\na@x.no,2026-01-02\nb@x.no,2026-01-02,more\n", "utf-8")
    with pytest.raises(BadFile, match="row 3"):
        streamed(path)
    with pytest.raises(BadFile, match="row 3"):  # a damaged row is told first
        streamed(path, told={"respondent_id": "Nummer"})
    path.write_text("Rolle,asked_at\nleder,03/02/2026\n", "utf-8")
    with pytest.raises(BadStudy, match="no column says who was asked"):
        streamed(path)
    path.write_text("email,asked_at\na@x.no,03/02/2026\n", "utf-8")
    with pytest.raises(UndecidedDates, match="asked_at"):
        streamed(path)
