"""What the first page and summary.json say of rows that were set aside, and of days."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from nps_utils import tables
from nps_utils.report import summary
from nps_utils.report.start import start_study
from nps_utils.study.study import Study


def study_of(folder: Path, rows: list[tuple[str, str, int]]) -> Study:
    """Start a study in Stockholm from customers, days and scores."""
    path = folder / "answers.csv"
    lines = [f"r{at:05x}z,{customer},{day},{score}\n" for at, (customer, day, score) in enumerate(rows)]
    path.write_text("response_id,customer_id,date,score\n" + "".join(lines), "utf-8")
    list(start_study(folder / "s", [path], timezone="Europe/Stockholm"))
    return Study.open(folder / "s")


def answers(repeated: int) -> list[tuple[str, str, int]]:
    """Forty customers, some of whom answer again in the same quarter."""
    days = ("2025-05-10", "2025-06-11")
    scores = (9, 10, 3, 7, 8, 0, 10, 9)
    first = [(f"K{at:03d}", days[0], scores[at % 8]) for at in range(40)]
    return [*first, *((f"K{at:03d}", days[1], scores[at % 8]) for at in range(repeated))]


def first_page(study: Study) -> str:
    """Return the text of the first page."""
    return summary.pages(study, summary.tell(study), ["01-clean"], made_on=dt.date(2026, 1, 1)).index


def test_repeated_answers_are_told_first_where_they_are_many(tmp_path: Path) -> None:
    """More than 2 % of the rows: five of 45; none of 40 is not mentioned."""
    (tmp_path / "a").mkdir()
    few, many = study_of(tmp_path / "a", answers(0)), study_of(tmp_path, answers(5))
    assert "repeated answers" not in first_page(few)
    assert "5 rows (11" in first_page(many)
    assert "set aside as repeated answers of the same people" in first_page(many)


def test_days_are_those_of_the_study(tmp_path: Path) -> None:
    """Midnight in Stockholm is the day before in UTC."""
    study = study_of(tmp_path, answers(1))
    result = summary.summarise(study)
    assert (result["first_answer"], result["last_answer"]) == ("2025-05-10", "2025-06-11")
    told = tables.cleaning.cleaning_conclusion(study.responses(), study.ledger(), timezone=study.timezone)
    assert "from 2025-05-10 to 2025-06-11" in told
