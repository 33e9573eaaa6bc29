"""Exports that a stranger made up: what was read of them wrongly, or said so that one would go on wrongly."""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import openpyxl
import pytest

from nps_utils.checks import BadFile, BadInput, Undecidable
from nps_utils.cleaning.clean import clean
from nps_utils.exports import Recognised, read_export
from nps_utils.report.recognising import Help
from nps_utils.report.start import start_study
from nps_utils.scale import Scale
from nps_utils.study.study import Study

Rows: TypeAlias = list[list[object]]
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
    rows: Rows = [["Company", "Average NPS score", "Responses", "Last response"]]
    rows += [[f"Firm {at}", f"{5 + at % 5}.3", str(3 + at % 7), day(at)] for at in range(40)]
    with pytest.raises(BadInput, match="each row sums up many") as error:
        read(tmp_path, rows)
    assert "--column" not in str(error.value)


def test_a_scale_around_zero_is_refused_without_a_way_on(tmp_path: Path) -> None:
    """Its lower half was offered as "no answers": the rest is no NPS."""
    rows: Rows = [["Date", "Net promoter answer"], *([day(at), at % 11 - 5] for at in range(66))]
    with pytest.raises(BadInput, match="on a scale of -5 to 5") as error:
        read(tmp_path, rows)
    assert "--label" not in str(error.value)
    coded: Rows = [["Date", "Net promoter answer"]]
    coded += [[day(at), (10, 9, -9, 4, 0)[at % 5]] for at in range(60)]
    with pytest.raises(BadInput, match='"-9" = "none"'):
        read(tmp_path, coded)


def test_a_column_of_one_value_among_the_answers_is_no_segment(tmp_path: Path) -> None:
    """All who answered are "done"; "pending" are the invitations."""
    rows: Rows = [["email", "Date", "State", "Area", "NPS", "Comment"]]
    rows += [[f"a{at}@x.example", day(at), "done", "NS"[at % 2], SCORES[at], WROTE[at]] for at in range(60)]
    rows += [[f"b{at}@x.example", day(at), "pending", "NS"[at % 2], "", ""] for at in range(20)]
    found = read(tmp_path, rows)
    assert found.segments == ("Area",)
    assert found.unused["State"] == "it has one value only among the answers"


def test_two_ways_of_writing_days_are_to_be_split_and_what_fits_both_is_counted(tmp_path: Path) -> None:
    """Days of two offices: whichever came first, the other's first twelve days of a month were read wrongly."""
    rows: Rows = [["Date", "NPS"], *([day(at, ("%d/%m/%Y", "%m/%d/%Y")[at % 2]), SCORES[at]] for at in range(60))]
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
    rows: Rows = [["Email", "Date", "NPS", "Comment"]]
    rows += [[f"a{at}@x.example", day(at), SCORES[at], WROTE[at]] for at in range(60)]
    rows[1][0], rows[2][3], rows[3][0] = "test2@firm.example", "test", "qa@test.no"
    rows[4][0], rows[5][3], rows[6][3] = "testa.olsen@x.example", "The test of my eyes was good", "Fine protest"
    notes = " ".join(read(tmp_path, rows).notes)
    assert '3 of the rows looked at have "test" for an address, a name or a comment, and count.' in notes
    assert "test" not in " ".join(read(tmp_path, [rows[0], *rows[4:]]).notes)


def test_one_value_is_said_as_one(tmp_path: Path) -> None:
    rows: Rows = [["Date", "Channel", "NPS"], *([day(at), "Kiosk", SCORES[at]] for at in range(60))]
    assert 'its one value, such as "Kiosk", is not taken for a channel unasked' in " ".join(read(tmp_path, rows).notes)


@pytest.mark.parametrize(
    ("done", "begun"),
    [
        ("Gennemført", "Påbegyndt"),
        ("Gjennomført", "Påbegynt"),
        ("Genomförd", "Påbörjad"),
        ("Ingevuld", "Deels ingevuld"),
    ],
)
def test_who_only_began_is_known_in_the_words_of_the_field(tmp_path: Path, done: str, begun: str) -> None:
    """Påbegyndt was no word of ours, so that ten who only began counted."""
    rows: Rows = [
        ["Status", "Dato", "NPS"],
        *([begun if at % 6 == 0 else done, day(at), SCORES[at]] for at in range(60)),
    ]
    table, found = read_export(write(tmp_path / "a.csv", rows))
    assert found.columns["status"] == "Status"
    assert len(clean(table, timezone="UTC")[0]) == 50


