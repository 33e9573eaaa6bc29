"""Analyses of every pair of neighbouring waves agree with the single ones, and tell mix from real."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nps_utils import count_bands, figures
from nps_utils.checks import BadInput
from nps_utils.pages.change import arms_of, moves_of, split_of, weekly_counts
from nps_utils.stats.each import largest_change, main_touchpoint, mix_each, paired_each
from nps_utils.stats.mix import mix_change
from nps_utils.stats.paired import paired_change
from nps_utils.study.settings import Experiment


def answers(shares: dict[str, float], *, wave: str, n: int, seed: int, start: int = 0) -> pd.DataFrame:
    """Draw answers of two sizes whose scores never change: small 20/30/50, large 5/15/80."""
    rng = np.random.default_rng(seed)
    size = rng.choice(list(shares), n, p=list(shares.values()))
    mixes = {"small": [0.4, 0.3, 0.3], "large": [0.05, 0.15, 0.8]}
    score = [rng.choice([3, 8, 10], p=mixes[s]) for s in size]
    people = [f"p{start + i}" for i in range(n)]
    day = pd.Timestamp("2026-01-05" if wave == "1" else "2026-04-06", tz="UTC")
    table = {"touchpoint": "t", "wave": wave, "size": size, "score": score, "respondent_id": people}
    return pd.DataFrame(table).assign(responded_at=day, account_id=[f"a{i % 30}" for i in range(n)])


@pytest.fixture
def responses() -> pd.DataFrame:
    """Only the mix of sizes changes; half of the people answer in both waves."""
    before = answers({"small": 0.2, "large": 0.8}, wave="1", n=400, seed=1)
    after = answers({"small": 0.7, "large": 0.3}, wave="2", n=400, seed=2, start=200)
    return pd.concat([before, after], ignore_index=True)


def test_a_pure_change_of_mix_is_called_one(responses: pd.DataFrame) -> None:
    """Within sizes nothing moved; the total row is that of the single analysis."""
    row = mix_each(responses, segments=["size"]).iloc[0]
    assert row["all_mix"]
    alone = mix_change(count_bands(responses, by=["wave", "size"]), segment="size", before="1", after="2").iloc[-1]
    assert row["mix"] == alone["mix"]
    assert row["within"] + row["mix"] == pytest.approx(row["change"])
    split = split_of(responses, mix_each(responses, segments=["size"]))
    assert split.parts.iloc[-1]["mix"] == alone["mix"]


def test_a_segment_that_answered_once_has_no_interval_and_says_so(responses: pd.DataFrame) -> None:
    """Nobody of it answered in the other wave, so nothing changed within: the picture says no limits, and no "nan"."""
    alone = responses.iloc[[0]].assign(size="alone", score=10)
    table = pd.concat([responses, alone], ignore_index=True)
    split = split_of(table, mix_each(table, segments=["size"]))
    told = str(figures.parts(split).get_label())
    assert "alone: within" in told
    assert "no interval" in told
    assert "nan" not in told


def test_pairs_of_people_are_those_of_the_single_analysis(responses: pd.DataFrame) -> None:
    """One pair of waves: the same numbers, and the moves of the 200 people in both."""
    row = paired_each(responses.drop(columns="account_id"), person="respondent_id").iloc[0]
    alone = paired_change(responses, person="respondent_id", before="1", after="2").iloc[0]
    assert row["change"] == alone["change"]
    assert row["n_both"] == 200
    assert moves_of(responses, largest_change(paired_each(responses, person="respondent_id")))["n"].sum() == 200


def test_nobody_in_both_waves_moved_nowhere(responses: pd.DataFrame) -> None:
    """A table of nine zeros stood on the page, called "the same people"."""
    others = responses.drop(columns="account_id")
    others = others.assign(respondent_id=others["respondent_id"].astype(str) + others["wave"].astype(str))
    twice = paired_each(others, person="respondent_id")
    with pytest.raises(BadInput, match="Nobody answered in both waves"):
        moves_of(others, twice.iloc[0])


def test_one_wave_no_segments_no_people_no_dates_are_told(responses: pd.DataFrame) -> None:
    """Each is a limit with a sentence, for the page."""
    one = responses[responses["wave"] == "1"]
    with pytest.raises(BadInput, match="a comparison needs two"):
        mix_each(one, segments=["size"])
    with pytest.raises(BadInput, match="without segments"):
        mix_each(responses, segments=[])
    with pytest.raises(BadInput, match="who answered twice"):
        paired_each(responses.assign(respondent_id=None), person="respondent_id")
    with pytest.raises(BadInput, match="no dates"):
        weekly_counts(
            responses.assign(responded_at=pd.Series(pd.NaT, index=responses.index)), main_touchpoint(responses)
        )


def test_weeks_hold_every_answer(responses: pd.DataFrame) -> None:
    """ISO weeks in order, nothing lost."""
    weeks = weekly_counts(responses, "t").counts
    assert weeks["week"].unique().tolist() == ["2026-W02", "2026-W15"]
    assert weeks["n"].sum() == 800


def test_an_arm_without_effect_is_not_shown_to_have_one(responses: pd.DataFrame) -> None:
    """Arms by lot over accounts, adjusted for the earlier answer where there is one."""
    arm = np.where(responses["account_id"].str[1:].astype(int) % 2 == 0, "yes", "no")
    experiment = Experiment(arm="fix", control="no", wave="2", touchpoint="t", prior_wave="1")
    arms = arms_of(responses.assign(fix=arm), experiment)
    assert arms["pvalue"].min() > 0.05
    assert "prior" in arms["analysis"].iloc[-1]
    with pytest.raises(BadInput, match="nobody who answered"):
        arms_of(responses.assign(fix=arm), experiment.model_copy(update={"wave": "9"}))


def test_colleagues_who_answered_twice_are_no_strangers() -> None:
    """Accounts change their mind together and none on average: pairs of people alone find that certain too often."""
    certain = by_people = 0
    for seed in range(60):
        draw = np.random.default_rng(seed)
        rows = [
            (wave, f"{firm}.{one}", f"f{firm}", int(np.clip(round(mind + draw.normal(0, 0.7)), 0, 10)))
            for firm in range(12)
            for base in [draw.normal(7.8, 1.2)]
            for wave in ("1", "2")
            for mind in [base + draw.normal(0, 1.3)]
            for one in range(10)
        ]
        table = pd.DataFrame(rows, columns=["wave", "respondent_id", "account_id", "score"]).assign(touchpoint="t")
        row = paired_each(table, person="respondent_id").iloc[0]
        plain = paired_change(table, person="respondent_id", before="1", after="2").iloc[0]
        assert row["change"] == pytest.approx(plain["change"])
        certain += row["pvalue"] < 0.05
        by_people += plain["pvalue"] < 0.05
    assert certain <= 6
    assert by_people >= 15
