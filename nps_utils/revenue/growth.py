"""Money by calendar period, and its growth from one period to the next."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import BadValue, check_choice, check_columns
from nps_utils.revenue.calendar import BY, By, consecutive, lengths, number_of_day, period_names, period_numbers, starts
from nps_utils.revenue.reading.periods import MONEY, one_currency

Growth: TypeAlias = Literal["percent", "midpoint", "log"]
Counted: TypeAlias = Literal["recurring", "one_off", "all"]


def by_period(
    money: pd.DataFrame, *, by: By = "quarter", counted: Counted = "recurring", until: str | pd.Timestamp | None = None
) -> pd.DataFrame:
    """Spread each amount evenly over its days and sum by account and calendar period.

    Parameters
    ----------
    money
        As `read_money` returns it, in one currency.
    counted
        Which revenue: `recurring`, `one_off` or `all`.
    until
        The last day the table is complete for; by default the earliest end among the rows that start last. Periods
        that reach beyond it are left out: half a period is not a fall.

    Returns
    -------
    One row per account and period from its first period on: account_id, period (2024-Q1, 2024-03 or 2024), amount,
    days (of the period on which the account had a row). Periods without a row hold 0.

    Raises
    ------
    BadValue
        Several currencies, or no revenue of this kind.

    Examples
    --------
    >>> money = pd.DataFrame({"account_id": ["a"], "period_start": ["2024-01-01"], "period_end": ["2024-06-30"],
    ...                       "amount": [182.0], "currency": ["SEK"], "revenue_type": ["recurring"]})
    >>> by_period(money)[["period", "amount", "days"]].to_numpy().tolist()
    [['2024-Q1', 91.0, 91], ['2024-Q2', 91.0, 91]]
    """
    check_choice("by", by, BY)
    check_choice("counted", counted, ("recurring", "one_off", "all"))
    check_columns(list(money.columns), MONEY[:6], what="the money table")
    rows = money if counted == "all" else money[money["revenue_type"] == counted]
    if rows.empty:
        raise BadValue(f"the money table has no {counted} revenue; count another kind.")
    rows = one_currency(rows)
    rows = rows.assign(**{name: pd.to_datetime(rows[name]) for name in ("period_start", "period_end")})
    codes, names = pd.factorize(rows["account_id"], sort=True)
    pieces = _pieces(rows, codes, by)
    sums = pieces[pieces["code"] >= 0].groupby(["code", "number"], as_index=False)[["amount", "days"]].sum()
    last = _last_whole_period(rows, by, until)
    filled = _filled(sums[sums["number"] <= last], last)
    if filled.empty:
        raise BadValue(f"no whole {by} lies before the end of the revenue; use shorter periods.")
    number = filled["number"].to_numpy()
    # Overlapping contracts cover a day twice; the account was there once.
    days = np.minimum(filled["days"].to_numpy(dtype=int), lengths(number, by))
    return pd.DataFrame(
        {
            "account_id": names.take(filled["code"].to_numpy()),
            "period": period_names(number, by),
            "amount": filled["amount"],
            "days": days,
        }
    )


def growth_table(
    money: pd.DataFrame,
    *,
    by: By = "quarter",
    growth: Growth = "percent",
    counted: Counted = "recurring",
    until: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Return the growth of each account's revenue from one period to the next, in percent.

    Parameters
    ----------
    growth
        `percent`: 100 (now / before - 1), undefined after a period without revenue or of refunds;
        `midpoint`: 100 (now - before) / mean of both, from -200 to 200, which takes churn and return alike
        (Davis, Haltiwanger and Schuh 1996); `log`: 100 log(now / before).

    Returns
    -------
    The rows of `by_period`, with `growth` and `limit`: why growth is missing, "" where it is there.

    Examples
    --------
    >>> money = pd.DataFrame({"account_id": "a", "period_start": ["2023-01-01", "2024-01-01"],
    ...                       "period_end": ["2023-12-31", "2024-12-31"], "amount": [100.0, 120.0],
    ...                       "currency": "SEK", "revenue_type": "recurring"})
    >>> growth_table(money, by="year")["growth"].round(6).tolist()
    [nan, 20.0]
    """
    check_choice("growth", growth, ("percent", "midpoint", "log"))
    table = by_period(money, by=by, counted=counted, until=until)
    first = ~table["account_id"].duplicated()
    partial = first & (table["days"] < lengths(period_numbers(table["period"]), by))
    # One-off purchases cover a day each: how many days were covered says nothing there.
    partial &= counted == "recurring"
    # The periods of an account stand together.
    after_partial = partial.shift(fill_value=False) & ~first
    before, now = table["amount"].shift().mask(first), table["amount"]
    tests = [
        ("the account's first period", before.isna()),
        ("the period before was the account's first and not a whole one", after_partial),
        ("no revenue in the period before", before == 0),
        ("less than no revenue in the period before", before < 0),
        ("less than no revenue in the period", (now < 0) & (growth != "percent")),
        ("no revenue in the period", (now == 0) & (growth == "log")),
    ]
    if growth == "midpoint":
        tests[2] = ("no revenue in the period or the one before", (before == 0) & (now == 0))
    said = np.select([where.to_numpy() for _, where in tests], np.arange(1, len(tests) + 1).tolist(), default=0)
    limit = pd.array(["", *(reason for reason, _ in tests)], dtype="str").take(said)
    fine = said == 0
    value = _growth(now[fine].to_numpy(dtype=float), before[fine].to_numpy(dtype=float), growth)
    return table.assign(growth=pd.Series(value, index=table.index[fine]).reindex(table.index), limit=limit)


