"""What customers did, in tables and sentences: who left, what was spent, who is silent, what is at risk."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from nps_utils.checks import BadValue
from nps_utils.revenue.by_band import LEAST_EVENTS
from nps_utils.revenue.survival import Followed
from nps_utils.tables.formats import count, effect, limits, pvalue, share
from nps_utils.tables.glossary import Column
from nps_utils.tables.phrases import ACCOUNTS, LIMIT, PVALUES, limits_of, said_once, sentence, with_limit
from nps_utils.tables.table import Table

READINGS = {
    "all": "everybody's latest answer is a detractor's",
    "most": "more than half of its people are detractors now",
    "latest": "the latest answer is a detractor's",
    "any": "somebody's latest answer is a detractor's",
    "silent": "no answer: not known",
}
SPENDING = {"any": "spent anything", "amount": "mean of amounts above zero", "mean": "mean of all amounts"}


def followed_sentence(found: Followed) -> str:
    """Return who is followed from when to when."""
    out = "".join(
        f"; {count(row['answers'])} {'answer' if row['answers'] == 1 else 'answers'}: {row['reason'].replace('_', ' ')}"
        for _, row in found.left_out.iterrows()
    )
    left, n = int(found.follow["left"].sum()), len(found.follow)
    return (
        f"{count(n)} accounts are followed from the day of their first answer to {found.until:%Y-%m-%d};"
        f" {count(left)} of them left. {count(len(found.customers))} could be followed for {found.horizon} days, and"
        f" the shares are of these. Not followed{out or ': nobody'}."
    )


def risks(table: pd.DataFrame, *, title: str) -> Table:
    """Show the share of each band to whom it happened, with differences and ratios against promoters."""
    table = _not_against_itself(table, ("difference", "difference_low", "difference_high"))
    told = table.assign(
        interval=limits_of(table, "low", "high", "share"),
        difference_interval=limits_of(table, "difference_low", "difference_high", "share"),
        ratio_interval=limits_of(table, "ratio_low", "ratio_high", "number"),
    )
    columns = {
        "band": Column("Band", "text", "Band of the account's first answer"),
        "accounts": ACCOUNTS,
        "events": Column("Left", "count", "How many left"),
        "risk": Column("Share", "share", "Share that left"),
        "interval": Column("95 % interval", "text", "Limits of the share"),
        "difference": Column("Less promoters", "share", "Share less that of promoters"),
        "difference_interval": Column("Its interval", "text", "Limits of the difference"),
        "ratio": Column("Ratio", "number", "Share by that of promoters"),
        "ratio_interval": Column("Ratio's interval", "text", "Limits of the ratio"),
        "limit": LIMIT,
    }
    shown = [name for name in list(columns)[:-1] if name not in ("ratio", "ratio_interval") or _has_ratio(table)]
    return Table(told, title, shown=with_limit(told, shown), columns=PVALUES | columns)


def _not_against_itself(table: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Leave out what promoters would be against promoters: 0 to 0 is no interval."""
    itself = table["band"] == "promoter"
    return table.assign(**{name: table[name].astype(float).mask(itself) for name in names})


def _has_ratio(table: pd.DataFrame) -> bool:
    """Say whether any band but promoters has a ratio; an empty column is not shown."""
    return bool(table.loc[table["band"] != "promoter", "ratio"].notna().any())


def risks_sentence(table: pd.DataFrame) -> str:
    """Return how detractors and promoters differ, or that too few left to tell."""
    low, high = _at(table, "band", "detractor"), _at(table, "band", "promoter")
    if 0 in (low["n"], high["n"]):
        return "Too few to tell: there are not both detractors and promoters among the accounts that were followed."
    told = "; ".join(
        f"{count(row['events'])} of {count(row['n'])} {row['band']}s left ({share(row['risk'])})"
        for _, row in table.iterrows()
        if row["n"]
    )
    between = limits(low["difference_low"], low["difference_high"], "share")
    gap = f"{told}. Detractors less promoters: {share(low['difference'])} (95 % interval {between})"
    events = int(table["events"].sum())
    if events < LEAST_EVENTS:
        return f"{gap}. Only {count(events)} left in all: too few to rest anything on."
    more = "more" if low["difference"] > 0 else "less"
    clear = low["difference_low"] > 0 or low["difference_high"] < 0
    return f"{gap}: {f'detractors left {more} often' if clear else 'this cannot be told from none'}."


