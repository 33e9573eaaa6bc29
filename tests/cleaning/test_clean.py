"""Cleaning: each rule on hand-made rows, the ledger that accounts for every row, and equal results on every engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_utils.checks import BadAnswers, BadInput, BadValue, MissingColumn
from nps_utils.cleaning.clean import clean
from nps_utils.cleaning.ledger import RowsLost, check_rows
from nps_utils.columns import RESPONSE
from nps_utils.tables.cleaning import reason_words

REAL = Path(__file__).parents[3] / "shared" / "data" / "real"
OSLO = "Europe/Oslo"


def table(*rows: Mapping[str, str | None]) -> pl.DataFrame:
    """Make a text table of rows that name only the cells that matter."""
    names = dict.fromkeys(name for row in rows for name in row)
    cells: dict[str, Any] = {name: [row.get(name) for row in rows] for name in names}
    frame = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String))
    given_file = frame if "source_file" in frame.columns else frame.with_columns(source_file=pl.lit("a.csv"))
    return given_file.with_columns(source_row=pl.int_range(2, pl.len() + 2))


def fates(frame: pl.DataFrame, **options: Any) -> list[str]:
    """Return for each row "kept", "kept: flag" or the reason of its rejection, in order."""
    responses, ledger = clean(frame, timezone=OSLO, **options)
    told = dict.fromkeys(responses["source_row"], "kept")
    for row in ledger.filter(pl.col("action") != "noted").to_dicts():
        told[row["source_row"]] = row["reason"] if row["action"] == "rejected" else f"kept: {row['reason']}"
    assert len(told) == frame.height
    return [told[row] for row in sorted(told)]


def noted(frame: pl.DataFrame, **options: Any) -> str:
    """Return the noted sentences of the ledger."""
    _, ledger = clean(frame, timezone=OSLO, **options)
    return "\n".join(ledger.filter(pl.col("action") == "noted")["value"])


def test_scores_are_read_or_rejected_with_their_cell() -> None:
    """Each way of writing an answer ends as a score, or in the ledger with the cell as it was."""
    cells = [
        "9",
        "9.0",
        "Extremely likely - 10",
        "10 - svært sannsynlig",
        "8/10",
        "NA",
        "-",
        "11",
        "6.5",
        "great",
        "-1",
    ]
    frame = table(*({"score": cell} for cell in cells))
    with pytest.raises(BadAnswers, match=r'no cell that can be read is 0: "great" .row 11.'):
        clean(frame, timezone=OSLO)
    responses, ledger = clean(frame, timezone=OSLO, labels={"*": None})
    assert responses["score"].to_list() == [9, 9, 10, 10, 8]
    assert responses["score"].dtype == pl.Int8
    rejected = ledger.filter(pl.col("action") == "rejected").select("source_row", "reason", "value")
    assert rejected.rows() == [
        (7, "missing_score", "NA"), (8, "missing_score", "-"), (9, "score_out_of_range", "11"),
        (10, "fractional_score", "6.5"), (11, "unreadable_score", "great"), (12, "score_out_of_range", "-1"),
    ]  # fmt: skip


def test_the_comment_of_a_rejected_row_is_kept() -> None:
    """A comment without a score is not lost: it is in the ledger, and the row is no unanswered view."""
    frame = table({"score": None, "comment": "Good", "responded_at": "2024-01-01"}, {"score": "9"})
    _, ledger = clean(frame, timezone=OSLO)
    assert ledger.filter(pl.col("reason") == "missing_score")["comment"].to_list() == ["Good"]


def test_rules_of_single_rows_in_their_order() -> None:
    """Each rule rejects its row, and the first that holds names it."""
    good: dict[str, str | None] = {"score": "9", "responded_at": "2024-01-01", "survey_type": "NPS", "finished": "True"}
    rows: list[tuple[dict[str, str | None], str]] = [
        ({}, "kept"),
        ({"source_problem": "broken_row", "status": "Preview"}, "broken_row"),
        ({"status": "Survey Preview"}, "preview_or_test"),
        ({"status": "8"}, "preview_or_test"),
        ({"status": "0"}, "kept"),
        ({"channel": "test", "email": "a@own.example"}, "preview_or_test"),
        ({"email": "Anna@Own.example "}, "own_staff"),
        ({"email": "anna@mail.own.example"}, "own_staff"),
        ({"email": "anna@notown.example"}, "kept"),
        ({"respondent_id": "bo@own.example"}, "own_staff"),
        ({"excluded": "true", "score": "11"}, "excluded_by_tool"),
        ({"excluded": "false"}, "kept"),
        ({"survey_type": "CSAT", "score": "2"}, "not_nps"),
        ({"survey_type": ""}, "kept"),
        ({"score": "", "comment": " "}, "unanswered_view"),
        ({"score": "", "finished": "False"}, "unanswered_view"),
        ({"score": "7", "finished": "0"}, "unfinished"),
        ({"score": "", "comment": "why?"}, "missing_score"),
        ({"score": "NA"}, "missing_score"),
        ({"responded_at": None}, "missing_date"),
        ({"responded_at": "n/a"}, "missing_date"),
        ({"responded_at": "soon"}, "unreadable_date"),
        ({"source_flag": "other_encoding"}, "kept: other_encoding"),
    ]
    # Each row gets its own id of response, so that none repeats another.
    frame = table(*(good | {"response_id": str(place)} | row for place, (row, _) in enumerate(rows)))
    assert fates(frame, staff_domains=["own.example"], scale="0-10") == [fate for _, fate in rows]
    assert fates(frame, staff_domains=["@own.example"], partials="keep", scale="0-10")[16] == "kept"


def test_without_dates_and_status_an_empty_answer_is_a_missing_score() -> None:
    """Only a sign that the survey was delivered makes an empty row an unanswered view."""
    assert fates(table({"score": "", "comment": ""}, {"score": "3"})) == ["missing_score", "kept"]


def test_identical_rows() -> None:
    """With an id an identical row is a duplicate; without one it may be another person, and is flagged."""
    with_id = {"score": "9", "response_id": "r1", "comment": "ok"}
    assert fates(table(with_id, with_id, with_id)) == ["kept", "duplicate_row", "duplicate_row"]
    assert fates(table(with_id, with_id), duplicates="keep") == ["kept", "kept"]
    without = {"score": "9", "comment": "ok"}
    assert fates(table(without, without)) == ["kept", "kept: possible_duplicate"]
    assert fates(table(without, without), flagged="reject") == ["kept", "possible_duplicate"]
    other = {"score": "9", "comment": "ok", "segment": "b"}
    assert fates(table(without | {"segment": "a"}, other)) == ["kept", "kept"]


def test_one_response_in_two_exports_counts_once() -> None:
    """The same response id in another file is rejected there; within a file it is its own reason."""
    frame = table(
        {"source_file": "a.csv", "response_id": "x", "score": "9"},
        {"source_file": "a.csv", "response_id": "y", "score": "9"},
        {"source_file": "b.csv", "response_id": "x", "score": "9"},
        {"source_file": "b.csv", "response_id": "z", "score": "9"},
        {"source_file": "b.csv", "response_id": "z", "score": "8"},
        {"source_file": "b.csv", "response_id": "", "score": "8"},
        {"source_file": "b.csv", "response_id": None, "score": "7"},
    )
    assert fates(frame) == [
        "kept", "kept", "same_response_in_two_exports", "kept", "same_response_id", "kept", "kept",
    ]  # fmt: skip


def test_a_rejected_row_does_not_displace_a_good_one() -> None:
    """A later answer without a score does not set the earlier one aside."""
    frame = table(
        {"response_id": "1", "respondent_id": "p", "score": "9", "responded_at": "2024-01-01"},
        {"response_id": "2", "respondent_id": "p", "score": "11", "responded_at": "2024-02-01"},
        {"response_id": "1", "respondent_id": "q", "score": "11", "responded_at": "2024-02-01"},
    )
    assert fates(frame, labels={"*": None}) == ["kept", "score_out_of_range", "score_out_of_range"]


def answers_of_one_person() -> pl.DataFrame:
    """Five answers of one person over two quarters and two touchpoints, two of them within three minutes."""
    return table(
        {
            "response_id": "1",
            "email": "P@x.example",
            "score": "3",
            "responded_at": "2024-01-05 10:00",
            "touchpoint": "t",
        },
        {
            "response_id": "2",
            "email": "p@x.example",
            "score": "5",
            "responded_at": "2024-02-05 10:00",
            "touchpoint": "t",
        },
        {
            "response_id": "3",
            "email": "p@x.example",
            "score": "6",
            "responded_at": "2024-02-05 10:03",
            "touchpoint": "t",
        },
        {
            "response_id": "4",
            "email": "p@x.example",
            "score": "9",
            "responded_at": "2024-04-05 10:00",
            "touchpoint": "t",
        },
        {
            "response_id": "5",
            "email": "p@x.example",
            "score": "8",
            "responded_at": "2024-02-06 10:00",
            "touchpoint": "u",
        },
    )


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["earlier_answer_same_wave", "repeated_submission", "kept", "kept", "kept"]),
        ({"repeats": "first"}, ["kept", "later_answer_same_wave", "repeated_submission", "kept", "kept"]),
        ({"repeats": "all"}, ["kept", "repeated_submission", "kept", "kept", "kept"]),
        ({"repeats": "all", "duplicates": "keep"}, ["kept"] * 5),
        ({"repeat_minutes": 1}, ["earlier_answer_same_wave"] * 2 + ["kept"] * 3),
        (
            {"wave": "year"},
            ["earlier_answer_same_wave", "repeated_submission", "earlier_answer_same_wave", "kept", "kept"],
        ),
        ({"wave": "month"}, ["kept", "repeated_submission", "kept", "kept", "kept"]),
    ],
)
def test_several_answers_of_one_person(options: dict[str, Any], expected: list[str]) -> None:
    """One answer of each person, touchpoint and wave counts, by choice; the others are in the ledger."""
    assert fates(answers_of_one_person(), **options) == expected


@pytest.mark.parametrize(
    ("repeats", "expected"),
    [("latest", ["earlier_row_same_wave", "kept"]), ("first", ["kept", "later_row_same_wave"]), ("all", ["kept"] * 2)],
)
def test_where_no_time_tells_the_order_of_rows_does_and_says_so(repeats: str, expected: list[str]) -> None:
    """Without dates, and for two answers of one day, the reason is not that an answer was earlier."""
    person = {"response_id": "1", "email": "p@x.example", "score": "3"}
    later = {**person, "response_id": "2", "score": "9"}
    assert fates(table(person, later), repeats=repeats) == expected
    assert reason_words(expected[0]) != expected[0].replace("_", " ") or expected[0] == "kept"


def test_rows_without_a_person_are_never_merged() -> None:
    """An account is not a person, and no name is not a name."""
    rows = [{"account_id": "a", "respondent_id": "", "score": str(n), "responded_at": "2024-01-01"} for n in range(5)]
    assert fates(table(*rows)) == ["kept"] * 5


def test_weights_are_refused() -> None:
    """-100, 0 and 100 are a tool's weights; no score is invented from them."""
    with pytest.raises(BadValue, match="weights"):
        clean(table({"score": "-100"}, {"score": "0"}, {"score": "100"}), timezone=OSLO)


