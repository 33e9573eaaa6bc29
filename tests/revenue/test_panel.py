"""The panel and what is said of it: joins, lags, slopes and the correction, on data whose truth is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from linearmodels.panel import PanelOLS
from numpy.typing import NDArray
from scipy import stats

from nps_utils.checks import BadInput
from nps_utils.revenue import (
    corrected_slope,
    growth_table,
    join_coverage,
    lag_table,
    learnable,
    negative_control,
    pairs,
    panel,
    silent_accounts,
    slopes,
    value_at_risk,
)

Floats = NDArray[np.float64]


def money_of(amounts: dict[str, list[float]]) -> pd.DataFrame:
    """Return quarterly revenue from 2024 on."""
    starts = pd.date_range("2024-01-01", periods=8, freq="QS")
    rows = [
        (account, starts[i], starts[i + 1] - pd.Timedelta(days=1), amount, "SEK", "recurring")
        for account, values in amounts.items()
        for i, amount in enumerate(values)
    ]
    return pd.DataFrame(
        rows, columns=["account_id", "period_start", "period_end", "amount", "currency", "revenue_type"]
    )


def responses_of(*rows: tuple[object, str, int]) -> pd.DataFrame:
    """Return responses from (account, day, score)."""
    table = pd.DataFrame(list(rows), columns=["account_id", "responded_at", "score"])
    return table.assign(responded_at=pd.to_datetime(table["responded_at"], utc=True))


def simulated(
    rng: np.random.Generator, accounts: int, answers: int, *, slope: float = 0.147, noise: float = 4.0, periods: int = 1
) -> pd.DataFrame:
    """Draw accounts with their own mix of bands, answers from it, and growth that follows the true NPS."""
    mix = rng.dirichlet(np.array([3.0, 5.0, 12.0]), size=accounts * periods)
    counts = rng.multinomial(answers, mix)
    p, m = counts[:, 2] / answers, counts[:, 0] / answers
    return pd.DataFrame(
        {
            "account_id": np.repeat(np.arange(accounts), periods),
            "period": np.tile(np.arange(periods) + 2020, accounts),
            "nps": 100 * (p - m),
            "n": answers,
            "se": 100 * np.sqrt((p + m - (p - m) ** 2) / answers),
            "growth": 3 + slope * 100 * (mix[:, 2] - mix[:, 0]) + rng.normal(0, noise, accounts * periods),
        }
    )


def test_panel_puts_scores_beside_growth() -> None:
    """Counts and growth by hand; float ids join with text; a silent account is in the coverage only."""
    responses = responses_of(
        (7.0, "2024-04-02", 10), (7.0, "2024-05-30", 9), (7.0, "2024-06-01", 2), (8.0, "2024-10-01", 8),
        (9.0, "2024-02-01", 5), (None, "2024-02-01", 5),
    )  # fmt: skip
    money = money_of({"7": [100, 120, 90], "8": [50, 50, 50], "10": [30, 30, 30]})
    found = panel(responses, money).set_index(["account_id", "period"])
    assert [found.loc[("7", "2024-Q2"), name] for name in ("nps", "n", "growth")] == pytest.approx([100 / 3, 3, 20])
    assert found.loc[("7", "2024-Q3"), "growth"] == pytest.approx(-25)
    assert found.loc[("8", "2024-Q4"), "limit"] == "no whole period of revenue"
    assert set(found.index.get_level_values(0)) == {"7", "8"}
    assert (found["growth"].isna() == (found["limit"] != "")).all()
    coverage = join_coverage(responses, money).set_index("part")
    assert coverage["accounts"].to_dict() == {"both": 2, "answered_only": 1, "revenue_only": 1}
    assert coverage["revenue_share"].tolist() == pytest.approx([460 / 550, 0, 90 / 550])
    assert coverage["limit"].iloc[0] == "1 answers name no account."


def test_pooled_standard_error_is_the_within_variance_of_a_one_way_layout() -> None:
    """The mean square within cells by statsmodels' analysis of variance."""
    rng = np.random.default_rng(3)
    accounts = np.repeat([f"a{i}" for i in range(30)], 6)
    scores = np.clip(rng.normal(7, 1, 30).repeat(6) + rng.normal(0, 2, 180), 0, 10).astype(int)
    responses = responses_of(*[(a, "2024-02-01", int(s)) for a, s in zip(accounts, scores, strict=True)])
    found = panel(responses, money_of({f"a{i}": [1, 1] for i in range(30)})).dropna(subset=["nps"])
    points = 100 * ((scores >= 9).astype(int) - (scores <= 6).astype(int))
    dummies = pd.get_dummies(pd.Series(accounts)).to_numpy(dtype=float)
    assert found["se"].to_numpy() == pytest.approx(np.sqrt(sm.OLS(points, dummies).fit().mse_resid / 6))


