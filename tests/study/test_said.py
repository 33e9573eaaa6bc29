"""What `nps clean` says before anybody builds on it: what does not link, is there twice, or cannot be used."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from nps_utils import Study, cli
from nps_utils.checks import BadInput, BadStudy
from nps_utils.pages.revenue import money_of, undated_amounts

TWELVE = range(12)
ANSWERS = "NPS,Date,email,account\n" + "".join(f"{i % 11},2026-02-{10 + i},p{i}@c.example,Co {i + 1}\n" for i in TWELVE)


def study(folder: Path, toml: str, **files: str) -> Path:
    """Write a study: its exports and tables by name, and what study.toml says beside its first lines."""
    raw = folder / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    for name, text in {"answers": ANSWERS, **files}.items():
        (raw / f"{name}.csv").write_text(text, "utf-8")
    head, _, rest = toml.partition("---\n") if "---\n" in toml else ("", "", toml)
    export = '[[export]]\npath = "raw/answers.csv"\n'
    (folder / "study.toml").write_text(f'title = "T"\ntimezone = "UTC"\n{head}{export}{rest}', "utf-8")
    return folder


def said(folder: Path, file: str = "") -> str:
    """Return what the ledger says of a file as a whole, and so `nps clean` and the page."""
    ledger = Study.open(folder).ledger()
    notes = ledger[(ledger["action"] == "noted") & ledger["source_file"].str.startswith(file)]
    return "\n".join(notes["value"])


ACCOUNTS = "account_id,segment\n" + "".join(f"co-{i + 1},{'big' if i % 2 else 'small'}\n" for i in TWELVE)
OF_ACCOUNTS = '[accounts]\npath = "raw/accounts.csv"\n'
OF_REVENUE = '[revenue]\npath = "raw/revenue.csv"\n'
SEGMENT = 'segments = ["segment"]\n'


def test_ids_in_another_form_are_said_and_the_line_links_them(tmp_path: Path) -> None:
    """`co-1` and `Co 1` are one account once study.toml says so; `account_ids` is the line that the message gives."""
    folder = study(tmp_path, SEGMENT + "---\n" + OF_ACCOUNTS, accounts=ACCOUNTS)
    told = said(folder, "accounts.csv")
    assert "0 of 12 accounts that answered are in it" in told
    assert '12 more would be if ids were spelled alike: "Co 1" in the answers, "co-1" here' in told
    assert Study.open(folder).responses()["segment"].isna().all()
    line = re.search(r"under (\[answers\]) in study.toml: (account_ids = \"alike\")", told)
    assert line
    study(tmp_path, SEGMENT + f"---\n{line[1]}\n{line[2]}\n" + OF_ACCOUNTS, accounts=ACCOUNTS)
    linked = Study.open(folder).responses()
    assert linked["segment"].notna().all()
    assert set(linked["account_id"]) == {f"co-{i + 1}" for i in TWELVE}
    assert not said(folder, "accounts.csv")


def test_leading_zeros_link_too_but_never_two_accounts_of_one_table(tmp_path: Path) -> None:
    """`00123` is `123` where the study says so; where the accounts have both `3` and `03`, neither is guessed."""
    answers = ANSWERS.replace("Co ", "000")
    accounts = ACCOUNTS.replace("co-", "") + "03,other\n"
    folder = study(tmp_path, SEGMENT + '---\n[answers]\naccount_ids = "alike"\n' + OF_ACCOUNTS,
                   answers=answers, accounts=accounts)  # fmt: skip
    rows = Study.open(folder).responses().set_index("account_id")
    assert rows["segment"].isna().sum() == 1
    assert rows["segment"].isna()["0003"]
    assert '2 ids differ only in capitals, signs or leading zeros ("3", "03")' in said(folder, "accounts.csv")
    assert "11 of 12 accounts that answered are in it" in said(folder, "accounts.csv")


@pytest.mark.parametrize(("repeated", "segment", "row"), [(None, "other", "last"), ("first", "small", "first")])
def test_accounts_on_several_rows_are_said(tmp_path: Path, repeated: str | None, segment: str, row: str) -> None:
    """How many, which, where they differ, which row counts, and the line for the other."""
    accounts = ACCOUNTS.replace("co-", "Co ") + "Co 1,other\nCo 2,big\n"
    line = f'repeated = "{repeated}"\n' if repeated else ""
    folder = study(tmp_path, SEGMENT + "---\n" + OF_ACCOUNTS + line, accounts=accounts)
    told = said(folder, "accounts.csv")
    assert '1 account is on rows that say different things, for example "Co 1": segment is "small" in row 2' in told
    assert f'"other" in row 14. The {row} row of each counts' in told
    assert ('repeated = "first"' in told) == (repeated is None)
    opened = Study.open(folder)
    assert opened.responses().set_index("account_id").loc["Co 1", "segment"] == segment
    assert len(opened.accounts()) == 12


def revenue(*cells: str, currency: str = "SEK") -> str:
    """Return a revenue table of a quarter, with these amounts and a currency for all or by row."""
    rows = [f"Co {i + 1},2026-01-01,2026-03-31,{cell}" for i, cell in enumerate(cells)]
    with_currency = (row if row.count(",") == 4 else f"{row},{currency}" for row in rows)
    return "account_id,period_start,period_end,amount,currency\n" + "\n".join(with_currency)


def test_rows_of_revenue_that_cannot_be_used_are_counted(tmp_path: Path) -> None:
    """By reason, with the first; the rest is used."""
    folder = study(tmp_path, OF_REVENUE, revenue=revenue("100", "n/a", "soon", "200"))
    told = said(folder, "revenue.csv")
    assert '2 rows cannot be used for an amount that is no number; the first is row 3 ("n/a").' in told
    assert "2 of 12 accounts that answered are in it; their revenue is unknown for 10 answers" in told


def test_two_currencies_are_said_and_the_line_puts_them_into_one(tmp_path: Path) -> None:
    """The rate is the owner's to say; with it every amount is in the one currency."""
    text = revenue("100,SEK", "10,EUR", "200,SEK")
    folder = study(tmp_path, OF_REVENUE, revenue=text)
    told = said(folder, "revenue.csv")
    assert "revenue is in 2 currencies: SEK in 2 rows, EUR in 1 rows" in told
    line = re.search(r'(currency = "SEK") and (rates = \{ EUR = )\.\.\. \}', told)
    assert line
    study(tmp_path, f"{OF_REVENUE}{line[1]}\n{line[2]}11.5 }}\n", revenue=text)
    assert "currencies" not in said(folder, "revenue.csv")
    money, _ = money_of(Study.open(folder))
    assert (money["amount"].tolist(), set(money["currency"])) == ([100.0, 115.0, 200.0], {"SEK"})


