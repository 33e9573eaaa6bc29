"""Reading dates: every form against Python's own datetime and zoneinfo, and every decision against its evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import narwhals as nw
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_utils.checks import BadValue, Undecidable
from nps_utils.cleaning.clean import clean
from nps_utils.cleaning.engines import PolarsEngine
from nps_utils.cleaning.zones import local_from_utc, utc_from_local, zone_between
from nps_utils.exports.cells.dates import Day, read_cell
from nps_utils.waves import check_wave, wave_of

STOCKHOLM = "Europe/Stockholm"


def read(cells: Sequence[str | None], *, timezone: str = "UTC", day_first: bool | None = None) -> list[str | None]:
    """Return the cells as UTC times in ISO form through the whole of `clean`, keeping every row."""
    table = pl.DataFrame({"score": ["9"] * len(cells), "responded_at": cells})
    responses, ledger = clean(table, timezone=timezone, day_first=day_first)
    told: dict[int, str | None] = {
        row["source_row"]: row["responded_at"].strftime("%Y-%m-%dT%H:%M:%S") for row in responses.to_dicts()
    }
    told |= {row["source_row"]: row["reason"] for row in ledger.filter(pl.col("action") == "rejected").to_dicts()}
    return [told[row] for row in sorted(told)]


def notes(table: pl.DataFrame) -> str:
    """Return what the ledger notes, in one text."""
    _, ledger = clean(table, timezone="UTC")
    return "\n".join(ledger.filter(pl.col("action") == "noted")["value"])


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2015-02-24", "2015-02-24T00:00:00"),
        ("2015-02-24 11:35", "2015-02-24T11:35:00"),
        ("2015-02-24T11:35:07Z", "2015-02-24T11:35:07"),
        ("2015-02-24T11:35:07.123456789Z", "2015-02-24T11:35:07"),
        ("2015-02-24T11:35:07+02:00", "2015-02-24T09:35:07"),
        ("2015-02-24T11:35:07-0530", "2015-02-24T17:05:07"),
        ("2015-02-24 11:35:07 +02", "2015-02-24T09:35:07"),
        ("2015-02-24 23:35:07.5 UTC", "2015-02-24T23:35:07"),
        ("2015/2/4 9:05:13 AM GMT+1", "2015-02-04T08:05:13"),
        ("2015/2/4 9:05:13 AM GMT+5:30", "2015-02-04T03:35:13"),
        ("2015-02-24 9:05 GMT-3:30", "2015-02-24T12:35:00"),
        ("2015-02-24 9:05 +5:45", "2015-02-24T03:20:00"),
        ("Feb 24, 2015 9:05 AM GMT +5:30", "2015-02-24T03:35:00"),
        ("2015-02-24 9:05", "2015-02-24T09:05:00"),
        ("24.02.2015 9.05", "2015-02-24T09:05:00"),
        ("2015-2-4", "2015-02-04T00:00:00"),
        ("24/02/2015 20:09", "2015-02-24T20:09:00"),
        ("24/2/2015", "2015-02-24T00:00:00"),
        ("24-02-2015 11.35", "2015-02-24T11:35:00"),
        ("24.02.2015", "2015-02-24T00:00:00"),
        ("4.2.2015 8:07", "2015-02-04T08:07:00"),
        ("24.02.2015, 11:35", "2015-02-24T11:35:00"),
        ("2/24/2015 8:51:12", "2015-02-24T08:51:12"),
        ("2/24/2015 8:51:12 PM", "2015-02-24T20:51:12"),
        ("2/24/2015 12:01 am", "2015-02-24T00:01:00"),
        ("2/24/2015 12:01\u202fp.m.", "2015-02-24T12:01:00"),
        ("1424777707", "2015-02-24T11:35:07"),
        ("1424777707123", "2015-02-24T11:35:07"),
        ("42059", "2015-02-24T00:00:00"),
        ("42059.4827199074", "2015-02-24T11:35:07"),
        (" 2015-02-24 ", "2015-02-24T00:00:00"),
    ],
)
def test_one_form_of_date(cell: str, expected: str) -> None:
    """Each form that tools write is read to the second."""
    assert read([cell]) == [expected]


@pytest.mark.parametrize(
    "cell",
    ["2015-02-30", "31/04/2015", "2015-13-01", "2015-02-24 24:01", "2015-02-24 11:61", "2015-02-24 13:00 PM",
     "yesterday", "0001-01-01", "24 floreal 2015", "24 feb", "2015-02-24T11:35:07+99:00", "12345678", "٢٠١٥-٠٢-٢٤"],
)  # fmt: skip
def test_what_is_no_date_is_rejected(cell: str) -> None:
    """A cell that is no date is rejected beside one that is; it is never read as another date."""
    assert read([cell, "2015-02-24", None, "NA"]) == [
        "unreadable_date", "2015-02-24T00:00:00", "missing_date", "missing_date",
    ]  # fmt: skip


def test_forms_mix_in_one_column() -> None:
    """Forms of every kind in one column are read side by side, each by its own rule."""
    cells = [
        "2015-02-24T11:35:07Z",
        "24/02/2015",
        "5/2/2015 8:00",
        "1424777707",
        "42059.5",
        "2015-02-24 11:35:07 +02:00",
    ]
    assert read(cells, timezone=STOCKHOLM) == [
        "2015-02-24T11:35:07", "2015-02-23T23:00:00", "2015-02-05T07:00:00", "2015-02-24T11:35:07",
        "2015-02-24T11:00:00", "2015-02-24T09:35:07",
    ]  # fmt: skip


FORMATS = ("%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H.%M.%S", "%m-%d-%Y %I:%M:%S %p")
# Wall-clock times without a zone, to the second.
MOMENTS = st.integers(0, 14 * 365 * 86_400).map(lambda s: dt.datetime.fromisoformat("2011-01-01") + dt.timedelta(0, s))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(MOMENTS, min_size=1, max_size=8),
    st.sampled_from(FORMATS),
    st.booleans(),
    st.sampled_from([STOCKHOLM, "UTC"]),
)
def test_what_strftime_writes_is_read_back(moments: list[dt.datetime], form: str, strip: bool, zone: str) -> None:
    """Times written by strftime, with and without leading zeros, come back as zoneinfo has them."""
    cells = [moment.strftime(form) for moment in moments]
    if strip:
        cells = [cell.lstrip("0").replace("/0", "/").replace("-0", "-").replace(" 0", " ") for cell in cells]
    # zoneinfo reads a skipped time with the offset before the gap and a doubled one as the first: fold=0.
    expected = [at.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S") for at in moments]
    assert read(cells, timezone=zone, day_first=form.startswith("%d")) == expected


def test_days_that_are_not() -> None:
    """The 31st of short months, 29 February of common years, day 0, month 13 and years far away are not dates."""
    wrong = [(2023, 2, 29), (1900, 2, 29), (2024, 4, 31), (2024, 1, 0), (2024, 13, 1), (2024, 0, 1), (1899, 1, 1)]
    for year, month, day in wrong:
        assert Day(year, month, day, ordered=True).number(day_first=True) is None
        assert read([f"{year}-{month:02d}-{day:02d}", "2024-01-01"])[0] == "unreadable_date"


# What people and tools write of 7 October 2023, in the languages exports come in.
NAMED = (
    "7 October 2023", "7 oct. 2023", "Oct 7, 2023", "October 7th, 2023", "7. oktober 2023", "7 okt 2023",
    "07-Oct-2023", "7 oktober 2023", "7. lokakuuta 2023", "7 octobre 2023", "7.OKT.2023", "7 outubro 2023", "20231007",
)  # fmt: skip


@pytest.mark.parametrize("cell", NAMED)
@pytest.mark.parametrize(("clock", "time"), [("", "00:00"), (" 9:05", "09:05"), (", 9.05 pm", "21:05")])
def test_months_in_words_and_days_without_signs(cell: str, clock: str, time: str) -> None:
    """A day may be named in words or written in eight digits; the ledger counts such cells."""
    assert read([cell + clock]) == [f"2023-10-07T{time}:00"]


def test_names_of_months_agree_with_strftime() -> None:
    """All twelve months as the C library of Python writes them."""
    for month in range(1, 13):
        date = dt.date(2024, month, 3)
        for form in ("%d %b %Y", "%B %d, %Y", "%d-%b-%Y"):
            cell = read_cell(date.strftime(form))
            assert cell
            assert cell.day.number(day_first=True) == (date - dt.date(1970, 1, 1)).days


@pytest.mark.parametrize(
    "zone", [STOCKHOLM, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca"]
)
def test_offsets_agree_with_zoneinfo(zone: str) -> None:
    """Local and UTC seconds agree with zoneinfo every 20 minutes around all changes of three years."""
    moments = list(range(1672531200, 1735689600, 1200))
    known = zone_between(zone, 2023, 2024)
    walls = [dt.datetime.fromisoformat("2023-01-01") + dt.timedelta(seconds=s - moments[0]) for s in moments]
    frame = nw.from_native(pl.DataFrame({"s": moments}))
    made = frame.with_columns(local=local_from_utc(nw.col("s"), known), utc=utc_from_local(nw.col("s"), known))
    tz = ZoneInfo(zone)
    offsets = [dt.datetime.fromtimestamp(s, tz).utcoffset() or dt.timedelta() for s in moments]
    assert made["local"].to_list() == [s + int(o.total_seconds()) for s, o in zip(moments, offsets, strict=True)]
    assert made["utc"].to_list() == [int(wall.replace(tzinfo=tz).timestamp()) for wall in walls]


def test_a_skipped_hour_moves_forward_and_is_flagged() -> None:
    """02:30 on the night the clocks go forward becomes 03:30, and the row says so; the doubled hour is the first."""
    table = pl.DataFrame({"score": ["9", "9"], "responded_at": ["2024-03-31 02:30", "2024-10-27 02:30"]})
    responses, ledger = clean(table, timezone=STOCKHOLM)
    assert responses["responded_at"].dt.strftime("%H:%M").to_list() == ["01:30", "00:30"]
    flagged = ledger.filter(pl.col("action") == "flagged")
    assert flagged.select("source_row", "reason", "value").rows() == [(2, "local_time_moved", "2024-03-31 02:30")]
    assert "1 local time occurred twice" in "\n".join(ledger.filter(pl.col("action") == "noted")["value"])


def test_a_first_number_above_12_proves_day_first() -> None:
    """The count of proving cells is the evidence in the ledger."""
    table = pl.DataFrame({"score": ["9"] * 4, "responded_at": ["05/04/2024", "13/04/2024", "14/04/2024", "01/02/2024"]})
    assert "day first: 2 of 4 cells have a first number above 12" in notes(table)


def test_a_second_number_above_12_proves_month_first() -> None:
    """Month-first files are proved the same way."""
    assert read(["05/04/2024", "04/13/2024"]) == ["2024-05-04T00:00:00", "2024-04-13T00:00:00"]


def test_undecidable_order_names_both_readings() -> None:
    """Without proof the error gives the cell, both dates and the line to write."""
    with pytest.raises(Undecidable) as error:
        read(["05/04/2024", "07/04/2024", "06/04/2024"])
    for part in ("05/04/2024", "5 April", "4 May", "day_first = true", "responded_at", "2024-04-05", "2024-07-04"):
        assert part in str(error.value)


def test_both_orders_in_one_column_are_refused() -> None:
    """One column cannot be day first and month first; the user's word decides, and what does not fit is rejected."""
    cells = ["13/04/2024", "04/13/2024"]
    with pytest.raises(Undecidable, match="can only be day first"):
        read(cells)
    assert read(cells, day_first=True) == ["2024-04-13T00:00:00", "unreadable_date"]