def test_the_answer_falls_in_the_quarter_of_the_studys_own_clock() -> None:
    """Half past midnight in Oslo on 1 April is still March in UTC."""
    responses = responses_of(("1", "2024-03-31 22:30", 10))
    for timezone, period in (("UTC", "2024-Q1"), ("Europe/Oslo", "2024-Q2")):
        found = panel(responses, money_of({"1": [1, 1]}), timezone=timezone)
        assert found.loc[found["n"] == 1, "period"].tolist() == [period]


def test_ids_that_never_meet_are_an_error_that_names_both() -> None:
    """Leading zeros on one side only."""
    with pytest.raises(BadInput, match=r'"7", revenue such as "007"\. 1 would match without leading zeros'):
        panel(responses_of(("7", "2024-02-01", 9)), money_of({"007": [1, 1]}))


def test_lags_are_the_pairs_that_a_calendar_gives() -> None:
    """Pearson, Spearman and the slope of each lag by scipy and statsmodels on a table shifted by hand."""
    rng = np.random.default_rng(4)
    wide = rng.normal(0, 20, (40, 2, 5))
    table = pd.DataFrame(
        {
            "account_id": np.repeat(np.arange(40), 5),
            "period": np.tile(["2023-Q3", "2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3"], 40),
            "nps": wide[:, 0].ravel(),
            "n": 50,
            "se": 10.0,
            "growth": wide[:, 1].ravel(),
        }
    )
    found = lag_table(table.sample(frac=1, random_state=1)).set_index("lag")
    for lag, nps, growth in ((-1, wide[:, 0, 1:], wide[:, 1, :-1]), (1, wide[:, 0, :-1], wide[:, 1, 1:])):
        assert found.loc[lag, "pearson"] == pytest.approx(stats.pearsonr(nps.ravel(), growth.ravel()).statistic)
        assert found.loc[lag, "spearman"] == pytest.approx(stats.spearmanr(nps.ravel(), growth.ravel()).statistic)
        fit = sm.OLS(growth.ravel(), sm.add_constant(nps.ravel())).fit(
            cov_type="cluster", cov_kwds={"groups": np.repeat(np.arange(40), 4)}, use_t=True
        )
        expected = [fit.params[1], fit.bse[1], fit.pvalues[1], *fit.conf_int()[1]]
        assert [found.loc[lag, name] for name in ("slope", "se", "pvalue", "low", "high")] == pytest.approx(expected)


def test_a_gap_makes_no_pair() -> None:
    """An account seen in Q1 and Q3 has no neighbour; the limit says so and nothing else is filled in."""
    table = simulated(np.random.default_rng(1), 30, 50, periods=2).assign(
        period=lambda d: d["period"].map({2020: "2024-Q1", 2021: "2024-Q3"})
    )
    assert pairs(table, lag=1).empty
    assert len(pairs(table, lag=2)) == 30
    found = lag_table(table).set_index("lag")
    assert "no account has both" in str(found.loc[1, "limit"])
    assert found.loc[0, "limit"] == ""


