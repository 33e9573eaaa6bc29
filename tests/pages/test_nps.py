"""The page of the score: weights, response rates and small segments of a study."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nps_utils import Limit, Study, attempt, count_bands
from nps_utils.pages.nps import beside_the_frame, shrunk_and_ranked, with_asked
from nps_utils.stats.weighting.silence import bounds, response_rates
from nps_utils.stats.weighting.weighted_interval import weighted_score


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


def test_weights_need_a_frame_and_columns(bare: Study) -> None:
    """The reason is a sentence."""
    limit = attempt(beside_the_frame, bare.responses(), attempt(bare.frame), columns=attempt(bare.weight_by))
    assert isinstance(limit, Limit)
    assert len(limit.reason) > 20


def test_weights_by_a_column_that_is_nowhere(demo: Study) -> None:
    """study.toml may name what the frame lacks: the sentence says where it stands."""
    weighting = demo.settings.weighting
    assert weighting is not None
    wrong = weighting.model_copy(update={"by": ("size", "colour")})
    limit = attempt(Study(demo.folder, demo.settings.model_copy(update={"weighting": wrong})).weight_by)
    assert isinstance(limit, Limit)
    assert limit.reason.startswith("[weighting] by = ['size', 'colour']: the frame has no column \"colour\"")


def test_a_bare_study_gets_sentences(bare: Study, shown_by: Callable[[str, Path], list[str]]) -> None:
    """Scores and nothing else: the score, and why it cannot be cut."""
    shown = shown_by("02-nps", bare.folder)
    assert shown[0].startswith("**NPS +25.0")
    assert any("There are no segments" in text for text in shown)
    assert not [text for text in shown if "nan" in text.lower().split()]
