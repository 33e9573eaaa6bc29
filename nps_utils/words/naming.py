"""Touchpoints, arms and segments as people write them: only here does `after_delivery` become "After delivery"."""

from __future__ import annotations

import re
from typing import Final

# Columns whose cells are such names.
NAMED: Final = ("touchpoint", "arm", "cut")
NOT_KNOWN: Final = "not known"  # the group of answers of whom a cut is not known
NOT_STATED: Final = "not stated"  # the touchpoint of answers that name none
EMPLOYEES: Final = "employees"  # the touchpoint of those who were asked about their employer
_KEY: Final = re.compile(r"[^\W\d_][^\W_]*(?:_[^\W_]+)+")


def named(name: str) -> str:
    """Return the key of a touchpoint, an arm or a column as a reader meets it; what is no key stays.

    Examples
    --------
    >>> named("after_delivery"), named("relationship"), named("NPS Q2 (web)"), named("iPhone")
    ('After delivery', 'Relationship', 'NPS Q2 (web)', 'iPhone')
    """
    words = named_value(name)
    return words[:1].upper() + words[1:] if words == words.lower() else words


def place(touchpoint: str, after: str = ", ") -> str:
    """Return the touchpoint before what is said of it; nothing where the study has none.

    Examples
    --------
    >>> place("after_delivery"), place(NOT_STATED)
    ('After delivery, ', '')
    """
    return "" if touchpoint == NOT_STATED else f"{named(touchpoint)}{after}"


def named_value(name: str) -> str:
    """Return the value of a segment as a reader meets it: a key without its underscores, else as it was written.

    Examples
    --------
    >>> named_value("public_sector"), named_value("public sector"), named_value("a_b.csv")
    ('public sector', 'public sector', 'a_b.csv')
    """
    return name.replace("_", " ") if _KEY.fullmatch(name) else name


def file_label(part: str, name: str, inner: str) -> str:
    """Return how the ledger names a file of a folder that is read as one export, itself named `name`.

    Parameters
    ----------
    part
        How the ledger names what is read of it: all, or one question.

    Examples
    --------
    >>> file_label("answers", "answers", "year=2025/part-0.parquet")
    'answers/year=2025/part-0.parquet'
    >>> file_label("answers [support]", "answers", "part-0.parquet")
    'answers/part-0.parquet [support]'
    """
    return f"{name}/{inner}{part.removeprefix(name)}"


def export_of(label: str) -> str:
    """Return the export that a name of the ledger is of: a folder for its files.

    Examples
    --------
    >>> export_of("answers/year=2025/part-0.parquet"), export_of("answers/part-0.parquet [support]")
    ('answers', 'answers [support]')
    >>> export_of("answers.csv [support/sales]")
    'answers.csv [support/sales]'
    """
    file, bracket, part = label.partition(" [")
    return f"{file.partition('/')[0]}{bracket}{part}"