def test_amounts_without_dates_are_not_added_up_over_currencies(tmp_path: Path) -> None:
    """One amount per account, in two currencies: said, and refused until there is a rate."""
    text = "account_id,amount,currency\nCo 1,100,SEK\nCo 2,10,EUR\n"
    folder = study(tmp_path, OF_REVENUE, revenue=text)
    assert "revenue is in 2 currencies" in said(folder, "revenue.csv")
    with pytest.raises(BadInput, match="2 currencies"):
        undated_amounts(Study.open(folder))
    study(tmp_path, OF_REVENUE + 'currency = "SEK"\nrates = { eur = 11.5 }\n', revenue=text)
    assert undated_amounts(Study.open(folder))["amount"].tolist() == [100.0, 115.0]


TWICE = revenue("1.234", "2.345") + "\nCo 1,2026-01-01,2026-03-31,1.234,SEK\n"


def test_revenue_that_can_be_read_in_two_ways_names_the_lines_of_study_toml(tmp_path: Path) -> None:
    """Thousands or decimals, copies or several contracts: each message's line leads on to the next, and to money."""
    folder = study(tmp_path, OF_REVENUE, revenue=TWICE)
    assert 'under [revenue] in study.toml: decimal = ","' in said(folder, "revenue.csv")
    study(tmp_path, OF_REVENUE + 'decimal = ","\n', revenue=TWICE)
    assert 'under [revenue] in study.toml: repeated = "sum"; if they are copies: repeated = "drop"' in said(folder)
    study(tmp_path, OF_REVENUE + 'decimal = ","\nrepeated = "drop"\n', revenue=TWICE)
    assert money_of(Study.open(folder))[0]["amount"].tolist() == [1234.0, 2345.0]


