"""The money of a study, read as its study.toml lays it out."""

from __future__ import annotations

import pandas as pd

from nps_utils.checks import BadValue
from nps_utils.limits import Limit, attempt
from nps_utils.revenue.exposure import recent_revenue
from nps_utils.revenue.reading import read_revenue
from nps_utils.study import Study


def money_of(study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the study's money and its ledger; see `read_revenue`.

    Raises
    ------
    NotInStudy
        There is no revenue.
    BadInput
        The table cannot be read.
    """
    how = study.revenue_settings()
    accounts = attempt(study.accounts)
    return read_revenue(
        study.revenue(),
        layout=how.layout,
        accounts=None if isinstance(accounts, Limit) else accounts,
        currency=how.currency,
        day_first=how.day_first,
    )


def revenue_by_account(study: Study) -> dict[str, float]:
    """Return the recurring revenue of each account over the last 365 days of the table, those above zero.

    Raises
    ------
    BadValue
        No account has recurring revenue in that year.
    """
    amounts, _ = recent_revenue(money_of(study)[0])
    paying = amounts[amounts > 0]
    if paying.empty:
        raise BadValue("No account has recurring revenue in the last year of the table, so none can weigh by it.")
    return {str(account): float(amount) for account, amount in paying.items()}
