"""Why a case stands where it stands on the list, in the language of its reader."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Final, NamedTuple

import numpy as np
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
    told = [cases[name] for name in ("kind", "score", "score_before", "value_class", "days_waiting")]
    none = pd.Series(pd.NA, index=cases.index, dtype="Int64")
    told += [cases.get("content_later", none), is_named(cases), cases["account_id"].notna()]
    # Thousands of cases have a few hundred reasons: each is worded once, and so is each part of them.
    alike = pd.DataFrame({place: pd.factorize(column)[0] for place, column in enumerate(told)})
    case = alike.groupby(list(alike.columns), sort=False).ngroup().to_numpy()
    _, first = np.unique(case, return_index=True)
    cells = [[None if pd.isna(cell) else cell for cell in column.iloc[first]] for column in told]
    words = _Words(local)
    said = ["; ".join(words.of(_Case(*row))) for row in zip(*cells, strict=True)]
    return [said[place] for place in case.tolist()]


class _Case(NamedTuple):
    kind: str
    score: int
    score_before: int
    value_class: str
    days_waiting: int
    content_later: int | None
    named: bool
    has_account: bool


class _Words:
    """The parts of reasons, each worded when it is first needed."""

    def __init__(self, local: Local) -> None:
        self._local = local
        self._known: dict[Hashable, str] = {}

    def of(self, row: _Case) -> Iterator[str]:
        say, say_n = self._local.say, self._local.say_n
        if row.kind == "detractor":
            yield self._once(("detractor", row.score), lambda: say("detractor ({score})", score=row.score))
        else:
            fall = (row.score_before, row.score)
            yield self._once(fall, lambda: say("fell from {before} to {score}", before=fall[0], score=fall[1]))
        yield self._once(row.value_class, lambda: _worth(str(row.value_class), self._local))
        days = row.days_waiting
        yield self._once(("days", days), lambda: say_n("waiting for {n} day", "waiting for {n} days", days))
        if row.content_later is not None:
            later = row.content_later
            yield self._once(("later", later), lambda: say("gave {score} elsewhere since", score=later))
        if not row.named and not row.has_account:
            yield self._once("nobody", lambda: say("the export names nobody: find the answer by its response_id"))
        elif not row.named:
            yield self._once("account", lambda: say("the export names no person: ask at the account"))

    def _once(self, key: Hashable, word: Callable[[], str]) -> str:
        if key not in self._known:
            self._known[key] = word()
        return self._known[key]


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