def test_two_columns_of_one_year_are_settled_by_the_line(tmp_path: Path) -> None:
    """The header that is named is the year's; the other is not."""
    text = "account_id,Revenue 2024,Plan 2024,2025\nCo 1,100,7,110\n"
    folder = study(tmp_path, OF_REVENUE + 'layout = "years"\n', revenue=text)
    line = re.search(r'columns = \{ 2024 = "Revenue 2024", 2025 = "2025" \}', said(folder, "revenue.csv"))
    assert line
    study(tmp_path, OF_REVENUE + f'layout = "years"\n{line[0]}\n', revenue=text)
    assert money_of(Study.open(folder))[0]["amount"].tolist() == [100.0, 110.0]


FRAME = '[frame]\npath = "raw/frame.csv"\n'


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        ("email,asked_at\nx@y.example,2026-01-05\n", "By email nobody is in both"),
        ("respondent_id,asked_at\n17,2026-01-05\n", "Answers say who gave them by email, the frame by respondent_id"),
        ("email,asked_at\np1@c.example,2026-06-05\np2@c.example,2026-06-05\n", "2 people are in both; they were asked"),
        ("email,asked_at\np1.@c.example,2026-01-05\n", "1 would match if they were written alike"),
    ],
)
def test_a_frame_that_matches_nobody_is_said_without_naming_anybody(tmp_path: Path, frame: str, told: str) -> None:
    """Why, in which form either side writes a person, and what to name; no address is shown."""
    folder = study(tmp_path, FRAME, frame=frame)
    text = said(folder, "frame.csv")
    assert "0 of 12 answers belong to somebody who was asked by it" in text
    assert told in text
    assert "@c.example" not in text.replace("a9@a.aaaaaaa", "")


def test_a_frame_that_knows_people_by_id_tells_their_accounts(tmp_path: Path) -> None:
    """The account of a person, and with it the segment, where the export says neither."""
    answers = "NPS,Date,Customer ID\n9,2026-02-10,K7\n3,2026-02-11,K8\n"
    folder = study(tmp_path, SEGMENT + "---\n" + FRAME + OF_ACCOUNTS, answers=answers, accounts=ACCOUNTS,
                   frame="respondent_id,account_id,asked_at\nK7,co-1,2026-01-05\nK8,co-2,2026-01-05\n")  # fmt: skip
    assert Study.open(folder).responses()["segment"].tolist() == ["small", "big"]


def of_touchpoint(name: str) -> str:
    """Return the answers of the same twelve people at one touchpoint, which every row of the export names."""
    lines = ANSWERS.splitlines()
    return "\n".join([f"{lines[0]},touchpoint", *(f"{line},{name}" for line in lines[1:])])


def test_one_touchpoint_per_export_is_used_as_it_stands(tmp_path: Path) -> None:
    """The same people at two touchpoints in one wave: nobody is rejected as a repeat."""
    folder = study(tmp_path, '[[export]]\npath = "raw/other.csv"\n', answers=of_touchpoint("order"),
                   other=of_touchpoint("delivery"))  # fmt: skip
    assert Study.open(folder).responses()["touchpoint"].value_counts().to_dict() == {"order": 12, "delivery": 12}


