"""Answers that two exports perhaps both hold are told: they count twice where no id says that they are the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from nps_utils.report.start import start_study
from nps_utils.study.study import Study

SCORES = (10, 9, 3, 8, 10, 6, 9, 7, 10, 2) * 4


def export(path: Path, answers: range, form: str, *, words: str = "was late again") -> Path:
    first = dt.datetime(2026, 1, 5, 9, 30, tzinfo=dt.UTC)
    rows = [f"{first + dt.timedelta(days=at):{form}},{SCORES[at]},Delivery {at} {words}" for at in answers]
    path.write_text("\n".join(["Date,NPS,Comment", *rows]), encoding="utf-8")
    return path


def said(tmp_path: Path, *paths: Path) -> list[str]:
    told = list(start_study(tmp_path / "study", paths, timezone="Europe/Stockholm"))
    ledger = Study.open(tmp_path / "study").ledger()
    noted = ledger.loc[ledger["reason"] == "perhaps_again", "value"].tolist()
    assert all(any(str(one) in line for line in told) for one in noted)
    return [str(one) for one in noted]


def test_answers_whose_times_the_other_export_leaves_out_are_told(tmp_path: Path) -> None:
    """Thirty answers of two exports counted twice, and nothing said so."""
    old = export(tmp_path / "old.csv", range(30), "%Y-%m-%d %H:%M")
    new = export(tmp_path / "new.csv", range(10, 40), "%Y-%m-%d")
    (noted,) = said(tmp_path, old, new)
    assert noted.startswith("20 answers have the sentence, the score and the day of one in ")


def test_the_same_sentences_on_other_days_are_of_others(tmp_path: Path) -> None:
    old = export(tmp_path / "old.csv", range(20), "%Y-%m-%d %H:%M")
    new = export(tmp_path / "new.csv", range(20, 40), "%Y-%m-%d")
    assert said(tmp_path, old, new) == []


def test_few_of_many_are_chance(tmp_path: Path) -> None:
    old = export(tmp_path / "old.csv", range(40), "%Y-%m-%d %H:%M")
    new = export(tmp_path / "new.csv", range(40), "%Y-%m-%d", words="came on time with thanks")
    lines = new.read_text(encoding="utf-8").splitlines()
    alike = [line.replace("came on time with thanks", "was late again") for line in (lines[1], lines[20], lines[-1])]
    new.write_text("\n".join([lines[0], alike[0], *lines[2:20], alike[1], *lines[21:-1], alike[2]]), encoding="utf-8")
    assert said(tmp_path, old, new) == []
