"""The columns that the study names: each must be there, and none may be the id of two things that differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nps_utils.checks import BadInput, NoSuchHeader, check_choice, closest
from nps_utils.columns import EXPORT
from nps_utils.exports.found import IDS, ColumnNames, Found
from nps_utils.exports.headers import Column
from nps_utils.exports.named_columns import has_several_people
from nps_utils.exports.tools.tool import key

# How the reason of a choice ends that was not this program's.
SAID_BY_STUDY: Final = ": the study says so."
_MEANS: Final = {
    "response_id": "an answer: rows with the same one are the same answer twice",
    "respondent_id": "a person: of his answers in a wave one counts, and his answers in two waves are a pair",
    "account_id": "a company: each of its people's answers counts",
}

# A shop's customer is one person, and what he buys is his account's.
_CUSTOMER: Final = {"respondent_id", "account_id"}


def take_named(found: Found, columns: ColumnNames, file: str, *, customer: str | None = None) -> None:
    """Take the columns that the study names.

    Parameters
    ----------
    found
        The table.
    columns
        Canonical column to its header or headers; to none where no column is to be taken for it.
    file
        The name of the file.
    customer
        The header that names one customer a row in a table with a column for each wave: it may be both ids.

    Raises
    ------
    NoSuchHeader
        A header that the file does not have.
    BadInput
        No column is named as the score; or a header is named as two ids, where customers are people and one may be that
        of the person and of the account.
    """
    of_ids: dict[int, str] = {}
    both: list[Column] = []
    for canonical, headers in columns.items():
        check_choice("columns: the key", canonical, EXPORT)
        wanted = [headers] if isinstance(headers, str) else list(headers)
        if not wanted:
            if canonical == "score":
                raise BadInput(f"{file}: columns says that score is in no column; without scores there is no NPS.")
            found.nowhere.add(canonical)
            found.reasons.append(f"{canonical} is in no column{SAID_BY_STUDY}")
            continue
        chosen = [_by_header(found.columns, header, file) for header in wanted]
        for column in chosen if canonical in IDS else ():
            other = of_ids.setdefault(column.at, canonical)
            if other == canonical or column.name == customer:
                continue
            if {other, canonical} != _CUSTOMER:
                raise BadInput(_two_ids(column, canonical, other, file))
            both.append(column)
        shown = " and ".join(f'"{column.name}"' for column in chosen)
        found.take(canonical, chosen, f"{canonical} is {shown}{SAID_BY_STUDY}")
    for column in both:
        if has_several_people(found, column):
            raise BadInput(_two_ids(column, "respondent_id", "account_id", file))
        found.notes.append(
            f'column "{column.name}" is who answered and the account, as named: each customer is one person, of whose'
            " answers in a wave one counts."
        )


def _by_header(columns: Sequence[Column], header: str, file: str) -> Column:
    for same in (lambda c: c.name == header, lambda c: c.wording == header, lambda c: c.key == key(header)):
        if column := next(filter(same, columns), None):
            return column
    names = [column.name for column in columns]
    listed = ", ".join(f'"{name}"' for name in names[:40])
    raise NoSuchHeader(f'{file} has no column "{header}"; it has: {listed}.{closest(header, names)}', header)


def _two_ids(column: Column, one: str, other: str, file: str) -> str:
    meant = "\n".join(f"  {name} is the id of {_MEANS[name]}." for name in sorted((one, other)))
    return (
        f'{file}, column "{column.name}" is named as {other} and as {one}, and an id is that of one thing:\n{meant}\n'
        f"Keep the line that is true in columns of its [[export]] in study.toml, and take the other away (to nps new:"
        " one --column only)."
    )
