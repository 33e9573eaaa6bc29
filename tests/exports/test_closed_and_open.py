"""Which text is the comment, and what the other columns may be used for."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

import nps_utils as nps
from nps_utils.exports import Recognised, read_export, recognise
from nps_utils.exports.closed import is_likert
from nps_utils.report.start import start_study
from nps_utils.study.settings import Settings
from nps_utils.study.study import Study

# 16 promoters, 10 passives, 14 detractors: +5.0.
SCORES = [8, 10, 7, 8, 7, 9, 3, 6, 10, 0, 9, 5, 10, 2, 9, 8, 6, 10, 7, 3, 9, 10, 8, 6, 0, 10, 9, 3, 8, 7]
SCORES += [10, 5, 9, 2, 10, 6, 9, 3, 8, 10]
QUESTION = "How likely are you to recommend Bergvik Tools to a colleague?"
Row = Sequence[object]


def day(i: int) -> str:
    """A time of its own for each answer, in 2025-Q3 and Q4."""
    return f"2025-{8 + i // 14:02d}-{1 + 2 * (i % 14):02d} {8 + i % 9:02d}:15:00"


def said(i: int) -> str:
    """A comment of its own for each answer."""
    return f"the spare part of order {i} came far too late for us"


def write(path: Path, header: Row, rows: Sequence[Row], *, delimiter: str = ",") -> Path:
    """Write a CSV and return its path."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    return path


def scored(path: Path, **options: object) -> tuple[float, int, pd.DataFrame, pd.DataFrame, Recognised]:
    """Read, clean and score a file: NPS, n, responses, ledger and what it was recognised as."""
    table, found = read_export(path, **options)  # type: ignore[arg-type]
    responses, ledger = nps.clean(table, timezone="Europe/Stockholm")
    total = nps.score(nps.count_bands(responses)).iloc[0]
    return round(float(total["nps"]), 1), int(total["n"]), responses, ledger, found


PARTS = ("great support", "slow delivery", "good price", "easy to use", "buggy app", "poor documentation")
SENTENCES = (
    "Fast and kind support",
    "We had problems with invoices",
    "Too slow delivery",
    "It is too expensive for us",
)
OPTIONS = ("Price", "Quality", "Customer service", "Ease of use")


def put_together(i: int) -> str:
    """A comment of the same few parts."""
    return ", ".join(PARTS[(i + k) % 6] for k in range(1 + i % 3)).capitalize()


@pytest.mark.parametrize(
    ("header", "cells", "open_text"),
    [
        ("Why?", put_together, True),
        ("Comment", put_together, True),
        ("Kommentar", lambda i: SENTENCES[i % 4], True),
        ("What is the main reason for your score?", lambda i: SENTENCES[i % 4], True),
        ("Why?", lambda i: ", ".join(OPTIONS[i % 3 :]), False),
        ("Feedback", lambda i: ", ".join(OPTIONS[i % 3 :]), False),
        ("Feedback category", lambda i: SENTENCES[i % 4], False),
        ("Comment", lambda i: OPTIONS[i % 4], False),
    ],
)
def test_comments_that_repeat_are_comments_and_ticked_options_are_none(
    tmp_path: Path, header: str, cells: Callable[[int], str], open_text: bool
) -> None:
    """A few wordings again and again were taken for a closed question, and listed under what drives the score."""
    rows: list[Row] = [[f"u{i}", day(i), s, cells(i)] for _ in range(3) for i, s in enumerate(SCORES)]
    found = recognise(write(tmp_path / "a.csv", ["id", "date", QUESTION, header], rows))
    assert found.columns.get("comment") == (header if open_text else None)
    assert not (open_text and found.ratings)


HALF = 22


def answers(*cells: str, path: Path, header: Sequence[str]) -> Path:
    """Write the forty answers with one further cell each for what is in `cells`: a word, or `said` for a comment."""
    rows: list[Row] = [
        [
            f"u{i}",
            day(i),
            s,
            *(said(i) if cell == "said" else cell.split("|")[i % len(cell.split("|"))] for cell in cells),
        ]
        for i, s in enumerate(SCORES)
    ]
    return write(path, ["ID", "Date", QUESTION, *header], rows)


@pytest.mark.parametrize(
    "names", [("Why?", "Why?"), ("Comment", "Comment.1"), ("Comment", "Comment_2"), ("Svar", "Svar (2)")]
)
def test_columns_of_one_name_are_one(names: tuple[str, str], tmp_path: Path) -> None:
    """Two versions of a form: no comment vanishes."""
    rows = [[day(i), s, *((said(i), "") if i < HALF else ("", said(i)))] for i, s in enumerate(SCORES)]
    path = write(tmp_path / "versions.csv", ["Date", QUESTION, *names], rows)
    value, n, responses, _, found = scored(path)
    assert (value, n) == (5.0, 40)
    assert responses["comment"].tolist() == [said(i) for i in range(40)]
    assert any("2 columns of this name" in reason for reason in found.reasons)


