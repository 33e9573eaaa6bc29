"""What identifies an answer and a person: a number of a row is neither, nor is an id that a spreadsheet has rounded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from nps_utils import cli
from nps_utils.checks import BadInput, SharedName
from nps_utils.cleaning.clean import clean
from nps_utils.exports import read_export

QUESTION = "How likely are you to recommend Bergvik to a colleague?"
SCORES = (8, 10, 7, 8, 5, 9, 10, 3, 0, 9, 10, 9, 2, 7, 10, 6, 9, 10, 8, 4)
TIMES = [
    f"{dt.datetime(2025, 8, 4, 8, 15, tzinfo=dt.UTC) + dt.timedelta(days=2 * i, hours=i % 7):%Y-%m-%d %H:%M}"
    for i in range(40)
]
ANSWERS = [(TIMES[i], SCORES[(i * 7 + i // 20) % 20], f"case number {i} was handled") for i in range(40)]


def write(folder: Path, name: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    """Write a CSV file."""
    lines = [header, *rows]
    path = folder / name
    path.write_text("".join(";".join(map(str, line)) + "\n" for line in lines), "utf-8")
    return path


def reasons(*paths: Path, **options: object) -> list[str]:
    """Read and clean several exports together, and return the reasons of rejected rows."""
    table = pl.concat([pl.from_pandas(read_export(path)[0]) for path in paths], how="diagonal_relaxed")
    _, ledger = clean(table, timezone="Europe/Stockholm", **options)  # type: ignore[arg-type]
    return sorted(ledger.filter(pl.col("action") == "rejected")["reason"].to_list())


RUNNING = {
    "from 1": [str(i) for i in range(1, 21)],
    "newest first": [str(i) for i in range(20, 0, -1)],
    "with gaps": [str(i + i // 3) for i in range(1, 21)],
    "behind letters": [f"R-{i:03d}" for i in range(1, 21)],
    "as a spreadsheet writes them": [f"{i}.0" for i in range(1, 21)],
    "mixed up": [str(i * 7 % 20 + 1) for i in range(20)],
}
NAMES = ("ID", "Response ID", "Respondent", "Respondent ID", "Löpnummer", "#", "Nr", "Svarsnummer", "Lfd. Nr.", "No.")


@pytest.mark.parametrize("ids", RUNNING.values(), ids=RUNNING)
def test_a_running_number_that_restarts_is_neither_person_nor_response(ids: list[str], tmp_path: Path) -> None:
    """Two exports number their rows alike, and all forty answers count."""
    header = ["ID", "Submitted at", QUESTION, "Why?"]
    one, two = (
        write(tmp_path, f"{at}.csv", header, [(row, *ANSWERS[at + i]) for i, row in enumerate(ids)]) for at in (0, 20)
    )
    found = read_export(one)[1]
    assert found.columns["response_id"] == "ID"
    assert "respondent_id" not in found.columns
    assert reasons(one, two) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_values_say_that_rows_are_counted_whatever_the_header(name: str, tmp_path: Path) -> None:
    """Also where the header calls them respondents."""
    rows = [(i + 1, *answer) for i, answer in enumerate(ANSWERS[:20])]
    table, _ = read_export(write(tmp_path, "a.csv", [name, "Date", QUESTION, "Why?"], rows))
    assert "respondent_id" not in table.columns


def test_customers_that_count_up_are_people_only_if_somebody_says_so(tmp_path: Path) -> None:
    """Each of two exports counts its own rows, and all answers count; the note says how to name people."""
    header = ["User ID", "Date", QUESTION, "Why?"]
    rows = [[(i % 20 + 1, *answer) for i, answer in enumerate(ANSWERS)][at : at + 20] for at in (0, 20)]
    one, two = (write(tmp_path, f"{at}.csv", header, part) for at, part in enumerate(rows))
    found = read_export(one)[1]
    assert found.columns["response_id"] == "User ID"
    assert "respondent_id" not in found.columns
    assert any('columns = { respondent_id = "User ID" }' in note for note in found.notes)
    assert reasons(one, two) == []
    assert read_export(one, columns={"respondent_id": "User ID"})[1].columns["respondent_id"] == "User ID"
    mailed = [(i + 1, f"p{i}@x.example", *answer) for i, answer in enumerate(ANSWERS[:20])]
    header = ["Contact ID", "Email", "Date", QUESTION, "Why?"]
    found = read_export(write(tmp_path, "b.csv", header, mailed))[1]
    assert "respondent_id" not in found.columns
    assert not any("Contact ID" in note for note in found.notes)


def test_numbers_of_customers_that_come_again_are_people(tmp_path: Path) -> None:
    """In one file with two waves no number of a row comes twice."""
    rows = [(i % 20 + 1, *answer) for i, answer in enumerate(ANSWERS)]
    found = read_export(write(tmp_path, "a.csv", ["Customer ID", "Date", QUESTION, "Why?"], rows))[1]
    assert found.columns["respondent_id"] == "Customer ID"


@pytest.mark.parametrize("header", [["Contact name"], ["First name", "Last name"]])
def test_a_customer_with_several_contacts_is_a_company(header: list[str], tmp_path: Path) -> None:
    """Their names tell people apart where no address does; a person with one name, in two spellings, stays one."""

    def study(people: int) -> list[tuple[object, ...]]:
        first = ["Anna", "Bo", "Cay", "Dag", "Eva"]
        names = [[first[i // 8 % people], ("Ek", "EK ")[i // 8 % 2]] for i in range(40)]
        shown = names if len(header) > 1 else [[" ".join(parts)] for parts in names]
        return [(f"K{i % 8}", *name, *answer) for i, (name, answer) in enumerate(zip(shown, ANSWERS, strict=True))]

    columns = ["Customer number", *header, "Date", QUESTION, "Why?"]
    table, found = read_export(write(tmp_path, "a.csv", columns, study(5)))
    assert found.columns["account_id"] == "Customer number"
    assert "respondent_id" not in found.columns
    assert len(clean(table, timezone="UTC")[0]) == len(ANSWERS)
    found = read_export(write(tmp_path, "b.csv", columns, study(1)))[1]
    assert found.columns["respondent_id"] == "Customer number"


ACCOUNTS = {
    "CVR-nr.": [f"{12345678 + i % 9}" for i in range(40)],
    "Kunde": [f"Firma {i % 9} ApS" for i in range(40)],
    "Klant": [f"Jansen {'ABCDEF'[i % 6]} B.V." for i in range(40)],
    "Virksomhed": ["Nord", "Syd", "Vest", "Fyn"] * 10,
    "Bedrijf": ["Philips", "Shell", "Heineken", "KLM"] * 10,
}


@pytest.mark.parametrize("header", ACCOUNTS)
def test_companies_are_accounts(header: str, tmp_path: Path) -> None:
    """By their number in a register, or by a name that says what they are."""
    rows = [(name, *answer) for name, answer in zip(ACCOUNTS[header], ANSWERS, strict=True)]
    found = read_export(write(tmp_path, "a.csv", [header, "Date", QUESTION, "Why?"], rows))[1]
    assert found.columns["account_id"] == header


def test_customers_are_companies_only_where_it_shows(tmp_path: Path) -> None:
    """Several people of one are enough; names of people alone are none."""
    rows = [(("Volvo", "Saab", "Ikea", "Ericsson")[i % 4], f"p{i}@x.example", *a) for i, a in enumerate(ANSWERS)]
    found = read_export(write(tmp_path, "a.csv", ["Kund", "E-post", "Date", QUESTION, "Why?"], rows))[1]
    assert found.columns["account_id"] == "Kund"
    people = [(("Anna Ek", "Bo Holm", "Eva Berg", "Dag Lie")[i % 4], *a) for i, a in enumerate(ANSWERS)]
    found = read_export(write(tmp_path, "b.csv", ["Kund", "Date", QUESTION, "Why?"], people))[1]
    assert "account_id" not in found.columns


@pytest.mark.parametrize("pair", [("account_id", "respondent_id"), ("respondent_id", "response_id")])
def test_one_column_is_the_id_of_one_thing(pair: tuple[str, str], tmp_path: Path) -> None:
    """Which, its owner must say; the message says what each means."""
    rows = [(f"C{i % 9}", f"p{i}@x.example", *answer) for i, answer in enumerate(ANSWERS)]
    path = write(tmp_path, "a.csv", ["Client", "E-mail", "Date", QUESTION, "Why?"], rows)
    with pytest.raises(BadInput, match="named as") as refused:
        read_export(path, columns=dict.fromkeys(pair, "Client"))
    assert all(f"{name} is the id of" in str(refused.value) for name in pair)
    for name in pair:
        assert read_export(path, columns={name: "Client"})[1].columns[name] == "Client"


def test_a_shops_customer_is_person_and_account(tmp_path: Path) -> None:
    """Nothing shows several people of one: what the owner says holds, and what it does is said."""
    rows = [(f"C{i % 9}", *answer) for i, answer in enumerate(ANSWERS)]
    path = write(tmp_path, "a.csv", ["Client", "Date", QUESTION, "Why?"], rows)
    found = read_export(path, columns={"account_id": "Client", "respondent_id": "Client"})[1]
    assert (found.columns["account_id"], found.columns["respondent_id"]) == ("Client", "Client")
    assert any("each customer is one person" in note for note in found.notes)


def test_a_customer_with_several_addresses_is_a_company(tmp_path: Path) -> None:
    """Its people's answers all count; one address for each number, or a change of one, is a person still."""
    header = ["Kundenr.", "E-mail", "Date", QUESTION, "Why?"]

    def study(addresses: int) -> list[tuple[object, ...]]:
        return [(f"K{i % 8}", f"p{i % 8}.{i // 8 % addresses}@x.example", *a) for i, a in enumerate(ANSWERS)]

    table, found = read_export(write(tmp_path, "a.csv", header, study(5)))
    assert found.columns["account_id"] == "Kundenr."
    assert "respondent_id" not in found.columns
    assert len(clean(table, timezone="UTC")[0]) == len(ANSWERS)
    assert any("names a company and no person" in reason for reason in found.reasons)
    one = study(1)
    one[0] = ("K0", "married@x.example", *one[0][2:])
    found = read_export(write(tmp_path, "b.csv", header, one))[1]
    assert found.columns["respondent_id"] == "Kundenr."
    assert "account_id" not in found.columns
    # A name changes and the number stays; further tables know the number.
    firms = [(f"Firma {row[0]}{' ny' * (i > 20)} AS", *row) for i, row in enumerate(study(5))]
    for name in ("Firma", "Kunde", "Kundenavn"):
        found = read_export(write(tmp_path, f"{name}.csv", [name, *header], firms))[1]
        assert found.columns["account_id"] == "Kundenr."
        assert "respondent_id" not in found.columns
    numbered = [(f"10{i % 8}", *row) for i, row in enumerate(study(5))]
    found = read_export(write(tmp_path, "d.csv", ["Firma-ID", *header], numbered))[1]
    assert found.columns["account_id"] == "Firma-ID"


