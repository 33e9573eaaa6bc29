"""The lists of a study that say whom to contact, whom to quote and whom to leave in peace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from nps_utils.words.limits import Limit


@dataclass(frozen=True)
class Contacts:
    """Whom to contact, whom one may quote, whom to leave in peace, as of a stated day.

    `consented` says that whoever is quoted allowed it; else the company's own word in study.toml does. `declined` is
    how many open cases are not on the list because they asked not to be contacted.
    """

    on: pd.Timestamp
    cases: pd.DataFrame
    quotes: pd.DataFrame
    resting: pd.DataFrame | Limit
    currency: str
    consented: bool = True
    declined: int = 0


class Order(NamedTuple):
    """How many open cases there are of each part of the list, in the order in which it is worked through."""

    new: int
    valued: int
    others: int
    old: int


def order_of(cases: pd.DataFrame) -> Order:
    """Count the parts of a list: of the last 48 hours, then at accounts of class A, the others, and those to ask anew.

    What the first page and the page of action say of these parts is all counted here.

    Examples
    --------
    >>> order_of(pd.DataFrame({"age": ["new", "open", "open", "old"], "value_class": ["A", "A", "C", "A"]}))
    Order(new=1, valued=1, others=1, old=1)
    """
    new, old = cases["age"] == "new", cases["age"] == "old"
    valued = (cases["value_class"] == "A") & ~new & ~old
    return Order(*(int(part.sum()) for part in (new, valued, ~(new | old | valued), old)))