def survival(table: pd.DataFrame) -> Table:
    """Show the share of each band still there after so many days."""
    columns = {
        "band": Column("Band", "text", "Band of the account's first answer"),
        "days": Column("Days", "count", "Days after the answer"),
        "followed": Column("Followed", "count", "Accounts at the start"),
        "at_risk": Column("Still followed", "count", "Accounts followed for that long"),
        "events": Column("Left", "count", "Accounts that left by then"),
        "survival": Column("Still there", "share", "Share still there (Kaplan and Meier)"),
        "low": Column("Low", "share", "Lower limit"),
        "high": Column("High", "share", "Upper limit"),
        "limit": LIMIT,
    }
    shown = with_limit(table, list(columns)[:-1])
    return Table(table, "Still there after so many days", shown=shown, columns=PVALUES | columns, open_rows=0)


def hazards(table: pd.DataFrame) -> Table:
    """Show how fast bands leave, compared with promoters.

    Raises
    ------
    BadValue
        No band has a ratio: the reason, instead of a table of dashes.
    """
    if table["hazard_ratio"].isna().all() and (table["limit"] == table["limit"].iloc[0]).all():
        raise BadValue(f"How fast bands leave cannot be compared: {table['limit'].iloc[0]}")
    columns = {
        "band": Column("Band", "text", "Compared with promoters"),
        "hazard_ratio": Column("Hazard ratio", "number", "How many times as fast the band leaves (Cox)"),
        "low": Column("Low", "number", "Lower limit"),
        "high": Column("High", "number", "Upper limit"),
        "events": Column("Left", "count", "Accounts of the band that left"),
        "accounts": ACCOUNTS,
        "logrank_pvalue": Column("p, all bands", "pvalue", "Log-rank test of all bands at once"),
        "proportional_pvalue": Column("p, constant", "pvalue", "Small: the ratio changes over time"),
        "limit": LIMIT,
    }
    shown = ["band", "hazard_ratio", "low", "high", "pvalue", "pvalue_adjusted", "events", "logrank_pvalue"]
    return Table(table, "How fast bands leave", shown=with_limit(table, shown), columns=PVALUES | columns)


def spending(table: pd.DataFrame) -> Table:
    """Show what bands spent: whether at all, how much if so, and in all."""
    table = _not_against_itself(table, ("against", "against_low", "against_high"))
    told = table.assign(
        part=table["part"].map(SPENDING),
        interval=limits_of(table, "low", "high", "number"),
        against_interval=limits_of(table, "against_low", "against_high", "number"),
        limit=said_once(table, "part"),
    )
    columns = {
        "part": Column("What", "text", "The share that spent more than nothing; mean amounts"),
        "band": Column("Band", "text", "Band of the answer"),
        "value": Column("Value", "number", "Share or mean"),
        "interval": Column("95 % interval", "text", "Limits of the value"),
        "against": Column("Against promoters", "number", "Odds ratio, ratio of means, difference of means"),
        "against_interval": Column("Its interval", "text", "Limits of the comparison"),
        "accounts": ACCOUNTS,
        "limit": LIMIT,
    }
    shown = with_limit(told, [*list(columns)[:6], "pvalue_adjusted", "n"])
    return Table(told, "Spending by band", shown=shown, columns=PVALUES | columns, open_rows=0)


def spending_sentence(table: pd.DataFrame) -> str:
    """Return how the mean of all amounts of detractors compares with that of promoters."""
    rows = table[table["part"] == "mean"]
    row = _at(rows, "band", "detractor")
    if not math.isfinite(row["against"]):
        return f"Too few to tell whether bands spend differently: {row['limit']}"
    promoters, between = _at(rows, "band", "promoter"), f"{count(row['against_low'])} to {count(row['against_high'])}"
    inside = row["against_low"] <= 0 <= row["against_high"]
    p = f"p = {pvalue(row['pvalue_adjusted'])} once adjusted for the comparisons of its table"
    clear = "this cannot be told from none" if inside else p.replace("= <", "< ")
    return (
        f"Answers of detractors go with {count(row['value'])} on average (n = {count(row['n'])}), those of promoters"
        f" with {count(promoters['value'])} (n = {count(promoters['n'])}): a difference of {count(row['against'])}"
        f" (95 % interval {between}); {clear}. Who spends more may differ in much else."
    )


