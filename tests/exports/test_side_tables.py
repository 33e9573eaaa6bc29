"""Further tables in the language of the office: their columns are found, and what links to nothing is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nps_utils import Study
from nps_utils.checks import BadStudy, BadValue, MissingColumn, UndecidedDates
from nps_utils.exports.side_tables import name_columns, rename
from nps_utils.pages.customers import spenders
from nps_utils.pages.revenue import is_undated, money_of
from nps_utils.revenue.reading.periods import MONEY

HEAD = 'title = "t"\ntimezone = "Europe/Oslo"\n[[export]]\npath = "raw/a.csv"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study of three answers."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.csv").write_text(
        "Firma;Firma-ID;Kontakt;E-post;Dato;NPS\nA;01;Per;per@a.example;14.01.2026;9\nB;02;Liv;liv@b.example;15.01.2026;3\n",
        "cp1252",
    )
    return tmp_path


def add(folder: Path, kind: str, text: str, more: str = "") -> Study:
    """Add a further table and open the study."""
    (folder / "raw" / f"{kind}.csv").write_text(text, "cp1252")
    (folder / "study.toml").write_text(f'{HEAD}[{kind}]\npath = "raw/{kind}.csv"\n{more}', "utf-8")
    return Study.open(folder)


@pytest.mark.parametrize(
    ("kind", "header", "ours"),
    [
        (
            "frame",
            "Kontakt-ID;E-post;Firma-ID;Sendt;Rolle",
            ["respondent_id", "email", "account_id", "asked_at", "Rolle"],
        ),
        ("frame", "E-post;Kundnr;Utskickad;Språk", ["email", "account_id", "asked_at", "language"]),
        ("frame", "E-mailadres;Klantnummer;Verzonden", ["email", "account_id", "asked_at"]),
        ("frame", "Kundenr;Sendt", ["respondent_id", "asked_at"]),
        ("accounts", "Kundenr;Kunde;Kundeansvarlig;Kunde siden", ["account_id", "name", "owner", "customer_since"]),
        ("accounts", "Firma-ID;Firma;Oppsagt", ["account_id", "name", "churned_on"]),
        ("accounts", "Kundenr;Virksomhed;Ophørt", ["account_id", "name", "churned_on"]),
        ("accounts", "Klantnr;Klant;Beëindigd", ["account_id", "name", "churned_on"]),
        ("accounts", "Kundnr;Kund;Uppsagd", ["account_id", "name", "churned_on"]),
        ("accounts", "Customer ID;Customer;Ended", ["account_id", "name", "churned_on"]),
        ("followup", "Svar-ID;Kontaktet", ["response_id", "contacted_at"]),
        ("revenue", "Klantnr;Van;Tot;Omzet", ["account_id", "Van", "Tot", "Omzet"]),
    ],
)
def test_headers_of_the_office(kind: str, header: str, ours: list[str]) -> None:
    """Ids, addresses and dates are found; everything else keeps its own name."""
    dates = (
        "Ophørt",
        "Beëindigd",
        "Uppsagd",
        "Ended",
        "Sendt",
        "Utskickad",
        "Verzonden",
        "Kunde siden",
        "Oppsagt",
        "Kontaktet",
    )
    row = {
        name: "2026-01-05" if name in dates else "a@x.example" if name.startswith("E-") else "7"
        for name in header.split(";")
    }
    assert list(name_columns(pd.DataFrame([row]), kind, told={}, path=Path("t.csv")).columns) == ours


def test_a_segment_keeps_its_header_and_no_other_date_is_taken() -> None:
    """What the study cuts by is not renamed; a column that only sounds like a date or an address is left alone."""
    table = pd.DataFrame({"E-post": ["a@x.example"], "Språk": ["nb"], "Sendt": ["ja"], "Kontakt": ["Per"]})
    named = name_columns(table, "frame", told={}, path=Path("t.csv"), keep=["Språk"])
    assert list(named.columns) == ["email", "Språk", "Sendt", "name"]


def test_a_frame_in_norwegian_links_to_the_answers(folder: Path) -> None:
    """The dates are year first, the person is known by the frame's id, and the words say what was read as what."""
    study = add(folder, "frame", "Kontakt-ID;E-post;Sendt\nP1;PER@a.example;13.01.2026\nP2;liv@b.example;13.01.2026\n")
    assert study.responses()["respondent_id"].tolist() == ["P1", "P2"]
    assert study.frame()["asked_at"].tolist() == ["2026-01-13", "2026-01-13"]
    assert study.further_tables() == [
        '[frame] frame.csv: 2 rows; respondent_id is "Kontakt-ID", email is "E-post", asked_at is "Sendt".'
        " Dates: day first: 2 of 2 cells have a first number above 12."
    ]


