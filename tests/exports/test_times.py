"""Which date is that of the answer, and which dates are none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from nps_utils.cleaning.clean import clean
from nps_utils.exports import read_export, recognise

QUESTION = "How likely are you to recommend Bergvik to a colleague?"
BEGUN = [f"{dt.date(2025, 8, 4) + dt.timedelta(days=2 * i)} 08:15:00" for i in range(12)]
ENDED = [time.replace("08:15", "08:22") for time in BEGUN]
# Start and end as Microsoft Forms writes them in its languages, as LimeSurvey does, and as people call them.
PAIRS = (
    ("Start time", "Completion time"), ("Starttid", "Slutförandetid"), ("Starttidspunkt", "Fullføringstidspunkt"),
    ("Starttidspunkt", "Fuldførelsestidspunkt"),
    ("Begintijd", "Tijd van voltooien"),
    ("Startzeit", "Fertigstellungszeit"), ("Heure de début", "Heure de fin"),
    ("Hora de inicio", "Hora de finalización"),
    ("Ora di inizio", "Ora di completamento"), ("Aloitusaika", "Valmistumisaika"), ("Created", "Submitted"),
    ("created_at", "submitted_at"), ("Time Started", "Date Submitted"), ("startdate", "submitdate"),
    ("Påbörjad", "Inskickad"), ("Opprettet", "Besvart"), ("Oprettet", "Afsluttet"), ("Aangemaakt op", "Ingediend op"),
    ("Angelegt am", "Abgesendet am"), ("Créé le", "Soumis le"), ("Creado", "Enviado"), ("Luotu", "Lähetetty"),
    ("Starttid", "Sluttid"), ("Start", "Einde"), ("Last modified", "Created"),
)  # fmt: skip


def export(folder: Path, **columns: list[str]) -> Path:
    """Write twelve answers with these further columns."""
    path = folder / "a.csv"
    pd.DataFrame({**columns, QUESTION: [9, 10, 3, 0, 7, 8, 10, 10, 6, 9, 5, 2]}).to_csv(path, index=False)
    return path


@pytest.mark.parametrize(("begun", "ended"), PAIRS)
@pytest.mark.parametrize("first", [True, False])
def test_the_end_of_answering_counts(begun: str, ended: str, first: bool, tmp_path: Path) -> None:
    """Whatever the language, and whichever column comes first."""
    columns = {begun: BEGUN, ended: ENDED} if first else {ended: ENDED, begun: BEGUN}
    assert read_export(export(tmp_path, **columns))[1].columns["responded_at"] == ended


def test_a_start_without_an_end_is_an_unfinished_answer(tmp_path: Path) -> None:
    """As where a word says so: LimeSurvey leaves the submit date empty."""
    path = export(tmp_path, **{"Date submitted": ["", "", *ENDED[2:]], "Date started": BEGUN})
    _, ledger = clean(read_export(path)[0], timezone="UTC")
    rejected = ledger[ledger["action"] == "rejected"]
    assert rejected[["source_row", "reason"]].to_numpy().tolist() == [[2, "unfinished"], [3, "unfinished"]]
    kept, _ = clean(read_export(path)[0], timezone="UTC", partials="keep")
    assert len(kept) == 10  # they have no date, in a file of dates


PLACEHOLDERS = ("1980-01-01 00:00:00", "1970-01-01", "01/01/1970", "1900-01-01 00:00", "1899-12-30", "9999-12-31")


@pytest.mark.parametrize("day", PLACEHOLDERS)
def test_a_placeholder_is_no_date(day: str, tmp_path: Path) -> None:
    """It is not chosen, another column is; named by hand it makes no wave, and the ledger says why."""
    path = export(tmp_path, **{"Date submitted": [day] * 12})
    found = read_export(path)[1]
    assert "responded_at" not in found.columns
    assert any("a placeholder, so it is not used" in note for note in found.notes)
    responses, ledger = clean(read_export(path, columns={"responded_at": "Date submitted"})[0], timezone="UTC")
    assert responses["wave"].tolist() == ["all"] * 12
    assert responses["responded_at"].isna().all()
    assert "placeholder" in ledger["reason"].tolist()
    other = export(tmp_path, **{"Date submitted": [day] * 12, "Date started": BEGUN})
    assert read_export(other)[1].columns["responded_at"] == "Date started"


def test_each_file_has_its_own_placeholders() -> None:
    """A file without times beside one with them: the rows of the first have no wave, all count."""
    table = pl.DataFrame(
        {
            "score": ["9"] * 6,
            "responded_at": ["1980-01-01"] * 2 + ["2025-02-03", "2025-02-04", "2062-01-01", "1970-01-01"],
            "source_file": ["old.csv"] * 2 + ["new.csv"] * 4,
            "source_row": [2, 3, 2, 3, 4, 5],
        }
    )
    responses, ledger = clean(table, timezone="UTC")
    assert responses["wave"].to_list() == ["all", "all", "2025-Q1", "2025-Q1"]
    rejected = ledger.filter(pl.col("action") == "rejected")
    assert rejected.select("source_row", "reason", "value").rows() == [
        (4, "impossible_date", "2062-01-01"),
        (5, "impossible_date", "1970-01-01"),
    ]


def test_an_impossible_date_of_asking_is_flagged() -> None:
    """The answer counts; when it was asked for is not known. A column of placeholders is not flagged row by row."""
    table = pl.DataFrame({"score": ["9", "8", "7"], "asked_at": ["2025-01-01", "2025-01-02", "1970-01-01"]})
    responses, ledger = clean(table, timezone="UTC")
    assert responses["asked_at"].null_count() == 1
    assert ledger.filter(pl.col("action") == "flagged")["reason"].to_list() == ["impossible_asked_at"]
    none = table.with_columns(asked_at=pl.lit("1980-01-01"))
    assert clean(none, timezone="UTC")[1].filter(pl.col("action") == "flagged").is_empty()


@pytest.mark.parametrize("form", ["%-m/%-d/%y %H:%M", "%d.%m.%y", "%d-%m-%y", "%y-%m-%d", "%y/%m/%d %H:%M", "%d-%b-%y"])
def test_years_of_two_digits(form: str, tmp_path: Path) -> None:
    """Whichever number is the year, twelve days show it."""
    days = [dt.datetime(2025, 8, 4, 8, 15, tzinfo=dt.UTC) + dt.timedelta(days=2 * i) for i in range(12)]
    table, _ = read_export(export(tmp_path, Date=[day.strftime(form) for day in days]))
    responses, _ = clean(table, timezone="UTC")
    assert responses["responded_at"].dt.strftime("%Y-%m-%d").tolist() == [f"{day:%Y-%m-%d}" for day in days]


def test_one_moment_for_all_is_told(tmp_path: Path) -> None:
    """The time of an import is a date, but perhaps not that of the answers."""
    found = read_export(export(tmp_path, Date=["2025-10-31 17:00:12"] * 12))[1]
    assert any("time of an import" in note for note in found.notes)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("Dato sendt", "Dato besvart"), ("Datum skickad", "Datum besvarad"), ("Date sent", "Date answered")],
)
def test_the_day_it_was_answered_is_not_the_day_it_was_sent(asked: str, answered: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f"2026-0{1 + i % 6}-1{i % 9},2026-0{1 + i % 6}-2{i % 9},{i % 11},p{i}@x.example" for i in range(40)]
    path.write_text("\n".join([f"{asked},{answered},NPS,Email", *rows]), "utf-8")
    found = recognise(path)
    assert (found.columns["asked_at"], found.columns["responded_at"]) == (asked, answered)


@pytest.mark.parametrize(
    ("day", "clock", "cells", "utc"),
    [
        ("Dato", "Klokkeslett", [("31.12.2025", "23:45"), ("13.06.2025", "0.05")], ["12-31 22:45", "06-12 22:05"]),
        ("Date", "Time", [("12/31/2025", "11:45 PM"), ("06/13/2025", "")], ["12-31 22:45", "06-12 22:00"]),
        ("Datum", "Duur", [("2025-12-31", "00:12:45"), ("2025-06-13", "00:03:10")], ["12-30 23:00", "06-12 22:00"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("told", [False, True])
def test_the_time_of_day_may_stand_in_a_column_of_its_own(
    tmp_path: Path, day: str, clock: str, cells: list[tuple[str, str]], utc: list[str], told: bool
) -> None:
    """It decides which answer of a person is the last one, and in another zone the day; how long it took does not."""
    rows = [f"{i};{cells[i % 2][0]};{cells[i % 2][1]};{i % 11};p{i}@x.example" for i in range(40)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join([f"id;{day};{clock};NPS;Email", *rows]) + "\n", "utf-8")
    named = {"responded_at": [day, clock]} if told and clock != "Duur" else None
    table, found = read_export(path, columns=named)
    responses, _ = clean(table, timezone="Europe/Oslo")
    assert responses["responded_at"].dt.strftime("%m-%d %H:%M").tolist()[:2] == utc
    assert found.toml_columns["responded_at"] == ([day, clock] if clock != "Duur" else day)
