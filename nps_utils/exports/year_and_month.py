"""A month or quarter in one column and its year in another, made one period."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from nps_utils.exports.cells.month_names import month_number
from nps_utils.exports.tools.tool import key

_YEARS: Final = ("år", "årstal", "year", "jaar", "jahr", "fiscalyear", "regnskabsår", "calendaryear")
_QUARTERS: Final = ("kvartal", "kwartaal", "quarter")
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


def _within(cell: str, *, quarters: bool) -> str | None:
    """Return what stands behind the year; None where the cell is no month or quarter alone."""
    if found := _QUARTER.fullmatch(cell):
        return f" Q{found[1]}"
    if found := _MONTH.fullmatch(cell):
        return f" Q{int(found[1])}" if quarters else f"-{int(found[1]):02d}"
    month = month_number(cell)
    return None if month is None else f"-{month:02d}"