def test_weights_among_other_surveys_do_not_hide() -> None:
    """Rows of other survey types do not make a file's weights look like scores."""
    rows = [{"score": "-100", "survey_type": "NPS"}, {"score": "100", "survey_type": "NPS"}]
    with pytest.raises(BadValue, match="weights"):
        clean(table(*rows, {"score": "5", "survey_type": "CES"}), timezone=OSLO)


def test_a_scale_without_zeros_is_noted() -> None:
    """A missing 0 beside low answers is said and nothing is rescaled."""
    frame = table(*({"score": score} for score in ["1"] * 6 + ["10"] * 3))
    assert "no 0 in 9 answers" in noted(frame)
    assert clean(frame, timezone=OSLO)[0]["score"].to_list() == [1] * 6 + [10] * 3


def test_labels_are_compared_with_scores_in_every_language() -> None:
    """Labels of tools are read in our languages; a wrong one is flagged and counted, and the score counts."""
    rows = [
        {"score": "9", "score_label": "Ambassadør"}, {"score": "7", "score_label": "Passiva"},
        {"score": "3", "score_label": "Criticaster"}, {"score": "3", "score_label": "arrangör"},
        {"score": "10", "score_label": "motståndare"}, {"score": "8", "score_label": "Sometimes"},
    ]  # fmt: skip
    frame = table(*rows)
    with pytest.raises(
        BadAnswers, match=r'2 of 5 answers contradict(?s:.*)"3" .read as 3, detractor. beside "arrangör"'
    ):
        clean(frame, timezone=OSLO)
    fate = ["kept", "kept", "kept", "kept: label_disagrees", "kept: label_disagrees", "kept"]
    assert fates(frame, groups="ignore") == fate
    assert "2 of 5 labels" in noted(frame, groups="ignore")
    assert "Sometimes" in noted(frame, groups="ignore")


