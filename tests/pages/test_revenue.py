"""The page on money: what it says is so, on the demo, on a company without the link, on real data and on bad input."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import stats

from nps_utils import Limit, Study, attempt, figures, revenue, tables
from nps_utils.checks import BadValue
from nps_utils.pages.customers import at_risk, extra_loss, followed, lasting, spenders
from nps_utils.pages.revenue import (
    account_points,
    answers_at,
    counted_tests,
    join_of,
    money_panel,
    published_beside,
    silence,
    terms,
)
from nps_utils.simulate import Plan, company, study
from nps_utils.simulate.money import revenue as money_of_company

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "data" / "real"
NOTEBOOK = "04-revenue"


def written(folder: Path, answers: pd.DataFrame, money: pd.DataFrame, accounts: pd.DataFrame | None = None) -> Path:
    """Write a study of plain tables."""
    (folder / "raw").mkdir(parents=True)
    answers.to_csv(folder / "raw" / "answers.csv", index=False)
    money.to_csv(folder / "raw" / "money.csv", index=False)
    parts = [
        'title = "t"\ntimezone = "Europe/Oslo"\n[[export]]\npath = "raw/answers.csv"\ntool = "generic"\n'
        'scale = "0-10"\n'
    ]
    parts.append('columns = { score = "score", account_id = "account_id", responded_at = "responded_at" }\n')
    parts.append('[revenue]\npath = "raw/money.csv"\n')
    if accounts is not None:
        accounts.to_csv(folder / "raw" / "accounts.csv", index=False)
        parts.append('[accounts]\npath = "raw/accounts.csv"\n')
    (folder / "study.toml").write_text("".join(parts), "utf-8")
    return folder


def plain(quarters: int = 6, accounts: int = 8) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return answers and quarterly revenue of a few accounts, with no link between them."""
    rng = np.random.default_rng(3)
    periods = pd.period_range("2024Q1", periods=quarters, freq="Q")
    grid = pd.MultiIndex.from_product([[f"A{i}" for i in range(accounts)], periods], names=["account_id", "q"])
    table = grid.to_frame(index=False)
    money = pd.DataFrame(
        {
            "account_id": table["account_id"],
            "period_start": table["q"].dt.start_time.dt.strftime("%Y-%m-%d"),
            "period_end": table["q"].dt.end_time.dt.strftime("%Y-%m-%d"),
            "amount": rng.normal(1000, 80, len(table)).round(2),
            "currency": "EUR",
        }
    )
    days = table["q"].dt.start_time + pd.to_timedelta(rng.integers(0, 80, len(table)), unit="D")
    answers = pd.DataFrame(
        {
            "account_id": table["account_id"],
            "responded_at": days.dt.strftime("%Y-%m-%d 12:00"),
            "score": rng.choice([2, 7, 9, 10], len(table)),
        }
    )
    return answers, money


def test_the_planted_link_is_found_and_its_interval_covers_it(demo: Study) -> None:
    """The truth is per point and quarter, as a proportion; the page says percent per 10 points."""
    truth = tomllib.loads((demo.folder / "truth.toml").read_text("utf-8"))["revenue"]
    table = money_panel(demo, terms(demo))
    control, corrected, learned = (
        revenue.negative_control(table, rng=demo.seed),
        revenue.corrected_slope(table, lag=1, rng=demo.seed),
        revenue.learnable(table, lag=1),
    )
    row = revenue.conclude(control, corrected, learned).iloc[0]
    assert row["verdict"] == "leads"
    assert 0 < row["low"] < 1000 * truth["slope"] < row["high"]
    past = revenue.lag_table(table, rng=demo.seed).set_index("timing").loc["before"]
    assert past["pearson_low"] < 0 < past["pearson_high"]
    assert 10 * abs(past["slope"]) < 1000 * truth["slope"] / 5


