"""Dates whose form gives away that the month comes first, where no number above 12 does.

A spreadsheet writes times in the form of its locale. In English, `M/D/YYYY` without leading zeros is that of the United
States only: every other English locale that uses slashes writes the month with two digits (`1/11/2019` in Australia is
`D/MM/YYYY`, as in the Unicode CLDR). So under an English header a second number of one digit is a day.
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from nps_utils.exports.headers import Column

_SLASHED: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2}):(\d{2})")


def month_is_first(column: Column) -> bool:
    """Say whether all times of a column have the American form, and some show it by a day of one digit."""
    found = [_SLASHED.fullmatch(cell) for cell in column.filled]
    parts = [match.groups() for match in found if match]
    if not parts or len(parts) < len(found):
        return False
    return all(int(first) <= 12 for first, *_ in parts) and any(len(second) == 1 for _, second, *_ in parts)


def as_iso(cells: pl.Expr) -> pl.Expr:
    """Write times of the American form year first, so that the value says itself how it is read; keep all others.

    Examples
    --------
    >>> pl.DataFrame({"t": ["11/1/2019 8:51:12", "never"]}).select(as_iso(pl.col("t")))["t"].to_list()
    ['2019-11-01 08:51:12', 'never']
    """
    text = cells.str.strip_chars()
    whole = text.str.replace(r"^(\d)/", "0${1}/").str.replace(r"^(\d\d)/(\d)/", "${1}/0${2}/")
    whole = whole.str.replace(r" (\d):", " 0${1}:")
    iso = whole.str.replace(r"^(\d\d)/(\d\d)/(\d{4}) ", "${3}-${1}-${2} ")
    return pl.when(text.str.contains(f"^{_SLASHED.pattern}$")).then(iso).otherwise(cells)
