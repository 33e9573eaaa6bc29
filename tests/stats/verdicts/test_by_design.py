"""Scores, changes and lines by how answers hang together: the plain ones where they do not, honest where they do."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import norm
from statsmodels.stats.multitest import multipletests

from nps_utils import clustered_change, compare, count_bands, paired_change, score, trend
from nps_utils.stats import verdicts
from nps_utils.stats.arithmetic.effective import Cells, summed
from nps_utils.stats.verdicts.independence import UNIT
from nps_utils.stats.verdicts.split import Split
from nps_utils.stats.weighting import weighted_score

MIXES = ((0.15, 0.30, 0.55), (0.05, 0.05, 0.90))


def drawn(
    rng: np.random.Generator,
    *,
    accounts: int,
    waves: int,
    mix: tuple[float, float, float] = MIXES[0],
    alike: float = 0.0,
    of_wave: float = 0.0,
    answers: float = 5.0,
) -> pd.DataFrame:
    """Draw answers of accounts of unequal size that correlate by `alike`, within a wave by `of_wave` more."""
    cuts = norm.ppf(np.cumsum(mix)[:2])
    sizes = np.maximum(1, np.round(np.exp(rng.normal(np.log(answers), 0.8, accounts)))).astype(int)
    own = rng.normal(size=accounts) * np.sqrt(alike)
    tables = []
    for wave in range(waves):
        account = np.repeat(np.arange(accounts), sizes)
        level = own + rng.normal(size=accounts) * np.sqrt(of_wave)
        latent = level[account] + rng.normal(size=len(account)) * np.sqrt(1 - alike - of_wave)
        answer = np.array([3, 7, 9])[np.searchsorted(cuts, latent)]
        names = [f"a{k}" for k in account]
        tables.append(pd.DataFrame({"touchpoint": "t", "wave": f"{2020 + wave}", "score": answer, "account_id": names}))
    return pd.concat(tables, ignore_index=True)


def test_independent_answers_are_scored_as_counts() -> None:
    """Without names, or with one answer an account: the numbers of `score`, `compare`, `trend`."""
    answers = drawn(np.random.default_rng(1), accounts=60, waves=4)
    lone = answers.assign(account_id=[f"x{i}" for i in range(len(answers))])
    for table in (answers.drop(columns="account_id"), lone):
        found = verdicts.scores(table, by=["wave"])
        plain = score(count_bands(table, by=["wave"]))
        assert set(found["design"]) == {"independent"}
        np.testing.assert_allclose(found[["nps", "low", "high"]], plain[["nps", "low", "high"]], rtol=0, atol=1e-12)
        moved = verdicts.changes(table)
        raw = compare(count_bands(table, by=["touchpoint", "wave"]), across="wave")
        for name in ("change", "low", "high", "pvalue", "pvalue_adjusted"):
            np.testing.assert_allclose(moved[name], raw[name], rtol=0, atol=1e-9)
        line, flat = verdicts.trends(table), trend(count_bands(table, by=["touchpoint", "wave"]))
        for name in ("slope", "low", "high", "pvalue", "equal_pvalue", "scatter_pvalue"):
            np.testing.assert_allclose(line[name], flat[name], rtol=0, atol=1e-9)


def test_answers_of_accounts_are_scored_by_account() -> None:
    """The numbers of `weighted_score` and `clustered_change`; where people are known and accounts not, by person."""
    answers = drawn(np.random.default_rng(2), accounts=30, waves=3, alike=0.2)
    people = answers.rename(columns={"account_id": "respondent_id"})
    for table in (answers, people):
        found = verdicts.scores(table, by=["wave"])
        own = weighted_score(answers, by="wave", cluster="account_id")
        assert set(found["design"]) == {"clustered"}
        np.testing.assert_allclose(found[["nps", "low", "high", "n_worth"]], own[["nps", "low", "high", "n_worth"]])
        moved, raw = verdicts.changes(table), clustered_change(answers)
        np.testing.assert_allclose(moved[["change", "low", "high", "pvalue"]], raw[["change", "low", "high", "pvalue"]])


def test_the_same_people_twice_are_paired() -> None:
    """One answer each in both waves: the paired change; not where several people of an account answer twice."""
    rng = np.random.default_rng(3)
    first = rng.integers(0, 11, 40)
    second = np.clip(first + rng.integers(0, 3, 40), 0, 10)
    table = pd.DataFrame(
        {
            "touchpoint": "t",
            "wave": ["1"] * 40 + ["2"] * 40,
            "score": np.concatenate([first, second]),
            "respondent_id": [f"p{i}" for i in range(40)] * 2,
        }
    )
    row, own = (
        verdicts.changes(table).iloc[0],
        paired_change(table, person="respondent_id", before="1", after="2").iloc[0],
    )
    assert row["design"] == "paired"
    assert [row["low"], row["high"], row["pvalue"]] == [own["low"], own["high"], own["pvalue"]]
    shared = table.assign(account_id=[f"a{i // 4}" for i in range(40)] * 2)
    assert verdicts.changes(shared).iloc[0]["design"] == "clustered"


def test_a_slope_by_account_is_that_of_clustered_regression() -> None:
    """Least squares with equal n a wave: its slope, and about its cluster-robust error (statsmodels, many accounts)."""
    rng = np.random.default_rng(4)
    answers = drawn(rng, accounts=300, waves=5, alike=0.05, of_wave=0.25)
    points = np.select([answers["score"] > 8, answers["score"] < 7], [100.0, -100.0], 0.0)
    time = answers["wave"].astype(int).to_numpy(dtype=float)
    codes = pd.factorize(answers["account_id"])[0]
    fit = sm.OLS(points, sm.add_constant(time)).fit(cov_type="cluster", cov_kwds={"groups": codes})
    row = verdicts.trends(answers).iloc[0]
    assert row["slope"] == pytest.approx(fit.params[1])
    assert row["se"] == pytest.approx(fit.bse[1], rel=0.03)
    assert row["pvalue"] == pytest.approx(fit.pvalues[1], abs=0.03)


@pytest.mark.parametrize(("accounts", "mix"), [(8, MIXES[0]), (25, MIXES[0]), (25, MIXES[1])])
def test_no_trend_is_seldom_called_one(accounts: int, mix: tuple[float, float, float]) -> None:
    """Answers that correlate by .1 within account and by .1 within account and wave: 5 %; `trend` reaches .12 to .2."""
    rng = np.random.default_rng(5)
    tables = [
        drawn(rng, accounts=accounts, waves=6, mix=mix, alike=0.1, of_wave=0.1).assign(touchpoint=f"{k:03}")
        for k in range(150)
    ]
    every = pd.concat(tables, ignore_index=True)
    every["account_id"] = every["touchpoint"] + every["account_id"]
    found = verdicts.trends(every, adjust="none")
    assert (found["pvalue"] < 0.05).mean() <= 0.09  # 5 % and two standard errors of 150 draws
    assert (found["equal_pvalue"] < 0.05).mean() <= 0.11


def test_the_newest_wave_is_a_family_of_its_own() -> None:
    """Two comparisons by Holm, all earlier ones by another; statsmodels adjusts the same."""
    rng = np.random.default_rng(6)
    answers = drawn(rng, accounts=80, waves=1, answers=1.0)
    quarters = [f"{year}-Q{quarter}" for year, quarter in itertools.product((2024, 2025), (1, 2, 3, 4))]
    tables = [answers.assign(wave=wave, score=rng.permutation(answers["score"])) for wave in quarters]
    table = pd.concat(tables, ignore_index=True).drop(columns="account_id")
    table.loc[table["wave"] == "2025-Q4", "score"] = 3
    new = verdicts.latest(table)
    assert new["against"].tolist() == ["previous", "year"]
    assert new["before"].tolist() == ["2025-Q3", "2024-Q4"]
    np.testing.assert_allclose(new["pvalue_adjusted"], multipletests(new["pvalue"], method="holm")[1])
    each = verdicts.each_wave(table)
    past = each[~each["newest"]]
    assert len(past) == 6
    np.testing.assert_allclose(past["pvalue_adjusted"], multipletests(past["pvalue"], method="holm")[1])
    assert each.iloc[-1]["pvalue_adjusted"] == new.iloc[0]["pvalue_adjusted"]
    cut = verdicts.latest(table, incomplete=["2025-Q4"])
    assert cut["after"].tolist() == ["2025-Q3", "2025-Q3"]


def test_nothing_larger_than_what_would_have_shown_is_no_evidence() -> None:
    """Over many tables of many waves: where a change is not shown it is smaller than what would have been."""
    rng = np.random.default_rng(7)
    for _ in range(20):
        each = verdicts.each_wave(drawn(rng, accounts=int(rng.integers(4, 40)), waves=9, alike=0.1, of_wave=0.2))
        for _, row in each.iterrows():
            if verdicts.verdict_of(row) not in ("up", "down"):
                assert abs(row["change"]) <= verdicts.would_have_shown(row) + 1e-9


def split_of(scores: Mapping[str, tuple[int | None, int | None]]) -> Split:
    """Return the split of accounts that gave these answers before and after."""
    rows = [
        {"wave": str(wave), "account_id": name, "score": answer}
        for name, both in scores.items()
        for wave, answer in enumerate(both)
        if answer is not None
    ]
    return verdicts.stayed_or_changed(pd.DataFrame(rows), before="0", after="1")


def test_whose_change_it_is() -> None:
    """Detractors who leave raise a score that nobody raised; those who stay and move raise it; parts add up."""
    left = split_of({f"u{i}": (3, None) for i in range(30)} | {f"h{i}": (9 if i % 3 else 7,) * 2 for i in range(60)})
    moved = split_of({f"u{i}": (3, 9) for i in range(30)} | {f"h{i}": (9 if i % 3 else 7,) * 2 for i in range(60)})
    still = split_of({f"h{i}": (9 if i % 3 else 3,) * 2 for i in range(60)})
    assert (left.whose, moved.whose, still.whose) == ("others", "stayers", "unknown")
    for split in (left, moved, still):
        assert split.part("stayers")["points"] + split.others == pytest.approx(split.part("total")["points"])


def test_units_are_accounts_then_people_then_nobody() -> None:
    """An account counts once whatever its people are called; an answer of nobody stands alone."""
    table = pd.DataFrame(
        {
            "account_id": ["a", "a", None, None, None],
            "respondent_id": ["1", "2", "3", "3", None],
            "score": [9, 9, 3, 3, 7],
        }
    )
    assert verdicts.with_units(table)[UNIT].nunique() == 2
    row = verdicts.scores(table).iloc[0]
    assert (row["clusters"], row["units"], row["design"]) == (3, 2, "clustered")


@pytest.mark.parametrize("weighted", [False, True])
def test_a_group_against_the_rest_is_a_comparison_of_two(weighted: bool) -> None:
    """Within each wave, as if its answers were told apart by whether they are of the group, and by nothing else."""
    rng = np.random.default_rng(8)
    answers = drawn(rng, accounts=40, waves=2, alike=0.3)
    answers = answers.assign(group=rng.choice(["a", "b", "c"], len(answers)))
    weight = None
    if weighted:
        answers, weight = answers.assign(survey_weight=rng.uniform(0.5, 2, len(answers))), "survey_weight"
    found = verdicts.changes(answers, by=["wave"], across="group", baseline="rest", adjust="none")
    assert set(found["design"]) == {"clustered"}
    for _, row in found.iterrows():
        here = answers[answers["wave"] == row["wave"]]
        here = here.assign(inside=(here["group"] == row["after"]).astype(int))
        two = clustered_change(here, across="inside", weight=weight, adjust="none").iloc[0]
        for name in ("change", "low", "high", "pvalue", "n_before", "n_after", "design_effect"):
            assert row[name] == pytest.approx(two[name], rel=1e-9)


def test_a_weighted_group_without_others_has_no_change() -> None:
    """A level without any other keeps its row, as it does where answers weigh alike."""
    answers = pd.DataFrame({"place": ["x", "y"], "kind": ["a", "b"], "score": [9, 3]})
    for table in (answers, answers.assign(survey_weight=[1.0, 2.0])):
        found = verdicts.changes(table, by=["place"], across="kind", baseline="rest")
        assert found["change"].isna().all()
        assert (found["low"] == -200).all()


def test_answers_are_summed_up_alike_near_and_far() -> None:
    """Codes that lie close are counted off, others sorted: the same cells either way."""
    rng = np.random.default_rng(3)
    sample, account = rng.integers(0, 3, 500), rng.integers(0, 40, 500)
    sums = rng.random((5, 500))
    near = summed(Cells(sample, account, account % 2, *sums))
    far = summed(Cells(sample, account * 10**6, account % 2, *sums))
    table = pd.DataFrame(sums.T).groupby([sample, account]).sum()
    assert np.array_equal(np.column_stack([near.sample, near.account]), [*table.index])
    assert np.array_equal(far.account, near.account * 10**6)
    for at, (one, other) in enumerate(zip(near[3:], far[3:], strict=True)):
        assert np.array_equal(one, other)
        assert one == pytest.approx(table[at].to_numpy())