def test_without_the_link_the_page_says_so(tmp_path: Path, shown_by: Callable[[str, Path], list[str]]) -> None:
    """A second company in which money does not follow the score: the whole page, from its exports."""
    study(tmp_path, revenue_slope=0.0, seed=5, accounts=60)
    shown = shown_by(NOTEBOOK, tmp_path)
    assert "NPS does not visibly go with the growth after it" in shown[0]
    assert "Only a correlation of about" in shown[0]
    assert "association, not cause" in shown[0]


def test_without_the_link_a_link_is_claimed_at_the_stated_rate() -> None:
    """Money drawn again for the same answers: claims of a link stay within what a 5 % error allows."""
    made = company(Plan(seed=11, accounts=60, revenue_slope=0.0))
    answers = made.answers[made.answers["answered"] & (made.answers["touchpoint"] == "relationship")]
    draws, claimed = 20, 0
    for seed in range(draws):
        plan = dataclasses.replace(made.plan, seed=seed)
        money, _ = revenue.read_money(money_of_company(made.accounts, made.moods, plan))
        verdict = revenue.negative_control(revenue.panel(answers, money), rng=seed)["verdict"].item()
        claimed += verdict in ("leads", "both", "unclear")
    assert claimed <= stats.binom.ppf(0.999, draws, 0.05)


def test_nobody_is_counted_who_could_not_be_followed(tmp_path: Path) -> None:
    """Ten accounts answered a year ago, ten last week; an early leaver of the latter must not raise the share."""
    days = ["2024-01-05 12:00"] * 10 + ["2024-12-28 12:00"] * 10
    ids = [f"A{i}" for i in range(20)]
    answers = pd.DataFrame({"account_id": ids, "responded_at": days, "score": 3})
    left = ["2024-03-01" if i == 0 else "2024-12-30" if i == 10 else None for i in range(20)]
    accounts = pd.DataFrame({"account_id": ids, "churned_on": left})
    found = followed(Study.open(written(tmp_path, answers, plain()[1], accounts)))
    assert found.horizon == 180
    assert len(found.customers) == 10
    assert found.customers["churned"].sum() == 1
    assert set(lasting(found)["days"]) == {30, 90, 180}


def test_account_points_are_means_of_pairs(demo: Study) -> None:
    """NPS of all answers of the periods that have a next one, by pandas alone."""
    table = money_panel(demo, terms(demo))
    points = account_points(table).set_index("account_id")
    rows = answers_at(demo, "relationship")
    rows = rows.assign(quarter=rows["responded_at"].dt.to_period("Q"))
    name = points.index[0]
    growth = table[(table["account_id"] == name) & table["growth"].notna()].assign(
        quarter=lambda t: pd.PeriodIndex(t["period"].str.replace("-", ""), freq="Q") - 1
    )
    own = rows[(rows["account_id"] == name) & rows["quarter"].isin(growth["quarter"])]
    points_of = np.where(own["score"] >= 9, 100, np.where(own["score"] <= 6, -100, 0))
    assert points.loc[name, "answers"] == len(own)
    assert points.loc[name, "nps"] == pytest.approx(points_of.mean())
    used = growth[growth["quarter"].isin(own["quarter"].unique())]
    assert points.loc[name, "growth"] == pytest.approx(used["growth"].mean())


def test_published_numbers_stand_beside_those_of_the_page(demo: Study) -> None:
    """The same r as in the table of lags; Temkin's ratio beside shares that stayed; nothing where nothing is known."""
    lags = revenue.lag_table(money_panel(demo, terms(demo)))
    customers = followed(demo).customers
    beside = published_beside(lags, Limit("No slope."), Limit("Few."), customers)
    ours = beside[beside["about"] == "this study"]
    assert ours["printed"].tolist() == [0.484, 0.147, 5.1]
    before = lags.set_index("timing").loc["before", ["pearson", "pearson_low", "pearson_high", "slope", "low", "high"]]
    assert ours[["found", "low", "high"]].head(2).to_numpy().ravel().tolist() == list(before)
    stayed = customers.groupby("band")["stayed"].mean()
    assert ours["found"].iloc[2] == pytest.approx(stayed["promoter"] / stayed["detractor"])
    assert set(beside["about"]) == {"this study", "growth"}
    with pytest.raises(BadValue, match="No money"):
        published_beside(Limit("No money."), Limit("No slope."), Limit("Few."), Limit("Nobody."))


