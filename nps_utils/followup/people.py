"""Who gave an answer, and what the frame and the accounts know of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import BadValue
from nps_utils.columns import codes_of, days_in, is_active, numbered, text_of

_AT_ONCE: Final = 1 << 20  # texts that are there twice


class Askings(Protocol):
    """A frame of which no row is held: those of some people are read when they are asked for."""

    @property
    def columns(self) -> Sequence[str]:
        """Its columns."""

    def of(self, key: str, who: Collection[str]) -> pd.DataFrame:
        """Return its rows of some people, and maybe of others, by a column of people, as `askings_of` does."""


def person_of(responses: pd.DataFrame) -> pd.Series[str]:
    """Return who gave each answer: the id, or the e-mail address; an answer of nobody known is its own person."""
    who = text_of(responses, "respondent_id")
    who = who.where(who.notna(), text_of(responses, "email").str.lower())
    rows = pd.Series(np.arange(len(who)), index=who.index).astype("string")
    return who.where(who.notna(), "row " + rows).rename("person")


def numbered_people(table: pd.DataFrame, key: str) -> tuple[NDArray[np.int64], pd.Series[str]]:
    """Number a column of people as `numbered` does, addresses in lower case.

    Examples
    --------
    >>> numbered_people(pd.DataFrame({"email": ["A@x.se", None, "a@x.se"]}), "email")[0].tolist()
    [0, -1, 0]
    """
    codes, texts = numbered(table, key)
    if key != "email":
        return codes, texts
    lower, names = pd.factorize(texts.str.lower())
    return np.append(lower, -1)[codes], pd.Series(names, dtype="string")


def people_of(responses: pd.DataFrame) -> NDArray[np.int64]:
    """Number who gave each answer: the same number where `person_of` names the same person.

    Examples
    --------
    >>> people_of(pd.DataFrame({"respondent_id": ["7", None, None], "email": [None, "7", None]})).tolist()
    [0, 0, 1]
    """
    ids = codes_of(responses, "respondent_id")
    without = np.flatnonzero(ids < 0)
    if not len(without):
        return ids
    ids, names = numbered_people(responses, "respondent_id")
    columns = [name for name in ("email",) if name in responses.columns]
    addresses, written = numbered_people(responses[columns].iloc[without], "email")
    every = np.append(pd.factorize(pd.concat([names, written], ignore_index=True))[0], -1)
    who = every[ids]
    who[without] = every[np.where(addresses >= 0, addresses + len(names), -1)]
    nobody = who < 0
    return np.where(nobody, who.max(initial=-1) + np.cumsum(nobody), who).astype(np.int64)


def answer_id(responses: pd.DataFrame, *, timezone: str = "UTC", at: NDArray[np.intp] | None = None) -> pd.Series[str]:
    """Return by what each answer is found again: its id, or the file, row and day where the export gives none.

    The day, in the zone of the study, is part of it so that an export made anew, with other rows in the same places,
    finds no wrong answer. With `at`, the places of some answers, they alone are named.

    Examples
    --------
    >>> answers = pd.DataFrame({"response_id": ["0017", None], "source_file": "a.csv", "source_row": [2, 3],
    ...     "responded_at": pd.to_datetime(["2026-03-01", "2026-03-02"], utc=True)})
    >>> answer_id(answers).tolist()
    ['0017', 'a.csv row 3 of 2026-03-02']
    """
    told = responses if at is None else responses.iloc[at]
    own = _ids_once(responses, at)
    if own.notna().all() or not {"source_file", "source_row", "responded_at"} <= set(responses.columns):
        return own
    missing = own.isna().to_numpy()
    rows = told[missing]
    day = days_in(rows["responded_at"], timezone).dt.strftime("%Y-%m-%d").astype("string").fillna("no date")
    named = text_of(rows, "source_file") + " row " + text_of(rows, "source_row") + " of " + day
    own[missing] = named.to_numpy()
    return own


def _ids_once(responses: pd.DataFrame, at: NDArray[np.intp] | None) -> pd.Series[str]:
    """Return the ids that no other answer has, of all answers or of some.

    Tools that number their rows give two answers of two exports the same number: it finds neither.
    """
    ids = text_of(responses, "response_id")
    several = _of_several(ids)
    own = ids if at is None else ids.iloc[at]
    return own.mask(own.isin(several)) if len(several) else own.copy()


def _of_several(ids: pd.Series[str]) -> pd.Series[str]:
    """Return the ids that more than one answer has; numbers are compared first, for most of millions differ."""
    import polars as pl  # what reads tables has loaded it

    known = ids.dropna() if ids.isna().any() else ids
    starts = range(0, max(len(known), 1), _AT_ONCE)
    hashes = np.concatenate([pl.from_pandas(known.iloc[at : at + _AT_ONCE]).hash().to_numpy() for at in starts])
    ordered = np.sort(hashes)
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(twice):
        return known.iloc[:0]
    alike = known[np.isin(hashes, twice)]
    return alike[alike.duplicated()].drop_duplicates()


def is_named(rows: pd.DataFrame) -> pd.Series[bool]:
    """Say of each row whether it tells the person who answered: an id, an e-mail address or a name.

    Examples
    --------
    >>> is_named(pd.DataFrame({"respondent_id": ["a", None], "email": [None, None], "name": [None, None]})).tolist()
    [True, False]
    """
    told: pd.Series[bool] = rows[["respondent_id", "email", "name"]].notna().any(axis=1)
    return told


def with_people(rows: pd.DataFrame, frame: pd.DataFrame | Askings | None, *, only_active: bool = True) -> pd.DataFrame:
    """Add name and email from the frame, then from the answer; drop who has left, by the frame's latest row."""
    who = text_of(rows, "respondent_id")
    named = {"name": text_of(rows, "respondent_name"), "email": text_of(rows, "email")}
    gone = pd.Series(False, index=rows.index)
    if frame is not None and "respondent_id" in frame.columns:
        known = _latest(askings_of(frame, "respondent_id", who), "respondent_id")
        for name, own in named.items():
            framed = who.map(text_of(known, name))
            named[name] = framed.where(framed.notna(), own)
        if only_active:
            gone = who.map(~is_active(known)).fillna(False).astype(bool)
    elif frame is not None and "email" in frame.columns and only_active:
        address = text_of(rows, "email").str.lower()
        known = _latest(askings_of(frame, "email", address), "email")
        gone = address.map(~is_active(known)).fillna(False).astype(bool)
    ids = {name: text_of(rows, name) for name in ("response_id", "account_id", "respondent_id")}
    # Who is known by address alone has no number: it would be the address, told twice.
    same = ids["respondent_id"] == named["email"].str.lower()
    ids["respondent_id"] = ids["respondent_id"].mask(same.fillna(value=False).astype(bool))
    people: pd.DataFrame = rows.assign(**named, **ids)
    return people[~gone.to_numpy()]


