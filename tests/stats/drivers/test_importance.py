"""Importance: planted drivers are found, intervals know accounts, and what cannot be told apart is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from nps_utils import drivers
from nps_utils.checks import BadInput, BadValue, MissingColumn

ITEMS = ["ease", "price", "delivery", "look"]


def survey(n: int = 400, *, accounts: int = 80, seed: int = 1, alike: float = 0.2) -> pd.DataFrame:
    """Ease drives most, price half of it, delivery little, look nothing; people of an account think alike."""
    rng = np.random.default_rng(seed)
    whose = rng.integers(0, accounts, n)
    common = 0.6 * rng.normal(size=(n, 1)) + np.sqrt(alike) * rng.normal(size=(accounts, 4))[whose]
    items = np.clip(np.round(3.7 + rng.normal(size=(n, 4)) + common), 1, 5)
    noise = 1.5 * rng.normal(size=n) + np.sqrt(alike) * rng.normal(size=accounts)[whose]
    score = np.clip(np.round(3.4 + items @ [0.7, 0.4, 0.15, 0.0] + noise), 0, 10).astype(int)
    table = pd.DataFrame(items.astype(int), columns=ITEMS)
    return table.assign(score=score, account_id=[f"a{code}" for code in whose])


def test_planted_drivers_are_found_in_order() -> None:
    found = drivers.importance(survey(1200), items=ITEMS, cluster="account_id")
    assert found["item"].tolist()[:2] == ["ease", "price"]
    assert found["rank"].tolist() == [1, 2, 3, 4]
    assert found["rank_high"].iloc[0] == 1
    assert (found["low"] <= found["importance"]).all()
    assert (found["importance"] <= found["high"]).all()
    assert found["share"].sum() == pytest.approx(1)
    assert set(found["direction"]) == {"up"}
    assert found["r2_pvalue"].iloc[0] < 0.01


def test_items_add_up_to_the_r2_of_statsmodels() -> None:
    table = survey()
    fitted = sm.OLS(table["score"], sm.add_constant(table[ITEMS])).fit()
    found = drivers.importance(table, items=ITEMS)
    assert found["importance"].sum() == pytest.approx(fitted.rsquared)
    assert found["relative_weight"].sum() == pytest.approx(fitted.rsquared)
    assert (found["share"] - found["relative_weight"] / found["r2"]).abs().max() < 0.02


def test_penalty_and_reward_are_slopes_among_answers_whose_other_items_foretell_alike() -> None:
    """Both steps anew, by statsmodels and pandas."""
    table = survey()
    points = 100.0 * ((table["score"] >= 9).astype(float) - (table["score"] <= 6))
    found = drivers.importance(table, items=ITEMS).set_index("item")
    for item in ITEMS:
        others = table[[name for name in ITEMS if name != item]].astype(float)
        curved = pd.concat([others, ((others - others.mean()) ** 2).add_suffix("_2")], axis=1)
        foretold = sm.OLS(points, sm.add_constant(curved)).fit().fittedvalues
        borders = [-np.inf, *np.unique(np.quantile(foretold, np.linspace(0.1, 0.9, 9), method="inverted_cdf")), np.inf]
        group = pd.get_dummies(pd.cut(foretold, borders, labels=False), prefix="group", drop_first=True, dtype=float)
        middle = table[item].median()
        sides = pd.DataFrame({"low": table[item] < middle, "high": table[item] > middle}).astype(float)
        fitted = sm.OLS(points, sm.add_constant(pd.concat([sides, group], axis=1).assign(line=foretold))).fit()
        assert found.loc[item, "penalty"] == pytest.approx(fitted.params["low"], abs=1e-6)
        assert found.loc[item, "reward"] == pytest.approx(fitted.params["high"], abs=1e-6)


def test_a_ten_is_not_punished_because_its_other_ratings_are_lower_than_they_look() -> None:
    """Where the score has a ceiling, sides of the other items alone turn the sign of a reward: here it is above zero.

    At each single answer to the other item a ten goes with more points than a nine.
    """
    rng = np.random.default_rng(5)
    other = rng.choice([5, 6, 7, 8, 9, 10], 20_000, p=[0.05, 0.05, 0.1, 0.2, 0.15, 0.45])
    own = np.clip(np.where(rng.random(20_000) < 0.6, other, rng.integers(5, 11, 20_000)), 5, 10)
    score = np.clip(np.round(0.25 * own + 0.75 * other + 0.6 + 0.8 * rng.normal(size=20_000)), 0, 10).astype(int)
    table = pd.DataFrame({"own": own, "other": other, "score": score})
    table["points"] = 100 * ((score >= 9).astype(int) - (score <= 6).astype(int))
    found = drivers.importance(table, items=["own", "other"]).set_index("item")
    middle = found.loc["own", "middle"]
    at = table[table["own"] >= middle].assign(above=table["own"] > middle)
    gains = at.pivot_table(index="other", columns="above", values="points")
    assert (gains[True] >= gains[False]).all()
    assert found["reward_low"]["own"] > 0
    sides = {name: np.sign(table[name] - float(found["middle"][name])) for name in ("own", "other")}
    coarse = pd.DataFrame({f"{name}{side}": (told == side) * 1.0 for name, told in sides.items() for side in (-1, 1)})
    assert sm.OLS(table["points"], sm.add_constant(coarse)).fit().params["own1"] < 0


def test_limits_of_slopes_and_levels_are_about_those_of_cluster_robust_errors() -> None:
    """The jackknife by account against statsmodels' CR1 with t."""
    table = survey(1200, accounts=60)
    codes = pd.factorize(table["account_id"])[0]
    fitted = sm.OLS(table["ease"].astype(float), np.ones(len(table))).fit(
        cov_type="cluster", cov_kwds={"groups": codes}, use_t=True
    )
    found = drivers.importance(table, items=ITEMS, cluster="account_id").set_index("item")
    low, high = np.asarray(fitted.conf_int())[0]
    assert found.loc["ease", "level_low"] == pytest.approx(low, abs=0.01)
    assert found.loc["ease", "level_high"] == pytest.approx(high, abs=0.01)


