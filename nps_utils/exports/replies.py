"""What a company wrote back stands beside what its customer answered, under words that fit both: `response`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nps_utils.exports.headers import MOST_BOTH, Column

# Who wrote back, or when: `responded_by`, `Reply date`, `Besvarad av`.
_BY_US: Final = re.compile(
    r"\b(?:respon[ds]|repl|answer|besvar|svar|beantwo|antwo|répon)\w*\s+(?:by|av|af|door|von|par)\b|\brepl(?:y|ied)\b"
    r"|\bour (?:response|answer)\b|\b(?:company|business|owner|staff|agent)s? (?:response|reply|answer)\b",
    re.IGNORECASE,
)
_OF_REPLIES: Final = re.compile(r"respon|repl|answer|svar|antwo", re.IGNORECASE)
_ALL: Final = 0.95


def replies(columns: Sequence[Column], score: Sequence[Column]) -> list[Column]:
    """Return the columns of what was replied to answers: filled only where one says who replied, not in all answers.

    Parameters
    ----------
    columns
        Those not used yet.
    score
        The score: a reply needs an answer, and hardly any company replies to all.
    """
    answered = {row for column in score for row in _rows(column)}
    for mark in columns:
        rows = _rows(mark)
        if not _BY_US.search(_spaced(mark)) or not rows or len(rows) >= _ALL * len(answered) or rows - answered:
            continue
        return [column for column in columns if _OF_REPLIES.search(_spaced(column)) and _within(_rows(column), rows)]
    return []


def _spaced(column: Column) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-]", " ", column.wording)


def _rows(column: Column) -> set[int]:
    return {row for row, cell in enumerate(column.cells) if cell.strip()}


def _within(rows: set[int], others: set[int]) -> bool:
    return bool(rows) and len(rows - others) <= MOST_BOTH * len(rows)