def test_revenue_is_said_to_be_read_as_what_and_segments_are_named(folder: Path) -> None:
    """Which column is the day, the amount and the kind of movement can be checked; a line to write for what lacks."""
    accounts = "".join(f"C{i};{('Retail', 'Public')[i % 2]};2026-01-01;100\n" for i in range(20))
    add(folder, "accounts", "Company_ID;Sector;Activation_Date;Initial_MRR\n" + accounts)
    moved = "Company_ID;Movement_Date;Movement_Type;Movement_Amount\nC1;2026-02-01;Upgrade;20\n"
    study = add(folder, "revenue", moved, more='layout = "movements"\n[accounts]\npath = "raw/accounts.csv"\n')
    said = study.further_tables()
    assert 'write segments = ["Sector"] in study.toml' in said[0]
    assert 'As movements: account_id is "Company_ID", moved_on is "Movement_Date"' in said[1]
    assert 'amount is "Movement_Amount"' in said[1]
    assert 'write currency = "EUR"' in said[1]


def test_a_frame_without_days_is_said_to_lack_them(folder: Path) -> None:
    """Who was asked is known, when is not."""
    study = add(folder, "frame", "E-post\nper@a.example\n")
    assert "no response rate" in study.further_tables()[0]


@pytest.mark.parametrize("kind", ["frame", "accounts", "revenue", "followup"])
def test_a_table_that_links_to_nothing_is_refused(folder: Path, kind: str) -> None:
    """It would be left out in silence; the message lists its headers and the line to write, and the line works."""
    study = add(folder, kind, "Hvem;Sendt\nper@a.example;13.01.2026\n")
    with pytest.raises(BadStudy, match=r'"Hvem", "Sendt"(.|\n)*columns = \{') as told:
        study.responses()
    line = str(told.value).splitlines()[-1].replace('"..."', '"Hvem"')
    assert len(add(folder, kind, "Hvem;Sendt\nper@a.example;13.01.2026\n", line).responses()) == 2


def test_a_header_that_is_not_there_is_named_with_the_nearest(folder: Path) -> None:
    """A typo in `columns` gets the header meant."""
    study = add(folder, "frame", "E-post;Sendt\nper@a.example;13.01.2026\n", 'columns = { email = "Epost" }\n')
    with pytest.raises(BadStudy, match='Did you mean "E-post"'):
        study.responses()


def test_revenue_in_norwegian_is_dated(folder: Path) -> None:
    """Fra, Til and Beløp are the period and the amount."""
    text = "Firma-ID;Fra;Til;Beløp;Valuta\n01;01.01.2026;31.03.2026;1 000,50;NOK\n02;01.01.2026;31.03.2026;20,00;NOK\n"
    study = add(folder, "revenue", text, 'layout = "periods"\n')
    assert not is_undated(study)
    assert money_of(study)[0]["amount"].tolist() == [1000.5, 20.0]


def test_amounts_that_are_none_are_shown(folder: Path) -> None:
    """Where no row can be used, the message shows what stands there."""
    study = add(folder, "revenue", "Firma-ID;Fra;Til;Beløp\n01;01.01.2026;31.01.2026;mye\n", 'layout = "periods"\n')
    with pytest.raises(BadValue, match="'mye'"):
        money_of(study)


def test_a_yes_or_no_is_no_name() -> None:
    """Whether an account is a customer may be a segment; its name it is not."""
    table = pd.DataFrame({"Firma-ID": [*"abcdef"], "Kunde": ["ja", "nej"] * 3})
    assert "Kunde" in name_columns(table, "accounts", told={}, path=Path("t.csv")).columns


