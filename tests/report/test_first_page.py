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


def undated(folder: Path, waves: list[str], *, more: str = "") -> Study:
    """Three departments asked in waves that have names and no dates; one of them is low, and writes of waiting."""
    rows = []
    for wave in waves:
        for at in range(120):
            low = at % 3 == 0
            score = (2, 9, 5, 6)[at % 4] if low else (9, 10, 8, 10)[at % 4]
            comment = "We waited far too long" if low and at % 2 else "Friendly staff as always"
            rows.append(f"{wave},{('Permits', 'Schools', 'Care')[at % 3]},{score},{comment} {at}\n")
    path = folder / "answers.csv"
    path.write_text("Wave,Area,NPS,Comment\n" + "".join(rows), "utf-8")
    list(start_study(folder / "s", [path], timezone="Europe/Stockholm"))
    return Study.open(folder / "s")


def test_without_dates_the_last_year_is_that_of_the_waves(tmp_path: Path) -> None:
    """Three waves of one year and a half were "the last year"."""
    study = undated(tmp_path, ["Spring 2025", "Autumn 2025", "Spring 2026"])
    story, page = summary.tell(study), first_page(study)
    assert story.of_a_year
    assert story.judged.year is not None
    assert "Since 2025-H1, a year ago" in page
    assert "Permits (Area): -" in page
    assert "against the rest in the last year" in page
    assert story.apart["n_after"].iloc[0] == 80  # of two waves
    told = tables.cleaning.cleaning_conclusion(study.responses(), study.ledger(), timezone=study.timezone)
    assert "no change over time" not in told
    assert "their waves are those that the exports or study.toml name" in told


def test_without_dates_and_periods_nothing_is_said_of_a_last_year(tmp_path: Path) -> None:
    study = undated(tmp_path, ["Wave 1", "Wave 2"])
    story, page = summary.tell(study), first_page(study)
    assert not story.of_a_year
    assert "points against the rest (" in page
    assert "Costs most: " in page
    assert "points of the score (" in page
    assert "all waves" in page
    assert "year" not in page.split("pages behind")[0].replace("years", "")


def test_a_change_of_who_answered_is_no_change_of_opinion(tmp_path: Path) -> None:
    """A rise of 45 points, of which 42 were of who answered, came without a warning below it."""
    rows = []
    for year, share in ((2025, 2), (2026, 7)):
        for at in range(300):
            young = at % 10 < share
            rows.append(
                (f"p{year}{at:03d}", f"{year}-03-{at % 28 + 1:02d}", 10 if young == (at % 4 != 0) else 5, young)
            )
    path = tmp_path / "answers.csv"
    lines = [f"{who},{day},{score},{'F-3' if young else '7-9'}\n" for who, day, score, young in rows]
    path.write_text("customer_id,date,score,Grade\n" + "".join(lines), "utf-8")
    list(start_study(tmp_path / "s", [path], timezone="Europe/Stockholm"))
    page = first_page(Study.open(tmp_path / "s"))
    assert "a rise, more than chance" in page
    assert (
        "Do not take the last change for a change of opinion: half of it or more comes from who answered (Grade)."
        in page
    )


def test_a_score_of_all_waves_names_the_two_that_are_compared(tmp_path: Path) -> None:
    """Beside the score of all waves stood "Since 2026-04", and the picture was called "+31.2 in"."""
    rows = [(f"c{month}{at:02d}", f"2026-{month:02d}-{2 * at + 1:02d}", 10 if at % 3 else 4)
            for month in (2, 3, 4) for at in range(14)]  # fmt: skip
    study = study_of(tmp_path, rows)
    toml = study.folder / "study.toml"
    toml.write_text(toml.read_text("utf-8").replace('by = "quarter"', 'by = "month"'), "utf-8")
    page = first_page(Study.open(study.folder))
    assert "Survey, all answers: NPS +" in page
    assert "From 2026-02 to 2026-03: " in page or "From 2026-03 to 2026-04: " in page
    assert "Since 2026" not in page
    assert "NPS by wave; +" in page
    assert " in . " not in page