def control_rates(accounts: int, *, forward: float, backward: float, studies: int) -> dict[str, float]:
    """Return how often each verdict is given when growth leads NPS, NPS leads growth, or neither."""
    rng = np.random.default_rng(11)
    verdicts = []
    for _ in range(studies):
        growth, nps = rng.normal(0, 1, (2, accounts, 4))
        for t in range(1, 4):
            nps[:, t] += backward * growth[:, t - 1]
            growth[:, t] += forward * nps[:, t - 1]
        table = pd.DataFrame(
            {"account_id": np.repeat(np.arange(accounts), 4), "period": np.tile(np.arange(4), accounts),
             "nps": 20 * nps.ravel(), "n": 100, "se": 5.0, "growth": growth.ravel()}
        )  # fmt: skip
        verdicts.append(negative_control(table)["verdict"].item())
    return {verdict: verdicts.count(verdict) / studies for verdict in set(verdicts)}


def test_the_negative_control_fires_when_growth_leads() -> None:
    """A planted cause from growth to the next NPS is called that, a planted lead is called a lead."""
    assert control_rates(60, forward=0, backward=0.6, studies=6)["follows"] > 0.8
    assert control_rates(60, forward=0.6, backward=0, studies=6)["leads"] > 0.8


def test_without_a_link_the_control_says_nothing_to_see() -> None:
    """At the stated rate of error: not more than about one in twenty a lead, with few accounts too."""
    for accounts in (12, 30):
        rates = control_rates(accounts, forward=0, backward=0, studies=10)
        assert rates["nothing_to_see"] >= 0.7
        assert rates.get("leads", 0.0) + rates.get("unclear", 0.0) + rates.get("both", 0.0) <= 0.2


@pytest.mark.parametrize(("accounts", "answers"), [(20, 50), (60, 100)])
def test_interval_of_the_corrected_slope_covers_the_truth(accounts: int, answers: int) -> None:
    """Answers drawn one by one, at 50 and more per account: nominal coverage within simulation error."""
    rng = np.random.default_rng(accounts)
    held, naive = 0, []
    for _ in range(150):
        found = corrected_slope(simulated(rng, accounts, answers), rng=rng).iloc[0]
        held += found["low"] <= 0.147 <= found["high"]
        naive.append(found["naive_slope"])
    assert 0.95 - 2.6 * np.sqrt(0.95 * 0.05 / 150) <= held / 150 <= 0.995
    assert np.median(naive) < 0.13


def test_p_value_and_interval_of_the_corrected_slope_agree() -> None:
    """The interval at one minus the p-value touches zero, with high and with low reliability."""
    rng = np.random.default_rng(21)
    for answers in (15, 200):
        table = simulated(rng, 60, answers, slope=0.06)
        pvalue = corrected_slope(table)["pvalue"].item()
        found = corrected_slope(table, confidence_level=1 - pvalue).iloc[0]
        assert min(abs(found["low"]), abs(found["high"])) == pytest.approx(0, abs=1e-6)


def test_low_reliability_keeps_the_coverage() -> None:
    """Eight answers per account and their variance known: the interval is wide, and holds the truth."""
    rng = np.random.default_rng(22)
    held = bounded = 0
    for _ in range(80):
        true = rng.normal(30, 15, 200)
        table = pd.DataFrame({"account_id": np.arange(200), "period": 1, "n": 8, "se": 75 / np.sqrt(8)})
        table = table.assign(nps=true + rng.normal(0, table["se"]), growth=0.147 * true + rng.normal(0, 3, 200))
        found = corrected_slope(table).iloc[0]
        held += found["low"] <= 0.147 <= found["high"]
        bounded += np.isfinite(found["high"])
    assert held / 80 >= 0.9
    assert bounded / 80 > 0.5


def test_corrected_slope_is_the_naive_one_divided_by_the_reliability() -> None:
    """Equal standard errors: Spearman's correction for attenuation, computed from numpy's covariances."""
    table = simulated(np.random.default_rng(6), 80, 50).assign(se=9.0)
    found = corrected_slope(table).iloc[0]
    x, y = table["nps"].to_numpy(), table["growth"].to_numpy()
    reliability = 1 - 81 / np.var(x, ddof=1)
    assert found["reliability"] == pytest.approx(reliability)
    assert found["slope"] == pytest.approx(np.cov(x, y)[0, 1] / np.var(x, ddof=1) / reliability)