def test_a_number_that_each_company_has_one_of_is_no_person(tmp_path: Path) -> None:
    """Without addresses nothing tells its people apart; half of their answers were set aside as of one person."""
    header = ["Företag", "Kundnummer", "Svarad", "Betyg", "Kommentar"]
    firms = [(f"Firma {i % 8} AB", f"10{i % 8 * 3}", *answer) for i, answer in enumerate(ANSWERS)]
    table, found = read_export(write(tmp_path, "a.csv", header, firms))
    assert found.columns["account_id"] == "Kundnummer"
    assert "respondent_id" not in found.columns
    assert len(clean(table, timezone="UTC")[0]) == len(ANSWERS)
    # A company of which several numbers answer has people with numbers.
    people = [(f"Firma {i % 8} AB", f"10{i % 16 * 3}", *answer) for i, answer in enumerate(ANSWERS)]
    found = read_export(write(tmp_path, "b.csv", header, people))[1]
    assert (found.columns["account_id"], found.columns["respondent_id"]) == ("Företag", "Kundnummer")


def test_headers_of_a_finnish_office_are_known(tmp_path: Path) -> None:
    """Bank customers at three touchpoints: pooled and taken for strangers, their answers were one score."""
    header = ["Vastaaja", "Vastausaika", "Asiakasnumero", "Kieli", "Kohtaamispiste", "Kanava", QUESTION, "Miksi?"]
    rows = [
        (i + 1, t, f"{441 + i % 15 * 17}", ("suomi", "ruotsi")[i % 2], ("Konttori", "Puhelin")[i % 2], "SMS", s, c)
        for i, (t, s, c) in enumerate(ANSWERS)
    ]
    found = read_export(write(tmp_path, "a.csv", header, rows))[1].columns
    assert (found["respondent_id"], found["touchpoint"], found["language"], found["responded_at"]) == (
        "Asiakasnumero", "Kohtaamispiste", "Kieli", "Vastausaika",
    )  # fmt: skip


