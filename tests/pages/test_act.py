"""The page of action: lists as of the last answer, the next survey, names to mask; a bare study says what it lacks."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from nps_utils import Study
from nps_utils.pages.act import accounts_beside, contact_lists, known_names, next_survey
from nps_utils.report.summary.action import _first_calls
from nps_utils.stats.verdicts import judge
from nps_utils.study.study import NotInStudy
from nps_utils.tables.act import cases_sentence, open_cases
from nps_utils.words.markup import as_text
from nps_utils.words.translation import Local


def test_lists_are_as_of_the_last_answer(demo: Study) -> None:
    """Nobody is listed for an answer that is not a detractor's, unless a promoter fell."""
    lists = contact_lists(demo)
    last = demo.responses()["responded_at"].max().tz_convert(demo.timezone)
    assert pd.Timestamp(lists.on).date() == last.date()
    low = lists.cases["score"] <= 6
    assert (lists.cases.loc[~low, "score_before"] >= 9).all()
    assert (lists.cases["days_waiting"] >= 0).all()


def test_the_next_survey_is_on_the_first_of_the_month(demo: Study) -> None:
    """After the last answer, to no more people than the frame has, at the rate so far."""
    row = next_survey(demo).iloc[0]
    assert row["date"].day == 1
    assert row["date"] > demo.responses()["responded_at"].max().date()
    people = demo.frame()["respondent_id"].nunique()
    assert 0 < row["people"] <= people
    assert row["answers"] == int(row["people"] * row["rate"])
    assert row["margin"] > 0


def test_without_a_frame_nobody_is_asked_next(bare: Study) -> None:
    """It says what is missing."""
    with pytest.raises(NotInStudy, match=r"no \[frame\]"):
        next_survey(bare)
    assert known_names(bare) == []


def test_a_bare_study_gets_sentences(bare: Study, shown_by: Callable[[str, Path], list[str]]) -> None:
    """Scores and nothing else: nobody waits who has no date."""
    shown = shown_by("06-act", bare.folder)
    assert "The answers carry no dates" in shown[0]
    assert not [text for text in shown if "nan" in text.lower().split()]


def test_the_margin_of_the_next_survey_knows_that_answers_of_an_account_are_alike(demo: Study) -> None:
    """155 answers cannot promise half the interval of a score that 318 answers have by account."""
    row = next_survey(demo).iloc[0]
    now = judge(demo.responses()).now
    if now["design"] != "clustered":
        pytest.skip("the small demo has no account that answers often")
    as_many = row["margin"] * math.sqrt(row["answers"] / now["n"])
    assert as_many == pytest.approx((now["high"] - now["low"]) / 2, rel=0.15)


def test_the_page_and_the_first_page_count_the_list_alike(demo: Study) -> None:
    """Of the last 48 hours, at accounts with half the value, over 90 days: the same numbers, counted anew here."""
    lists = contact_lists(demo)
    cases = lists.cases
    days = (lists.on.tz_localize(None) - pd.to_datetime(cases["responded_on"])).dt.days
    new, old = days <= 2, days > 90
    half = (cases["value_class"] == "A") & ~new & ~old
    said = as_text(cases_sentence(lists))
    assert f"{new.sum()} of the last 48 hours, {half.sum()} at accounts that hold the first half" in said
    assert f"and {old.sum()} from over 90 days ago" in said
    table = open_cases(lists).data.groupby("part")["cases"].sum()
    assert table["A"] == half.sum()
    assert table["over 90 days"] == old.sum()
    assert table.sum() == len(cases)
    told = " ".join(_first_calls(cases, Local("en")))
    assert f"First the {new.sum()} of the last 48 hours, then {half.sum()} at accounts with half the value." in told


def test_without_a_table_of_accounts_the_name_beside_the_number_is_listed() -> None:
    """Whoever calls knows a company by its name; a column in which people of one account differ is none of names."""
    answers = pd.DataFrame({"account_id": ["17", "17", "23", None], "Företag": ["Bo AB", "Bo AB", "Kro AB", "Ny AB"]})
    assert accounts_beside(answers).to_numpy().tolist() == [["17", "Bo AB"], ["23", "Kro AB"]]  # type: ignore[union-attr]
    assert accounts_beside(answers.assign(Företag=["Per", "Ann", "Bo", "Eva"])) is None
    assert accounts_beside(answers.assign(Företag=answers["account_id"])) is None
    assert accounts_beside(answers[["account_id"]]) is None
