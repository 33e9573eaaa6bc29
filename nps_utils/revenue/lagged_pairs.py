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
    twice = panel.duplicated(["account_id", "period"])
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
    numbered = panel.assign(number=period_numbers(panel["period"]))
    other = numbered[["account_id", "number", "growth"]].assign(number=numbered["number"] - lag)
    joined = numbered.drop(columns="growth").merge(other, how="inner", on=["account_id", "number"])
    usable = np.isfinite(joined["nps"]) & np.isfinite(joined["growth"]) & (joined["n"] > 0)
    kept: pd.DataFrame = joined.loc[usable.to_numpy()].drop(columns="number").reset_index(drop=True)
    return kept
