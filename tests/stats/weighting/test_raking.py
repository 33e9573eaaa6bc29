"""Raking against svy, fitting by hand and post-stratification, and the bias it removes or cannot remove."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import svy

from nps_utils.checks import BadInput, BadValue
from nps_utils.stats.weighting import raking

MARGINS = {"segment": {"small": 700, "large": 300}, "country": {"NO": 400, "SE": 350, "DK": 250}}


def _answers(seed: int = 1, n: int = 250) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    segment = rng.choice(["small", "large"], n, p=[0.4, 0.6])
    return pd.DataFrame(
        {
            "score": np.where(segment == "small", rng.integers(2, 11, n), rng.integers(6, 11, n)),
            "segment": segment,
            "country": rng.choice(["NO", "SE", "DK"], n, p=[0.6, 0.3, 0.1]),
        },
        index=pd.Index(rng.permutation(n)),
    )


def _fitted_by_hand(answers: pd.DataFrame, rounds: int = 100) -> pd.Series[float]:
    weight = pd.Series(1.0, index=answers.index)
    for _ in range(rounds):
        for column, margin in MARGINS.items():
            weight *= answers[column].map(margin) / weight.groupby(answers[column]).transform("sum")
    return weight


def test_margins_hold_and_weights_are_those_of_proportional_fitting() -> None:
    """Every category adds up to its people, by the one solution that fitting in turn reaches."""
    answers = _answers()
    raked = raking.rake(answers, margins=MARGINS)
    for column, margin in MARGINS.items():
        sums = raked.groupby(column)["weight"].sum()
        assert sums.to_dict() == pytest.approx(margin, rel=1e-9)
    np.testing.assert_allclose(raked["weight"], _fitted_by_hand(answers), rtol=1e-6)
    assert raked.index.equals(answers.index)
    assert "weight" not in answers.columns


def _svy(answers: pd.DataFrame, start: str | None, trim: float | None) -> Any:
    """Return the weights of svy, or its error."""
    data = pl.DataFrame({name: answers[name].tolist() for name in MARGINS})
    data = data.with_columns(pl.Series("start", [1.0] * len(answers) if start is None else answers[start].tolist()))
    controls: dict[str, dict[Any, int | float]] = {name: dict(margin) for name, margin in MARGINS.items()}
    limit = None if trim is None else svy.TrimConfig(upper=trim * 1_000 / len(answers), max_iter=1_000, min_cell_size=1)
    raked = svy.Sample(data, svy.Design(wgt="start")).weighting.rake(
        controls=controls, wgt_name="raked", tol=1e-10 if trim is None else 1e-6, max_iter=1_000, trimming=limit
    )
    return raked.data.lazy().collect()["raked"].to_numpy()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("trim", [None, 1.5, 2.0, 2.8, 4.0])
@pytest.mark.parametrize("start", [None, "start"])
def test_weights_are_those_of_svy(seed: int, trim: float | None, start: str | None) -> None:
    """The same weights to nine digits, with and without start weights and trimming; what one refuses, both refuse."""
    answers = _answers(seed, n=120)
    answers["start"] = np.random.default_rng(seed).uniform(0.5, 3, len(answers))
    try:
        theirs = _svy(answers, start, trim)
    except svy.SvyError:
        with pytest.raises(BadValue, match="margins cannot be met by any weights"):
            raking.rake(answers, margins=MARGINS, weight=start, trim=trim)
        return
    ours = raking.rake(answers, margins=MARGINS, weight=start, trim=trim)["weight"]
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_one_margin_is_post_stratification() -> None:
    """The raked score is the mean of the segments' scores, weighted by the people in each."""
    answers = _answers()
    raked = raking.rake(answers, margins={"segment": MARGINS["segment"]})
    scores = raking.weighted_score(answers, by=["segment"]).set_index("segment")["nps"]
    expected = 0.7 * scores["small"] + 0.3 * scores["large"]
    assert raking.weighted_score(raked, weight="weight")["nps"].iloc[0] == pytest.approx(expected, rel=1e-9)


def test_a_sample_in_proportion_keeps_its_score() -> None:
    """Answers that already have the margins of the frame get equal weights, and the plain score and error."""
    answers = pd.DataFrame({"score": [10, 9, 3, 8, 2, 10], "segment": ["a", "a", "b", "b", "b", "b"]})
    raked = raking.rake(answers, margins={"segment": {"a": 100, "b": 200}})
    assert raked["weight"].tolist() == pytest.approx([50.0] * 6)
    plain = raking.weighted_score(answers)
    pd.testing.assert_frame_equal(raking.weighted_score(raked, weight="weight"), plain)