def test_columns_of_the_result() -> None:
    """Canonical columns come first, always; the export's own follow unchanged, ids to the last character."""
    frame = table({"score": "9", "response_id": "007 ", "Land": "NO", "consent_to_quote": "true", "comment": "NA"})
    responses, ledger = clean(frame, timezone=OSLO)
    assert responses.columns == [*RESPONSE, "Land"]
    assert responses.row(0, named=True) | {"responded_at": None} == {
        **dict.fromkeys(RESPONSE), "score": 9, "response_id": "007 ", "Land": "NO", "consent_to_quote": True,
        "wave": "all", "source_file": "a.csv", "source_row": 2,
    }  # fmt: skip
    assert ledger.columns == ["source_file", "source_row", "action", "reason", "value", "comment"]
    assert "no dates" in noted(frame)


def test_a_wave_of_the_export() -> None:
    """The export's own waves are used when asked for, and where there are no dates."""
    frame = table({"score": "9", "wave": "spring"}, {"score": "8", "wave": ""})
    assert clean(frame, timezone=OSLO)[0]["wave"].to_list() == ["spring", "all"]
    assert fates(frame, wave="column") == ["kept", "missing_wave"]
    with pytest.raises(MissingColumn, match="wave"):
        clean(table({"score": "9"}), timezone=OSLO, wave="column")


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"repeats": "last"}, "latest"), ({"staff_domains": "own.example"}, "list"), ({"timezone": "Mars"}, "Mars"),
        ({"timezone": {"a.csv": "UTC", "b.csv": OSLO}}, "wave_timezone"), ({"repeat_minutes": 0}, "repeat_minutes"),
        ({"partials": "drop"}, "partials"), ({"flagged": "drop"}, "flagged"), ({"duplicates": "drop"}, "duplicates"),
    ],
)  # fmt: skip
def test_wrong_options_are_named(options: dict[str, Any], word: str) -> None:
    """Every option that cannot be used is an error that says so."""
    with pytest.raises(BadValue, match=word):
        clean(table({"score": "9"}), **({"timezone": OSLO} | options))


