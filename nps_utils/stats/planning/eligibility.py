"""Whom to ask: the sampling frame, one row per person and asking, read as rules and counts.

Leaving people out changes the population that a score speaks of, not its accuracy. That is why every person who
is not asked has a reason here, and the reasons are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue, check_columns, check_whole
from nps_utils.columns import Day, day_of, days_of, is_active, numbered_people, read_dates, text_of

REASONS: Final = (
    "own_staff",
    "inactive",
    "left",
    "unknown_customer_since",
    "not_yet_customer",
    "too_new",
    "asked_recently",
)
"""Why a person is not asked, in the order in which the rules are applied; the first that holds is the reason."""

RULED_BY: Final = ("respondent_id", "email", "customer_since", "asked_at", "active", "churned_on")
"""Columns of a frame that the rules look at."""


def eligible(
    frame: pd.DataFrame,
    *,
    on: Day,
    min_days_as_customer: int = 30,
    not_asked_within_days: int = 90,
    staff_domains: Sequence[str] = (),
) -> pd.DataFrame:
    """Say for each person of the frame whether to ask today, and why not.

    Parameters
    ----------
    frame
        One row per person and asking: `respondent_id` or `email`; where present `customer_since`, `asked_at`,
        `active`, `churned_on`. A person without `asked_at` was never asked. A rule whose column the frame lacks or
        leaves empty throughout is not applied.
    on
        The day of asking. Askings after it are not known yet and are left out.
    min_days_as_customer
        Customers for fewer days are too new.
    not_asked_within_days
        Fewer days since the last asking are too soon.
    staff_domains
        E-mail domains of our own staff; subdomains count.

    Returns
    -------
    One row per person, in the order of first appearance: the columns of the person's latest row, `last_asked`
    (UTC), `askings` (up to `on`), `eligible` (bool), `reason` (missing for the eligible, else one of `REASONS`).

    Raises
    ------
    BadValue
        A date that is none, an `active` that is neither yes nor no, a row without a person.

    Examples
    --------
    >>> people = pd.DataFrame(
    ...     {
    ...         "email": ["a@x.se", "b@x.se", "c@our.se", "a@x.se"],
    ...         "customer_since": ["2020-01-01", "2026-11-10", "2020-01-01", "2020-01-01"],
    ...         "asked_at": ["2025-11-01", None, None, "2026-10-01"],
    ...     }
    ... )
    >>> eligible(people, on="2026-11-21", staff_domains=["our.se"])[["email", "askings", "eligible", "reason"]]
          email  askings  eligible          reason
    0    a@x.se        2     False  asked_recently
    1    b@x.se        0     False         too_new
    2  c@our.se        0     False       own_staff
    """
    today = day_of(on)
    check_whole("min_days_as_customer", min_days_as_customer)
    check_whole("not_asked_within_days", not_asked_within_days)
    people = _people(frame, today)
    since = read_dates(people, "customer_since", what="the frame") if "customer_since" in people.columns else None
    if since is not None and since.isna().all():
        since = None
    never = pd.Series(False, index=people.index)
    broken = {
        "own_staff": is_staff(people, staff_domains),
        "inactive": ~is_active(people),
        "left": read_dates(people, "churned_on", what="the frame") <= today
        if "churned_on" in people.columns
        else never,
        "unknown_customer_since": never if since is None else since.isna(),
        "not_yet_customer": never if since is None else since > today,
        "too_new": never if since is None else days_of(today - since.dt.normalize()) < min_days_as_customer,
        "asked_recently": days_of(today - people["last_asked"].dt.normalize()) < not_asked_within_days,
    }
    reason = pd.Series(pd.NA, index=people.index, dtype="string")
    for name in reversed(REASONS):
        reason = reason.mask(broken[name], name)
    return people.assign(eligible=reason.isna(), reason=reason)


def eligibility_counts(people: pd.DataFrame) -> pd.DataFrame:
    """Count the people of `eligible` by reason, in the order of the rules; the eligible come first.

    Returns
    -------
    `reason` ("eligible" or one of `REASONS`), `people`, `share` (0..1).

    Examples
    --------
    >>> people = pd.DataFrame({"eligible": [True, False], "reason": [None, "too_new"]})
    >>> eligibility_counts(people)
         reason  people  share
    0  eligible       1    0.5
    1   too_new       1    0.5
    """
    check_columns(list(people.columns), ["eligible", "reason"], what="the table of people")
    found = people["reason"].where(~people["eligible"], "eligible").value_counts()
    order = [name for name in ("eligible", *REASONS) if name == "eligible" or name in found.index]
    counts = np.array([int(found.get(name, 0)) for name in order])
    return pd.DataFrame({"reason": order, "people": counts, "share": counts / max(len(people), 1)})


def _people(frame: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """One row per person: the latest row as of today, the last asking, how many askings."""
    codes, people = numbered_people(frame)
    asked = (
        read_dates(frame, "asked_at", what="the frame")
        if "asked_at" in frame.columns
        else pd.Series(pd.NaT, index=frame.index, dtype="datetime64[ns, UTC]")
    )
    # By day: whoever was asked this morning has been asked.
    asked = asked.where(asked.dt.normalize() <= today)
    # A row never asked sorts before any asking; among equals the later row of the file wins.
    order = np.argsort(asked.to_numpy(dtype="datetime64[us]").astype(np.int64), kind="stable")
    last = np.empty(people, dtype=np.intp)
    last[codes[order]] = order
    times = np.bincount(codes[asked.notna().to_numpy()], minlength=people)
    latest = frame.iloc[last].assign(last_asked=asked.iloc[last], askings=times)
    return latest.reset_index(drop=True)


def is_staff(people: pd.DataFrame, domains: Sequence[str]) -> pd.Series[bool]:
    """Say of each person whether the e-mail address is of one of these domains or their subdomains.

    Examples
    --------
    >>> is_staff(pd.DataFrame({"email": ["a@our.se", "b@eu.our.se", "c@your.se", None]}), ["our.se"]).tolist()
    [True, True, False, False]
    """
    if isinstance(domains, str):
        raise BadValue(f"staff_domains = {domains!r} is one text; write a list: [{domains!r}].")
    domain = text_of(people, "email").str.lower().str.replace(r"^.*@", "", regex=True).fillna("")
    staff = pd.Series(False, index=people.index)
    for own in domains:
        bare = own.lower().lstrip("@")
        staff |= (domain == bare) | domain.str.endswith("." + bare)
    return staff
