"""Columns of an export that are called as we call them, and yet were not recognised: said, with what to write."""

from __future__ import annotations

import json
import re
from typing import Final

from nps_utils.exports.found import Found
from nps_utils.exports.headers import Column
from nps_utils.exports.shapes import EMAIL, share
from nps_utils.exports.tools.tool import key

# A column of such a name that is left out can cost answers: two touchpoints of one person count as a repeat.
_TOLD_IF_UNUSED: Final = (
    "touchpoint", "wave", "survey", "language", "channel", "account_id", "respondent_id", "email", "comment",
    "consent_to_quote",
)  # fmt: skip
_MOST_ADDRESSES: Final = 0.9
# Whose address is not that of who answered, by the header.
_OF_THE_COMPANY: Final = re.compile(
    r"agent|owner|manager|handler|sender|advis|consultant|assign|created by|ansvarlig|ansvarig|beheerder|selger|säljare"
    r"|sælger|handläggare|behandler|rådgiver|rådgivare|medewerker|employee|staff",
    re.IGNORECASE,
)
_OF_PEOPLE: Final = frozenset({"account_id", "respondent_id", "email", "comment", "consent_to_quote"})


def own_names_unused(found: Found) -> list[str]:
    """Say of a column that bears one of our own names, and is not used, why not and what to write to use it."""
    notes = list[str]()
    for column in found.free:
        canonical = next((name for name in _TOLD_IF_UNUSED if key(name) == column.key), None)
        if canonical is None or not column.filled or column.at in found.rounded:
            continue
        chosen = found.chosen.get(canonical)
        why = (
            f'{canonical} is "{chosen[0].name}"'
            if chosen
            else f"{_values(len(column.distinct))}{_example(column, canonical)}"
            f" {'are' if len(column.distinct) > 1 else 'is'} not taken for a {canonical} unasked"
        )
        more = ' With by = "column" under [waves] it names the waves.' if canonical == "wave" else ""
        notes.append(
            f'column "{column.name}" is not used: {why}. If it is the {canonical}, add to columns of its [[export]] in'
            f" study.toml: {canonical} = {json.dumps(column.name, ensure_ascii=False)}.{more}"
        )
    return notes


def addresses_unused(found: Found) -> list[str]:
    """Say of a column of addresses that it is not used, where nothing else says who answered."""
    if {"email", "respondent_id"} & found.chosen.keys():
        return []
    return [
        f'column "{column.name}" holds e-mail addresses and is not used: whose they are its header does not say. If'
        " they are of those who answered, write under its [[export]] in study.toml: columns = { email ="
        f" {json.dumps(column.name, ensure_ascii=False)} }}"
        for column in found.free
        if len(column.distinct) > 1
        and share(column, EMAIL.match) > _MOST_ADDRESSES
        and not _OF_THE_COMPANY.search(column.wording)
    ][:1]


def _values(n: int) -> str:
    return f"its {n:,} different values" if n > 1 else "its one value"


def _example(column: Column, canonical: str) -> str:
    """Return a value in words, but none that may name somebody: what is said of a file stands on a page."""
    return "" if canonical in _OF_PEOPLE else f', such as "{column.filled[0][:40]}",'