def test_tables_that_cannot_be_cleaned() -> None:
    """No score column, no table at all, two columns of one name, cells that are no cells."""
    with pytest.raises(MissingColumn, match="score"):
        clean(pd.DataFrame({"rating": ["9"]}), timezone=OSLO)
    with pytest.raises(BadInput, match="list"):
        clean([9], timezone=OSLO)
    with pytest.raises(BadValue, match="two columns"):
        clean(pd.DataFrame([["9", "9"]], columns=["score", "score"]), timezone=OSLO)
    with pytest.raises(BadValue, match="score"):
        clean(pl.DataFrame({"score": [[9]]}), timezone=OSLO)


def test_columns_named_like_our_own_survive() -> None:
    """Names with an underscore, as databases write them, do not meet the columns that cleaning makes."""
    own = {"_order": "x", "_reason": "y", "responded_at:utc": "z", "_at": "0"}
    frame = table({"score": "9", "responded_at": "2024-01-01"} | own)
    assert clean(frame, timezone=OSLO)[0].select(list(own)).to_dicts() == [own]
    assert clean(frame.to_pandas(), timezone=OSLO)[0][list(own)].to_dict("records") == [own]


def test_an_empty_table_is_no_error() -> None:
    """No rows in, no rows out, all columns there."""
    for frame in (pl.DataFrame({"score": []}, schema={"score": pl.String}), pd.DataFrame({"score": []})):
        responses, ledger = clean(frame, timezone=OSLO)
        assert list(responses.columns) == list(RESPONSE)
        assert len(ledger) == 0


def test_typed_tables_are_read_like_text() -> None:
    """Numbers, times and categories of a data frame mean what their text would."""
    at = dt.datetime(2024, 1, 5, 10, tzinfo=dt.UTC)
    frame = pd.DataFrame(
        {"score": [9, 6.5, None], "responded_at": [at, at, at], "channel": pd.Categorical(["a", "b", "a"])}
    )
    responses, ledger = clean(frame, timezone=OSLO)
    assert responses[["score", "responded_at", "wave", "channel"]].to_dict("records") == [
        {"score": 9, "responded_at": pd.Timestamp(at), "wave": "2024-Q1", "channel": "a"}
    ]
    assert ledger["reason"].to_list()[:2] == ["fractional_score", "unanswered_view"]


def test_lost_rows_are_our_own_failure() -> None:
    """The check at run time notices one row too few and one too many."""
    responses, ledger = clean(table({"score": "9"}, {"score": "11"}), timezone=OSLO)
    check_rows(2, responses=responses, ledger=ledger)
    for rows_in in (1, 3):
        with pytest.raises(RowsLost, match="fault of the cleaning"):
            check_rows(rows_in, responses=responses, ledger=ledger)


