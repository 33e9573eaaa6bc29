"""Who gave an answer, and what the frame and the accounts know of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nps_utils.columns import days_in, is_active, text_of


def person_of(responses: pd.DataFrame) -> pd.Series[str]:
    """Return who gave each answer: the id, or the e-mail address; an answer of nobody known is its own person."""
    who = text_of(responses, "respondent_id")
    who = who.where(who.notna(), text_of(responses, "email").str.lower())
    nobody = np.flatnonzero(who.isna().to_numpy())
    who.iloc[nobody] = [f"row {row}" for row in nobody]
    return who.rename("person")


def answer_id(responses: pd.DataFrame, *, timezone: str = "UTC") -> pd.Series[str]:
    """Return by what each answer is found again: its id, or the file, row and day where the export gives none.

    The day, in the zone of the study, is part of it so that an export made anew, with other rows in the same places,
    finds no wrong answer.

    Examples
    --------
    >>> answers = pd.DataFrame({"response_id": ["0017", None], "source_file": "a.csv", "source_row": [2, 3],
    ...     "responded_at": pd.to_datetime(["2026-03-01", "2026-03-02"], utc=True)})
    >>> answer_id(answers).tolist()
    ['0017', 'a.csv row 3 of 2026-03-02']
    """
    own = text_of(responses, "response_id")
    # Tools that number their rows give two answers of two exports the same number: it finds neither.
    own = own.where(~own.duplicated(keep=False))
    if own.notna().all() or not {"source_file", "source_row", "responded_at"} <= set(responses.columns):
        return own
    day = days_in(responses["responded_at"], timezone).dt.strftime("%Y-%m-%d").astype("string").fillna("no date")
    row = text_of(responses, "source_row")
    return own.where(own.notna(), text_of(responses, "source_file") + " row " + row + " of " + day)


def is_named(rows: pd.DataFrame) -> pd.Series[bool]:
    """Say of each row whether it tells the person who answered: an id, an e-mail address or a name.

    Examples
    --------
    >>> is_named(pd.DataFrame({"respondent_id": ["a", None], "email": [None, None], "name": [None, None]})).tolist()
    [True, False]
    """
    told: pd.Series[bool] = rows[["respondent_id", "email", "name"]].notna().any(axis=1)
    return told


def with_people(rows: pd.DataFrame, frame: pd.DataFrame | None, *, only_active: bool = True) -> pd.DataFrame:
    """Add name and email from the frame, then from the answer; drop who has left, by the frame's latest row."""
    who = text_of(rows, "respondent_id")
    named = {"name": text_of(rows, "respondent_name"), "email": text_of(rows, "email")}
    gone = pd.Series(False, index=rows.index)
    if frame is not None and "respondent_id" in frame.columns:
        known = _latest(frame, text_of(frame, "respondent_id"))
        for name, own in named.items():
            framed = who.map(text_of(known, name))
            named[name] = framed.where(framed.notna(), own)
        if only_active:
            gone = who.map(~is_active(known)).fillna(False).astype(bool)
    elif frame is not None and "email" in frame.columns and only_active:
        address = text_of(rows, "email").str.lower()
        known = _latest(frame, text_of(frame, "email").str.lower())
        gone = address.map(~is_active(known)).fillna(False).astype(bool)
    ids = {name: text_of(rows, name) for name in ("response_id", "account_id", "respondent_id")}
    # Who is known by address alone has no number: it would be the address, told twice.
    same = ids["respondent_id"] == named["email"].str.lower()
    ids["respondent_id"] = ids["respondent_id"].mask(same.fillna(value=False).astype(bool))
    people: pd.DataFrame = rows.assign(**named, **ids)
    return people[~gone.to_numpy()]


def _latest(frame: pd.DataFrame, ids: pd.Series[str]) -> pd.DataFrame:
    """Return the row of each id's last asking, under the id; a row without a day comes before any other.

    A frame has ten times as many rows as people: numbers are sorted, not the rows.
    """
    code, names = pd.factorize(ids)
    day, _ = pd.factorize(text_of(frame, "asked_at"), sort=True)
    order = np.argsort(day, kind="stable")
    order = order[code[order] >= 0]
    last = np.empty(len(names), dtype=np.intp)
    last[code[order]] = order
    return frame.iloc[last].set_axis(pd.Index(names, name="_id"))


def with_accounts(cases: pd.DataFrame, accounts: pd.DataFrame | None, today: pd.Timestamp) -> pd.DataFrame:
    """Add the account's name and its owner; drop cases of accounts that ended up to today."""
    if accounts is None or "account_id" not in accounts.columns:
        return cases.assign(account=empty(cases), owner=empty(cases))
    known = accounts.assign(_id=text_of(accounts, "account_id")).dropna(subset=["_id"])
    known = known.drop_duplicates("_id", keep="last").set_index("_id")
    ids = text_of(cases, "account_id")
    # Exact days only: an account whose end cannot be read stays on the list.
    ended = pd.to_datetime(text_of(known, "churned_on"), format="ISO8601", utc=True, errors="coerce") <= today
    gone = ids.map(ended).fillna(False).astype(bool)
    told: pd.DataFrame = cases.assign(account=ids.map(text_of(known, "name")), owner=ids.map(text_of(known, "owner")))
    return told[~gone.to_numpy()]


def account_names(rows: pd.DataFrame, accounts: pd.DataFrame | None) -> pd.Series[str]:
    """Return the name of each row's account, missing where it is not known.

    Examples
    --------
    >>> accounts = pd.DataFrame({"account_id": ["x"], "name": ["Xanadu"]})
    >>> account_names(pd.DataFrame({"account_id": ["x", "y"]}), accounts).tolist()
    ['Xanadu', <NA>]
    """
    if accounts is None or "account_id" not in accounts.columns:
        return empty(rows)
    known = accounts.assign(_id=text_of(accounts, "account_id")).dropna(subset=["_id"])
    names = text_of(known.drop_duplicates("_id", keep="last").set_index("_id"), "name")
    return text_of(rows, "account_id").map(names).astype("string")


def empty(table: pd.DataFrame) -> pd.Series[str]:
    """Return a column of texts that are all missing."""
    return pd.Series(pd.NA, index=table.index, dtype="string")