def test_the_users_word_against_all_cells_is_refused() -> None:
    """day_first = false is an error where every telling cell is day first."""
    with pytest.raises(BadValue, match="say the contrary"):
        read(["13/04/2024", "05/04/2024"], day_first=False)


def test_dots_are_day_first_by_convention() -> None:
    """Dates with dots need no proof, and the ledger says that it was a convention."""
    table = pl.DataFrame({"score": ["9", "9"], "responded_at": ["05.04.2024", "06.04.2024"]})
    assert "by convention" in notes(table)
    assert read(["05.04.2024"]) == ["2024-04-05T00:00:00"]


def test_what_is_no_day_in_either_order_does_not_vote() -> None:
    """The most frequent cell may be none; the message still names one that has two readings."""
    cells = ["45/05/2024", "45/05/2024", "13/14/2024", "05/04/2024", "06/04/2024"]
    with pytest.raises(Undecidable, match='is "05/04/2024" 5 April or 4 May'):
        read(cells)
    assert read(cells, day_first=True)[:4] == ["unreadable_date"] * 3 + ["2024-04-05T00:00:00"]


def test_equal_numbers_need_no_order() -> None:
    """05/05 is the fifth of May either way."""
    assert read(["05/05/2024", "06/06/2024"]) == ["2024-05-05T00:00:00", "2024-06-06T00:00:00"]


