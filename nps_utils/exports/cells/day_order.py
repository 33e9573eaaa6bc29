"""Dates of plain tables as ISO text: 3/05/2023 becomes 2023-05-03 once it is known which number is the day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue, Undecidable
from nps_utils.exports.cells.dates import Cell, Day, read_cell

_PARTS: Final = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b")


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


def dates(values: pd.Series[Any], *, name: str, day_first: bool | None = None) -> pd.Series[pd.Timestamp]:
    """Return calendar days, NaT where a cell is empty or unreadable; day or month first is decided per column.

    Raises
    ------
    Undecidable
        Cells such as 3/05/2023 fit both orders, and `day_first` is not given.

    Examples
    --------
    >>> dates(pd.Series(["3/05/2023", "17/05/2023"]), name="moved_on").dt.strftime("%Y-%m-%d").tolist()
    ['2023-05-03', '2023-05-17']
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        return _days(values)
    text = values.map(lambda v: str(v).strip() if pd.notna(v) else "").astype("str")
    parts = text.str.extract(_PARTS).apply(pd.to_numeric)
    slashed = parts[0].notna().to_numpy()
    iso = pd.to_datetime(text.where(~slashed & (text != ""), None), format="ISO8601", utc=True, errors="coerce")
    if not slashed.any():
        return _days(iso)
    first, second, year = (parts.loc[slashed, i].to_numpy(dtype=float) for i in range(3))
    if day_first is None:
        day_first = day_order({name: values})
    day, month = (first, second) if day_first else (second, first)
    year = np.where(year < 100, year + 2000, year)
    read = pd.to_datetime(pd.DataFrame({"year": year, "month": month, "day": day}), errors="coerce")
    result = _days(iso)
    result.loc[slashed] = read.to_numpy().astype("datetime64[s]")
    return result


def day_order(columns: Mapping[str, pd.Series[Any]], *, day_first: bool | None = None) -> bool | None:
    """Say whether dates such as 3/05/2023 put the day first, from all date columns of a table together.

    `day_first`, where it is given, is the answer; None where no cell is written that way.

    Examples
    --------
    >>> day_order({"from": pd.Series(["3/05/2023"]), "to": pd.Series(["17/05/2023"])})
    True
    """
    if day_first is not None:
        return day_first
    cells = [pd.DataFrame({"cell": column.astype("str"), "name": name}) for name, column in columns.items()]
    written = pd.concat(cells)
    parts = written["cell"].str.strip().str.extract(_PARTS).apply(pd.to_numeric)
    written, parts = written[parts[0].notna()], parts[parts[0].notna()]
    if written.empty:
        return None
    day, month = (parts[0] > 12).to_numpy(), (parts[1] > 12).to_numpy()
    if day.any() and month.any():
        one, other = (written.iloc[int(np.argmax(where))] for where in (day, month))
        raise Undecidable(
            f'"{one["cell"]}" (column {one["name"]}) puts the day first, "{other["cell"]}" (column {other["name"]}) '
            "the month; write all dates in one order."
        )
    if not (day.any() or month.any()):
        raise Undecidable(
            f'column "{written["name"].iloc[0]}": "{written["cell"].iloc[0]}" may be day/month or month/day, '
            "and no cell decides; give day_first."
        )
    return bool(day.any())


def _days(times: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
    """Return the calendar day as written, without a zone."""
    plain = times.dt.tz_localize(None) if times.dt.tz is not None else times
    return plain.dt.normalize().astype("datetime64[s]")