def test_a_column_without_a_cell_says_of_nobody_who_answered(tmp_path: Path) -> None:
    """Qualtrics writes its columns of people into exports of anonymous links as well; others may know."""
    names = ["StartDate", "EndDate", "Status", "Finished", "ResponseId", "RecipientEmail", "ExternalReference", "Q1"]
    header = [*names, "Q1_NPS_GROUP", "Customer number"]
    rows = [(t, t, "0", "1", f"R_{i:08d}", "", "", s, "", f"{70 + i % 30 * 7}") for i, (t, s, _) in enumerate(ANSWERS)]
    found = read_export(write(tmp_path, "q.csv", header, rows))[1]
    assert found.tool == "qualtrics"
    assert found.columns["respondent_id"] == "Customer number"
    assert "email" not in found.columns


@pytest.mark.parametrize("columns", [(0, 1, 2), (0, 1), (1, 2), (1,)])
def test_overlapping_exports_are_counted_once_and_restarting_ones_whole(
    columns: tuple[int, ...], tmp_path: Path
) -> None:
    """The same number with the same content is one answer, also without dates or comments; then a third export."""
    header = ["Response ID", *(("Date submitted", QUESTION, "Why?")[column] for column in columns)]

    def export(name: str, first: int, last: int) -> Path:
        rows = [(i - first + 1, *(ANSWERS[i][column] for column in columns)) for i in range(first, last)]
        return write(tmp_path, name, header, rows)

    begin, whole, other = export("a.csv", 0, 15), export("b.csv", 0, 20), export("c.csv", 20, 40)
    assert reasons(begin, whole) == ["same_response_in_two_exports"] * 15
    assert reasons(whole, other) == []
    assert reasons(other, begin, whole) == ["same_response_in_two_exports"] * 15