def test_the_order_of_rows_is_evidence_when_decisive() -> None:
    """Ascending under one reading, broken three times under the other, decides; the ledger says how."""
    cells = ["10/01/2024", "12/01/2024", "01/02/2024", "12/02/2024", "01/03/2024", "11/03/2024", "02/04/2024"]
    assert read(cells)[0] == "2024-01-10T00:00:00"
    table = pl.DataFrame({"score": ["9"] * len(cells), "responded_at": cells})
    assert "the rows are in order of time" in notes(table)


def test_the_other_date_column_is_evidence() -> None:
    """A file writes both its date columns alike: what one proves, the other may use."""
    table = pl.DataFrame(
        {"score": ["9", "8"], "responded_at": ["13/04/2024", "05/04/2024"], "asked_at": ["05/04/2024", "04/04/2024"]}
    )
    assert "as the file's other date column proves" in notes(table)
    swapped = table.rename({"responded_at": "asked_at", "asked_at": "responded_at"})
    assert "as the file's other date column proves" in notes(swapped)


def test_years_of_two_digits_are_read_by_the_same_evidence() -> None:
    """04/05/24 has two readings, and the option decides; a day above 12, or the order of rows, does so by itself."""
    cells = ["04/05/24", "05/05/24"]
    with pytest.raises(Undecidable, match='is "04/05/24" 4 May or 5 April'):
        read(cells)
    assert read(cells, day_first=True)[0] == "2024-05-04T00:00:00"
    assert read(cells, day_first=False)[0] == "2024-04-05T00:00:00"
    assert read(["8/14/25 13:00", "8/4/25 08:15"]) == ["2025-08-14T13:00:00", "2025-08-04T08:15:00"]
    assert read([f"25-08-{day:02d}" for day in range(1, 29)])[2] == "2025-08-03T00:00:00"
    assert read(["14.08.98"]) == ["1998-08-14T00:00:00"]


