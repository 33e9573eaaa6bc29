"""Scores by account against svy, statsmodels, matrices, the plain score, and samples from known populations."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import statsmodels.api as sm
import svy
from numpy.typing import NDArray

from nps_utils.checks import BadInput
from nps_utils.stats.weighting.weighted_interval import weighted_score


def _answers(seed: int = 1, n: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    account = rng.integers(0, 60, n)
    mood = rng.normal(size=60)[account]
    return pd.DataFrame(
        {
            "score": np.clip(np.round(8 + 1.5 * mood + rng.normal(size=n)), 0, 10).astype(int),
            "account_id": account.astype(str),
            "weight": rng.uniform(0.5, 3, n),
            "segment": rng.choice(["a", "b", "c"], n),
            "region": np.where(account < 25, "north", "south"),
        }
    )


def _points(answers: pd.DataFrame) -> NDArray[np.float64]:
    net = (answers["score"] >= 9).astype(float) - (answers["score"] <= 6).astype(float)
    return np.asarray(100 * net, dtype=np.float64)


def _svy(answers: pd.DataFrame, by: str | None = None, **design: Any) -> pd.DataFrame:
    data = pl.from_pandas(answers.assign(points=_points(answers), one=1.0))
    sample = svy.Sample(data, svy.Design(**({"wgt": "one"} | design)))
    found = sample.estimation.mean("points", by=by)
    assert isinstance(found, svy.Estimate)
    return pd.DataFrame(found.to_polars().to_dicts())


def _alike(accounts: int = 60, each: int = 5) -> pd.DataFrame:
    """Accounts of one size: there CR2 and Taylor's variance with clusters / (clusters - 1) are the same number."""
    answers = _answers(n=accounts * each)
    account = np.arange(len(answers)) % accounts
    return answers.assign(account_id=account.astype(str), region=np.where(account < 25, "north", "south"))


@pytest.mark.parametrize("cluster", [None, "account_id"])
@pytest.mark.parametrize("stratum", [None, "region"])
def test_agrees_with_svy_where_accounts_are_of_one_size(cluster: str | None, stratum: str | None) -> None:
    """Estimate and standard error, and degrees of freedom: clusters less strata, or fewer where strata differ."""
    answers = _alike()
    design = {"psu": cluster, "stratum": stratum}
    theirs = _svy(answers, **{name: value for name, value in design.items() if value}).iloc[0]
    ours = weighted_score(answers, cluster=cluster, stratum=stratum).iloc[0]
    assert ours["nps"] == pytest.approx(theirs["est"], rel=1e-9)
    assert ours["se"] == pytest.approx(theirs["se"], rel=1e-9)
    assert 0.9 * theirs["df"] <= ours["df"] <= theirs["df"] + 1e-9
    assert stratum or ours["df"] == pytest.approx(theirs["df"])


@pytest.mark.parametrize("weight", [None, "weight"])
@pytest.mark.parametrize("cluster", [None, "account_id"])
@pytest.mark.parametrize("stratum", [None, "region"])
@pytest.mark.parametrize("by", [None, "segment"])
def test_is_near_svy_elsewhere(weight: str | None, cluster: str | None, stratum: str | None, by: str | None) -> None:
    """The same estimate; a standard error within 3 % of Taylor's, which knows no leverage of the larger accounts."""
    answers = _answers()
    design = {"wgt": weight, "psu": cluster, "stratum": stratum}
    theirs = _svy(answers, by, **{name: value for name, value in design.items() if value})
    ours = weighted_score(answers, by=[by] if by else None, weight=weight, cluster=cluster, stratum=stratum)
    np.testing.assert_allclose(ours["nps"], theirs["est"], rtol=1e-9)
    np.testing.assert_allclose(ours["se"], theirs["se"], rtol=0.03)
    assert ours["n"].tolist() == theirs["n"].tolist()


def test_finite_population_agrees_with_svy_and_a_census_does_not_vary() -> None:
    """60 of 80 accounts, and 60 of 60."""
    answers = _alike().assign(all_accounts=80)
    theirs = _svy(answers, psu="account_id", pop_size="all_accounts")
    ours = weighted_score(answers, cluster="account_id", population=80)
    assert ours["se"].iloc[0] == pytest.approx(theirs["se"].iloc[0], rel=1e-9)
    endless = weighted_score(answers, cluster="account_id")
    width = {name: (table["high"] - table["low"]).iloc[0] for name, table in (("80", ours), ("endless", endless))}
    assert width["80"] == pytest.approx(width["endless"] * np.sqrt(20 / 79) + 100 / 80, rel=0.02)
    census = weighted_score(answers, cluster="account_id", population=60).iloc[0]
    assert census["se"] == 0
    assert census["low"] == census["high"] == pytest.approx(_points(answers).mean())
    one_account = answers.assign(mine=answers["account_id"] == "7")
    both = weighted_score(one_account, by="mine", cluster="account_id", population=60)
    assert both["se"].tolist() == [0, 0]  # one account is all there is of its group, and all is known
    assert weighted_score(one_account, by="mine", cluster="account_id")["se"].isna().tolist() == [False, True]