def silent(table: pd.DataFrame) -> Table:
    """Show the growth of accounts that answered beside that of those that did not."""
    columns = {
        "group": Column("Accounts that", "text", "Whether the account gave an answer that this page uses"),
        "accounts": Column("With growth", "count", "Accounts that have a growth"),
        "accounts_in_all": Column("In all", "count", "Accounts with revenue"),
        "amount_share": Column("Share of revenue", "share", "Share of the revenue of the last period"),
        "growth": Column("Growth, %", "effect", "Mean growth per period, percent"),
        "low": Column("Low", "effect", "Lower limit"),
        "high": Column("High", "effect", "Upper limit"),
        "limit": LIMIT,
    }
    shown = [*list(columns)[:-1], "pvalue"]
    return Table(
        table, "Accounts that answered, and the silent", shown=with_limit(table, shown), columns=PVALUES | columns
    )


def silent_sentence(table: pd.DataFrame) -> str:
    """Return whether the silent grow differently, and so whether the page speaks for them."""
    many, row = _at(table, "group", "silent"), _at(table, "group", "difference")
    if many["accounts_in_all"] == 0:
        return "No account with revenue is silent."
    quiet, every = count(many["accounts_in_all"]), count(row["accounts_in_all"])
    who = f"{quiet} of {every} accounts with revenue gave no answer used here"
    if not math.isfinite(row["low"]):
        return f"{who}; whether they grow differently cannot be told: {row['limit']}"
    between = f"95 % interval {limits(row['low'], row['high'], 'effect')}"
    gap = (
        f"the growth of those who did, less that of the silent, is {effect(row['growth'])} percentage points"
        f" ({between})"
    )
    clear = "So the page is not about the silent." if row["pvalue"] <= 0.05 else "This cannot be told from none."
    return f"{who}; {gap}. {clear}"


def value_at_risk(table: pd.DataFrame) -> Table:
    """Show the revenue of detractors in the narrow, the usual and the wide reading."""
    columns = {
        "reading": Column("Reading", "text", "When an account counts as a detractor"),
        "accounts": ACCOUNTS,
        "amount": Column("Revenue a year", "money", "Recurring revenue of these accounts, a year at its present rate"),
        "share": Column("Share", "share", "Share of all recurring revenue"),
        "loss_low": Column("Extra loss, low", "money", "If they leave more often by the lower limit of the difference"),
        "loss_high": Column("Extra loss, high", "money", "If they leave more often by the upper limit"),
        "currency": Column("Currency", "text", "As the revenue has it"),
        "limit": LIMIT,
    }
    told = table.assign(reading=table["reading"].map(READINGS))
    shown = [name for name in list(columns)[:-1] if told[name].notna().any() and (told[name] != "").any()]
    return Table(told, "Revenue of accounts that are detractors", shown=shown, columns=PVALUES | columns)


def value_at_risk_sentence(table: pd.DataFrame) -> str:
    """Return the revenue of detractors as a range."""
    low, high = _at(table, "reading", "all"), _at(table, "reading", "any")
    if not (math.isfinite(low["share"]) and math.isfinite(high["share"])):
        return f"No share can be given: all amounts do not add up to more than zero. {sentence(low['limit'])}"
    unit = f" {low['currency']}" if low["currency"] else ""
    amounts = f"Between {count(low['amount'])} and {count(high['amount'])}{unit}"
    silent_share = share(_at(table, "reading", "silent")["share"])
    return (
        f"{amounts} ({share(low['share'])} to {share(high['share'])}) of recurring revenue a year is with"
        f" detractors, from everybody's latest answer to somebody's; {silent_share} is with accounts without an answer."
        f" {sentence(low['limit'])}{_what_loss(table)}"
    )


def _what_loss(table: pd.DataFrame) -> str:
    """Return what the columns of extra loss are, where there are any: a table alone does not say it."""
    if "loss_low" not in table.columns or table["loss_low"].isna().all():
        return ""
    return (
        " Extra loss: what of it would go where detractors leave more often than promoters by as much as above, at both"
        " limits of that difference."
    )


def _at(table: pd.DataFrame, column: str, value: str) -> pd.Series[Any]:
    row: pd.Series[Any] = table[table[column] == value].iloc[0]
    return row