def test_the_whole_form_in_two_versions(tmp_path: Path) -> None:
    """The score as well."""
    rows = [[day(i), *((s, said(i), "", "") if i < HALF else ("", "", s, said(i)))] for i, s in enumerate(SCORES)]
    path = write(tmp_path / "versions.csv", ["Date", QUESTION, "Why?", QUESTION, "Why?"], rows)
    value, n, responses, _, _ = scored(path)
    assert (value, n, responses["comment"].notna().sum()) == (5.0, 40, 40)


def test_comments_to_two_questions_of_one_name_stay_apart_and_are_named(tmp_path: Path) -> None:
    """Both filled in the same rows: one is chosen, and what it leaves is said with what would add it."""
    path = answers("said", "1|2|3|4|5", "said", path=tmp_path / "two.csv", header=["Comment", "Ease (1-5)", "Comment"])
    found = recognise(path)
    note = next(note for note in found.notes if "other open answers" in note)
    assert '"Comment_2" (40 texts)' in note
    table, _ = read_export(path, columns={"comment": ["Comment", "Comment_2"]})
    assert table["comment"].str.count("too late").tolist() == [2] * 40


@pytest.mark.parametrize(
    "questions",
    [("What did you like?", "What went wrong?"), ("Berätta gärna mer", "Hur kan vi hjälpa dig?"), ("A", "B")],
)
def test_questions_of_different_bands_belong_together(questions: tuple[str, str], tmp_path: Path) -> None:
    """Whatever they are called: each answer keeps its text, and which question it answered."""
    rows = [[day(i), s, said(i) if s >= 9 else "", said(i) if s < 9 else ""] for i, s in enumerate(SCORES)]
    _, _, responses, _, found = scored(write(tmp_path / "bands.csv", ["Date", QUESTION, *questions], rows))
    assert responses["comment"].tolist() == [said(i) for i in range(40)]
    asked = [questions[0] if s >= 9 else questions[1] for s in SCORES]
    assert responses["comment_question"].tolist() == asked
    assert found.toml_columns["comment"] == list(questions)


def test_why_of_everybody_goes_before_questions_of_some(tmp_path: Path) -> None:
    """The others are named."""
    rows = [
        [day(i), s, said(i), f"we like {said(i)}" if s >= 9 else "", f"do mend {said(i)}" if s < 7 else ""]
        for i, s in enumerate(SCORES)
    ]
    header = ["Date", QUESTION, "Why?", "What did you like?", "What can we improve?"]
    _, _, responses, _, found = scored(write(tmp_path / "three.csv", header, rows))
    assert responses["comment"].tolist() == [said(i) for i in range(40)]
    assert any("What did you like?" in note for note in found.notes)


CLOSED = {
    "Strongly agree|Agree|Neutral|Disagree|Strongly disagree": "rating",
    "Instämmer helt|Instämmer delvis|Varken eller|Instämmer inte": "rating",
    "Helt enig|Delvis enig|Verken enig eller uenig|Uenig": "rating",
    "Zeer tevreden|Tevreden|Neutraal|Ontevreden": "rating",
    "sehr zufrieden|eher zufrieden|unzufrieden": "rating",
    "Tout à fait d'accord|D'accord|Pas d'accord": "rating",
    "5 - Mycket nöjd|4 - Nöjd|3 - Varken eller|2 - Missnöjd": "rating",
    "1|2|3|4|5": "rating",
    "Reports;Planner|Planner|API;Reports|Planner;API;Mobile|Mobile": "rating",
    "Price|Support|Quality": "segment",
    "Basic|Pro": "segment",
    "yes|no": "segment",
}


@pytest.mark.parametrize("header", ["impact_on_motivation", "Feedback on support", "Varför?"])
@pytest.mark.parametrize("values", CLOSED)
def test_closed_answers_are_no_comment(values: str, header: str, tmp_path: Path) -> None:
    """Whatever the header says; the column stays, as a rating or a segment."""
    path = answers(values, path=tmp_path / "closed.csv", header=[header])
    found = recognise(path)
    assert "comment" not in found.columns
    assert header in (found.ratings if CLOSED[values] == "rating" else found.segments)
    assert any("it is none" in note for note in found.notes) or not any(map(str.isalpha, values))


def test_words_of_a_scale_and_words_of_people() -> None:
    """A comment may begin like a scale."""
    assert all(
        map(is_likert, ["Neither agree nor disagree", "Very satisfied", "Svært fornøyd", "Helemaal mee eens", "Aldrig"])
    )
    assert not any(
        map(is_likert, ["Very good support from Anna", "Good, but slow", "Never got an answer", "North", "Basic"])
    )


@pytest.mark.parametrize("header", ["Store", "Tier", "Team size", "Region code"])
def test_codes_of_groups_stay_segments(header: str, tmp_path: Path) -> None:
    """Small numbers under the name of a group are no ratings."""
    found = recognise(answers("1|2|3|4", path=tmp_path / "codes.csv", header=[header]))
    assert found.segments == (header,)
    assert found.ratings == ()


