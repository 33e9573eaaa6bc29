"""Whom to contact after the survey, in what order and why; whom one may quote; whom to leave in peace for now.

Nothing here reads a clock: "today" is a stated day, by default that of the study's last answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue, check_columns, check_whole
from nps_utils.eligibility import Day, day_of, days_of, eligible, text_of
from nps_utils.scale import BANDS

PASSIVE, PROMOTER = BANDS["passive"][0], BANDS["promoter"][0]
CLASSES: Final = ("A", "B", "C", "not known")
# The accounts that together hold the first half of the value on the list are A, the next 30 percent B.
_SHARES: Final = (0.5, 0.8)


def last_day(responses: pd.DataFrame) -> pd.Timestamp:
    """Return the day (UTC) of the last answer, which stands for today.

    Raises
    ------
    BadValue
        The answers carry no dates.

    Examples
    --------
    >>> last_day(pd.DataFrame({"responded_at": pd.to_datetime(["2026-03-01T10:00Z", "2026-02-01T10:00Z"])}))
    Timestamp('2026-03-01 00:00:00+0000', tz='UTC')
    """
    check_columns(list(responses.columns), ["responded_at"], what="the responses")
    newest = responses["responded_at"].max()
    if pd.isna(newest):
        raise BadValue("The answers carry no dates, so nobody can be said to have waited for a number of days.")
    return pd.Timestamp(newest).tz_convert("UTC").normalize()


def to_contact(
    responses: pd.DataFrame,
    *,
    on: Day | None = None,
    within_days: int = 180,
    followup: pd.DataFrame | None = None,
    frame: pd.DataFrame | None = None,
    accounts: pd.DataFrame | None = None,
    value: Mapping[str, float] | None = None,
    comment: pd.Series[str] | None = None,
    theme: pd.Series[str] | None = None,
) -> pd.DataFrame:
    """List who waits for a call: detractors and fallen passives, in the order in which to call them.

    A case is a person whose latest answer at a touchpoint is a detractor's, or a passive's after a promoter's, and who
    was not contacted about it. One row per person: their latest case. The order is by value class first (A: the
    accounts that together hold the first half of the value on the list; B: the next 30 percent; C: the rest; then
    accounts of no known value), detractors before fallen passives, then who has waited longest.

    Parameters
    ----------
    responses
        Canonical responses.
    on
        Today; by default the day of the last answer.
    within_days
        Older answers are not listed: after so long one asks again rather than calls about them.
    followup
        What is known of earlier contacts: response_id, contacted_at, status. A case with `contacted_at` is closed.
    frame
        Names and e-mail addresses; people of whom its latest row says `active` = no are not listed.
    accounts
        Names and owners; accounts with `churned_on` up to today are not listed.
    value
        What an account is worth, such as its revenue of a year, by account_id.
    comment, theme
        The masked comment and its theme, under the index of `responses`.

    Returns
    -------
    One row per person in the order of `rank`: response_id, account_id, account, owner, respondent_id, name, email,
    touchpoint, kind (detractor | fallen_passive), score, score_before, responded_on (date), days_waiting, value,
    value_class, comment, theme, reason (of the rank), contacted_at and status (empty, to be filled in and read back).

    Raises
    ------
    BadValue
        No dates.

    Examples
    --------
    >>> responses = pd.DataFrame({
    ...     "response_id": ["1", "2", "3"], "respondent_id": ["a", "b", "c"], "account_id": ["x", "y", "y"],
    ...     "touchpoint": "relationship", "score": [3, 6, 9],
    ...     "responded_at": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-02-10"], utc=True)})
    >>> cases = to_contact(responses, value={"x": 10.0, "y": 90.0})
    >>> cases[["rank", "respondent_id", "kind", "days_waiting", "value_class"]].to_numpy().tolist()
    [[1, 'b', 'detractor', 9, 'A'], [2, 'a', 'detractor', 40, 'C']]
    >>> print(cases["reason"].iloc[0])
    detractor (6); account among those that hold the first half of the value on this list; waiting for 9 days
    """
    check_whole("within_days", within_days, least=1)
    check_columns(list(responses.columns), ["score", "touchpoint", "responded_at"], what="the responses")
    today = last_day(responses) if on is None else day_of(on)
    rows = _with_texts(responses, comment, theme)
    cases = _open_cases(rows, today, within_days, _contacted(followup))
    cases = _with_people(cases, frame)
    cases = _with_accounts(cases, accounts, today)
    cases = cases.assign(value=_value(cases, value))
    cases = cases.assign(value_class=_classes(cases))
    order = pd.DataFrame(
        {
            "class": cases["value_class"].map({name: i for i, name in enumerate(CLASSES)}),
            "kind": (cases["kind"] != "detractor").astype(int),
            "waiting": -cases["days_waiting"],
            "score": cases["score"],
            "id": text_of(cases, "response_id"),
        }
    ).sort_values(["class", "kind", "waiting", "score", "id"], kind="stable")
    cases = cases.loc[order.index].reset_index(drop=True)
    ranked = cases.assign(
        rank=np.arange(1, len(cases) + 1), reason=_reasons(cases), contacted_at=_empty(cases), status=_empty(cases)
    )
    return ranked[list(_COLUMNS)]


_COLUMNS: Final = (
    *("rank", "response_id", "account_id", "account", "owner", "respondent_id", "name", "email", "touchpoint"),
    *("kind", "score", "score_before", "responded_on", "days_waiting", "value", "value_class", "comment", "theme"),
    *("reason", "contacted_at", "status"),
)
_REASON: Final = {
    "A": "account among those that hold the first half of the value on this list",
    "B": "account among those that hold the next 30 % of the value on this list",
    "C": "account among those that hold the last 20 % of the value on this list",
    "not known": "value of the account not known",
}


def may_quote(responses: pd.DataFrame, *, comment: pd.Series[str], frame: pd.DataFrame | None = None) -> pd.DataFrame:
    """List promoters who allowed us to quote them, with the masked quote; newest first.

    Only answers with `consent_to_quote`, a score of 9 or 10 and a comment, of people whose latest answer anywhere is
    still a promoter's: nobody is quoted against what they think now.

    Returns
    -------
    response_id, account_id, respondent_id, name, email, touchpoint, score, responded_on, quote.

    Examples
    --------
    >>> responses = pd.DataFrame({"response_id": ["1", "2"], "respondent_id": ["a", "b"], "account_id": "x",
    ...     "touchpoint": "relationship", "score": [10, 10], "consent_to_quote": [True, False],
    ...     "responded_at": pd.to_datetime(["2026-01-01", "2026-02-01"], utc=True)})
    >>> may_quote(responses, comment=pd.Series(["Fast", "Good"]))["quote"].tolist()
    ['Fast']
    """
    check_columns(list(responses.columns), ["score", "consent_to_quote", "responded_at"], what="the responses")
    rows = responses.assign(quote=comment, person=person_of(responses), row=np.arange(len(responses)))
    rows = rows.sort_values("responded_at", kind="stable")
    still = rows.groupby("person")["score"].transform("last") >= PROMOTER
    text = text_of(rows, "quote")
    allowed = rows["consent_to_quote"].fillna(False).astype(bool)
    chosen = rows[allowed & still & (rows["score"] >= PROMOTER) & text.notna()]
    chosen = chosen.assign(responded_on=chosen["responded_at"].dt.date).iloc[::-1]
    return _with_people(chosen, frame, only_active=False)[
        ["response_id", "account_id", "respondent_id", "name", "email", "touchpoint", "score", "responded_on", "quote"]
    ].reset_index(drop=True)


def not_to_ask(frame: pd.DataFrame, *, on: Day, not_asked_within_days: int = 90) -> pd.DataFrame:
    """List whom not to ask again yet, and from which day one may.

    The unhappy are not on it: leaving them out would lift the score and hide what is wrong.

    Returns
    -------
    respondent_id, name, email, account_id (those the frame has), last_asked (date), ask_from (date); next first.

    Examples
    --------
    >>> frame = pd.DataFrame({"respondent_id": ["a", "b"], "asked_at": ["2026-11-01", "2026-01-01"]})
    >>> not_to_ask(frame, on="2026-11-21").to_numpy().tolist()
    [['a', datetime.date(2026, 11, 1), datetime.date(2027, 1, 30)]]
    """
    people = eligible(frame, on=on, min_days_as_customer=0, not_asked_within_days=not_asked_within_days)
    recent = people[people["reason"] == "asked_recently"]
    asked = recent["last_asked"].dt.normalize()
    table = recent.assign(last_asked=asked.dt.date, ask_from=(asked + pd.Timedelta(days=not_asked_within_days)).dt.date)
    known = [name for name in ("respondent_id", "name", "email", "account_id") if name in table.columns]
    return table.sort_values(["ask_from", *known], kind="stable")[[*known, "last_asked", "ask_from"]].reset_index(
        drop=True
    )


def person_of(responses: pd.DataFrame) -> pd.Series[str]:
    """Return who gave each answer: the id, or the e-mail address; an answer of nobody known is its own person."""
    who = text_of(responses, "respondent_id")
    who = who.where(who.notna(), text_of(responses, "email").str.lower())
    alone = pd.Series([f"row {row}" for row in range(len(responses))], index=responses.index, dtype="string")
    return who.where(who.notna(), alone).rename("person")


def _with_texts(responses: pd.DataFrame, comment: pd.Series[str] | None, theme: pd.Series[str] | None) -> pd.DataFrame:
    return responses.assign(
        comment=_empty(responses) if comment is None else comment, theme=_empty(responses) if theme is None else theme
    )


def _empty(table: pd.DataFrame) -> pd.Series[str]:
    return pd.Series(pd.NA, index=table.index, dtype="string")


def _contacted(followup: pd.DataFrame | None) -> set[str]:
    """Return the responses whose people were contacted."""
    if followup is None:
        return set()
    check_columns(list(followup.columns), ["response_id", "contacted_at"], what="the follow-up table")
    done = text_of(followup, "contacted_at").notna()
    return set(text_of(followup, "response_id")[done].dropna())


def _open_cases(rows: pd.DataFrame, today: pd.Timestamp, within_days: int, contacted: set[str]) -> pd.DataFrame:
    timed = rows[rows["responded_at"].notna() & (rows["responded_at"].dt.normalize() <= today)]
    timed = timed.assign(person=person_of(rows)).sort_values("responded_at", kind="stable")
    before = timed.groupby(["person", "touchpoint"], sort=False)["score"].shift().astype("Int64")
    latest = timed.assign(score_before=before).drop_duplicates(["person", "touchpoint"], keep="last")
    detractor = latest["score"] < PASSIVE
    fallen = latest["score"].between(PASSIVE, PROMOTER - 1) & (latest["score_before"] >= PROMOTER).fillna(False)
    waiting = days_of(today - latest["responded_at"].dt.normalize()).astype(int)
    still_open = ~text_of(latest, "response_id").isin(contacted)
    latest = latest.assign(
        kind=np.where(detractor, "detractor", "fallen_passive"),
        days_waiting=waiting,
        responded_on=latest["responded_at"].dt.date,
    )
    cases: pd.DataFrame = latest[(detractor | fallen) & still_open & (waiting <= within_days)]
    return cases.drop_duplicates("person", keep="last").reset_index(drop=True)


def _with_people(rows: pd.DataFrame, frame: pd.DataFrame | None, *, only_active: bool = True) -> pd.DataFrame:
    """Add name and email from the frame, then from the answer; drop who has left, by the frame's latest row."""
    who = text_of(rows, "respondent_id")
    named = {"name": text_of(rows, "respondent_name"), "email": text_of(rows, "email")}
    gone = pd.Series(False, index=rows.index)
    if frame is not None and "respondent_id" in frame.columns:
        asked = text_of(frame, "asked_at")
        known = frame.assign(_id=text_of(frame, "respondent_id"), _asked=asked).dropna(subset=["_id"])
        known = known.sort_values("_asked", kind="stable", na_position="first").drop_duplicates("_id", keep="last")
        known = known.set_index("_id")
        for name, own in named.items():
            framed = who.map(text_of(known, name))
            named[name] = framed.where(framed.notna(), own)
        if only_active:
            left = text_of(known, "active").str.lower().isin(["no", "false", "0", "nej", "nei", "nee"])
            gone = who.map(left).fillna(False).astype(bool)
    ids = {name: text_of(rows, name) for name in ("response_id", "account_id", "respondent_id")}
    people: pd.DataFrame = rows.assign(**named, **ids)
    return people[~gone.to_numpy()]


def _with_accounts(cases: pd.DataFrame, accounts: pd.DataFrame | None, today: pd.Timestamp) -> pd.DataFrame:
    if accounts is None or "account_id" not in accounts.columns:
        return cases.assign(account=_empty(cases), owner=_empty(cases))
    known = accounts.assign(_id=text_of(accounts, "account_id")).dropna(subset=["_id"])
    known = known.drop_duplicates("_id", keep="last").set_index("_id")
    ids = text_of(cases, "account_id")
    # Exact days only: an account whose end cannot be read stays on the list.
    ended = pd.to_datetime(text_of(known, "churned_on"), format="ISO8601", utc=True, errors="coerce") <= today
    gone = ids.map(ended).fillna(False).astype(bool)
    told: pd.DataFrame = cases.assign(account=ids.map(text_of(known, "name")), owner=ids.map(text_of(known, "owner")))
    return told[~gone.to_numpy()]


def _value(cases: pd.DataFrame, value: Mapping[str, float] | None) -> pd.Series[float]:
    return text_of(cases, "account_id").map(dict(value or {})).astype("float64")


def _classes(cases: pd.DataFrame) -> pd.Series[str]:
    """Put accounts into classes by their share of the value on the list, the largest first."""
    known = cases.assign(_id=text_of(cases, "account_id")).dropna(subset=["value", "_id"]).drop_duplicates("_id")
    worth = known.set_index("_id")["value"].sort_values(ascending=False, kind="stable")
    before = ((worth.cumsum() - worth) / worth.sum()).to_numpy(dtype=float)
    named = dict(zip(worth.index, np.array(CLASSES)[np.searchsorted(_SHARES, before, side="right")], strict=True))
    return text_of(cases, "account_id").map(named).astype("string").fillna(CLASSES[-1])


def _reasons(cases: pd.DataFrame) -> list[str]:
    told = []
    for row in cases.itertuples():
        fell = f"fell from {row.score_before} to {row.score}" if row.kind != "detractor" else f"detractor ({row.score})"
        days = "1 day" if row.days_waiting == 1 else f"{row.days_waiting} days"
        told.append(f"{fell}; {_REASON[str(row.value_class)]}; waiting for {days}")
    return told
