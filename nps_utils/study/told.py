"""What is told of a whole file of the study, as a row of the ledger: the file, a word for the reason, a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

_LONGEST = 40


class Told(NamedTuple):
    """A sentence on one file; `reason` is a word of the ledger."""

    source_file: str
    reason: str
    sentence: str


def as_ledger(said: Iterable[Told]) -> pd.DataFrame:
    """Return sentences as rows of the ledger."""
    table = pd.DataFrame(list(said), columns=["source_file", "reason", "value"]).astype("string")
    return table.assign(action="noted", source_row=pd.array([pd.NA] * len(table), dtype="Int64"), comment=None)


def examples(values: Iterable[str], *, most: int = 2) -> str:
    """Return a few values in quotes, none so long that it hides the sentence; of an address only how it is written.

    Examples
    --------
    >>> examples(["Co 1", "Co 2", "Co 3"]), examples(["anna@x.example"])
    ('"Co 1", "Co 2"', '"aaaa@a.aaaaaaa"')
    """
    named = [form(value) if "@" in value else value for value in list(values)[:most]]
    shown = [value if len(value) <= _LONGEST else f"{value[: _LONGEST - 3]}..." for value in named]
    return ", ".join(f'"{value}"' for value in shown)


def so_many(n: int, one: str, many: str) -> str:
    """Return a number with its noun and verb.

    Examples
    --------
    >>> so_many(1, "row is", "rows are"), so_many(1200, "row is", "rows are")
    ('1 row is', '1,200 rows are')
    """
    return f"{n:,} {one if n == 1 else many}"


def form(value: str) -> str:
    """Return how an id of a person is written, without saying whose it is: letters as a, digits as 9.

    Examples
    --------
    >>> form("Anna.B@x.se"), form("00123")
    ('Aaaa.A@a.aa', '99999')
    """
    letters = ("".join("A" if c.isupper() else "a" if c.isalpha() else c for c in value))[:_LONGEST]
    return re.sub(r"\d", "9", letters)
