"""The scale of a score column: 0-10 in any spelling is read, anything else refused with a way on that works."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from typer.testing import CliRunner

import nps_utils as nps
from nps_utils.checks import BadAnswers, BadInput, BadValue
from nps_utils.cli import app
from nps_utils.exports import read_export, recognise
from nps_utils.exports.asked_scale import asked_scale
from nps_utils.study.study import Study

# 16 promoters, 10 passives, 14 detractors: +5.
ANSWERS = [0, 1, 3, 5, 5, 6, 6, 6, 6, 6, 4, 2, 5, 6] + [7, 8] * 5 + [9] * 8 + [10] * 8
BANDS = ["promoter" if a >= 9 else "passive" if a >= 7 else "detractor" for a in ANSWERS]
QUESTION = "How likely are you to recommend Bergvik Tools to a colleague?"
Style = Callable[[int], object]


def written(folder: Path, cells: Sequence[object], *, header: str = QUESTION, groups: Sequence[str] = ()) -> Path:
    """Write an export of these score cells, quoted, one answer a day."""
    table = pd.DataFrame({"response_id": [f"r{at:03d}" for at in range(len(cells))], header: list(map(str, cells))})
    table["answered_on"] = pd.date_range("2025-08-04", periods=len(cells)).strftime("%Y-%m-%d 08:15:00")
    if groups:
        table["Group"] = list(groups)
    path = folder / "answers.csv"
    table.to_csv(path, index=False)
    return path


def score_of(table: Any, **options: Any) -> tuple[float, int]:
    """Return NPS and n of a text table."""
    responses, _ = nps.clean(table, timezone="UTC", **options)
    return float(nps.score(nps.count_bands(responses))["nps"].iloc[0]), len(responses)


def ends(low: str, high: str) -> list[str]:
    """Write the ends in words, the rest as numbers."""
    return [{0: low, 10: high}.get(answer, str(answer)) for answer in ANSWERS]


def new(*arguments: str) -> tuple[int, str]:
    """Run `nps new` as a program would."""
    result = CliRunner().invoke(app, ["new", *arguments, "--timezone", "Europe/Stockholm"])
    if isinstance(result.exception, BadInput):
        return 2, str(result.exception)
    assert result.exception is None, result.exception
    return result.exit_code, result.output


@pytest.mark.parametrize(
    "style",
    [
        "{} Mycket troligt", "{}. Extremely likely", "({}) ja", "[{}]", "{}) svært sannsynlig", "{}: x", "{}=ja",
        "{}\nExtremely likely", "{} av 10", "{} of 10", "{} out of 10", "{} von 10", "{} van de 10", "{} sur 10",
        "{} ud af 10", "{}/10", "{} / 10 poäng", "Extremely likely {}", "Score: {}", "{}:a", "<b>{}</b>", "{}.",
        "10点中{}点", "{}\u00a0points", "{}.0", "score_{}",
    ],
)  # fmt: skip
def test_a_number_anywhere_in_a_label(tmp_path: Path, style: str) -> None:
    """Every usual spelling of number and words is read, and none is lost."""
    table, _ = read_export(written(tmp_path, [style.format(answer) for answer in ANSWERS]))
    assert score_of(table) == (5.0, 40)


@pytest.mark.parametrize(
    "style", ["{:02d}-okt", "A{}", "{}:30", "{}+", "<{}", "{}-{}", "{} %", "1. {}", "2025-10-{:02d}"]
)
def test_what_may_be_something_else_is_not_read(tmp_path: Path, style: str) -> None:
    """Dates, codes, times, ranges and shares are refused, not read as the number in them."""
    path = written(tmp_path, [style.format(answer, answer + 1) for answer in ANSWERS])
    with pytest.raises(BadInput):
        score_of(read_export(path)[0])


def test_ends_in_words_are_asked_for_and_the_answer_works(tmp_path: Path) -> None:
    """The ends are never dropped: the cells are shown, and the lines and options of the message work to the letter."""
    path = written(tmp_path, ends("Inte alls sannolikt", "Extremt sannolikt"))
    code, message = new(str(tmp_path / "a"), str(path))
    assert code == 2
    assert '"Extremt sannolikt" (8 times, first in row 34)' in message
    assert "no cell that can be read is 10 or 0" in message
    options = re.findall(r'--label "([^"]*)"', message)
    assert options == ["Extremt sannolikt=10", "Inte alls sannolikt=0"]
    code, output = new(str(tmp_path / "a"), str(path), *(part for one in options for part in ("--label", one)))
    assert (code, "40 are responses" in output) == (0, True)
    lines = re.search(r"(?s)\[score_labels\].*?(?=\nThat)", message)
    assert lines
    assert tomllib.loads(lines[0])["score_labels"] == Study.open(tmp_path / "a").settings.score_labels
    with pytest.raises(BadAnswers, match="Inte alls sannolikt"):
        score_of(read_export(path)[0])
    labels = {"Extremt sannolikt": 10, "inte alls  SANNOLIKT": 0}
    assert score_of(read_export(path, labels=labels)[0], labels=labels) == (5.0, 40)


def test_naming_the_column_does_not_switch_the_check_off(tmp_path: Path) -> None:
    """Named on the command line or to `read_export`, the same cells are refused for the same reason."""
    path = written(tmp_path, ends("Nej", "Ja visst"), header="Fråga 7")
    code, message = new(str(tmp_path / "a"), str(path), "--column", "score=Fråga 7")
    assert (code, '"Ja visst"' in message, (tmp_path / "a" / "study.toml").exists()) == (2, True, False)
    with pytest.raises(BadAnswers, match="1 to 5"):
        read_export(written(tmp_path, [1, 2, 3, 4, 5] * 8, header="From 1 to 5"), columns={"score": "From 1 to 5"})


@pytest.mark.parametrize(
    ("header", "style"),
    [
        ("On a scale from 1 to 5, how likely are you to recommend us?", lambda a: max(1, (a + 1) // 2)),
        ("Recommend us? (1-7)", lambda a: 1 + a * 6 // 10),
        ("Recommend us? (0-5)", lambda a: a // 2),
        (QUESTION, lambda a: max(1, (a + 1) // 2)),
        (QUESTION, lambda a: min(a, 8)),
        (QUESTION, lambda a: f"{max(1, (a + 1) // 2)} stars"),
        (QUESTION, lambda a: "★" * max(1, (a + 1) // 2)),
        (QUESTION, lambda a: f"{(a + 1) // 2} of 5"),
        (QUESTION, lambda a: ["1 Very unlikely", "2", "3", "4 Very likely"][min(3, a // 3)]),
        (QUESTION, lambda a: a * 10),
        (QUESTION, lambda a: f"{a * 10} %"),
        (QUESTION, lambda a: a - 5),
        (QUESTION, lambda a: a / 10),
        ("Recommend us? (0 = extremely likely, 10 = not at all likely)", lambda a: 10 - a),
        (QUESTION, lambda a: "0 Extremely likely" if a == 10 else 10 - a),
        (QUESTION, lambda a: a + 1),
    ],
)
def test_another_scale_is_refused(tmp_path: Path, header: str, style: Style) -> None:
    """Header, labels and the highest value decide; what is not 0-10 is never scored, by any way in."""
    path = written(tmp_path, list(map(style, ANSWERS)), header=header)
    code, message = new(str(tmp_path / "a"), str(path))
    assert (code, "answers.csv" in message) == (2, True)
    with pytest.raises(BadInput):
        score_of(read_export(path, columns={"score": header})[0])


@pytest.mark.parametrize(
    ("header", "style"),
    [
        ("On a scale from 1 to 5, how likely are you to recommend us?", lambda a: max(1, (a + 1) // 2)),
        ("Recommend us? (1-7)", lambda a: 1 + a * 6 // 10),
        ("Recommend us? (0-5)", lambda a: a // 2),
        (QUESTION, lambda a: ["1 Very unlikely", "2", "3", "4 Very likely"][min(3, a // 3)]),
        (QUESTION, lambda a: f"{max(1, (a + 1) // 2)} stars"),
        (QUESTION, lambda a: f"{(a + 1) // 2} of 5"),
    ],
)
def test_a_scale_that_answers_and_header_contradict_cannot_be_said(tmp_path: Path, header: str, style: Style) -> None:
    """Followed to the letter, advice must not make a detractor of the best answer: 1-5 read as 0-10 would be -100."""
    path = written(tmp_path, list(map(style, ANSWERS)), header=header)
    _, message = new(str(tmp_path / "a"), str(path))
    assert "--scale 0-10" not in message
    code, message = new(str(tmp_path / "a"), str(path), "--scale", "0-10")
    assert (code, (tmp_path / "a").exists()) == (2, False)
    assert "from 0 to 10; nothing is rescaled" in message


@pytest.mark.parametrize(
    ("scale", "style"),
    [("1-11", lambda a: a + 1), ("10-0", lambda a: "0 Extremely likely" if a == 10 else 10 - a)],
)
def test_codes_and_turned_scales_are_read_when_that_is_said(tmp_path: Path, scale: Any, style: Style) -> None:
    """The refusal names the setting; on the command line, in study.toml and in Python it gives the right number."""
    path = written(tmp_path, list(map(style, ANSWERS)))
    code, message = new(str(tmp_path / "a"), str(path))
    assert (code, f'scale = "{scale}"' in message, f"--scale {scale}" in message) == (2, True, True)
    code, output = new(str(tmp_path / "a"), str(path), "--scale", scale)
    assert (code, "40 are responses" in output) == (0, True)
    study = Study.open(tmp_path / "a")
    assert nps.score(nps.count_bands(study.responses()))["nps"].tolist() == [5.0]
    assert study.ledger()["value"].str.contains(f'scale = "{scale}"', regex=False).any()
    assert score_of(read_export(path, scale=scale)[0], scale=scale) == (5.0, 40)


def test_a_poor_score_is_read_when_that_is_said(tmp_path: Path) -> None:
    """No answer above 8 among 40 is refused, and read where the study says that 10 could be chosen."""
    path = written(tmp_path, [min(answer, 8) for answer in ANSWERS])
    with pytest.raises(BadAnswers, match=r'none of 40 answers is above 8.*scale = "0-10"'):
        recognise(path)
    assert score_of(read_export(path, scale="0-10")[0], scale="0-10") == (-35.0, 40)


def test_each_file_has_its_own_scale() -> None:
    """Codes of one file are shifted, the answers of another are not, on the table of both."""
    rows = [(str(a + 1), "codes.csv") for a in ANSWERS] + [(str(a), "plain.csv") for a in ANSWERS]
    table = pl.DataFrame(rows, schema=["score", "source_file"], orient="row")
    with pytest.raises(BadAnswers, match=r"codes\.csv"):
        score_of(table)
    assert score_of(table, scale={"codes.csv": "1-11"}) == (5.0, 80)
    assert score_of(table.to_pandas(), scale={"codes.csv": "1-11"}) == (5.0, 80)
    lazy, _ = nps.clean(table.lazy(), timezone="UTC", scale={"codes.csv": "1-11"})
    assert lazy.collect().height == 80


def test_groups_beside_the_score_are_evidence(tmp_path: Path) -> None:
    """Scores cut to one character contradict the groups: rows, values and rule are named, and the way on works."""
    path = written(tmp_path, [str(answer)[0] for answer in ANSWERS], groups=BANDS)
    code, message = new(str(tmp_path / "a"), str(path))
    assert (code, '"1" (read as 1, detractor) beside "promoter": 8 times, first in row 34' in message) == (2, True)
    assert new(str(tmp_path / "a"), str(path), "--ignore-groups")[0] == 0
    assert 'groups = "ignore"' in (tmp_path / "a" / "study.toml").read_text("utf-8")
    agreeing = written(tmp_path, ANSWERS, groups=[f"{name} (x)" for name in BANDS])
    assert score_of(read_export(agreeing)[0]) == (5.0, 40)


def test_a_group_without_a_score_is_a_lost_score() -> None:
    """A promoter whose score is empty contradicts the table; a formula makes detractors of empty cells."""
    rows = {"score": ["10", "", "7"] * 10, "score_label": ["Promoter", "Promoter", "Passive"] * 10}
    with pytest.raises(BadAnswers, match=r'"" .no answer that can be read. beside "Promoter": 10 times'):
        score_of(pd.DataFrame(rows))
    rows["score_label"][1::3] = ["Detractor"] * 10
    assert score_of(pd.DataFrame(rows))[1] == 20


def test_a_raw_table_is_checked_too() -> None:
    """A pandas table of labels as text, numbers or a category goes through the same checks."""
    assert score_of(pd.DataFrame({"score": ANSWERS})) == (5.0, 40)
    assert score_of(pd.DataFrame({"score": pd.Categorical([f"{a}. x" for a in ANSWERS])})) == (5.0, 40)
    with pytest.raises(BadAnswers, match="Top"):
        score_of(pd.DataFrame({"score": ends("Bottom", "Top")}))
    with pytest.raises(BadAnswers, match="above 5"):
        score_of(pd.DataFrame({"score": [1.0, 2.0, 5.0, 4.0] * 10}))


def test_few_cells_that_cannot_be_read_go_to_the_ledger_where_both_ends_are_read() -> None:
    """One slip is rejected and told; more are asked for; a star says that none of them is an answer."""
    cells = [*map(str, ANSWERS), "oops"]
    assert score_of(pd.DataFrame({"score": cells})) == (5.0, 40)
    with pytest.raises(BadAnswers, match="2 of 42 answers cannot be read"):
        score_of(pd.DataFrame({"score": [*cells, "eh"]}))
    assert score_of(pd.DataFrame({"score": [*cells, "eh"]}), labels={"*": None}) == (5.0, 40)
    assert score_of(pd.DataFrame({"score": [*map(str, ANSWERS), *["Vet ej"] * 9]})) == (5.0, 40)
    with pytest.raises(BadAnswers, match='"see comment 3"'):
        score_of(pd.DataFrame({"score": [*map(str, [*ANSWERS, 3]), "see comment 3"]}))


def test_words_of_the_question_are_not_passed_over_for_another_column(tmp_path: Path) -> None:
    """Where the question is answered in words, a column that is merely called score is no stand-in for it."""
    words = ["Very likely" if a > 8 else "Likely" if a > 6 else "Unlikely" if a > 3 else "Never" for a in ANSWERS]
    path = written(tmp_path, words)
    pd.read_csv(path).assign(score=ANSWERS).to_csv(path, index=False)
    with pytest.raises(BadAnswers, match="Very likely"):
        recognise(path)


def test_settings_that_cannot_be(tmp_path: Path) -> None:
    """A scale that the answers contradict, an unknown one, a label that is no score: each is told."""
    path = str(written(tmp_path, ANSWERS))
    assert 'scale = "1-11" is said of it, but 1 answers are 0' in new(str(tmp_path / "a"), path, "--scale", "1-11")[1]
    assert "1-12" in new(str(tmp_path / "a"), path, "--scale", "1-12")[1]
    assert "no export is named b.csv" in new(str(tmp_path / "a"), path, "--scale", "b.csv=1-11")[1]
    assert "--label" in new(str(tmp_path / "a"), path, "--label", "Top=ten")[1]
    with pytest.raises(BadValue, match="from 0 to 10"):
        read_export(path, labels={"Top": 11})


@pytest.mark.parametrize(
    ("header", "high", "turned"),
    [
        ("How likely are you to recommend us?", None, False),
        ("Hur troligt (1 = inte alls troligt, 5 = mycket troligt)", 5, False),
        ("Not at all likely (0) to Extremely likely (10)", 10, False),
        ("Extremely likely (0) - Not at all likely (10)", 10, True),
        ("0 is very likely and 10 is very unlikely", 10, True),
        ("Seven-point scale", 7, False),
        ("11-point scale", 10, False),
        ("In the next 12 months", None, False),
        ("Recommend Windows 10 for 24/7 use", None, False),
        ("Q1-5: how likely", None, False),
        ("Wie wahrscheinlich? 1 bis 6", 6, False),
    ],
)
def test_what_a_header_says(header: str, high: int | None, turned: bool) -> None:
    """The scale in a header, in several languages, and what only looks like one."""
    asked = asked_scale(header)
    assert (asked and asked.high, bool(asked and asked.turned)) == (high, turned)
