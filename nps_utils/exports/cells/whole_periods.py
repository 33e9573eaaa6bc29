"""Cells that name a whole month, quarter or year and no day: 2026-03, 202603, marts 2026, Q1 2026, 2026."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Final

from nps_utils.exports.cells.dates import plain
from nps_utils.exports.cells.month_names import month_number

_EPOCH: Final = dt.date(1970, 1, 1)
_YEAR: Final = r"(?P<y>(?:19|20)\d\d)"
_MONTH: Final = r"(?P<m>0?[1-9]|1[0-2])"
_QUARTER: Final = r"(?:q|k|kv|kw|qtr|kvartal|kwartaal|quarter)"
_WORD: Final = r"(?P<name>[^\W\d_]{3,})\.?"
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        _YEAR,
        rf"{_YEAR} ?[-/.m] ?{_MONTH}",
        rf"{_YEAR}(?P<m>0[1-9]|1[0-2])",
        rf"{_MONTH}[-/.]{_YEAR}",
        rf"{_YEAR}[ -/.]*{_QUARTER}\.? ?(?P<q>[1-4])",
        rf"{_QUARTER}\.? ?(?P<q>[1-4])[ -/.]*{_YEAR}",
        rf"{_YEAR}[ -/.]*(?P<q>[1-4])\.? ?{_QUARTER}\.?",
        rf"(?P<q>[1-4])\.? ?{_QUARTER}\.?[ -/.]*{_YEAR}",
        rf"{_WORD}[ ./,-]*(?:{_YEAR}|'?(?P<yy>\d\d))",
        rf"{_YEAR}[ ./,-]*{_WORD}",
    )
)


def whole_period(text: str) -> tuple[int, int] | None:
    """Return the first and last day of the month, quarter or year that a cell names, in days since 1970; else None.

    Examples
    --------
    >>> cells = ("2026-03", "202603", "03/2026", "marts 2026", "mar-26", "Q1 2026", "2026K2", "3. kvartal 2026", "2026")
    >>> day = lambda number: (_EPOCH + dt.timedelta(days=number)).isoformat()[5:]
    >>> [tuple(map(day, whole_period(cell))) for cell in cells]  # doctest: +NORMALIZE_WHITESPACE
    [('03-01', '03-31'), ('03-01', '03-31'), ('03-01', '03-31'), ('03-01', '03-31'), ('03-01', '03-31'),
     ('01-01', '03-31'), ('04-01', '06-30'), ('07-01', '09-30'), ('01-01', '12-31')]
    >>> whole_period("3"), whole_period("2026-13"), whole_period("total 2026"), whole_period("2026-03-01")
    (None, None, None, None)
    """
    cell = plain(text).removesuffix(".0")  # a year or 202603 that a spreadsheet kept as a number
    for form in _FORMS:
        if found := form.fullmatch(cell):
            told = found.groupdict()
            year = int(told.get("y") or 2000 + int(told.get("yy") or 0))
            first = 1
            if told.get("q"):
                first = 3 * int(told["q"]) - 2
            elif told.get("m"):
                first = int(told["m"])
            elif told.get("name"):
                first = month_number(told["name"]) or 0
            if first:
                months = 3 if told.get("q") else 1 if told.get("m") or told.get("name") else 12
                return _days(year, first, first + months - 1)
    return None


def _days(year: int, first: int, last: int) -> tuple[int, int]:
    end = dt.date(year, last, calendar.monthrange(year, last)[1])
    return (dt.date(year, first, 1) - _EPOCH).days, (end - _EPOCH).days
