"""What the customers of a study did after answering: who left, what they spent, whose revenue is at risk."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue
from nps_utils.exports.cells.amounts import account_ids, numbered_accounts
from nps_utils.exports.cells.date_cells import dates
from nps_utils.pages.known import known
from nps_utils.pages.revenue import answers_at, is_undated, money_of, terms, undated_amounts
from nps_utils.revenue import by_period, follow_up, survival_by_band, value_at_risk
from nps_utils.revenue.calendar import number_of_day, period_numbers
from nps_utils.revenue.panels import Terms
from nps_utils.revenue.survival import Followed
from nps_utils.stats.each import main_touchpoint
from nps_utils.study.study import Study
from nps_utils.words.limits import Limit

HORIZONS: Final = (365, 180, 90, 60, 30)


def followed(study: Study) -> Followed:
    """Follow each account from its first answer to the day it left, or to the last day of answers and churn dates.

    An account is counted in `customers` only where its answer lies at least the horizon before the last day, whether it
    left or not: counting early leavers of a later start would count leavers twice as easily as those who stay.

    Raises
    ------
    NotInStudy
        There is no table of accounts.
    BadValue
        The accounts do not say who left, nobody can be followed, or nobody for 30 days.
    """
    accounts = study.accounts()
    if "churned_on" not in accounts.columns:
        raise BadValue('The accounts have no column "churned_on": who left, and when, is not known.')
    responses = answers_at(study, main_touchpoint(study.responses()))
    churned = dates(accounts["churned_on"], name="churned_on")
    days = pd.Series([responses["responded_at"].max(), churned.max()]).dropna()
    if days.empty:
        raise BadValue("Neither the answers nor the accounts who left have a date: nobody can be followed.")
    until = days.max().normalize()
    follow, left_out = follow_up(responses, accounts, until=until)
    could = (until - follow["answered_on"]).dt.days
    horizon = next((days for days in HORIZONS if (could >= days).mean() >= 0.5), HORIZONS[-1])
    long_enough = follow[could >= horizon]
    left = long_enough["left"] & (long_enough["days"] <= horizon)
    return Followed(follow, left_out, until, horizon, long_enough.assign(churned=left, stayed=~left))


def lasting(found: Followed) -> pd.DataFrame:
    """Return the share of each band still there after 30, 90, 180 and 365 days, as far as anyone was followed."""
    longest = int(found.follow["days"].max())
    at = [days for days in sorted({*HORIZONS} - {60}) if days <= longest]
    if not at:
        raise BadValue(f"Nobody was followed for longer than {longest} days: too short to say who stays.")
    return survival_by_band(found.follow, at=at)


def spenders(study: Study) -> pd.DataFrame:
    """Return one row per answer that has an account: score, account_id, and what the account spent.

    With dated revenue that is its revenue in the period after the answer; with one amount per account, that amount,
    whenever it was.

    Raises
    ------
    NotInStudy
        There is no revenue.
    BadValue
        No account has both an answer and an amount.
    """
    rows = _undated(study) if is_undated(study) else _of_the_next_period(study, terms(study))
    if rows["spend"].notna().sum() == 0:
        raise BadValue("No account has both an answer and an amount after it: spending cannot be compared.")
    return rows.dropna(subset=["spend"])


def at_risk(study: Study, *, loss: tuple[float, float] | None = None) -> pd.DataFrame:
    """Return the recurring revenue of accounts whose latest answers are detractors', of those still there.

    Returns
    -------
    As `value_at_risk`; accounts that have left are not at risk any more and `limit` says how many there were.
    """
    if loss is not None and not 0 <= loss[0] <= loss[1] <= 1:
        raise BadValue(f"loss = {loss!r} is not a lowest and a highest share from 0 to 1.")
    table = known(study, "at risk", lambda: _at_risk(study))
    if loss is None:
        return table
    amount = table["amount"].where(table["reading"] != "silent")  # what is at risk there is not known
    return table.assign(loss_low=amount * loss[0], loss_high=amount * loss[1])


def _at_risk(study: Study) -> pd.DataFrame:
    if is_undated(study):
        raise BadValue("The revenue of this study has no dates: what is at risk in a coming year is not known.")
    money, _ = money_of(study)
    gone = accounts_gone(study)
    leaving = money["account_id"].isin(gone)
    kept = money[~leaving]
    if kept.empty:
        raise BadValue("All accounts with revenue have left: nothing is at risk any more.")
    responses = study.responses()
    codes, ids = numbered_accounts(responses["account_id"])
    read = [name for name in ("account_id", "respondent_id", "score", "responded_at") if name in responses.columns]
    table = value_at_risk(responses.loc[~np.append(ids.isin(gone), False)[codes], read], kept)
    left = money.loc[leaving, "account_id"].nunique()
    said = f" {left:,} accounts with revenue have left and are not counted." if left else ""
    return table.assign(limit=table["limit"] + said)


def extra_loss(risks: pd.DataFrame | Limit) -> tuple[float, float] | None:
    """Return how much more of detractors than of promoters may leave, lowest and highest, none where it is not known.

    Examples
    --------
    >>> extra_loss(pd.DataFrame({"band": ["detractor"], "difference_low": [-0.02], "difference_high": [0.1]}))
    (0.0, 0.1)
    """
    if isinstance(risks, Limit):
        return None
    row = risks[risks["band"] == "detractor"].iloc[0]
    low, high = float(row["difference_low"]), float(row["difference_high"])
    return (max(low, 0.0), max(high, 0.0)) if np.isfinite(low) and np.isfinite(high) else None


def accounts_gone(study: Study) -> set[str]:
    """Return the accounts of which the table of accounts says that they have left."""
    if study.settings.accounts is None:
        return set()
    accounts = study.accounts()
    if not {"account_id", "churned_on"} <= set(accounts.columns):
        return set()
    left = dates(accounts["churned_on"], name="churned_on").notna()
    return set(account_ids(accounts.loc[left, "account_id"])[0].dropna())


def _undated(study: Study) -> pd.DataFrame:
    table = undated_amounts(study)
    spent = table.groupby("account_id")["amount"].sum(min_count=1)
    responses = study.responses()
    ids = account_ids(responses["account_id"])[0]
    return pd.DataFrame({"score": responses["score"], "account_id": ids, "spend": ids.map(spent)})


def _of_the_next_period(study: Study, how: Terms) -> pd.DataFrame:
    money, _ = money_of(study)
    table = by_period(money, by=how.by, counted=how.counted)
    responses = answers_at(study, how.touchpoint).dropna(subset=["responded_at"])
    codes, ids = numbered_accounts(responses["account_id"])
    owners, names = pd.factorize(table["account_id"])
    numbers, after = period_numbers(table["period"]), number_of_day(responses["responded_at"], how.by) + 1
    account = np.append(names.get_indexer(ids), -1)[codes]
    # Periods are few, so that an account and a period are one number.
    first, span = int(numbers.min()), int(np.ptp(numbers)) + 1
    place = pd.Index(owners * span + numbers - first)
    known = (account >= 0) & (after >= first) & (after < first + span)
    at = np.where(known, place.get_indexer(np.where(known, account * span + after - first, -1)), -1)
    spent = np.append(table["amount"].to_numpy(dtype=float), np.nan)[at]
    named = account_ids(responses["account_id"])[0]
    return pd.DataFrame({"score": responses["score"], "account_id": named, "spend": spent})
