"""Dates as people write them by hand, days without separators, and columns of dates that nobody can read."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from nps_utils import Study, clean, count_bands, read_export, score
from nps_utils.checks import BadInput, BadValue, Undecidable
from nps_utils.exports.cells.date_cells import iso_dates
from nps_utils.exports.cells.six_digits import packed

QUESTION = "Hur sannolikt är det att du skulle rekommendera oss? (0-10)"
MONTHS = {
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October"],
    "sv": ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober"],
    "nb": ["januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober"],
    "da": ["januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober"],
    "nl": ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober"],
}
WEEKDAYS = {
    "sv": ["mån", "tis", "ons", "tors", "fre", "lör", "sön"],
    "nb": ["man.", "tir.", "ons.", "tor.", "fre.", "lør.", "søn."],
    "da": ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"],
    "nl": ["ma", "di", "wo", "do", "vr", "za", "zo"],
}
Spelling = Callable[[dt.date], str]


def month(language: str, day: dt.date) -> str:
    """Name the month of a day."""
    return MONTHS[language][day.month - 1]


def weekday(language: str, day: dt.date) -> str:
    """Name the day of the week."""
    return WEEKDAYS[language][day.weekday()]


def days(n: int = 60, *, last: int = 31) -> list[dt.date]:
    """Days of ten months of 2026, in no order, none after `last` in its month."""
    chance, found = random.Random(1), list[dt.date]()
    while len(found) < n:
        day = dt.date(2026, 1, 5) + dt.timedelta(days=chance.randrange(300))
        found += [day] if day.day <= last else []
    return found


def export(folder: Path, cells: Sequence[str], header: str = "datum") -> Path:
    """Write a file of answers with these dates."""
    path = folder / "svar.csv"
    rows = {"svarsid": [f"a{row}" for row in range(len(cells))], header: cells}
    pd.DataFrame({**rows, QUESTION: [str(row * 7 % 11) for row in range(len(cells))]}).to_csv(path, index=False)
    return path


SPELLINGS: dict[str, Spelling] = {
    "3/2 2026": lambda d: f"{d.day}/{d.month} {d.year}",
    "3/2, 2026": lambda d: f"{d.day}/{d.month}, {d.year}",
    "3/2-26": lambda d: f"{d.day}/{d.month}-{d:%y}",
    "3/2-2026": lambda d: f"{d.day}/{d.month}-{d.year}",
    "3/2 26": lambda d: f"{d.day}/{d.month} {d:%y}",
    "3/2 '26": lambda d: f"{d.day}/{d.month} '{d:%y}",
    "3.2 2026": lambda d: f"{d.day}.{d.month} {d.year}",
    "3.2.-26": lambda d: f"{d.day}.{d.month}.-{d:%y}",
    "3. 2. 2026": lambda d: f"{d.day}. {d.month}. {d.year}",
    "3 / 2 / 2026": lambda d: f"{d.day} / {d.month} / {d.year}",
    "03 02 2026": lambda d: f"{d:%d %m %Y}",
    "03_02_2026": lambda d: f"{d:%d_%m_%Y}",
    "2026 02 03": lambda d: f"{d:%Y %m %d}",
    "2026_02_03": lambda d: f"{d:%Y_%m_%d}",
    "2026 3/2": lambda d: f"{d.year} {d.day}/{d.month}",
    "en dash": lambda d: f"{d:%d}–{d:%m}–{d:%Y}",
    "3/2 2026 14:30": lambda d: f"{d.day}/{d.month} {d.year} 14:{d.day:02d}",
    "3/2 2026 kl. 14.30": lambda d: f"{d.day}/{d.month} {d.year} kl. 14.30",
    "3/2-26 kl 14.30": lambda d: f"{d.day}/{d.month}-{d:%y} kl 14.30",
    "14:30, 3/2 2026": lambda d: f"14:30, {d.day}/{d.month} {d.year}",
    "den 3/2 2026 (sv)": lambda d: f"den {d.day}/{d.month} {d.year}",
    "lör 3/2 2026 (sv)": lambda d: f"{weekday('sv', d)} {d.day}/{d.month} {d.year}",
    "lør. 3/2-26 14:30 (nb)": lambda d: f"{weekday('nb', d)} {d.day}/{d.month}-{d:%y} 14:30",
    "d. 3/2-2026 (da)": lambda d: f"d. {d.day}/{d.month}-{d.year}",
    "lørdag d. 3. februar 2026 (da)": lambda d: f"{weekday('da', d)} d. {d.day}. {month('da', d)} {d.year}",
    "3. februar 2026 kl. 14.30 (nb)": lambda d: f"{d.day}. {month('nb', d)} {d.year} kl. 14.30",
    "3. feb '26 (nb)": lambda d: f"{d.day}. {month('nb', d)} '{d:%y}",
    "den 3 februari 2026 (sv)": lambda d: f"den {d.day} {month('sv', d)} {d.year}",
    "3 feb -26 (sv)": lambda d: f"{d.day} {month('sv', d)[:3]} -{d:%y}",
    "za 3/2 2026 om 14:30 uur (nl)": lambda d: f"{weekday('nl', d)} {d.day}/{d.month} {d.year} om 14:30 uur",
    "3 februari 2026 om 14:30 uur (nl)": lambda d: f"{d.day} {month('nl', d)} {d.year} om 14:30 uur",
    "the 3rd of February 2026 (en)": lambda d: f"the {d.day}th of {month('en', d)} {d.year}",
    "2/3 2026 (month first)": lambda d: f"{d.month}/{d.day} {d.year}",
    "20260203": lambda d: f"{d:%Y%m%d}",
    "03022026": lambda d: f"{d:%d%m%Y}",
    "3022026": lambda d: f"{d:%d%m%Y}".lstrip("0"),
    "02032026 (month first)": lambda d: f"{d:%m%d%Y}",
    "03022026 14:30": lambda d: f"{d:%d%m%Y} 14:30",
    "260203": lambda d: f"{d:%y%m%d}",
    "030226": lambda d: f"{d:%d%m%y}",
    "020326 (month first)": lambda d: f"{d:%m%d%y}",
    "260203 14:30": lambda d: f"{d:%y%m%d} 14:30",
    "260203-1430": lambda d: f"{d:%y%m%d}-1430",
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS.keys())
@pytest.mark.parametrize("header", ["datum", "Besvaret"])
def test_every_row_has_its_day(tmp_path: Path, spelling: Spelling, header: str) -> None:
    """As an export, as a table of another engine, and as a further table of a study."""
    wanted = [day.isoformat() for day in days()]
    cells = [spelling(day) for day in days()]
    table, recognised = read_export(export(tmp_path, cells, header))
    assert recognised.columns["responded_at"] == header
    responses, ledger = clean(table, timezone="Europe/Stockholm")
    assert not (ledger["action"] == "rejected").any()
    assert responses["responded_at"].dt.tz_convert("Europe/Stockholm").dt.strftime("%Y-%m-%d").tolist() == wanted
    lazily, _ = clean(pl.from_pandas(table).lazy(), timezone="Europe/Stockholm")
    assert lazily.collect()["responded_at"].to_list() == responses["responded_at"].tolist()
    further = iso_dates(pd.DataFrame({"customer_since": cells}), ["customer_since"])
    assert [cell[:10] for cell in further["customer_since"]] == wanted


@pytest.mark.parametrize("spelling", ["3/2 2026", "3/2-26", "den 3/2 2026 (sv)", "d. 3/2-2026 (da)", "03022026"])
def test_what_no_cell_proves_is_asked(tmp_path: Path, spelling: str) -> None:
    """Days up to the twelfth may be months: both readings are named, and the answer is used."""
    cells = [SPELLINGS[spelling](day) for day in days(last=12)]
    table, _ = read_export(export(tmp_path, cells))
    with pytest.raises(Undecidable, match="day_first"):
        clean(table, timezone="Europe/Stockholm")
    responses, _ = clean(table, timezone="UTC", day_first=True)
    assert [time.date() for time in responses["responded_at"]] == days(last=12)


def test_dots_are_a_convention_wherever_they_stand(tmp_path: Path) -> None:
    """3. 2. 2026 is 3 February; the dot behind a word is none between numbers."""
    table, _ = read_export(export(tmp_path, [f"{d.day}. {d.month}. {d.year}" for d in days(last=12)]))
    responses, _ = clean(table, timezone="UTC")
    assert [time.date() for time in responses["responded_at"]] == days(last=12)


@pytest.mark.parametrize("spelling", ["260203", "030226", "260203 14:30"])
def test_six_digits_of_which_none_proves_the_year_are_refused(tmp_path: Path, spelling: str) -> None:
    """Without a day after the 27th the first and the last two digits may both be a year."""
    path = export(tmp_path, [SPELLINGS[spelling](day) for day in days(last=26)])
    table, recognised = read_export(path)
    assert "responded_at" not in table
    assert recognised.unread_date is not None
    assert "six digits do not tell where the year stands" in recognised.unread_date
    assert "(row 2)" in recognised.unread_date
    table, _ = read_export(path, columns={"responded_at": "datum"})
    with pytest.raises(BadValue, match="six digits do not tell"):
        clean(table, timezone="UTC")


def test_the_evidence_for_six_digits_is_told(tmp_path: Path) -> None:
    """The ledger names the cell that leaves one reading only."""
    cells = [SPELLINGS["260203"](day) for day in days()]
    table, _ = read_export(export(tmp_path, cells))
    _, ledger = clean(table, timezone="UTC")
    told = "\n".join(ledger.loc[ledger["action"] == "noted", "value"])
    assert "60 of 60 cells are six digits; the year comes first: with it last," in told


def test_every_day_of_six_digits_against_the_calendar() -> None:
    """Of a whole year the order is proved, and each cell is the day it was written from; typing errors change none."""
    year = [dt.date(2025, 1, 1) + dt.timedelta(days=n) for n in range(365)]
    for form, first in (("%y%m%d", True), ("%d%m%y", False), ("%m%d%y", False)):
        told = packed([f"{day:{form}}" for day in year] + ["999999", "000000"], today=dt.date(2026, 6, 1))
        assert told is not None
        assert len(told.cells) == 365, form
        for day in year:
            read = told.cells[f"{day:{form}}"].day
            assert read.ordered is first
            assert read.number(day_first=form == "%d%m%y") == (day - dt.date(1970, 1, 1)).days


def test_zeros_that_a_spreadsheet_took_away_are_no_serials(tmp_path: Path) -> None:
    """40326 beside 140326 is 4 March 2026, or the number of a day in 2010: neither is taken."""
    path = export(tmp_path, [f"{day:%d%m%y}".lstrip("0") for day in days()])
    table, recognised = read_export(path)
    assert "responded_at" not in table
    assert "first zero" in str(recognised.unread_date)
    table, _ = read_export(path, columns={"responded_at": "datum"})
    with pytest.raises(BadValue, match="first zero"):
        clean(table, timezone="UTC")
    cells = pd.DataFrame({"customer_since": ["40326", "140326", "310326"]})
    assert iso_dates(cells, ["customer_since"]).equals(cells)


def study(folder: Path, said: str = "", waves: str = "quarter") -> Study:
    """Write a study of the file that is there."""
    text = f'title = "x"\ntimezone = "UTC"\n[waves]\nby = "{waves}"\n[[export]]\npath = "svar.csv"\n{said}\n'
    (folder / "study.toml").write_text(text, "utf-8")
    return Study.open(folder)


UNREADABLE: dict[str, Spelling] = {
    "colons": lambda d: f"{d:%d:%m:%Y}",
    "commas": lambda d: f"{d:%d,%m,%Y}",
    "no year": lambda d: f"{d.day}/{d.month}",
    "a week": lambda d: f"v.{d.isocalendar().week} {d.year}",
    "Roman": lambda d: f"{d.day}.{('I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X')[d.month - 1]}.{d.year}",
    "words": lambda d: f"some time in {month('en', d)}",
}


@pytest.mark.parametrize("spelling", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_study_stops_at_dates_that_cannot_be_read(tmp_path: Path, spelling: Spelling) -> None:
    """File, column, row, cell, rule and two ways on; each of them works as it is written."""
    cells = [spelling(day) for day in days()]
    export(tmp_path, cells)
    with pytest.raises(Undecidable) as stopped:
        study(tmp_path).responses()
    text = str(stopped.value)
    for part in ("svar.csv", 'column "datum"', f'"{cells[0]}"', "(row 2)", "one wave", "responded_at = []"):
        assert part in text
    assert "wave = " + '"datum"' not in text  # each day would be a wave
    assert set(study(tmp_path, "columns = { responded_at = [] }").responses()["wave"]) == {"all"}
    assert set(study(tmp_path, 'wave = "2026-Q1"').responses()["wave"]) == {"2026-Q1"}


def test_a_column_that_looks_like_dates_stops_it_under_any_name(tmp_path: Path) -> None:
    """Its cells say it; what is of the customer, such as a birthday, does not."""
    cells = [f"{day:%d:%m:%Y}" for day in days()]
    export(tmp_path, cells, "kolumn B")
    with pytest.raises(Undecidable, match='column "kolumn B": most of its cells look like dates'):
        study(tmp_path).responses()
    export(tmp_path, cells, "födelsedag, född")
    assert len(study(tmp_path).responses()) == 60


@pytest.mark.parametrize(
    ("header", "cells"),
    [("tid", ["12:30", "9:05", "7:45"]), ("completed", ["yes", "no", "yes"]), ("data", ["12", "7", "3"])],
)
def test_names_of_other_things_stop_nothing(tmp_path: Path, header: str, cells: list[str]) -> None:
    """How long it took and whether it was finished are no dates."""
    _, recognised = read_export(export(tmp_path, cells * 20, header))
    assert recognised.unread_date is None


def test_periods_become_waves_that_sort_in_time(tmp_path: Path) -> None:
    """Followed to the letter, the advice does not put april 2026 before januar 2026."""
    export(tmp_path, [f"{month('nb', day)} {day.year}" for day in days()])
    with pytest.raises(Undecidable, match='wave = "datum"'):
        study(tmp_path).responses()
    responses = study(tmp_path, 'columns = { wave = "datum" }', waves="column").responses()
    waves = score(count_bands(responses, by=["wave"]))["wave"].tolist()
    assert waves == [f"2026-{number:02d}" for number in range(1, 11)]


def test_several_columns_of_dates_are_asked_about(tmp_path: Path) -> None:
    """Two dates of which none says that it is that of the answer: one is named, and used."""
    path = export(tmp_path, [day.isoformat() for day in days()], "Dag A")
    pd.read_csv(path).assign(**{"Dag B": [day.isoformat() for day in reversed(days())]}).to_csv(path, index=False)
    with pytest.raises(Undecidable, match='columns "Dag A", "Dag B" hold dates'):
        study(tmp_path).responses()
    responses = study(tmp_path, 'columns = { responded_at = "Dag A" }').responses()
    assert responses["responded_at"].notna().all()


def test_another_date_is_not_used_in_silence(tmp_path: Path) -> None:
    """When the record was made is not when the answer was given, if a column is called that."""
    path = export(tmp_path, [f"{day:%d:%m:%Y}" for day in days()])
    pd.read_csv(path).assign(Skapad=[day.isoformat() for day in days()]).to_csv(path, index=False)
    _, recognised = read_export(path)
    assert recognised.columns["responded_at"] == "Skapad"
    assert any('so "Skapad" is used instead' in note for note in recognised.notes)
    _, recognised = read_export(path, columns={"responded_at": "Skapad"})
    assert not any("used instead" in note for note in recognised.notes)


def test_scores_cannot_be_nowhere(tmp_path: Path) -> None:
    """Only what a survey can do without may be said to be in no column."""
    with pytest.raises(BadInput, match="without scores there is no NPS"):
        read_export(export(tmp_path, ["2026-02-03"] * 5), columns={"score": []})