@pytest.mark.parametrize(
    ("header", "cells", "first", "last"),
    [
        ("Måned", ["2026-01", "2026-02"], "2026-01-01", "2026-02-28"),
        ("Månad", ["januari 2026", "mars 2026"], "2026-01-01", "2026-03-31"),
        ("Periode", ["202601", "202602"], "2026-01-01", "2026-02-28"),
        ("Month", ["Jan-26", "Feb-26"], "2026-01-01", "2026-02-28"),
        ("Kwartaal", ["Q1 2026", "Q3 2026"], "2026-01-01", "2026-09-30"),
        ("År", ["2024", "2026"], "2024-01-01", "2026-12-31"),
        ("År;Måned", ["2026;1", "2026;12"], "2026-01-01", "2026-12-31"),
        ("Jaar;Kwartaal", ["2026;1", "2026;2"], "2026-01-01", "2026-06-30"),
        ("Year;Quarter", ["2025;Q4", "2026;Q1"], "2025-10-01", "2026-03-31"),
    ],
)
def test_months_quarters_and_years_of_revenue_are_periods(
    folder: Path, header: str, cells: list[str], first: str, last: str
) -> None:
    """Each row is revenue of the period it names; nothing of several months is added up as one amount."""
    text = f"Kundenr;{header};Omsætning (kr.)\n" + "".join(f"{i};{cell};10\n" for i in ("01", "02") for cell in cells)
    study = add(folder, "revenue", text)
    assert not is_undated(study)
    money = money_of(study)[0]
    assert money["amount"].tolist() == [10.0] * 4
    assert (f"{money['period_start'].min():%Y-%m-%d}", f"{money['period_end'].max():%Y-%m-%d}") == (first, last)


def test_a_month_without_a_year_is_refused(folder: Path) -> None:
    """It is shown, with the ways to write a period."""
    study = add(folder, "revenue", "Kundenr;Måned;Beløb\n01;marts;10\n01;april;10\n")
    with pytest.raises(BadValue, match=r"period_start is 'marts'.*Write a day .2026-03-01.*Q1 2026"):
        money_of(study)


def test_several_amounts_without_a_time_are_never_one(folder: Path) -> None:
    """Months under a header nobody knows are refused with the line to write; the line works, and so does the other."""
    text = "Kundenr;Regnskabsafsnit;Beløb\n01;2026-01;10\n01;2026-02;20\n02;2026-01;5\n"
    with pytest.raises(BadValue, match=r"1 of 2 accounts .*01 has 2.*Regnskabsafsnit.*period_start = ") as told:
        spenders(add(folder, "revenue", text))
    assert 'repeated = "sum"' in str(told.value)
    named = add(folder, "revenue", text, 'columns = { period_start = "Regnskabsafsnit" }\n')
    assert money_of(named)[0]["amount"].tolist() == [10.0, 20.0, 5.0]
    assert spenders(add(folder, "revenue", text, 'repeated = "sum"\n'))["spend"].tolist() == [30.0, 5.0]
    assert spenders(add(folder, "revenue", text.replace("01;2026-02;20\n", "")))["spend"].tolist() == [10.0, 5.0]


@pytest.mark.parametrize(
    ("header", "currency"),
    [
        ("Revenue (EUR)", "EUR"), ("Omsaetning i DKK", "DKK"), ("Beløb i DKK", "DKK"), ("Amount_USD", "USD"),
        ("Omsætning ekskl. moms (SEK)", "SEK"), ("Revenue (kEUR)", "KEUR"),
    ],
)  # fmt: skip
def test_the_unit_of_an_amount_tells_its_currency(folder: Path, header: str, currency: str) -> None:
    """Found or told, the header's currency is that of the amounts; a column of currencies goes first."""
    text = f"Kundenr;Måned;{header}\n01;2026-01;10\n"
    told = f'columns = {{ amount = "{header}" }}\n'
    assert money_of(add(folder, "revenue", text, told))[0]["currency"].tolist() == [currency]
    if "Omsae" not in header:
        assert money_of(add(folder, "revenue", text))[0]["currency"].tolist() == [currency]
    both = f"Kundenr;Måned;Valuta;{header}\n01;2026-01;NOK;10\n"
    assert money_of(add(folder, "revenue", both, told))[0]["currency"].tolist() == ["NOK"]


