"""Waves that an export names itself: they are told in time, or their owner is asked; never by the alphabet."""

from __future__ import annotations

import csv
import datetime as dt
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from nps_utils.checks import Undecidable, UndecidedWaves
from nps_utils.exports import scan_export
from nps_utils.exports.wave_names import in_order
from nps_utils.report.recognising import Help
from nps_utils.report.start import start_study
from nps_utils.stats import verdicts
from nps_utils.study.study import Study

IN_TIME = [
    ["Q1 2025", "Q2 2025", "Q1 2026"],
    ["Q3 2025", "Q4 2025", "Q1 2026"],
    ["3. kvartal 2025", "4. kvartal 2025", "1. kvartal 2026"],
    ["Jan 2026", "Feb 2026", "Mar 2026"],
    ["oktober 2025", "november 2025", "januar 2026"],
    ["Spring 2025", "Autumn 2025", "Spring 2026"],
    ["Vår 2025", "Høst 2025", "Vår 2026"],
    ["H2 2024", "H1 2025", "H2 2025"],
    ["03/2025", "12/2025", "02/2026"],
    ["W45 2025", "W50 2025", "W02 2026"],
    ["Wave 2", "Wave 9", "Wave 10"],
    ["FY24/25", "FY25/26", "FY26/27"],
    ["2025-Q3", "2025-Q4", "2026-Q1"],
    ["2024", "2025", "2026"],
    ["Baseline", "Midline", "Endline"],
    ["Before", "After"],
    ["Før", "Etter"],
    ["Nulmeting", "Nameting"],
]


@pytest.mark.parametrize("names", IN_TIME, ids=" ".join)
def test_names_sort_in_time(names: list[str]) -> None:
    told = in_order(sorted(names))
    new = [told.get(name, name) for name in names]
    assert new == sorted(new)
    assert len(set(new)) == len(names)


@pytest.mark.parametrize(
    "names",
    [
        ["Alpha", "Beta"],
        ["Summer 2025", "Winter 2025"],
        ["1 of 2025", "9 of 2024"],
        ["Pilot", "Wave 1"],
        ["Oslo, spring", 'The "big" one', "Pilot", "Main", "Extra", "Rest", "Late", "Last"],
    ],
)
def test_names_that_do_not_say_it_are_asked_and_the_line_works(names: list[str]) -> None:
    with pytest.raises(Undecidable, match=r"order = \[") as asked:
        in_order(names)
    line = re.search(r"order = \[.*\]", str(asked.value))
    assert line
    order = tomllib.loads(line[0])["order"][::-1]
    told = in_order(names, order)
    new = [told.get(name, name) for name in order]
    assert new == sorted(new)
    with pytest.raises(Undecidable, match='lacks the wave "Beta"'):
        in_order(["Alpha", "Beta"], ["Alpha"])


def study(folder: Path, waves: list[str]) -> Path:
    """A study without dates; its last wave is far above those before."""
    rows: list[list[object]] = [["Wave", "NPS", "Comment"]]
    for at, wave in enumerate(waves):
        scores = [9, 10, 10, 8] if at == len(waves) - 1 else [2, 5, 9, 7]
        rows += [[wave, scores[i % 4], f"words {i} about it"] for i in range(60)]
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return folder / "a.csv"


@pytest.mark.parametrize("waves", [["Q1 2025", "Q2 2025", "Q1 2026"], ["Before", "After"], ["Wave 9", "Wave 10"]])
def test_a_rise_of_the_last_wave_is_told_as_a_rise(tmp_path: Path, waves: list[str]) -> None:
    """By the alphabet "After" came before "Before", and the rise was told as a fall; Q1 2026 came before Q2 2025."""
    list(start_study(tmp_path / "s", [study(tmp_path, waves)], timezone="UTC"))
    read = Study.open(tmp_path / "s")
    row = verdicts.judge(read.responses(), incomplete=read.incomplete_waves()).previous
    assert row is not None
    assert row["change"] > 50
    if waves[0] != "2025":
        assert "waves are named so that they sort in time" in " ".join(read.ledger()["value"].dropna())