def test_raking_removes_the_bias_of_segments_that_answer_less_and_no_other() -> None:
    """Small customers are unhappy and silent: the plain score is far too high, the raked one is right."""
    rng = np.random.default_rng(8)
    n = 20_000
    segment = rng.choice(["small", "large"], n, p=[0.7, 0.3])
    unhappy = rng.random(n) < np.where(segment == "small", 0.5, 0.1)
    people = pd.DataFrame({"segment": segment, "score": np.where(unhappy, 3, 9), "respondent_id": np.arange(n)})
    truth = 100 * (1 - 2 * unhappy.mean())
    by_segment = people[rng.random(n) < np.where(segment == "small", 0.1, 0.4)]
    raked = raking.rake(by_segment, margins=raking.frame_margins(people, ["segment"]))
    plain = raking.weighted_score(by_segment)["nps"].iloc[0]
    weighted = raking.weighted_score(raked, weight="weight").iloc[0]
    assert plain - truth > 15
    assert abs(weighted["nps"] - truth) < 3 * weighted["se"]
    # Where the unhappy of each segment are silent, no frame can tell.
    by_mood = people[rng.random(n) < np.where(unhappy, 0.1, 0.4)]
    raked = raking.rake(by_mood, margins=raking.frame_margins(people, ["segment"]))
    assert raking.weighted_score(raked, weight="weight")["nps"].iloc[0] - truth > 15


def test_trimming_caps_the_weights_and_keeps_the_margins() -> None:
    """No weight above 2.8 times the mean, and the people of each category still add up."""
    answers = _answers()
    free = raking.rake(answers, margins=MARGINS)["weight"]
    assert free.max() > 2.8 * free.mean()
    capped = raking.rake(answers, margins=MARGINS, trim=2.8)
    assert capped["weight"].max() <= 2.8 * capped["weight"].mean() * (1 + 1e-6)
    assert capped.groupby("country")["weight"].sum().to_dict() == pytest.approx(MARGINS["country"], rel=1e-6)


def test_start_weights_are_kept_in_proportion_within_a_cell() -> None:
    """Two answers of one cell keep the ratio they came with."""
    answers = _answers().assign(weight=np.tile([1.0, 3.0], 125))
    raked = raking.rake(answers, margins=MARGINS, weight="weight")
    ratio = raked["weight"] / answers["weight"]
    assert ratio.groupby([answers["segment"], answers["country"]]).agg(np.ptp).max() < 1e-6


def test_frame_margins_count_people_once_by_their_last_row() -> None:
    """Asked three times, moved from small to large: one person in large."""
    frame = pd.DataFrame({"respondent_id": ["1", "1", "1", "2"], "segment": ["small", "small", "large", "small"]})
    assert raking.frame_margins(frame, ["segment"]) == {"segment": {"large": 1.0, "small": 1.0}}
    with pytest.raises(BadValue, match='the frame, column "segment": 1 of 2 cells are empty, the first in row 1'):
        raking.frame_margins(frame.assign(segment=pd.Series(["a", "a", "a", None])), ["segment"])


def test_empty_cells_can_be_a_category_of_their_own() -> None:
    """In the frame and in the answers, under one name."""
    frame = pd.DataFrame({"respondent_id": ["1", "2", "3"], "segment": pd.Series(["a", None, " "])})
    margins = raking.frame_margins(frame, ["segment"], missing="unknown")
    assert margins == {"segment": {"a": 1.0, "unknown": 2.0}}
    answers = pd.DataFrame({"segment": pd.Series(["a", "a", None])})
    assert raking.rake(answers, margins=margins, missing="unknown")["weight"].tolist() == [0.5, 0.5, 2.0]


def test_categories_that_are_numbers_rake_as_text() -> None:
    """Years as integers in the answers and as text in the margins."""
    answers = pd.DataFrame({"year": [2024, 2025, 2025]})
    assert raking.rake(answers, margins={"year": {"2024": 10, "2025": 30}})["weight"].tolist() == [10, 15, 15]


