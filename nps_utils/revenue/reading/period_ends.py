"""Periods of which only the start is given: how long they are, where the starts of each account tell."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

# Months between the starts of one account, and how many of the steps must be of that length.
RHYTHMS: Final = {1: "a month", 3: "a quarter", 6: "half a year", 12: "a year"}
_USUAL: Final = 0.8


def ends_by_rhythm(start: pd.Series[pd.Timestamp], account: pd.Series[str]) -> tuple[pd.Series[pd.Timestamp], str]:
    """Return the last day of each period and how long one is, "" where the starts do not tell: then each is its day.

    Examples
    --------
    >>> start = pd.Series(pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01"]))
    >>> ends, length = ends_by_rhythm(start, pd.Series(["a", "a", "a"]))
    >>> ends.dt.strftime("%m-%d").tolist(), length
    (['01-31', '02-28', '03-31'], 'a month')
    >>> ends_by_rhythm(start + pd.Timedelta(days=9), pd.Series(["a", "a", "a"]))[1]
    ''
    """
    known = pd.DataFrame({"start": start, "account": account}).dropna().drop_duplicates()
    if known.empty or not (known["start"].dt.day == 1).all():
        return start, ""
    known = known.sort_values(["account", "start"])
    months = 12 * known["start"].dt.year + known["start"].dt.month
    steps = months.groupby(known["account"]).diff().dropna().to_numpy(dtype=np.int64)
    if not len(steps):
        return start, ""
    length = int(steps.min())
    # A step that is several lengths is a period without revenue.
    if length not in RHYTHMS or np.mean(steps == length) < _USUAL or (steps % length).any():
        return start, ""
    return start + pd.DateOffset(months=length) - pd.Timedelta(days=1), RHYTHMS[length]