def test_answers_of_one_account_are_not_independent() -> None:
    """Each answer ten times over is no more than once; counted as independent it seems three times as sure."""
    table = survey(120, accounts=120, alike=0.0)
    ten = pd.concat([table.assign(account_id=[f"a{row}" for row in range(120)])] * 10, ignore_index=True)
    once = drivers.importance(table, items=ITEMS).set_index("item")
    honest = drivers.importance(ten, items=ITEMS, cluster="account_id").set_index("item")
    blind = drivers.importance(ten, items=ITEMS).set_index("item")
    width = {name: (t["high"] - t["low"]).mean() for name, t in (("o", once), ("h", honest), ("b", blind))}
    assert width["h"] == pytest.approx(width["o"], rel=0.1)
    assert width["b"] < 0.5 * width["h"]
    assert honest["importance"].to_dict() == pytest.approx(once["importance"].to_dict())


def test_weights_are_as_many_answers() -> None:
    table = survey(200)
    times = np.where(np.arange(200) % 3 == 0, 3, 1)
    again = table.loc[np.repeat(np.arange(200), times)].reset_index(drop=True)
    weighted = drivers.importance(table.assign(w=times * 0.7), items=ITEMS, weight="w")
    own = drivers.importance(table.assign(survey_weight=times), items=ITEMS)
    many = drivers.importance(again, items=ITEMS)
    for name in ("importance", "relative_weight", "level", "penalty", "reward", "top"):
        assert weighted[name].tolist() == pytest.approx(many[name].tolist())
        assert own[name].tolist() == pytest.approx(many[name].tolist())
    assert weighted["n"].iloc[0] == 200
    assert weighted["weighted"].all()


def test_noise_is_not_a_driver() -> None:
    table = survey(400)
    table["score"] = np.random.default_rng(2).permutation(table["score"])
    found = drivers.importance(table, items=ITEMS)
    assert found["r2_pvalue"].iloc[0] > 0.05
    assert (found["rank_low"] == 1).all()


def test_missing_answers_are_handled_and_said() -> None:
    table = survey(600)
    rng = np.random.default_rng(3)
    gaps = table.astype(dict.fromkeys(ITEMS, float))
    gaps.loc[rng.random(600) < 0.3, "price"] = np.nan
    gaps.loc[rng.random(600) < 0.2, "look"] = np.nan
    whole = drivers.importance(gaps, items=ITEMS).set_index("item")
    pairs = drivers.importance(gaps, items=ITEMS, missing="pairwise").set_index("item")
    there = int(gaps[ITEMS].notna().all(axis=1).sum())
    assert set(whole["n"]) == {there}
    assert pairs.loc["price", "n"] == gaps["price"].notna().sum() == whole.loc["price", "answered"]
    assert whole.loc["price", "missing"] == pytest.approx(gaps["price"].isna().mean())
    assert set(whole["handling"]) == {"complete"}
    truth = drivers.importance(table, items=ITEMS).set_index("item")
    for found in (whole, pairs):
        assert ((found["low"] <= truth["importance"]) & (truth["importance"] <= found["high"])).all()


def test_a_person_who_answers_again_is_one_person() -> None:
    """Without accounts persons are drawn; an answer of nobody stands alone."""
    table = survey(200).drop(columns="account_id")
    found = drivers.importance(table.assign(respondent_id=[f"p{i // 2}" for i in range(200)]), items=ITEMS)
    assert set(found["accounts"]) == {100}
    assert set(found["unit"]) == {"person"}
    nobody = drivers.importance(table.assign(respondent_id=None), items=ITEMS)
    assert set(nobody["accounts"]) == {200}
    assert set(nobody["unit"]) == {"answer"}


def test_few_accounts_have_no_interval() -> None:
    found = drivers.importance(survey(accounts=8), items=ITEMS, cluster="account_id")
    assert found[["low", "high", "penalty_low", "level_high"]].isna().all(axis=None)
    assert (found["rank_high"] == 4).all()


