"""What to do next, in tables and sentences: open cases, the loop closed, quotes, the next survey. Nobody is named."""

from __future__ import annotations

from typing import Final

import pandas as pd

from nps_utils.followup import is_named
from nps_utils.followup.contacts import Contacts, order_of
from nps_utils.tables.formats import count, interval, listed, points, share
from nps_utils.tables.glossary import Column
from nps_utils.tables.table import Table
from nps_utils.words.limits import Limit
from nps_utils.words.markup import bold, without_marks

AGES: Final = (7, 14, 30, 60, 90, 180)
_KINDS: Final = {"detractor": "detractor", "fallen_passive": "passive, promoter before"}
_NEW, _OLD, _NOT_KNOWN = "last 48 hours", "over 90 days", "value not known"
_PARTS: Final = (_NEW, "A", "B", "C", _NOT_KNOWN, _OLD)
_COLUMNS: Final = {
    "kind": Column("Case", "text", "A detractor, or a passive who was a promoter before"),
    "part": Column(
        "Part of the list",
        "text",
        "A: at accounts that hold the first half of the value on the list; B: next 30 %; over 90 days: ask anew",
    ),
    "cases": Column("Cases", "count", "Latest answers of people, or of nobody known, that wait for a contact"),
    "accounts": Column("Accounts", "count", "Accounts they belong to"),
    "median_waiting": Column("Median days", "number", "Days since the answer, the middle case"),
    "longest": Column("Longest", "count", "Days since the answer, the oldest case"),
    "waiting": Column("Days waiting", "text", "Days since the answer"),
    "contacted": Column("Contacted", "count", "Cases with a contact"),
    "median_days": Column("Median days", "number", "Days from answer to contact, the middle case"),
    "slowest_tenth": Column("9 of 10 within", "number", "Days within which nine of ten contacts were made"),
    "low": Column("Low", "share", "Lower limit of the share"),
    "high": Column("High", "share", "Upper limit of the share"),
    "share": Column("Share", "share", "Share of the cases that were contacted"),
    "people": Column("People", "count", "Who may be asked then"),
    "rate": Column("Response rate", "share", "Share of all askings so far that were answered"),
    "answers": Column("Answers", "count", "Expected at that rate"),
    "margin": Column("Margin", "number", "Half the width of the interval to expect, in points"),
    "date": Column("Date", "date", "First day of the month after the last answer"),
}


def cases_sentence(contacts: Contacts) -> str:
    """Return how many wait, for how long, and where they are listed."""
    cases = contacts.cases
    day = f"{contacts.on:%Y-%m-%d}"
    if cases.empty:
        return bold(f"No case is open on {day}: no latest answer of the last half year waits for a contact.")
    detractors = int((cases["kind"] == "detractor").sum())
    order = order_of(cases)
    parts = [f"{count(order.new)} of the last 48 hours"] if order.new else []
    if order.valued:
        parts += [f"{count(order.valued)} at accounts that hold the first half of the value on the list"]
    parts += [f"{count(order.others)} others"] if order.others and parts else []
    parts += [f"{count(order.old)} from over 90 days ago, a list of its own"] if order.old else []
    value = f" In the order of the list: {listed(parts)}." if parts else ""
    nameless = len(cases) - int(is_named(cases).sum())
    who = "people" if not nameless else "answers" if nameless == len(cases) else "people and answers"
    some = "None of them names a person" if nameless == len(cases) else f"{count(nameless)} of them name no person"
    known = cases.loc[~is_named(cases), "account_id"].notna()
    found = (
        "the list finds them by account and by response id, else by file, row and day"
        if known.any()
        else "nobody can be called: the list has file, row and day of each, to be read and found again in the export"
    )
    unnamed = f" {some}; {found}." if nameless else ""
    if contacts.declined:
        unnamed += f" {count(contacts.declined)} more asked not to be contacted and are on no list."
    fallen = len(cases) - detractors
    kinds = [f"{count(detractors)} detractors"] if detractors else []
    kinds += [f"{count(fallen)} passives who were promoters before"] if fallen else []
    told = listed(kinds) if len(kinds) > 1 else "all " + kinds[0].split(" ", 1)[1]
    waiting = bold(f"{count(len(cases))} {who} wait for a contact on {day}: {told}.")
    return (
        f"{waiting}{value} Half of them have waited"
        f" for more than {count(cases['days_waiting'].median())} days, the oldest case for"
        f" {count(cases['days_waiting'].max())}.{unnamed}"
    )


def open_cases(contacts: Contacts) -> Table:
    """Show the open cases by kind and value class, without a name."""
    cases = contacts.cases
    part = cases["value_class"].astype(str).where(cases["age"] != "new", _NEW).where(cases["age"] != "old", _OLD)
    told = cases.assign(kind=cases["kind"].map(_KINDS), part=part.where(~part.eq("not known"), _NOT_KNOWN))
    table = told.groupby(["part", "kind"], as_index=False, sort=True).agg(
        cases=("rank", "size"),
        accounts=("account_id", "nunique"),
        median_waiting=("days_waiting", "median"),
        longest=("days_waiting", "max"),
    )
    table = table.sort_values("part", key=lambda parts: parts.map(_PARTS.index), kind="stable", ignore_index=True)
    if not table["accounts"].any():  # nobody's account is known, and so is no value
        table = table.assign(part=table["part"].replace(_NOT_KNOWN, "up to 90 days"))
        return Table(table.drop(columns="accounts"), "Open cases", columns=_COLUMNS)
    return Table(table, "Open cases in the order of the list", columns=_COLUMNS)


