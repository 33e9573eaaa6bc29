"""Files made as further tools write them: what is no answer, and what is not of the answer, is not read as one.

Read from the code or the documents of Odoo (survey.user_input.line, 18), Nextcloud Forms (5), REDCap (14), LimeSurvey
(6), KoboToolbox, Moodle (5), Zendesk (NPS API) and Thanx; nothing of theirs is copied.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from nps_utils import clean
from nps_utils.checks import BadAnswers, BadFile, Undecidable
from nps_utils.exports import Recognised, read_export
from nps_utils.exports.read import recognise
from nps_utils.scale import read_answer

ASKED = "How likely are you to recommend us to a colleague?"
WHY = "Why that score?"
# Forty answers, of all scores from 0 to 10.
SCORES = [10, 9, 8, 7, 6, 0, 3, 10, 9, 5] * 4
TEXTS = [f"Delivery was late and nobody called, case {at}" if at % 3 else "" for at in range(40)]
DAYS = [f"2026-0{2 + at // 28}-{1 + at % 28:02d} 09:{at:02d}:00" for at in range(40)]

Row = Sequence[object]


def written(path: Path, rows: Sequence[Row]) -> Path:
    """Write rows as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def read(tmp_path: Path, rows: Sequence[Row], **told: str) -> tuple[pd.DataFrame, Recognised]:
    """Write rows and read them back; `told` are columns."""
    return read_export(written(tmp_path / "answers.csv", rows), columns=told)


def cleaned(table: pd.DataFrame) -> tuple[list[int], pd.DataFrame, dict[str, int]]:
    """Return the scores that count, the responses, and how often each reason rejected a row."""
    responses, ledger = clean(table, timezone="Europe/Oslo")
    rejected = ledger[ledger["action"] == "rejected"]["reason"].value_counts()
    return [int(score) for score in responses["score"]], responses, {str(k): int(v) for k, v in rejected.items()}


@pytest.mark.parametrize(
    "label",
    ["0 - Don't know", "0 - Vet ej", "0: No answer", "0 (N/A)", "0 = weet niet", "0 - Ved ikke", "0 - keine Angabe",
     "0. Prefer not to say", "0 - Unsure", "5 - Don't know", "-1 - Vet ej / ej svar", "99 - weet niet", "98 = refused"],
)  # fmt: skip
def test_a_code_whose_words_say_no_answer_is_no_score(label: str) -> None:
    """A 0 beside "don't know" would be a detractor."""
    assert read_answer(label) == (None, "missing_score")


def test_words_of_a_place_on_the_scale_stay_scores() -> None:
    """The middle may be called unsure, the lowest may say not."""
    labels = ("5 - Unsure", "0 - Not at all likely", "10 - yes, definitely", "9-")
    assert [read_answer(label).score for label in labels] == [5, 0, 10, 9]


def test_answers_below_zero_are_refused_with_the_way_on(tmp_path: Path) -> None:
    """Questback EFS writes -77 for a question that was not shown; followed to the letter the advice works."""
    rows: list[Row] = [["date", ASKED], *([day, -77 if at % 5 == 0 else score] for at, (day, score) in enumerate(
        zip(DAYS, SCORES, strict=True)))]  # fmt: skip
    with pytest.raises(BadAnswers, match='"-77" = "none"'):
        read(tmp_path, rows)
    table, _ = read_export(tmp_path / "answers.csv", labels={"-77": None})
    responses, _ = clean(table, timezone="UTC", labels={"-77": None})
    assert len(responses) == 32


def test_odoo_writes_zero_where_a_question_was_of_another_kind(tmp_path: Path) -> None:
    """A row per question, a column per kind of answer: zeros of other kinds are no answers, skipped ones no 0."""
    rows: list[Row] = [
        ["Participation", "Participation/Date and Time", "Question", "Skipped", "Answer Type", "Free Text answer",
         "Numerical answer", "Scale value", "Score"]
    ]  # fmt: skip
    for at, (day, score, text) in enumerate(zip(DAYS, SCORES, TEXTS, strict=True)):
        skipped = at in (3, 17)
        rows += [
            [
                f"u{at}",
                day,
                ASKED,
                skipped,
                "" if skipped else "Scale value",
                "",
                "0.0",
                0 if skipped else score,
                "0.0",
            ],
            [f"u{at}", day, WHY, not text, "Free Text" if text else "", text, "0.0", 0, "0.0"],
        ]
    scores, responses, _ = cleaned(read(tmp_path, rows)[0])
    assert scores == [score for at, score in enumerate(SCORES) if at not in (3, 17)]
    assert [text for text in responses["comment"].fillna("") if text] == [
        text for at, text in enumerate(TEXTS) if text and at not in (3, 17)
    ]


