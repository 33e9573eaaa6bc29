"""What accounts are worth a year as they stand now: the last period, times the periods of a year."""

from __future__ import annotations

from typing import Final

import pandas as pd

from nps_utils.revenue.at_risk import recent_revenue

YEAR: Final = 365
_MONTH: Final = 30
_SHORTEST: Final = 28
_MOST: Final = 0.8
# Periods of a calendar differ in length by less than this share; others begin and end as contracts do.
_ALIKE: Final = 0.2


def run_rate(money: pd.DataFrame, *, until: str | pd.Timestamp | None = None) -> pd.Series[float]:
    """Return the recurring revenue of each account over the last period, as if a year went on like it.

    What was earned in the last year understates an account that grew or came within it.

    Parameters
    ----------
    money
        As `read_revenue` returns it.
    until
        The last day; by default that of the table.

    Raises
    ------
    BadValue
        No recurring revenue, or several currencies.

    Examples
    --------
    >>> money = pd.DataFrame({"account_id": ["a", "a", "b"], "period_start": ["2025-01-01", "2025-04-01", "2025-01-01"],
    ...     "period_end": ["2025-03-31", "2025-06-30", "2025-03-31"], "amount": [90.0, 182.0, 90.0], "currency": "SEK",
    ...     "revenue_type": "recurring"})
    >>> run_rate(money).to_dict()
    {'a': 728.0, 'b': 0.0}
    """
    days, a_year = _last_period(money[money["revenue_type"] == "recurring"], until)
    amounts, _ = recent_revenue(money, days=days, until=until)
    return amounts * a_year


def _last_period(kept: pd.DataFrame, until: str | pd.Timestamp | None) -> tuple[int, float]:
    """Return how many days the last period has, and how many such a year has: twelve months, of 28 days or of 31.

    Where lengths are not alike, as of contracts, the last thirty days stand for a year of them.
    """
    by_day = (_MONTH, YEAR / _MONTH)
    if kept.empty:
        return by_day
    start, end = pd.to_datetime(kept["period_start"]), pd.to_datetime(kept["period_end"])
    lengths = (end - start).dt.days + 1
    usual = float(lengths.median())
    alike = float(((lengths - usual).abs() <= _ALIKE * usual).mean())
    if alike < _MOST or usual < _SHORTEST:
        return by_day
    last = pd.Timestamp(until) if until is not None else end.max()
    newest = lengths[end == last]
    return int(newest.median() if len(newest) else usual), float(max(round(YEAR / usual), 1))
