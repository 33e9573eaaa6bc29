"""Month-first times are known by their form under an English header, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest

from nps_utils import clean, read_export
from nps_utils.checks import Undecidable

QUESTION = "How likely are you to recommend us?"


def form(folder: Path, header: str, *times: str) -> Path:
    """Write a Google Forms export."""
    path = folder / "form.csv"
    lines = [f"{header},{QUESTION}", *(f"{time},{score}" for time, score in zip(times, (9, 3, 10), strict=False))]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_a_day_of_one_digit_under_an_english_header_is_american(tmp_path: Path) -> None:
    """11/1/2019 is 1 November: no English locale writes January so; the ledger's note says it."""
    table, recognised = read_export(form(tmp_path, "Timestamp", "11/1/2019 8:51:12", "11/12/2019 10:00:00"))
    responses, _ = clean(table, timezone="UTC")
    assert responses["responded_at"].dt.strftime("%Y-%m-%d %H:%M:%S").tolist() == [
        "2019-11-01 08:51:12",
        "2019-11-12 10:00:00",
    ]
    assert any("month first" in note for note in recognised.notes)


@pytest.mark.parametrize(
    ("header", "time"),
    [
        ("Timestamp", "11/01/2019 8:51:12"),  # two digits: January in Australia, November in the United States
        ("Marca temporal", "11/1/2019 8:51:12"),  # Spain writes no leading zeros, day first
        ("Tijdstempel", "11/1/2019 8:51:12"),
    ],
)
def test_what_the_form_does_not_prove_stays_undecided(tmp_path: Path, header: str, time: str) -> None:
    """Then both readings are named, and the user decides."""
    table, _ = read_export(form(tmp_path, header, time))
    with pytest.raises(Undecidable, match="day_first"):
        clean(table, timezone="UTC")


def test_a_first_number_above_twelve_is_a_day(tmp_path: Path) -> None:
    """One such time proves day first for the whole column."""
    table, _ = read_export(form(tmp_path, "Timestamp", "13/1/2019 8:51:12", "11/1/2019 8:51:12"))
    responses, _ = clean(table, timezone="UTC")
    assert responses["responded_at"].dt.month.tolist() == [1, 1]
