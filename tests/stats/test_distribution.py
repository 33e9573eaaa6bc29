"""Mean and top box: the score test of a mean against NPS, against numerical likelihood, against Wilson."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import stats

from nps_utils.checks import BadInput
from nps_utils.stats.distribution import count_scores, mean_score, top_box

Z = float(stats.norm.ppf(0.975))
SCALE = np.arange(11.0)


def test_edges_of_the_mean() -> None:
    """All tens: up to 10 and a width; no answers: the whole scale and no mean."""
    histogram = pd.DataFrame({"wave": ["a", "b"], "score": [10, 3], "n": [5, 0]})
    found = mean_score(histogram)
    assert found["mean"].tolist()[0] == 10
    assert found["mean_high"].tolist() == pytest.approx([10, 10])
    assert found["mean_low"].tolist() == pytest.approx([10 * (5 - 0) / (5 + Z**2), 0])
    assert np.isnan(found["mean"].iloc[1])


def test_top_box_is_wilson() -> None:
    """The share of answers of 9 and 10, or of any top, with scipy's Wilson interval."""
    histogram = pd.DataFrame({"score": [10, 9, 8, 2], "n": [4, 3, 2, 1]})
    for least, top in ((9, 7), (10, 4)):
        found = top_box(histogram, least=least, confidence_level=0.9).iloc[0]
        low, high = stats.binomtest(top, 10).proportion_ci(0.9, method="wilson")
        assert found[["n", "top_box", "top_low", "top_high"]].tolist() == pytest.approx([10, top / 10, low, high])


def test_counting_keeps_every_answer_and_group() -> None:
    """Counts agree with a plain loop in pandas and Polars, zeros included."""
    responses = pd.DataFrame({"wave": ["a", "a", "b", "a"], "score": [10, 10, 0, 7]})
    found = count_scores(responses, by=["wave"])
    assert len(found) == 22
    assert found.set_index(["wave", "score"])["n"].loc[[("a", 10), ("a", 7), ("b", 0), ("b", 9)]].tolist() == [
        2,
        1,
        1,
        0,
    ]
    pd.testing.assert_frame_equal(found, count_scores(pl.from_pandas(responses).lazy(), by=["wave"]), check_dtype=False)


def test_senseless_input_is_named() -> None:
    """An answer out of range, a share of an answer, a level like 95, a missing column."""
    with pytest.raises(BadInput, match="11"):
        count_scores(pd.DataFrame({"score": [11]}))
    with pytest.raises(BadInput, match=r"n = .*-1"):
        mean_score(pd.DataFrame({"score": [10], "n": [-1]}))
    with pytest.raises(BadInput, match=r"0\.95"):
        mean_score(pd.DataFrame({"score": [10], "n": [1]}), confidence_level=95)
    with pytest.raises(BadInput, match="least = 11"):
        top_box(pd.DataFrame({"score": [10], "n": [1]}), least=11)
    with pytest.raises(BadInput, match='no column "score"'):
        top_box(pd.DataFrame({"n": [1]}))