def test_nextcloud_hides_a_row_of_ids_below_the_questions(tmp_path: Path) -> None:
    """The second row names the columns for programs: it is no answer, and no row that came in."""
    rows: list[Row] = [
        ["Submission ID", "User ID", "User display name", "Timestamp", ASKED, WHY],
        ["submission_id", "user_id", "user_display_name", "timestamp", "question-id-12", "question-id-13"],
        *([300 + at, "", "Anonymous user", day.replace(" ", "T") + "+01:00", score, text]
          for at, (day, score, text) in enumerate(zip(DAYS, SCORES, TEXTS, strict=True))),
    ]  # fmt: skip
    table, recognised = read(tmp_path, rows)
    assert (recognised.header_rows, recognised.score_column, len(table)) == (2, ASKED, 40)
    assert cleaned(table)[0] == SCORES


def test_names_above_questions_are_two_rows_of_headers(tmp_path: Path) -> None:
    """Programs of research write q1 above the question: the question tells the score, the name is its name."""
    rows: list[Row] = [["resp", "ended", "q1", "q2"], ["Respondent serial", "End of interview", ASKED, WHY],
                       *zip(range(4000, 4160, 4), DAYS, SCORES, TEXTS, strict=True)]  # fmt: skip
    table, recognised = read(tmp_path, rows)
    assert (recognised.header_rows, recognised.score_column, len(table)) == (2, "q1", 40)


def test_a_first_answer_in_words_is_no_second_header(tmp_path: Path) -> None:
    """Where numbers begin further down only by chance, the first row is an answer."""
    rows: list[Row] = [["name", "nps", "comment"], ["Anna", "10", "Very good"], ["Bo", "3", "Too slow"]]
    assert len(read(tmp_path, rows)[0]) == 2


def test_redcap_tells_the_score_from_the_state_of_its_form(tmp_path: Path) -> None:
    """`nps_survey_complete` is 0, 1 or 2 and names the form; without a time of the survey it was not finished."""
    rows: list[Row] = [["record_id", "nps_survey_timestamp", "nps_score", "nps_reason", "nps_survey_complete"]]
    rows += [
        [at + 1, "[not completed]" if at in (4, 9) else day, score, text, 0 if at in (4, 9) else 2]
        for at, (day, score, text) in enumerate(zip(DAYS, SCORES, TEXTS, strict=True))
    ]
    table, recognised = read(tmp_path, rows)
    assert recognised.score_column == "nps_score"
    assert cleaned(table)[0] == [score for at, score in enumerate(SCORES) if at not in (4, 9)]


@pytest.mark.parametrize("code", ["A{}", "AO{:02d}", "n{}", "SQ00{}"])
def test_codes_of_options_are_refused_by_the_column_that_holds_them(tmp_path: Path, code: str) -> None:
    """LimeSurvey writes A1 to A11 for 0 to 10: the refusal names that column, not another with small numbers."""
    rows: list[Row] = [["id", "lastpage", "nps"], *([at, 1 + at % 2, code.format(s)] for at, s in enumerate(SCORES))]
    with pytest.raises(BadAnswers, match='column "nps"') as refused:
        recognise(written(tmp_path / "answers.csv", rows))
    assert f'"{code.format(10)}" = SCORE' in str(refused.value)


def test_what_a_company_replied_is_not_what_its_customer_answered(tmp_path: Path) -> None:
    """Thanx: `review` and `rated_at` are the customer's, `response` and `responded_at` those of the staff."""
    rows: list[Row] = [["rating", "review", "response", "responded_by", "created_at", "rated_at", "responded_at"]]
    for at, (day, score, text) in enumerate(zip(DAYS, SCORES, TEXTS, strict=True)):
        reply = ["Thank you for telling us about it", "Ann", f"2026-05-{1 + at % 28:02d} 10:00:00"]
        mine = reply if at % 4 == 0 else ["", "", ""]
        rows.append([score, text, mine[0], mine[1], "2026-01-02 08:00:00", day, mine[2]])
    table, recognised = read(tmp_path, rows, score="rating")
    assert (recognised.columns["comment"], recognised.columns["responded_at"]) == ("review", "rated_at")
    assert any('"response"' in note and "replied" in note for note in recognised.notes)
    assert cleaned(table)[0] == SCORES