def test_a_common_shock_is_no_slope_within_periods_and_level_is_none_within_accounts() -> None:
    """Centring takes out what periods or accounts share; the slope planted inside comes back."""
    rng = np.random.default_rng(8)
    shock, level = np.tile([-40.0, 0, 40], 50), np.repeat(rng.normal(0, 25, 50), 3)
    own = rng.normal(0, 20, 150)
    table = pd.DataFrame(
        {"account_id": np.repeat(np.arange(50), 3), "period": np.tile([1, 2, 3], 50), "n": 100, "se": 6.0,
         "nps": shock + level + own + rng.normal(0, 6, 150),
         "growth": -0.2 * shock + 0.2 * level + 0.1 * own + rng.normal(0, 0.5, 150)}
    )  # fmt: skip
    within_account = table.assign(
        nps=table["nps"] - shock, growth=table["growth"] + 0.2 * shock
    )  # the shock taken out by hand
    found = corrected_slope(within_account, effects="account").iloc[0]
    assert found["low"] < 0.1 < found["high"] < 0.2
    by_period = corrected_slope(table, effects="period").iloc[0]
    assert by_period["low"] > 0.1
    assert corrected_slope(table)["slope"].item() < 0


def test_noise_alone_rules_no_slope_out() -> None:
    """All accounts have the same true NPS: mostly the limits are infinite, the reason is said, no slope is found."""
    rng = np.random.default_rng(9)
    unbounded = 0
    for _ in range(40):
        nps = 100 * (rng.multinomial(60, [0.2, 0.2, 0.6], size=30) @ np.array([-1, 0, 1])) / 60
        found = corrected_slope(simulated(rng, 30, 60).assign(nps=nps, se=80 / np.sqrt(60))).iloc[0]
        if "no slope is ruled out" in found["limit"]:
            unbounded += 1
            assert (found["low"], found["high"]) == (-np.inf, np.inf)
            assert not found["pvalue"] <= 0.05
    assert unbounded >= 35


def test_few_answers_and_zero_errors_are_said() -> None:
    """A standard error of zero, or one answer per account, cannot be corrected for as it should."""
    table = simulated(np.random.default_rng(2), 30, 50)
    assert "se is 0 in 1 of 30" in corrected_slope(table.assign(se=[0.0] + [9.0] * 29))["limit"].item()
    assert "5 or fewer answers" in corrected_slope(table.assign(n=5))["limit"].item()
    missing = corrected_slope(table.assign(se=[np.nan] + [9.0] * 29)).iloc[0]
    assert "se is missing in 1 of 30" in missing["limit"]
    assert np.isnan(missing["slope"])
    assert np.isfinite(missing["naive_slope"])


def test_views_agree_with_fits_of_their_own() -> None:
    """Within by dummies, between by means, changes by differences, Mundlak by least squares: statsmodels on each."""
    rng = np.random.default_rng(12)
    table = simulated(rng, 40, 60, periods=4, noise=2.0)
    table["industry"] = np.repeat(np.array(["x", "y"]), 80)
    found = slopes(table, segment="industry").set_index(["view", "group"])["slope"]
    x, y, accounts = table["nps"].to_numpy(), table["growth"].to_numpy(), table["account_id"].to_numpy()

    def partial(groups: NDArray[np.generic]) -> float:
        dummies = pd.get_dummies(pd.Series(groups)).to_numpy(dtype=float)
        return float(sm.OLS(y, np.column_stack([x, dummies])).fit().params[0])

    means = table.groupby("account_id")[["nps", "growth"]].mean()
    change = table.groupby("account_id")[["nps", "growth"]].diff().dropna()
    assert found["within accounts", ""] == pytest.approx(partial(accounts))
    assert found["within periods", ""] == pytest.approx(partial(table["period"].to_numpy()))
    assert found["within industry", ""] == pytest.approx(partial(table["industry"].to_numpy()))
    assert found["in industry", "y"] == pytest.approx(np.polyfit(x[80:], y[80:], 1)[0])
    assert found["between accounts", ""] == pytest.approx(np.polyfit(means["nps"], means["growth"], 1)[0])
    assert found["changes", ""] == pytest.approx(np.polyfit(change["nps"], change["growth"], 1)[0])
    # In a balanced panel the random-intercept model gives exactly the two slopes.
    assert found["mixed, within", ""] == pytest.approx(found["within accounts", ""], rel=1e-4)
    assert found["mixed, between", ""] == pytest.approx(found["between accounts", ""], rel=1e-4)


