"""Exports that a stranger made up: what was read of them wrongly, or said so that one would go on wrongly."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from nps_utils.checks import BadInput, Undecidable
from nps_utils.exports import Recognised, read_export
from nps_utils.report.start import start_study

SCORES = (10, 9, 3, 8, 10, 6, 9, 7, 10, 2) * 6
WROTE = [f"Answer {at} was about the service" for at in range(60)]


def day(at: int, form: str = "%Y-%m-%d") -> str:
    return f"{dt.date(2026, 1, 5) + dt.timedelta(days=at):{form}}"


def write(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def read(path: Path, rows: Sequence[Sequence[object]]) -> Recognised:
    return read_export(write(path / "a.csv", rows))[1]


def test_averages_beside_their_number_are_no_score_and_the_number_is_not_offered_as_one(tmp_path: Path) -> None:
    """The message proposed `score = "Responses"`, the number of answers of each company."""
    rows = [["Company", "Average NPS score", "Responses", "Last response"]]
    rows += [[f"Firm {at}", f"{5 + at % 5}.3", str(3 + at % 7), day(at)] for at in range(40)]
    with pytest.raises(BadInput, match="each row sums up many") as error:
        read(tmp_path, rows)
    assert "--column" not in str(error.value)


def test_a_scale_around_zero_is_refused_without_a_way_on(tmp_path: Path) -> None:
    """Its lower half was offered as "no answers": the rest is no NPS."""
    rows = [["Date", "Net promoter answer"], *([day(at), at % 11 - 5] for at in range(66))]
    with pytest.raises(BadInput, match="on a scale of -5 to 5") as error:
        read(tmp_path, rows)
    assert "--label" not in str(error.value)
    coded = [["Date", "Net promoter answer"], *([day(at), (10, 9, -9, 4, 0)[at % 5]] for at in range(60))]
    with pytest.raises(BadInput, match='"-9" = "none"'):
        read(tmp_path, coded)


def test_a_column_of_one_value_among_the_answers_is_no_segment(tmp_path: Path) -> None:
    """All who answered are "done"; "pending" are the invitations."""
    rows = [["email", "Date", "State", "Area", "NPS", "Comment"]]
    rows += [[f"a{at}@x.example", day(at), "done", "NS"[at % 2], SCORES[at], WROTE[at]] for at in range(60)]
    rows += [[f"b{at}@x.example", day(at), "pending", "NS"[at % 2], "", ""] for at in range(20)]
    found = read(tmp_path, rows)
    assert found.segments == ("Area",)
    assert found.unused["State"] == "it has one value only among the answers"


def test_two_ways_of_writing_days_are_to_be_split_and_what_fits_both_is_counted(tmp_path: Path) -> None:
    """Days of two offices: whichever came first, the other's first twelve days of a month were read wrongly."""
    rows = [["Date", "NPS"], *([day(at, ("%d/%m/%Y", "%m/%d/%Y")[at % 2]), SCORES[at]] for at in range(60))]
    path = write(tmp_path / "a.csv", rows)
    with pytest.raises(Undecidable) as error:
        list(start_study(tmp_path / "s", [path], timezone="UTC"))
    assert "Split the file by who wrote the days" in str(error.value)
    either = sum(
        (dt.date(2026, 1, 5) + dt.timedelta(days=at)).day <= 12
        and (dt.date(2026, 1, 5) + dt.timedelta(days=at)).day != (dt.date(2026, 1, 5) + dt.timedelta(days=at)).month
        for at in range(60)
    )
    assert f"and {either} that fit both are read that way, rightly or not" in str(error.value)


def test_rows_that_look_like_trials_are_told(tmp_path: Path) -> None:
    """No column says so: an address, a comment. A person called Tester Hansen and a comment on a test are none."""
    rows: list[list[object]] = [["Email", "Date", "NPS", "Comment"]]
    rows += [[f"a{at}@x.example", day(at), SCORES[at], WROTE[at]] for at in range(60)]
    rows[1][0], rows[2][3], rows[3][0] = "test2@firm.example", "test", "qa@test.no"
    rows[4][0], rows[5][3], rows[6][3] = "testa.olsen@x.example", "The test of my eyes was good", "Fine protest"
    notes = " ".join(read(tmp_path, rows).notes)
    assert '3 of the rows looked at have "test" for an address, a name or a comment, and count.' in notes
    assert "test" not in " ".join(read(tmp_path, [rows[0], *rows[4:]]).notes)


def test_one_value_is_said_as_one(tmp_path: Path) -> None:
    rows = [["Date", "Channel", "NPS"], *([day(at), "Kiosk", SCORES[at]] for at in range(60))]
    assert 'its one value, such as "Kiosk", is not taken for a channel unasked' in " ".join(read(tmp_path, rows).notes)