# Cells that bite: forms of dates and scores, missing words, and any text at all.
CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        ["", "9", "0", "10", "11", "6.5", "NA", "8/10", "Likely - 7", "true", "False", "1", "CSAT", "Preview"]
    ),
    st.sampled_from(
        ["2024-03-31 02:30", "24.02.2024 11.35", "1424777707", "42059.5", "2024-01-01T00:00:00Z", "13/1/2024"]
    ),
    st.text(max_size=8),
)
# Mostly answers, mostly empty cells: so that rows get past the rules of single rows and meet each other.
ANSWERS = st.one_of(st.integers(0, 10).map(str), st.integers(0, 10).map(str), CELLS)
SOME = st.one_of(st.none(), st.none(), st.sampled_from(["a", "b"]), CELLS)
NAMES = (
    *("response_id", "respondent_id", "email", "comment", "responded_at", "asked_at", "status", "finished", "excluded"),
    *("survey_type", "score_label", "wave", "source_flag", "source_problem", "consent_to_quote", "Segment", 'été "x"'),
)


@st.composite
def text_tables(draw: st.DrawFn) -> pl.DataFrame:
    """Any table of text cells with a score column, in one or two files."""
    names = ["score", *draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=7))]
    n = draw(st.integers(0, 7))
    columns = {name: draw(st.lists(ANSWERS if name == "score" else SOME, min_size=n, max_size=n)) for name in names}
    files = draw(st.lists(st.sampled_from(["a.csv", "b.csv"]), min_size=n, max_size=n))
    schema = dict.fromkeys([*names, "source_file"], pl.String)
    frame = pl.DataFrame(columns | {"source_file": sorted(files)}, schema=schema)
    return frame.with_columns(source_row=pl.int_range(2, pl.len() + 2, dtype=pl.Int64))


@settings(max_examples=60, deadline=None)
@given(text_tables(), st.sampled_from(["latest", "first", "all"]), st.sampled_from(["keep", "reject"]))
def test_any_table_is_accounted_for_and_engines_agree(frame: pl.DataFrame, repeats: Any, flagged: Any) -> None:
    """Responses and rejected rows are the rows in; ids are unchanged; pandas and Polars agree to the cell."""
    options: dict[str, Any] = {"timezone": OSLO, "repeats": repeats, "flagged": flagged}
    options |= {"labels": {"*": None}, "groups": "ignore"}  # most such tables would be refused
    try:
        responses, ledger = clean(frame, **options)
    except BadInput as refused:
        with pytest.raises(type(refused)):
            clean(frame.to_pandas(), **options)
        return
    rejected = ledger.filter(pl.col("action") == "rejected")
    assert sorted([*responses["source_row"], *rejected["source_row"]]) == frame["source_row"].to_list()
    if "response_id" in frame.columns:
        before = dict(frame.select("source_row", "response_id").rows())
        assert all(before[row] == name for row, name in responses.select("source_row", "response_id").rows())
    in_pandas, its_ledger = clean(frame.to_pandas(), **options)
    back = pl.from_pandas(in_pandas, schema_overrides=responses.schema).select(responses.columns)
    assert back.equals(responses)
    assert pl.from_pandas(its_ledger, schema_overrides=ledger.schema).equals(ledger)


def test_every_kind_of_table_comes_back_as_it_came() -> None:
    """Lazy Polars, PyArrow, DuckDB and pandas give the rows that Polars gives, in their own kind."""
    frame = answers_of_one_person()
    responses, ledger = clean(frame, timezone=OSLO)
    lazy = clean(frame.lazy(), timezone=OSLO)
    assert all(isinstance(part, pl.LazyFrame) for part in lazy)
    assert lazy[0].collect().equals(responses)
    assert lazy[1].collect().equals(ledger)
    arrow = clean(frame.to_arrow(), timezone=OSLO)
    assert all(isinstance(part, pa.Table) for part in arrow)
    assert pl.DataFrame(arrow[0]).equals(responses)
    relation = clean(duckdb.from_arrow(frame.to_arrow()), timezone=OSLO)
    assert all(isinstance(part, duckdb.DuckDBPyRelation) for part in relation)
    assert relation[0].pl().select(pl.col("response_id")).equals(responses.select("response_id"))
    kept = clean(frame.to_pandas().set_index(pd.Index(list("abcde"))), timezone=OSLO)[0]
    assert kept["response_id"].to_list() == responses["response_id"].to_list()