def test_a_touchpoint_of_too_many_values_is_said_and_the_line_uses_it(tmp_path: Path) -> None:
    """It is set aside as no touchpoint, which costs answers: the note shows a value and what to write."""
    rows = [f"{i % 11},2026-02-10,same{i % 2}@c.example,stop {i}\n" for i in range(6)]
    others = [f"{i % 11},2026-02-10,p{i}@c.example,stop {i}\n" for i in range(40)]
    answers = "NPS,Date,email,touchpoint\n" + "".join(rows + others)
    folder = study(tmp_path, "", answers=answers)
    assert len(Study.open(folder).responses()) == 42
    told = said(folder, "answers.csv")
    assert 'column "touchpoint" is not used: its 40 different values, such as "stop 0"' in told
    line = re.search(r'touchpoint = "touchpoint"', told)
    assert line
    study(tmp_path, f"columns = {{ {line[0]} }}\n", answers=answers)
    assert len(Study.open(folder).responses()) == 46


def test_own_waves_and_an_own_segment_are_said_and_the_lines_use_them(tmp_path: Path) -> None:
    """A column of waves beside dates, and one called segment that study.toml does not name."""
    lines = ANSWERS.splitlines()
    rows = (f"{line},W{i % 2},{'big' if i % 3 else 'small'}" for i, line in enumerate(lines[1:]))
    answers = "\n".join([f"{lines[0]},wave,segment", *rows])
    folder = study(tmp_path, "", answers=answers)
    told = said(folder, "answers.csv")
    assert 'column "wave" names waves and is not used: waves are by quarter' in told
    assert 'under [waves] in study.toml: by = "column"' in told
    segments = re.search(r'segments = \["segment"\]', told)
    assert segments
    study(tmp_path, f'{segments[0]}\n---\n[waves]\nby = "column"\n', answers=answers)
    assert set(Study.open(folder).responses()["wave"]) == {"W0", "W1"}
    assert Study.open(folder).cuts() == ["segment"]
    assert "is not used" not in said(folder, "answers.csv")


def test_the_accounts_fill_what_an_export_leaves_out_and_where_they_differ_it_is_said(tmp_path: Path) -> None:
    """One export says the segment, another does not: its answers have that of the accounts, not none."""
    lines = ANSWERS.splitlines()
    told = "\n".join([f"{lines[0]},segment", *(f"{line},{'x' if i < 3 else ''}" for i, line in enumerate(lines[1:]))])
    accounts = ACCOUNTS.replace("co-", "Co ")
    folder = study(tmp_path, SEGMENT + "---\n" + OF_ACCOUNTS, answers=told, accounts=accounts)
    rows = Study.open(folder).responses()
    assert rows["segment"].tolist()[:5] == ["x", "x", "x", "big", "small"]
    text = said(folder, "accounts.csv")
    assert 'says something else than the export for 3 of 3 answers ("x" in the export, "small" here)' in text
    line = re.search(r'columns = \{ accounts_segment = "segment" \}', text)
    assert line
    study(tmp_path, f'segments = ["accounts_segment"]\n---\n{OF_ACCOUNTS}{line[0]}\n', answers=told, accounts=accounts)
    assert Study.open(folder).responses()["accounts_segment"].tolist()[:2] == ["small", "big"]


OUTSIDE = {
    "../secret.txt": "leads out of the folder of the study",
    "raw/../../secret.txt": "leads out of the folder of the study",
    "..\\\\secret.txt": "leads out of the folder of the study",
    "raw/link.csv": "the file cannot be used",
}


@pytest.mark.parametrize("table", ["[[export]]", "[accounts]", "[frame]", "[revenue]", "[followup]"])
@pytest.mark.parametrize("path", [*OUTSIDE, "absolute"])
def test_a_file_outside_the_study_shows_none_of_its_lines(tmp_path: Path, table: str, path: str) -> None:
    """A relative path that leaves the folder is refused; nothing is shown of a link or whole path to one."""
    folder = study(tmp_path / "s", "")
    secret = tmp_path / "secret.txt"
    secret.write_text("root:x:0:0:hush\nNPS is not in here:1\n", "utf-8")
    (folder / "raw" / "link.csv").symlink_to(secret)
    written = secret.as_posix() if path == "absolute" else path
    toml = f'title = "T"\ntimezone = "UTC"\n[[export]]\npath = "raw/answers.csv"\n{table}\npath = "{written}"\n'
    (folder / "study.toml").write_text(toml, "utf-8")
    with pytest.raises(BadStudy, match=OUTSIDE.get(path, "the file cannot be used")) as error:
        Study.open(folder).responses()
    assert "hush" not in str(error.value)
    assert "x:0:0" not in str(error.value)


