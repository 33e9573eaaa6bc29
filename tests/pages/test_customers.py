"""What customers did by band: against scipy, closed forms, fits of their own, and simulated truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from lifelines import CoxPHFitter, KaplanMeierFitter
from pandas.errors import Pandas4Warning
from scipy import stats

from nps_utils.checks import BadInput
from nps_utils.revenue import (
    follow_up,
    hazard_by_band,
    risk_by_band,
    spend_by_band,
    survival_by_band,
)


def customers(detractor: tuple[int, int], passive: tuple[int, int], promoter: tuple[int, int]) -> pd.DataFrame:
    """Return one row per customer from (events, customers) of each band."""
    rows = [
        (score, i < events) for score, (events, n) in ((3, detractor), (7, passive), (10, promoter)) for i in range(n)
    ]
    return pd.DataFrame(rows, columns=["score", "left"]).assign(account_id=range(len(rows)))


def test_risks_differences_and_ratios_have_their_published_intervals() -> None:
    """Newcombe 1998 (Statistics in Medicine 17:873), example a: 56/70 - 48/80 is .0524 to .3339; Wilson by scipy."""
    found = risk_by_band(customers((56, 70), (0, 5), (48, 80)), outcome="left").set_index("band")
    row = found.loc["detractor"]
    assert row["difference"] == pytest.approx(0.2)
    assert [row["difference_low"], row["difference_high"]] == pytest.approx([0.0524, 0.3339], abs=5e-5)
    wilson = stats.binomtest(56, 70).proportion_ci(method="wilson")
    assert [row["low"], row["high"]] == pytest.approx([wilson.low, wilson.high])
    assert row["ratio"] == pytest.approx(56 / 70 / (48 / 80))
    assert found["limit"]["passive"] == "no event in this band: no ratio."
    assert np.isfinite([found["difference_low"]["passive"], found["difference_high"]["passive"]]).all()


def test_ratio_interval_is_where_the_score_test_rejects() -> None:
    """Miettinen and Nurminen: chi-squared at the likeliest pair of risks with that ratio, by brute force."""
    row = risk_by_band(customers((12, 40), (1, 5), (6, 60)), outcome="left").iloc[0]
    grid = np.linspace(1e-5, 1 - 1e-5, 400_001)
    for ratio in (row["ratio_low"], row["ratio_high"]):
        other = grid[ratio * grid < 1]
        likelihood = stats.binom.logpmf(12, 40, ratio * other) + stats.binom.logpmf(6, 60, other)
        q = other[np.argmax(likelihood)]
        p = ratio * q
        chi = (12 - 40 * p) ** 2 / (40 * p * (1 - p)) + (6 - 60 * q) ** 2 / (60 * q * (1 - q))
        assert chi == pytest.approx(stats.chi2.ppf(0.95, 1) * 100 / 99, rel=1e-3)


def test_ten_people_of_one_account_do_not_count_as_ten() -> None:
    """Accounts whose people all do the same: intervals as wide as for that many accounts, and they cover the truth."""
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(150):
        leaves = rng.random((2, 25)) < np.array([[0.4], [0.2]])
        table = pd.DataFrame(
            {
                "account_id": np.repeat(np.arange(50), 8),
                "score": np.repeat([3, 10], 200),
                "left": np.repeat(leaves.ravel(), 8),
            }
        )
        row = risk_by_band(table, outcome="left").iloc[0]
        held += row["difference_low"] <= 0.2 <= row["difference_high"]
    assert 0.91 <= held / 150 <= 0.99


def test_nobody_is_followed_before_having_answered() -> None:
    """Who left before or on the day of the answer, unknown accounts, and answers after the end are counted apart."""
    responses = pd.DataFrame(
        [("a", 3, "2024-01-10"), ("a", 9, "2024-03-10"), ("b", 10, "2024-02-01"), ("c", 2, "2024-05-01"),
         ("d", 2, "2024-01-01"), ("e", 7, "2024-07-05"), (None, 7, "2024-02-01"), ("f", 0, "2024-02-01")],
        columns=["account_id", "score", "responded_at"],
    )  # fmt: skip
    accounts = pd.DataFrame(
        [("a", "10/04/2024"), ("b", None), ("c", "30/04/2024"), ("e", None), ("f", "15/02/2024")],
        columns=["account_id", "churned_on"],
    )
    first, out = follow_up(responses, accounts, until="2024-06-30")
    assert first[["account_id", "band", "days", "left"]].to_numpy().tolist() == [
        ["a", "detractor", 91, True],
        ["b", "promoter", 150, False],
        ["f", "detractor", 14, True],
    ]
    assert out.set_index("reason")["answers"].to_dict() == {
        "later_answer": 1,
        "answered_after_leaving": 1,
        "not_among_accounts": 1,
        "answered_after_the_end": 1,
        "no_account": 1,
    }
    each, _ = follow_up(responses, accounts, until="2024-06-30", which="each")
    of_a = each[each["account_id"] == "a"]
    assert of_a[["band", "days", "left"]].to_numpy().tolist() == [["detractor", 60, False], ["promoter", 31, True]]
    twice = pd.concat([responses, responses.iloc[[2]].assign(score=0), responses.iloc[[2]].assign(responded_at=None)])
    each, out = follow_up(twice, accounts, until="2024-06-30", which="each")
    assert each.loc[each["account_id"] == "b", "band"].tolist() == ["detractor"]
    assert len(each) + out["answers"].sum() == len(twice)
    later, out = follow_up(responses, accounts, until="2024-06-30", grace_days=30)
    assert later["days"].tolist() == [61, 120]
    assert out.set_index("reason")["answers"]["left_within_grace"] == 1


def lives(rng: np.random.Generator, n: int, rates: tuple[float, float, float]) -> pd.DataFrame:
    """Draw exponential times to leaving, cut at a year, one account each."""
    band = rng.choice(["detractor", "passive", "promoter"], n)
    rate = pd.Series(band).map(dict(zip(["detractor", "passive", "promoter"], rates, strict=True))).to_numpy()
    days = np.ceil(rng.exponential(365 / rate)).astype(int)
    return pd.DataFrame({"account_id": range(n), "band": band, "days": np.minimum(days, 365), "left": days <= 365})


def test_survival_is_the_product_of_what_is_left() -> None:
    """Kaplan and Meier's product by a loop, and the truth of an exponential life inside the limits."""
    follow = lives(np.random.default_rng(3), 600, (1.2, 0.6, 0.3))
    found = survival_by_band(follow, at=[180]).set_index("band")
    rows = follow[follow["band"] == "detractor"]
    product = 1.0
    for day in range(1, 181):
        product *= 1 - (rows["left"] & (rows["days"] == day)).sum() / (rows["days"] >= day).sum()
    assert found["survival"]["detractor"] == pytest.approx(product)
    for band, rate in (("detractor", 1.2), ("passive", 0.6), ("promoter", 0.3)):
        assert found["low"][band] < np.exp(-rate * 180 / 365) < found["high"][band]


