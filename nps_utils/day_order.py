"""Dates of plain tables as ISO text: 3/05/2023 becomes 2023-05-03 once it is known which number is the day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import pandas as pd

from nps_utils.checks import BadValue, Undecidable
from nps_utils.dates import Cell, Day, read_cell

_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")


class _Numbers(NamedTuple):
    """A cell of two numbers, day and month in an order to be found."""

    column: str
    text: str
    day: Day


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
    >>> table = pd.DataFrame({"customer_since": ["3/05/2023", "17/05/2023", "2. juni 2023 kl. 9.30", None]})
    >>> iso_dates(table, ["customer_since"])["customer_since"].tolist()
    ['2023-05-03', '2023-05-17', '2023-06-02T09:30:00', nan]
    """
    present = [name for name in columns if name in table.columns and not pd.api.types.is_datetime64_dtype(table[name])]
    texts = {name: table[name].astype("str") for name in present}
    read: dict[str, dict[str, Cell]] = {}
    for name, column in texts.items():
        cells = {text: read_cell(text) for text in column.dropna().unique() if not _ISO.match(text)}
        # A year of two digits is left alone: it may stand first.
        read[name] = {text: cell for text, cell in cells.items() if cell and cell.day.year > 99}
    open_order = [
        _Numbers(name, text, cell.day)
        for name, cells in read.items()
        for text, cell in cells.items()
        if cell.day.is_open
    ]
    order = _day_first(open_order, day_first, what) if open_order else True
    written = {
        name: texts[name].replace({text: _written(text, cell, day_first=order) for text, cell in cells.items()})
        for name, cells in read.items()
        if cells
    }
    return table.assign(**written) if written else table


def _written(text: str, cell: Cell, *, day_first: bool) -> str:
    """The cell year first; as it is where there is no such day or time."""
    number = cell.day.number(day_first=day_first)
    if number is None or (cell.clock and cell.clock.seconds is None):
        return text
    day = dt.date(1970, 1, 1) + dt.timedelta(days=number)
    if cell.clock is None or cell.clock.seconds is None:
        return day.isoformat()
    offset = cell.clock.offset
    zone = None if offset is None else dt.timezone(dt.timedelta(seconds=offset))
    midnight = dt.datetime.combine(day, dt.time(), tzinfo=zone)
    return (midnight + dt.timedelta(seconds=cell.clock.seconds)).isoformat()


def _day_first(numbers: Sequence[_Numbers], given: bool | None, what: str) -> bool:
    for_day, for_month = ([one for one in numbers if one.day.proves_day_first is order] for order in (True, False))
    if given is not None:
        against, agreeing = (for_month, for_day) if given else (for_day, for_month)
        if against and not agreeing:
            raise BadValue(
                f"{what}: day_first = {str(given).lower()} was given, but {_named(against)} says the contrary. "
                f"Remove day_first, or set it to {str(not given).lower()}."
            )
        return given
    if for_day and for_month:
        raise Undecidable(
            f"{what}: {_named(for_day)} puts the day first, {_named(for_month)} the month. "
            "Write all dates in one order, or set day_first for this table in study.toml."
        )
    if not for_day and not for_month:
        raise Undecidable(
            f"{what}: {_named(numbers)} may be day/month or month/day, and no cell decides. "
            "Set day_first = true (or false) for this table in study.toml."
        )
    return bool(for_day)


def _named(numbers: Sequence[_Numbers]) -> str:
    return f'"{numbers[0].text}" in column "{numbers[0].column}"'