def ages(contacts: Contacts) -> pd.DataFrame:
    """Count open cases by how long they wait: `waiting` (in words), `up_to` (days), `cases`."""
    days = contacts.cases["days_waiting"]
    rows, lowest = [], 0
    for highest in AGES:
        rows.append((f"{lowest} to {highest}", highest, int(days.between(lowest, highest).sum())))
        lowest = highest + 1
    return pd.DataFrame(rows, columns=["waiting", "up_to", "cases"])


def reached(table: pd.DataFrame) -> Table:
    """Show how many cases were contacted, and how fast."""
    return Table(table, "Who was contacted after a low answer, by wave of the answer", columns=_COLUMNS)


def reached_sentence(table: pd.DataFrame) -> str:
    """Return how many were contacted and how fast.

    Examples
    --------
    >>> table = pd.DataFrame({"wave": ["all"], "cases": [40], "contacted": [20], "share": [0.5], "low": [0.35],
    ...                       "high": [0.65], "median_days": [3.0], "slowest_tenth": [9.0]})
    >>> reached_sentence(table)
    '20 of 40 detractors were contacted (50.0 %, 35.0 % to 65.0 %); half of them within 3 days, nine of ten within 9.'
    """
    row = table.iloc[-1]
    if not row["contacted"]:
        return f"None of {count(row['cases'])} detractors on the list was contacted."
    limits = f"{share(row['low'])} to {share(row['high'])}"
    return (
        f"{count(row['contacted'])} of {count(row['cases'])} detractors were contacted ({share(row['share'])},"
        f" {limits}); half of them within {count(row['median_days'])} days, nine of ten within"
        f" {count(row['slowest_tenth'])}."
    )


def moved_sentence(gap: pd.DataFrame) -> str:
    """Return whether the contacted moved more than the others.

    Examples
    --------
    >>> row = {"nps_contacted": 11.2, "n_contacted": 80, "nps_not_contacted": 15.3, "n_not_contacted": 85}
    >>> moved_sentence(pd.DataFrame([row | {"change": -4.1, "low": -27.3, "high": 19.2}])).split(": ")[1]
    'contacted -4.1 points against the others (-27.3 to +19.2)'
    """
    row = gap.iloc[0]
    both = (
        f"Asked again, detractors who were contacted stand at {points(row['nps_contacted'])}"
        f" (n = {count(row['n_contacted'])}), those who were not at {points(row['nps_not_contacted'])}"
        f" (n = {count(row['n_not_contacted'])}), all of them up from -100"
    )
    told = f"contacted {points(row['change'])} points against the others ({interval(row['low'], row['high'])})"
    if row["low"] > 0:
        verdict = "the contacted rose more, by more than chance"
    elif row["high"] < 0:
        verdict = "the contacted rose less, by more than chance"
    else:
        verdict = "no evidence that the contact made a difference, and none that it made none"
    return f"{both}: {told}: {verdict}."


def moved_title(gap: pd.DataFrame) -> str:
    """Return the message of the picture of next answers."""
    row = gap.iloc[0]
    both = f"the contacted stand at {points(row['nps_contacted'])}, the others at {points(row['nps_not_contacted'])}"
    return f"Asked again, {both}"


def quotes_sentence(contacts: Contacts) -> str:
    """Return how many promoters may be quoted."""
    n = len(contacts.quotes)
    if not n:
        return "Nobody who is a promoter now and wrote a comment has consented to being quoted."
    accounts = contacts.quotes["account_id"].nunique()
    where = f" from {count(accounts)} accounts" if accounts else ""
    if not contacts.consented:
        return (
            f"{count(n)} comments of promoters{where}, with no later answer below 9, may be shown, because study.toml"
            " says quotes = true. Nobody was asked: ask before one is published."
        )
    return f"{count(n)} comments of promoters{where} may be quoted: consent given, and no later answer below 9."


def resting_sentence(contacts: Contacts) -> str:
    """Return how many are not to be asked again yet."""
    if isinstance(contacts.resting, Limit):
        return f"Whom not to ask again yet is not known: {contacts.resting}"
    table = contacts.resting
    if table.empty:
        return "Nobody was asked so recently that they must be left in peace."
    return (
        f"{count(len(table))} people were asked not long ago, those whom another rule leaves out"
        f" included; the first of them may be asked again from"
        f" {table['ask_from'].min()}, the last from {table['ask_from'].max()}."
    )


def next_survey(table: pd.DataFrame) -> Table:
    """Show when the next survey may go out, to whom many, and what it can show."""
    return Table(table.assign(date=table["date"].astype(str)), "The next survey", columns=_COLUMNS)


def act_conclusion(contacts: Contacts | Limit, done: pd.DataFrame | Limit, gap: pd.DataFrame | Limit) -> str:
    """Return what the page shows: who waits, how the loop was closed, and what that changed."""
    said = []
    if not isinstance(contacts, Limit):
        said.append(without_marks(cases_sentence(contacts)))
    if not isinstance(done, Limit):
        said.append(reached_sentence(done))
    if not isinstance(gap, Limit):
        said.append(moved_sentence(gap))
    return " ".join(said) or "Without dates and contacts nothing can be said of what to do next."