def test_a_column_without_any_date_is_refused() -> None:
    """Cells that are all no dates are an error, not answers without a time; a column of missing words is none."""
    with pytest.raises(BadValue, match="24 floreal 2015"):
        read(["24 floreal 2015", "", "25 floreal 2015"])
    table = pl.DataFrame({"score": ["9", "8"], "responded_at": ["NA", None]})
    assert clean(table, timezone="UTC")[0]["wave"].to_list() == ["all", "all"]


def test_each_file_decides_for_itself() -> None:
    """Two exports with different orders and zones in one table are each read their own way."""
    table = pl.DataFrame(
        {
            "score": ["9"] * 4,
            "responded_at": ["13/04/2024 10:00", "05/04/2024 10:00", "04/13/2024 10:00", "04/05/2024 10:00"],
            "source_file": ["se.csv", "se.csv", "us.csv", "us.csv"],
            "source_row": [2, 3, 2, 3],
        }
    )
    responses, _ = clean(
        table, timezone={"se.csv": STOCKHOLM, "us.csv": "America/New_York"}, wave="month", wave_timezone=STOCKHOLM
    )
    assert responses["responded_at"].dt.strftime("%m-%d %H").to_list() == [
        "04-13 08",
        "04-05 08",
        "04-13 14",
        "04-05 14",
    ]


