"""The command line: bad input ends with exit code 2 and a message that tells what to do, never with a traceback."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import openpyxl
import pytest

from nps_utils import Study, cli


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Run `nps` with these arguments and return its exit code."""
    monkeypatch.setattr("sys.argv", ["nps", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


BAD = {
    "empty.csv": (b"", "empty"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00" * 40, "picture.csv"),
    "no_score.csv": (b"name,city\nAnna,Oslo\nBo,Lund\n", "name"),
    "two_scores.csv": (
        b"How likely are you to recommend our app?,How likely are you to recommend our shop?\n9,8\n10,3\n0,7\n",
        "recommend our shop",
    ),
    "dates.csv": (b"NPS,Date\n9,03/04/2026\n3,05/06/2026\n", "--day-first"),
}


@pytest.mark.parametrize("name", BAD)
def test_new_on_a_bad_export(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message names the file or column and the way out, in a few lines."""
    content, told = BAD[name]
    (tmp_path / name).write_bytes(content)
    assert run(monkeypatch, "new", tmp_path / "study", tmp_path / name) == 2
    message = capsys.readouterr().err
    assert told in message
    assert "Traceback" not in message
    assert len(message.splitlines()) <= 12


def test_new_on_a_missing_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A path that is not there is named, and nothing is written."""
    assert run(monkeypatch, "new", tmp_path / "study", tmp_path / "nowhere.csv") == 2
    assert "nowhere.csv" in capsys.readouterr().err
    assert not (tmp_path / "study").exists()


def test_a_score_of_eleven_is_in_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Never bucketed, never lost: rejected with its row."""
    (tmp_path / "a.csv").write_text("NPS,Date\n9,2026-01-31\n11,2026-02-01\n", "utf-8")
    assert run(monkeypatch, "new", tmp_path / "study", tmp_path / "a.csv") == 0
    assert run(monkeypatch, "clean", tmp_path / "study") == 0
    told = capsys.readouterr().out
    assert "2 rows came in; 1 are responses" in told
    assert "score is not from 0 to 10" in told


def test_a_study_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`nps new` on a folder that is a study refuses."""
    (tmp_path / "a.csv").write_text("NPS,Date\n9,2026-01-31\n", "utf-8")
    assert run(monkeypatch, "new", tmp_path / "study", tmp_path / "a.csv") == 0
    assert run(monkeypatch, "new", tmp_path / "study", tmp_path / "a.csv") == 2
    assert "is a study already" in capsys.readouterr().err


def test_a_typo_in_study_toml_stops_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing runs, nothing is written over."""
    (tmp_path / "study.toml").write_text('titel = "x"\n', "utf-8")
    assert run(monkeypatch, "report", tmp_path) == 2
    assert 'Did you mean "title"?' in capsys.readouterr().err
    assert not (tmp_path / "report").exists()


def test_new_takes_the_help_it_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two candidates and undecidable dates: what the messages say to add is enough to go on."""
    first, second = "How likely are you to recommend our app?", "How likely are you to recommend our shop?"
    path = tmp_path / "a.csv"
    path.write_text(f"Date,{first},{second}\n03/04/2026,9,8\n05/06/2026,10,3\n07/08/2026,0,7\n", "utf-8")
    assert run(monkeypatch, "new", tmp_path / "s", path) == 2
    assert "--column score=" in capsys.readouterr().err
    assert run(monkeypatch, "new", tmp_path / "s", path, "--column", f"score={first}", "--day-first") == 0
    assert "3 rows came in; 3 are responses" in capsys.readouterr().out
    assert run(monkeypatch, "new", tmp_path / "t", path, "--column", "score") == 2
    assert "is not a name and a header" in capsys.readouterr().err


def test_git_takes_no_answers_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new study keeps its exports and what is made of them out of git, by itself and inside this project."""
    (tmp_path / "a.csv").write_text("NPS,Date\n9,2026-01-31\n", "utf-8")
    assert run(monkeypatch, "new", tmp_path / "study", tmp_path / "a.csv") == 0
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    told = subprocess.run(
        ["git", "-C", tmp_path, "status", "--porcelain", "-uall", "study"], capture_output=True, text=True, check=True
    )
    assert sorted(told.stdout.split()[1::2]) == ["study/.gitignore", "study/study.toml"]
    root = Path(__file__).parents[2]
    ignored = ["git", "-C", str(root), "check-ignore", "-q", "--no-index"]
    assert subprocess.run([*ignored, "mine/raw/answers.csv"], check=False).returncode == 0
    assert subprocess.run([*ignored, "data/demo/raw/hubspot.csv"], check=False).returncode == 1


AMBIGUOUS = b"NPS,Date\n9,03/04/2026\n3,05/06/2026\n"


@pytest.mark.parametrize(("said", "quarter"), [("y\n", "2026-Q2"), ("n\n", "2026-Q1")])
def test_on_a_terminal_the_order_of_day_and_month_is_asked(
    said: str, quarter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both readings are shown, the answer goes to the one export that leaves it open, and the study is clean."""
    terminal = io.StringIO(said)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    (tmp_path / "a.csv").write_bytes(AMBIGUOUS)
    (tmp_path / "b.csv").write_bytes(b"NPS,Date\n9,2026-01-31\n")
    exports = [tmp_path / "a.csv", tmp_path / "b.csv"]
    assert run(monkeypatch, "new", tmp_path / "s", *exports, "--timezone", "UTC") == 0
    told = capsys.readouterr().out
    assert "3 April or 4 March" in told
    assert "3 rows came in; 3 are responses" in told
    assert (tmp_path / "s" / "study.toml").read_text("utf-8").count("\nday_first = ") == 1
    assert quarter in set(Study.open(tmp_path / "s").responses()["wave"])


def test_the_order_is_used_only_where_it_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An export whose dates prove the contrary is no reason to refuse, and help that nobody needed is told."""
    (tmp_path / "a.csv").write_bytes(AMBIGUOUS)
    (tmp_path / "b.csv").write_bytes(b"NPS,Date\n9,31.01.2026\n")
    assert run(monkeypatch, "new", tmp_path / "s", tmp_path / "a.csv", tmp_path / "b.csv", "--month-first") == 0
    assert "a.csv: month first, as you said." in capsys.readouterr().out
    assert run(monkeypatch, "new", tmp_path / "t", tmp_path / "b.csv", "--month-first") == 0
    assert "no export left it open" in capsys.readouterr().out


def test_a_column_is_named_for_the_exports_that_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exports of two tools have different headers; a header that none has is a typo."""
    (tmp_path / "a.csv").write_text("NPS app,NPS shop\n9,8\n10,3\n", "utf-8")
    (tmp_path / "b.csv").write_text("NPS,Date\n9,2026-01-31\n", "utf-8")
    exports = [tmp_path / "a.csv", tmp_path / "b.csv"]
    assert run(monkeypatch, "new", tmp_path / "s", *exports, "--column", "score=NPS shop") == 0
    assert run(monkeypatch, "new", tmp_path / "t", *exports, "--column", "score=NPS shopp") == 2
    assert 'Did you mean "NPS shop"?' in capsys.readouterr().err


def test_a_sheet_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What the message says to write works, and the study remembers it."""
    book = openpyxl.Workbook()
    book.active.title = "NO"
    for sheet in (book.active, book.create_sheet("SE")):
        sheet.append(["NPS"])
        sheet.append([9])
    book.save(tmp_path / "a.xlsx")
    assert run(monkeypatch, "new", tmp_path / "s", tmp_path / "a.xlsx") == 2
    assert "--sheet" in capsys.readouterr().err
    assert run(monkeypatch, "new", tmp_path / "s", tmp_path / "a.xlsx", "--sheet", "NE") == 2
    assert '"NO", "SE"' in capsys.readouterr().err
    assert run(monkeypatch, "new", tmp_path / "s", tmp_path / "a.xlsx", "--sheet", "SE") == 0
    assert 'sheet = "SE"' in (tmp_path / "s" / "study.toml").read_text("utf-8")


def test_custom_data_is_proposed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the screen and as a comment in study.toml, which stays valid without it."""
    rows = ["Respondent ID,Collector ID,Custom Data 1,How likely are you to recommend us?", ",,,Response", "1,2,007,9"]
    (tmp_path / "a.csv").write_text("\n".join(rows) + "\n", "utf-8")
    assert run(monkeypatch, "new", tmp_path / "s", tmp_path / "a.csv") == 0
    assert 'account_id may be "Custom Data 1"' in capsys.readouterr().out
    assert '# "Custom Data 1" may be the account_id' in (tmp_path / "s" / "study.toml").read_text("utf-8")


def test_a_study_in_which_nothing_counts_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every score is empty: `nps clean` shows the rejected rows and ends with 2."""
    (tmp_path / "a.csv").write_text("NPS,Date\n" + "".join(f",2026-01-{day:02d}\n" for day in range(1, 21)), "utf-8")
    run(monkeypatch, "new", tmp_path / "s", tmp_path / "a.csv", "--timezone", "Europe/Oslo")
    capsys.readouterr()
    assert run(monkeypatch, "clean", tmp_path / "s") == 2
    said = capsys.readouterr()
    assert "no row is an answer that counts" in said.err
    assert "seen but not answered" in said.out