def test_every_pvalue_of_the_page_is_in_the_count() -> None:
    """Also the log-rank test, which stands beside the bands; parts that are missing ran none."""
    lags = pd.DataFrame({"timing": ["before", "same", "after"], "pvalue": [0.2, 0.4, 0.001]})
    bands = pd.DataFrame({"band": ["detractor", "passive"], "pvalue": [0.01, np.nan], "logrank_pvalue": 0.02})
    counted = counted_tests({"lags": lags, "leaving": bands, "silent": Limit("nobody is silent.")})
    assert len(counted) == 5
    assert counted.loc[counted["test"] == "after", "pvalue_adjusted"].item() == pytest.approx(0.005)
    assert len(counted_tests({"lags": Limit("none")})) == 0
    assert (
        tables.revenue.tests_sentence(counted_tests({"lags": Limit("none")})) == "No test could be made on this page."
    )


def test_extra_loss_is_a_share_or_not_known() -> None:
    """Limits below zero are no loss; missing limits are no limits."""
    row = pd.DataFrame({"band": ["detractor"], "difference_low": [-0.1], "difference_high": [0.3]})
    assert extra_loss(row) == (0.0, 0.3)
    assert extra_loss(row.assign(difference_low=np.nan)) is None
    assert extra_loss(Limit("no accounts")) is None


def test_accounts_that_left_are_not_at_risk(tmp_path: Path) -> None:
    """A's detractor left in 2024; only B's revenue can still be lost."""
    answers, money = plain(accounts=2)
    accounts = pd.DataFrame({"account_id": ["A0", "A1"], "churned_on": ["2025-01-01", None]})
    table = at_risk(Study.open(written(tmp_path, answers.assign(score=1), money, accounts))).set_index("reading")
    assert table.loc["any", "accounts"] == 1
    assert "1 accounts with revenue have left" in table["limit"].iloc[0]


BAD = ["one_table_only", "one_period", "constant", "one_band", "duplicated", "two_currencies", "overlapping"]


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_a_stated_limit(what: str, tmp_path: Path, shown_by: Callable[[str, Path], list[str]]) -> None:
    """No page breaks, no sentence says nan, and the reason is named."""
    answers, money = plain(quarters=1 if what == "one_period" else 6)
    reason = {
        "one_table_only": "no account is in both tables",
        "one_period": "Too few to tell",
        "constant": "growth is the same in all",
        "one_band": "NPS is the same in all",
        "duplicated": "in an earlier row that overlaps",
        "two_currencies": "revenue is in 2 currencies",
        "overlapping": "in an earlier row that overlaps",
    }[what]
    if what == "one_table_only":
        money["account_id"] = "B" + money["account_id"]
    elif what == "constant":
        money["amount"] = 500
    elif what == "one_band":
        answers["score"] = 9
    elif what == "duplicated":
        money = pd.concat([money, money.head(3)])
    elif what == "two_currencies":
        money.loc[::2, "currency"] = "SEK"
    elif what == "overlapping":
        money.loc[1, "period_start"] = "2024-02-01"
    accounts = pd.DataFrame({"account_id": answers["account_id"].unique()}).assign(churned_on="")
    shown = shown_by(NOTEBOOK, written(tmp_path, answers, money, accounts))
    text = "\n".join(shown)
    assert reason in text
    assert "nan" not in text.lower().split()
    assert "inf" not in text.lower().split()
    assert "NaN" not in text


def test_a_study_without_revenue_says_so_everywhere(tmp_path: Path, shown_by: Callable[[str, Path], list[str]]) -> None:
    """The page runs and its first line is the reason."""
    folder = written(tmp_path, *plain())
    text = (folder / "study.toml").read_text("utf-8")
    (folder / "study.toml").write_text(text.split("[revenue]")[0], "utf-8")
    shown = shown_by(NOTEBOOK, folder)
    assert "This study has no [revenue]" in shown[0]