def _pieces(rows: pd.DataFrame, codes: NDArray[np.intp], by: By) -> pd.DataFrame:
    first, last = (number_of_day(rows[name], by) for name in ("period_start", "period_end"))
    picked, number = consecutive(first, last - first + 1)
    start, end = (rows[name].to_numpy().astype("datetime64[D]") for name in ("period_start", "period_end"))
    one = np.timedelta64(1, "D")
    inside = np.minimum(end[picked] + one, starts(number + 1, by)) - np.maximum(start[picked], starts(number, by))
    share = (inside / one) / ((end - start)[picked] / one + 1)
    return pd.DataFrame(
        {
            "code": codes[picked],
            "number": number,
            "amount": rows["amount"].to_numpy(dtype=float)[picked] * share,
            "days": (inside / one).astype(int),
        }
    )


def _last_whole_period(rows: pd.DataFrame, by: By, until: str | pd.Timestamp | None) -> int:
    latest = rows["period_start"].max()
    end = pd.Timestamp(until) if until is not None else rows.loc[rows["period_start"] == latest, "period_end"].min()
    number = int(number_of_day(pd.Series([end]), by)[0])
    whole = starts(np.array([number + 1]), by)[0] - np.timedelta64(1, "D")
    return number if np.datetime64(end, "D") >= whole else number - 1


def _filled(sums: pd.DataFrame, last: int) -> pd.DataFrame:
    """Return every period of each account from its first to the last, zero where it has no row."""
    code, number = sums["code"].to_numpy(), sums["number"].to_numpy()
    codes, place = np.unique(code, return_index=True)  # in the order of accounts and periods
    first = number[place]
    run, every = consecutive(first, last - first + 1)
    # Where a row stands among all periods of all accounts.
    begin = np.cumsum(last - first + 1) - (last - first + 1)
    account = np.searchsorted(codes, code)
    at = begin[account] + number - first[account]
    amount, days = np.zeros(len(run)), np.zeros(len(run), dtype=np.int64)
    amount[at], days[at] = sums["amount"], sums["days"]
    return pd.DataFrame({"code": codes[run], "number": every, "amount": amount, "days": days})


def _growth(now: NDArray[np.float64], before: NDArray[np.float64], growth: Growth) -> NDArray[np.float64]:
    if growth == "percent":
        return 100 * (now / before - 1)
    if growth == "midpoint":
        return 200 * (now - before) / (now + before)
    return 100 * np.log(now / before)
