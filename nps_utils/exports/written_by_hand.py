"""What people write by hand: accounts once for their rows, or in several ways; averages beside a number of answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from nps_utils.checks import BadAnswers
from nps_utils.exports.found import Found
from nps_utils.exports.headers import Column
from nps_utils.exports.layouts.count_table import are_counts
from nps_utils.exports.shapes import has_no_letters, like_date
from nps_utils.scale.ways_on import for_shell

_FEW: Final = 3
# Of the rows so many have a value where each stands in its first row only; groups are larger than accounts.
_MOST_FIRST: Final = 0.5
_MOST_FIRST_OF_GROUPS: Final = 0.2
_MOST_GROUPS: Final = 30


def written_otherwise(found: Found) -> list[str]:
    """Say that names of accounts or groups differ by case or blanks only: each spelling would be one of its own."""
    accounts = [
        f'"{column.name}": {len(several):,} of {len(spelled):,} accounts are written in several ways'
        f" ({_quoted(several[0])}), and each counts as an account of its own. To make them one: account_ids ="
        ' "alike" under [answers] in study.toml.'
        for column in found.chosen.get("account_id", ())[:1]
        for spelled in [_spelled(column)]
        if (several := _several(spelled))
    ]
    groups = [
        f'"{column.name}": {_quoted(several[0])} are written in several ways, and each is a group of its own. Write'
        " them in one way in the file, where they are the same."
        for column in found.free
        if 1 < len(column.distinct) <= _MOST_GROUPS and 2 * len(column.distinct) < len(column.filled)
        if (several := _several(_spelled(column)))
    ]
    return accounts + groups


def _spelled(column: Column) -> dict[str, set[str]]:
    """Return the ways in which each thing is written, by what is the same in all of them."""
    spelled: dict[str, set[str]] = {}
    for cell in column.distinct:
        spelled.setdefault(" ".join(cell.split()).casefold(), set()).add(cell)
    return spelled


def _several(spelled: Mapping[str, set[str]]) -> list[list[str]]:
    return sorted(sorted(ways) for ways in spelled.values() if len(ways) > 1)


def _quoted(ways: Sequence[str]) -> str:
    return ", ".join(f'"{way}"' for way in ways)


def check_single(found: Found, file: str) -> None:
    """Refuse rows that may be averages of many answers: a number of answers in each, and nothing of who or when."""
    score = found.chosen["score"][0]
    counts = [
        c for c in found.free if are_counts(c.name, c.filled) and sum(cell != "1" for cell in c.filled) > c.rows / 2
    ]
    if not counts or found.chosen.keys() & {"comment", "email", "respondent_id", "response_id", "responded_at"}:
        return
    shown = ", ".join(counts[0].filled[:3])
    raise BadAnswers(
        f'{file}: "{counts[0].name}" holds numbers ({shown}): each row may sum up so many answers, and an average of'
        " them is no answer from 0 to 10. Export the answers themselves, one row each; or how often each score was"
        ' given, in two columns "score" and "count". If each row is one answer after all, name its score:'
        f" columns = {{ score = {json.dumps(score.name, ensure_ascii=False)} }} (to nps new: --column"
        f" score={for_shell(score.name)})."
    )


def written_once(found: Found) -> list[str]:
    """Say that an account, or a group, stands in the first of its rows only, as an office leaves out what repeats."""
    accounts = found.chosen.get("account_id", ())[:1]
    notes = [_filled_down(column, "has no account") for column in accounts if _stands_once(column, _MOST_FIRST)]
    groups = (column for column in found.free if len(column.distinct) <= _MOST_GROUPS and not like_date(column))
    return notes + [
        _filled_down(column, "is in no group of it")
        for column in groups
        if _stands_once(column, _MOST_FIRST_OF_GROUPS) and not any(map(has_no_letters, column.distinct))
    ]


def _stands_once(column: Column, most: float) -> bool:
    """Say whether each value stands in one row, the first row has one, and most rows have none."""
    if len(column.distinct) < _FEW or len(column.distinct) < len(column.filled):
        return False
    return bool(column.cells[0].strip()) and len(column.filled) <= most * len(column.cells)


def _filled_down(column: Column, lacks: str) -> str:
    return (
        f'"{column.name}" is filled in {len(column.filled):,} of {len(column.cells):,} rows, each value once. If a'
        f" value stands for the rows below it as well, fill it down in the file: a row without it {lacks}."
    )
