"""What the cells of a column look like: dates, ids, addresses, a few words, or the numbers of something else."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from nps_utils.columns import NO, YES
from nps_utils.exports.cells import standing
from nps_utils.exports.cells.month_names import in_digits
from nps_utils.exports.cells.six_digits import packed
from nps_utils.exports.headers import Column
from nps_utils.exports.tools.tool import key

_DATE: Final = re.compile(r"^\s*(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?=$|[T\s,])")
# Numbers that people parted otherwise are a date if one of them is a year of four digits.
_BY_HAND: Final = re.compile(r"^(?=.*(?:19|20)\d\d)\s*\d{1,4}(?:_|[^\w:]+)\d{1,2}(?:_|[^\w:]+)\d{2,4}(?!\d)")
_EPOCH: Final = re.compile(r"^\d{10}(?:\d{3})?(?:\.\d+)?$")
_SERIAL: Final = re.compile(r"^[34]\d{4}(?:[.,]\d+)?$")
EMAIL: Final = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_LANGUAGE: Final = re.compile(r"^(?:[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?|[^\W\d]{4,14})$")
# Names of a touchpoint that are names of nothing else.
TOUCHPOINT_ONLY: Final = frozenset({"touchpoint", "kontaktpunkt", "berøringspunkt", "contactmoment"})
_METRICS: Final = frozenset({"nps", "csat", "ces", "5star", "star", "smiley", "thumbs", "pmf", "ltr"})


def like_measures(column: Column) -> bool:
    """Say whether cells are kinds of survey, NPS and others: so whatever the header is."""
    kinds = {key(cell) for cell in column.distinct}
    return len(kinds) > 1 and kinds <= _METRICS and not kinds.isdisjoint({"nps", "ltr"})


def share(column: Column, fits: Callable[[str], object]) -> float:
    """Return the share of the filled cells that fit."""
    return sum(bool(fits(cell)) for cell in column.filled) / len(column.filled) if column.filled else 0.0


def _nearly_all(column: Column, fits: Callable[[str], object]) -> bool:
    """Say whether more than nine in ten of the filled cells fit, looking no further once they cannot."""
    spare = 0.1 * len(column.filled)
    for cell in column.filled:
        if not fits(cell):
            spare -= 1
            if spare <= 0:
                return False
    return bool(column.filled)


def is_date(cell: str) -> bool:
    """Say whether a cell is a date that nothing else looks like."""
    if _DATE.match(cell):
        return True
    return (_BY_HAND.match(cell) is not None or any(map(str.isalpha, cell))) and in_digits(cell) is not None


def like_date(column: Column) -> bool:
    """Say whether cells are dates that nothing else looks like."""
    return _nearly_all(column, is_date)


def like_time(column: Column) -> bool:
    """A date in any form, also in those that only make sense under a header that says so."""
    return any(_nearly_all(column, form) for form in _TIMES) or _nearly_all(column, _six_digits(column))


def share_of_times(column: Column) -> float:
    """Return the share of the cells that are dates, in whatever form."""
    forms = (*_TIMES, _six_digits(column))
    return share(column, lambda cell: any(form(cell) for form in forms))


def _six_digits(column: Column) -> Callable[[str], object]:
    """Return what says of a cell that it is a date of six digits, which only their column can tell."""
    told = packed(column.distinct)
    return (told.cells if told else {}).__contains__


_TIMES: Final = (is_date, _EPOCH.match, _SERIAL.match, in_digits)


def is_number(column: Column) -> bool:
    """Say whether most cells are plain numbers."""
    return share(column, lambda cell: cell.replace(".", "").replace(",", "").isdigit()) > 0.5


def has_no_letters(cell: str) -> bool:
    """Say whether a cell is signs and digits only."""
    return not any(char.isalpha() for char in cell)


def like_few(column: Column) -> bool:
    """Say whether cells are a few different words."""
    return 2 <= len(column.distinct) <= 30 and max(map(len, column.distinct)) <= 60


def _like_touchpoint(column: Column) -> bool:
    """A few different words; where the name can mean nothing else, also one: an export of each touchpoint."""
    one = column.key in TOUCHPOINT_ONLY and len(column.distinct) == 1 and len(column.filled[0]) <= 60
    return one or like_few(column)


def like_id(column: Column) -> bool:
    """Say whether cells may be ids."""
    return bool(column.filled) and max(map(len, column.distinct)) <= 80 and not like_date(column)


def like_token(column: Column) -> bool:
    """Letters and digits that are never the same; the numbers of rows would be the same in every export."""
    mixed = share(column, re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w-]{8,64}").fullmatch) > 0.9
    return mixed and len(column.distinct) == len(column.filled)


def _yes_or_no(column: Column) -> bool:
    return bool(column.filled) and all(cell.casefold() in YES | NO for cell in column.distinct)


def _is_test(cell: str) -> bool:
    return standing.plain(cell) in standing.TEST


SHAPES: Final[dict[str, tuple[Callable[[Column], bool], str]]] = {
    "response_id": (
        # The same response twice is what duplicates look like.
        lambda c: like_id(c) and len(c.distinct) >= 0.8 * len(c.filled),
        "its name says so, its values hardly repeat",
    ),
    "respondent_id": (like_id, "its name says so"),
    "account_id": (like_id, "its name says so"),
    "email": (lambda c: share(c, EMAIL.match) > 0.6, "its name and its addresses say so"),
    "respondent_name": (lambda c: share(c, lambda cell: not re.search(r"\d", cell)) > 0.9, "its name says so"),
    "asked_at": (like_time, "its name and its dates say so"),
    "survey_type": (lambda c: share(c, lambda cell: key(cell) in _METRICS) > 0.9, "its values are kinds of survey"),
    "touchpoint": (_like_touchpoint, "its name says so and it holds few different values"),
    "survey": (lambda c: len(c.distinct) <= 100, "its name says so"),
    "language": (lambda c: len(c.distinct) <= 60 and share(c, _LANGUAGE.match) > 0.9, "its name and values say so"),
    "channel": (like_few, "its name says so and it holds few different values"),
    "finished": (_yes_or_no, "its name says so and it holds yes and no"),
    "excluded": (_yes_or_no, "its name says so and it holds yes and no"),
    "status": (lambda c: like_few(c) and any(map(_is_test, c.distinct)), "its name and its tests or previews say so"),
    "wave": (lambda c: len(c.distinct) <= 200 and not like_date(c), "its name says so"),
    "consent_to_quote": (lambda c: len(c.distinct) <= 4, "its name says so"),
}  # fmt: skip