def test_survival_without_events_has_a_width() -> None:
    """No event among 20 followed to the day: the exact lower limit of Clopper and Pearson; nobody followed: a limit."""
    follow = pd.DataFrame({"account_id": range(20), "band": "promoter", "days": 100, "left": False})
    found = survival_by_band(follow, at=[90, 120]).set_index(["band", "days"])
    exact = stats.binomtest(20, 20).proportion_ci(0.95, "exact")
    assert found["low"]["promoter", 90] == pytest.approx(exact.low)
    assert found["limit"]["promoter", 120] == "nobody was followed for 120 days."
    assert found["limit"]["passive", 90] == "nobody in this band."
    gone = survival_by_band(follow.assign(left=True, band="passive"), at=[120]).set_index("band").loc["passive"]
    assert gone["survival"] == 0
    none = stats.binomtest(0, 20).proportion_ci(0.95, "exact")
    assert (gone["low"], gone["high"]) == pytest.approx((0, none.high))


def test_the_last_one_who_leaves_is_one() -> None:
    """Of 19 only known to have stayed ten days and one who left on day 20, the limit is that of none of one."""
    follow = pd.DataFrame(
        {"account_id": range(20), "band": "passive", "days": [10] * 19 + [20], "left": [False] * 19 + [True]}
    )
    found = survival_by_band(follow, at=[20]).set_index("band").loc["passive"]
    assert (found["survival"], found["low"]) == (0, 0)
    assert found["high"] == pytest.approx(stats.binomtest(0, 1).proportion_ci(0.95, "exact").high)
    early = follow.assign(days=[1] * 9 + [10] * 10 + [20], left=[True] * 9 + [False] * 10 + [True])
    drawn = np.random.default_rng(1).beta([12, 1], [9, 1], (400_000, 2)).prod(axis=1)  # 11 of 20 stay, then none of 1
    high = survival_by_band(early, at=[20]).set_index("band").loc["passive", "high"]
    assert 0 < high - np.quantile(drawn, 0.975) < 0.06  # by two moments of the product, which errs to the safe side