def test_addresses_under_a_word_of_their_own_are_told(tmp_path: Path) -> None:
    """A kiosk's sixty answers were of sixty people, and nothing said that a column held addresses."""
    rows: Rows = [["When", "Who", "NPS"]]
    rows += [[day(at), "kiosk@hall.example" if at % 3 else f"p{at}@x.example", SCORES[at]] for at in range(60)]
    assert 'column "Who" holds e-mail addresses and is not used' in " ".join(read(tmp_path, rows).notes)
    assert "holds e-mail" not in " ".join(read(tmp_path, [["When", "Agent address", "NPS"], *rows[1:]]).notes)
    found = read_export(write(tmp_path / "b.csv", rows), columns={"email": "Who"})[1]
    assert "holds e-mail addresses" not in " ".join(found.notes)


def test_zeros_that_nobody_explains_are_told_and_can_be_left_out(tmp_path: Path) -> None:
    """Some tools write 0 where nothing was chosen: a third of the rows made -17 of +24."""
    rows: Rows = [["Date", "NPS", "Comment"]]
    rows += [[day(at), 0 if at % 3 == 0 else SCORES[at], "" if at % 3 == 0 else WROTE[at]] for at in range(60)]
    path = write(tmp_path / "a.csv", rows)
    told = " ".join(read_export(path)[1].notes)
    assert "20 of the rows looked at say 0 and none of them has a comment, while 40 of 40 others have one" in told
    list(start_study(tmp_path / "s", [path], timezone="UTC", told=Help(labels={"0": None})))
    study = Study.open(tmp_path / "s")
    assert len(study.responses()) == 40
    assert not study.ledger()["value"].str.contains("0 may stand for no answer", na=False).any()
    rows[1][2] = "Never again"  # somebody meant it
    assert "may stand for no answer" not in " ".join(read(tmp_path, rows).notes)


def test_a_quarter_and_its_year_in_two_columns_are_a_wave(tmp_path: Path) -> None:
    """All were one wave; and the line that was proposed would have put Q1 of two years together."""
    for part, waves in (("Quarter", ["2025-Q1", "2025-Q2", "2026-Q1"]), ("Måned", ["2025-03", "2025-11", "2026-03"])):
        cells = {"Quarter": ("Q1", "Q2", "Q1"), "Måned": ("3", "11", "3")}[part]
        rows: Rows = [[part, "Year" if part == "Quarter" else "År", "NPS"]]
        rows += [[cells[at % 3], ("2025", "2025", "2026")[at % 3], SCORES[at]] for at in range(60)]
        (tmp_path / part).mkdir()
        list(start_study(tmp_path / part / "s", [write(tmp_path / part / "a.csv", rows)], timezone="UTC"))
        assert sorted(Study.open(tmp_path / part / "s").responses()["wave"].unique()) == waves
    alone: Rows = [["Quarter", "NPS"], *([f"Q{at % 4 + 1}", SCORES[at]] for at in range(60))]
    assert "wave" not in read(tmp_path, alone).columns


