"""A score spread over columns: one for each answer that could be given, of which every row fills one.

SurveyMonkey's expanded exports write the question once, in row two the options `Not at all likely - 0`, `1`, ... and
below each option its own words where it was chosen. Any single one of these columns would look like a score.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from nps_utils.exports.headers import Column
from nps_utils.scale import read_answer

FEWEST = 3


def option_columns(columns: Sequence[Column]) -> list[tuple[Column, ...]]:
    """Return each run of neighbouring columns that are the options 0 to 10 of one question, answered once per row."""
    runs = itertools.groupby(sorted(columns, key=lambda column: column.at), key=_question)
    groups = [tuple(run) for question, run in runs if question]
    return [group for group in groups if len(group) >= FEWEST and all(map(_holds_itself, group)) and _exclusive(group)]


def with_siblings(group: Sequence[Column], columns: Sequence[Column]) -> tuple[Column, ...]:
    """Add the options of the same question whose words we do not know, so that no end of the scale is left out."""
    question = group[0].name.rpartition(": ")[0]
    taken = {column.at for column in group}
    others = [
        column
        for column in columns
        if column.at not in taken
        and column.name.rpartition(": ")[0] == question
        and column.distinct == {column.name.rpartition(": ")[2]}
    ]
    return tuple(sorted((*group, *others), key=lambda column: column.at))


def _question(column: Column) -> str:
    """Return the question above an option that reads as an answer; nothing for other columns."""
    question, _, option = column.name.rpartition(": ")
    return question if read_answer(option).score is not None else ""


def _holds_itself(column: Column) -> bool:
    option = read_answer(column.name.rpartition(": ")[2]).score
    return all(read_answer(cell).score == option for cell in column.distinct)


def _exclusive(group: Sequence[Column]) -> bool:
    rows = list(zip(*(column.cells for column in group), strict=True))
    return any(map(any, rows)) and all(sum(bool(cell.strip()) for cell in row) <= 1 for row in rows)
