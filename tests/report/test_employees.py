"""Employees who recommend their employer are no customers: never one score with theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from nps_utils.exports import recognise
from nps_utils.exports.wording import EMPLOYER
from nps_utils.report import summary
from nps_utils.report.start import start_study
from nps_utils.report.summary.write import blocks
from nps_utils.study.study import Study
from nps_utils.words.naming import EMPLOYEES
from nps_utils.words.translation import Language, Local

OF_EMPLOYERS = (
    "How likely are you to recommend Acme as a place to work?",
    "On a scale of 0-10, how likely are you to recommend your employer to a friend?",
    "eNPS",
    "Hur sannolikt är det att du skulle rekommendera oss som arbetsgivare?",
    "Hvor sannsynlig er det at du vil anbefale arbeidsplassen din til andre?",
    "Hvor sandsynligt er det, at du vil anbefale din arbejdsplads til en ven?",
    "Hoe waarschijnlijk is het dat u uw werkgever zou aanbevelen?",
    "Wie wahrscheinlich ist es, dass Sie uns als Arbeitgeber weiterempfehlen?",
    "Recommanderiez-vous votre employeur à un ami ?",
)
OF_CUSTOMERS = (
    "How likely are you to recommend us to a colleague at your workplace?",
    "How likely are you to recommend us to your employer?",
    "Hur sannolikt är det att du rekommenderar oss till en kollega på din arbetsplats?",
    "Hvor sandsynligt er det, at du vil anbefale os til kolleger på din arbejdsplads?",
    "Hoe waarschijnlijk is het dat u ons aanbeveelt aan een collega op uw werkplek?",
    "Wie wahrscheinlich ist es, dass Sie uns Kollegen an Ihrem Arbeitsplatz empfehlen?",
    "NPS",
)


def export(path: Path, question: str, scores: list[int]) -> Path:
    rows = [f"2026-0{1 + i % 6}-{1 + i % 28:02d},{score}" for i, score in enumerate(scores)]
    path.write_text("\n".join(["Date," + f'"{question}"', *rows]) + "\n", "utf-8")
    return path


@pytest.mark.parametrize("question", OF_EMPLOYERS)
def test_a_question_about_an_employer_is_known(question: str) -> None:
    assert EMPLOYER.search(question)


@pytest.mark.parametrize("question", OF_CUSTOMERS)
def test_a_colleague_at_work_is_told_of_anything(question: str) -> None:
    assert EMPLOYER.search(question) is None


def test_a_touchpoint_that_the_owner_writes_is_kept(tmp_path: Path) -> None:
    path = export(tmp_path / "staff.csv", OF_EMPLOYERS[0], [9, 10, 7, 3] * 30)
    assert recognise(path).touchpoint == EMPLOYEES
    list(start_study(tmp_path / "study", [path], timezone="Europe/Oslo"))
    toml = tmp_path / "study" / "study.toml"
    toml.write_text(toml.read_text("utf-8").replace(f'touchpoint = "{EMPLOYEES}"', 'touchpoint = "school"'), "utf-8")
    assert set(Study.open(tmp_path / "study").responses()["touchpoint"]) == {"school"}


def test_two_surveys_are_two_scores_and_the_customers_lead(tmp_path: Path) -> None:
    staff = export(tmp_path / "staff.csv", OF_EMPLOYERS[0], [2, 3, 0, 7, 10] * 60)
    customers = export(tmp_path / "customers.csv", OF_CUSTOMERS[-1], [9, 10, 0, 10, 9] * 30)
    said = "\n".join(start_study(tmp_path / "study", [staff, customers], timezone="Europe/Oslo"))
    assert "asks about an employer (eNPS)" in said
    study = Study.open(tmp_path / "study")
    story = summary.tell(study)
    assert float(story.now["nps"]) == pytest.approx(60, abs=2)
    text = "\n".join(line for block in blocks(story, study, Local("en")) for line in (block.lead, *block.lines))
    assert "touchpoint" not in text  # of the customers there is one


def test_employees_alone_are_not_called_customers(tmp_path: Path) -> None:
    staff = export(tmp_path / "staff.csv", OF_EMPLOYERS[0], [2, 3, 0, 7, 10] * 60)
    list(start_study(tmp_path / "study", [staff], timezone="Europe/Oslo"))
    study = Study.open(tmp_path / "study")
    story = summary.tell(study)
    told = blocks(story, study, Local("sv"))
    text = "\n".join(line for block in told for line in (block.lead, *block.lines, *block.items))
    assert text.startswith("Medarbetare, ")
    assert "kunder" not in text


@pytest.mark.parametrize("language", ["en", "sv", "nb", "da", "nl"])
def test_those_who_pay_nothing_are_not_called_customers(tmp_path: Path, language: Language) -> None:
    """Patients, citizens and pupils: no customers, and no revenue of theirs to add."""
    path = export(tmp_path / "a.csv", "NPS", [2, 3, 0, 7, 10] * 60)
    list(start_study(tmp_path / "study", [path], timezone="Europe/Oslo"))
    study = Study.open(tmp_path / "study")
    local = Local(language)
    told = blocks(summary.tell(study), study, local)
    text = "\n".join(line for block in told for line in (block.lead, *block.lines, *block.items)).casefold()
    for word in ("customer", "kund", "klant", "(money)", "(pengar)", "(penger)", "(penge)", "(geld)"):
        assert word not in text
