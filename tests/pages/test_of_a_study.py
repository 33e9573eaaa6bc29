"""What the pages take from a study: plan, cleaning choices, weights, themes, and what a bare study says instead."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nps_utils import Limit, Study, attempt, count_bands, score, tables
from nps_utils.columns import last_day
from nps_utils.pages import plan
from nps_utils.pages.act import read_remarks
from nps_utils.pages.cleaning import cleaning_choices
from nps_utils.pages.comments import at_touchpoint, changes_in_words, effects_in_words
from nps_utils.pages.nps import beside_the_frame, shrunk_and_ranked, with_asked
from nps_utils.report.start import start_study
from nps_utils.stats.weighting.clustered import weighted_score
from nps_utils.stats.weighting.silence import bounds, response_rates


@pytest.fixture(scope="module")
def demo() -> Study:
    return Study.open(Path(__file__).parents[2] / "data" / "demo")


@pytest.fixture
def bare(tmp_path: Path) -> Study:
    """One wave, no people, no comments, nothing else."""
    (tmp_path / "a.csv").write_text("NPS\n" + "9\n10\n3\n8\n" * 5, "utf-8")
    list(start_study(tmp_path / "s", [tmp_path / "a.csv"]))
    return Study.open(tmp_path / "s")


def test_the_reported_choice_is_the_report(demo: Study) -> None:
    """The first row equals the score of the responses; every answer kept is at least as many."""
    choices = cleaning_choices(demo).set_index("choice")
    reported = score(count_bands(demo.responses())).iloc[0]
    assert choices.loc["as reported", "nps"] == reported["nps"]
    assert choices.loc["every answer of a person", "n"] > reported["n"]
    assert "latest answer per person and wave" not in choices.index  # it is what was reported


def test_weights_that_change_nothing_change_nothing(demo: Study) -> None:
    """Raked to their own shares, the answers score as they are."""
    responses = demo.responses().dropna(subset=["size", "account_id"])
    everybody = responses.assign(respondent_id=[f"p{i}" for i in range(len(responses))])
    table = beside_the_frame(responses, everybody, columns=["size"])
    assert table["nps"].iloc[2] == pytest.approx(table["nps"].iloc[0], abs=1e-6)
    alone = weighted_score(responses, cluster="account_id")
    assert table["se"].iloc[1] == pytest.approx(alone["se"].iloc[0])


def test_the_frame_joins_by_group(demo: Study) -> None:
    """Asked is that of the response rates, and the score lies within its bounds."""
    rates = response_rates(demo.frame(), demo.responses(), by=["touchpoint"], timezone=demo.timezone)
    asked = with_asked(count_bands(demo.responses(), by=["touchpoint"]), rates)
    assert asked["asked"].tolist() == rates["asked"].tolist()
    bounded = bounds(asked)
    assert bounded["nps"].between(bounded["all_detractors"], bounded["all_promoters"]).all()


def test_small_segments_have_their_ranks_beside(demo: Study) -> None:
    """Every segment once, its rank between best and worst."""
    known = demo.responses().dropna(subset=["country"])
    ranked = shrunk_and_ranked(count_bands(known, by=["country"]))
    assert ranked["rank"].between(ranked["best_rank"], ranked["worst_rank"]).all()
    assert len(ranked) == known["country"].nunique()


def test_the_plan_counts_everybody_once(demo: Study) -> None:
    """People by how often they were asked add up to the people of the frame."""
    people = plan.asked_today(demo)
    assert plan.askings_by_people(demo)["people"].sum() == len(people)
    assert last_day(demo.responses()) == demo.responses()["responded_at"].max().normalize()
    needed = plan.answers_needed((0.2, 0.1, 0.7), population=1_000_000).query("margin == 5")
    assert needed[["proportion", "nps", "nps_worst"]].to_numpy().tolist() == [[384, 998, 1535]]


def test_every_goal_of_the_study_is_judged(demo: Study) -> None:
    """One row and one sentence per goal."""
    judged = plan.judged_goals(demo)
    assert judged["metric"].tolist() == [goal.metric for goal in demo.settings.goal]
    assert tables.goals_sentence(judged).count("goal of") == len(demo.settings.goal)


def test_the_planted_cause_is_found_in_the_wave_of_the_drop(demo: Study) -> None:
    """Invoice export: not mentioned before, the largest rise in 2025-Q3, and among the most costly themes."""
    remarks = read_remarks(demo)
    effects = effects_in_words(demo.responses(), remarks)
    assert effects.nsmallest(3, "adjusted")["theme"].str.contains("nvoice export").any()
    changes = changes_in_words(at_touchpoint(demo.responses(), remarks, "relationship"))
    largest = changes.iloc[int(changes["change"].to_numpy().argmax())]
    assert (largest["theme"].lower(), largest["wave_after"]) == ("invoice export", "2025-Q3")
    assert largest["pvalue_adjusted"] < 0.001


def test_a_bare_study_says_what_it_cannot_say(bare: Study) -> None:
    """No dates, no frame, no goals, no comments: a sentence each, never an exception or a NaN."""
    responses = bare.responses()
    missing = [
        attempt(plan.asked_today, bare),
        attempt(plan.judged_goals, bare),
        attempt(last_day, responses),
        attempt(effects_in_words, responses, attempt(read_remarks, bare)),
        attempt(beside_the_frame, responses, attempt(bare.frame), columns=attempt(bare.weight_by)),
    ]
    for limit in missing:
        assert isinstance(limit, Limit)
        assert len(limit.reason) > 20
        assert "nan" not in limit.reason.lower().split()
    assert plan.usual_wave(responses) == 20
    assert isinstance(cleaning_choices(bare), pd.DataFrame)
