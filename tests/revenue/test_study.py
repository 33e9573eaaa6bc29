"""Whole studies: the demo's planted link, the same company without it, and real tables where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nps_utils.revenue import (
    all_tests,
    conclude,
    corrected_slope,
    follow_up,
    growth_table,
    hazard_by_band,
    join_coverage,
    lag_table,
    learnable,
    negative_control,
    panel,
    read_revenue,
    risk_by_band,
    run_rate,
    silent_accounts,
    slopes,
    spend_by_band,
    value_at_risk,
)
from nps_utils.simulate import Plan, company
from nps_utils.tables.revenue import answer_sentence

REAL = Path(__file__).parents[3] / "shared" / "data" / "real"


def study_of(plan: Plan) -> pd.DataFrame:
    """Return the panel of a simulated company's relationship survey."""
    made = company(plan)
    asked = made.answers[made.answers["answered"] & (made.answers["touchpoint"] == "relationship")]
    return panel(asked, read_revenue(made.revenue)[0], timezone="Europe/Stockholm")


def test_the_planted_link_is_found_and_its_interval_covers_the_truth() -> None:
    """The demo's company: growth after the answers goes with NPS, growth before does not, the slope is right."""
    plan = Plan()
    table = study_of(plan)
    lags = lag_table(table).set_index("lag")
    assert lags["pvalue_adjusted"][1] < 0.01
    assert lags["pvalue"][-1] > 0.05
    control, slope = negative_control(table), corrected_slope(table, lag=1)
    assert control["verdict"].item() == "leads"
    assert 0 < slope["low"].item() < 100 * plan.revenue_slope < slope["high"].item()
    assert slope["naive_high"].item() < 100 * plan.revenue_slope
    sentence = answer_sentence(conclude(control, slope, learnable(table, lag=1)))
    assert "goes with the growth after it" in sentence
    assert sentence.endswith("association, not cause.")


def test_with_the_link_removed_there_is_nothing_to_see() -> None:
    """Four companies without a link: at most one is taken for something, and the sentence says so."""
    verdicts, sentences = [], []
    for seed in range(4):
        table = study_of(Plan(seed=seed, accounts=45, revenue_slope=0.0))
        control = negative_control(table)
        verdicts.append(control["verdict"].item())
        if verdicts[-1] == "nothing_to_see":
            said = conclude(control, corrected_slope(table, lag=1), learnable(table, lag=1))
            sentences.append(answer_sentence(said))
    assert sum(verdict in ("leads", "both", "unclear") for verdict in verdicts) <= 1
    assert len(sentences) >= 2
    assert all("does not visibly go with the growth after it" in sentence for sentence in sentences)


def real(name: str) -> Path:
    """Return the path of a real table, or skip."""
    path = REAL / name
    if not path.exists():
        pytest.skip(f"{name} absent")
    return path


def software_vendor() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return responses, accounts, money and its ledger of the B2B vendor."""
    accounts = pd.read_csv(real("hr_saas_b2b_customers.csv"), dtype=str)
    movements = pd.read_csv(real("hr_saas_b2b_mrr.csv"), dtype=str)
    money, ledger = read_revenue(movements, layout="movements", accounts=accounts)
    table = pd.read_csv(real("hr_saas_b2b_nps.csv"), dtype=str)
    responses = pd.DataFrame(
        {
            "account_id": table["Company_ID"].astype(float),  # as some readers would have it
            "score": table["NPS_Score"].astype(int),
            "responded_at": pd.to_datetime(table["Data_Received"], dayfirst=True, utc=True),
        }
    )
    names = {"Company_ID": "account_id", "Churn_Date": "churned_on", "Industry": "industry"}
    return responses, accounts.rename(columns=names), money, ledger


def test_movements_of_a_real_vendor_add_up() -> None:
    """Every movement is used or rejected; the last month's revenue is what the movements leave, counted another way."""
    responses, accounts, money, ledger = software_vendor()
    coverage = join_coverage(responses, money).set_index("part")
    assert coverage["accounts"].to_dict() == {"both": 202, "answered_only": 0, "revenue_only": 296}
    assert ledger.loc[ledger["action"] == "rejected", "reason"].tolist() == ["missing_account"]
    movements = pd.read_csv(real("hr_saas_b2b_mrr.csv"), dtype=str)
    up = movements["Movement_Type"] == "Upgrade"
    amount = pd.to_numeric(movements["Movement_Amount"])
    changes = amount.where(up, -amount).groupby(movements["Company_ID"]).sum()
    start = accounts.set_index("account_id")["Initial_MRR"].astype(float)
    level = start + changes.reindex(start.index).fillna(0)
    stayed = accounts.loc[accounts["churned_on"].isna(), "account_id"]
    # June has 30 days and is the last month: an account that was there all month and did not move earned its level.
    june = money[money["period_start"] == "2023-06-01"].set_index("account_id")["amount"]
    moved = movements.loc[movements["Movement_Date"].str.endswith("6/2023"), "Company_ID"]
    still = [account for account in stayed if account in june.index and account not in set(moved)]
    assert len(still) > 200
    assert june[still].tolist() == pytest.approx(level[still].tolist())


