"""What a simulated study planted is found, and a truth that is not there would be seen."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from nps_utils.checks import BadInput, BadStudy
from nps_utils.pages import methods
from nps_utils.pages import methods as truths
from nps_utils.study.study import NotInStudy, Study
from nps_utils.tables import methods as told

DEMO = Path(__file__).parents[2] / "data" / "demo"


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.open(DEMO)


@pytest.fixture(scope="module")
def truth(study: Study) -> truths.Truth:
    return truths.read_truth(study)


def test_planted_effects_are_found(study: Study, truth: truths.Truth) -> None:
    """The fall, the recovery, the fix, the mix, the segment alone and the revenue link; the noise is not called."""
    table = methods.planted_effects(study, truth)
    reading = table.set_index("planted")["reading"]
    for name in ("drop", "recovery", "fix", "mix", "alone", "revenue link"):
        assert reading[name] == "found", name
    for name in ("mix: within", "noise", "revenue: control"):
        assert reading[name] == "not called", name
    assert (reading["alone: others"] == "not called").all()
    assert "none is missed" in told.effects_sentence(table)


def test_a_false_truth_is_seen(study: Study, truth: truths.Truth) -> None:
    """If the fall were said to be a rise, the page would call its own interval wrong."""
    false: dict[str, Any] = copy.deepcopy(dict(truth))
    for row in false["wave"]:
        if (row["touchpoint"], row["wave"]) == (truth["drop"]["touchpoint"], truth["drop"]["wave"]):
            row["nps_answering"] += 60
    only = {name: false[name] for name in ("drop", "wave")}
    table = methods.planted_effects(study, only)
    assert table["reading"].tolist() == ["wrong", "wrong"]
    assert "is wrong" in told.effects_sentence(table)


def test_true_scores_are_held(study: Study, truth: truths.Truth) -> None:
    """Of eighty 95 % intervals at least 71 hold the score of those who answer (a binomial chance of .999)."""
    table = truths.planted_scores(study, truth)
    assert len(table) == 80
    assert table["holds_answering"].sum() >= 71
    assert table["holds_asked"].sum() < table["holds_answering"].sum()
    assert "happier" in told.truth_scores_sentence(table)


def test_every_planted_row_is_rejected_for_its_reason(study: Study, truth: truths.Truth) -> None:
    """By file and reason; one more in the truth is seen."""
    table = truths.planted_rejections(study, truth)
    assert table["equal"].all()
    assert table["planted"].sum() == truth["rows"]["rejected"]
    false: dict[str, Any] = copy.deepcopy(dict(truth))
    false["rejected_by_file"]["hubspot"]["not_nps"] += 1
    changed = truths.planted_rejections(study, false)
    assert changed.loc[~changed["equal"], ["source_file", "reason"]].to_numpy().tolist() == [["hubspot", "not_nps"]]
    assert "not_nps in hubspot" in told.rejections_sentence(changed)


def test_a_study_of_ones_own_has_no_truth(study: Study, tmp_path: Path) -> None:
    """Said in a sentence that a page can show."""
    real = Study(tmp_path, study.settings)
    with pytest.raises(NotInStudy, match="its truth is not known"):
        truths.read_truth(real)


def test_a_broken_truth_is_named(study: Study, truth: truths.Truth, tmp_path: Path) -> None:
    """No TOML, nothing in it, or waves that the study does not have."""
    (tmp_path / "truth.toml").write_text("drop = [", "utf-8")
    with pytest.raises(BadStudy, match="not TOML"):
        truths.read_truth(Study(tmp_path, study.settings))
    with pytest.raises(BadStudy, match="names none of"):
        methods.planted_effects(study, {})
    drop = {**truth["drop"], "wave": "1999-Q1"}
    with pytest.raises(BadInput, match="1999-Q1"):
        methods.planted_effects(study, {"drop": drop, "wave": truth["wave"]})
    for check in (truths.planted_scores, truths.planted_rejections):
        with pytest.raises(BadStudy):
            check(study, {})