def test_an_id_that_is_no_number_is_the_same_response_unless_all_differs() -> None:
    """An edited comment or a later time is still the same response; another date, score and comment are another's."""
    first = {"response_id": "r9f3", "score": "9", "comment": "good", "responded_at": "2025-08-04"}
    edited = first | {"comment": "good, mostly", "responded_at": "2025-08-05"}
    other = first | {"score": "3", "comment": "slow", "responded_at": "2025-09-05"}
    table = pl.DataFrame([first, edited, other])
    _, ledger = clean(table, timezone="UTC")
    rejected = ledger.filter(pl.col("action") == "rejected")
    assert rejected.select("source_row", "reason").rows() == [(3, "same_response_id")]


@pytest.mark.parametrize("header", ["Response ID", "Kundnr"])
@pytest.mark.parametrize("ids", [("4.41E+17", "4.42E+17"), ("4,41E+17", "4,41E+17"), ("441234567890123000",) * 2])
def test_ids_that_a_spreadsheet_rounded_identify_nobody(header: str, ids: tuple[str, str], tmp_path: Path) -> None:
    """They are not used, which is said; named by hand they set no answer aside either."""
    rows = [(ids[i % 2], *answer) for i, answer in enumerate(ANSWERS)]
    path = write(tmp_path, "a.csv", [header, "Date", QUESTION, "Why?"], rows)
    found = read_export(path)[1]
    assert not {"response_id", "respondent_id", "account_id"} & set(found.columns)
    assert any("rounded by the spreadsheet" in note for note in found.notes)
    for name in ("response_id", "respondent_id"):
        table, _ = read_export(path, columns={name: header})
        assert len(clean(table, timezone="UTC")[0]) == 40