def test_a_real_vendor_gets_findings_or_reasons() -> None:
    """Only detractors leave: shares with intervals, no ratio and the reason; quarters are too few, and it is said."""
    responses, accounts, money, _ = software_vendor()
    months, quarters = (
        panel(responses, money, by=by, accounts=accounts, segments=["industry"]) for by in ("month", "quarter")
    )
    tables = {"lags": lag_table(months), "slopes": slopes(months, lag=1, segment="industry")}
    for table in tables.values():
        assert (table["limit"] != "")[table["pvalue"].isna()].all()
    assert all_tests(tables)["tests"].iloc[0] > 10
    assert negative_control(quarters)["verdict"].item() == "cannot_tell"
    assert "nothing can be learned" in learnable(quarters, lag=1)["limit"].item()
    follow, left_out = follow_up(responses, accounts, until="2023-06-30")
    assert len(follow) + left_out["answers"].sum() == len(responses)
    hazards = hazard_by_band(follow)
    assert hazards["limit"].str.contains("no event in: passive, promoter").all()
    assert (hazards["logrank_pvalue"] < 0.001).all()
    gone = accounts.loc[accounts["churned_on"].notna(), "account_id"].astype(float)
    left = responses.assign(left=responses["account_id"].isin(gone))
    risks = risk_by_band(left, outcome="left").set_index("band")
    assert risks["events"].to_dict()["promoter"] == 0
    assert risks["difference_low"]["detractor"] > 0.3
    growth = silent_accounts(growth_table(money, by="month"), responses)
    assert growth["accounts_in_all"].tolist() == [202, 296, 498]
    at_risk = value_at_risk(responses, money).set_index("reading")
    assert (
        at_risk["amount"]["all"]
        <= at_risk["amount"]["any"]
        < 12 * money.loc[money["period_end"] == "2023-06-30", "amount"].sum()
    )


def test_a_real_shop_is_compared_by_customer() -> None:
    """Spend with refunds: two parts and the mean, which pandas gives too; refunds are counted in words."""
    text = real("garden_retail_fr_mixed_encoding.csv").read_bytes().replace(b"\x82", b"\xe9").decode("latin-1")
    lines = [line.split(",") for line in text.replace('"', "").splitlines()]
    # The comment may hold commas; the score is the third column, the basket the last but one.
    rows = [(line[1], line[2], line[-2]) for line in lines[1:] if len(line) >= 9]
    table = pd.DataFrame(rows, columns=["account_id", "score", "basket"])
    table = table.assign(score=pd.to_numeric(table["score"], errors="coerce"), basket=pd.to_numeric(table["basket"]))
    found = spend_by_band(table, spend="basket").set_index(["part", "band"])
    known = table.dropna(subset=["score"])
    detractors = known.loc[known["score"] <= 6, "basket"]
    assert found["value"]["mean", "detractor"] == pytest.approx(detractors.mean())
    assert found["n"]["any", "detractor"] == len(detractors)
    assert (
        found["limit"].str.contains(f"{(known['basket'] < 0).sum():,} of {len(known):,} amounts are below zero").all()
    )


def test_a_run_rate_is_the_last_period_times_its_number_a_year() -> None:
    """Months, a part of a month, quarters and years; a contract that runs on and an account that stopped."""
    rows = [
        ("month", "2025-05-01", "2025-05-31", 80.0),
        ("month", "2025-06-01", "2025-06-30", 100.0),
        ("began", "2025-06-16", "2025-06-30", 50.0),
        ("quarter", "2025-04-01", "2025-06-30", 300.0),
        ("year", "2025-01-01", "2025-12-31", 1200.0),
        ("gone", "2025-05-01", "2025-05-31", 999.0),
    ]
    money = pd.DataFrame(rows, columns=["account_id", "period_start", "period_end", "amount"])
    money = money.assign(currency="SEK", revenue_type="recurring")
    once = money.head(1).assign(amount=5000.0, period_end="2025-06-30", revenue_type="one_off")
    rate, day = run_rate(pd.concat([money, once]))
    assert day == pd.Timestamp("2025-06-30")
    assert rate.to_dict() == pytest.approx({"month": 1200, "began": 1200, "quarter": 1200, "year": 1200})
    assert run_rate(money, until="2025-05-31")[0]["gone"] == pytest.approx(12 * 999)


def test_the_run_rate_of_a_real_vendor_is_its_last_months_mrr() -> None:
    """The June of the vendor times twelve, added up from the table by hand."""
    _, _, money, _ = software_vendor()
    rate, day = run_rate(money)
    assert day == pd.Timestamp("2023-06-30")
    june = money[(money["period_end"] == "2023-06-30") & (money["period_start"] == "2023-06-01")]
    whole = june.groupby("account_id")["amount"].sum() * 12
    assert rate.reindex(whole.index).tolist() == pytest.approx(whole.tolist())
    parts = set(money.loc[money["period_end"] == "2023-06-30", "account_id"])
    assert set(rate.index) == parts
