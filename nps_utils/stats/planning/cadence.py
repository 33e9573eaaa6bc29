"""How often: how tired the people of a frame are of being asked, and what a cadence would ask of them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import check_columns, check_fraction, check_whole
from nps_utils.columns import Day, day_of, days_of, known_people, numbered_people, read_dates


def fatigue(frame: pd.DataFrame, *, on: Day, days: int = 365) -> pd.DataFrame:
    """How often each person was asked in the `days` up to `on`, and how far apart.

    Returns
    -------
    One row per person of the frame: `person`, `askings` (in the period), `shortest_gap`, `median_gap` (days
    between askings of the period, missing with fewer than two), `days_since` (last asking ever, missing if never).

    Examples
    --------
    >>> asked = pd.DataFrame({"respondent_id": ["a", "a", "b"], "asked_at": ["2026-01-01", "2026-01-31", None]})
    >>> fatigue(asked, on="2026-02-10")
      person  askings  shortest_gap  median_gap  days_since
    0      a        2          30.0        30.0        10.0
    1      b        0           NaN         NaN         NaN
    """
    today = day_of(on)
    check_whole("days", days, least=1)
    rows = pd.DataFrame({"person": known_people(frame), "asked": read_dates(frame, "asked_at", what="the frame")})
    order = pd.Index(rows["person"].drop_duplicates(), name="person")
    asked = rows[rows["asked"] < today + pd.Timedelta(days=1)].sort_values(["person", "asked"])
    since = days_of(today - asked.groupby("person")["asked"].max().dt.normalize())
    asked = asked[asked["asked"] >= today - pd.Timedelta(days=days - 1)]
    gaps = days_of(asked.groupby("person")["asked"].diff()).groupby(asked["person"])
    table = pd.DataFrame(
        {
            "askings": asked.groupby("person").size().reindex(order, fill_value=0),
            "shortest_gap": gaps.min().reindex(order),
            "median_gap": gaps.median().reindex(order),
            "days_since": since.reindex(order),
        }
    )
    return table.reset_index()


def askings_of_each(frame: pd.DataFrame, *, on: Day, days: int = 365) -> pd.Series[int]:
    """Return the `askings` of `fatigue` alone, one for each person as they come: of millions they are soon counted.

    Examples
    --------
    >>> asked = pd.DataFrame({"respondent_id": ["a", "a", "b"], "asked_at": ["2026-01-01", "2026-01-31", None]})
    >>> askings_of_each(asked, on="2026-02-10").tolist()
    [2, 0]
    """
    today = day_of(on)
    check_whole("days", days, least=1)
    codes, people = numbered_people(frame)
    asked = read_dates(frame, "asked_at", what="the frame")
    of_late = (asked >= today - pd.Timedelta(days=days - 1)) & (asked < today + pd.Timedelta(days=1))
    counts = np.bincount(codes[of_late.to_numpy()], minlength=people)
    return pd.Series(counts, name="askings")


def cadence(
    people: pd.DataFrame,
    *,
    on: Day,
    every_days: Sequence[int] = (30, 91, 182, 365),
    min_days_as_customer: int = 30,
    not_asked_within_days: int = 90,
    response_rate: float | None = None,
    horizon_days: int = 365,
) -> pd.DataFrame:
    """What a cadence would mean: rounds, people per round and how often each is asked over the coming year.

    At each round everyone is asked who may be asked then under the two rules. People who are out for another
    reason today (staff, inactive, left, unknown) stay out. Nobody new joins.

    Parameters
    ----------
    people
        The result of `eligible`.
    on
        Day of the first round.
    every_days
        Cadences to compare: days from one round to the next.
    min_days_as_customer, not_asked_within_days
        As in `eligible`.
    response_rate
        Expected share of answers, 0..1; None leaves the answers missing.
    horizon_days
        Length of the plan: as many rounds as fit into it whole, four of 91 days in 365.

    Returns
    -------
    One row per cadence: `every_days`, `rounds`, `asked_per_round` (mean), `smallest_round`, `askings_mean` and
    `askings_most` (per person who may ever be asked, in the period), `answers_per_round` (expected).

    Examples
    --------
    >>> from nps_utils.stats.planning.eligibility import eligible
    >>> people = eligible(pd.DataFrame({"email": ["a@x.se", "b@x.se"]}), on="2026-01-01")
    >>> cadence(people, on="2026-01-01", every_days=[91])[["rounds", "asked_per_round", "askings_most"]]
       rounds  asked_per_round  askings_most
    0       4              2.0             4
    """
    check_columns(list(people.columns), ["eligible", "reason", "last_asked"], what="the table of people")
    if response_rate is not None:
        check_fraction("response_rate", response_rate)
    check_whole("min_days_as_customer", min_days_as_customer)
    check_whole("not_asked_within_days", not_asked_within_days)
    today = day_of(on)
    waiting = people["reason"].isin(["not_yet_customer", "too_new", "asked_recently"])
    pool = people[people["eligible"] | waiting]
    last: NDArray[np.float64] = np.array(days_of(pool["last_asked"].dt.normalize() - today).fillna(-math.inf))
    start: NDArray[np.float64] = np.full(len(pool), -math.inf)
    if "customer_since" in pool.columns:
        since = read_dates(pool, "customer_since", what="the frame").dt.normalize()
        start = np.array(days_of(since - today))
    rows = []
    for every in every_days:
        check_whole("every_days", every, least=1)
        rounds = every * np.arange(max(1, horizon_days // every))
        per_round, askings = _play(rounds, last, start + min_days_as_customer, not_asked_within_days)
        rows.append(
            {
                "every_days": every,
                "rounds": len(rounds),
                "asked_per_round": float(per_round.mean()),
                "smallest_round": int(per_round.min()),
                "askings_mean": float(askings.mean()) if len(askings) else 0.0,
                "askings_most": int(askings.max(initial=0)),
                "answers_per_round": math.nan if response_rate is None else float(per_round.mean()) * response_rate,
            }
        )
    return pd.DataFrame(rows)


def _play(
    rounds: NDArray[np.signedinteger], last: NDArray[np.float64], ready: NDArray[np.float64], rest: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ask in each round whoever is ready and rested; return people per round and askings per person."""
    last = last.copy()
    askings = np.zeros(len(last), dtype=np.int64)
    per_round = np.zeros(len(rounds), dtype=np.int64)
    for i, day in enumerate(rounds):
        ask = (day >= ready) & (day - last >= rest)
        last[ask] = day
        askings += ask
        per_round[i] = ask.sum()
    return per_round, askings