def test_a_whole_path_is_read_on_purpose(tmp_path: Path) -> None:
    """Data on another disk is no fault."""
    folder = study(tmp_path / "s", OF_ACCOUNTS, accounts=ACCOUNTS)
    moved = (folder / "raw" / "accounts.csv").rename(tmp_path / "accounts.csv")
    study(folder, OF_ACCOUNTS.replace("raw/accounts.csv", moved.as_posix()))
    assert len(Study.open(folder).accounts()) == 12


def formulas(path: Path) -> None:
    """Write a workbook whose scores are formulas without stored results, as a program writes them."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["NPS", "Date"])
    for row in range(2, 7):
        book.active.append([f"=D{row}", "2026-01-31"])
    book.save(path)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("NPS,Date\n,2026-01-31\n,2026-01-30\n", "0 are responses"),
        ("NPS,Date\n", "No row came in"),
        (None, "5 cells of the workbook are formulas whose results it does not hold"),
    ],
)
def test_a_study_in_which_nothing_counts_ends_with_2(
    content: str | None,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An empty score column, headers alone, formulas without results: why, and no exit code of success."""
    folder = study(tmp_path, "")
    if content is None:
        formulas(folder / "raw" / "answers.xlsx")
        toml = (folder / "study.toml").read_text("utf-8").replace("answers.csv", "answers.xlsx")
        (folder / "study.toml").write_text(toml, "utf-8")
    else:
        (folder / "raw" / "answers.csv").write_text(content, "utf-8")
    monkeypatch.setattr("sys.argv", ["nps", "clean", str(folder)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = capsys.readouterr()
    assert ended.value.code == 2
    assert told in printed.out + printed.err
    assert "no row is an answer that counts" in printed.err


def test_nps_clean_prints_what_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each on a line of its own, whole."""
    folder = study(tmp_path, SEGMENT + "---\n" + OF_ACCOUNTS, accounts=ACCOUNTS)
    monkeypatch.setattr("sys.argv", ["nps", "clean", str(folder)])
    with pytest.raises(SystemExit):
        cli.main()
    printed = capsys.readouterr().out.splitlines()
    assert any(line.startswith("accounts.csv, what links to the answers: 0 of 12 accounts") for line in printed)


def test_the_evidence_says_who_decided(tmp_path: Path) -> None:
    """What study.toml only repeats rests on what was seen; what it says otherwise is its own, beside what was seen."""
    (tmp_path / "raw").mkdir()
    head = "Customer,Likelihood to recommend (0-10),Score at start,Remarks,Date\n"
    rows = "".join(
        f"c{i},{i % 11},{(i * 7) % 11},Fine as it is number {i},2026-01-{i % 28 + 1:02d}\n" for i in range(60)
    )
    (tmp_path / "raw" / "a.csv").write_text(head + rows, "utf-8")

    def evidence(score: str) -> list[str]:
        (tmp_path / "study.toml").write_text(
            'title = "T"\ntimezone = "UTC"\n[[export]]\npath = "raw/a.csv"\ntool = "generic"\n'
            f'columns = {{ score = "{score}", comment = "Remarks" }}\n',
            "utf-8",
        )
        return str(Study.open(tmp_path).recognised()["evidence"].iloc[0]).split("\n")

    proposed = [line for line in evidence("Likelihood to recommend (0-10)") if "says so" not in line]
    assert any(line.startswith("tool is unknown (generic)") for line in proposed)
    assert any(line.startswith('score is "Likelihood to recommend (0-10)": it asks') for line in proposed)
    other = next(line for line in evidence("Score at start") if line.startswith("score is"))
    assert other.startswith(
        'score is "Score at start": the study says so; by itself this program would say: score is "Likelihood'
    )