def real(name: str) -> Path:
    """Return a real table, or skip the test where there is none."""
    if not (REAL / name).is_file():
        pytest.skip(f"real table {name} absent: this check runs only beside the shared data")
    return REAL / name


@pytest.fixture
def hr(tmp_path: Path) -> Study:
    """Movements of monthly revenue, dates written 3/05/2023."""
    names = {part: real(f"hr_saas_b2b_{part}.csv") for part in ("nps", "customers", "mrr")}
    text = f"""
title = "HR software"
timezone = "Europe/Brussels"
segments = ["Industry"]
[[export]]
path = '{names["nps"]}'
columns = {{ account_id = "Company_ID", score = "NPS_Score", responded_at = "Data_Received" }}
[accounts]
path = '{names["customers"]}'
day_first = true
columns = {{ account_id = "Company_ID", customer_since = "Activation_Date", initial_mrr = "Initial_MRR", \
churned_on = "Churn_Date" }}
[revenue]
path = '{names["mrr"]}'
layout = "movements"
columns = {{ account_id = "Company_ID", moved_on = "Movement_Date", movement = "Movement_Type", \
amount = "Movement_Amount" }}
"""
    (tmp_path / "study.toml").write_text(text, "utf-8")
    return Study.open(tmp_path)


def test_what_is_said_of_a_real_vendor_is_so(hr: Study) -> None:
    """Who answered, who left within 30 days, how long they were customers: from the files by pandas alone."""
    nps, customers = (
        pd.read_csv(real(f"hr_saas_b2b_{part}.csv"), dtype={"Company_ID": str}) for part in ("nps", "customers")
    )
    nps["day"] = pd.to_datetime(nps["Data_Received"], format="%d/%m/%Y")
    customers["left"] = pd.to_datetime(customers["Churn_Date"], format="%d/%m/%Y")
    customers["since"] = pd.to_datetime(customers["Activation_Date"], format="%d/%m/%Y")
    both = nps.merge(customers, on="Company_ID")
    both = both[both["left"].isna() | (both["left"] > both["day"])]
    first = both.sort_values("day", kind="stable").drop_duplicates("Company_ID")
    last = max(nps["day"].max(), customers["left"].max())
    seen = first[first["day"] <= last - pd.Timedelta(days=30)]
    gone = (seen["left"] - seen["day"]).dt.days <= 30
    found = followed(hr)
    assert (found.horizon, found.until) == (30, last)
    assert len(found.customers) == len(seen)
    assert found.customers["churned"].sum() == gone.sum()
    assert set(join_of(hr)["accounts"]) == {nps["Company_ID"].nunique(), 0, 498 - nps["Company_ID"].nunique()}
    every = nps.merge(customers, on="Company_ID")
    young = (every["day"] - every["since"]).dt.days < 91
    assert (hr.responses()["tenure"] == "0-3 months").sum() == young.sum()
    assert terms(hr).by == "month"


def test_a_shop_without_dates_has_spending_and_nothing_else(tmp_path: Path) -> None:
    """Refunds are in the mean; growth is a stated limit; the first column of the file has no name."""
    path = real("garden_retail_fr_mixed_encoding.csv")
    text = f"""
title = "Shop"
timezone = "Europe/Paris"
[[export]]
path = '{path}'
columns = {{ respondent_id = "id", account_id = "id", score = "nps", comment = "explication" }}
[revenue]
path = '{path}'
columns = {{ account_id = "id", amount = "CaTicket" }}
"""
    (tmp_path / "study.toml").write_text(text, "utf-8")
    shop = Study.open(tmp_path)
    how = attempt(terms, shop)
    assert isinstance(how, Limit)
    assert "no dates" in str(how)
    assert isinstance(attempt(silence, shop, how), Limit)
    with pytest.raises(BadValue, match="no dates"):
        at_risk(shop)
    raw = pd.read_csv(path, encoding="latin-1").dropna(subset=["nps"])
    spent = revenue.spend_by_band(spenders(shop), spend="spend").set_index(["part", "band"])
    assert spent.loc[("mean", "detractor"), "value"] == pytest.approx(raw.loc[raw["nps"] <= 6, "CaTicket"].mean())
    assert spent.loc[("mean", "promoter"), "n"] == (raw["nps"] >= 9).sum()
    assert f"{(raw['CaTicket'] < 0).sum()} of" in spent["limit"].iloc[0]


