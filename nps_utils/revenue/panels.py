"""The panel: one row per account and period, its NPS beside its growth; and who is missing from it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import BadValue, check_choice, check_columns
from nps_utils.exports.cells.amounts import account_ids, is_among, numbered_accounts
from nps_utils.revenue.calendar import BY, By, number_of_day, period_names, period_numbers
from nps_utils.revenue.growth import Counted, Growth, growth_table
from nps_utils.stats.counts import count_bands

# Fewer repeated answers than this cannot tell how much answers of one account differ.
_LEAST_REPEATS = 10


def panel(
    responses: pd.DataFrame,
    money: pd.DataFrame,
    *,
    by: By = "quarter",
    growth: Growth = "percent",
    counted: Counted = "recurring",
    until: str | pd.Timestamp | None = None,
    timezone: str = "UTC",
    accounts: pd.DataFrame | None = None,
    segments: Sequence[str] = (),
) -> pd.DataFrame:
    """Put the NPS of each account and period beside the growth of its revenue.

    Parameters
    ----------
    responses
        Canonical responses: account_id, score, responded_at.
    money
        As `read_money` or `read_movements` return it.
    by, growth, counted, until
        As in `growth_table`.
    timezone
        The zone whose calendar says in which period an answer falls.
    accounts, segments
        A table of accounts and those of its columns (industry, size) to put beside each row.

    Returns
    -------
    One row per account that answered and has revenue, and period with revenue or answers: account_id, period, nps
    (points), n (answers), se (points), amount, growth (percent), the segments, and limit (why growth is missing).

    The standard error is the pooled one: how much answers of the same account and period differ, over all accounts,
    divided by sqrt(n). An account's own is useless where it has one answer, and zero where all agree.

    Raises
    ------
    BadValue
        No account is in both tables, or there are several currencies.

    Examples
    --------
    >>> responses = pd.DataFrame({"account_id": ["a", "a"], "score": [10, 3],
    ...                           "responded_at": pd.to_datetime(["2024-02-01", "2024-05-02"], utc=True)})
    >>> money = pd.DataFrame({"account_id": "a", "period_start": ["2024-01-01", "2024-04-01"],
    ...                       "period_end": ["2024-03-31", "2024-06-30"], "amount": [100.0, 90.0],
    ...                       "currency": "SEK", "revenue_type": "recurring"})
    >>> panel(responses, money)[["period", "nps", "n", "growth"]].round(1).to_numpy().tolist()
    [['2024-Q1', 100.0, 1, nan], ['2024-Q2', -100.0, 1, -10.0]]
    """
    check_choice("by", by, BY)
    grown = growth_table(money, by=by, growth=growth, counted=counted, until=until)
    answered = count_by_account(responses, by=by, timezone=timezone)
    _check_overlap(answered["account_id"], grown["account_id"])
    both, keys, low, span = _places(answered, grown)
    scores = _scores(answered[keys[0] >= 0]).assign(key=keys[0][keys[0] >= 0])
    amounts = grown.loc[keys[1] >= 0, ["amount", "growth", "limit"]].assign(key=keys[1][keys[1] >= 0])
    rows = amounts.merge(scores[["key", "nps", "n", "se"]], how="outer", on="key").sort_values("key", ignore_index=True)
    key = rows["key"].to_numpy(dtype=np.int64)
    rows["account_id"], rows["period"] = both.take(key // span), period_names(key % span + low, by)
    rows["n"] = rows["n"].fillna(0).astype(int)
    rows["limit"] = rows["limit"].fillna("no whole period of revenue")
    columns = ["account_id", "period", "nps", "n", "se", "amount", "growth", "limit"]
    return _with_segments(rows.loc[:, columns], accounts, segments)


def _places(*tables: pd.DataFrame) -> tuple[pd.Index[str], list[NDArray[np.int64]], int, int]:
    """Number what tables say of an account in all of them and a period, in that order: numbers are joined, not texts.

    Returns the accounts, the number of each row of each table (-1 where its account is not in all), the first period
    and how many periods an account has numbers for.
    """
    accounts = [pd.factorize(table["account_id"]) for table in tables]
    both = functools.reduce(lambda one, other: one.intersection(other), (ids for _, ids in accounts)).sort_values()
    numbers = [period_numbers(table["period"]) for table in tables]
    low = min(int(part.min()) for part in numbers)
    span = max(int(part.max()) for part in numbers) - low + 1
    keys = []
    for (codes, ids), number in zip(accounts, numbers, strict=True):
        place = both.get_indexer(ids).astype(np.int64)[codes]
        keys.append(np.where(place >= 0, place * span + number - low, -1))
    return both, keys, low, span


def count_by_account(responses: pd.DataFrame, *, by: By, timezone: str = "UTC") -> pd.DataFrame:
    """Return band counts per account (as text) and calendar period; answers without account or date are left out."""
    check_columns(list(responses.columns), ("account_id", "score", "responded_at"), what="the responses")
    when = pd.to_datetime(responses["responded_at"], utc=True).dt.tz_convert(timezone)
    codes, ids = numbered_accounts(responses["account_id"])
    known = (codes >= 0) & (when.notna() & responses["score"].notna()).to_numpy()
    if not known.any():
        raise BadValue("no response has an account, a date and a score: they cannot be joined with revenue.")
    table = pd.DataFrame(
        {
            "account_id": codes[known],
            "period": number_of_day(when[known], by),
            "score": responses.loc[known, "score"].to_numpy(),
        }
    )
    counts = count_bands(table, by=["account_id", "period"])
    counts["period"] = period_names(counts["period"].to_numpy(), by)
    return counts.assign(account_id=ids.take(counts["account_id"].to_numpy()))


def join_coverage(responses: pd.DataFrame, money: pd.DataFrame) -> pd.DataFrame:
    """Say who is in both tables, in one of them only, and how much of the answers and the revenue that is.

    Returns
    -------
    Three rows: part (`both`, `answered_only`, `revenue_only`), accounts, answers, revenue_share (0..1 of all amounts;
    missing where they do not add up to more than zero), and limit: answers without an account, ids that differ from
    one of the other table only by leading zeros or case.

    Examples
    --------
    >>> responses = pd.DataFrame({"account_id": ["a", "a", "b", None]})
    >>> money = pd.DataFrame({"account_id": ["a", "c"], "amount": [75.0, 25.0]})
    >>> join_coverage(responses, money)[["part", "accounts", "answers", "revenue_share"]].to_numpy().tolist()
    [['both', 1, 2, 0.75], ['answered_only', 1, 1, 0.0], ['revenue_only', 1, 0, 0.25]]
    """
    check_columns(list(responses.columns), ("account_id",), what="the responses")
    check_columns(list(money.columns), ("account_id", "amount"), what="the money table")
    answered, paying = (numbered_accounts(table["account_id"]) for table in (responses, money))
    asked, paid = answered[1], paying[1]
    currencies = money["currency"].fillna("").nunique() if "currency" in money.columns else 1
    total = float(money["amount"].sum())
    parts = {"both": asked.intersection(paid), "answered_only": asked.difference(paid)}
    parts["revenue_only"] = paid.difference(asked)
    rows = []
    for part, ids in parts.items():
        answers, amounts = (np.append(is_among(names, ids), False)[codes] for codes, names in (answered, paying))
        amount = float(money["amount"].to_numpy()[amounts].sum())
        share = amount / total if total > 0 and currencies == 1 else np.nan
        rows.append({"part": part, "accounts": len(ids), "answers": int(answers.sum()), "revenue_share": share})
    nameless = int((answered[0] < 0).sum())
    notes = [f"{nameless:,} answers name no account." if nameless else ""]
    near = len(_loose(set(parts["answered_only"])) & _loose(set(parts["revenue_only"])))
    notes.append(f"{near:,} ids would match without leading zeros or case." if near else "")
    notes.append(f"revenue is in {currencies} currencies: no shares." if currencies > 1 else "")
    notes.append("revenue does not add up to more than zero: no shares." if total <= 0 else "")
    return pd.DataFrame(rows).assign(limit=" ".join(note for note in notes if note))


def pooled_variance(counts: pd.DataFrame) -> float:
    """Return the variance of one answer (points squared) within accounts and periods.

    With fewer than ten repeated answers the variance of all answers stands in: at least as large, never zero.
    """
    spread = counts["promoters"] + counts["detractors"]
    balance = counts["promoters"] - counts["detractors"]
    spare = int((counts["n"] - 1).sum())
    # Each cell weighs (n - 1) / n, nearly alike: a cell with few answers needs the variance of cells like itself, and
    # large accounts differ from small ones.
    within = float(((spread - balance**2 / counts["n"]) / counts["n"]).sum())
    if spare >= _LEAST_REPEATS and within > 0:
        return 1e4 * within / float(((counts["n"] - 1) / counts["n"]).sum())
    # Pseudo-answers (3/4, 3/2, 3/4) keep the variance from being zero where all answers agree.
    n = int(counts["n"].sum()) + 3
    return 1e4 * ((spread.sum() + 1.5) / n - (balance.sum() / n) ** 2)


def _scores(counts: pd.DataFrame) -> pd.DataFrame:
    nps = 100 * (counts["promoters"] - counts["detractors"]) / counts["n"]
    se = np.sqrt(pooled_variance(counts) / counts["n"])
    return counts[["account_id", "period", "n"]].assign(nps=nps, se=se)


def _check_overlap(answered: pd.Series[str], paying: pd.Series[str]) -> None:
    one, other = (pd.Index(ids.unique()) for ids in (answered, paying))
    if is_among(one, other).any():
        return
    near = len(_loose(set(one)) & _loose(set(other)))
    hint = f" {near:,} would match without leading zeros or case: write ids in one way." if near else ""
    raise BadValue(
        f'no account is in both tables: responses have ids such as "{answered.iloc[0]}", '
        f'revenue such as "{paying.iloc[0]}".{hint}'
    )


def _loose(ids: set[str]) -> set[str]:
    return {value.casefold().lstrip("0") for value in ids}


def _with_segments(rows: pd.DataFrame, accounts: pd.DataFrame | None, segments: Sequence[str]) -> pd.DataFrame:
    if not segments:
        return rows
    if accounts is None:
        raise BadValue(f"segments {list(segments)} need the table of accounts; give accounts.")
    check_columns(list(accounts.columns), ("account_id", *segments), what="the table of accounts")
    table = accounts.assign(account_id=account_ids(accounts["account_id"])[0]).loc[:, ["account_id", *segments]]
    twice = table["account_id"].dropna().duplicated()
    if twice.any():
        name = table["account_id"].dropna()[twice].iloc[0]
        raise BadValue(f"account {name} is twice in the table of accounts; give each account one row.")
    return rows.merge(table, how="left", on="account_id")


class Terms(NamedTuple):
    """On which terms the page asks: whose answers, which money, in which periods, within which segment.

    `periods` is the number of whole periods of revenue, `others` that of answers at other touchpoints, not used.
    """

    touchpoint: str
    others: int
    by: By
    periods: int
    counted: Counted
    segment: str | None