def real(name: str, columns: dict[str, str]) -> pl.DataFrame:
    """Read one of the public files, or skip where they are not."""
    path = REAL / name
    if not path.exists():
        pytest.skip(f"shared/data/real/{name} absent")
    text = pl.read_csv(path, infer_schema=False, encoding="utf8-lossy")
    named = text.rename({source: canonical for canonical, source in columns.items()})
    return named.with_columns(source_file=pl.lit(name), source_row=pl.int_range(2, pl.len() + 2))


def test_telecom_file() -> None:
    """2,385 rows: 2,353 responses, 32 comments without a score, dates proved day first, NPS -24.7."""
    columns = {"responded_at": "CUSTOMER_RESPONSE_DATE", "touchpoint": "SURVEY_SUB_TYPE", "score": "NPS_SCORE"}
    frame = real("telecom_uk_verbatims.csv", columns | {"score_label": "NPS_RATING", "comment": "text"})
    responses, ledger = clean(frame, timezone="Europe/London")
    assert responses.height == 2353
    rejected = ledger.filter(pl.col("action") == "rejected")
    assert rejected["reason"].unique().to_list() == ["missing_score"]
    assert rejected["comment"].null_count() == 0
    assert rejected.height == 32
    assert "day first" in "\n".join(ledger.filter(pl.col("reason") == "dates")["value"])
    score = responses["score"]
    assert round(100 * ((score >= 9).sum() - (score <= 6).sum()) / len(score), 1) == -24.7


def test_hr_file() -> None:
    """348 answers without ids: one identical row is flagged and kept; the missing 0 is noted."""
    columns = {"account_id": "Company_ID", "responded_at": "Data_Received", "score": "NPS_Score"}
    frame = real("hr_saas_b2b_nps.csv", columns)
    responses, ledger = clean(frame, timezone="Europe/Brussels")
    assert responses.height == 348
    assert ledger.filter(pl.col("reason") == "possible_duplicate").height == 1
    assert "no 0 in 348 answers" in "\n".join(ledger.filter(pl.col("action") == "noted")["value"])


def test_garden_file() -> None:
    """342 scores NA are missing scores, not views; the 1-10 scale is suspected."""
    frame = real("garden_retail_fr_mixed_encoding.csv", {"score": "nps", "comment": "explication"})
    responses, ledger = clean(frame, timezone="Europe/Paris")
    assert responses.height == 13_612
    assert ledger.filter(pl.col("reason") == "missing_score").height == 342
    assert ledger.filter(pl.col("reason") == "scale_suspicion").height == 1


def test_a_file_pasted_twice_without_ids_counts_once() -> None:
    """The same sentence at the same minute is one answer; where many are copies, so are those without a comment."""
    once = [
        {"score": str(i % 11), "responded_at": f"2026-03-{1 + i % 28:02d} 09:{i % 60:02d}", "comment": text}
        for i in range(40)
        for text in [f"the delivery of order {i} came late" if i % 2 else ""]
    ]
    frame = table(*once, *once)
    assert fates(frame, scale="0-10") == ["kept"] * 40 + ["duplicate_row"] * 40
    kiosk = [row | {"comment": ""} for row in once]  # at a kiosk two may press the same button in a minute
    assert "duplicate_row" not in fates(table(*kiosk, *kiosk), scale="0-10")
    day = [row | {"responded_at": row["responded_at"][:10]} for row in once]
    assert "duplicate_row" not in fates(table(*day, *day), scale="0-10")


def test_an_export_that_holds_the_one_before_counts_each_answer_once_without_ids() -> None:
    """500 answers of 300: a tool without ids exports everything again each month."""
    once = [
        {"score": str(i % 11), "responded_at": f"2026-03-{1 + i % 28:02d} 09:{i % 60:02d}", "comment": text}
        for i in range(40)
        for text in [f"the delivery of order {i} came late" if i % 2 else ""]
    ]
    first, second = ([row | {"source_file": name} for row in once[:n]] for name, n in (("a.csv", 30), ("b.csv", 40)))
    told = ["kept"] * 30 + ["same_response_in_two_exports"] * 30 + ["kept"] * 10
    assert fates(table(*first, *second), scale="0-10") == told
    other = [row | {"touchpoint": "shop"} for row in second]
    assert fates(table(*(row | {"touchpoint": "web"} for row in first), *other), scale="0-10") == ["kept"] * 70
