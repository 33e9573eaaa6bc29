"""What a beginner does to a folder or a name must neither destroy a file nor end in a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nps_utils import cli
from nps_utils.report.recognising import Help
from nps_utils.report.start import start_study

EXPORT = "date,nps,comment\n2026-01-15,9,good\n2026-01-16,3,too slow\n"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Run `nps` with these arguments and return its exit code."""
    monkeypatch.setattr("sys.argv", ["nps", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Two answers."""
    (tmp_path / "a.csv").write_text(EXPORT, "utf-8")
    return tmp_path / "a.csv"


def test_an_export_that_lies_in_raw_already_is_used_there(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copying a file onto itself is not needed, and no failure; a .gitignore keeps its lines."""
    folder = export.parent / "s"
    (folder / "raw").mkdir(parents=True)
    (folder / ".gitignore").write_text("*.bak\nraw/", "utf-8")
    inside = export.rename(folder / "raw" / "a.csv")
    assert run(monkeypatch, "new", folder, inside, "--timezone", "Europe/Oslo") == 0
    assert inside.read_text("utf-8") == EXPORT
    assert (folder / ".gitignore").read_text("utf-8").split() == ["*.bak", "raw/", "processed/", "results/", "report/"]


def test_another_file_in_raw_is_never_overwritten(
    export: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What lies in raw/ may be the only copy."""
    folder = export.parent / "s"
    (folder / "raw").mkdir(parents=True)
    (folder / "raw" / "a.csv").write_text("mine", "utf-8")
    assert run(monkeypatch, "new", folder, export) == 2
    assert "never overwritten" in capsys.readouterr().err
    assert (folder / "raw" / "a.csv").read_text("utf-8") == "mine"


@pytest.mark.parametrize("command", ["new", "clean", "report"])
def test_a_file_in_place_of_the_folder(
    command: str, export: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message says that it is a file, not that it is not there."""
    assert run(monkeypatch, command, export, *([export] if command == "new" else [])) == 2
    assert f"{export} is a file" in capsys.readouterr().err


def test_what_was_not_found_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No dates means no waves, no comment means no themes; both are known after nps new."""
    (tmp_path / "b.csv").write_text("nps\n9\n3\n10\n", "utf-8")
    assert run(monkeypatch, "new", tmp_path / "s", tmp_path / "b.csv") == 0
    told = capsys.readouterr().out
    assert "not found: the date" in told
    assert "not found: a comment" in told
    assert "not found: who answered" in told


def test_ids_that_nobody_recognised_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without them the answers of one person are those of several people, and nothing else says so."""
    rows = "".join(f"{100 + i % 40},{i % 11},2026-03-{1 + i % 28:02d}\n" for i in range(120))
    (tmp_path / "b.csv").write_text(f"Behandlingsnr,NPS,Dato\n{rows}", "utf-8")
    assert run(monkeypatch, "new", tmp_path / "s", tmp_path / "b.csv") == 0
    assert 'respondent_id = "..." to columns in study.toml ("Behandlingsnr"?)' in capsys.readouterr().out


def test_a_channel_of_one_value_a_file_is_a_segment_of_all_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each month is an export; what numbers or dates the exports is no group."""
    files = []
    for month, channel in ((1, "E-post"), (2, "SMS"), (3, "E-post")):
        rows = "".join(
            f"m{i}@x.example,{i % 11},2026-{month:02d}-{1 + i % 28:02d},{channel},Puls {month}\n" for i in range(40)
        )
        files.append(tmp_path / f"puls{month}.csv")
        files[-1].write_text(f"E-post,NPS,Dato,Kanal,Runde\n{rows}", "utf-8")
    assert run(monkeypatch, "new", tmp_path / "s", *files) == 0
    told = capsys.readouterr().out
    assert '"Kanal" has one value in each file, and not the same in all (E-post and SMS)' in told
    assert 'segments = ["Kanal"]' in (tmp_path / "s" / "study.toml").read_text("utf-8")
    # 40 people a month, and a wave is a quarter.
    assert "80 answers are set aside because the same people answered again in the quarter" in told
    assert 'by = "month" under [waves]' in told


def test_the_option_to_write_is_spelled_out_and_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the score is not found, the message names the first candidate as an option of nps new."""
    rows = "".join(f"tekst nr {i},{i % 11}\n" for i in range(30))
    (tmp_path / "c.csv").write_text("tekst,vraag 1\n" + rows, "utf-8")
    assert run(monkeypatch, "new", tmp_path / "s", tmp_path / "c.csv") == 2
    assert '--column score="vraag 1"' in capsys.readouterr().err
    assert run(monkeypatch, "new", tmp_path / "s", tmp_path / "c.csv", "--column", "score=vraag 1") == 0


def test_shares_in_per_cent_are_rewritten(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """20,30,50 becomes what the option wants."""
    assert run(monkeypatch, "plan", "--mix", "20,30,50") == 2
    assert "--mix 0.2,0.3,0.5" in capsys.readouterr().err


def test_a_misspelt_path_gets_the_file_that_is_there(
    export: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A typo in a path is answered with the nearest file of the study."""
    folder = export.parent / "s"
    assert run(monkeypatch, "new", folder, export, "--timezone", "Europe/Oslo") == 0
    toml = folder / "study.toml"
    toml.write_text(toml.read_text("utf-8").replace("raw/a.csv", "raw/aa.csv"), "utf-8")
    assert run(monkeypatch, "clean", folder) == 2
    assert 'Did you mean "raw/a.csv"?' in capsys.readouterr().err


def test_next_names_the_command_as_it_was_called(
    export: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the environment activated, `nps` alone would not be found."""
    command = export.parent / "nps-of-this-test"
    command.write_text("", "utf-8")
    monkeypatch.setattr("sys.argv", [str(command), "new", str(export.parent / "s"), str(export)])
    with pytest.raises(SystemExit):
        cli.main()
    assert f"Next: {command} report" in capsys.readouterr().out


def test_next_names_a_command_that_runs_where_python_ran_the_package(export: Path) -> None:
    """`python -m nps_utils new` ends with a line that works when it is pasted: a module's file is no program."""
    folder = export.parent / "s"
    made = subprocess.run(
        [sys.executable, "-m", "nps_utils", "new", str(folder), str(export)], capture_output=True, text=True, check=True
    )
    said = made.stdout.splitlines()[-1]
    assert said.endswith(f"-m nps_utils report {folder}")
    again = [*said.removeprefix("Next: ").replace(" report ", " clean ").split(" ")]
    assert subprocess.run(again, capture_output=True, check=False).returncode == 0


def test_a_report_without_a_title_says_how_it_is_called(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The name of a folder in large letters is for those who chose it; whoever did not is told."""
    told = list(start_study(export.parent / "s", [export]))
    assert any('the report is called "s"' in line for line in told)
    assert not any("Title:" in line for line in start_study(export.parent / "t", [export], title="Our survey"))


def test_a_scale_without_a_zero_is_said_at_once(tmp_path: Path) -> None:
    """Whoever starts the study knows which scale was shown: the line says what to write, and written it is believed."""
    path = tmp_path / "a.csv"
    path.write_text("NPS,Date\n" + "".join(f"{1 + i % 10},2026-01-{1 + i % 28:02d}\n" for i in range(200)), "utf-8")
    told = "\n".join(start_study(tmp_path / "s", [path]))
    assert "the scale may be 1-10" in told
    assert 'write scale = "1-10" or scale = "0-10" under its [[export]]' in told
    help_ = Help({}, scales={"": "1-10"})
    assert "the scale may be" not in "\n".join(start_study(tmp_path / "t", [path], told=help_))
