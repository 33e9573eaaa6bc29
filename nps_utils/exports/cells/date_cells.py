"""Dates of plain tables, as text or as days: 3/05/2023 is 3 May once it is known which number is the day.

Cells mean here what they mean in an export: the same texts are dates, in the same order.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from nps_utils.exports.cells.centuries import with_century
from nps_utils.exports.cells.dates import Cell, read_date
from nps_utils.exports.cells.day_order import Open, Order, decide_order
from nps_utils.exports.cells.whole_periods import whole_period

_EPOCH: Final = dt.date(1970, 1, 1)
# What pandas reads as it stands.
# What is read as it stands, of which nothing is asked.
ISO: Final = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_ISO: Final = re.compile(ISO)
_TOLD_FOR: Final = "this table (an argument, or a line under its [heading] in study.toml)"


class Different(NamedTuple):
    """The different texts of a column of dates, how many cells it has, and where some of its texts stand.

    Those that are `ISO` may be left out: a frame of millions has nearly as many of them as minutes.
    `places` returns of each of the texts that it is given how often it occurs, its first row and its last.
    """

    texts: Sequence[str]
    total: int
    places: Callable[[Sequence[str]], Mapping[str, tuple[int, int, int]]]


def iso_dates(
    table: pd.DataFrame,
    columns: Sequence[str],
    *,
    day_first: bool | None = None,
    what: str = "the table",
    told_for: str = _TOLD_FOR,
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
    told_for
        What day_first is set for, in the advice.

    Raises
    ------
    Undecidable
        The cells fit both orders, or prove both.
    BadValue
        `day_first` contradicts every cell that can tell.

    Examples
    --------
    >>> table = pd.DataFrame({"customer_since": ["3/05/2023", "17/05/2023", "2. juni 2023 kl. 9.30", "45352", None]})
    >>> iso_dates(table, ["customer_since"])["customer_since"].tolist()
    ['2023-05-03', '2023-05-17', '2023-06-02T09:30:00', '2024-03-01', nan]
    """
    texts = _texts(table, columns)
    changed = changes(
        {name: _different(column) for name, column in texts.items()}, day_first=day_first, what=what, told_for=told_for
    )
    written = {name: texts[name].replace(texts_of) for name, texts_of in changed.items()}
    return table.assign(**written) if written else table


def changes(
    columns: Mapping[str, Different], *, day_first: bool | None = None, what: str, told_for: str = _TOLD_FOR
) -> dict[str, dict[str, str]]:
    """Return what `iso_dates` writes for the texts of each column that it writes anew; see there.

    Examples
    --------
    >>> told = Different(["3/05/2023", "17/05/2023"], 2, lambda texts: {text: (1, 0, 0) for text in texts})
    >>> changes({"since": told}, what="the table")
    {'since': {'3/05/2023': '2023-05-03', '17/05/2023': '2023-05-17'}}
    """
    order = order_of(columns, day_first=day_first, what=what, told_for=told_for)
    cells = {name: _cells(_not_iso(column.texts)) for name, column in columns.items()}
    first = _is_day_first(order)
    return {
        name: {text: _written(text, cell, day_first=first) for text, cell in found.items()}
        for name, found in cells.items()
        if found
    }


def order_of(
    columns: Mapping[str, pd.Series[Any] | Different],
    *,
    day_first: bool | None = None,
    what: str = "the table",
    told_for: str = _TOLD_FOR,
) -> Order | None:
    """Decide whether dates such as 3/05/2023 put the day first, from all date columns of a table together.

    None where no cell is written that way.

    Examples
    --------
    >>> order_of({"from": pd.Series(["3/05/2023"]), "to": pd.Series(["17/05/2023"])})
    Order(day_first=True, reason='day first: 1 of 2 cells have a first number above 12.')
    """
    told = {name: column for name, column in columns.items() if not isinstance(column, Different)}
    seen = {name: column for name, column in columns.items() if isinstance(column, Different)}
    seen |= {name: _different(column) for name, column in _texts(told, list(told)).items()}
    found = {name: _open_cells(seen[name]) for name in columns if name in seen}
    undecided = [name for name, cells in found.items() if cells]
    if not undecided:
        return None
    cells = [one for name in undecided for one in found[name]]
    if len(undecided) > 1:
        # Rows of two columns are no one order of time.
        cells = [one._replace(first=0, last=len(cells)) for one in cells]
    listed = ", ".join(f'"{name}"' for name in undecided)
    where = f"{what}, column{'s' * (len(undecided) > 1)} {listed}"
    total = sum(seen[name].total for name in undecided)
    return decide_order(cells, where=where, given=day_first, total=total, told_for=told_for)


