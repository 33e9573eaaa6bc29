"""Dates that are written year first before anyone decides how to read them, because their form says it already.

Two kinds. Times of the United States: a spreadsheet writes times in the form of its locale, and in English `M/D/YYYY`
without leading zeros is that of the United States only (`1/11/2019` in Australia is `D/MM/YYYY`, as in the Unicode
CLDR); so under an English header a second number of one digit is a day. And dates that are not in plain numbers, which
`spelled` reads. Most columns are neither, which their first cells show, and then nothing is done to their rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from nps_utils.exports.headers import Column
from nps_utils.exports.spelled import in_digits

_AMERICAN: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2}):(\d{2})")
_YEAR_FIRST: Final = re.compile(r"\s*\d{4}[-/.]")


@dataclass(frozen=True)
class Rewriting:
    """How the cells of a date column are rewritten, the sentence that says so, and whether it decides their order."""

    cells: Callable[[pl.Expr], pl.Expr]
    why: str
    decides: bool


def rewriting(column: Column, *, english: bool) -> Rewriting | None:
    """Return how a date column must be rewritten, judged by its first cells; None for the usual column.

    Parameters
    ----------
    english
        Whether the header says that an English locale wrote the dates.
    """
    if english and _is_american(column):
        why = (
            "month first: under an English header the second number is written with one digit, as only the United"
            " States do; read so, and written year first."
        )
        return Rewriting(american_as_iso, why, decides=True)
    read = {cell: digits for cell in column.distinct if (digits := in_digits(cell))}
    if not read:
        return None
    example = next(cell for cell in column.filled if cell in read)
    why = f'cells such as "{example}" are not in plain numbers; read as {read[example]}.'
    return Rewriting(spelled_as_digits, why, decides=not any(map(_keeps_order, read.items())))


def _keeps_order(pair: tuple[str, str]) -> bool:
    """Whether day, month and year stand as they stood: then their order is still to be told from the cells."""
    cell, digits = pair
    return digits[:2] == cell.strip()[:2] and bool(re.match(r"\s*\d{1,4}[-/.]\d{1,2}[-/.]", cell))


def _is_american(column: Column) -> bool:
    found = [_AMERICAN.fullmatch(cell) for cell in column.filled]
    parts = [match.groups() for match in found if match]
    if not parts or len(parts) < len(found):
        return False
    return all(int(first) <= 12 for first, *_ in parts) and any(len(second) == 1 for _, second, *_ in parts)


def american_as_iso(cells: pl.Expr) -> pl.Expr:
    """Write times of the American form year first; keep all others.

    Examples
    --------
    >>> pl.DataFrame({"t": ["11/1/2019 8:51:12", "never"]}).select(american_as_iso(pl.col("t")))["t"].to_list()
    ['2019-11-01 08:51:12', 'never']
    """
    text = cells.str.strip_chars()
    whole = text.str.replace(r"^(\d)/", "0${1}/").str.replace(r"^(\d\d)/(\d)/", "${1}/0${2}/")
    whole = whole.str.replace(r" (\d):", " 0${1}:")
    iso = whole.str.replace(r"^(\d\d)/(\d\d)/(\d{4}) ", "${3}-${1}-${2} ")
    return pl.when(text.str.contains(f"^{_AMERICAN.pattern}$")).then(iso).otherwise(cells)


def spelled_as_digits(cells: pl.Expr) -> pl.Expr:
    """Write dates that are not in plain numbers in digits; keep all others.

    Examples
    --------
    >>> pl.DataFrame({"t": ["24. mai 2015", "24.05.2015", None]}).select(spelled_as_digits(pl.col("t")))["t"].to_list()
    ['2015-05-24', '24.05.2015', None]
    """
    return cells.map_batches(_spelled_series, return_dtype=pl.String, is_elementwise=True)


def _spelled_series(cells: pl.Series) -> pl.Series:
    return pl.Series(cells.name, [None if cell is None else in_digits(cell) or cell for cell in cells], pl.String)
