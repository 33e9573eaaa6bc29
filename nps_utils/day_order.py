"""Dates of plain tables as ISO text: 3/05/2023 becomes 2023-05-03 once it is known which number is the day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import pandas as pd

from nps_utils.checks import BadValue, Undecidable

# 3/05/2023, 3.5.2023 or 03-05-2023, with a time after it or not; years of two digits are left alone.
_WRITTEN: Final = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?=$|[ T,])")


def iso_dates(
    table: pd.DataFrame, columns: Sequence[str], *, day_first: bool | None = None, what: str = "the table"
) -> pd.DataFrame:
    """Write the dates of a text table year first; cells that are written so already, or are no dates, stay.

    The order of day and month is decided once, from all these columns together.

    Parameters
    ----------
    columns
        The columns of dates; those the table does not have are passed over.
    day_first
        The order, where the cells do not prove it.
    what
        The file, for messages.

    Raises
    ------
    Undecidable
        The cells fit both orders, or prove both.
    BadValue
        `day_first` contradicts every cell that can tell.

    Examples
    --------
    >>> table = pd.DataFrame({"customer_since": ["3/05/2023", "17/05/2023", None]})
    >>> iso_dates(table, ["customer_since"])["customer_since"].tolist()
    ['2023-05-03', '2023-05-17', nan]
    """
    present = [name for name in columns if name in table.columns and not pd.api.types.is_datetime64_dtype(table[name])]
    cells = {name: table[name].astype("str") for name in present}
    parts = [column.str.extract(_WRITTEN).dropna().assign(column=name) for name, column in cells.items()]
    numbers = pd.concat(parts) if parts else pd.DataFrame()
    if numbers.empty:
        return table
    order = r"\3-\2-\1" if _day_first(numbers, day_first, what) else r"\3-\1-\2"
    return table.assign(**{name: _reordered(column, order) for name, column in cells.items()})


def _day_first(numbers: pd.DataFrame, given: bool | None, what: str) -> bool:
    first, second = numbers[0].astype(int), numbers[1].astype(int)
    for_day = numbers[(first > 12) & (second <= 12)]
    for_month = numbers[(second > 12) & (first <= 12)]
    if given is not None:
        against, agreeing = (for_month, for_day) if given else (for_day, for_month)
        if len(against) and agreeing.empty:
            raise BadValue(
                f"{what}: day_first = {str(given).lower()} was given, but {_named(against)} says the contrary. "
                f"Remove day_first, or set it to {str(not given).lower()}."
            )
        return given
    if len(for_day) and len(for_month):
        raise Undecidable(
            f"{what}: {_named(for_day)} puts the day first, {_named(for_month)} the month. "
            "Write all dates in one order, or set day_first for this table in study.toml."
        )
    if for_day.empty and for_month.empty:
        raise Undecidable(
            f"{what}: {_named(numbers)} may be day/month or month/day, and no cell decides. "
            "Set day_first = true (or false) for this table in study.toml."
        )
    return len(for_day) > 0


def _named(numbers: pd.DataFrame) -> str:
    row = numbers.iloc[0]
    return f'"{row[0]}/{row[1]}/{row[2]}" in column "{row["column"]}"'


def _reordered(column: pd.Series[str], order: str) -> pd.Series[str]:
    padded = column.str.replace(r"^(\d)(?=[/.-]\d{1,2}[/.-]\d{4})", r"0\1", regex=True)
    padded = padded.str.replace(r"^(\d\d[/.-])(\d)(?=[/.-]\d{4})", r"\g<1>0\2", regex=True)
    written: pd.Series[str] = padded.str.replace(_WRITTEN, order, regex=True)
    return written
