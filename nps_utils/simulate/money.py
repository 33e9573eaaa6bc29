"""Revenue and churn of the accounts: growth in the next quarter follows the true relationship NPS of this one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nps_utils.simulate.plan import BEFORE, FIX_WAVE, SD_MOOD, SD_WITHIN, WAVES, Plan, mean_for, nps_at, targets

SIZE_REVENUE = {"small": 2_400.0, "medium": 14_000.0, "large": 82_000.0}  # median per quarter, EUR
SPREAD = 0.55  # standard deviation of the log of revenue within a size
ONE_OFF_SHARE = 0.035  # of account-quarters with a project on top
REFUNDS = 6
WITHOUT_REVENUE = 3  # accounts that pay through a partner


def moods(accounts: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Return one row per account and wave: latent `mood`, and `nps_true`, the account's relationship NPS.

    Moods are drawn anew each quarter, so that past growth does not lead the score of today.
    """
    rng = plan.rng("moods")
    table = accounts[["account_id", "size", "segment", "early_fix", "level"]].merge(
        pd.DataFrame({"wave": [BEFORE, *WAVES]}), how="cross"
    )
    table["mood"] = rng.normal(0, SD_MOOD, len(table))
    mean = mean_for(targets(table.assign(touchpoint="relationship"), plan))
    table["nps_true"] = nps_at(mean + table["level"] + table["mood"], sd=SD_WITHIN)
    return table.drop(columns=["size", "segment", "early_fix", "level"])


def churn(accounts: pd.DataFrame, moods: pd.DataFrame, plan: Plan) -> pd.Series[pd.Timestamp]:
    """Return the day each account gave notice, or NaT: the risk of a quarter follows the NPS of the quarter before.

    Contracts run on for a year after notice, and nobody gives notice before 2025-Q4: so no revenue ends in the data.
    """
    rng = plan.rng("churn")
    wide = moods.pivot_table(index="account_id", columns="wave", values="nps_true").loc[accounts["account_id"]]
    at_risk = list(WAVES[WAVES.index(FIX_WAVE) - 1 : -1])
    risk = plan.churn_at_30 * np.exp(-plan.churn_per_point * (wide[at_risk].to_numpy() - 30))
    leaves = rng.random(risk.shape) < np.minimum(risk, 0.5)
    day = rng.integers(5, 85, len(accounts))
    starts = pd.PeriodIndex(at_risk, freq="Q").shift(1).to_timestamp()
    quarter = np.argmax(leaves, axis=1)
    left = pd.Series(starts[quarter] + pd.to_timedelta(day, unit="D"), index=accounts.index)
    young = accounts["customer_since"] > left - pd.Timedelta(days=120)
    return left.where(leaves.any(axis=1) & ~young.to_numpy(dtype=bool))


def revenue(accounts: pd.DataFrame, moods: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Return revenue in EUR: one row per account, quarter and type (recurring, one_off).

    growth(t+1) = growth_at_zero + revenue_slope * nps_true(t) + noise, from the first whole quarter as a customer.
    """
    rng = plan.rng("invoices")
    quarters = [BEFORE, *WAVES]
    truth = moods.pivot_table(index="account_id", columns="wave", values="nps_true").loc[accounts["account_id"]]
    noise = rng.normal(0, plan.revenue_noise, (len(accounts), len(quarters)))
    median = accounts["size"].map(SIZE_REVENUE).to_numpy(dtype=float)
    amount = median * np.exp(rng.normal(0, SPREAD, len(accounts)))
    periods = pd.PeriodIndex(quarters, freq="Q")
    tables = []
    for t, period in enumerate(periods):
        if t:
            growth = plan.growth_at_zero + plan.revenue_slope * truth[quarters[t - 1]].to_numpy() + noise[:, t]
            amount = amount * (1 + growth)
        start, end = period.start_time.normalize(), period.end_time.normalize()
        whole = (accounts["customer_since"] <= start).to_numpy()
        part = pd.DataFrame({"account_id": accounts["account_id"], "amount": amount.round(2)})[whole]
        tables.append(part.assign(period_start=start, period_end=end, revenue_type="recurring"))
    table = pd.concat(tables, ignore_index=True)
    partners = rng.choice(accounts.loc[accounts["size"] == "small", "account_id"], WITHOUT_REVENUE, replace=False)
    table = table[~table["account_id"].isin(partners)]
    table = pd.concat([table, _one_off(table, rng)], ignore_index=True).assign(currency="EUR")
    table = table.sort_values(["account_id", "period_start", "revenue_type"], ascending=[True, True, False])
    columns = ["account_id", "period_start", "period_end", "amount", "currency", "revenue_type"]
    return table[columns].reset_index(drop=True)


def realised_slopes(revenue: pd.DataFrame, moods: pd.DataFrame) -> dict[str, float]:
    """Return the least-squares slope of growth on the true score of the quarter after, the same, and the one before.

    `before`: growth(t-1) on NPS(t). What is not zero there comes from accounts that stay happier than others.
    """
    recurring = revenue[revenue["revenue_type"] == "recurring"]
    wave = recurring["period_start"].dt.to_period("Q").astype(str).str.replace("Q", "-Q")
    amounts = recurring.assign(wave=wave).pivot_table(index="account_id", columns="wave", values="amount")
    growth = amounts.pct_change(axis=1, fill_method=None)
    truth = moods.pivot_table(index="account_id", columns="wave", values="nps_true").loc[growth.index, growth.columns]
    slopes = {}
    for name, quarters in (("before", 1), ("same", 0), ("after", -1)):
        pairs = pd.DataFrame(
            {"x": truth.to_numpy().ravel(), "y": growth.shift(quarters, axis=1).to_numpy().ravel()}
        ).dropna()
        slopes[name] = float(np.polyfit(pairs["x"], pairs["y"], 1)[0])
    return slopes


def _one_off(recurring: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Projects beside the subscription, and a few refunds as negative amounts."""
    picked = recurring.sample(frac=ONE_OFF_SHARE, random_state=rng)
    share = rng.uniform(0.05, 0.6, len(picked))
    share[:REFUNDS] = -rng.uniform(0.02, 0.15, min(REFUNDS, len(picked)))
    return picked.assign(amount=(picked["amount"] * share).round(2), revenue_type="one_off")
