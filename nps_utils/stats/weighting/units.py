"""Three units of a B2B score: every answer, every account once, every account by its revenue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue, check_columns
from nps_utils.columns import numbered
from nps_utils.stats.arithmetic.effective import grouped
from nps_utils.stats.weighting.weighted_interval import weighted_score


def account_units(
    responses: pd.DataFrame,
    *,
    account: str = "account_id",
    revenue: Mapping[str, float] | pd.Series[float] | None = None,
    by: Sequence[str] | str = (),
    population: int | None = None,
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Score the same answers in three units: every answer, every account once, every account by its revenue.

    They answer three questions: what do those who answer say, what do our customers say, what does our revenue say.
    In each the accounts are what varies; in the last two an account's answers in a group share its weight there.

    Parameters
    ----------
    responses
        One row per answer: `score` and the account; answers without an account are left out of all three.
    account
        Column of the account.
    revenue
        Revenue of each account. Accounts without revenue above zero are left out of the third unit; without
        `revenue` there are two units.
    by
        Columns of the groups.
    population
        How many accounts there are; all of them answering leaves no sampling variance.
    confidence_level
        Of the intervals, 0..1.

    Returns
    -------
    One row per group and unit (`answers`, `accounts`, `revenue`): the columns of `by`, `unit`, those of
    `weighted_score` with `accounts` for `clusters`, `accounts_effective` (Kish on the accounts' weights) and
    `left_out` (answers not used, in the whole table).

    Examples
    --------
    >>> answers = pd.DataFrame({"score": [10, 9, 9, 3, 8], "account_id": ["a", "a", "a", "b", "c"]})
    >>> units = account_units(answers, revenue={"a": 100, "b": 800, "c": 100})
    >>> units[["unit", "nps", "accounts", "accounts_effective"]].round(2)
           unit   nps  accounts  accounts_effective
    0   answers  40.0         3                2.27
    1  accounts   0.0         3                3.00
    2   revenue -70.0         3                1.52
    """
    by = [by] if isinstance(by, str) else by
    check_columns(list(responses.columns), [account, *by], what="responses")
    # Accounts as numbers: their names are looked at once each, however many answers they gave.
    owner, names = numbered(responses, account)
    group = responses.groupby(list(by), dropna=False, observed=True).ngroup().to_numpy() if by else 0
    _, row = grouped(group * (len(names) + 1) + owner + 1)
    each = np.where(owner >= 0, 1 / np.bincount(row)[row], 0.0)
    weights = {"answers": (owner >= 0).astype(float), "accounts": each}
    if revenue is not None:
        money = names.map(_revenue(revenue)).astype(float).fillna(0.0).to_numpy()
        weights["revenue"] = each * np.append(money, 0.0)[owner]
    rows = responses[[name for name in responses.columns if name in ("score", *by)]]
    tables = []
    for unit, weight in weights.items():
        known = weight > 0
        used = rows[known].assign(_weight=weight[known], _account=owner[known])
        if used.empty:
            raise BadValue(f"responses: no answer has an account{'' if unit != 'revenue' else ' with revenue'}.")
        table = weighted_score(
            used,
            by=by,
            weight="_weight",
            cluster="_account",
            population=population,
            confidence_level=confidence_level,
        ).rename(columns={"clusters": "accounts"})
        groups = [used[name] for name in by] or [used["_account"] < 0]
        totals = used["_weight"].groupby([*groups, used["_account"]], dropna=False, observed=True).sum()
        kish = totals.groupby(level=list(range(len(groups))), dropna=False).agg(lambda w: w.sum() ** 2 / (w**2).sum())
        table = table.assign(accounts_effective=kish.to_numpy(), left_out=int((~known).sum()))
        table.insert(len(by), "unit", unit)
        tables.append(table)
    whole = pd.concat(tables, ignore_index=True)
    return whole.sort_values(list(by), kind="stable", ignore_index=True) if by else whole


def _revenue(revenue: Mapping[str, float] | pd.Series[float]) -> dict[str, float]:
    """Revenue by account as text; raise `BadValue` for a negative one."""
    for name, amount in revenue.items():
        if amount < 0:
            raise BadValue(
                f'revenue of account "{name}" = {amount!r} is negative; net credit notes of the period first.'
            )
    return {str(name): float(amount) for name, amount in revenue.items()}
