"""Movements of monthly recurring revenue (upgrade, downgrade, churn) turned into months of revenue."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue
from nps_utils.exports.cells.amounts import DecimalMark, account_ids, amounts
from nps_utils.exports.cells.date_cells import dates, order_of
from nps_utils.exports.side_tables import missing, rename
from nps_utils.revenue.calendar import consecutive, lengths, number_of_day, starts
from nps_utils.revenue.reading.ledger import as_ledger, entries, noted, with_source

_UP: Final = {"upgrade", "expansion", "upsell", "crosssell", "increase", "contractexpansion"}
_DOWN: Final = {"downgrade", "contraction", "decrease", "downsell"}
_START: Final = {"new", "initial", "activation", "start", "newbusiness", "reactivation", "won"}
_END: Final = {"churn", "churned", "cancel", "cancelled", "cancellation", "lost", "termination"}


def read_movements(
    movements: pd.DataFrame,
    accounts: pd.DataFrame | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    account_columns: Mapping[str, str] | None = None,
    currency: str | None = None,
    day_first: bool | None = None,
    decimal: DecimalMark | None = None,
    until: str | pd.Timestamp | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn movements of monthly revenue into one row per account and calendar month.

    A month's amount is the monthly revenue in force, day by day: an upgrade on the 16th of a 30-day month counts half.
    An account starts with its initial amount on its activation date (or with a movement such as "new"), and earns
    nothing from its churn date on.

    Parameters
    ----------
    movements
        account_id, moved_on, movement (upgrade, downgrade, new, churn and their usual names), amount (monthly).
    accounts
        account_id, customer_since, initial_mrr, and churned_on where it is known.
    columns, account_columns
        Our name -> the header in the file, where it is not recognised.
    until
        The last day the tables are complete for; by default the latest date in them.

    Returns
    -------
    money, ledger
        As `read_money`; every movement is used, or rejected in the ledger.

    Raises
    ------
    BadValue
        No account has a start, or an account is twice in the table of accounts.

    Examples
    --------
    >>> accounts = pd.DataFrame({"account_id": ["a"], "customer_since": ["2024-01-01"], "initial_mrr": ["100"]})
    >>> upgrade = {"account_id": "a", "moved_on": "2024-02-15", "movement": "Upgrade", "amount": "29"}
    >>> read_movements(pd.DataFrame([upgrade]), accounts, until="2024-02-29")[0]["amount"].tolist()
    [100.0, 115.0]
    """
    moves = _moves(movements, columns or {}, day_first=day_first, decimal=decimal)
    ledger = [
        entries(moves, moves["problem"] != "", "rejected", moves["problem"], moves["value"]),
        entries(moves, (moves["problem"] == "") & moves["sign"].eq(1) & (moves["amount"] < 0), "flagged",
                "sign_against_type", moves["value"], "a negative upgrade; taken off."),
    ]  # fmt: skip
    moves = moves[moves["problem"] == ""]
    starts = _starts(accounts, account_columns or {}, day_first=day_first, decimal=decimal)
    known = [moves["day"], starts["customer_since"], starts["churned_on"]]
    latest = max(days.max() for days in known if days.notna().any())
    last = pd.Timestamp(until) if until is not None else latest
    ledger.append(noted(with_source(movements), "revenue_until", f"{last:%Y-%m-%d}", "the last day counted."))
    events, lost = _events(moves, starts, last)
    ledger.extend(lost)
    if events.empty:
        raise BadValue(
            "no account has a start: give accounts with customer_since and initial_mrr, or movements called new."
        )
    months = _months(events, last)
    no_row = pd.Series(pd.NA, index=months.index, dtype="Int64")
    money = months.assign(currency=pd.Series(currency, index=months.index, dtype="str"), revenue_type="recurring")
    money = money.assign(source_row=no_row)
    if currency is None:
        ledger.append(noted(with_source(movements), "no_currency", len(movements), "no currency is given."))
    below = money["amount"] < 0
    if below.any():
        ledger.append(
            noted(with_source(movements), "revenue_below_zero", int(below.sum()), "months of less than nothing, kept.")
        )
    return money, as_ledger(ledger)


def _moves(
    table: pd.DataFrame, columns: Mapping[str, str], *, day_first: bool | None, decimal: DecimalMark | None
) -> pd.DataFrame:
    table = with_source(rename(table, columns, ("account_id", "moved_on", "movement", "amount")))
    if lacks := [name for name in ("account_id", "moved_on", "movement", "amount") if name not in table.columns]:
        raise missing(lacks, table)
    kind = table["movement"].map(lambda v: re.sub(r"[\W_]", "", str(v)).casefold())
    sign = kind.map({**dict.fromkeys(_UP | _START, 1), **dict.fromkeys(_DOWN, -1), **dict.fromkeys(_END, 0)})
    amount = amounts(table["amount"], decimal=decimal)[0]
    told_for = "this table, under [revenue] in study.toml"
    written = {"moved_on": table["moved_on"]}
    order = order_of(written, day_first=day_first, what="the revenue table", told_for=told_for)
    moves = pd.DataFrame(
        {
            "account_id": account_ids(table["account_id"])[0],
            "day": dates(table["moved_on"], name="moved_on", day_first=order.day_first if order else None),
            "sign": sign,
            "amount": amount,
            # A downgrade takes off, whether it is written with a minus or not; churn ends, whatever its amount.
            "delta": np.where(sign == -1, -amount.abs(), np.where(sign == 1, amount, 0.0)),
            "starts": kind.isin(_START),
            "ends": kind.isin(_END),
            "value": table["movement"].astype("str") + " " + table["amount"].astype("str"),
            "source_file": table["source_file"],
            "source_row": table["source_row"],
        }
    )
    problem = pd.Series("", index=moves.index, dtype="str")
    problem = problem.where(~(amount.isna() & ~moves["ends"]), "unreadable_amount")
    problem = problem.where(sign.notna(), "unknown_movement")
    problem = problem.where(moves["day"].notna(), "unreadable_date")
    return moves.assign(problem=problem.where(moves["account_id"].notna(), "missing_account"))


