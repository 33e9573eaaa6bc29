"""The two lists beside the cases: whom one may quote, and whom to leave in peace for now."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import check_columns
from nps_utils.columns import Day, days_in
from nps_utils.followup.people import Askings, account_names, answer_id, people_of, under, with_people
from nps_utils.scale import BANDS
from nps_utils.stats.planning.eligibility import RULED_BY, eligible

PROMOTER = BANDS["promoter"][0]


def may_quote(
    responses: pd.DataFrame,
    *,
    comment: pd.Series[str],
    frame: pd.DataFrame | Askings | None = None,
    accounts: pd.DataFrame | None = None,
    timezone: str = "UTC",
) -> pd.DataFrame:
    """List promoters who allowed us to quote them, with the masked quote; newest first.

    Only answers with `consent_to_quote`, a score of 9 or 10 and a comment, of people whose latest answer anywhere is
    still a promoter's: nobody is quoted against what they think now.

    Returns
    -------
    response_id, account_id, account, respondent_id, name, email, touchpoint, score, responded_on, quote.

    Examples
    --------
    >>> responses = pd.DataFrame({"response_id": ["1", "2"], "respondent_id": ["a", "b"], "account_id": "x",
    ...     "touchpoint": "relationship", "score": [10, 10], "consent_to_quote": [True, False],
    ...     "responded_at": pd.to_datetime(["2026-01-01", "2026-02-01"], utc=True)})
    >>> may_quote(responses, comment=pd.Series(["Fast", "Good"]))["quote"].tolist()
    ['Fast']
    """
    check_columns(list(responses.columns), ["score", "consent_to_quote", "responded_at"], what="the responses")
    promoter = (responses["score"] >= PROMOTER).to_numpy(dtype=bool)
    allowed = responses["consent_to_quote"].fillna(False).astype(bool).to_numpy()
    at = _still_promoters(responses, promoter, allowed) if (promoter & allowed).any() else np.array([], dtype=np.intp)
    quote = under(comment, responses, at)
    said = (quote.notna() & (quote.astype("string").str.strip() != "")).fillna(value=False).to_numpy(dtype=bool)
    at = at[said]
    rows = responses.iloc[at].assign(
        quote=quote[said].array,
        response_id=answer_id(responses, timezone=timezone, at=at),
        responded_on=days_in(responses["responded_at"].iloc[at], timezone).dt.date,
    )
    told = with_people(rows, frame, only_active=False)
    told = told.assign(account=account_names(told, accounts))
    return told[
        [
            *("response_id", "account_id", "account", "respondent_id", "name", "email", "touchpoint", "score"),
            *("responded_on", "quote"),
        ]
    ].reset_index(drop=True)


def _still_promoters(
    responses: pd.DataFrame, promoter: NDArray[np.bool_], allowed: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """Return the places of allowed answers of promoters whose latest answer is a promoter's too, newest first."""
    newest = responses["responded_at"].reset_index(drop=True).sort_values(kind="stable").index.to_numpy()
    person = people_of(responses)
    last = np.empty(int(person.max(initial=-1)) + 1, dtype=np.intp)
    last[person[newest]] = newest  # of each person the last one stays
    chosen: NDArray[np.intp] = newest[(allowed & promoter[last[person]] & promoter)[newest]][::-1]
    return chosen


RESTING_BY = tuple(dict.fromkeys((*RULED_BY, "respondent_id", "name", "email", "account_id", "touchpoint")))


def not_to_ask(
    frame: pd.DataFrame, *, on: Day, not_asked_within_days: int = 90, accounts: pd.DataFrame | None = None
) -> pd.DataFrame:
    """List whom not to ask again yet, and from which day one may.

    The unhappy are not on it: leaving them out would lift the score and hide what is wrong.

    Returns
    -------
    respondent_id, name, email, account_id, touchpoint (those the frame has), account (where `accounts` names it),
    last_asked (date), ask_from (date); next first.

    Examples
    --------
    >>> frame = pd.DataFrame({"respondent_id": ["a", "b"], "asked_at": ["2026-11-01", "2026-01-01"]})
    >>> not_to_ask(frame, on="2026-11-21").to_numpy().tolist()
    [['a', datetime.date(2026, 11, 1), datetime.date(2027, 1, 30)]]
    """
    people = eligible(frame, on=on, min_days_as_customer=0, not_asked_within_days=not_asked_within_days)
    recent = people[people["reason"] == "asked_recently"]
    del people  # of millions three tables would not fit
    asked = recent["last_asked"].dt.normalize()
    table = recent
    if accounts is not None and "account_id" in table.columns:
        table = table.assign(account=account_names(table, accounts))
    order = ("respondent_id", "name", "email", "account_id", "account", "touchpoint")
    known = [name for name in order if name in table.columns]
    place = _next_first(asked, table[known])
    days = {"last_asked": asked, "ask_from": asked + pd.Timedelta(days=not_asked_within_days)}
    told: pd.DataFrame = table[known].iloc[place].reset_index(drop=True)
    return told.assign(**{name: _dates(day.iloc[place]) for name, day in days.items()})


def _next_first(asked: pd.Series[pd.Timestamp], texts: pd.DataFrame) -> NDArray[np.intp]:
    """Return the order by day, then by texts: those that are alike in the first of them are few."""
    day = asked.to_numpy(dtype="datetime64[s]").astype(np.int64)
    if texts.empty or not len(texts.columns):
        return np.argsort(day, kind="stable")
    first = _ranks(texts.iloc[:, 0])
    order = np.lexsort((first, day))
    same = (day[order][1:] == day[order][:-1]) & (first[order][1:] == first[order][:-1])
    tied = np.flatnonzero(np.append(same, [False]) | np.append([False], same))
    if len(tied) and len(texts.columns) > 1:
        own = order[tied]
        ranks = [_ranks(texts[name].iloc[own]) for name in reversed(texts.columns)]
        order[tied] = own[np.lexsort((*ranks, day[own]))]
    return order


def _ranks(cells: pd.Series[str]) -> NDArray[np.intp]:
    """Return the place of each text in their order; no text comes last."""
    codes, _ = pd.factorize(cells, sort=True)
    return np.where(codes < 0, len(cells), codes).astype(np.intp)


def _dates(days: pd.Series[pd.Timestamp]) -> NDArray[np.object_]:
    """Return days as dates, of which there are few."""
    codes, different = pd.factorize(days)
    return np.append(pd.Series(different).dt.date.to_numpy(dtype=object), [None])[codes]
