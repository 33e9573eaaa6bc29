"""Whose revenue is silent, and how much is at risk."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from nps_utils.checks import BadValue, check_columns, check_fraction
from nps_utils.columns import codes_of
from nps_utils.exports.cells.amounts import account_ids, is_among, numbered_accounts
from nps_utils.revenue.by_band import band_of
from nps_utils.revenue.reading.periods import one_currency

Floats: TypeAlias = NDArray[np.float64]


def silent_accounts(growth: pd.DataFrame, responses: pd.DataFrame, *, confidence_level: float = 0.95) -> pd.DataFrame:
    """Compare the growth of accounts that ever answered with that of accounts that never did.

    One number per account (its mean growth over the periods), so that periods do not count as accounts. Welch's t
    (scipy). If the silent grow differently, what is found among those who answer does not hold for all.

    Parameters
    ----------
    growth
        As `growth_table` returns it: account_id, period, amount, growth.
    responses
        Canonical responses: account_id.

    Returns
    -------
    Three rows, group `answered`, `silent`, `difference`: accounts (with a growth), accounts_in_all, amount_share (0..1,
    of revenue in the last period), growth (mean, percent), low, high, pvalue, limit.

    Examples
    --------
    >>> growth = pd.DataFrame({"account_id": list("abcd"), "period": "2024-Q1", "amount": [60.0, 10, 20, 10],
    ...                        "growth": [1.0, 2.0, 5.0, 7.0]})
    >>> found = silent_accounts(growth, pd.DataFrame({"account_id": ["a", "b"]}))
    >>> found[["group", "accounts", "amount_share", "growth"]].to_numpy().tolist()
    [['answered', 2, 0.7, 1.5], ['silent', 2, 0.3, 6.0], ['difference', 4, 1.0, -4.5]]
    """
    check_fraction("confidence_level", confidence_level)
    check_columns(list(growth.columns), ("account_id", "period", "amount", "growth"), what="the growth table")
    check_columns(list(responses.columns), ("account_id",), what="the responses")
    codes, names = pd.factorize(growth["account_id"], sort=True)
    ids = account_ids(pd.Series(names))[0]
    heard = is_among(pd.Index(ids), numbered_accounts(responses["account_id"])[1])
    part = np.append(heard, False)[codes]
    last = (growth["period"] == growth["period"].max()).to_numpy()
    total = float(growth.loc[last, "amount"].sum())
    means = {}
    for name, where in (("answered", part), ("silent", ~part)):
        rows_of = where & (codes >= 0)
        mean = growth.loc[rows_of, "growth"].groupby(codes[rows_of]).mean()
        means[name] = mean.dropna().to_numpy(dtype=float)
    rows = []
    every = np.ones(len(names), dtype=bool)
    for name, where, who in (("answered", part, heard), ("silent", ~part, ~heard), ("difference", part | ~part, every)):
        amount = float(growth.loc[where & last, "amount"].sum())
        row = {"group": name, "accounts": len(means[name]) if name in means else sum(map(len, means.values()))}
        row |= {"accounts_in_all": int(ids[who].nunique()), "amount_share": amount / total if total > 0 else np.nan}
        if name in means:
            rows.append(row | _mean(means[name], confidence_level))
        else:
            rows.append(row | _difference(means["answered"], means["silent"], confidence_level))
    return pd.DataFrame(rows)


def value_at_risk(
    responses: pd.DataFrame,
    money: pd.DataFrame,
    *,
    loss: tuple[float, float] | None = None,
    until: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Return the recurring revenue a year of accounts whose latest answers are detractors', as a range.

    What an account with several people thinks is not one number, so the range goes from the narrow reading to the wide:
    `all`: everybody's latest answer is a detractor's. `most`: that of more than half of its people is, so that one of
    sixty tenants does not make a house a detractor. `latest`: the account's latest answer is. `any`: somebody's is.
    Accounts that never answered are `silent`: what is at risk there is not known.

    Parameters
    ----------
    responses
        account_id, score, responded_at, and respondent_id where people are known.
    money
        As `read_revenue` returns it.
    loss
        The share of it that may be lost, lowest and highest, e.g. the limits of a risk difference.
    until
        The day whose run rate counts; see `run_rate`.

    Returns
    -------
    Five rows: reading (`all`, `most`, `latest`, `any`, `silent`), accounts, amount, share (0..1 of all
    recurring revenue), loss_low and loss_high (amount times `loss`; missing without it), currency, limit.

    Examples
    --------
    >>> responses = pd.DataFrame({"account_id": ["a", "a", "b"], "respondent_id": ["1", "2", "3"], "score": [2, 9, 6],
    ...                           "responded_at": pd.to_datetime(["2023-03-01", "2023-03-02", "2023-03-01"])})
    >>> money = pd.DataFrame({"account_id": ["a", "b", "c"], "period_start": "2023-01-01", "period_end": "2023-12-31",
    ...                       "amount": [50.0, 30.0, 20.0], "currency": "SEK", "revenue_type": "recurring"})
    >>> value_at_risk(responses, money)[["reading", "accounts", "amount"]].to_numpy().tolist()
    [['all', 1, 30.0], ['most', 1, 30.0], ['latest', 1, 30.0], ['any', 2, 80.0], ['silent', 1, 20.0]]
    """
    check_columns(list(responses.columns), ("account_id", "score", "responded_at"), what="the responses")
    if loss is not None and not 0 <= loss[0] <= loss[1] <= 1:
        raise BadValue(f"loss = {loss!r} is not a lowest and a highest share from 0 to 1.")
    amounts, last = run_rate(money, until=until)
    answered = _latest(responses)
    detractor = answered["band"] == "detractor"
    by_account = detractor.groupby(answered["account_id"])
    latest = answered.drop_duplicates("account_id", keep="last").set_index("account_id")["band"] == "detractor"
    readings = {"all": by_account.all(), "most": by_account.mean() > 0.5, "latest": latest, "any": by_account.any()}
    chosen = {name: flags.index[flags] for name, flags in readings.items()}
    chosen["silent"] = amounts.index.difference(latest.index)
    total = float(amounts.sum())
    rows = []
    for name, accounts in chosen.items():
        among = is_among(amounts.index, accounts)
        amount, paying = float(amounts[among].sum()), int(among.sum())
        low, high = (amount * share for share in loss) if loss and name != "silent" else (np.nan, np.nan)
        row = {"reading": name, "accounts": paying, "amount": amount, "share": amount / total if total > 0 else np.nan}
        rows.append(row | {"loss_low": low, "loss_high": high})
    outside = int((~is_among(chosen["any"], amounts.index)).sum())
    limit = f"a year at the rate of {last:%Y-%m-%d}."
    limit += f" {outside:,} accounts with a detractor have no revenue in it." if outside else ""
    currencies = money.loc[money["revenue_type"] == "recurring", "currency"].dropna()
    currency = currencies.iloc[0] if len(currencies) else ""
    return pd.DataFrame(rows).assign(currency=currency, limit=limit)