def test_all_missing_columns_are_asked_for_at_once(folder: Path) -> None:
    """One line to write, not one a time."""
    study = add(folder, "revenue", "Kundenr;X;Y\n01;2026-01;10\n")
    with pytest.raises(MissingColumn, match=r'columns = \{ period_start = "...", amount = "..." \}'):
        spenders(study)
    moves = add(folder, "revenue", "Kundenr;X\n01;y\n", 'layout = "movements"\n')
    with pytest.raises(MissingColumn, match=r'moved_on = "...", movement = "...", amount = "..."'):
        money_of(moves)


def test_dates_that_fit_both_orders_name_the_heading_and_the_order_of_the_answers(folder: Path) -> None:
    """All on the first of a month: the line to write, where, and what the answers have; the line works."""
    accounts = "Kundenr;Firma;Kunde siden\n01;A;01-02-2020\n02;B;01-05-2021\n"
    with pytest.raises(UndecidedDates, match=r"day_first = true .*under \[accounts\](.|\n)*answers .*are .*day first"):
        add(folder, "accounts", accounts).responses()
    assert len(add(folder, "accounts", accounts, "day_first = true\n").responses()) == 2
    revenue = "Kundenr;Fra;Til;Beløb\n01;01-02-2026;01-03-2026;1\n02;01-02-2026;01-03-2026;1\n"
    with pytest.raises(UndecidedDates, match=r"under \[revenue\](.|\n)*answers .*are .*day first"):
        money_of(add(folder, "revenue", revenue))
    assert len(money_of(add(folder, "revenue", revenue, "day_first = true\n"))[0]) == 2


def test_one_amount_in_two_currencies_is_asked_for(folder: Path) -> None:
    """Neither is taken unasked; the one that is told has its currency."""
    text = "Kundenr;Måned;Omsætning (EUR);Omsætning (DKK)\n01;2026-01;5;37\n"
    with pytest.raises(MissingColumn, match=r'no column "amount".*Omsætning \(EUR\), Omsætning \(DKK\)'):
        money_of(add(folder, "revenue", text))
    told = add(folder, "revenue", text, 'columns = { amount = "Omsætning (DKK)" }\n')
    assert money_of(told)[0][["amount", "currency"]].to_numpy().tolist() == [[37.0, "DKK"]]


def test_the_line_to_write_says_which_is_for_numbers() -> None:
    """Who took the advice to the letter named a number as an address."""
    sent = pd.DataFrame({"Dossier": ["1", "2"], "Verzonden op": ["03-02-2026", "04-02-2026"]})
    with pytest.raises(BadStudy) as found:
        name_columns(sent, "frame", told={}, path=Path("sent.csv"))
    assert 'columns = { respondent_id = "..." }\nor, where it holds addresses:' in str(found.value)
    named = name_columns(sent, "frame", told={"respondent_id": "Dossier"}, path=Path("sent.csv"))
    assert list(named.columns) == ["respondent_id", "asked_at"]


def test_members_and_tenants_have_numbers_too() -> None:
    """Not every customer is called one."""
    members = pd.DataFrame({"Medlemsnr": ["01", "02"], "Innmeldt": ["01.02.2025"] * 2, "Utmeldt": [None, "03.04.2026"]})
    named = name_columns(members, "accounts", told={}, path=Path("m.csv"))
    assert list(named.columns) == ["account_id", "customer_since", "churned_on"]
    rent = pd.DataFrame({"Huurdernr": ["01"], "Maand": ["2026-01"], "Huuropbrengst": ["650,00"]})
    named = name_columns(rent, "revenue", told={}, path=Path("h.csv"))
    assert list(rename(named, {}, MONEY[:6]).columns) == ["account_id", "period_start", "amount"]


def test_our_own_names_are_known_however_they_are_written() -> None:
    """`Name` and `Owner` of a list of accounts were nobody's: the list of whom to call had no companies."""
    table = pd.DataFrame({"Account ID": ["1"], "Name": ["Fish"], "OWNER": ["Ann"], "Churned on": ["2026-01-31"]})
    named = name_columns(table, "accounts", told={}, path=Path("a.csv"))
    assert list(named.columns) == ["account_id", "name", "owner", "churned_on"]