def test_thousands_of_accounts_are_counted_where_they_lie() -> None:
    """The picture of many accounts has no more shapes than that of some, and none is lost; each of few is a point."""

    def drawn(n: int) -> Axes:
        rng = np.random.default_rng(1)
        columns = dict.fromkeys(("answers", "periods", "nps_low", "nps_high", "growth_low", "growth_high"), 3.0)
        points = pd.DataFrame({"nps": rng.normal(20, 30, n), "growth": rng.normal(size=n), "amount": 9.0, **columns})
        points["nps"] = points["nps"].clip(-100, 100)
        names = ("naive_slope", "slope", "low", "high", "reliability")
        slope = pd.DataFrame({name: [0.1] for name in names}).assign(limit="")
        return figures.accounts(points, slope, title="t")

    for n in (6_000, 60_000):
        ax = drawn(n)
        fields = next(part for part in ax.collections if part.get_array() is not None)
        counted = np.asarray(fields.get_array())
        assert counted.sum() == n
        assert len(counted) < 3_500
        assert "darker where more of them are" in str(ax.get_label())
    few = drawn(60)
    assert max(len(np.asarray(part.get_offsets())) for part in few.collections) == 60
    assert "larger where revenue is" in str(few.get_label())


@pytest.mark.parametrize("centre", [-60, 45, 80])
@pytest.mark.parametrize("level", [0.0, 2.0])
def test_the_names_of_the_two_lines_never_lie_on_each_other_or_on_a_line(centre: int, level: float) -> None:
    """Measured as they are drawn, for lines that rise, fall, are level, cross steeply and are the same."""
    rng = np.random.default_rng(2)
    columns = dict.fromkeys(("answers", "periods", "nps_low", "nps_high", "growth_low", "growth_high"), 0.0)
    growth = np.concatenate([rng.normal(size=400), [level]])
    points = pd.DataFrame({"nps": rng.uniform(-100, 100, 401), "growth": growth, "amount": 9.0, **columns})
    points.loc[400, "nps"] = centre
    points["periods"] = points["answers"] = np.append(np.zeros(400), 1.0)  # the last point says where the lines meet
    pairs = [(-0.3, -0.3), (-0.012, -0.01), (0.0, 0.012), (0.1, 0.1), (0.3, 0.1), (0.012, 0.1), (-0.05, 0.05)]
    for measured, corrected in pairs:
        slope = pd.DataFrame({"naive_slope": [measured], "slope": [corrected]})
        ax = figures.accounts(points, slope, title="A title of the usual length: what goes with growth, and what not")
        figure = ax.get_figure()
        assert isinstance(figure, Figure)
        figure.canvas.draw()
        boxes = [text.get_window_extent() for text in ax.texts]
        assert sorted(text.get_text() for text in ax.texts) == ["corrected", "measured"]
        assert not boxes[0].overlaps(boxes[1]), (measured, corrected)
        frame = ax.get_window_extent()
        for box in boxes:
            assert frame.padded(2).count_contains(box.corners()) == 4, (measured, corrected)
            for line in ax.lines if measured * corrected >= 0 else ():  # no correction turns a line around
                x, y = (np.asarray(part, dtype=float) for part in line.get_data())
                dense = np.column_stack([np.linspace(x[0], x[-1], 4000), np.linspace(y[0], y[-1], 4000)])
                assert box.count_contains(ax.transData.transform(dense)) == 0, (measured, corrected)
