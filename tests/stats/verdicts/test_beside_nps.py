"""Mean and top box beside the score: by account, weighted, and as they were where answers are independent."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nps_utils.stats.distribution import count_scores, mean_score, top_box
from nps_utils.stats.verdicts import mean_and_top


def _accounts(seed: int, accounts: int = 24, each: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    middle = np.repeat(rng.normal(7.5, 1.2, accounts), each)
    score = np.clip(np.round(middle + rng.normal(0, 1.5, len(middle))), 0, 10).astype(int)
    return pd.DataFrame({"score": score, "account_id": np.repeat(np.arange(accounts), each).astype(str)})


def test_answers_of_an_account_are_no_independent_ones() -> None:
    """Beside a bootstrap of whole accounts; as independent answers the intervals were half as wide."""
    table = _accounts(3)
    found = mean_and_top(table).iloc[0]
    rng = np.random.default_rng(8)
    both = pd.DataFrame({"mean": table["score"], "top": table["score"] >= 9})
    one = both.groupby(table["account_id"]).mean().to_numpy(dtype=float)
    drawn = one[rng.integers(0, len(one), (4000, len(one)))].mean(axis=1)
    for at, (low, high) in enumerate((("mean_low", "mean_high"), ("top_low", "top_high"))):
        wide = np.diff(np.quantile(drawn[:, at], [0.025, 0.975]))[0]
        assert found[high] - found[low] == pytest.approx(wide, rel=0.2)
    assert found["mean"] == pytest.approx(table["score"].mean())
    assert found["top_box"] == pytest.approx((table["score"] >= 9).mean())
    alone = mean_score(count_scores(table)).iloc[0]
    assert found["mean_high"] - found["mean_low"] > 1.8 * (alone["mean_high"] - alone["mean_low"])


def test_the_mean_by_account_holds_its_level() -> None:
    """Of 300 samples of 15 accounts the interval holds the true mean about as often as it says."""
    truth = _accounts(0, accounts=4000, each=20)["score"].mean()
    held = 0
    for seed in range(1, 301):
        row = mean_and_top(_accounts(seed, accounts=15, each=12)).iloc[0]
        held += row["mean_low"] <= truth <= row["mean_high"]
    assert 0.91 <= held / 300 <= 0.985


def test_independent_answers_keep_their_score_test() -> None:
    """One answer an account."""
    table = _accounts(5, accounts=60, each=1)
    found = mean_and_top(table).iloc[0]
    histogram = count_scores(table)
    assert found["mean_low"] == mean_score(histogram)["mean_low"].iloc[0]
    assert found["top_high"] == top_box(histogram)["top_high"].iloc[0]


def test_weights_count_in_all_three() -> None:
    """The mean of weighted answers, not of answers."""
    table = pd.DataFrame({"score": [10, 10, 0, 0], "survey_weight": [3.0, 3.0, 1.0, 1.0]})
    found = mean_and_top(table).iloc[0]
    assert (found["mean"], found["top_box"]) == (pytest.approx(7.5), pytest.approx(0.75))
