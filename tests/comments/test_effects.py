"""Effects of themes against arithmetic done by hand, statsmodels, a jackknife and planted truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats
from scipy.stats import norm
from statsmodels.stats import proportion

from nps_utils.checks import BadValue, MissingColumn
from nps_utils.comments import theme_changes, theme_effects


def _survey(n: int, seed: int, *, effect: float = 0.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two themes that go together; `a` lowers the score by `effect`, `b` only through `a`."""
    rng = np.random.default_rng(seed)
    a = rng.random(n) < 0.3
    b = np.where(a, rng.random(n) < 0.6, rng.random(n) < 0.2)
    silent = rng.random(n) < 0.25
    score = np.clip(np.round(8.5 + rng.normal(0, 1.5, n) - effect * (a & ~silent)), 0, 10)
    main = np.where(silent, "no_content", np.where(a, "a", np.where(b, "b", "rest")))
    themes = pd.DataFrame({"main_theme": main, "language": "en"})
    for name, said in (("a", a), ("b", b)):
        themes[name] = np.where(said & ~silent, 0.8, 0.1)
    responses = pd.DataFrame({"score": score.astype(int), "account": rng.integers(0, max(n // 6, 2), n)})
    return responses, themes


def _points(responses: pd.DataFrame) -> np.ndarray:
    score = responses["score"].to_numpy()
    return np.where(score >= 9, 100.0, np.where(score <= 6, -100.0, 0.0))


def test_effects_are_the_differences_one_computes_by_hand() -> None:
    """Shares, scores with and without, leave-out: from plain means."""
    responses, themes = _survey(400, 1, effect=2)
    table = theme_effects(responses, themes).set_index("theme")
    y, told = _points(responses), (themes["main_theme"] != "no_content").to_numpy()
    for name in ("a", "b"):
        m = told & (themes[name] >= 0.5).to_numpy()
        assert table["n"][name] == m.sum()
        assert table["share"][name] == pytest.approx(m.sum() / told.sum())
        assert table["nps_with"][name] == pytest.approx(y[m].mean())
        assert table["nps_without"][name] == pytest.approx(y[~m].mean())
        assert table["leave_out"][name] == pytest.approx(y.mean() - y[~m].mean())
        assert table["share_promoters"][name] == pytest.approx(m[told & (y == 100)].mean())


def test_wilson_interval_of_a_share() -> None:
    """Wilson (1927) by its own formula."""
    responses, themes = _survey(300, 2)
    table = theme_effects(responses, themes, confidence_level=0.9).set_index("theme")
    n, x, z = int((themes["main_theme"] != "no_content").sum()), int(table["n"]["a"]), norm.ppf(0.95)
    middle = (x + z**2 / 2) / (n + z**2)
    half = z * np.sqrt(x * (n - x) / n + z**2 / 4) / (n + z**2)
    assert [table["share_low"]["a"], table["share_high"]["a"]] == pytest.approx([middle - half, middle + half])


def test_leave_out_error_agrees_with_the_jackknife() -> None:
    """Dropping one response at a time, without influence functions."""
    responses, themes = _survey(250, 3, effect=1)
    table = theme_effects(responses, themes).set_index("theme")
    y = _points(responses)
    m = ((themes["a"] >= 0.5) & (themes["main_theme"] != "no_content")).to_numpy()
    n = len(y)
    dropped = np.array([np.delete(y, i).mean() - np.delete(y, i)[~np.delete(m, i)].mean() for i in range(n)])
    jackknife = np.sqrt((n - 1) / n * ((dropped - dropped.mean()) ** 2).sum())
    se = (table["leave_out_high"]["a"] - table["leave_out_low"]["a"]) / 2 / norm.ppf(0.975)
    assert se == pytest.approx(jackknife, rel=0.01)


def test_adjusted_effect_is_the_regression_coefficient_times_the_share() -> None:
    """Against statsmodels' formula interface: the largest of its plain, HC2 and clustered errors."""
    responses, themes = _survey(500, 4, effect=2)
    told = (themes["main_theme"] != "no_content").to_numpy()
    said = pd.DataFrame({name: (themes[name] >= 0.5).astype(float) for name in ("a", "b")})[told]
    data = said.assign(y=_points(responses)[told], account=responses["account"].to_numpy()[told])
    share = said["a"].sum() / len(responses)
    model = smf.ols("y ~ a + b", data)
    fits = [model.fit(), model.fit(cov_type="HC2")]
    table = theme_effects(responses, themes).set_index("theme")
    assert table["adjusted"]["a"] == pytest.approx(share * fits[0].params["a"])
    error = max(fit.bse["a"] for fit in fits)
    assert table["adjusted_pvalue"]["a"] == pytest.approx(2 * norm.sf(abs(fits[0].params["a"]) / error), rel=1e-6)
    clustered = model.fit(cov_type="cluster", cov_kwds={"groups": data["account"]})
    table = theme_effects(responses, themes, cluster="account").set_index("theme")
    error = max(error, clustered.bse["a"])
    assert table["adjusted_pvalue"]["a"] == pytest.approx(2 * norm.sf(abs(fits[0].params["a"]) / error), rel=1e-6)


def test_the_interval_of_an_effect_knows_that_the_share_is_a_sample() -> None:
    """300 surveys of one population: the limits of adjusted hold its true value (of a hundred thousand) in 95 %."""
    big, big_themes = _survey(100_000, 99, effect=2)
    true = theme_effects(big, big_themes).set_index("theme")["adjusted"]["a"]
    held = 0
    for seed in range(300):
        found = theme_effects(*_survey(300, 1000 + seed, effect=2)).set_index("theme").loc["a"]
        held += found["adjusted_low"] <= true <= found["adjusted_high"]
    assert 0.92 <= held / 300 <= 0.985  # 95 %, and two standard errors of so few draws


def test_a_dozen_of_one_mind_are_not_taken_as_certain() -> None:
    """200 answers, 90 % promoters, a theme of twelve that says nothing of the score: HC2 alone alarms in 29 %."""
    rng = np.random.default_rng(3)
    alarms = {"leave_out": 0, "adjusted": 0}
    for _ in range(200):
        responses = pd.DataFrame({"score": rng.choice([3, 7, 9], 200, p=[0.05, 0.05, 0.9])})
        marked = {name: rng.permutation(np.repeat([1.0, 0.0], [k, 200 - k])) for name, k in (("a", 12), ("b", 60))}
        themes = pd.DataFrame({"main_theme": np.where(marked["a"] > 0, "a", "rest"), **marked})
        row = theme_effects(responses, themes).set_index("theme").loc[["a"]]
        for kind in alarms:
            alarms[kind] += int((row[f"{kind}_pvalue"] < 0.05).sum())
    assert max(alarms.values()) / 200 <= 0.08


def test_the_companion_of_a_costly_theme_is_cleared_by_adjustment() -> None:
    """Theme b goes with a, which lowers the score: left out it seems costly, adjusted it is not."""
    responses, themes = _survey(4000, 5, effect=3)
    table = theme_effects(responses, themes).set_index("theme")
    assert table.index[0] == "a"
    assert table["leave_out_pvalue_adjusted"]["b"] < 0.001
    assert table["adjusted_low"]["b"] < 0 < table["adjusted_high"]["b"]
    assert table["adjusted_high"]["a"] < 0


def test_without_an_effect_five_in_a_hundred_intervals_miss() -> None:
    """Coverage of both effects of theme b in 100 surveys where no theme matters."""
    missed = np.zeros(2)
    for seed in range(100):
        table = theme_effects(*_survey(150, 1000 + seed), adjust="none").set_index("theme")
        missed += [
            not table[f"{name}_low"]["b"] <= 0 <= table[f"{name}_high"]["b"] for name in ("leave_out", "adjusted")
        ]
    assert np.all(missed <= 100 * 0.05 + 3 * np.sqrt(100 * 0.05 * 0.95)), missed


def test_rare_themes_and_missing_scores() -> None:
    """A theme of three mentions gets no effect; rows without a score are left out; identical themes: one effect."""
    responses, themes = _survey(300, 6)
    themes["rare"] = 0.0
    themes.loc[themes.index[themes["main_theme"] != "no_content"][:3], "rare"] = 1.0
    themes["twin"] = themes["a"]
    responses["score"] = responses["score"].astype("Int8")
    responses.loc[:20, "score"] = pd.NA
    table = theme_effects(responses, themes).set_index("theme")
    assert np.isnan(table["leave_out"]["rare"])
    assert table["adjusted"].notna().sum() == 2
    assert table["n"]["a"] == ((themes["a"] >= 0.5) & responses["score"].notna()).sum()


def test_tables_that_do_not_fit_are_refused() -> None:
    """Another length, a missing column, a score that is none, nobody who wrote."""
    responses, themes = _survey(50, 7)
    with pytest.raises(BadValue, match="must be the same rows"):
        theme_effects(responses[:-1], themes)
    with pytest.raises(MissingColumn, match='"scores"'):
        theme_effects(responses, themes, score="scores")
    with pytest.raises(MissingColumn, match='"wave"'):
        theme_changes(responses, themes)
    with pytest.raises(BadValue, match="row 3"):
        theme_effects(responses.assign(score=np.where(np.arange(50) == 3, 11, 5)), themes)
    with pytest.raises(BadValue, match="no response has both"):
        theme_effects(responses, themes.assign(main_theme="no_content"))


@pytest.mark.parametrize(("n1", "x1", "n2", "x2"), [(120, 12, 90, 27), (60, 3, 80, 2), (40, 20, 30, 29)])
def test_a_change_of_share_agrees_with_statsmodels(n1: int, x1: int, n2: int, x2: int) -> None:
    """Interval of Agresti and Caffo as statsmodels has it where no share is 0, and the N - 1 chi-squared of scipy's."""
    row = _change_of_share(n1, x1, n2, x2)
    assert (row["n_before"], row["n_after"]) == (n1, n2)
    assert row["change"] == pytest.approx(x2 / n2 - x1 / n1)
    how = {"method": "agresti-caffo", "compare": "diff"}
    assert (row["low"], row["high"]) == pytest.approx(proportion.confint_proportions_2indep(x2, n2, x1, n1, **how))
    table = [[x1, n1 - x1], [x2, n2 - x2]]
    statistic = stats.chi2_contingency(table, correction=False).statistic * (n1 + n2 - 1) / (n1 + n2)
    assert row["pvalue"] == pytest.approx(stats.chi2.sf(statistic, 1))


@pytest.mark.parametrize("share", [0.1, 0.2, 0.34])
def test_a_change_of_share_holds_its_level_where_adjusting_takes_it(share: float) -> None:
    """Two waves of 26, by enumeration: p below .0003 is not met more often than .0003 (the interval's test: .00055)."""
    every = [(x1, x2) for x1 in range(27) for x2 in range(27)]
    p = {pair: _change_of_share(26, pair[0], 26, pair[1])["pvalue"] for pair in every if abs(pair[0] - pair[1]) > 8}
    chance = np.asarray(stats.binom.pmf(range(27), 26, share))
    assert sum(chance[x1] * chance[x2] for (x1, x2), value in p.items() if value < 0.0003) < 1.05 * 0.0003


def test_a_theme_that_is_new_in_a_wave_has_an_interval() -> None:
    """From nobody of 100 to 20 of 100: shown, where a score interval has no limits to give."""
    row = _change_of_share(100, 0, 100, 20)
    assert 0 < row["low"] < row["change"] < row["high"]
    assert row["pvalue"] < 0.001


def _change_of_share(n1: int, x1: int, n2: int, x2: int) -> pd.Series:
    main = ["a"] * x1 + ["rest"] * (n1 - x1) + ["a"] * x2 + ["rest"] * (n2 - x2) + ["no_content"] * 30
    themes = pd.DataFrame({"main_theme": main, "a": [float(m == "a") for m in main]})
    responses = pd.DataFrame({"wave": ["2024-Q1"] * n1 + ["2024-Q2"] * (n2 + 30)})
    return theme_changes(responses, themes).iloc[0]


def test_waves_follow_each_other_and_p_values_are_adjusted_over_all() -> None:
    """Three waves and two themes: four comparisons, Holm; a theme nobody mentions has no test."""
    responses, themes = _survey(600, 8)
    responses["wave"] = np.repeat(["2024-Q1", "2024-Q2", "2024-Q3"], 200)
    themes["none"] = 0.0
    table = theme_changes(responses, themes)
    assert len(table) == 6
    assert table["pvalue"].isna().sum() == 2
    smallest = table["pvalue"].min()
    assert table["pvalue_adjusted"].to_numpy()[table["pvalue"].argmin()] == pytest.approx(min(1, 4 * smallest))
    assert theme_changes(responses.assign(wave="all"), themes).empty


def _of_touchpoints(rng: np.random.Generator, n: int = 1_200) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A theme that only one touchpoint with low scores has, and one that detractors of any mention more."""
    bands = {"support": (0.5, 0.25, 0.25), "yearly": (0.15, 0.3, 0.55), "start": (0.1, 0.25, 0.65)}
    touchpoint = rng.choice(list(bands), n, p=[0.3, 0.5, 0.2])
    band = (rng.random(n)[:, None] > np.array([bands[one] for one in touchpoint]).cumsum(axis=1)).sum(axis=1)
    mentions = {
        "lives_in_one": (touchpoint == "support") & (rng.random(n) < 0.35),
        "of_detractors": rng.random(n) < np.where(band == 0, 0.3, 0.08),
    }
    accounts = rng.integers(0, 300, n).astype(str)
    responses = pd.DataFrame({"score": np.array([3, 7, 10])[band], "touchpoint": touchpoint, "account_id": accounts})
    return responses, pd.DataFrame({"main_theme": "rest", **{name: said * 1.0 for name, said in mentions.items()}})


def test_a_theme_of_a_low_touchpoint_is_not_given_its_level() -> None:
    """Pooled it "costs" five points in every sample; within touchpoints it is found as often as chance finds it."""
    rng = np.random.default_rng(7)
    found: dict[tuple[str | None, str], list[float]] = {}
    for _ in range(60):
        responses, themes = _of_touchpoints(rng)
        for within in (None, "touchpoint"):
            effects = theme_effects(responses, themes, within=within, cluster="account_id").set_index("theme")
            for kind in ("leave_out", "adjusted"):
                for theme in effects.index:
                    found.setdefault((within, f"{theme} {kind}"), []).append(effects.loc[theme, f"{kind}_pvalue"])
    size = {key: float(np.mean(np.array(pvalues) < 0.05)) for key, pvalues in found.items()}
    for kind in ("leave_out", "adjusted"):
        assert size[None, f"lives_in_one {kind}"] == 1.0
        assert size["touchpoint", f"lives_in_one {kind}"] <= 0.12
        assert size["touchpoint", f"of_detractors {kind}"] == 1.0


def test_within_touchpoints_is_the_mean_of_their_effects() -> None:
    """Counted by hand: of each touchpoint the score less that without the theme, by its number of answers."""
    responses, themes = _of_touchpoints(np.random.default_rng(3), n=400)
    points = responses["score"].map({3: -100, 7: 0, 10: 100})
    said = themes["of_detractors"] > 0
    by_hand = 0.0
    for _, rows in responses.groupby("touchpoint"):
        here = points.loc[rows.index]
        by_hand += len(rows) / len(responses) * (here.mean() - here[~said.loc[rows.index]].mean())
    effects = theme_effects(responses, themes, within="touchpoint").set_index("theme")
    assert effects.loc["of_detractors", "leave_out"] == pytest.approx(by_hand)
    dummies = pd.get_dummies(responses["touchpoint"], dtype=float)
    design = np.column_stack([themes[["lives_in_one", "of_detractors"]], dummies])
    slope = np.linalg.lstsq(design, points.to_numpy(dtype=float), rcond=None)[0][1]
    assert effects.loc["of_detractors", "adjusted"] == pytest.approx(slope * said.mean())


def test_a_touchpoint_where_all_mention_a_theme_tells_nothing_of_it() -> None:
    responses = pd.DataFrame({"score": [2, 3] * 20 + [9, 10] * 20, "touchpoint": ["low"] * 40 + ["high"] * 40})
    themes = pd.DataFrame({"main_theme": "rest", "price": [1.0] * 40 + [0.0] * 40})
    alone = theme_effects(responses, themes, within="touchpoint").iloc[0]
    assert np.isnan(alone["leave_out"])
    assert np.isnan(alone["adjusted"])
    assert theme_effects(responses, themes).loc[0, "leave_out"] == pytest.approx(-100)


def test_one_touchpoint_changes_nothing() -> None:
    responses, themes = _of_touchpoints(np.random.default_rng(5), n=300)
    one = responses.assign(touchpoint="yearly")
    pd.testing.assert_frame_equal(theme_effects(one, themes, within="touchpoint"), theme_effects(one, themes))


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_those_of_one_mind_have_limits_too() -> None:
    """Everybody who mentions a theme gives one score and the rest another: a variance of zero, up to rounding."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        main = rng.choice(["a", "b", "c", "d", "rest"], 555)
        score = pd.Series(main).map({"a": 3, "b": 8, "c": 9, "rest": 3}).fillna(pd.Series(rng.choice([3, 9], 555)))
        themes = pd.DataFrame({"main_theme": main, "language": "en"})
        for name in "abcd":
            themes[name] = np.where(main == name, 0.8, 0.1)
        responses = pd.DataFrame({"score": score.astype(int), "account": rng.integers(0, 58, 555)})
        found = theme_effects(responses, themes, cluster="account").set_index("theme")
        assert found[["adjusted", "adjusted_low", "adjusted_high"]].notna().all(axis=None)
