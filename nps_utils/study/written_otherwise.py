"""Accounts that one export writes otherwise than another: 1001 and 1001.0, 00123 and 123, NORDVIK AB and Nordvik AB."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from nps_utils.study.settings import Settings
from nps_utils.study.told import Told, examples, so_many

REASON: Final = "accounts_otherwise"
_WHOLE: Final = re.compile(r"0*(\d+?)(?:\.0)?")


def account_notes(rows: pl.LazyFrame, settings: Settings) -> list[Told]:
    """Return a sentence on accounts that are written in several ways in several exports, with the way on.

    As they are each spelling is an account of its own: one that stayed has left, and another has come.
    """
    if settings.answers.account_ids == "alike" or "account_id" not in rows.collect_schema().names():
        return []
    columns = [pl.col(name).cast(pl.String) for name in ("account_id", "source_file")]
    written = rows.select(columns).drop_nulls().unique().collect(engine="streaming")
    if written["source_file"].n_unique() < 2:
        return []
    spelled: dict[str, dict[str, set[str]]] = {}
    for account, file in written.sort("account_id", "source_file").iter_rows():
        spelled.setdefault(_key(account), {}).setdefault(account, set()).add(file)
    several = [ways for ways in spelled.values() if len(ways) > 1 and len(set.union(*ways.values())) > 1]
    if not several:
        return []
    return [
        Told(
            "all exports",
            REASON,
            f"{so_many(len(several), 'account is', 'accounts are')} written in several ways in several exports"
            f" ({examples(several[0])}), and each is an account of its own, so that one leaves and another comes."
            ' To make them one: account_ids = "alike" under [answers] in study.toml.',
        )
    ]


def _key(account: str) -> str:
    """Return what is the same for all ways to write an account.

    Examples
    --------
    >>> _key("00123.0"), _key(" NORDVIK  ab")
    ('123', 'nordvik ab')
    """
    text = " ".join(account.split()).casefold()
    number = _WHOLE.fullmatch(text)
    return number[1] if number else text