def test_an_unknown_zone_is_named() -> None:
    """A typing error in the zone ends with the nearest name."""
    with pytest.raises(BadValue, match="Europe/Stockholm"):
        read(["2024-01-01"], timezone="Europe/Stokholm")


@pytest.mark.parametrize("rule", ["quarter", "month", "week", "year"])
def test_waves_agree_with_python(rule: str) -> None:
    """The wave of each day from 1999 to 2010 agrees with datetime, ISO weeks included."""
    dates = [dt.date(1999, 1, 1) + dt.timedelta(days=n) for n in range(365 * 12)]
    checked = check_wave(rule)
    named = [wave_of(date, checked) for date in dates]
    expected = {
        "quarter": [f"{d.year}-Q{(d.month - 1) // 3 + 1}" for d in dates],
        "month": [d.strftime("%Y-%m") for d in dates],
        "week": ["{}-W{:02d}".format(*d.isocalendar()[:2]) for d in dates],
        "year": [str(d.year) for d in dates],
    }
    assert named == expected[rule]
    assert named == sorted(named)


def test_wave_borders_are_in_the_studys_zone() -> None:
    """23:30 UTC on New Year's Eve is next year in Stockholm, for calendar waves and for custom borders."""
    table = pl.DataFrame({"score": ["9", "9"], "responded_at": ["2023-12-31T22:30Z", "2023-12-31T23:30Z"]})
    assert clean(table, timezone=STOCKHOLM)[0]["wave"].to_list() == ["2023-Q4", "2024-Q1"]
    borders = clean(table, timezone=STOCKHOLM, wave=["2024-01-01", "2024-06-01"])[0]["wave"].to_list()
    assert borders == ["../2023-12-31", "2024-01-01/2024-05-31"]


@pytest.mark.parametrize("wave", ["decade", [], ["2024-02-01", "2024-01-01"], ["soon"]])
def test_impossible_waves_are_refused(wave: str | list[str]) -> None:
    """A wave rule that is no calendar and no ascending dates is an error."""
    with pytest.raises(BadValue):
        clean(pd.DataFrame({"score": ["9"]}), timezone="UTC", wave=wave)


def test_a_time_that_another_zone_shifts_over_new_year_twice_has_its_wave() -> None:
    # 14 hours behind UTC by its own word, 14 hours ahead in the study: two days later than written.
    table = pd.DataFrame({"score": ["9"] * 3, "responded_at": ["2024-12-31 23:59-14:00", "2024-06-01T00:00Z", ""]})
    responses, _ = clean(table, timezone="UTC", wave_timezone="Pacific/Kiritimati")
    assert responses["wave"].to_list() == ["2025-Q1", "2024-Q2"]
    table["responded_at"] = ["2024-01-01 00:00+14:00", "2024-06-01T00:00Z", ""]
    responses, _ = clean(table, timezone="UTC", wave_timezone="Pacific/Niue")
    assert responses["wave"].to_list() == ["2023-Q4", "2024-Q2"]