def _starts(
    table: pd.DataFrame | None, columns: Mapping[str, str], *, day_first: bool | None, decimal: DecimalMark | None
) -> pd.DataFrame:
    if table is None:
        empty = pd.Series(dtype="datetime64[s]")
        table = pd.DataFrame({"account_id": pd.Series(dtype="str"), "customer_since": empty, "churned_on": empty})
        return table.assign(initial_mrr=pd.Series(dtype="float64"))
    table = rename(table, columns, ("account_id", "customer_since", "churned_on", "initial_mrr"))
    if lacks := [name for name in ("account_id", "customer_since", "initial_mrr") if name not in table.columns]:
        raise missing(lacks, table, "accounts")
    ids = account_ids(table["account_id"])[0]
    if ids.dropna().duplicated().any():
        twice = ids[ids.duplicated() & ids.notna()].iloc[0]
        raise BadValue(f"account {twice} is twice in the table of accounts; give each account one row.")
    written = {name: table[name] for name in ("customer_since", "churned_on") if name in table.columns}
    order = order_of(written, day_first=day_first, what="the table of accounts")
    day_first = order.day_first if order else None
    churned = (
        dates(table["churned_on"], name="churned_on", day_first=day_first)
        if "churned_on" in table.columns
        else pd.Series(pd.NaT, index=table.index)
    )
    starts = pd.DataFrame(
        {
            "account_id": ids,
            "customer_since": dates(table["customer_since"], name="customer_since", day_first=day_first),
            "initial_mrr": amounts(table["initial_mrr"], decimal=decimal)[0],
            "churned_on": churned,
        }
    )
    return starts[starts["account_id"].notna()]


def _events(moves: pd.DataFrame, starts: pd.DataFrame, last: pd.Timestamp) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return account_id, day, level-changing delta and `ends`, and the ledger of what could not be placed."""
    has_start = starts["customer_since"].notna() & starts["initial_mrr"].notna()
    opening = starts[has_start]
    first = opening.set_index("account_id")["customer_since"]
    if moves["starts"].any():
        own = moves[moves["starts"] & ~moves["account_id"].isin(first.index)]
        first = pd.concat([first, own.groupby("account_id")["day"].min()])
    churn = starts.dropna(subset=["churned_on"]).set_index("account_id")["churned_on"]
    begun, ended = (
        pd.Series(days.astype("datetime64[s]").reindex(moves["account_id"]).to_numpy(), index=moves.index)
        for days in (first, churn)
    )
    no_start, late = begun.isna(), moves["day"] >= ended
    after = moves["day"] > last
    early = ~no_start & (moves["day"] < begun)
    ledger = [
        entries(moves, no_start, "rejected", "no_start", moves["value"], "the account's first revenue is not known."),
        entries(moves, ~no_start & late & ~moves["ends"], "rejected", "after_churn", moves["value"]),
        entries(moves, ~no_start & ~late & after, "rejected", "after_last_day", moves["value"]),
        entries(moves, early, "flagged", "before_start", moves["value"], "counted from the account's first day."),
    ]
    used = moves[~no_start & ~(late & ~moves["ends"]) & ~after]
    parts = [
        opening[["account_id"]].assign(day=opening["customer_since"], delta=opening["initial_mrr"], ends=False),
        used[["account_id", "delta", "ends"]].assign(day=used["day"].where(~early, begun)),
        pd.DataFrame({"account_id": churn.index, "day": churn.to_numpy(), "delta": 0.0, "ends": True}),
    ]
    events = pd.concat([part for part in parts if len(part)] or parts)
    events = events[events["account_id"].isin(first.index) & (events["day"] <= last)]
    return events.sort_values(["account_id", "day", "ends"], kind="stable"), ledger


def _months(events: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    """Return the money earned per account and month while a level was in force."""
    # A churn starts a new life: levels are summed within it, and a later start begins from nothing.
    life = events.groupby("account_id")["ends"].cumsum()
    level = events.groupby(["account_id", life])["delta"].cumsum()
    until = events.groupby("account_id")["day"].shift(-1) - pd.Timedelta(days=1)
    spans = events.assign(level=level, until=until.fillna(last))
    spans = spans[(spans["until"] >= spans["day"]) & ~(spans["ends"] & (spans["level"] == 0))]
    first = number_of_day(spans["day"], "month")
    picked, month = consecutive(first, number_of_day(spans["until"], "month") - first + 1)
    rows = spans.iloc[picked]
    one = np.timedelta64(1, "D")
    start = np.maximum(rows["day"].to_numpy().astype("datetime64[D]"), starts(month, "month"))
    end = np.minimum(rows["until"].to_numpy().astype("datetime64[D]"), starts(month + 1, "month") - one)
    share = ((end - start) / one + 1) / lengths(month, "month")
    pieces = pd.DataFrame(
        {
            "account_id": rows["account_id"].to_numpy(),
            "month": month,
            "period_start": start.astype("datetime64[s]"),
            "period_end": end.astype("datetime64[s]"),
            "amount": rows["level"].to_numpy() * share,
        }
    )
    months = pieces.groupby(["account_id", "month"], as_index=False).agg(
        period_start=("period_start", "min"), period_end=("period_end", "max"), amount=("amount", "sum")
    )
    return months.drop(columns="month")