def test_sheets_that_another_part_reads_are_not_said_to_be_unread(tmp_path: Path) -> None:
    """Three months in three sheets, a part each: of every two it was said that they were not read."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for at, name in enumerate(("Januar 2026", "Februar 2026", "Mars 2026", "Oversikt")):
        sheet = book.create_sheet(name)
        rows: Rows = [["Kunde", "Score"], *([f"Bedrift {row}", SCORES[row + at]] for row in range(40))]
        for row in rows if name != "Oversikt" else [["Måned", "Sum"], ["Januar", "x"]]:
            sheet.append(row)
    book.save(tmp_path / "k.xlsx")
    told = Help(sheet=("Januar 2026", "Februar 2026", "Mars 2026"))
    list(start_study(tmp_path / "s", [tmp_path / "k.xlsx"], timezone="UTC", told=told))
    values = Study.open(tmp_path / "s").ledger()["value"]
    assert values[values.str.startswith("sheets that were not read", na=False)].tolist() == [
        "sheets that were not read: Oversikt."
    ]


def test_what_may_name_the_account_is_no_segment(tmp_path: Path) -> None:
    rows: Rows = [["Date", "Customer", "NPS"], *([day(at), f"Customer {at % 12}", SCORES[at]] for at in range(60))]
    found = read(tmp_path, rows)
    assert found.offers == {"account_id": "Customer"}
    assert found.segments == ()


def test_columns_of_periods_and_hashed_addresses_are_proposed(tmp_path: Path) -> None:
    rows: Rows = [["email_hash", "Fiscal quarter", "NPS"]]
    rows += [[f"{at % 30:032x}", f"FY26 Q{at % 4 + 1}", SCORES[at]] for at in range(60)]
    said = "\n".join(start_study(tmp_path / "s", [write(tmp_path / "a.csv", rows)], timezone="UTC"))
    assert 'by = "column" under [waves] ("Fiscal quarter"?).' in said
    assert '("email_hash"?)' in said
    dated: Rows = [["ts", "nps"]]
    dated += [[1767600000000 + 86400000 * at, SCORES[at]] for at in range(60)]
    assert read(tmp_path, dated).columns["responded_at"] == "ts"


def test_a_shop_in_the_first_of_its_rows_only_is_told(tmp_path: Path) -> None:
    """The segment was lost without a word: "its values hardly repeat"."""
    rows: Rows = [["Shop", "Date", "NPS"]]
    rows += [[f"Shop {at // 15}" if at % 15 == 0 else "", day(at), SCORES[at]] for at in range(60)]
    notes = " ".join(read(tmp_path, rows).notes)
    assert '"Shop" is filled in 4 of 60 rows, each value once.' in notes
    assert "a row without it is in no group of it" in notes
    tags: Rows = [
        ["Case", "Date", "NPS"],
        *([f"case {at}" if at % 7 == 3 else "", day(at), SCORES[at]] for at in range(60)),
    ]
    assert "each value once" not in " ".join(read(tmp_path, tags).notes)


def test_a_column_of_dates_that_is_not_taken_is_proposed(tmp_path: Path) -> None:
    rows: Rows = [["Response ID", "Last modified", "NPS"]]
    rows += [[f"r{at * 77:05x}z", f"{day(at)} 10:00", SCORES[at]] for at in range(60)]
    said = "\n".join(start_study(tmp_path / "s", [write(tmp_path / "a.csv", rows)], timezone="UTC"))
    assert 'by = "column" under [waves] ("Last modified"?).' in said


@pytest.mark.parametrize("top", ["Yderst sandsynligt", "Väldigt troligt", "Ytterst sannsynlig"])
def test_the_top_of_the_scale_in_words_is_proposed_as_ten(tmp_path: Path, top: str) -> None:
    rows: Rows = [["Dato", "Hvor sandsynligt er det, at du vil anbefale os?"]]
    rows += [[day(at), top if SCORES[at] == 10 else SCORES[at]] for at in range(60)]
    with pytest.raises(BadInput, match=f'"{top}" = 10'):
        list(start_study(tmp_path / "s", [write(tmp_path / "a.csv", rows)], timezone="UTC"))


def test_rows_that_stand_twice_are_told_at_once(tmp_path: Path) -> None:
    """Twenty rows pasted twice counted, and only the ledger knew."""
    rows: Rows = [["Date", "NPS", "Comment"], *([day(at), SCORES[at], WROTE[at]] for at in range(60))]
    said = "\n".join(start_study(tmp_path / "s", [write(tmp_path / "a.csv", rows + rows[1:21])], timezone="UTC"))
    assert "20 rows are the same as another in every cell" in said
    assert "same as another" not in "\n".join(
        start_study(tmp_path / "t", [write(tmp_path / "b.csv", rows)], timezone="UTC")
    )


@pytest.mark.parametrize(
    ("name", "cell", "said"),
    [
        ("Timestamp (dd/mm/yyyy)", "{:02d} Jan, 2026 03:54:44 PM IST", '"IST" is the name of several time zones'),
        ("Data zakończenia", "{} stycznia 2026", "is no day that can be read"),
        ("Дата", "{} січня 2026 р.", "is no day that can be read"),
    ],
)
def test_days_with_words_that_nobody_reads_are_a_stop(tmp_path: Path, name: str, cell: str, said: str) -> None:
    """All answers were one wave, and the column was among the open answers."""
    rows: Rows = [["How likely are you to recommend us?", name, "Why?"]]
    rows += [[SCORES[at], cell.format(1 + at % 28), WROTE[at]] for at in range(60)]
    told = read(tmp_path, rows).unread_date or ""
    assert "all answers would be one wave" in told
    assert said in told


def test_products_with_a_year_in_their_name_are_no_days(tmp_path: Path) -> None:
    rows: Rows = [["Date", "How likely are you to recommend us?", "Data plan"]]
    rows += [[day(at), SCORES[at], ("Plan 2026 A 5", "Plan 2025 B 3")[at % 2]] for at in range(60)]
    assert read(tmp_path, rows).columns["responded_at"] == "Date"


def test_what_the_score_decides_is_no_group_and_drives_nothing(tmp_path: Path) -> None:
    """The first page began with "Negative (Sentiment): -175.0 points against the rest"; the label drove the score."""
    rows: Rows = [["Date", "NPS", "Sentiment", "Alert", "Label", "What went wrong", "Office"]]
    for at in range(60):
        sentiment = "positive" if SCORES[at] > 8 else "neutral" if SCORES[at] > 6 else "negative"
        wrong = ("Price", "Waiting", "Quality")[at // 2 % 3] if SCORES[at] < 7 else ""
        alert = "yes" if SCORES[at] < 7 else "no"
        rows.append([day(at), SCORES[at], sentiment, alert, f"{SCORES[at]}/10", wrong, ("Oslo", "Bergen")[at % 7 // 4]])
    found = read(tmp_path, rows)
    assert found.segments == ("Office",)
    assert found.ratings == ()
    said = " ".join(found.notes + found.reasons) + str(found)
    assert "the score decides which value it has" in said
    assert "the score decides whether it is filled" in said


def test_groups_that_rows_of_sums_lack_are_groups(tmp_path: Path) -> None:
    rows: Rows = [["Date", "NPS", "Line"]]
    for at in range(180):
        rows.append([day(at), SCORES[at % 60], ("North", "South")[at % 7 // 4]])
        rows += [["Mean", f"7.{at}", ""]] if at % 36 == 9 else []
    assert read(tmp_path, rows).segments == ("Line",)


def test_a_group_that_goes_with_the_score_by_chance_stays_a_group(tmp_path: Path) -> None:
    """Of twelve answers a few scores are of one office each: nothing that chance would not do."""
    rows: Rows = [["Date", "NPS", "Office"]]
    rows += [[day(at), score, "Oslo" if score > 8 else "Bergen"] for at, score in enumerate((10, 9, 3, 8, 10, 6, 9, 7))]
    assert read(tmp_path, rows).segments == ("Office",)


def test_headers_that_stand_again_in_another_order_are_refused(tmp_path: Path) -> None:
    """Below them the NPS of another question was read: -25 of -4, and a fall."""
    upper: Rows = [["Date", "NPS", "Comment", "Ease"], *([day(at), SCORES[at], WROTE[at], 5] for at in range(30))]
    lower: Rows = [["Date", "Ease", "Comment", "NPS"], *([day(at), 4, WROTE[at], SCORES[at]] for at in range(30, 60))]
    with pytest.raises(BadFile, match='row 32: the headers stand here again, and the column "NPS" is called "Ease"'):
        read(tmp_path, upper + lower)
    other: Rows = [["Date", "CSAT", "Comment", "Ease"], *lower[1:]]
    with pytest.raises(BadFile, match='is called "CSAT"'):
        read(tmp_path, upper + other)
    paths = [write(tmp_path / "upper.csv", upper), write(tmp_path / "lower.csv", lower)]
    list(start_study(tmp_path / "study", paths, timezone="Europe/Stockholm"))
    assert sorted(Study.open(tmp_path / "study").responses()["score"]) == sorted(SCORES)


def test_options_that_are_called_as_their_columns_are_no_headers(tmp_path: Path) -> None:
    rows: Rows = [["NPS", "Price", "Quality", "Service"]]
    rows += [[SCORES[at], "Price", "Quality" if at % 2 else "", "Service" if at % 3 else ""] for at in range(60)]
    assert read(tmp_path, rows).score_column == "NPS"


def test_headers_that_stand_again_as_they_were_are_a_row_without_an_answer(tmp_path: Path) -> None:
    rows: Rows = [["Date", "NPS", "Comment"], *([day(at), SCORES[at], WROTE[at]] for at in range(30))]
    table, _ = read_export(write(tmp_path / "a.csv", rows + rows[:1] + rows[1:5]))
    responses, ledger = clean(table, timezone="Europe/Stockholm")
    assert len(responses) + (ledger["action"] == "rejected").sum() == 35
    assert 32 in set(ledger.loc[ledger["action"] == "rejected", "source_row"])


@pytest.mark.parametrize(
    ("header", "high"),
    [
        ("Würden Sie uns weiterempfehlen? (1 = sehr gut, 6 = ungenügend)", 6),
        ("Would you recommend us? (1 = best, 4 = worst)", 4),
    ],
)
@pytest.mark.parametrize("scale", [None, "10-0", "0-10"])
def test_a_short_scale_that_is_the_other_way_round_is_refused(
    tmp_path: Path, header: str, high: int, scale: Scale | None
) -> None:
    """The message proposed to turn it round as one from 0 to 10: grades from 1 to 6 had an NPS of -32."""
    rows: Rows = [["Date", header], *([day(at), 1 + at % high] for at in range(60))]
    with pytest.raises(BadInput, match=f"no answer is above {high}") as error:
        read_export(write(tmp_path / "a.csv", rows), scale=scale)
    assert "--scale" not in str(error.value)


def test_a_scale_from_ten_to_none_is_still_offered_to_be_turned(tmp_path: Path) -> None:
    rows: Rows = [["Date", "Would you recommend us? (1 = best, 5 = neutral)"]]
    rows += [[day(at), SCORES[at]] for at in range(60)]
    with pytest.raises(BadInput, match="--scale 10-0"):
        read(tmp_path, rows)


@pytest.mark.parametrize("names", [("Vår 2025", "Höst 2025"), ("FY26H1", "FY26H2"), ("Q3 FY25", "Q4 FY25")])
def test_parts_of_years_are_proposed_as_waves_under_any_name(tmp_path: Path, names: tuple[str, str]) -> None:
    """They were a segment: "Höst 2025 (Mätning): ... points against the rest", and no wave."""
    rows: Rows = [["Mätning", "NPS", "Avtal"], *([names[at % 2], SCORES[at], "AB"[at % 7 // 4]] for at in range(60))]
    path = write(tmp_path / "a.csv", rows)
    assert read_export(path)[1].segments == ("Avtal",)
    said = " ".join(start_study(tmp_path / "study", [path], timezone="Europe/Stockholm"))
    assert '("Mätning"?)' in said
    told = Help({"wave": "Mätning"})
    list(start_study(tmp_path / "waves", [path], timezone="Europe/Stockholm", told=told))
    assert Study.open(tmp_path / "waves").responses()["wave"].nunique() == 2


def test_since_when_somebody_is_a_customer_stays_a_group(tmp_path: Path) -> None:
    rows: Rows = [["Date", "NPS", "Customer since"]]
    rows += [[day(at), SCORES[at], ("Autumn 2024", "Spring 2025")[at % 7 // 4]] for at in range(60)]
    assert read(tmp_path, rows).segments == ("Customer since",)


@pytest.mark.parametrize("name", ["Org", "Asiakas"])
def test_companies_under_short_names_are_accounts(tmp_path: Path, name: str) -> None:
    """They were a segment of fifteen groups, and answers of one company independent."""
    firms = ("Nordvik AB", "Havsbruk AS", "Kvist A/S", "De Boer BV", "Kalevi Oy")
    rows: Rows = [["Date", "NPS", name], *([day(at), SCORES[at], firms[at % 5]] for at in range(60))]
    assert read(tmp_path, rows).columns["account_id"] == name
    units: Rows = [["Date", "NPS", name]]
    units += [[day(at), SCORES[at], ("Sales", "Service")[at % 7 // 4]] for at in range(60)]
    assert read(tmp_path, units).segments == (name,)


def test_polish_of_windows_is_polish(tmp_path: Path) -> None:
    """Its headers and comments were read as signs: "nasz¹ firmê"."""
    wrote = (
        "Ceny znowu wzrosły",
        "Dostawa była opóźniona, drożej niż zwykle",
        "Wszystko w porządku, polecam naszą firmę",
    )
    rows: Rows = [["Data zakończenia", "NPS", "Dlaczego taka ocena?"]]
    rows += [[day(at), SCORES[at], f"{wrote[at % 3]} {at}"] for at in range(60)]
    text = "\n".join(";".join(map(str, row)) for row in rows)
    (tmp_path / "pl.csv").write_bytes(text.encode("cp1250"))
    table, found = read_export(tmp_path / "pl.csv", columns={"comment": "Dlaczego taka ocena?"})
    assert found.encoding == "Windows-1250"
    assert table["comment"].tolist() == [row[2] for row in rows[1:]]


def test_groups_that_differ_by_case_are_told(tmp_path: Path) -> None:
    """NORD and Nord were two groups, each with a score of its own, and nothing said so."""
    rows: Rows = [["Date", "NPS", "Region"]]
    rows += [[day(at), SCORES[at], ("Nord", "NORD", "Syd")[at % 3]] for at in range(60)]
    assert any('"NORD", "Nord" are written in several ways' in note for note in read(tmp_path, rows).notes)
    apart: Rows = [["Date", "NPS", "Region"]]
    apart += [[day(at), SCORES[at], ("Nord", "Nordost", "Syd")[at % 3]] for at in range(60)]
    assert not any("several ways" in note for note in read(tmp_path, apart).notes)


def test_the_company_of_a_contact_is_the_account(tmp_path: Path) -> None:
    """In records of an interface it was a segment, and answers of one company were independent."""
    rows: Rows = [["nps.score", "contact.company", "contact.id", "completed_at"]]
    rows += [[SCORES[at], f"Firm {at % 9}", f"c{at}", day(at)] for at in range(60)]
    found = read(tmp_path, rows)
    assert found.columns["account_id"] == "contact.company"
    assert found.segments == ()


def test_the_line_that_keeps_employees_apart_holds_a_name_in_quotes(tmp_path: Path) -> None:
    """As it was written nothing could read the line."""
    name = 'Svarar som "kund" eller anställd'
    rows: Rows = [["Datum", "NPS", name]]
    rows += [[day(at), SCORES[at], ("Kund", "Anställd")[at % 7 // 4]] for at in range(60)]
    (note,) = (note for note in read(tmp_path, rows).notes if "own people" in note)
    line = note.partition("apart, as surveys of their own: ")[2].partition(" under its")[0]
    assert tomllib.loads(line) == {"columns": {"touchpoint": name}}


@pytest.mark.parametrize("staff", ["Medarbetare", "Ansatt", "Employee", "Mitarbeiter"])
def test_employees_among_customers_are_told_and_the_line_keeps_them_apart(tmp_path: Path, staff: str) -> None:
    """The score of customers and employees together was the first thing on the page."""
    rows: Rows = [["Datum", "NPS", "Målgrupp"]]
    rows += [[day(at), SCORES[at], ("Kund", staff)[at % 7 // 4]] for at in range(60)]
    path = write(tmp_path / "a.csv", rows)
    assert any(f'rows of "{staff}" may be of your own people' in note for note in read_export(path)[1].notes)
    told = Help({"touchpoint": "Målgrupp"})
    said = list(start_study(tmp_path / "study", [path], timezone="Europe/Stockholm", told=told))
    assert not any("own people" in line for line in said)
    assert Study.open(tmp_path / "study").counts(by=["touchpoint"])["n"].sum() == 60
