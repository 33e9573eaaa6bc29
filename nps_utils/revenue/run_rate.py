"""What accounts are worth a year as they stand now: the last period, times the periods of a year."""

from __future__ import annotations

from typing import Final

import pandas as pd

from nps_utils.revenue.at_risk import recent_revenue

YEAR: Final = 365
_MONTH: Final = 30
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
    {'a': 730.0, 'b': 0.0}
    """
    days = _last_period(money[money["revenue_type"] == "recurring"], until)
    amounts, _ = recent_revenue(money, days=days, until=until)
    return amounts * (YEAR / days)


def _last_period(kept: pd.DataFrame, until: str | pd.Timestamp | None) -> int:
    """Return how many days the last period has: that of most rows where they are alike, else a month."""
    if kept.empty:
        return _MONTH
    start, end = pd.to_datetime(kept["period_start"]), pd.to_datetime(kept["period_end"])
    lengths = (end - start).dt.days + 1
    usual = float(lengths.median())
    alike = float(((lengths - usual).abs() <= _ALIKE * usual).mean())
    if alike < 0.8 or usual < _MONTH * (1 - _ALIKE):
        return _MONTH
    last = pd.Timestamp(until) if until is not None else end.max()
    newest = lengths[end == last]
    return int(min(newest.median() if len(newest) else usual, YEAR))
