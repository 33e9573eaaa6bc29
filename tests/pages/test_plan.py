"""`nps plan` with numbers worked out by hand, what makes no sense refused; and the plan of a study on its page."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from nps_utils import Limit, Study, attempt, cli, tables
from nps_utils.columns import last_day
from nps_utils.pages import plan as of_study
from nps_utils.stats.planning.answers_needed import answers_for
from nps_utils.stats.planning.detectable import observed_mix, power_table


def plan(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run `nps plan` with these arguments and return its exit code."""
    monkeypatch.setattr("sys.argv", ["nps", "plan", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def by_hand(variance: float, margin: float, population: int) -> int:
    """Cochran's n0 / (1 + (n0 - 1) / N), written out."""
    endless = 1.959964**2 * variance / margin**2
    return math.ceil(endless / (1 + (endless - 1) / population))


def test_answers_for_180_customers(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Answers for the mix, at worst and for a proportion, each from Cochran's formula."""
    assert plan(monkeypatch, "--population", "180", "--margin", "5", "--mix", "0.2,0.1,0.7") == 0
    said = capsys.readouterr().out
    at_mix = by_hand(0.9 - 0.5**2, 0.05, 180)
    assert f"{at_mix} of 180 customers must answer" in said
    assert f"half promoters, {by_hand(1.0, 0.05, 180)}." in said
    assert f"needs {by_hand(0.25, 0.05, 180)}." in said
    assert "20 % are detractors, 10 % passives and 70 % promoters" in said


def test_the_change_that_is_asked_for(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """10 points at 20/30/50 without a population: (z + z)^2 (V + V') / change^2, five in a hundred turned."""
    z = norm.ppf(0.975) + norm.ppf(0.8)
    before, after = 0.7 - 0.3**2, 0.7 - 0.4**2
    n = math.ceil(z**2 * (before + after) / 0.1**2)
    assert plan(monkeypatch, "--mix", "0.2,0.3,0.5", "--change", "10") == 0
    assert f"+10 points in 4 of 5 cases, {n:,} answers are needed in each of two waves" in capsys.readouterr().out


def test_a_census_sees_everything() -> None:
    """With four customers all must answer, and any change among them is seen; of customers to come nothing is."""
    found = answers_for(population=4)
    assert found.nps == found.worst == 4
    assert found.seen_here == pytest.approx(0.0, abs=0.01)
    assert found.seen_beyond == math.inf


def test_words_without_a_population(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """No customers are counted, so invitations are named and no infinity is printed."""
    assert plan(monkeypatch) == 0
    said = capsys.readouterr().out
    assert "ask 2,257 people" in said  # 677 answers at 30 %
    assert "inf" not in said
    assert "nan" not in said


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--mix", "20,10,70"), "sum to 1"),
        (("--mix", "a,b"), "--mix 0.2,0.1,0.7"),
        (("--margin", "0"), "margin"),
        (("--population", "0"), "population"),
        (("--change", "60"), "at most 40"),
    ],
)
def test_nonsense_is_refused(
    arguments: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and a message that names the value and the rule."""
    assert plan(monkeypatch, *arguments) == 2
    message = capsys.readouterr().err
    assert told in message
    assert "Traceback" not in message


def test_the_plan_counts_everybody_once(demo: Study) -> None:
    """People by how often they were asked add up to the people of the frame; own staff are none of them."""
    assert of_study.askings_by_people(demo)["people"].sum() == demo.frame()["respondent_id"].nunique()
    assert last_day(demo.responses()) == demo.responses()["responded_at"].max().normalize()
    needed = of_study.answers_needed((0.2, 0.1, 0.7), population=1_000_000).query("margin == 5")
    assert needed[["proportion", "nps", "nps_worst"]].to_numpy().tolist() == [[384, 998, 1535]]
    assert needed["nps_wider"].item() == 1_066


def test_a_plan_knows_that_answers_of_an_account_are_alike() -> None:
    """Ten accounts of one mind each: 200 answers a wave show hardly more than ten would; independent ones would."""
    rng = np.random.default_rng(6)
    waves = []
    for wave in ("2025-Q4", "2026-Q1", "2026-Q2"):
        mood = np.clip(np.round(rng.normal(7.5, 2.0, 10)), 0, 10).astype(int)
        accounts = np.repeat(np.arange(10), 20)
        waves.append(pd.DataFrame({"wave": wave, "score": mood[accounts], "account_id": accounts.astype(str)}))
    answers = pd.concat(waves, ignore_index=True).assign(touchpoint="relationship", respondent_id=None)
    assert of_study.design_effect(answers) > 5
    table = of_study.power_here(answers)
    told = table[(table["n"] == 200) & (table["change"] == 20)]["power"].item()
    alone = power_table(n=[200], change=[20.0], mix=observed_mix(answers))["power"].item()
    assert told < 0.4 < 0.6 < alone
    needed = of_study.answers_needed((0.2, 0.1, 0.7), effect=4.0).query("margin == 5")
    assert needed["nps_here"].item() == 4 * needed["nps"].item()
    assert "independent answers" in tables.plan.plan_sentence(Limit("nobody."), needed, 200)


def test_every_goal_of_the_study_is_judged(demo: Study) -> None:
    """One row and one sentence per goal."""
    judged = of_study.judged_goals(demo)
    assert judged["metric"].tolist() == [goal.metric for goal in demo.settings.goal]
    assert tables.plan.goals_sentence(judged).count("goal of") == len(demo.settings.goal)


def test_a_plan_without_dates_frame_or_goals(bare: Study) -> None:
    """A sentence each; the usual wave is all there is."""
    missing = [
        attempt(of_study.asked_today, bare),
        attempt(of_study.judged_goals, bare),
        attempt(last_day, bare.responses()),
    ]
    for limit in missing:
        assert isinstance(limit, Limit)
        assert len(limit.reason) > 20
    assert of_study.usual_wave(bare.responses()) == 20


def test_a_bare_study_gets_sentences(bare: Study, shown_by: Callable[[str, Path], list[str]]) -> None:
    """Scores and nothing else: how many answers are needed needs no more."""
    shown = shown_by("00-plan", bare.folder)
    assert "For ±5 points this NPS needs" in shown[0]
    assert any("no [frame]" in text for text in shown)
    assert not [text for text in shown if "nan" in text.lower().split()]