def test_agrees_with_cluster_robust_least_squares() -> None:
    """Statsmodels: a weighted mean as a regression on a constant, where all accounts weigh alike."""
    answers = _alike()
    answers["weight"] /= answers.groupby("account_id")["weight"].transform("sum")
    n, clusters = len(answers), answers["account_id"].nunique()
    model = sm.WLS(_points(answers), np.ones(n), weights=answers["weight"])
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": answers["account_id"].astype(int).to_numpy()})
    # Their factor is clusters / (clusters - 1) times (n - 1) / (n - k), and k = 1 here.
    ours = weighted_score(answers, weight="weight", cluster="account_id").iloc[0]
    assert ours["nps"] == pytest.approx(float(fit.params[0]), rel=1e-12)
    assert ours["se"] == pytest.approx(float(fit.bse[0]), rel=1e-9)
    assert ours["clusters"] == clusters


@pytest.mark.parametrize("rows", [300, 150, 40])
def test_strata_are_a_variance_within_each_and_one_of_their_sizes(rows: int) -> None:
    """Written out account by account: sums of squares within strata, and a lone account around the whole."""
    answers = _answers(seed=rows).iloc[:rows]
    lone = answers.loc[0, "account_id"]
    answers.loc[answers["account_id"] == lone, "region"] = "east"
    doubled = pd.concat([answers.assign(g=1), answers.assign(g=2, account_id="other" + answers["account_id"])])
    found = weighted_score(doubled, by="g", cluster="account_id", stratum="region").iloc[0]
    points, total = _points(answers) / 100, len(answers)
    overall, variance = points.mean(), 0.0
    for region, within in answers.groupby("region"):
        mine = points[within.index]
        centre = overall if region == "east" else mine.mean()
        accounts = within["account_id"].nunique()
        for _, of_one in within.groupby("account_id"):
            sample = total if region == "east" else len(within)
            part = len(of_one) / total / np.sqrt(1 - len(of_one) / sample) * (points[of_one.index].mean() - centre)
            if region != "east":
                larger = (len(of_one) - len(within) / accounts) / total
                part += np.sqrt(accounts / (accounts - 1)) * (centre - overall) * larger
            variance += part**2
    assert found["se"] == pytest.approx(100 * np.sqrt(variance), rel=1e-9)


def test_a_self_weighting_sample_is_the_plain_score() -> None:
    """Equal weights, no clusters: the mean of -1, 0, 1 and its textbook standard error; 7 each changes nothing."""
    answers = _answers()
    points = _points(answers)
    plain = weighted_score(answers).iloc[0]
    assert plain["nps"] == pytest.approx(points.mean(), rel=1e-12)
    assert plain["se"] == pytest.approx(points.std(ddof=1) / np.sqrt(len(points)), rel=1e-12)
    assert plain["n_effective"] == pytest.approx(len(points))
    assert plain["design_effect"] == pytest.approx(len(points) / (len(points) - 1))
    seven = weighted_score(answers.assign(seven=7.0), weight="seven")
    pd.testing.assert_frame_equal(seven, weighted_score(answers), rtol=1e-12)


def test_clusters_of_one_are_no_clusters() -> None:
    """An account for every answer gives the same as no accounts, and so do answers without an account."""
    answers = _answers()
    ones = weighted_score(answers.assign(own=np.arange(300).astype(str)), weight="weight", cluster="own")
    none = weighted_score(answers, weight="weight")
    empty = weighted_score(answers.assign(own=None), weight="weight", cluster="own")
    pd.testing.assert_frame_equal(ones, none)
    pd.testing.assert_frame_equal(empty, none)


def test_interval_covers_over_repeated_cluster_samples() -> None:
    """A population of 2,000 accounts with moods of their own; 1,000 samples of 40 accounts, 93 to 98 % cover."""
    rng = np.random.default_rng(9)
    size = rng.integers(1, 8, 2_000)
    account = np.repeat(np.arange(2_000), size)
    mood = rng.normal(size=2_000)[account]
    scores = np.clip(np.round(8 + 1.5 * mood + rng.normal(size=len(account))), 0, 10).astype(int)
    everyone = pd.DataFrame({"score": scores, "account_id": account})
    truth = _points(everyone).mean()
    starts = np.concatenate([[0], np.cumsum(size)])
    frames = []
    for draw in range(1_000):
        rows = np.concatenate([np.arange(starts[a], starts[a + 1]) for a in rng.choice(2_000, 40, replace=False)])
        frames.append(everyone.iloc[rows].assign(draw=draw))
    samples = pd.concat(frames)
    # Each draw is a stratum of its own, so that one call gives 1,000 separate samples.
    table = weighted_score(samples, by=["draw"], cluster="account_id", stratum="draw")
    covered = ((table["low"] <= truth) & (truth <= table["high"])).mean()
    assert 0.93 <= covered <= 0.98
    alone = weighted_score(samples, by=["draw"], stratum="draw")
    ignored = ((alone["low"] <= truth) & (truth <= alone["high"])).mean()
    assert ignored < 0.9  # what happens when answers of one account count as independent


