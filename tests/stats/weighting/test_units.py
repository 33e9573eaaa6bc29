"""Three units of a B2B score, against means over accounts computed by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.weightstats import DescrStatsW

from nps_utils.checks import BadValue
from nps_utils.stats.weighting.units import account_units


def _answers() -> pd.DataFrame:
    rng = np.random.default_rng(6)
    account = np.sort(rng.integers(0, 25, 120))
    return pd.DataFrame(
        {
            "score": rng.integers(4, 11, 120),
            "account_id": account.astype(str),
            "wave": rng.choice(["2026-Q1", "2026-Q2"], 120),
        }
    )


def _account_scores(answers: pd.DataFrame) -> pd.Series[float]:
    points = 100.0 * ((answers["score"] >= 9).astype(int) - (answers["score"] <= 6).astype(int))
    return points.groupby(answers["account_id"]).mean()


def test_accounts_once_is_the_mean_of_account_scores() -> None:
    """The plain mean and standard error of one number per account, as statsmodels gives them."""
    answers = _answers()
    means = _account_scores(answers)
    stats = DescrStatsW(means)
    row = account_units(answers).set_index("unit").loc["accounts"]
    assert row["nps"] == pytest.approx(stats.mean, rel=1e-12)
    assert row["se"] == pytest.approx(float(stats.std_mean), rel=1e-9)
    low, high = stats.tconfint_mean()
    assert (row["low"], row["high"]) == pytest.approx((low, high), abs=0.1 * (high - low))  # not around the mean
    assert row["accounts_effective"] == pytest.approx(len(means))


def test_revenue_weighs_account_scores_and_counts_how_few_matter() -> None:
    """The revenue-weighted mean; one account with nearly all revenue leaves about one effective account."""
    answers = _answers()
    means = _account_scores(answers)
    revenue = {name: 1.0 + 10 * i for i, name in enumerate(means.index)}
    row = account_units(answers, revenue=revenue).set_index("unit").loc["revenue"]
    assert row["nps"] == pytest.approx(np.average(means, weights=[revenue[str(name)] for name in means.index]))
    giant = revenue | {str(means.index[0]): 1e9}
    row = account_units(answers, revenue=giant).set_index("unit").loc["revenue"]
    assert row["accounts_effective"] == pytest.approx(1, abs=1e-3)
    assert row["nps"] == pytest.approx(means.iloc[0], abs=1e-3)


def test_equal_accounts_have_one_score_in_three_units() -> None:
    """Two answers each and equal revenue: the unit does not matter, not even for the interval."""
    answers = pd.DataFrame({"score": [10, 9, 3, 8, 9, 7, 2, 2], "account_id": [*"aabbccdd"]})
    table = account_units(answers, revenue=dict.fromkeys("abcd", 5.0))
    for column in ("nps", "se", "low", "high", "accounts_effective"):
        assert table[column].max() - table[column].min() < 1e-9


def test_what_is_left_out_is_counted() -> None:
    """Two answers without an account, and three of accounts without revenue."""
    answers = pd.DataFrame(
        {"score": [10, 9, 3, 8, 9, 7, 2, 2], "account_id": ["a", "a", "b", "c", "c", "c", None, " "]}
    )
    table = account_units(answers, revenue={"a": 10.0, "b": 20.0, "c": 0.0}).set_index("unit")
    assert table["left_out"].to_dict() == {"answers": 2, "accounts": 2, "revenue": 5}
    assert table["n"].to_dict() == {"answers": 6, "accounts": 6, "revenue": 3}
    assert table["accounts"].to_dict() == {"answers": 3, "accounts": 3, "revenue": 2}


def test_groups_come_with_all_their_units() -> None:
    """Two waves, three units each, side by side."""
    answers = _answers()
    revenue = dict.fromkeys(answers["account_id"], 1.0)
    table = account_units(answers, revenue=revenue, by=["wave"])
    assert table["wave"].tolist() == ["2026-Q1"] * 3 + ["2026-Q2"] * 3
    assert table["unit"].tolist() == ["answers", "accounts", "revenue"] * 2
    first = answers[answers["wave"] == "2026-Q1"]
    assert table["accounts"].iloc[0] == first["account_id"].nunique()
    once = account_units(first)
    assert table["nps"].iloc[1] == pytest.approx(once["nps"].iloc[1])  # once in this wave, however often in the other
    assert table["accounts_effective"].iloc[1] == pytest.approx(once["accounts_effective"].iloc[1])


def test_bad_accounts_are_refused() -> None:
    """Negative revenue, and a table in which no answer has an account."""
    answers = _answers()
    with pytest.raises(BadValue, match='revenue of account "3" = -5'):
        account_units(answers, revenue={"3": -5.0})
    with pytest.raises(BadValue, match="no answer has an account with revenue"):
        account_units(answers, revenue={"unknown": 5.0})
    with pytest.raises(BadValue, match=r"no answer has an account\."):
        account_units(answers.assign(account_id=None))