@pytest.mark.parametrize(
    ("margins", "message"),
    [
        ({"segment": {"small": 700, "large": 200, "huge": 100}}, '100 people in "huge" and not one answer'),
        ({"segment": {"small": 1_000}}, 'answers from "large", for which the margin has no people'),
        ({"segment": {"small": 1_000, "large": 0}}, 'answers from "large", for which the margin has no people'),
        ({"segment": {"small": -1, "large": 10}}, r'category "small": -1\.0 is not a number of people'),
        (MARGINS | {"segment": {"small": 700, "large": 400}}, "margins disagree .*: segment 1,100, country 1,000"),
        ({"sgment": {"small": 1_000}}, "Did you mean"),
        ({}, "names no column"),
    ],
)
def test_margins_that_make_no_sense_are_refused(margins: dict[str, dict[str, float]], message: str) -> None:
    """The message names the column, the category and what to do."""
    with pytest.raises(BadInput, match=message):
        raking.rake(_answers(), margins=margins)


def test_margins_that_no_weights_meet_are_refused() -> None:
    """All large customers are Danish in the answers, but not in the frame; and a cap that is too low."""
    answers = pd.DataFrame({"segment": ["small", "small", "large"], "country": ["NO", "NO", "DK"]})
    with pytest.raises(BadValue, match="margins cannot be met by any weights"):
        raking.rake(answers, margins={"segment": {"small": 50, "large": 50}, "country": {"NO": 80, "DK": 20}})
    with pytest.raises(BadValue, match=r"margins cannot be met .* allow a larger trim"):
        raking.rake(_answers(), margins=MARGINS, trim=1.01)
    few = pd.DataFrame({"segment": ["small", "large", "large"]})
    with pytest.raises(BadValue, match=r'segment "small" has 80 people, and its 1 answer can stand for at most 50'):
        raking.rake(few, margins={"segment": {"small": 80, "large": 20}}, trim=1.5)


@pytest.mark.parametrize(("cell", "message"), [(None, "1 of 250 cells are empty"), (" ", "1 of 250 cells are empty")])
def test_answers_without_a_category_are_refused(cell: Any, message: str) -> None:
    """They belong to no margin, and leaving them out in silence would change the score."""
    answers = _answers().reset_index(drop=True)
    answers.loc[7, "segment"] = cell
    with pytest.raises(BadValue, match=message):
        raking.rake(answers, margins=MARGINS)


def test_a_weight_column_is_not_overwritten_in_silence() -> None:
    """Raking twice must be meant."""
    raked = raking.rake(_answers(), margins=MARGINS)
    with pytest.raises(BadValue, match='already have a column "weight"'):
        raking.rake(raked, margins=MARGINS)


def test_the_interval_of_raked_answers_is_that_of_raking_again() -> None:
    """Beside the delete-one-account jackknife, which rakes what is left anew and knows no formula of residuals."""
    rng = np.random.default_rng(6)
    segment = rng.choice(["small", "large"], 90, p=(0.7, 0.3))
    rows = []
    for account, size in enumerate(1 + rng.poisson(3, 90)):
        happy = np.clip((0.75 if segment[account] == "large" else 0.35) + rng.normal(0, 0.15), 0.02, 0.98)
        rows += [
            (f"a{account}", segment[account], country, 10 if rng.random() < happy else 3)
            for country in rng.choice(["SE", "NO", "DK"], size)
        ]
    answers = pd.DataFrame(rows, columns=["account_id", "segment", "country", "score"])
    margins = {"segment": {"small": 500.0, "large": 500.0}, "country": {"SE": 500.0, "NO": 300.0, "DK": 200.0}}

    def scored(table: pd.DataFrame) -> float:
        weight = raking.rake(table, margins=margins)["weight"].to_numpy(dtype=float)
        return 100 * float(weight @ np.where(table["score"] >= 9, 1.0, -1.0)) / float(weight.sum())

    left = np.array([scored(answers[answers["account_id"] != name]) for name in answers["account_id"].unique()])
    jackknife = np.sqrt(len(left) - 1) * left.std()
    raked = raking.rake(answers, margins=margins)
    known = raking.weighted_score(raked, weight="weight", cluster="account_id").iloc[0]
    own = raking.weighted_score(raked, weight="weight", cluster="account_id", raked=list(margins)).iloc[0]
    assert own["se"] == pytest.approx(jackknife, rel=0.06)
    assert known["se"] > 1.1 * jackknife
    assert own["high"] - own["low"] < known["high"] - known["low"]
    with pytest.raises(BadValue, match="neither by nor stratum"):
        raking.weighted_score(raked, by="segment", weight="weight", cluster="account_id", raked=["segment"])