def test_all_alike_has_a_width_and_one_account_has_no_spread() -> None:
    """Five accounts of promoters: not 100 to 100; one account: nothing is known about others."""
    answers = pd.DataFrame(
        {"score": [10] * 10 + [9, 0], "account_id": [*"aabbccddee", "f", "f"], "g": [1] * 10 + [2] * 2}
    )
    alike, alone = weighted_score(answers, by=["g"], cluster="account_id").to_dict("records")
    assert (alike["nps"], alike["high"]) == (100, 100)
    assert alike["low"] == pytest.approx(13.103507, abs=1e-6)  # as five promoters of five answers
    assert alike["n_worth"] == 5
    assert np.isnan(alone["se"])
    assert (alone["low"], alone["high"]) == (-100, 100)


def test_groups_keep_their_missing_label_and_their_order() -> None:
    """A missing segment is a group, sorted last; two columns of groups give their combinations."""
    answers = _answers()
    answers.loc[:4, "segment"] = None
    table = weighted_score(answers, by=["segment"])
    assert table["segment"].fillna("?").tolist() == ["a", "b", "c", "?"]
    assert table["n"].sum() == 300
    both = weighted_score(answers, by=["region", "segment"])
    assert list(both.columns[:2]) == ["region", "segment"]
    assert len(both) == answers.fillna("?").groupby(["region", "segment"]).ngroups


def test_a_thousand_groups_cost_one_pass() -> None:
    """100,000 answers in 1,000 groups within two seconds, where one pass per group takes ten or more."""
    rng = np.random.default_rng(2)
    n = 100_000
    answers = pd.DataFrame(
        {"score": rng.integers(0, 11, n), "g": rng.integers(0, 1_000, n), "account_id": rng.integers(0, 10_000, n)}
    )
    start = time.perf_counter()
    assert len(weighted_score(answers, by=["g"], cluster="account_id")) == 1_000
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({"score": 11}, {}, r'row 0, column "score": 11 '),
        ({"score": None}, {}, r'row 0, column "score"'),
        ({"weight": -1.0}, {"weight": "weight"}, r'row 0, column "weight": -1\.0 is not a weight'),
        ({"weight": np.nan}, {"weight": "weight"}, r'row 0, column "weight"'),
        ({}, {"weight": "wieght"}, "Did you mean"),
        ({}, {"cluster": "account_id", "population": 20}, "population = 20 is below the 60 clusters"),
        ({}, {"stratum": "account_id", "cluster": "account_id"}, "one cluster only"),
        ({}, {"stratum": "region", "population": 900}, "one number for 2 strata"),
        ({"region": None}, {"stratum": "region"}, "every answer needs a stratum"),
        ({}, {"confidence_level": 95}, r"Write 0\.95"),
        ({}, {"by": ["country"]}, "country"),
    ],
)
def test_nonsense_is_refused(change: dict[str, Any], options: dict[str, Any], message: str) -> None:
    """The message names the row, the column and the value."""
    answers = _answers().astype({"score": object, "region": object})
    for column, value in change.items():
        answers.loc[0, column] = value
    with pytest.raises(BadInput, match=message):
        weighted_score(answers, **options)


def test_no_answers_are_no_rows() -> None:
    """An empty table has no groups and no score, and is no error."""
    empty = _answers().iloc[:0]
    assert weighted_score(empty).empty
    assert weighted_score(empty, by=["segment"], weight="weight", cluster="account_id").empty


@pytest.mark.parametrize("by", [None, ["wave"]])
def test_answers_counted_by_account_are_worth_what_they_are_one_by_one(by: list[str] | None) -> None:
    """Weights of one leave each answer a cell of its own; without weights they are counted first."""
    chance = np.random.default_rng(20261130)
    n = 400
    answers = pd.DataFrame(
        {
            "score": chance.integers(0, 11, n).astype("int8"),
            "account_id": pd.Series(chance.choice(["a", "b", "c", "d", "e", ""], n)).replace("", None),
            "wave": chance.choice(["Q1", "Q2"], n),
            "one": 1.0,
        }
    )
    counted = weighted_score(answers, by=by, cluster="account_id")
    alone = weighted_score(answers, by=by, cluster="account_id", weight="one")
    pd.testing.assert_frame_equal(counted, alone, rtol=1e-12)
