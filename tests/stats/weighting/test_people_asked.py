"""People asked and answered in each group of many segments: as the response rates of one segment after the other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nps_utils.stats.weighting.people_asked import people_asked
from nps_utils.stats.weighting.silence import response_rates


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_counts_are_those_of_response_rates(seed: int, dated: bool) -> None:
    """Each person once in a group and wave, by number, by address, or by nothing."""
    draw = np.random.default_rng(seed)
    n = 600
    frame = pd.DataFrame(
        {
            "respondent_id": [None if who < 9 else f" P{who}" for who in draw.integers(0, 90, n)],
            "email": [None if who < 20 else f"A{who}@x.se" for who in draw.integers(0, 90, n)],
            "asked_at": pd.Timestamp("2025-01-01") + pd.to_timedelta(draw.integers(0, 600, n), "D"),
            "size": draw.choice(["l", "m", "s"], n),
            "country": [("NO", "SE", None)[at] for at in draw.integers(0, 3, n)],
        }
    )
    asked = frame if dated else frame.drop(columns="asked_at")
    answers = frame.sample(200, random_state=seed).rename(columns={"asked_at": "responded_at"})
    answers = answers.assign(responded_at=answers["responded_at"].dt.tz_localize("UTC") + pd.Timedelta(days=2))
    found = people_asked(asked, answers, ["size", "country"]).set_index(["segment", "group"])
    waves = ["wave"] if dated else []
    for segment in ("size", "country"):
        one = response_rates(asked, answers, by=[segment, *waves], per="person").dropna(subset=[segment])
        summed = one.groupby(segment)[["asked", "answered"]].sum()
        counted = found.loc[[segment]].droplevel("segment")
        pd.testing.assert_frame_equal(counted, summed, check_names=False, check_dtype=False)
