"""The page of change: weeks, moves between bands, mix and arms are those of the responses, by pandas alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nps_utils import Study
from nps_utils.checks import BadValue
from nps_utils.pages.change import arms_of, moves_of, split_of, weekly_counts
from nps_utils.stats.each import largest_change, mix_each, paired_each


def test_weeks_are_iso_weeks_of_one_touchpoint(demo: Study) -> None:
    """Every dated answer of the touchpoint once, by pandas' own calendar."""
    responses = demo.responses()
    found = weekly_counts(responses, "relationship")
    assert found.cluster == "unit"  # its accounts answer often
    weeks = found.counts.groupby("week")[["promoters", "n"]].sum()
    own = responses[responses["touchpoint"] == "relationship"]
    calendar = own["responded_at"].dt.isocalendar()
    names = calendar["year"].astype(str) + "-W" + calendar["week"].astype(str).str.zfill(2)
    assert weeks["n"].to_dict() == names.value_counts().to_dict()
    assert weeks.index.is_monotonic_increasing
    assert weeks["promoters"].sum() == (own["score"] >= 9).sum()


def test_answers_without_dates_have_no_weeks(bare: Study) -> None:
    """Refused, with the reason."""
    with pytest.raises(BadValue, match="no dates"):
        weekly_counts(bare.responses(), str(bare.responses()["touchpoint"].iloc[0]))


def test_moves_are_of_the_same_people(demo: Study) -> None:
    """As many people as answered in both waves at the touchpoint, each once."""
    responses = demo.responses()
    pair = largest_change(paired_each(responses, person="respondent_id"))
    rows = responses[(responses["touchpoint"] == pair["touchpoint"]) & responses["respondent_id"].notna()]
    people = [set(rows.loc[rows["wave"] == pair[side], "respondent_id"]) for side in ("before", "after")]
    moved = moves_of(responses, pair)
    assert moved.select_dtypes("number").to_numpy().sum() >= len(people[0] & people[1])
    assert set(moved["before"]) == {pair["before"]}


def test_the_split_is_the_largest_part_by_mix(demo: Study) -> None:
    """Its parts add up to the row, and no other row has a larger one."""
    responses = demo.responses()
    parts = mix_each(responses, segments=demo.segments)
    split = split_of(responses, parts)
    assert abs(split.change["mix"]) == parts["mix"].abs().max()
    total = split.parts.iloc[-1]
    assert split.parts["mix"].iloc[:-1].sum() == pytest.approx(total["mix"])


def test_arms_are_those_of_the_wave(demo: Study) -> None:
    """Everybody of the wave and touchpoint who has an arm; an arm that nobody has is refused."""
    experiment = demo.experiment()
    responses = demo.responses()
    here = responses[(responses["wave"] == experiment.wave) & responses[experiment.arm].notna()]
    if experiment.touchpoint is not None:
        here = here[here["touchpoint"] == experiment.touchpoint]
    compared = arms_of(responses, experiment)
    counted = compared.filter(regex="^n_").iloc[0].sum()
    assert counted == len(here)
    with pytest.raises(BadValue, match="nobody who answered in wave 'never'"):
        arms_of(responses, experiment.model_copy(update={"wave": "never"}))


def test_a_bare_study_gets_sentences(bare: Study, shown_by: Callable[[str, Path], list[str]]) -> None:
    """Scores and nothing else: one wave has no change, and each part of the page says so."""
    shown = shown_by("03-change", bare.folder)
    assert "a comparison needs two" in shown[0]
    assert not [text for text in shown if "nan" in text.lower().split()]
