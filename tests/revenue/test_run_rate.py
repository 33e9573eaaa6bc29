"""A year's run rate against hand computation: the last period times the periods of a year, whatever its days."""

from __future__ import annotations

import pandas as pd
import pytest

from nps_utils.checks import BadInput
from nps_utils.revenue.run_rate import run_rate


def months(amounts: dict[str, list[float]], freq: str = "MS") -> pd.DataFrame:
    """Return money of periods from January 2025 on, growing within the table."""
    step = {"MS": 1, "QS": 3, "YS": 12}[freq]
    rows = []
    for account, values in amounts.items():
        for i, amount in enumerate(values):
            start = pd.Timestamp("2025-01-01") + pd.DateOffset(months=step * i)
            end = start + pd.DateOffset(months=step) - pd.Timedelta(days=1)
            rows.append((account, start, end, amount))
    table = pd.DataFrame(rows, columns=["account_id", "period_start", "period_end", "amount"])
    return table.assign(currency="EUR", revenue_type="recurring")


@pytest.mark.parametrize(("freq", "times"), [("MS", 12), ("QS", 4), ("YS", 1)])
@pytest.mark.parametrize("periods", [2, 3, 6])
def test_the_last_period_times_the_periods_of_a_year(freq: str, times: int, periods: int) -> None:
    """February counts as a twelfth, as July does; what was earned before does not."""
    growing = months({"a": [10.0 * (i + 1) for i in range(periods)], "b": [5.0] * periods}, freq)
    assert run_rate(growing).round(6).to_dict() == {"a": 10.0 * periods * times, "b": 5.0 * times}


def test_who_ended_before_is_worth_nothing_now() -> None:
    """An account without the last period has no run rate; several products of one add up."""
    table = pd.concat([months({"a": [10.0] * 6, "gone": [99.0] * 3}), months({"a": [1.0] * 6})])
    assert run_rate(table).round(6).to_dict() == {"a": 132.0, "gone": 0.0}


def test_periods_of_contracts_are_taken_by_the_day() -> None:
    """Contracts of unlike lengths: the last thirty days, as a year of them."""
    table = pd.DataFrame(
        {
            "account_id": ["a", "b", "c"],
            "period_start": ["2025-01-01", "2025-03-01", "2025-05-02"],
            "period_end": ["2025-12-31", "2025-12-31", "2025-12-31"],
            "amount": [365.0, 306.0, 244.0],
            "currency": "EUR",
            "revenue_type": "recurring",
        }
    )
    assert run_rate(table).round(6).to_dict() == {"a": 365.0, "b": 365.0, "c": 365.0}


def test_no_recurring_revenue_is_said() -> None:
    """One-off amounts have no run rate."""
    with pytest.raises(BadInput, match="recurring"):
        run_rate(months({"a": [1.0]}).assign(revenue_type="one_off"))