def test_new_says_what_it_offers_and_why_not(tmp_path: Path) -> None:
    """Ratings go to study.toml, and into the responses."""
    header = ["Ease of use", "Plan", "Joined", "Phone", "Status"]
    cells = ["1|2|3|4|5", "Basic|Pro", "2024-01-02|2024-02-03", "070|071", "active"]
    lines = list(start_study(tmp_path / "s", [answers(*cells, path=tmp_path / "a.csv", header=header)], timezone="UTC"))
    told = "\n".join(lines)
    assert 'segments it offers: "Plan"' in told
    assert 'ratings, kept for what drives the score: "Ease of use"' in told
    assert '"Joined" (it holds dates)' in told
    assert '"Phone" (its name is that of a person' in told
    study = Study.open(tmp_path / "s")
    assert study.settings.ratings == ("Ease of use",)
    assert study.responses()["Ease of use"].value_counts().to_dict() == dict.fromkeys("12345", 8)
    assert isinstance(study.settings, Settings)


def with_column(tmp_path: Path, header: str, cells: Sequence[str]) -> Recognised:
    """Return what forty answers with one further column are recognised as."""
    rows = [[f"u{i}", day(i), s, said(i), cells[i % len(cells)]] for i, s in enumerate(SCORES)]
    return recognise(write(tmp_path / "a.csv", ["Respondent", "Date", QUESTION, "Why?", header], rows))


@pytest.mark.parametrize("unsure", ["Ved ikke", "Vet ej", "Weet niet", "Don't know", "n.v.t.", "99 - Vet ikke"])
def test_who_does_not_know_makes_no_segment_of_a_rating(unsure: str, tmp_path: Path) -> None:
    found = with_column(tmp_path, "How well do we deliver on time?", ["1", "2", "3", "4", "5", unsure])
    assert found.ratings == ("How well do we deliver on time?",)
    assert found.segments == ()


def test_a_second_recommendation_is_a_score_of_its_own_and_drives_nothing(tmp_path: Path) -> None:
    header = "How likely are you to recommend our workshop to a colleague?"
    rows = [[f"u{i}", day(i), s, said(i), max(s - i % 2, 0)] for i, s in enumerate(SCORES)]
    path = write(tmp_path / "a.csv", ["Respondent", "Date", QUESTION, "Why?", header], rows)
    found = recognise(path, columns={"score": QUESTION})
    assert found.ratings == ()
    assert "score of its own" in found.unused[header]


@pytest.mark.parametrize("header", ["Progress", "Laatste pagina", "Sista sidan", "lastpage"])
def test_how_far_each_came_is_neither_segment_nor_rating(header: str, tmp_path: Path) -> None:
    found = with_column(tmp_path, header, ["3", "3", "3", "2", "1"])
    assert (found.segments, found.ratings) == ((), ())
    assert "how far" in found.unused[header]


@pytest.mark.parametrize(
    "steps",
    [
        "Meget utilfreds|Utilfreds|Hverken/eller|Tilfreds|Meget tilfreds",
        "I meget lav grad|I lav grad|I nogen grad|I høj grad|I meget høj grad|Ved ikke",
        "Svært misfornøyd|Misfornøyd|Verken/eller|Fornøyd|Svært fornøyd|Ikke relevant",
        "Stämmer inte alls|Stämmer ganska dåligt|Stämmer ganska bra|Stämmer helt",
        "Helemaal niet|Een beetje|Redelijk|Veel|Heel veel",
        "Zeer slecht|Slecht|Voldoende|Goed|Zeer goed|Weet niet/geen mening",
        "trifft gar nicht zu|trifft eher nicht zu|trifft eher zu|trifft voll zu|keine Angabe",
        "Erittäin tyytymätön|Tyytymätön|En osaa sanoa|Tyytyväinen|Erittäin tyytyväinen",
        "Not at all|Slightly|Moderately|Very|Extremely|Prefer not to say",
        "Below expectations|Met expectations|Exceeded expectations",
        "★☆☆☆☆|★★☆☆☆|★★★☆☆|★★★★☆|★★★★★",
        "😡|🙁|😐|🙂|😀",
    ],
)
def test_steps_of_a_scale_are_ratings_and_never_groups(tmp_path: Path, steps: str) -> None:
    """As groups the most dissatisfied were what stands out most: the question once more."""
    words = steps.split("|")
    rows: list[Row] = [[f"u{i}", day(i), s, words[i % len(words)]] for i, s in enumerate(SCORES)]
    found = recognise(write(tmp_path / "a.csv", ["id", "date", QUESTION, "Ventetid"], rows))
    assert found.ratings == ("Ventetid",)
    assert not found.segments


@pytest.mark.parametrize(
    "groups", ["Small|Medium|Large", "Nord|Syd|Øst", "Basic|Good|Best", "Daglig|Ukentlig|Månedlig"]
)
def test_groups_stay_groups(tmp_path: Path, groups: str) -> None:
    words = groups.split("|")
    rows: list[Row] = [[f"u{i}", day(i), s, words[i % len(words)]] for i, s in enumerate(SCORES)]
    assert recognise(write(tmp_path / "a.csv", ["id", "date", QUESTION, "Gruppe"], rows)).segments == ("Gruppe",)
