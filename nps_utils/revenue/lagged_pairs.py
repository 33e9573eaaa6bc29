"""Pairs of a panel: the NPS of a period beside the growth of the same, an earlier or a later one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue, check_columns, check_whole
from nps_utils.revenue.calendar import period_numbers

PANEL = ("account_id", "period", "nps", "n", "se", "growth")


def check_panel(panel: pd.DataFrame) -> None:
    """Raise `BadInput` unless the table is a panel: its columns, numbers, one row per account and period."""
    check_columns(list(panel.columns), PANEL, what="the panel")
    if panel.empty:
        raise BadValue("the panel has no rows.")
    for name in ("nps", "n", "se", "growth"):
        if not pd.api.types.is_numeric_dtype(panel[name]):
            raise BadValue(f'the panel, column "{name}", holds {panel[name].dtype}, not numbers.')
    # NPS itself has no range here: a modelled or simulated score may lie a little outside -100..100.
    for name in ("n", "se"):
        wrong = panel[name] < 0
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise BadValue(f'the panel, row {row}, column "{name}": {panel[name].iloc[row]} is below 0.')
    if panel["account_id"].isna().any():
        raise BadValue(f"account_id is empty in {int(panel['account_id'].isna().sum())} rows of the panel.")
    account, period = (pd.factorize(panel[name], use_na_sentinel=False)[0] for name in ("account_id", "period"))
    twice = pd.Series(account * (period.max() + 1) + period, index=panel.index).duplicated()
    if twice.any():
        account, period = panel.loc[twice, ["account_id", "period"]].to_numpy()[0]
        raise BadValue(f"account {account} has period {period} twice in the panel; give it one row.")


def pairs(panel: pd.DataFrame, *, lag: int = 0) -> pd.DataFrame:
    """Pair each account's NPS with its growth `lag` periods later (before, when negative).

    Periods are counted by the calendar: after a gap there is no pair, not a wrong one.

    Returns
    -------
    The rows of the panel that have both, with `growth` replaced by the growth of the other period.

    Examples
    --------
    >>> panel = pd.DataFrame({"account_id": "a", "period": [2021, 2022, 2024], "nps": [10.0, 20.0, 30.0], "n": 9,
    ...                       "se": 25.0, "growth": [1.0, 2.0, 4.0]})
    >>> pairs(panel, lag=1)[["period", "nps", "growth"]].to_numpy().tolist()
    [[2021.0, 10.0, 2.0]]
    """
    check_whole("lag", lag, least=-1000)
    check_panel(panel)
    number, account = period_numbers(panel["period"]), pd.factorize(panel["account_id"])[0]
    span = int(np.ptp(number)) + 1
    place = account.astype(np.int64) * span + number - number.min()
    order = np.argsort(place, kind="stable")
    # The row of the same account `lag` periods later, where the account has one.
    within = (number + lag >= number.min()) & (number + lag <= number.max())
    at = np.searchsorted(place[order], place + lag).clip(max=len(order) - 1)
    other = order[at]
    there = within & (place[other] == place + lag)
    growth = np.where(there, panel["growth"].to_numpy(dtype=float, na_value=np.nan)[other], np.nan)
    usable = (
        np.isfinite(panel["nps"]).to_numpy(dtype=bool) & np.isfinite(growth) & (panel["n"] > 0).to_numpy(dtype=bool)
    )
    kept: pd.DataFrame = panel.drop(columns="growth").assign(growth=growth).loc[usable]
    return kept.reset_index(drop=True)