def test_limits_before_the_horizon_are_those_of_the_fitted_curve() -> None:
    """Lifelines' own log-log limits at the last event before the day."""
    follow = lives(np.random.default_rng(4), 90, (1.0, 0.8, 0.5))
    found = survival_by_band(follow, at=[200]).set_index("band").loc["passive"]
    rows = follow[follow["band"] == "passive"]
    curve = KaplanMeierFitter().fit(rows["days"], rows["left"]).confidence_interval_
    assert [found["low"], found["high"]] == pytest.approx(curve[curve.index <= 200].iloc[-1].tolist())


@pytest.mark.parametrize("seed", range(20))
def test_every_step_is_that_of_lifelines(seed: int) -> None:
    """Ties, censoring and curves that end at nothing: shares and limits to the last digits."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 60))
    follow = pd.DataFrame(
        {"account_id": range(n), "band": "passive", "days": rng.integers(1, 40, n), "left": rng.random(n) < 0.6}
    )
    follow.loc[0, "left"] = True
    fitter = KaplanMeierFitter().fit(follow["days"], follow["left"])
    found = survival_by_band(follow, at=[10, 20, 30, 39])
    found = found[(found["band"] == "passive") & (found["events"] > 0) & (found["survival"] > 0)]
    assert found["survival"].tolist() == pytest.approx([fitter.predict(day) for day in found["days"]], rel=1e-12)
    curve = fitter.confidence_interval_
    limits = [curve[curve.index <= day].iloc[-1].tolist() for day in found["days"]]
    assert found[["low", "high"]].to_numpy() == pytest.approx(np.array(limits).reshape(-1, 2), rel=1e-12)


def logrank_by_hand(follow: pd.DataFrame) -> float:
    """The k-sample log-rank test from its definition (Kalbfleisch and Prentice 2002, section 1.5)."""
    bands = ["detractor", "passive", "promoter"]
    gap, cov = np.zeros(3), np.zeros((3, 3))
    for day in sorted(follow.loc[follow["left"], "days"].unique()):
        at_risk = np.array([((follow["days"] >= day) & (follow["band"] == b)).sum() for b in bands], dtype=float)
        left = np.array([((follow["days"] == day) & follow["left"] & (follow["band"] == b)).sum() for b in bands])
        n, d = at_risk.sum(), left.sum()
        gap += left - d * at_risk / n
        if n > 1:
            share = at_risk / n
            cov += d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))
    chi = gap[:2] @ np.linalg.solve(cov[:2, :2], gap[:2])
    return float(stats.chi2.sf(chi, 2))


def test_hazard_ratios_are_cox_and_find_what_was_planted() -> None:
    """Ratios of 4 and 2 lie inside; numbers by a CoxPHFitter of its own on 0/1 columns."""
    follow = lives(np.random.default_rng(5), 900, (1.2, 0.6, 0.3))
    found = hazard_by_band(follow).set_index("band")
    assert found["low"]["detractor"] < 4 < found["high"]["detractor"]
    assert found["low"]["passive"] < 2 < found["high"]["passive"]
    data = pd.get_dummies(follow[["days", "left", "band"]], columns=["band"], dtype=float).drop(columns="band_promoter")
    with pytest.warns(Pandas4Warning):  # why the library fits with statsmodels
        fit = CoxPHFitter().fit(data, "days", "left", robust=True)
    assert found["hazard_ratio"]["detractor"] == pytest.approx(np.exp(fit.params_["band_detractor"]), rel=1e-4)
    assert found["pvalue"]["detractor"] == pytest.approx(fit.summary["p"]["band_detractor"], rel=0.05)
    assert found["limit"].tolist() == ["", ""]
    # Observed less expected events by a loop over days, and Rao's form of the covariance: the k-sample log-rank test.
    assert found["logrank_pvalue"].iloc[0] == pytest.approx(logrank_by_hand(follow))
    assert found["proportional_pvalue"].min() > 0.01


def test_errors_by_account_grow_with_what_accounts_share() -> None:
    """The same follow-up entered four times per account: errors by account do not shrink, as rows would have them."""
    follow = lives(np.random.default_rng(6), 200, (1.2, 0.6, 0.4))
    once, four = hazard_by_band(follow), hazard_by_band(pd.concat([follow] * 4, ignore_index=True))
    width = [np.log(t["high"][0] / t["low"][0]) for t in (once, four)]
    assert width[1] == pytest.approx(width[0], rel=0.1)


def test_bands_without_events_have_a_logrank_test_and_no_ratio() -> None:
    """Only detractors leave: the limit says so, and the log-rank test speaks."""
    follow = lives(np.random.default_rng(7), 120, (1.5, 0.5, 0.5))
    follow["left"] &= follow["band"] == "detractor"
    found = hazard_by_band(follow)
    assert found["hazard_ratio"].isna().all()
    assert found["limit"].str.contains("no event in: passive, promoter").all()
    assert (found["logrank_pvalue"] < 0.001).all()
    one = hazard_by_band(follow[follow["band"] == "detractor"])
    assert one["limit"].str.contains("nobody in: passive, promoter").all()


def test_two_parts_of_spend_and_their_whole() -> None:
    """Shares, means and their ratios by hand; the mean's errors by statsmodels' robust regression."""
    rng = np.random.default_rng(8)
    score = rng.choice([2, 8, 10], 900)
    size = np.where(score == 2, 40.0, np.where(score == 8, 60.0, 80.0))
    spend = rng.gamma(2, size / 2) * (rng.random(900) < 0.8)
    spend[:9] = -15.0
    table = pd.DataFrame({"account_id": range(900), "score": score, "spend": spend})
    found = spend_by_band(table, spend="spend").set_index(["part", "band"])
    low, top = spend[score == 2], spend[score == 10]
    assert found["value"]["any", "detractor"] == pytest.approx(np.mean(low > 0))
    assert found["value"]["amount", "detractor"] == pytest.approx(low[low > 0].mean())
    assert found["against"]["amount", "detractor"] == pytest.approx(low[low > 0].mean() / top[top > 0].mean())
    assert found["against_low"]["amount", "detractor"] < 0.5 < found["against_high"]["amount", "detractor"]
    assert found["against"]["mean", "detractor"] == pytest.approx(low.mean() - top.mean())
    exog = np.column_stack([np.ones(900), score == 2, score == 8]).astype(float)
    fit = sm.OLS(spend, exog).fit(cov_type="HC0")
    half = found["against_high"]["mean", "detractor"] - found["against"]["mean", "detractor"]
    assert half == pytest.approx(stats.t.ppf(0.975, 899) * fit.bse[1], rel=0.01)
    assert found["limit"].str.contains("9 of 900 amounts are below zero").all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"score": 9}, "there are not two bands"),
        ({"spend": 5.0}, "all values are the same"),
        ({"account_id": [i % 7 for i in range(60)]}, "7 accounts"),
        ({"spend": [1.0, 0.0] * 30}, "all values are the same|fewer than 10"),
    ],
)
def test_spend_that_cannot_be_compared_says_why(change: dict[str, Any], words: str) -> None:
    """One band, constant spend, few accounts, two kinds of amount."""
    table = pd.DataFrame({"account_id": range(60), "score": [2, 8, 10] * 20, "spend": np.arange(60.0)})
    found = spend_by_band(table.assign(**change), spend="spend")
    missing = found[found["against"].isna()]
    assert missing["limit"].str.contains(f"{words}|nobody").all()
    assert len(missing)


def test_bad_customers_are_refused_in_words() -> None:
    """An outcome that is neither, a score off the scale, an amount that is none, accounts twice, nobody to follow."""
    table = customers((1, 3), (1, 3), (1, 3))
    with pytest.raises(BadInput, match="neither true nor false"):
        risk_by_band(table.assign(left="maybe"), outcome="left")
    with pytest.raises(BadInput, match="11 is not a whole number"):
        risk_by_band(table.assign(score=11), outcome="left")
    with pytest.raises(BadInput, match="is not an amount"):
        spend_by_band(table.assign(spend="a lot"), spend="spend")
    with pytest.raises(BadInput, match="is not one of"):
        hazard_by_band(lives(np.random.default_rng(1), 9, (1, 1, 1)), reference="fans")  # type: ignore[arg-type]
    responses = pd.DataFrame({"account_id": ["a"], "score": [3], "responded_at": ["2024-02-01"]})
    accounts = pd.DataFrame({"account_id": ["a", "a"], "churned_on": [None, None]})
    with pytest.raises(BadInput, match="account a is twice"):
        follow_up(responses, accounts, until="2024-06-30")
    with pytest.raises(BadInput, match="answered_after_the_end 1"):
        follow_up(responses, accounts.head(1), until="2024-01-30")
