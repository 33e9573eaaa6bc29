"""One door for revenue, whatever its layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

import pandas as pd

from nps_utils.checks import check_choice
from nps_utils.exports.cells.amounts import DecimalMark
from nps_utils.revenue.reading.movements import read_movements
from nps_utils.revenue.reading.periods import RevenueType, read_money
from nps_utils.revenue.reading.repeated_periods import Repeated

AnyLayout: TypeAlias = Literal["periods", "movements", "years"]


def read_revenue(
    table: pd.DataFrame,
    *,
    layout: AnyLayout = "periods",
    columns: Mapping[str, str] | None = None,
    accounts: pd.DataFrame | None = None,
    currency: str | None = None,
    day_first: bool | None = None,
    decimal: DecimalMark | None = None,
    repeated: Repeated = "error",
    types: Mapping[str, RevenueType] | None = None,
    until: str | pd.Timestamp | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read a revenue table laid out as periods, as movements of monthly revenue, or as a column per period.

    Parameters
    ----------
    accounts
        The table of accounts, which says when movements begin: account_id, customer_since, initial_mrr, churned_on.
    until
        The last day that movements are complete for.
    columns, currency, day_first, decimal, repeated, types
        As in `read_money`.

    Returns
    -------
    money, ledger
        As `read_money`.

    Examples
    --------
    >>> table = pd.DataFrame({"account_id": ["7"], "period_start": ["2024-01-01"], "period_end": ["2024-01-31"],
    ...                       "amount": ["1 200,50"], "currency": ["sek"], "revenue_type": ["recurring"]})
    >>> read_revenue(table)[0][["account_id", "amount", "currency"]].to_numpy().tolist()
    [['7', 1200.5, 'SEK']]
    """
    check_choice("layout", layout, get_args(AnyLayout))
    if layout == "movements":
        return read_movements(
            table, accounts, columns=columns, currency=currency, day_first=day_first, decimal=decimal, until=until
        )
    return read_money(
        table,
        layout=layout,
        columns=columns,
        currency=currency,
        day_first=day_first,
        decimal=decimal,
        repeated=repeated,
        types=types,
    )
