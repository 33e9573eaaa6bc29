"""Short phrases that several parts of the summary share."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from nps_utils.stats.each import MAIN
from nps_utils.words.naming import EMPLOYEES, NOT_STATED
from nps_utils.words.translation import Local


@dataclass(frozen=True)
class Block:
    """One part of the page: a heading, the answer, what goes with it, and a list of things to do or to avoid."""

    name: str
    heading: str
    lead: str
    lines: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


def estimate(local: Local, value: str, low: str, high: str, n: float) -> str:
    """Return a value with its interval and n."""
    return local.say("{value} ({low} to {high}, n = {n})", value=value, low=low, high=high, n=local.count(n))


def score_estimate(local: Local, row: pd.Series, unit: str) -> str:
    """Return a score of `verdicts.scores` with its interval and n, and how many accounts or people that is."""
    limits = (local.points(row["nps"]), local.points(row["low"]), local.points(row["high"]))
    if row["design"] != "clustered":
        return estimate(local, *limits, row["n"])
    told = dict(zip(("value", "low", "high"), limits, strict=True))
    told |= {"n": local.count(row["n"]), "k": local.count(row["units"])}
    if unit == "account":
        return local.say("{value} ({low} to {high}, n = {n} of {k} accounts)", **told)
    return local.say("{value} ({low} to {high}, n = {n} of {k} people)", **told)


def touchpoint_name(local: Local, touchpoint: str) -> str:
    """Return a touchpoint in words; a study's own keep their name.

    Examples
    --------
    >>> touchpoint_name(Local("sv"), "after_delivery"), touchpoint_name(Local("sv"), "spring_fair")
    ('Efter leverans', 'Spring fair')
    """
    known = {
        MAIN: local.say("Relationship survey"),
        NOT_STATED: local.say("Survey"),
        EMPLOYEES: local.say("Employees"),
        "after_delivery": local.say("After delivery"),
        "after_order": local.say("After order"),
        "after_support": local.say("After support"),
    }
    return known.get(touchpoint, group_name(touchpoint))


def group_name(name: str) -> str:
    """Return the name of a column or touchpoint as a reader meets it.

    Examples
    --------
    >>> group_name("after_delivery")
    'After delivery'
    """
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def segment_name(local: Local, name: str) -> str:
    """Return the name of a segment column within a sentence; a study's own keep their name.

    Examples
    --------
    >>> segment_name(Local("nb"), "size"), segment_name(Local("nb"), "shop_type")
    ('størrelse', 'shop type')
    """
    known = {
        "country": local.say("country"),
        "industry": local.say("industry"),
        "language": local.say("language"),
        "region": local.say("region"),
        "role": local.say("role"),
        "segment": local.say("segment"),
        "size": local.say("size"),
    }
    return known.get(name.strip().casefold(), name.replace("_", " ").strip())
