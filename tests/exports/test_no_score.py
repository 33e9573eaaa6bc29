"""What is no score: names with numbers in them, answers of 0 to 100 or in five words, a table of comments alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from nps_utils.checks import BadAnswers, BadInput, MissingColumn
from nps_utils.exports import recognise
from nps_utils.scale import Scale

SCORES = (8, 10, 7, 8, 5, 9, 10, 3, 0, 9, 10, 9, 2, 7, 10, 6, 9, 10, 8, 4) * 5
QUESTION = "How likely are you to recommend us?"
LIKERT = ("Very unlikely", "Unlikely", "Neutral", "Likely", "Very likely")


def write(folder: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    """Write a CSV file."""
    path = folder / "answers.csv"
    path.write_text("".join(";".join(map(str, row)) + "\n" for row in (header, *rows)), "utf-8")
    return path


NAMES = {
    "companies": lambda at: f"Firma {at % 11} ApS",
    "shops": lambda at: f"Butik {at % 10 + 1}",
    "streets": lambda at: f"{'ABCDEFGHIJKLM'[at % 13] * 4}gatan {at % 10}",
    "a name and a number": lambda at: f"Acme {at % 9} AB avd {at % 9}",
}


@pytest.mark.parametrize("header", ["Karakter (0-10)", "Betyg (1-10)", "Score [0 to 10]", "Cijfer (0-10)"])
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_numbers_in_names_are_no_scores(name: object, header: str, tmp_path: Path) -> None:
    """The column that states its scale is the score, and the names are not mentioned as one."""
    rows = [(name(at), max(score, 1)) for at, score in enumerate(SCORES)]  # type: ignore[operator]
    found = recognise(write(tmp_path, ["Kunde", header], rows))
    assert found.score_column == header
    assert not any("also from 0 to 10" in note for note in found.notes)
    assert found.ratings == ()


def test_names_are_not_offered_as_the_score_and_not_taken_when_named(tmp_path: Path) -> None:
    """Of a table in which no header tells, only the numbers are offered."""
    path = write(tmp_path, ["Kunde", "Tal"], [(NAMES["companies"](at), score) for at, score in enumerate(SCORES)])
    with pytest.raises(MissingColumn) as refused:
        recognise(path)
    assert 'score = "Tal"' in str(refused.value)
    assert "Kunde" not in str(refused.value)
    with pytest.raises(BadAnswers, match="names with numbers in them"):
        recognise(path, columns={"score": "Kunde"})


@pytest.mark.parametrize("label", ["Score {}", "{} - very likely", "Valg {}", "{} poäng"])
def test_labels_of_the_question_are_still_answers(label: str, tmp_path: Path) -> None:
    """Also where each has the same word."""
    path = write(tmp_path, [QUESTION, "Country"], [(label.format(score), "SE") for score in SCORES])
    if "likely" in label:
        path = write(tmp_path, [QUESTION], [(label.format(score) if score == 10 else score,) for score in SCORES])
    assert recognise(path).score_column == QUESTION


@pytest.mark.parametrize("columns", [None, {"score": QUESTION}])
def test_a_scale_to_a_hundred_is_refused_without_a_way_that_leads_nowhere(
    columns: dict[str, str] | None, tmp_path: Path
) -> None:
    """Whoever named it: no line to write, no label that drops answers."""
    path = write(tmp_path, [QUESTION, "Country"], [(10 * score, "SE") for score in SCORES])
    with pytest.raises(BadInput, match="on a scale of 0 to 100") as refused:
        recognise(path, columns=columns)
    assert "columns =" not in str(refused.value)
    assert "none" not in str(refused.value).replace("nothing", "")


def test_five_words_are_no_scale_of_eleven_numbers(tmp_path: Path) -> None:
    """No number is proposed for any of them."""
    path = write(tmp_path, [QUESTION], [(LIKERT[min(score // 2, 4)],) for score in SCORES])
    with pytest.raises(BadAnswers, match="5 words are no scale of 0 to 10") as refused:
        recognise(path)
    assert "score_labels" not in str(refused.value)


def test_comments_alone_have_no_score_to_name(tmp_path: Path) -> None:
    """And no line is proposed that would name one."""
    path = write(tmp_path, ["Comment", "Date"], [(f"all went well, call {at}", "2025-05-10") for at in range(30)])
    with pytest.raises(MissingColumn, match="there is no score to name") as refused:
        recognise(path)
    assert "columns =" not in str(refused.value)


@pytest.mark.parametrize(
    ("header", "scale", "noted"), [("Betyg (1-10)", None, 1), ("Betyg (1-10)", "1-10", 0), ("Betyg (0-10)", None, 0)]
)
def test_a_header_that_says_1_to_10_is_noted(header: str, scale: Scale | None, noted: int, tmp_path: Path) -> None:
    """However few low answers there are, unless its owner has said so."""
    path = write(tmp_path, [header], [(max(score, 4),) for score in SCORES])
    notes = recognise(path, scale=scale).notes
    assert sum("a scale without 0" in note for note in notes) == noted
