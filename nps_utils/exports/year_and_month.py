"""A month or quarter in one column and its year in another, made one period."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import pandas as pd

from nps_utils.exports.cells.month_names import month_number
from nps_utils.exports.found import Found
from nps_utils.exports.headers import Column
from nps_utils.exports.tools.tool import key

_YEARS: Final = ("år", "årstal", "year", "jaar", "jahr", "fiscalyear", "regnskabsår", "calendaryear")
_QUARTERS: Final = ("kvartal", "kwartaal", "quarter")
_MONTHS: Final = ("måned", "månad", "maand", "month", "monat", "mnd", "md")
_YEAR: Final = re.compile(r"((?:19|20)\d\d)(?:\.0)?")
_MONTH: Final = re.compile(r"(0?[1-9]|1[0-2])(?:\.0)?")
_QUARTER: Final = re.compile(r"(?:[QqKk]v?\.? ?)([1-4])")


def with_year(table: pd.DataFrame, header: str) -> pd.DataFrame:
    """Write the year into a `period_start` that names none, where another column holds one in every row.

    Examples
    --------
    >>> table = pd.DataFrame({"År": ["2026", "2026"], "period_start": ["3", "marts"]})
    >>> with_year(table, "Måned")["period_start"].tolist(), with_year(table, "Kvartal")["period_start"].tolist()
    (['2026-03', '2026-03'], ['2026 Q3', '2026-03'])
    """
    year = next((name for name in table.columns if key(str(name)) in _YEARS), None)
    if year is None or table.empty:
        return table
    years = table[year].astype("string").fillna("").map(lambda cell: _YEAR.fullmatch(str(cell).strip()))
    if not years.map(bool).all():
        return table
    cells = table["period_start"].astype("string").fillna("")
    quarters = key(header) in _QUARTERS
    within = cells.map({cell: _within(str(cell).strip(), quarters=quarters) for cell in cells.unique()})
    if within.isna().any():
        return table
    joined = [f"{found[1]}{part}" for found, part in zip(years, within, strict=True)]
    return table.assign(period_start=pd.Series(joined, index=table.index, dtype="str"))


def period_of_two(columns: Sequence[Column]) -> tuple[Column, Column] | None:
    """Return a column of quarters or months and that of their years, where together each row names one period.

    Examples
    --------
    >>> two = [Column(0, "Quarter", "Quarter", 2, ["Q1", "Q1"]), Column(1, "Year", "Year", 2, ["2025", "2026"])]
    >>> [column.name for column in period_of_two(two) or ()]
    ['Quarter', 'Year']
    """
    years = [column for column in columns if column.key in _YEARS and column.filled]
    parts = [column for column in columns if column.key in (*_QUARTERS, *_MONTHS) and column.filled]
    if len(years) != 1 or len(parts) != 1 or not all(map(_YEAR.fullmatch, years[0].distinct)):
        return None
    if parts[0].key in _QUARTERS and not all(map(_QUARTER.fullmatch, parts[0].distinct)):
        return None
    if any(_within(cell, quarters=False) is None for cell in parts[0].distinct):
        return None
    rows = zip(parts[0].cells, years[0].cells, strict=True)
    return (parts[0], years[0]) if all(bool(part.strip()) == bool(year.strip()) for part, year in rows) else None


def take_period(found: Found) -> bool:
    """Take a quarter or month and its year, in two columns, for the wave of each answer; say whether there are any."""
    two = None if "wave" in found.nowhere else period_of_two(found.free)
    if two is None:
        return False
    found.take(
        "wave", two, f'wave is "{two[0].name}" and "{two[1].name}": together they name the period of each answer.'
    )
    return True


def _within(cell: str, *, quarters: bool) -> str | None:
    """Return what stands behind the year; None where the cell is no month or quarter alone."""
    if found := _QUARTER.fullmatch(cell):
        return f" Q{found[1]}"
    if found := _MONTH.fullmatch(cell):
        return f" Q{int(found[1])}" if quarters else f"-{int(found[1]):02d}"
    month = month_number(cell)
    return None if month is None else f"-{month:02d}"