def mailed(addresses: Sequence[str]) -> pl.DataFrame:
    """Make a table of forty answers under these addresses."""
    return pl.DataFrame(
        {
            "email": addresses,
            "responded_at": TIMES,
            "score": [str(score) for _, score, _ in ANSWERS],
            "comment": [text for *_, text in ANSWERS],
        }
    )


CROWDS = {
    "a kiosk": ["desk@shop.example"] * 40,
    "half of them": [f"p{i}@x.example" if i % 2 else "Info@Bergvik.example " for i in range(40)],
    "an office, four times": [f"p{i}@x.example" if i >= 4 else "kontakt@shop.example" for i in range(40)],
}


@pytest.mark.parametrize("addresses", CROWDS.values(), ids=CROWDS)
def test_one_address_behind_many_answers_is_asked_about(addresses: list[str]) -> None:
    """Before anything is dropped; the two answers that the question names both work."""
    with pytest.raises(SharedName) as asked:
        clean(mailed(addresses), timezone="Europe/Stockholm")
    (name,) = asked.value.names
    assert f'shared = ["{name}"]' in str(asked.value)
    shared, ledger = clean(mailed(addresses), timezone="Europe/Stockholm", shared=[name])
    assert shared.height == 40
    noted = ledger.filter(pl.col("reason") == "shared")["value"].item()
    assert "@" in noted
    assert name.partition("@")[0] not in noted
    one, _ = clean(mailed(addresses), timezone="Europe/Stockholm", one_person=[name])
    assert one.height < 40


def test_who_answers_a_few_times_is_not_asked_about() -> None:
    """Three answers of one customer in a quarter are what `repeats` is for; nobody is no person."""
    keen = [f"p{i}@x.example" if i >= 3 else "bo@x.example" for i in range(40)]
    assert clean(mailed(keen), timezone="Europe/Stockholm")[0].height == 38
    assert clean(mailed(["anonymous"] * 40), timezone="Europe/Stockholm")[0].height == 40


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Run `nps` with these arguments and return its exit code."""
    monkeypatch.setattr("sys.argv", ["nps", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_nps_new_asks_leaves_nothing_and_takes_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The option that the message names, added to the same command, works; a folder that was there keeps its files."""
    path = tmp_path / "kiosk.csv"
    mailed(CROWDS["a kiosk"]).write_csv(path)
    folder = tmp_path / "s"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", "utf-8")
    command = ("new", folder, path, "--timezone", "Europe/Stockholm")
    assert run(monkeypatch, *command) == 2
    assert '--shared "desk@shop.example"' in capsys.readouterr().err
    assert [file.name for file in folder.iterdir()] == ["notes.txt"]
    assert run(monkeypatch, *command, "--shared", "desk@shop.example") == 0
    assert "40 rows came in; 40 are responses" in capsys.readouterr().out
    assert 'shared = ["desk@shop.example"]' in (folder / "study.toml").read_text("utf-8")


def test_nps_new_with_the_missing_option_works_the_second_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Dates that fit both orders stop it, leave no folder, and the option of the message is taken."""
    path = write(tmp_path, "a.csv", ["Date", "NPS"], [("3/4/25", 9), ("5/6/25", 3)])
    command = ("new", tmp_path / "deep" / "s", path, "--timezone", "UTC")
    assert run(monkeypatch, *command) == 2
    assert "--month-first" in capsys.readouterr().err
    assert not (tmp_path / "deep").exists()
    assert run(monkeypatch, *command, "--month-first") == 0


def test_equal_scores_alone_are_no_possible_duplicates() -> None:
    """Without id, date and comment half of all rows would be flagged."""
    scores = pl.DataFrame({"score": ["9", "9", "10", "10"]})
    assert clean(scores, timezone="UTC")[1].filter(pl.col("action") == "flagged").is_empty()