def test_within_errors_are_those_of_dummies_with_clusters() -> None:
    """Against linearmodels, and statsmodels with a dummy per account and errors by account, its own factor undone."""
    table = simulated(np.random.default_rng(13), 30, 60, periods=3)
    found = slopes(table).set_index("view").loc["within accounts"]
    dummies = pd.get_dummies(table["account_id"]).to_numpy(dtype=float)
    fit = sm.OLS(table["growth"].to_numpy(), np.column_stack([table["nps"], dummies])).fit(
        cov_type="cluster", cov_kwds={"groups": table["account_id"].to_numpy(), "use_correction": False}
    )
    assert found["se"] == pytest.approx(fit.bse[0] * np.sqrt(30 / 29 * 90 / 89), rel=0.01)
    assert found["high"] - found["slope"] == pytest.approx(stats.t.ppf(0.975, 29) * found["se"])
    ragged = table.drop(index=table.index[[1, 5, 40]]).assign(time=lambda d: d.groupby("account_id").cumcount())
    ours = slopes(ragged).set_index("view").loc["within accounts"]
    indexed = ragged.set_index(["account_id", "time"])
    model = PanelOLS(indexed["growth"], indexed[["nps"]], entity_effects=True)
    theirs = model.fit(cov_type="clustered", cluster_entity=True, group_debias=True)
    assert ours["slope"] == pytest.approx(theirs.params["nps"], rel=1e-10)
    assert ours["se"] == pytest.approx(theirs.std_errors["nps"], rel=1e-10)


def test_simpsons_flag_is_raised() -> None:
    """Inside each industry NPS goes with growth; the industry with high NPS grows less."""
    rng = np.random.default_rng(14)
    industry = np.repeat([0, 1], 40)
    nps = 30.0 * industry + rng.normal(0, 6, 80)
    table = pd.DataFrame(
        {"account_id": np.arange(80), "period": 1, "nps": nps, "n": 200, "se": 3.0, "industry": industry,
         "growth": -15 * industry + 0.2 * (nps - 30 * industry) + rng.normal(0, 0.5, 80)}
    )  # fmt: skip
    found = slopes(table, segment="industry").set_index("view")["against_pooled"]
    assert found["pooled"] == ""
    assert found["within industry"] == "clearly"


def test_what_can_be_learned_counts_accounts_not_rows() -> None:
    """Eight periods of twelve accounts are twelve accounts; reliability by the variances that were planted."""
    table = simulated(np.random.default_rng(15), 12, 50, periods=8)
    found = learnable(table).iloc[0]
    assert (found["accounts"], found["pairs"], found["answers"]) == (12, 96, 4800)
    assert found["critical_r"] == pytest.approx(0.576, abs=1e-3)
    many = learnable(simulated(np.random.default_rng(16), 4000, 50)).iloc[0]
    mix = np.random.default_rng(17).dirichlet(np.array([3.0, 5.0, 12.0]), size=100_000)
    true, noise = (
        1e4 * np.var(mix[:, 2] - mix[:, 0]),
        1e4 * np.mean(mix[:, 2] + mix[:, 0] - (mix[:, 2] - mix[:, 0]) ** 2) / 50,
    )
    assert many["reliability"] == pytest.approx(true / (true + noise), abs=0.03)
    assert many["detectable_true_r"] == pytest.approx(many["detectable_r"] / np.sqrt(many["reliability"]))


