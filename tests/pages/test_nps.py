"""The page of the score: weights, response rates and small segments of a study."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nps_utils import Limit, Study, attempt, count_bands
from nps_utils.pages.nps import beside_the_frame, shrunk_and_ranked, with_asked
from nps_utils.stats.weighting.silence import bounds, response_rates
from nps_utils.stats.weighting.weighted_interval import weighted_score
from nps_utils.tables.nps import ranks_sentence


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
    ranked = shrunk_and_ranked(known, by=["country"])
    assert ranked["rank"].between(ranked["best_rank"], ranked["worst_rank"]).all()
    assert len(ranked) == known["country"].nunique()


def test_segments_of_few_accounts_are_not_surely_apart() -> None:
    """Three sectors of six accounts of one mind each: 150 answers a sector, and no rank is sure; by people it is."""
    draw = np.random.default_rng(4)
    minds = {(sector, firm): draw.normal(7.4 + sector, 2) for sector in range(3) for firm in range(6)}
    rows = [
        (f"s{sector}", f"{sector}.{firm}", int(np.clip(round(draw.normal(mind, 0.8)), 0, 10)))
        for (sector, firm), mind in minds.items()
        for _ in range(25)
    ]
    answers = pd.DataFrame(rows, columns=["sector", "account_id", "score"])
    ranked = shrunk_and_ranked(answers, by=["sector"])
    alone = shrunk_and_ranked(answers.drop(columns="account_id"), by=["sector"])
    assert (alone["best_rank"] == alone["worst_rank"]).any()
    assert ranked["best_rank"].tolist() == [1, 1, 1]
    assert ranked["worst_rank"].tolist() == [3, 3, 3]
    assert ranked["n"].tolist() == alone["n"].tolist() == [150, 150, 150]
    assert ((ranked["high"] - ranked["low"]) > 2 * (alone["high"] - alone["low"])).all()
    one = answers.assign(account_id=answers["sector"])
    assert (shrunk_and_ranked(one, by=["sector"])["worst_rank"] == 3).all()


def test_the_middle_of_three_is_in_neither_half() -> None:
    segments = pd.DataFrame({"sector": list("abc"), "best_rank": [1, 2, 3], "worst_rank": [1, 2, 3], "n": [90, 90, 90]})
    assert "better half: a; surely in the worse half: c." in ranks_sentence(segments)
    four = pd.DataFrame({"sector": list("abcd"), "best_rank": [1, 2, 3, 3], "worst_rank": [2, 2, 4, 4], "n": 90})
    assert "better half: a, b; surely in the worse half: c, d." in ranks_sentence(four)


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
