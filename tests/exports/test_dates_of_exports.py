"""Dates that say themselves how they are read: American times under an English header, and what is not in digits."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nps_utils import Study, clean, read_export
from nps_utils.checks import Undecidable
from nps_utils.exports.cells.month_names import in_digits

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


def dated(folder: Path, *times: str, header: str = "Date") -> Path:
    """Write a file of dates with commas in some of them."""
    path = folder / "dates.csv"
    pd.DataFrame({header: times, "NPS": ["9"] * len(times)}).to_csv(path, index=False)
    return path


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("24 Feb 2015", "2015-02-24"),
        ("24-Feb-15", "2015-02-24"),
        ("Feb 24, 2015 3:05 PM", "2015-02-24 15:05:00"),
        ("Tuesday, 24 February 2015 at 12:05 am", "2015-02-24 00:05:00"),
        ("Tue, 24 Feb 2015 10:15:00 +0100", "2015-02-24 10:15:00+01:00"),
        ("Tue Feb 24 2015 10:15:00 GMT+0100 (Central European Standard Time)", "2015-02-24 10:15:00+01:00"),
        ("Tue Feb 24 10:15:00 +0000 2015", "2015-02-24 10:15:00+00:00"),
        ("24. mai 2015 kl. 14.05", "2015-05-24 14:05:00"),
        ("den 24 maj 2015", "2015-05-24"),
        ("søndag 24. maj 2015", "2015-05-24"),
        ("24 mrt. 2015 om 10:15 uur", "2015-03-24 10:15:00"),
        ("24. März 2015, 10:15 Uhr", "2015-03-24 10:15:00"),
        ("mar. 24 févr. 2015 à 10h15", "2015-02-24 10:15:00"),
        ("24 de febrero de 2015", "2015-02-24"),
        ("20240131", "2024-01-31"),
        ("20240131T101500Z", "2024-01-31 10:15:00Z"),
        ("24.02.2015 kl. 11.35", "24.02.2015 11:35:00"),
        ("2025/03/01 8:51:10 em CET", "2025/03/01 20:51:10+01:00"),
        ("45717,25", "45717.25"),
        ("1741345000.0", "1741345000"),
        ("1741345000123.5", "1741345000123"),
        ("10:15 PM, 24 Feb 2015", "2015-02-24 22:15:00"),
        ("10:15 24/02/2015", "24/02/2015 10:15"),
    ],
)
def test_a_date_that_is_not_in_digits(cell: str, expected: str) -> None:
    """Names, words and packed digits become what the usual path reads; nothing is decided where digits are unclear."""
    assert in_digits(cell) == expected


def test_words_in_a_cell_are_read_as_their_digits(tmp_path: Path) -> None:
    """What cleaning makes of each cell is what it makes of the same moment in digits."""
    cells = ["Feb 24, 2015 3:05 PM", "24.02.2015 kl. 11.35", "10:15:07 24/02/2015", "24/02/2015 10:15 CET", "45717,25"]
    digits = ["2015-02-24 15:05", "2015-02-24 11:35", "2015-02-24 10:15:07", "2015-02-24T09:15Z", "2025-03-01 06:00"]
    table, _ = read_export(dated(tmp_path, *cells))
    responses, _ = clean(table, timezone="UTC")
    assert responses["responded_at"].tolist() == pd.to_datetime(digits, format="ISO8601", utc=True).tolist()


@pytest.mark.parametrize(
    "cell",
    [
        "31 Jun 2015", "20241331", "24 Feb", "Feb 2015", "5 stars 2015", "13:05 pm 24 Feb 2015", "24 Feb 2015 25:00",
        "24 Feb 2015 10:15 IST", "24 Feb 2015 10:15, and then we called", "2024-01-31 10:15", "24.02.2015",
        "1741344000",
    ],
)  # fmt: skip
def test_what_is_not_understood_to_its_end_is_not_touched(cell: str) -> None:
    """Nor is what the usual path reads by itself."""
    assert in_digits(cell) is None


def test_no_month_name_stands_for_two_months() -> None:
    """Otherwise the language would have to be known: each name of each language is read as its own month."""
    from babel import Locale

    from nps_utils.exports.cells.month_names import LANGUAGES

    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for month, name in Locale(language).months["format"][width].items():
                assert in_digits(f"24 {name} 2015") == f"2015-{month:02d}-24", (language, name)


def test_spelled_dates_are_read_and_told_once(tmp_path: Path) -> None:
    """The ledger of the study has one sentence on how the dates were read, and it shows a cell of the export."""
    dated(tmp_path, "24. mai 2015 14:05", "3. juni 2015 09:00", "31. juni 2015 09:00", header="Dato")
    (tmp_path / "study.toml").write_text(
        'title = "x"\ntimezone = "Europe/Oslo"\n[[export]]\npath = "dates.csv"\n', "utf-8"
    )
    study = Study.open(tmp_path)
    responses, ledger = study.responses(), study.ledger()
    assert responses["responded_at"].dt.strftime("%Y-%m-%d %H:%M").tolist() == ["2015-05-24 12:05", "2015-06-03 07:00"]
    assert ledger.loc[ledger["action"] == "rejected", "value"].tolist() == ["31. juni 2015 09:00"]
    told = [sentence for sentence in ledger.loc[ledger["action"] == "noted", "value"] if "responded_at" in sentence]
    assert told == [
        'responded_at: 2 of 3 cells are not in plain numbers, for example "24. mai 2015 14:05", read as 2015-05-24.'
    ]


def test_american_times_are_told_once(tmp_path: Path) -> None:
    """What reading decided is not told a second time as a decision for ISO dates."""
    form(tmp_path, "Timestamp", "11/1/2019 8:51:12", "11/12/2019 10:00:00")
    (tmp_path / "study.toml").write_text('title = "x"\ntimezone = "UTC"\n[[export]]\npath = "form.csv"\n', "utf-8")
    ledger = Study.open(tmp_path).ledger()
    told = [sentence for sentence in ledger.loc[ledger["action"] == "noted", "value"] if "responded_at" in sentence]
    assert len(told) == 1
    assert "month first" in told[0]


def test_a_period_is_no_date_and_that_is_said(tmp_path: Path) -> None:
    """A column of the right name is never left out in silence."""
    _, recognised = read_export(dated(tmp_path, "Feb 2015", "Mar 2015"))
    assert "responded_at" not in recognised.columns
    assert any('wave = "Date"' in note for note in recognised.notes)


def test_an_order_that_words_do_not_tell_is_still_to_decide(tmp_path: Path) -> None:
    """Words around the time say nothing about day and month."""
    table, recognised = read_export(dated(tmp_path, "03/04/2025 kl. 10.00", "05/04/2025 kl. 10.00"))
    assert recognised.ordered_dates == ()
    with pytest.raises(Undecidable, match="day_first"):
        clean(table, timezone="UTC")


def test_iso_times_with_a_t_are_dates_by_their_shape(tmp_path: Path) -> None:
    """A column of a name we know is recognised whatever stands between day and time."""
    _, recognised = read_export(dated(tmp_path, "2025-03-01T10:00:00.000Z", header="Created Date"))
    assert recognised.columns["responded_at"] == "Created Date"


def test_a_day_under_a_utc_header_is_a_day_of_utc(tmp_path: Path) -> None:
    """A zone behind a date without a time would make it unreadable."""
    table, _ = read_export(dated(tmp_path, "2025-03-01", "2025-03-02 08:00", header="Created At (UTC)"))
    responses, _ = clean(table, timezone="Europe/Oslo")
    assert responses["responded_at"].dt.hour.tolist() == [0, 8]
    cells = ("13-02-2025", "13-02-2025 9:05", "13-02-2025 9:05 GMT+5:30", "13-02-2025 9:05 +5:30")
    table, _ = read_export(dated(tmp_path, *cells, header="Created At (UTC)"))
    responses, _ = clean(table, timezone="Europe/Oslo")
    assert responses["responded_at"].dt.strftime("%d %H:%M").tolist() == [
        "13 00:00",
        "13 09:05",
        "13 03:35",
        "13 03:35",
    ]
