"""What whoever calls wants to have before them: role, language, telephone, and what else was answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.columns import days_in, numbered, text_of
from nps_utils.followup.people import Askings, askings_of, numbered_people
from nps_utils.scale import BANDS
from nps_utils.stats.planning.eligibility import RULED_BY
from nps_utils.words.naming import named

Rows: TypeAlias = NDArray[np.intp]

_PROMOTER, _PASSIVE = BANDS["promoter"][0], BANDS["passive"][0]
_MOST: Final = 3
_LISTED_BY: Final = ("name", "language", "account_id", "touchpoint")
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


def listed_by(columns: Sequence[str]) -> list[str]:
    """Return which columns of a frame the lists look at: one of millions of askings is not read whole.

    Examples
    --------
    >>> listed_by(["email", "country", "Mobil", "asked_at"])
    ['email', 'Mobil', 'asked_at']
    """
    called = {word for words in _SPELLED.values() for word in words}
    known = (*_LISTED_BY, *RULED_BY, *_SPELLED)
    return [name for name in columns if name in known or _letters(name) in called]


def _letters(name: object) -> str:
    return "".join(sign for sign in str(name).lower() if sign.isalnum())


def with_details(cases: pd.DataFrame, frame: pd.DataFrame | Askings | None, *, timezone: str) -> pd.DataFrame:
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
        found, day = _framed(cases, frame, key, list(told), timezone)
        told = {name: found[name].fillna(own) for name, own in told.items()}
        asked = asked.where(asked.notna(), day)
    return cases.assign(**told, last_asked=asked.where(asked.notna(), None))


def _framed(
    cases: pd.DataFrame, frame: pd.DataFrame | Askings, key: str, names: Sequence[str], timezone: str
) -> tuple[dict[str, pd.Series[str]], pd.Series[Any]]:
    """Return what the frame says of who each case is, known by a column, and the day of their last asking.

    The askings read for it are held by nobody when those by another column are read.
    """
    who = _key(cases, key)
    here = askings_of(frame, key, who)
    days = _days(here, timezone)
    last = _last_by(here, key, days, who)
    told = {}
    for name in names:  # of those askings that say so, the last
        codes, texts = numbered(here, _called(here, name))
        at = last(codes >= 0)
        latest = texts.array.take(np.where(at < 0, -1, codes[at]), allow_fill=True)
        told[name] = pd.Series(latest, index=cases.index, dtype="string")
    asked = days.array.take(last(days.notna().to_numpy()), allow_fill=True)
    return told, pd.Series(asked, index=cases.index).dt.date


def _last_by(
    frame: pd.DataFrame, key: str, days: pd.Series[pd.Timestamp], who: pd.Series[str]
) -> Callable[[NDArray[np.bool_]], Rows]:
    """Return the function that finds, for each of `who`, the row of their last asking of some askings.

    A row without a day comes before any other. Numbers stand for people: a frame of millions has as many askings.
    """
    codes, names = numbered_people(frame, key)
    in_time = np.argsort(days.to_numpy().astype(np.int64), kind="stable")  # no day is the least of all numbers
    in_time = in_time[codes[in_time] >= 0]
    place = pd.Index(names).get_indexer(pd.Index(who))

    def last(some: NDArray[np.bool_]) -> Rows:
        rows = in_time[some[in_time]]
        of_each = np.full(len(names) + 1, -1, dtype=np.intp)
        of_each[codes[rows]] = rows  # of each the last one stays
        return of_each[place]

    return last


def _key(table: pd.DataFrame, key: str) -> pd.Series[str]:
    text = text_of(table, key)
    return text.str.lower() if key == "email" else text


def _days(frame: pd.DataFrame, timezone: str) -> pd.Series[pd.Timestamp]:
    if "asked_at" not in frame.columns:
        return pd.Series(pd.NaT, index=frame.index, dtype="datetime64[ns]")
    # An asking whose day cannot be read is none to be told of; `eligible` is where it is refused.
    codes, texts = numbered(frame, "asked_at")
    read = pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce")
    days = days_in(read, timezone).dt.tz_localize(None)
    return days.reindex(range(-1, len(days))).iloc[codes + 1].set_axis(frame.index)


def _own(table: pd.DataFrame, name: str) -> pd.Series[str]:
    """Return a column under our name or as the registers of the field call it."""
    return text_of(table, _called(table, name))


def _called(table: pd.DataFrame, name: str) -> str:
    """Return what a column of ours is called in a table: our name, also where it has none such, or another."""
    if name in table.columns:
        return name
    spelled = {_letters(column): str(column) for column in table.columns}
    return next((spelled[word] for word in _SPELLED.get(name, ()) if word in spelled), name)


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
    case, answer = _of_the_same_person(cases, rows)
    score = rows["score"].to_numpy()
    content = (_instants(rows)[answer] > _instants(cases)[case]) & (score[answer] >= _PROMOTER)
    # Of each case the newest comes first.
    later = pd.Series(score[answer[content]], index=case[content]).groupby(level=0).first()
    # A case has as many others as there is room for.
    number = np.arange(len(case)) - np.searchsorted(case, case)
    case, answer = case[number < _MOST], answer[number < _MOST]
    codes = pd.factorize(rows["touchpoint"], use_na_sentinel=False)[0]
    called = {codes[at]: named(str(rows["touchpoint"].iloc[at])) for at in np.unique(codes, return_index=True)[1]}
    days = rows["day"].iloc[answer].dt.strftime("%Y-%m-%d")
    said = [
        f"{called[place]} {score} ({day})"
        for place, score, day in zip(codes[answer], score[answer].tolist(), days, strict=True)
    ]
    ends = np.searchsorted(case, np.arange(len(cases) + 1)).tolist()
    others = ["; ".join(said[start:end]) or None for start, end in pairwise(ends)]
    return cases.assign(
        other_answers=pd.Series(others, index=cases.index, dtype="string"),
        content_later=later.reindex(range(len(cases))).astype("Int64").set_axis(cases.index),
    )


def _of_the_same_person(cases: pd.DataFrame, rows: pd.DataFrame) -> tuple[Rows, Rows]:
    """Return pairs of a case and another answer of its person, as places in both tables; newest first in each case."""
    every = pd.factorize(pd.concat([rows["person"], cases["person"]], ignore_index=True))[0]
    theirs, own = every[: len(rows)], every[len(rows) :]
    dated = np.flatnonzero(np.isin(theirs, own) & rows["responded_at"].notna().to_numpy())
    when, at = _instants(rows), _instants(cases)
    newest = dated[np.argsort(when[dated], kind="stable")[::-1]]
    newest = newest[np.argsort(theirs[newest], kind="stable")]
    start, stop = (np.searchsorted(theirs[newest], own, side=side) for side in ("left", "right"))
    many = stop - start
    case = np.repeat(np.arange(len(own)), many)
    answer = newest[np.arange(many.sum()) - np.repeat(np.cumsum(many) - many - start, many)]
    # By time and touchpoint, for an export need not give its answers ids.
    places = pd.factorize(pd.concat([rows["touchpoint"], cases["touchpoint"]], ignore_index=True))[0]
    there, here = places[answer], places[len(rows) :][case]
    same = (when[answer] == at[case]) & (there == here) & (there >= 0)
    return case[~same], answer[~same]


def _instants(table: pd.DataFrame) -> NDArray[np.datetime64]:
    return table["responded_at"].to_numpy(dtype="datetime64[ns]")


def with_account_score(cases: pd.DataFrame, rows: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Add the score and the answers of the account in the year up to today: `account_nps` and `account_n`.

    Examples
    --------
    >>> day = pd.to_datetime(["2026-01-01", "2026-02-01"], utc=True)
    >>> rows = pd.DataFrame({"account_id": "x", "score": [3, 9], "day": day})
    >>> with_account_score(rows.head(1), rows, day[1])[["account_nps", "account_n"]].to_numpy().tolist()
    [[0.0, 2]]
    """
    of_late = (rows["day"] <= today) & (rows["day"] > today - pd.Timedelta(days=365))
    recent = rows.loc[of_late, ["account_id", "score"]]
    side = np.where(recent["score"] >= _PROMOTER, 1.0, np.where(recent["score"] < _PASSIVE, -1.0, 0.0))
    codes, names = numbered(recent, "account_id")
    known = codes >= 0
    n = pd.Series(np.bincount(codes[known], minlength=len(names)), index=names)
    mean = pd.Series(np.bincount(codes[known], side[known], len(names)), index=names) / n
    ids = text_of(cases, "account_id")
    return cases.assign(
        account_nps=(100 * ids.map(mean)).astype("float64"),
        account_n=ids.map(n).astype("Int64"),
    )