def _mean(values: Floats, confidence_level: float) -> dict[str, object]:
    nothing = {"low": np.nan, "high": np.nan, "pvalue": np.nan}
    if len(values) < 2:
        mean = float(values.mean()) if len(values) else np.nan
        return {"growth": mean, **nothing, "limit": f"{len(values)} accounts with a growth: no interval."}
    half = float(stats.t.ppf(0.5 + confidence_level / 2, len(values) - 1) * stats.sem(values))
    mean = float(values.mean())
    return {"growth": mean, "low": mean - half, "high": mean + half, "pvalue": np.nan, "limit": ""}


def _difference(answered: Floats, silent: Floats, confidence_level: float) -> dict[str, object]:
    nothing = {"growth": np.nan, "low": np.nan, "high": np.nan, "pvalue": np.nan}
    if min(len(answered), len(silent)) == 0:
        return nothing | {"limit": "nobody is silent." if len(answered) else "nobody who answered has a growth."}
    gap = float(answered.mean() - silent.mean())
    if min(len(answered), len(silent)) < 2:
        return nothing | {"growth": gap, "limit": "one account on a side: no interval."}
    if np.ptp(answered) == 0 and np.ptp(silent) == 0:
        return nothing | {"growth": gap, "limit": "growth is the same for all accounts of a side: no interval."}
    found = stats.ttest_ind(answered, silent, equal_var=False)
    low, high = found.confidence_interval(confidence_level)
    return {"growth": gap, "low": float(low), "high": float(high), "pvalue": float(found.pvalue), "limit": ""}