def test_the_same_seed_gives_the_same_table_whatever_the_order_of_items() -> None:
    one = drivers.importance(survey(), items=ITEMS, cluster="account_id")
    two = drivers.importance(survey(), items=ITEMS, cluster="account_id")
    pd.testing.assert_frame_equal(one, two)
    other = drivers.importance(survey(), items=ITEMS[::-1], cluster="account_id")
    assert other.set_index("item")["importance"].to_dict() == pytest.approx(
        one.set_index("item")["importance"].to_dict()
    )


def test_many_items_go_by_relative_weights() -> None:
    rng = np.random.default_rng(6)
    x = rng.integers(1, 6, size=(300, 14))
    table = pd.DataFrame(x, columns=[f"q{i}" for i in range(14)])
    table["score"] = np.clip(x[:, 0] * 2 - rng.integers(0, 3, 300), 0, 10)
    found = drivers.importance(table, items=[f"q{i}" for i in range(14)])
    assert set(found["method"]) == {"relative weights"}
    assert found["importance"].tolist() == pytest.approx(found["relative_weight"].tolist())
    with pytest.raises(BadValue, match="at most 10"):
        drivers.importance(table, items=[f"q{i}" for i in range(14)], outcome="band")


def changed(**columns: Any) -> pd.DataFrame:
    return survey().assign(**columns)


REFUSED: dict[str, tuple[pd.DataFrame, dict[str, Any], str]] = {
    "the score": (survey(), {"items": ["score", "ease"]}, "is the score"),
    "a copy of the score": (changed(again=survey()["score"]), {"items": ["again", "ease"]}, "by another name"),
    "its band": (
        changed(band=pd.cut(survey()["score"], [-1, 6, 8, 10], labels=False)),
        {"items": ["band", "ease"]},
        "by another name",
    ),
    "a copy": (changed(easy=survey()["ease"]), {"items": ["ease", "price", "easy"]}, '"ease" and "easy" say the same'),
    "turned round": (changed(easy=6 - survey()["ease"]), {"items": ["ease", "easy"]}, "correlation -1.000"),
    "a total": (
        changed(total=survey()[ITEMS].sum(axis=1)),
        {"items": [*ITEMS, "total"]},
        'One of "ease", "price", "delivery", "look", "total"',
    ),
    "constant": (changed(same=3), {"items": ["ease", "same"]}, '"same" is 3 in all 400'),
    "empty": (changed(none=None), {"items": ["ease", "none"]}, '"none" 0'),
    "few answers": (survey(40), {"items": ["ease"]}, '"ease" 40'),
    "never together": (
        changed(
            ease=survey()["ease"].where(np.arange(400) % 2 == 0), look=survey()["look"].where(np.arange(400) % 2 == 1)
        ),
        {"items": ITEMS},
        "0 of 400 scored answers have all 4 items",
    ),
    "one band": (changed(score=10), {"items": ITEMS}, "nothing differs"),
    "words": (changed(ease="so and so"), {"items": ["ease"]}, "rating_labels"),
    "one name": (survey(), {"items": "ease"}, 'write a list of columns: ["ease"]'),
    "no name": (survey(), {"items": []}, "items is empty"),
    "a number": (survey(), {"items": [1]}, "not the name of a column"),
    "no score": (changed(score=None), {"items": ITEMS}, "No answer has a score"),
    "twice": (survey(), {"items": ["ease", "ease"]}, "listed twice"),
    "bad score": (changed(score=11), {"items": ["ease"]}, "11 is not a whole number from 0 to 10"),
    "bad weight": (changed(w=0.0), {"items": ["ease"], "weight": "w"}, "not a weight above zero"),
    "pairs for bands": (survey(), {"items": ITEMS, "outcome": "band", "missing": "pairwise"}, "complete"),
    "outcome": (survey(), {"items": ITEMS, "outcome": "bands"}, 'Did you mean "band"'),
    "level": (survey(), {"items": ITEMS, "confidence_level": 95}, "Write 0.95"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_told_is_refused_with_a_sentence(case: str) -> None:
    table, options, words = REFUSED[case]
    with pytest.raises(BadInput) as refused:
        drivers.importance(table, **options)
    assert words in str(refused.value)


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(MissingColumn, match='Did you mean "ease"'):
        drivers.importance(survey(), items=["eas"])
    with pytest.raises(MissingColumn, match="acount"):
        drivers.importance(survey(), items=["ease"], cluster="acount")


def test_nine_tenths_of_studies_hold_the_truth() -> None:
    """A short count of coverage by account; the long one is in the docstring of `importance`."""
    truth = drivers.importance(survey(20_000, accounts=4_000, seed=99), items=ITEMS).set_index("item")["importance"]
    held = []
    for seed in range(40):
        table = survey(120, accounts=30, seed=seed)
        found = (
            drivers.importance(table, items=ITEMS, cluster="account_id", draws=199).set_index("item").loc[truth.index]
        )
        held.append(((found["low"] <= truth) & (truth <= found["high"])).to_numpy())
    assert np.mean(held) > 0.9
