"""The loop closed: who was contacted after answering, how fast, and whether they moved more than the others.

A detractor who is asked again rises, contacted or not: the first answer was partly a bad day. Only the comparison with
detractors who were not contacted takes that out; where chance did not decide who was called, it is still a comparison
of people who may differ in more than the call.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from nps_utils.checks import BadValue, check_columns, check_fraction
from nps_utils.columns import read_dates, text_of
from nps_utils.followup import answer_id, days_in, person_of
from nps_utils.followup.people import people_of
from nps_utils.stats.arithmetic.proportions import proportion_limits
from nps_utils.stats.counts import count_bands
from nps_utils.stats.experiment import randomised
from nps_utils.stats.score import score

CONTACTED, NOT_CONTACTED = "contacted", "not contacted"
_LEAST_ACCOUNTS: Final = 20  # fewer clusters give no standard error worth its name


def contacts(responses: pd.DataFrame, followup: pd.DataFrame, *, timezone: str = "UTC") -> pd.DataFrame:
    """Join what the follow-up table says to the answers it is about, with each person's next answer.

    Cases are the detractors' answers at the touchpoints of the table, from the first to the last answer it lists:
    those it does not list, or lists without `contacted_at`, were not contacted.

    Parameters
    ----------
    responses
        Canonical responses; those without response_id are known by file, row and day, as in the list.
    followup
        response_id, contacted_at, and status where there is one.
    timezone
        In which days are counted, and on whose clock times of `contacted_at` without a zone are.

    Returns
    -------
    One row per case: response_id, person, account_id, touchpoint, wave, score, responded_at, contacted (bool),
    contacted_at, days_to_contact, status, next_score and next_at (the person's next answer at the touchpoint; for the
    contacted, after the contact), and `between` (bool): answered again before the contact, which says nothing of it.

    Raises
    ------
    BadValue
        No row of the table belongs to an answer, or a contact comes before the answer.

    Examples
    --------
    >>> responses = pd.DataFrame({"response_id": ["1", "2"], "respondent_id": "a", "touchpoint": "t", "score": [3, 8],
    ...     "responded_at": pd.to_datetime(["2026-01-01", "2026-04-01"], utc=True)})
    >>> found = contacts(responses, pd.DataFrame({"response_id": ["1"], "contacted_at": ["2026-01-03"]}))
    >>> found[["days_to_contact", "next_score"]].to_numpy().tolist()
    [[2.0, 8.0]]
    """
    check_columns(list(followup.columns), ["response_id", "contacted_at"], what="the follow-up table")
    check_columns(list(responses.columns), ["score", "touchpoint", "responded_at"], what="the responses")
    listed = _listed(followup, timezone)
    ids = answer_id(responses, timezone=timezone)
    when = responses["responded_at"]
    told = _places(listed["response_id"], ids)
    on_list = (told >= 0) & when.notna().to_numpy()
    if not on_list.any():
        raise BadValue(
            f"none of {len(listed):,} response_id of the follow-up table is that of an answer. "
            "Keep the response_id of results/followup/ when the list is filled in."
        )
    span = when[on_list]
    low = (responses["score"] <= 6).to_numpy(dtype=bool, na_value=False)
    there = responses["touchpoint"].isin(responses["touchpoint"][on_list].unique())
    chosen = np.flatnonzero(low & (there & when.between(span.min(), span.max())).to_numpy())
    known = [
        name for name in ("account_id", "wave", "touchpoint", "score", "responded_at") if name in responses.columns
    ]
    cases = (
        responses[known]
        .iloc[chosen]
        .assign(response_id=ids.iloc[chosen], place=chosen, **_of_the_table(listed, told[chosen]))
    )
    cases = cases.sort_values(["responded_at", "response_id"], kind="stable")
    _check_order(cases)
    cases = cases.assign(person=_named(responses, cases["place"].to_numpy()), **_next(cases, responses, ids))
    # By the calendar: a call on the day of the answer may carry no time, and one of the day before another zone.
    days = (days_in(cases["contacted_at"], timezone) - days_in(cases["responded_at"], timezone)).dt.days.clip(lower=0)
    known = [name for name in ("account_id", "wave") if name in cases.columns]
    return cases.assign(contacted=cases["contacted_at"].notna(), days_to_contact=days.astype("float64"))[
        [
            *("response_id", "person", *known, "touchpoint", "score", "responded_at", "contacted", "contacted_at"),
            *("days_to_contact", "status", "next_score", "next_at", "between"),
        ]
    ].reset_index(drop=True)


def reached(cases: pd.DataFrame, *, confidence_level: float = 0.95) -> pd.DataFrame:
    """Say how many cases were contacted and how fast, in all and by wave where there are waves.

    Returns
    -------
    `wave` ("all" last), `cases`, `contacted`, `share` with `low`, `high` (Wilson; 0..1), `median_days` and
    `slowest_tenth` (days within which nine of ten of the contacted were).

    Examples
    --------
    >>> cases = pd.DataFrame({"contacted": [True, True, False], "days_to_contact": [1.0, 5.0, None]})
    >>> reached(cases)[["wave", "cases", "contacted", "share", "median_days"]].round(2).to_numpy().tolist()
    [['all', 3, 2, 0.67, 3.0]]
    """
    check_fraction("confidence_level", confidence_level)
    parts = [(str(name), part) for name, part in cases.groupby("wave", sort=True)] if "wave" in cases.columns else []
    rows = []
    for name, part in [*parts, ("all", cases)]:
        n, done = len(part), int(part["contacted"].sum())
        low, high = proportion_limits(done, max(n, 1), confidence_level=confidence_level)
        days = part["days_to_contact"].dropna()
        rows.append(
            {
                "wave": name,
                "cases": n,
                "contacted": done,
                "share": done / n if n else np.nan,
                "low": float(low) if n else 0.0,
                "high": float(high) if n else 1.0,
                "median_days": float(days.median()) if len(days) else np.nan,
                "slowest_tenth": float(days.quantile(0.9)) if len(days) else np.nan,
            }
        )
    return pd.DataFrame(rows)


def moved(cases: pd.DataFrame, *, confidence_level: float = 0.95) -> pd.DataFrame:
    """Compare the next answers of contacted detractors with those of detractors who were not contacted.

    All of them stood at -100 points, so both groups rise by regression to the mean alone; `change` is what the
    contacted rose more. First answers only count once per person: a person's earliest case. Where accounts are known,
    standard errors are by account (people of one account are called and answer alike).

    Returns
    -------
    One row: `n_not_contacted`, `n_contacted` (people with a next answer), `nps_not_contacted`, `nps_contacted` (of the
    next answers, points), `change`, `low`, `high`, `pvalue`, `analysis`, `no_next` (cases never asked or answered
    again) and `between` (left out: they answered before the contact).

    Raises
    ------
    BadValue
        Fewer than ten next answers on a side: nothing can be compared.
    """
    check_columns(list(cases.columns), ["contacted", "next_score", "person", "between"], what="the cases")
    usable = cases[cases["next_score"].notna() & ~cases["between"]].drop_duplicates("person")
    arm = np.where(usable["contacted"], CONTACTED, NOT_CONTACTED)
    sizes = {name: int((arm == name).sum()) for name in (CONTACTED, NOT_CONTACTED)}
    if min(sizes.values()) < 10:
        raise BadValue(
            f"Only {sizes[CONTACTED]} contacted and {sizes[NOT_CONTACTED]} other detractors have answered again; "
            "with fewer than ten on a side nothing can be said of what the contacts did."
        )
    table = usable.assign(arm=arm, score=usable["next_score"].astype(int))
    accounts = text_of(table, "account_id")
    cluster = None
    if accounts.notna().all() and min(accounts[arm == name].nunique() for name in sizes) >= _LEAST_ACCOUNTS:
        cluster = "account_id"
    found = randomised(
        table, arm="arm", control=NOT_CONTACTED, cluster=cluster, confidence_level=confidence_level
    ).iloc[[0]]
    renamed = {f"{part}_{old}": f"{part}_{new}" for part in ("n", "nps") for old, new in _ARMS}
    return (
        found.drop(columns=["control", "treated"])
        .rename(columns=renamed)
        .assign(no_next=int(cases["next_score"].isna().sum()), between=int(cases["between"].sum()))
    )


def next_scores(cases: pd.DataFrame) -> pd.DataFrame:
    """Score the next answers of the contacted and of the others: `group` and the columns of `score`."""
    usable = cases[cases["next_score"].notna() & ~cases["between"]].drop_duplicates("person")
    if usable.empty:
        raise BadValue("Nobody on the list has answered again yet, so nothing can be compared.")
    group = np.where(usable["contacted"], CONTACTED, NOT_CONTACTED)
    answered = pd.DataFrame({"group": group, "score": usable["next_score"].astype(int)})
    return score(count_bands(answered, by=["group"]))


_ARMS: Final = (("control", "not_contacted"), ("treated", "contacted"))


def _listed(followup: pd.DataFrame, timezone: str) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "response_id": text_of(followup, "response_id"),
            "contacted_at": read_dates(followup, "contacted_at", what="the follow-up table", timezone=timezone),
            "status": text_of(followup, "status"),
        }
    )
    return table.dropna(subset=["response_id"]).drop_duplicates("response_id", keep="last")


def _places(listed: pd.Series[str], ids: pd.Series[str]) -> NDArray[np.intp]:
    """Return where each of millions of texts stands in a list, -1 where it does not."""
    import pyarrow as pa  # pandas has loaded it by now
    from pyarrow import compute

    known, asked = (pa.array(texts.array, type=pa.large_string()) for texts in (listed, ids))
    found: NDArray[np.intp] = (
        compute.index_in(asked, known).fill_null(-1).to_numpy(zero_copy_only=False).astype(np.intp)
    )
    return found


def _check_order(cases: pd.DataFrame) -> None:
    # By day: a call on the day of the answer may carry no time.
    early = cases["contacted_at"] < cases["responded_at"].dt.normalize() - pd.Timedelta(days=1)
    if early.any():
        row = cases[early].iloc[0]
        raise BadValue(
            f"the follow-up table, response_id {row['response_id']}: contacted_at {row['contacted_at']:%Y-%m-%d} is "
            f"before the answer ({row['responded_at']:%Y-%m-%d}). Is it the contact about an earlier answer?"
        )


def _of_the_table(listed: pd.DataFrame, rows: NDArray[np.intp]) -> dict[str, ExtensionArray]:
    """Return what the follow-up table says of some of its rows; nothing of the row -1."""
    return {name: listed[name].array.take(rows, allow_fill=True) for name in ("contacted_at", "status")}


def _named(responses: pd.DataFrame, rows: NDArray[np.intp]) -> ExtensionArray:
    """Return who gave some of the answers, as `person_of` names them."""
    columns = [name for name in ("respondent_id", "email") if name in responses.columns]
    who = person_of(responses[columns].iloc[rows])
    nobody = text_of(responses.iloc[rows], "respondent_id").isna() & text_of(responses.iloc[rows], "email").isna()
    place = "row " + pd.Series(rows, index=who.index).astype("string")
    return who.mask(nobody, place).array


def _next(cases: pd.DataFrame, responses: pd.DataFrame, ids: pd.Series[str]) -> dict[str, Any]:
    """Return each person's next answer at the touchpoint of a case, and whether it came before the contact."""
    places = pd.factorize(responses["touchpoint"])[0]
    key = people_of(responses) * (places.max(initial=-1) + 2) + places + 1
    own = key[cases["place"]]
    theirs = np.flatnonzero(np.isin(key, own) & responses["responded_at"].notna().to_numpy())
    when = responses["responded_at"].to_numpy(dtype="datetime64[ns]").astype(np.int64)
    order = pd.DataFrame({"key": key[theirs], "when": when[theirs], "id": ids.iloc[theirs].array})
    theirs = theirs[order.sort_values(["key", "when", "id"], kind="stable").index]
    # After the last of those of the same person, touchpoint and time comes the next, where the person has one.
    every = pd.DataFrame({"key": np.append(key[theirs], own), "when": np.append(when[theirs], when[cases["place"]])})
    number = every.groupby(["key", "when"]).ngroup().to_numpy()
    at = np.searchsorted(number[: len(theirs)], number[len(theirs) :], side="right")
    after = np.append(theirs, -1)[at]
    has = (after >= 0) & (np.append(key[theirs], -1)[at] == own)
    rows = np.where(has, after, -1)
    found = {
        name: pd.Series(responses[name].array.take(rows, allow_fill=True), index=cases.index)
        for name in ("score", "responded_at")
    }
    before = cases["contacted_at"].notna() & (found["responded_at"] < cases["contacted_at"])
    score = found["score"].astype("float64")
    return {"next_score": score, "next_at": found["responded_at"], "between": before.astype(bool)}
