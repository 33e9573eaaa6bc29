"""Response rates and what silence could hide, against scipy and against trying every answer of the silent."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from nps_utils.checks import BadValue, MissingColumn, Undecidable
from nps_utils.stats.weighting.silence import bounds, response_rates


def _asked() -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "respondent_id": np.arange(200).astype(str),
            "segment": rng.choice(["small", "large", "huge"], 200, p=[0.7, 0.25, 0.05]),
            "asked_at": np.where(np.arange(200) < 120, "2026-03-30", "2026-05-02"),
        }
    )
    answered = frame.sample(60, random_state=3)
    responses = answered[["respondent_id"]].assign(
        responded_at=pd.to_datetime(answered["asked_at"], utc=True) + pd.Timedelta(days=3)
    )
    return frame, responses.reset_index(drop=True)


def test_rates_agree_with_counting_and_with_scipys_wilson() -> None:
    """Each group's counts by hand and its interval by scipy."""
    frame, responses = _asked()
    table = response_rates(frame, responses, by=["segment"])
    assert table["segment"].tolist() == ["huge", "large", "small"]
    for row in table.itertuples():
        members = frame[frame["segment"] == row.segment]
        answered = int(members["respondent_id"].isin(responses["respondent_id"]).sum())
        interval = binomtest(answered, len(members)).proportion_ci(method="wilson")
        assert (row.asked, row.answered) == (len(members), answered)
        assert (row.low, row.high) == pytest.approx((interval.low, interval.high), abs=1e-12)


def test_an_answer_counts_for_the_wave_in_which_it_was_asked() -> None:
    """Asked on 30 March, answered on 2 April: the rate of the first quarter."""
    frame, responses = _asked()
    table = response_rates(frame, responses, by=["wave"]).set_index("wave")
    first = responses["respondent_id"].astype(int) < 120
    assert table["asked"].to_dict() == {"2026-Q1": 120, "2026-Q2": 80}
    assert table["answered"].to_dict() == {"2026-Q1": int(first.sum()), "2026-Q2": int((~first).sum())}


def test_groups_add_up_to_the_total_and_keep_the_unknown() -> None:
    """A missing segment is a group of its own."""
    frame, responses = _asked()
    frame.loc[:9, "segment"] = None
    total = response_rates(frame, responses)
    parts = response_rates(frame, responses, by=["segment"])
    assert total["asked"].tolist() == [200]
    assert parts[["asked", "answered"]].sum().tolist() == total[["asked", "answered"]].iloc[0].tolist()
    assert parts["segment"].isna().sum() == 1


def test_answering_twice_is_one_answered_asking() -> None:
    """The rate cannot pass 1."""
    frame = pd.DataFrame({"respondent_id": ["1", "2"]})
    table = response_rates(frame, pd.DataFrame({"respondent_id": ["1", "1", "1"]}))
    assert table[["asked", "answered", "rate"]].iloc[0].tolist() == [2, 1, 0.5]


def test_tables_that_share_nobody_are_refused() -> None:
    """A rate of zero would be a lie when the ids are of two kinds; no answers at all are a rate of zero."""
    frame = pd.DataFrame({"respondent_id": ["1", "2"]})
    with pytest.raises(Undecidable, match="none of 1 answers belongs to any of 2 askings"):
        response_rates(frame, pd.DataFrame({"respondent_id": ["CRM-1"]}))
    nothing = response_rates(frame, pd.DataFrame({"respondent_id": pd.Series([], dtype=str)}))
    assert nothing["rate"].tolist() == [0.0]
    with pytest.raises(MissingColumn, match="country"):
        response_rates(frame, pd.DataFrame({"respondent_id": ["1"]}), by=["country"])
    with pytest.raises(BadValue, match=r"Write 0\.95"):
        response_rates(frame, pd.DataFrame({"respondent_id": ["1"]}), confidence_level=95)


def test_nobody_asked_has_no_rate() -> None:
    """A frame whose people were never asked: no rate, and the interval that says nothing."""
    frame = pd.DataFrame({"respondent_id": ["1"], "asked_at": [None]})
    row = response_rates(frame, pd.DataFrame({"respondent_id": pd.Series([], dtype=str)})).iloc[0]
    assert np.isnan(row["rate"])
    assert (row["low"], row["high"]) == (0.0, 1.0)


def test_bounds_are_the_extremes_of_all_answers_the_silent_could_give() -> None:
    """Every way in which three silent customers could have answered."""
    counts = pd.DataFrame({"detractors": [2], "passives": [1], "promoters": [4], "invited": [10]})
    scores = [100 * (4 - 2 + sum(answers)) / 10 for answers in itertools.product([-1, 0, 1], repeat=3)]
    row = bounds(counts, asked="invited").iloc[0]
    assert (row["all_detractors"], row["all_promoters"]) == pytest.approx((min(scores), max(scores)))
    assert row["silent"] == 3


def test_fewer_asked_than_answered_is_refused() -> None:
    """And one number for two groups, and a missing number."""
    counts = pd.DataFrame({"detractors": [2, 0], "passives": [1, 0], "promoters": [4, 0]})
    with pytest.raises(BadValue, match="row 0: asked = 6 is below the 7"):
        bounds(counts.assign(asked=[6, 0]))
    with pytest.raises(BadValue, match="asked = 20 is one number for 2 groups"):
        bounds(counts, asked=20)
    with pytest.raises(BadValue, match="row 1: asked = nan"):
        bounds(counts.assign(asked=[8, np.nan]))
    assert bounds(counts.assign(asked=[7, 0]))["all_promoters"].isna().tolist() == [False, True]


def test_people_asked_several_times_count_once_in_a_wave() -> None:
    """One asking of several was answered: of that person something is known."""
    frame = pd.DataFrame(
        {
            "respondent_id": ["1", "1", "2", "2", "3", None, None],
            "asked_at": [
                "2026-01-02",
                "2026-02-01",
                "2026-01-02",
                "2026-04-02",
                "2026-01-02",
                "2026-01-02",
                "2026-01-03",
            ],
        }
    )
    responses = pd.DataFrame({"respondent_id": ["1", "1"], "responded_at": ["2026-01-05", "2026-02-02"]})
    people = response_rates(frame, responses, by=["wave"], per="person").set_index("wave")
    assert people["asked"].to_dict() == {"2026-Q1": 5, "2026-Q2": 1}
    assert people["answered"].to_dict() == {"2026-Q1": 1, "2026-Q2": 0}
    assert response_rates(frame, responses)[["asked", "answered"]].iloc[0].tolist() == [7, 2]
    with pytest.raises(BadValue, match="per"):
        response_rates(frame, responses, per="account")  # type: ignore[arg-type]