def test_respondents_who_are_named_are_no_replies(tmp_path: Path) -> None:
    """`Responded by` in every row is the customer."""
    rows: list[Row] = [["Response date", "Score", "Response", "Responded by"],
                       *([day, s, t, f"p{at}@cust.example"] for at, (day, s, t) in enumerate(
                           zip(DAYS, SCORES, TEXTS, strict=True)))]  # fmt: skip
    recognised = read(tmp_path, rows)[1]
    assert (recognised.columns["comment"], recognised.columns["responded_at"]) == ("Response", "Response date")


def test_the_day_of_a_deletion_is_no_day_of_an_answer(tmp_path: Path) -> None:
    """Rows with `deleted_at` are deleted; those without are finished."""
    rows: list[Row] = [["created_at", "deleted_at", "nps"],
                       *([day, day if at % 10 == 0 else "", s] for at, (day, s) in enumerate(
                           zip(DAYS, SCORES, strict=True)))]  # fmt: skip
    table, recognised = read(tmp_path, rows)
    assert recognised.columns["responded_at"] == "created_at"
    scores, _, rejected = cleaned(table)
    assert (len(scores), rejected) == (36, {"deleted_by_tool": 4})


def test_when_it_was_sent_is_not_when_it_was_answered(tmp_path: Path) -> None:
    """`Survey Sent At (UTC)` is of the question, though `Created At (UTC)` is only when the record was made."""
    rows: list[Row] = [["Score", "Survey Sent At (UTC)", "Created At (UTC)"],
                       *([s, "2025-12-24 08:00:00", day] for day, s in zip(DAYS, SCORES, strict=True))]  # fmt: skip
    recognised = read(tmp_path, rows)[1]
    assert recognised.columns["asked_at"] == "Survey Sent At (UTC)"
    assert recognised.columns["responded_at"] == "Created At (UTC)"


@pytest.mark.parametrize(
    "header", ["is_test", "Test Entry", "Spam", "isDeleted", "e_excluded_yn", "Skipped", "Is preview?", "Test response"]
)
def test_flags_keep_their_rows_out(tmp_path: Path, header: str) -> None:
    """A yes in a column that is called so: the row is no answer of a customer."""
    rows: list[Row] = [["Date", header, ASKED],
                       *([day, str(at % 8 == 0).lower(), s] for at, (day, s) in enumerate(
                           zip(DAYS, SCORES, strict=True)))]  # fmt: skip
    scores, _, rejected = cleaned(read(tmp_path, rows)[0])
    assert (len(scores), rejected) == (35, {"excluded_by_tool": 5})


def test_how_far_somebody_came(tmp_path: Path) -> None:
    """Below 100 per cent the survey was not finished."""
    rows: list[Row] = [["Date", "% complete", ASKED],
                       *([day, "60 %" if at % 8 == 0 else "100 %", s] for at, (day, s) in enumerate(
                           zip(DAYS, SCORES, strict=True)))]  # fmt: skip
    assert cleaned(read(tmp_path, rows)[0])[2] == {"unfinished": 5}


def test_trials_in_a_column_of_another_name_are_told(tmp_path: Path) -> None:
    """`Environment` may be a segment: its rows count, and what to write stands in the ledger."""
    rows: list[Row] = [["Date", "Environment", ASKED],
                       *([day, "test" if at % 8 == 0 else "production", s] for at, (day, s) in enumerate(
                           zip(DAYS, SCORES, strict=True)))]  # fmt: skip
    note = next(note for note in read(tmp_path, rows)[1].notes if "Environment" in note)
    assert 'says "test" in 5 of the rows' in note
    assert 'status = "Environment"' in note
    assert len(cleaned(read(tmp_path, rows, status="Environment")[0])[0]) == 35


def test_an_answer_in_two_versions_counts_once(tmp_path: Path) -> None:
    """An id of an answer that comes again: the latest version counts, not both."""
    rows: list[Row] = [["response_id", "version", "date", "nps"]]
    for at, (day, score) in enumerate(zip(DAYS, SCORES, strict=True)):
        rows += [[f"r{at}x", 1, day, 5], [f"r{at}x", 2, day.replace(":00", ":30"), score]]
    table, recognised = read(tmp_path, rows)
    assert recognised.columns["respondent_id"] == "response_id"
    assert cleaned(table)[0] == SCORES