def test_what_no_answer_can_be_of_is_no_date() -> None:
    """Before there were online surveys, and after tomorrow: such a row has no wave, and says why."""
    cells = ["1900-01-01 12:00", "2024-07-01 12:00", "2199-07-01 12:00", "1990-01-01", "1989-12-31", "2025-05-05"]
    assert read(cells[1:4:2], timezone="UTC") == ["2024-07-01T12:00:00", "1990-01-01T00:00:00"]
    wrong = "impossible_date"
    assert read(cells, timezone=STOCKHOLM)[:3] == [wrong, "2024-07-01T10:00:00", wrong]
    assert read(cells)[3:] == ["1990-01-01T00:00:00", wrong, "2025-05-05T00:00:00"]


def test_numbers_beyond_the_years_of_dates_are_no_dates() -> None:
    # They were taken for 2286, had no wave, and kept the years between from being looked at.
    for cell in ("9999999999", "9999999999999"):
        assert read([cell, "1424777700", "1577836800"]) == [
            "unreadable_date",
            "2015-02-24T11:35:00",
            "2020-01-01T00:00:00",
        ]
    responses, _ = clean(
        pd.DataFrame({"score": ["9"] * 3, "responded_at": ["9999999999", "1424777700", "1577836800"]}), timezone="UTC"
    )
    assert responses["wave"].to_list() == ["2015-Q1", "2020-Q1"]


@pytest.mark.parametrize("cell", ["1e9", "4.5e4", "+45000", "45000.", "045000", "inf", "1.5E9"])
def test_what_an_engine_could_cast_is_not_yet_a_number_of_days(cell: str) -> None:
    assert read([cell, "2024-01-01"])[0] == "unreadable_date"


def test_numbers_may_have_any_space_around_them() -> None:
    assert read(["45000\r", "\n1424777700 ", "\u00a045000.5\u202f"]) == [
        "2023-03-15T00:00:00",
        "2015-02-24T11:35:00",
        "2023-03-15T12:00:00",
    ]


def test_a_zone_is_noted_only_where_a_time_lacks_one() -> None:
    cells = ["2024-06-01T00:00Z", "", "who knows", "2024-06-01T10:00+02:00"]
    table = pl.DataFrame({"score": ["9"] * 4, "responded_at": cells})
    assert "without a zone" not in notes(table)
    assert "without a zone" in notes(table.with_columns(responded_at=pl.col("responded_at").str.replace("Z", "")))
    assert "without a zone" in notes(pl.concat([table, table.with_columns(responded_at=pl.lit("2024-06-01"))]))


def test_a_serial_with_a_decimal_comma_does_not_begin_with_a_year() -> None:
    table = pl.DataFrame({"score": ["9", "8"], "responded_at": ["45717,5", "45718,25"]})
    assert "begin with a year" not in notes(table)
    assert "2 of 2 cells are not in plain numbers" in notes(table)


def test_notes_follow_the_files_of_the_table_also_where_dates_are_numbers() -> None:
    table = pl.DataFrame(
        {"score": ["9", "8"], "responded_at": ["45717", "2024-01-01"], "source_file": ["b.csv", "a.csv"]}
    )
    _, ledger = clean(table, timezone="UTC")
    assert ledger.filter(pl.col("reason") == "dates")["source_file"].to_list() == ["b.csv", "a.csv"]


def test_fractions_of_seconds_make_no_distinct_times() -> None:
    cells = [f"2024-02-24T11:35:07.{n:03d}+01:00" for n in range(500)] + [
        "24.02.2024 11.35.07,25",
        "24.02.2024 11.35.7,5",
    ]
    taken = PolarsEngine().cut(nw.from_native(pl.LazyFrame({"at": cells})), "at").to_native().collect()
    assert taken["at:clock"].unique().sort().to_list() == [" 11.35.07", " 11.35.7,5", "T11:35:07+01:00"]
    assert read(cells)[-3:] == ["2024-02-24T10:35:07", "2024-02-24T11:35:07", "unreadable_date"]