def dates(
    values: pd.Series[Any], *, name: str, day_first: bool | None = None, month: Literal["first", "last"] = "first"
) -> pd.Series[pd.Timestamp]:
    """Return calendar days as they are written, NaT where a cell is empty or unreadable.

    Parameters
    ----------
    day_first
        The order of day and month; None decides it from this column alone.
    month
        The day that a month, quarter or year without a day stands for: its first, or its last.

    Raises
    ------
    Undecidable
        Cells such as 3/05/2023 fit both orders, and `day_first` is not given.

    Examples
    --------
    >>> cells = pd.Series(["3/05/2023", "17/05/2023", "1. mars 2024", "45352", "2024-03-01 10:00 CET", "later"])
    >>> dates(cells, name="moved_on").dt.strftime("%Y-%m-%d").tolist()
    ['2023-05-03', '2023-05-17', '2024-03-01', '2024-03-01', '2024-03-01', nan]
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        plain: pd.Series[pd.Timestamp] = values.dt.tz_localize(None) if values.dt.tz is not None else values
        return plain.dt.normalize().astype("datetime64[s]")
    texts = _texts({name: values}, [name])[name].fillna("")
    if day_first is None:
        day_first = _is_day_first(order_of({name: texts}))
    days = {text: cell.day.number(day_first=day_first) for text, cell in _cells(texts.unique()).items()}
    # A month or year stands for its first day, or its last where a period ends.
    named = {text: whole_period(text) for text in texts.unique() if text and days.get(text) is None}
    days |= {text: span[0 if month == "first" else 1] for text, span in named.items() if span}
    number = texts.map(days).astype("float64")
    return pd.to_datetime(number, unit="D").astype("datetime64[s]")


def _texts(table: Mapping[str, pd.Series[Any]] | pd.DataFrame, columns: Sequence[str]) -> dict[str, pd.Series[str]]:
    """Return the date columns as text without blanks around it; those that are times already are left out."""
    present = [name for name in columns if name in table and not pd.api.types.is_datetime64_any_dtype(table[name])]
    return {name: _stripped(table[name]) for name in present}


def _stripped(cells: pd.Series[Any]) -> pd.Series[str]:
    if isinstance(cells.dtype, pd.StringDtype):
        return cells.str.strip().astype("str")
    return cells.map(lambda v: str(v).strip(), na_action="ignore").astype("str")


def _different(column: pd.Series[str]) -> Different:
    """Return the different texts of a column that is read, and where they stand."""

    def places(texts: Sequence[str]) -> dict[str, tuple[int, int, int]]:
        rows = pd.Series(np.arange(len(column)), index=column.to_numpy()).loc[lambda row: row.index.isin(list(texts))]
        seen = rows.groupby(level=0).agg(["size", "min", "max"])
        return {str(text): (int(n), int(first), int(last)) for text, n, first, last in seen.itertuples()}

    return Different(column.dropna().unique().tolist(), int((column != "").sum()), places)


def _cells(texts: Iterable[str]) -> dict[str, Cell]:
    """Read the different texts of a column; those that are no dates are left out."""
    cells = with_century({text: read_date(text) for text in texts})
    return {text: cell for text, cell in cells.items() if cell}


def _not_iso(texts: Iterable[str]) -> list[str]:
    """Return the texts that pandas does not read as they stand."""
    return [text for text in texts if not _ISO.fullmatch(text)]


def _open_cells(column: Different) -> list[Open]:
    """Return the texts that leave the order of day and month open."""
    days = {text: cell.day for text, cell in _cells(_not_iso(column.texts)).items() if cell.day.is_open}
    if not days:
        return []
    return [Open(text, days[text], *places) for text, places in column.places(list(days)).items()]


def _is_day_first(order: Order | None) -> bool:
    return order is None or order.day_first


def _written(text: str, cell: Cell, *, day_first: bool) -> str:
    """The cell year first; as it is where there is no such day or time."""
    number = cell.day.number(day_first=day_first)
    if number is None or (cell.clock and cell.clock.seconds is None):
        return text
    day = _EPOCH + dt.timedelta(days=number)
    if cell.clock is None or cell.clock.seconds is None:
        return day.isoformat()
    offset = cell.clock.offset
    zone = None if offset is None else dt.timezone(dt.timedelta(seconds=offset))
    midnight = dt.datetime.combine(day, dt.time(), tzinfo=zone)
    return (midnight + dt.timedelta(seconds=cell.clock.seconds)).isoformat()
