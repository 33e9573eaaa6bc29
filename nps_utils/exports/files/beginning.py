"""How a file begins: whether it is a table at all, and what stands above its headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from nps_utils.checks import BadFile
from nps_utils.exports.files.records import Record

# A question may hold markup; these begin something else than a question.
_NO_TABLE: Final = re.compile(
    r"\s*(?:<(?:!doctype|html|head|body|meta|style|table|\?xml)\b|\[?\s*\{\s*\")", re.IGNORECASE
)
# Among so many records the headers are found when a title stands above them.
_FIRST: Final = 12
# Rows of groups, of headers, and a few answers.
_LEAST_BELOW: Final = 5
_LONGEST_GROUP: Final = 40
_A_NUMBER: Final = re.compile(r"^[\d.,:/@-]+$|@")


def check_is_table(path: Path, first: str) -> None:
    """Refuse pages and data for programs, in whatever encoding and behind whatever blank lines they begin."""
    if _NO_TABLE.match(first):
        raise BadFile(
            f'{path} begins with "{first.strip()[:20]}": it is a page or data for programs, not a table of answers.'
            " Export it from the survey tool as CSV (UTF-8) or XLSX."
        )


def title_rows(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows stand above the headers: a title, when it was exported, by whom.

    They have a cell or two; the row of headers has more than any of them, all of them words, and answers below it.
    """
    filled = [[cell for cell in row if cell.strip()] for row in rows[:_FIRST]]
    if _names_groups(rows):
        return 1
    if not filled or len(filled[0]) != 1:
        return 0
    for at, cells in enumerate(filled[:-1]):
        if len(cells) >= 3:
            headers = not any(cell.strip().lstrip("-").replace(".", "").isdigit() for cell in cells)
            return at if headers and len(filled[at + 1]) >= 2 else 0
    return 0


def _names_groups(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether the first row names groups of columns, merged over the headers below it: Respondent, Survey answers.

    At most half of the headers have a name above, each that has is filled itself, and no question stands above.
    """
    if len(rows) < _LEAST_BELOW:
        return False
    above, headers = ({at: cell.strip() for at, cell in enumerate(row) if cell.strip()} for row in rows[:2])
    words = len(set(headers.values())) == len(headers) and not any(map(_A_NUMBER.search, headers.values()))
    below = [{at for at, cell in enumerate(row) if cell.strip()} for row in rows[2:_FIRST]]
    return (
        2 <= len(above) <= len(headers) / 2
        and set(above) < set(headers)
        and words
        and not any("?" in cell or len(cell) > _LONGEST_GROUP for cell in above.values())
        and all(at <= set(headers) for at in below)
    )


def title_notes(title: int, rows: Sequence[Record]) -> tuple[str, ...]:
    """Return the sentence that says where the table begins, unless it is the first row."""
    if not title:
        return ()
    return (f"the table begins in row {rows[0].row} with its headers; what stands above them was not read.",)