BASE = simulated(np.random.default_rng(19), 30, 50, periods=3)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (BASE.assign(growth=2.0), "growth is the same in all"),
        (BASE.assign(nps=-100.0), "NPS is the same in all"),
        (BASE[BASE["period"] == 2020], "no account has both"),
        (BASE[BASE["account_id"] < 3], "3 accounts have both"),
        (BASE.assign(growth=np.nan), "no account has both"),
    ],
)
def test_what_cannot_be_said_is_a_limit_and_never_a_bare_nan(table: pd.DataFrame, words: str) -> None:
    """Constant revenue, all answers in one band, one period, three accounts, no growth at all."""
    lags = lag_table(table)
    assert words in " ".join(lags["limit"])
    assert (lags["limit"] != "")[lags["pvalue"].isna()].all()
    control = negative_control(table).iloc[0]
    assert control["verdict"] == "cannot_tell"
    assert control["limit"]
    views = slopes(table)
    assert (views["limit"] != "")[views["pvalue"].isna()].all()
    corrected = corrected_slope(table, lag=1).iloc[0]
    assert np.isfinite(corrected["slope"]) or corrected["limit"]
    learned = learnable(table, lag=1).iloc[0]
    assert np.isfinite(learned["detectable_true_r"]) or learned["limit"]


def test_bad_panels_are_refused_in_words() -> None:
    """A missing column, a period twice, a negative n, text for growth, an account without a name."""
    with pytest.raises(BadInput, match='no column "se"'):
        lag_table(BASE.drop(columns="se"))
    with pytest.raises(BadInput, match="account 0 has period 2020 twice"):
        lag_table(pd.concat([BASE, BASE.head(1)]))
    with pytest.raises(BadInput, match='row 0, column "n"'):
        lag_table(BASE.assign(n=-1))
    with pytest.raises(BadInput, match='"growth", holds'):
        corrected_slope(BASE.assign(growth="5 %"))
    with pytest.raises(BadInput, match="account_id is empty in 90 rows"):
        corrected_slope(BASE.assign(account_id=None))
    with pytest.raises(BadInput, match="segments"):
        panel(responses_of(("1", "2024-02-01", 9)), money_of({"1": [1, 1]}), segments=["size"])


def test_accounts_as_categories_are_accounts_as_texts() -> None:
    """Millions of answers hold each account once: what is joined with money is the same, to the last digit."""
    rng = np.random.default_rng(4)
    ids = [*(f"A{place}" for place in range(30)), "007", "12.0", None]
    when = pd.Timestamp("2024-01-05", tz="UTC") + pd.to_timedelta(rng.integers(0, 500, 400), unit="D")
    texts = pd.DataFrame(
        {"account_id": rng.choice(np.array(ids, dtype=object), 400), "score": rng.integers(0, 11, 400)}
    )
    texts = texts.assign(responded_at=when, respondent_id=rng.choice(["a", "b", "c"], 400)).astype(
        {"account_id": "str"}
    )
    coded = texts.assign(**{name: texts[name].astype("category") for name in ("account_id", "respondent_id")})
    starts = pd.date_range("2024-01-01", periods=18, freq="MS")
    money = pd.DataFrame({"account_id": np.repeat([*(name for name in ids if name), "zz"], 18)})
    money = money.assign(period_start=np.tile(starts, 33), period_end=np.tile(starts + pd.offsets.MonthEnd(0), 33))
    money = money.assign(amount=rng.normal(100, 20, len(money)), currency="SEK", revenue_type="recurring")
    asked: list[Callable[[pd.DataFrame], pd.DataFrame]] = [
        lambda answers: panel(answers, money),
        lambda answers: join_coverage(answers, money),
        lambda answers: value_at_risk(answers, money),
        lambda answers: silent_accounts(growth_table(money), answers),
    ]
    for made in asked:
        pd.testing.assert_frame_equal(made(coded), made(texts), check_exact=True)
    assert panel(texts, money)["account_id"].nunique() == 31
