"""A randomised comparison: the plain row is `compare`, the adjusted one is Lin's regression worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from nps_utils.checks import BadInput
from nps_utils.scale import COUNTS
from nps_utils.stats.change import compare
from nps_utils.stats.experiment import randomised


def experiment(n: int = 200, *, effect: float = 1.0, seed: int = 1) -> pd.DataFrame:
    """Draw people whose later answer follows the earlier one, half of them treated."""
    rng = np.random.default_rng(seed)
    prior = rng.integers(3, 11, n)
    treated = rng.permutation(np.arange(n) % 2).astype(bool)
    later = np.clip(prior + rng.integers(-2, 3, n) + np.round(effect * treated).astype(int), 0, 10)
    return pd.DataFrame(
        {"arm": np.where(treated, "fix", "old"), "prior": prior, "score": later, "account": np.arange(n) // 4}
    )


def coded(answers: pd.Series) -> np.typing.NDArray[np.float64]:
    """Return -100, 0 or 100."""
    return 100.0 * ((answers >= 9).to_numpy().astype(float) - (answers <= 6).to_numpy())


def test_plain_row_is_compare() -> None:
    """Without a covariate it is the comparison of two independent waves."""
    data = experiment()
    found = randomised(data, arm="arm", control="old").iloc[0]
    bands = coded(data["score"])
    counts = pd.DataFrame(
        [[np.sum(bands[data["arm"] == arm] == code) for code in (-100, 0, 100)] for arm in ("old", "fix")],
        columns=list(COUNTS),
    ).assign(arm=pd.Categorical(["old", "fix"], categories=["old", "fix"]))
    expected = compare(counts, across="arm").iloc[0]
    for name in ("change", "low", "high", "pvalue"):
        assert found[name] == pytest.approx(expected[name])


def test_adjusted_row_is_lins_regression_with_hc2() -> None:
    """Two separate regressions on the centred covariate, and the HC2 sandwich, by matrices."""
    data = experiment()
    found = randomised(data, arm="arm", control="old", prior="prior").iloc[1]
    y, treated = coded(data["score"]), (data["arm"] == "fix").to_numpy()
    x = (data["prior"] - data["prior"].mean()).to_numpy()
    fits = [np.polyfit(x[arm], y[arm], 1) for arm in (~treated, treated)]
    assert found["change"] == pytest.approx(fits[1][1] - fits[0][1])
    design = np.column_stack([np.ones(len(y)), treated, x, x * treated]).astype(float)
    bread = np.linalg.inv(design.T @ design)
    residual = y - design @ bread @ design.T @ y
    leverage = np.einsum("ij,jk,ik->i", design, bread, design)
    meat = design.T @ (design * (residual**2 / (1 - leverage))[:, np.newaxis])
    se = np.sqrt((bread @ meat @ bread)[1, 1])
    t = stats.t.ppf(0.975, len(y) - 4)
    assert (found["low"], found["high"]) == pytest.approx((found["change"] - t * se, found["change"] + t * se))


def test_a_telling_prior_answer_narrows_the_interval() -> None:
    """Where the earlier answer predicts the later one, adjusting pays."""
    found = randomised(experiment(600), arm="arm", control="old", prior="prior")
    width = found["high"] - found["low"]
    assert width.iloc[1] < 0.8 * width.iloc[0]


def test_exchanging_the_arms_flips_the_sign() -> None:
    """Control and treated exchanged: the mirrored rows."""
    data = experiment()
    there = randomised(data, arm="arm", control="old", prior="prior", cluster="account")
    back = randomised(data, arm="arm", control="fix", prior="prior", cluster="account")
    assert back["change"].tolist() == pytest.approx((-there["change"]).tolist())
    assert back["low"].tolist() == pytest.approx((-there["high"]).tolist())


def test_people_without_a_prior_answer_stay() -> None:
    """A missing earlier answer loses nobody."""
    data = experiment()
    data["prior"] = data["prior"].astype(float).where(data.index % 5 > 0)
    found = randomised(data, arm="arm", control="old", prior="prior")
    assert found["n_control"].iloc[1] + found["n_treated"].iloc[1] == 200
    assert np.isfinite(found["low"]).all()


def test_simulated_size() -> None:
    """Without an effect the adjusted test alarms in at most 8 % of 300 seeded experiments of 60 people."""
    found = [
        randomised(experiment(60, effect=0.0, seed=seed), arm="arm", control="old", prior="prior")["pvalue"]
        for seed in range(300)
    ]
    alarms = (pd.concat(found, axis=1).T < 0.05).mean()
    assert (alarms <= 0.08).all()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (experiment().assign(arm="old"), ("arm", "old")),
        (experiment().assign(score=11), ("score", "11")),
        (experiment(12), ("6 people", "10")),
        (experiment().assign(prior=12), ("prior", "12")),
        (experiment().assign(prior=np.nan), ("prior", "empty")),
        (experiment().drop(columns="prior"), ("prior",)),
    ],
)
def test_senseless_input_is_named(data: pd.DataFrame, words: tuple[str, ...]) -> None:
    """One arm, a wrong answer, too few people, an empty covariate: named with value and rule."""
    with pytest.raises(BadInput) as caught:
        randomised(data, arm="arm", control="old", prior="prior")
    for word in words:
        assert word in str(caught.value)


def test_few_answers_with_an_earlier_one_are_no_effect() -> None:
    """Nine of ten promoters, 20 people an arm, nothing done: .05 and two errors of so few draws; HC2 alone has .19."""
    rng, false = np.random.default_rng(11), 0
    codes, mix = np.array([3, 8, 10]), (0.04, 0.06, 0.9)
    for _ in range(120):
        first = rng.choice(3, 40, p=mix)
        later = np.where(rng.random(40) < 0.7, first, rng.choice(3, 40, p=mix))
        data = pd.DataFrame({"arm": ["fix", "old"] * 20, "prior": codes[first], "score": codes[later]})
        if len(set(first)) > 1:
            row = randomised(data, arm="arm", control="old", prior="prior").iloc[1]
            false += row["pvalue"] < 0.05
            assert (row["pvalue"] < 0.05) == (not row["low"] <= 0 <= row["high"])
    assert false <= 0.09 * 120


def test_arms_within_which_nobody_differs_still_have_an_interval() -> None:
    """Three accounts all happy against three all unhappy: the fit is exact, yet one of twenty deals is as good.

    The exact two-sided p-value is 2 of 20 deals; an interval of no width, or none, would say more.
    """
    answers = {"arm": ["fix"] * 12 + ["old"] * 12, "score": [10] * 12 + [2] * 12, "prior": [5, 6, 7, 8] * 6}
    data = pd.DataFrame({**answers, "account": np.repeat(np.arange(6), 4)})
    found = randomised(data, arm="arm", control="old", prior="prior", cluster="account").iloc[-1]
    assert found["pvalue"] == pytest.approx(2 / 20)
    assert found["low"] < 0 < found["high"] == 200