def test_waves_of_no_known_order_stop_the_study_until_it_is_told(tmp_path: Path) -> None:
    path = study(tmp_path, ["Omega", "Alpha"])
    folder = tmp_path / "s"
    with pytest.raises(Undecidable, match='--wave-order "Alpha" --wave-order "Omega"'):
        list(start_study(folder, [path], timezone="UTC"))
    list(start_study(folder, [path], timezone="UTC", told=Help(wave_order=("Omega", "Alpha"))))
    row = verdicts.judge(Study.open(folder).responses()).previous
    assert row is not None
    assert (row["before"], row["after"]) == ("1. Omega", "2. Alpha")


def dated(folder: Path, waves: dict[str, str], *, late: str = "") -> Path:
    """Write forty answers of each wave, from its day on; one of the wave `late` is misdated by two years."""
    lines = [
        f"{dt.date.fromisoformat(day) + dt.timedelta(days=at % 20)},{wave},{10 if at % 3 else 4}"
        for wave, day in waves.items()
        for at in range(40)
    ]
    if late:
        lines.append(f"2024-01-03,{late},9")
    path = folder / "answers.csv"
    path.write_text("Date,Wave,NPS\n" + "\n".join(lines) + "\n", "utf-8")
    return path


def test_the_days_of_the_answers_propose_the_order_of_waves_and_the_user_confirms_it(tmp_path: Path) -> None:
    """Six names had to be typed in an order that the dates beside them told."""
    path = dated(tmp_path, {"Pilot": "2026-01-05", "Main": "2026-03-02", "Audit $5": "2026-05-04"})
    (tmp_path / "s").mkdir()
    toml = '[waves]\nby = "column"\n[[export]]\npath = "raw/answers.csv"\n'
    (tmp_path / "s" / "study.toml").write_text('title = "t"\ntimezone = "UTC"\n' + toml, "utf-8")
    (tmp_path / "s" / "raw").mkdir()
    path.rename(tmp_path / "s" / "raw" / "answers.csv")
    with pytest.raises(UndecidedWaves) as error:
        Study.open(tmp_path / "s").responses()
    assert '"Pilot" from 2026-01-05, "Main" from 2026-03-02, "Audit $5" from 2026-05-04' in str(error.value)
    line = str(error.value).rpartition("from the first to the last: ")[2]
    assert line == 'order = ["Pilot", "Main", "Audit $5"]'
    (tmp_path / "s" / "study.toml").write_text(
        'title = "t"\ntimezone = "UTC"\n' + toml.replace('"column"', f'"column"\n{line}'), "utf-8"
    )
    waves = sorted(Study.open(tmp_path / "s").responses()["wave"].unique())
    assert waves == ["1. Pilot", "2. Main", "3. Audit $5"]


def test_days_that_do_not_agree_propose_nothing(tmp_path: Path) -> None:
    """One answer of two years before is its wave's first day, and not the day of that wave."""
    path = dated(tmp_path, {"Pilot": "2026-01-05", "Main": "2026-03-02"}, late="Main")
    found, settings = scan_export(path)[0], 'title = "t"\ntimezone = "UTC"\n[waves]\nby = "column"\n'
    assert "wave" in found.collect_schema().names()
    (tmp_path / "study.toml").write_text(f'{settings}[[export]]\npath = "{path.name}"\n', "utf-8")
    with pytest.raises(UndecidedWaves) as error:
        Study.open(tmp_path).responses()
    assert "By the first days" not in str(error.value)


def test_the_options_of_nps_new_can_be_pasted_into_a_shell(tmp_path: Path) -> None:
    """A dollar sign, a quotation mark and a backtick in the names of waves were read by the shell."""
    names = ["Zeta `whoami`", 'Omega "big"', "Alpha $HOME"]
    with pytest.raises(Undecidable) as error:
        list(start_study(tmp_path / "s", [study(tmp_path, names)], timezone="UTC"))
    line = str(error.value).splitlines()[-1].rpartition("last: ")[2]
    words = shlex.split(line)
    assert sorted(words[1::2]) == sorted(names)
    assert set(words[::2]) == {"--wave-order"}
    assert "$HOME" not in re.sub(r"'[^']*'", "", line)
