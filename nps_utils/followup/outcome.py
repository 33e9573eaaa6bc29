"""The loop closed: who was contacted after answering, how fast, and whether they moved more than the others.

A detractor who is asked again rises, contacted or not: the first answer was partly a bad day. Only the comparison with
detractors who were not contacted takes that out; where chance did not decide who was called, it is still a comparison
of people who may differ in more than the call.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue, check_columns, check_fraction
from nps_utils.columns import read_dates, text_of
from nps_utils.followup import answer_id, days_in, person_of
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
    timed = responses[responses["responded_at"].notna()].assign(
        person=person_of(responses), response_id=answer_id(responses, timezone=timezone)
    )
    timed = timed.merge(listed, on="response_id", how="left", suffixes=("", "_told")).sort_values(
        ["responded_at", "response_id"], kind="stable"
    )
    on_list = timed["response_id"].isin(listed["response_id"])
    if not on_list.any():
        raise BadValue(
            f"none of {len(listed):,} response_id of the follow-up table is that of an answer. "
            "Keep the response_id of results/followup/ when the list is filled in."
        )
    span = timed.loc[on_list, "responded_at"]
    low = timed["score"] <= 6
    cases = timed[
        low
        & timed["touchpoint"].isin(timed.loc[on_list, "touchpoint"])
        & timed["responded_at"].between(span.min(), span.max())
    ]
    _check_order(cases)
    cases = _with_next(cases, timed)
    # By the calendar: a call on the day of the answer may carry no time, and one of the day before another zone.
    days = (days_in(cases["contacted_at"], timezone) - days_in(cases["responded_at"], timezone)).dt.days.clip(lower=0)
    status = text_of(cases, "status_told" if "status_told" in cases.columns else "status")
    known = [name for name in ("account_id", "wave") if name in cases.columns]
    return cases.assign(contacted=cases["contacted_at"].notna(), days_to_contact=days.astype("float64"), status=status)[
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


def _check_order(cases: pd.DataFrame) -> None:
    # By day: a call on the day of the answer may carry no time.
    early = cases["contacted_at"] < cases["responded_at"].dt.normalize() - pd.Timedelta(days=1)
    if early.any():
        row = cases[early].iloc[0]
        raise BadValue(
            f"the follow-up table, response_id {row['response_id']}: contacted_at {row['contacted_at']:%Y-%m-%d} is "
            f"before the answer ({row['responded_at']:%Y-%m-%d}). Is it the contact about an earlier answer?"
        )


def _with_next(cases: pd.DataFrame, timed: pd.DataFrame) -> pd.DataFrame:
    """Add each person's next answer at the touchpoint, and whether it came before the contact."""
    later = timed[["person", "touchpoint", "responded_at", "score"]].rename(
        columns={"responded_at": "next_at", "score": "next_score"}
    )
    known = cases[["response_id", "person", "touchpoint", "responded_at", "contacted_at"]]
    pairs = known.merge(later, on=["person", "touchpoint"])
    pairs = pairs[pairs["next_at"] > pairs["responded_at"]].sort_values("next_at", kind="stable")
    first = pairs.drop_duplicates("response_id")
    between = first["contacted_at"].notna() & (first["next_at"] < first["contacted_at"])
    first = first.assign(between=between)[["response_id", "next_score", "next_at", "between"]]
    joined = cases.merge(first, on="response_id", how="left")
    return joined.assign(
        between=joined["between"].astype("boolean").fillna(False).astype(bool),
        next_score=joined["next_score"].astype("float64"),
    )