def test_numbers_of_answers_that_restart_are_told_and_count(tmp_path: Path) -> None:
    """1 to 20 twice in one file are two waves below one another as likely as two versions: nothing is dropped."""
    rows: list[Row] = [["response_id", "date", "nps"]]
    rows += [[at % 20 + 1, day, score] for at, (day, score) in enumerate(zip(DAYS, SCORES, strict=True))]
    table, recognised = read(tmp_path, rows)
    assert any("20 ids in 40 rows" in note for note in recognised.notes)
    assert len(cleaned(table)[0]) == 40


def test_a_question_in_five_languages_may_be_one(tmp_path: Path) -> None:
    """Five columns, of which each row fills one: the refusal says how to read them together, and it works."""
    asked = [ASKED, "Hur troligt är det att du rekommenderar oss?", "Vil du anbefale oss?", "Zou u ons aanbevelen?",
             "Würden Sie uns empfehlen?"]  # fmt: skip
    rows: list[Row] = [["Date", *asked]]
    rows += [
        [day, *(score if at % 5 == place else "" for place in range(5))]
        for at, (day, score) in enumerate(zip(DAYS * 3, [s for s in SCORES for _ in range(3)], strict=True))
    ]
    with pytest.raises(Undecidable, match="no row has an answer in two of them") as refused:
        read(tmp_path, rows)
    assert all(f'"{question}"' in str(refused.value) for question in asked)
    table, _ = read_export(tmp_path / "answers.csv", columns={"score": asked})
    assert len(cleaned(table)[0]) == 120


def test_a_column_for_each_answer_is_no_choice_of_columns(tmp_path: Path) -> None:
    """Columns of 0 and 1: none of them is the score, and none is offered as it; all eleven together are."""
    rows: list[Row] = [["date", *(f"nps_{score}" for score in range(11))],
                       *([day, *(int(s == score) for score in range(11))] for day, s in zip(
                           DAYS, SCORES, strict=True))]  # fmt: skip
    assert cleaned(read(tmp_path, rows)[0])[0] == SCORES
    with pytest.raises(BadFile, match="a column for each of its answers"):
        read(tmp_path, [row[:-1] for row in rows])
    with pytest.raises(BadAnswers) as refused:
        read(tmp_path, rows, score="nps_10")
    assert "If 10 could be chosen" not in str(refused.value)


@pytest.mark.parametrize("header", ["KPI", "Type", "Score type", "Kind"])
def test_what_a_row_measures_is_known_by_its_words(tmp_path: Path, header: str) -> None:
    """NPS and CSAT below one another: the words tell, whatever the header; 1 to 5 would be detractors."""
    rows: list[Row] = [["Date", header, "Score"]]
    rows += [[day, "NPS", score] for day, score in zip(DAYS, SCORES, strict=True)]
    rows += [[day, "CSAT", 1 + at % 5] for at, day in enumerate(DAYS)]
    scores, _, rejected = cleaned(read(tmp_path, rows)[0])
    assert (scores, rejected) == (SCORES, {"not_nps": 40})


def test_the_name_of_a_survey_may_say_that_it_is_no_nps(tmp_path: Path) -> None:
    """Nothing but "CES ticket" tells that the answers are of effort; a survey without such a word counts."""
    rows: list[Row] = [["Date", "Survey name", "Score"]]
    rows += [[day, "Customers 2026", score] for day, score in zip(DAYS, SCORES, strict=True)]
    rows += [[day, "CES ticket", 1 + at % 7] for at, day in enumerate(DAYS)]
    table, recognised = read(tmp_path, rows)
    assert any('"CES ticket" say that they are not NPS' in reason for reason in recognised.reasons)
    assert cleaned(table)[0] == SCORES
    # Where the header asks the question, its answers are to it.
    rows[0] = ["Date", "Survey name", ASKED]
    rows[1:] = [
        [day, name, score] for day, name, score in zip(DAYS, ["CSAT survey", "Other"] * 20, SCORES, strict=True)
    ]
    assert cleaned(read(tmp_path, rows)[0])[0] == SCORES