def askings_of(frame: pd.DataFrame | Askings, key: str, who: pd.Series[str]) -> pd.DataFrame:
    """Return the rows of a frame that are of some people: few of all who were ever asked.

    Parameters
    ----------
    frame
        Who was asked.
    key
        Its column of people, `respondent_id` or `email`.
    who
        Those to find, an address in lower case.

    Examples
    --------
    >>> frame = pd.DataFrame({"email": ["A@x.se", "b@x.se", None, "a@x.se "]})
    >>> askings_of(frame, "email", pd.Series(["a@x.se", None])).index.tolist()
    [0, 3]
    """
    people = set(who.dropna())
    if not isinstance(frame, pd.DataFrame):
        return frame.of(key, people)
    codes, texts = numbered_people(frame, key)
    wanted = texts.isin(people)
    if "active" in frame.columns and not _readable(frame):
        wanted |= True  # whoever's cell says neither yes nor no is told of, on the list or not
    return frame[np.append(wanted.to_numpy(dtype=bool), [False])[codes]]


def _readable(frame: pd.DataFrame) -> bool:
    try:
        is_active(pd.DataFrame({"active": frame["active"].unique()}))
    except BadValue:
        return False
    return True


def _latest(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the row of each person's last asking, under the id; a row without a day comes before any other.

    A frame has ten times as many rows as people: numbers are sorted, not the rows.
    """
    code, names = numbered_people(frame, key)
    days, texts = numbered(frame, "asked_at")
    rank = np.full(len(texts) + 1, -1, dtype=np.intp)
    rank[np.argsort(texts.to_numpy(dtype=object), kind="stable")] = np.arange(len(texts))
    order = np.argsort(rank[days], kind="stable")
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
    codes, ids = numbered(rows, "account_id")  # of millions of rows each account is looked up once
    told = ids.map(names).astype("string")
    return told.reindex(range(-1, len(told))).iloc[codes + 1].set_axis(rows.index)


def empty(table: pd.DataFrame) -> pd.Series[str]:
    """Return a column of texts that are all missing."""
    return pd.Series(pd.NA, index=table.index, dtype="string")


def under(texts: pd.Series[str] | None, table: pd.DataFrame, at: NDArray[np.intp]) -> pd.Series[str]:
    """Return the texts of some rows of a table, by their places; those without one are missing.

    Texts have the index of the table, of all its rows or of some.

    Examples
    --------
    >>> under(pd.Series(["b"], index=[1]), pd.DataFrame(index=[0, 1]), np.array([1, 0])).fillna("-").tolist()
    ['b', '-']
    """
    if texts is None:
        return empty(table.iloc[at])
    return texts.iloc[at] if texts.index.equals(table.index) else texts.reindex(table.index[at])
