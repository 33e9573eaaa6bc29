"""What whoever calls wants to have before them: role, language, telephone, and what else was answered."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from nps_utils.columns import days_in, text_of
from nps_utils.followup.people import empty
from nps_utils.scale import BANDS
from nps_utils.words.naming import named

_PROMOTER, _PASSIVE = BANDS["promoter"][0], BANDS["passive"][0]
_MOST: Final = 3
_SPELLED: Final = {
    "role": (
        *("role", "jobtitle", "title", "position", "function", "rolle", "roll", "stilling", "befattning", "titel"),
        *("functie", "rol"),
    ),
    "phone": (
        *("phone", "phonenumber", "telephone", "telephonenumber", "mobile", "mobilephone", "mobilenumber", "tel"),
        *("telefon", "telefonnummer", "mobil", "mobilnummer", "mobiltelefon", "tlf", "telefoon", "telefoonnummer"),
        *("mobiel", "gsm"),
    ),
}


def with_details(cases: pd.DataFrame, frame: pd.DataFrame | None, *, timezone: str) -> pd.DataFrame:
    """Add role, language, phone (from the frame, else the answer) and last_asked, where they are known.

    Examples
    --------
    >>> cases = pd.DataFrame({"respondent_id": ["a"], "email": [None], "language": ["sv"]})
    >>> frame = pd.DataFrame({"respondent_id": ["a", "a"], "Mobil": ["070-1", None], "asked_at": ["2026-01-02", None]})
    >>> with_details(cases, frame, timezone="UTC")[["role", "language", "phone"]].fillna("").to_numpy().tolist()
    [['', 'sv', '070-1']]
    """
    told = {name: _own(cases, name) for name in ("role", "language", "phone")}
    asked = pd.Series(pd.NaT, index=cases.index, dtype="object")
    for key in ("respondent_id", "email"):
        if frame is None or key not in frame.columns:
            continue
        who, theirs = _key(cases, key), _key(frame, key)
        called = theirs.isin(set(who.dropna())).fillna(value=False).astype(bool)  # few of those who were asked
        here = frame[called]
        known = here.assign(_id=theirs[called], _asked=_days(here, timezone))
        known = known.sort_values("_asked", kind="stable", na_position="first")
        for name in told:
            column = _own(known, name)
            latest = column.groupby(known["_id"]).last()  # of those that say so
            told[name] = who.map(latest).astype("string").fillna(told[name])
        asked = asked.where(asked.notna(), who.map(known.groupby("_id")["_asked"].max().dt.date))
    return cases.assign(**told, last_asked=asked.where(asked.notna(), None))


def _key(table: pd.DataFrame, key: str) -> pd.Series[str]:
    text = text_of(table, key)
    return text.str.lower() if key == "email" else text


def _days(frame: pd.DataFrame, timezone: str) -> pd.Series[pd.Timestamp]:
    if "asked_at" not in frame.columns:
        return pd.Series(pd.NaT, index=frame.index, dtype="datetime64[ns]")
    # An asking whose day cannot be read is none to be told of; `eligible` is where it is refused.
    read = pd.to_datetime(text_of(frame, "asked_at"), format="ISO8601", utc=True, errors="coerce")
    return days_in(read, timezone).dt.tz_localize(None)


def _own(table: pd.DataFrame, name: str) -> pd.Series[str]:
    """Return a column under our name or as the registers of the field call it."""
    if name in table.columns:
        return text_of(table, name)
    spelled = {"".join(sign for sign in str(column).lower() if sign.isalnum()): str(column) for column in table.columns}
    found = next((spelled[word] for word in _SPELLED.get(name, ()) if word in spelled), None)
    return empty(table) if found is None else text_of(table, found)


class _Answer(NamedTuple):
    touchpoint: object
    score: int
    at: pd.Timestamp
    day: str


def with_others(cases: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Add `other_answers` of the same person, newest first, and `content_later`: the promoter's score given later.

    Parameters
    ----------
    cases
        person, touchpoint and responded_at of each case.
    rows
        All answers: person, touchpoint, score, responded_at and day.

    Examples
    --------
    >>> when = pd.to_datetime(["2026-01-01", "2026-02-01"], utc=True)
    >>> rows = pd.DataFrame({"response_id": ["1", "2"], "person": "a", "touchpoint": ["after_order", "relationship"],
    ...     "score": [3, 9], "responded_at": when, "day": when})
    >>> with_others(rows.head(1), rows)[["other_answers", "content_later"]].to_numpy().tolist()
    [['Relationship 9 (2026-02-01)', 9]]
    """
    theirs = rows[rows["person"].isin(set(cases["person"])) & rows["responded_at"].notna()]
    theirs = theirs.sort_values("responded_at", kind="stable")
    by_person: dict[str, list[_Answer]] = {}
    columns = (theirs["touchpoint"], theirs["score"], theirs["responded_at"], theirs["day"].dt.strftime("%Y-%m-%d"))
    for who, *answer in zip(theirs["person"].astype(str), *columns, strict=True):
        by_person.setdefault(who, []).append(_Answer(*answer))
    told, later = list[str | None](), list[int | None]()
    for who, at, touchpoint in zip(
        cases["person"].astype(str), cases["responded_at"], cases["touchpoint"], strict=True
    ):
        # By time and touchpoint, for an export need not give its answers ids.
        others = [
            a
            for a in reversed(by_person.get(who, []))
            if not (a.at == at and a.touchpoint is not pd.NA and touchpoint is not pd.NA and a.touchpoint == touchpoint)
        ]
        told.append("; ".join(f"{named(str(a.touchpoint))} {a.score} ({a.day})" for a in others[:_MOST]) or None)
        later.append(next((int(a.score) for a in others if a.at > at and a.score >= _PROMOTER), None))
    return cases.assign(
        other_answers=pd.Series(told, index=cases.index, dtype="string"),
        content_later=pd.Series(later, index=cases.index, dtype="Int64"),
    )


def with_account_score(cases: pd.DataFrame, rows: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Add the score and the answers of the account in the year up to today: `account_nps` and `account_n`.

    Examples
    --------
    >>> day = pd.to_datetime(["2026-01-01", "2026-02-01"], utc=True)
    >>> rows = pd.DataFrame({"account_id": "x", "score": [3, 9], "day": day})
    >>> with_account_score(rows.head(1), rows, day[1])[["account_nps", "account_n"]].to_numpy().tolist()
    [[0.0, 2]]
    """
    recent = rows[(rows["day"] <= today) & (rows["day"] > today - pd.Timedelta(days=365))]
    side = np.where(recent["score"] >= _PROMOTER, 1.0, np.where(recent["score"] < _PASSIVE, -1.0, 0.0))
    grouped = pd.Series(side, index=recent.index).groupby(text_of(recent, "account_id"))
    ids = text_of(cases, "account_id")
    return cases.assign(
        account_nps=(100 * ids.map(grouped.mean())).astype("float64"),
        account_n=ids.map(grouped.size()).astype("Int64"),
    )
