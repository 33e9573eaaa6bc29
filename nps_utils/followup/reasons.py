"""Why a case stands where it stands on the list, in the language of its reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import pandas as pd

from nps_utils.followup.people import is_named
from nps_utils.words.translation import Local

CLASSES: Final = ("A", "B", "C", "not known")


def reasons(cases: pd.DataFrame, local: Local) -> list[str]:
    """Return the reason for the rank of each case, and where nobody is named, how to find the answer.

    Parameters
    ----------
    cases
        kind, score, score_before, value_class, days_waiting; respondent_id, email, name, account_id; and, where it is
        known, content_later: a promoter's score that the person gave later elsewhere.
    local
        The language of the reader.

    Examples
    --------
    >>> case = {"kind": "fallen_passive", "score": 7, "score_before": 10, "value_class": "A", "days_waiting": 1,
    ...         "respondent_id": None, "email": "a@b.example", "name": None, "account_id": "x"}
    >>> reasons(pd.DataFrame([case]), Local("en"))[0].split("; ")[::2]
    ['fell from 10 to 7', 'waiting for 1 day']
    """
    scores = cases["content_later"] if "content_later" in cases.columns else [None] * len(cases)
    later = [None if pd.isna(score) else score for score in scores]
    told = [
        [None if pd.isna(cell) else cell for cell in cases[name]]
        for name in ("kind", "score", "score_before", "value_class", "days_waiting")
    ]
    said = dict[_Case, str]()  # thousands of cases have a few hundred reasons
    reasons = []
    for case in map(_Case, *told, later, is_named(cases), cases["account_id"].notna()):
        if case not in said:
            said[case] = "; ".join(_parts(case, local))
        reasons.append(said[case])
    return reasons


class _Case(NamedTuple):
    kind: str
    score: int
    score_before: int
    value_class: str
    days_waiting: int
    content_later: int | None
    named: bool
    has_account: bool


def _parts(row: _Case, local: Local) -> Iterator[str]:
    if row.kind == "detractor":
        yield local.say("detractor ({score})", score=row.score)
    else:
        yield local.say("fell from {before} to {score}", before=row.score_before, score=row.score)
    yield _worth(str(row.value_class), local)
    yield local.say_n("waiting for {n} day", "waiting for {n} days", row.days_waiting)
    if row.content_later is not None:
        yield local.say("gave {score} elsewhere since", score=row.content_later)
    if not row.named and not row.has_account:
        yield local.say("the export names nobody: find the answer by its response_id")
    elif not row.named:
        yield local.say("the export names no person: ask at the account")


def _worth(value_class: str, local: Local) -> str:
    """Return what puts the account into its class."""
    return {
        "A": local.say("account among those that hold the first half of the value on this list"),
        "B": local.say(
            "account among those that hold the next {share} of the value on this list", share=local.share(0.3)
        ),
        "C": local.say(
            "account among those that hold the last {share} of the value on this list", share=local.share(0.2)
        ),
        CLASSES[-1]: local.say("value of the account not known"),
    }[value_class]
