"""Revenue and churn of the accounts: growth in the next quarter follows the true relationship NPS of this one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nps_utils.simulate.plan import BEFORE, SD_MOOD, SD_WITHIN, WAVES, Plan, mean_for, nps_at, targets

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
    """Return the day each account left, or NaT: the risk of a quarter follows the NPS of the quarter before."""
    rng = plan.rng("churn")
    wide = moods.pivot_table(index="account_id", columns="wave", values="nps_true").loc[accounts["account_id"]]
    risk = plan.churn_at_30 * np.exp(-plan.churn_per_point * (wide[list(WAVES[:-1])].to_numpy() - 30))
    leaves = rng.random(risk.shape) < np.minimum(risk, 0.5)
    day = rng.integers(5, 85, len(accounts))
    starts = pd.PeriodIndex(WAVES[1:], freq="Q").to_timestamp()
    quarter = np.argmax(leaves, axis=1)
    left = pd.Series(starts[quarter] + pd.to_timedelta(day, unit="D"), index=accounts.index)
    young = accounts["customer_since"] > left - pd.Timedelta(days=120)
    return left.where(leaves.any(axis=1) & ~young.to_numpy(dtype=bool))


def revenue(accounts: pd.DataFrame, moods: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Return revenue in EUR: one row per account, quarter and type (recurring, one_off).

    growth(t+1) = growth_at_zero + revenue_slope * nps_true(t) + noise, while the account is a customer for the
    whole of both quarters.
    """
    rng = plan.rng("revenue")
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
        since, left = (
            accounts["customer_since"].to_numpy("datetime64[ns]"),
            accounts["churned_on"].to_numpy("datetime64[ns]"),
        )
        whole = (since <= np.datetime64(start)) & ~(left <= np.datetime64(end))
        part = pd.DataFrame({"account_id": accounts["account_id"], "amount": amount.round(2)})[whole]
        tables.append(part.assign(period_start=start, period_end=end, revenue_type="recurring"))
    table = pd.concat(tables, ignore_index=True)
    partners = rng.choice(accounts.loc[accounts["size"] == "small", "account_id"], WITHOUT_REVENUE, replace=False)
    table = table[~table["account_id"].isin(partners)]
    table = pd.concat([table, _one_off(table, rng)], ignore_index=True).assign(currency="EUR")
    table = table.sort_values(["account_id", "period_start", "revenue_type"], ascending=[True, True, False])
    columns = ["account_id", "period_start", "period_end", "amount", "currency", "revenue_type"]
    return table[columns].reset_index(drop=True)


def _one_off(recurring: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Projects beside the subscription, and a few refunds as negative amounts."""
    picked = recurring.sample(frac=ONE_OFF_SHARE, random_state=rng)
    share = rng.uniform(0.05, 0.6, len(picked))
    share[:REFUNDS] = -rng.uniform(0.02, 0.15, min(REFUNDS, len(picked)))
    return picked.assign(amount=(picked["amount"] * share).round(2), revenue_type="one_off")