def run_rate(money: pd.DataFrame, *, until: str | pd.Timestamp | None = None) -> tuple[pd.Series[float], pd.Timestamp]:
    """Return the recurring revenue a year of each account at its present rate, and the day of that rate.

    What an account pays in the period that holds the day, times such periods a year: of six months of a ramp-up the sum
    would tell neither what a year brings nor what is at risk. An account without a row on that day pays nothing any
    more and is not there.

    Parameters
    ----------
    money
        As `read_revenue` returns it.
    until
        The day. By default the last one that ends a period and on which at least half as many accounts pay as ever do:
        a contract that runs on alone does not move the day to its end.

    Raises
    ------
    BadValue
        No recurring revenue, several currencies, or periods of which only the start is known.

    Examples
    --------
    >>> money = pd.DataFrame({"account_id": ["a", "a"], "period_start": ["2025-05-01", "2025-06-01"],
    ...     "period_end": ["2025-05-31", "2025-06-30"], "amount": [100.0, 120.0], "currency": "SEK",
    ...     "revenue_type": "recurring"})
    >>> run_rate(money)[0].to_dict()
    {'a': 1440.0}
    """
    kept = money[money["revenue_type"] == "recurring"]
    if kept.empty:
        raise BadValue(
            "no revenue is recurring (amounts of a single day are purchases), so what a year brings is not known:"
            " nothing can be at risk, nor weigh by it."
        )
    kept = one_currency(kept)
    start, end = pd.to_datetime(kept["period_start"]), pd.to_datetime(kept["period_end"])
    if (start == end).all():
        raise BadValue(
            "every period of recurring revenue is a single day, so what a year brings is not known. Name the column of"
            ' their ends under [revenue], columns = { period_end = "..." }; if each was paid once, write in the'
            ' place of what types says now: types = { "*" = "one_off" }.'
        )
    day = pd.Timestamp(until) if until is not None else _last_paid(start, end)
    now = (start <= day) & (end >= day)
    yearly = kept["amount"] * _periods_a_year(start, end)
    return yearly[now].groupby(account_ids(kept.loc[now, "account_id"])[0]).sum(), day


def _last_paid(start: pd.Series[pd.Timestamp], end: pd.Series[pd.Timestamp]) -> pd.Timestamp:
    """Return the last end of a period on which at least half as many rows run as on the fullest one."""
    ends = np.sort(end.dropna().unique())
    running = np.searchsorted(np.sort(start.to_numpy()), ends, side="right")
    running = running - np.searchsorted(np.sort(end.to_numpy()), ends, side="left")
    return pd.Timestamp(ends[2 * running >= running.max()][-1])


def _periods_a_year(start: pd.Series[pd.Timestamp], end: pd.Series[pd.Timestamp]) -> pd.Series[float]:
    """Return how many periods of this length a year has: 12 of a month or a part of one, 4 of a quarter."""
    days = (end - start).dt.days + 1
    month = 12 * start.dt.days_in_month / days
    within = (start.dt.year == end.dt.year) & (start.dt.month == end.dt.month)
    usual = pd.Series(365.25 / days, index=days.index)
    for low, high, many in ((28, 31, 12.0), (89, 92, 4.0), (181, 184, 2.0), (365, 366, 1.0)):
        usual = usual.mask(days.between(low, high), many)
    return usual.mask(within, month)


def _latest(responses: pd.DataFrame) -> pd.DataFrame:
    """Return each person's latest answer, and of people not known those of the account's newest day; oldest first."""
    when = pd.to_datetime(responses["responded_at"], utc=True)
    codes, ids = numbered_accounts(responses["account_id"])
    known = (codes >= 0) & (responses["score"].notna() & when.notna()).to_numpy()
    if not known.any():
        raise BadValue("no response has an account, a score and a date.")
    at = np.flatnonzero(known)
    at = at[np.argsort(when.to_numpy(dtype="datetime64[ns]")[at], kind="stable")]
    account, person = codes[at], codes_of(responses, "respondent_id")[at]
    last = ~pd.Series(account * (person.max() + 2) + person).duplicated(keep="last").to_numpy()
    # Of nobody known an earlier answer may be the same person's: the account's newest day stands for them.
    day = when.iloc[at].dt.normalize().dt.tz_localize(None).to_numpy()
    newest = np.empty(len(ids), dtype=day.dtype)
    newest[account] = day  # of each account the last one stays
    chosen = np.where(person >= 0, last, day == newest[account])
    band = band_of(responses["score"].iloc[at[chosen]])
    return pd.DataFrame({"account_id": ids.take(account[chosen]), "band": band.array})
