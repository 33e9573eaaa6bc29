"""Tables as files that a spreadsheet opens safely: text stays text, whatever it begins with."""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import xlsxwriter
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from nps_utils.files import replacing
from nps_utils.tables.csv_lines import write_lines
from nps_utils.tables.long_sheets import Codes, LongSheet

# What makes a spreadsheet run a cell of a CSV file as a formula (OWASP, "CSV Injection").
_FORMULA: Final = re.compile(r"^[\s\x00-\x1f]*[=+\-@\t\r\n＝＋－＠]")
_ABSENT: Final = "–"
MOST_ROWS: Final = 1_048_575  # of a sheet, below its header
LONGEST_CELL: Final = 32_767
_SURELY_SHORT: Final = LONGEST_CELL // 2  # some signs count as two
_EXACT: Final = 10**15  # a spreadsheet keeps fifteen digits of a number
_BAD_IN_NAME: Final = re.compile(r"[\[\]:*?/\\']")
_WIDEST, _NARROWEST = 60, 8
_FEW: Final = 1_000  # cells that are looked at one by one: to ask pandas of all at once takes as long as of a thousand


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe goes before one that would be.

    Examples
    --------
    >>> neutral("=cmd|' /C calc'!A0"), neutral("-5 %"), neutral("Anna")
    ("'=cmd|' /C calc'!A0", "'-5 %", 'Anna')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def neutral_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with every text cell neutral; numbers and dates stay as they are.

    Examples
    --------
    >>> neutral_table(pd.DataFrame({"name": ["=1+1", None], "change": [-5.0, 2.0]})).to_numpy().tolist()
    [["'=1+1", -5.0], [nan, 2.0]]
    """
    texts = [name for name in table.columns if not is_numeric_dtype(table[name])]
    safe = {name: _neutral_column(table[name]) for name in texts}
    return table.assign(**safe).rename(columns=lambda name: neutral(str(name)))


def _neutral_column(cells: pd.Series[Any]) -> pd.Series[Any]:
    if not isinstance(cells.dtype, pd.StringDtype):
        return cells.map(lambda cell: neutral(cell) if isinstance(cell, str) else cell)
    different: Iterable[str]
    if len(cells) <= _FEW:
        different = {cell for cell in cells.tolist() if isinstance(cell, str)}
    else:  # what begins with a letter or a digit is no formula, and most of millions of cells do
        different = cells[~cells.str.match("[0-9A-Za-z]").fillna(value=True).astype(bool)].dropna().unique()
    changed = {text: safe for text in different if (safe := neutral(text)) != text}
    return cells.where(~cells.isin(list(changed)), cells.map(changed)) if changed else cells


def text_columns(table: pd.DataFrame) -> list[str]:
    """Return the columns that hold text, under the names they have in a file, so that "00123" is read back as text.

    Examples
    --------
    >>> text_columns(pd.DataFrame({"account_id": ["00123", None], "n": [1, 2], "day": [dt.date(2026, 3, 1), None]}))
    ['account_id']
    """
    return [neutral(str(name)) for name in table.columns if any(isinstance(cell, str) for cell in table[name].tolist())]


def read_back(path: Path, *, text: Sequence[str]) -> pd.DataFrame:
    r"""Read a table of numbers that we wrote as CSV; the named columns are text to the last digit, "NA" included.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "a.csv").write_text("id,n\n007,1\nNA,2\n", "utf-8")
    ...     read_back(Path(folder) / "a.csv", text=["id"]).to_numpy().tolist()
    [['007', 1], ['NA', 2]]
    """
    table: pd.DataFrame = pd.read_csv(
        path, dtype=dict.fromkeys(text, "string"), keep_default_na=False, na_values=[""], low_memory=False
    )
    return table


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV in UTF-8 with a mark that spreadsheets need, formulas neutralised."""
    with replacing(path) as beside:
        with beside.open("wb") as file:
            written = write_lines(table, file, safe=neutral_table)
        if not written:
            # All text is quoted: a bare carriage return in a comment would otherwise begin a new row.
            neutral_table(table).to_csv(
                beside, index=False, lineterminator="\n", encoding="utf-8-sig", quoting=csv.QUOTE_NONNUMERIC
            )


def write_workbook(
    sheets: Mapping[str, pd.DataFrame],
    path: Path,
    *,
    created: dt.datetime,
    choices: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write tables as one workbook, a sheet each; every text is written as text, never as a formula or link.

    Parameters
    ----------
    sheets
        Tables by the name of their sheet; long or forbidden names are shortened and kept apart.
    path
        The file to write.
    created
        The time the workbook says it was made, so that the same tables give the same file.
    choices
        What may be chosen in the cells of a column, by its header; anything else may still be written.
    """
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with replacing(path) as beside, xlsxwriter.Workbook(str(beside), plain) as book:
        book.set_properties({"created": created})
        formats = {"head": book.add_format({"bold": True, "bottom": 1}), "date": book.add_format({"num_format": 14})}
        for name, (title, table) in zip(sheet_names(sheets), sheets.items(), strict=True):
            if len(table) > MOST_ROWS:
                raise ValueError(f"{title}: {len(table):,} rows do not fit into a sheet of {MOST_ROWS:,}.")
            sheet = book.add_worksheet(name, worksheet_class=LongSheet)
            _write(sheet, table, formats)
            _offer(sheet, table, choices or {})


def sheet_names(titles: Mapping[str, Any]) -> list[str]:
    """Return names that a workbook allows: 31 characters at most, no two alike.

    Examples
    --------
    >>> sheet_names({"a/b": 0, "x" * 40: 0, "x" * 41: 0})
    ['a-b', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxx 2']
    """
    taken: list[str] = []
    for title in titles:
        clean = _BAD_IN_NAME.sub("-", str(title)).strip() or "sheet"
        name, number = clean[:31], 1
        while name.lower() in {other.lower() for other in taken} or name.lower() == "history":
            number += 1
            name = f"{clean[: 30 - len(str(number))]} {number}"
        taken.append(name)
    return taken


def _write(sheet: LongSheet, table: pd.DataFrame, formats: Mapping[str, Any]) -> None:
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, str(name), formats["head"])
        cells = table[name]
        texts = not (is_numeric_dtype(cells) or is_bool_dtype(cells))
        codes, different = _different(cells)
        if isinstance(cells.dtype, pd.StringDtype) and max(map(len, different), default=0) <= _SURELY_SHORT:
            sheet.repeat_texts(column, codes, different)
        else:
            written = []
            for value in different:
                _cell(sheet, 1, column, value, formats["date"])
                written.append(sheet.taken(column))
            sheet.repeat(column, codes, written)
        longest = cells.head(200).map(lambda cell: len(str(cell))).max() if texts and len(cells) else 0
        sheet.set_column(column, column, min(max(longest, len(str(name)), _NARROWEST), _WIDEST))
    sheet.freeze_panes(1, 0)
    if len(table.columns) and len(table):
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)


def _different(cells: pd.Series[Any]) -> tuple[Codes, list[Any]]:
    """Return for each row which of the different cells it has, -1 where it is empty; and those, as they come."""
    if cells.dtype == object:  # True, 1 and 1.0 are equal and are written otherwise
        place: dict[tuple[type, Any], int] = {}
        values = cells.tolist()
        codes = [
            -1
            if _is_blank(value)
            else place.setdefault((type(value), value if isinstance(value, Hashable) else str(value)), len(place))
            for value in values
        ]
        return np.array(codes, dtype=np.intp), [value for _, value in place]
    found, different = pd.factorize(cells)
    return found, pd.Series(different).tolist()


def _offer(sheet: Any, table: pd.DataFrame, choices: Mapping[str, Sequence[str]]) -> None:
    """Offer a list in the cells of a column; what is not on it is asked about, and not refused."""
    for column, name in enumerate(table.columns):
        if str(name) in choices and len(table):
            rule = {"validate": "list", "source": list(choices[str(name)]), "error_type": "warning"}
            sheet.data_validation(1, column, len(table), column, rule)


def _cell(sheet: Any, row: int, column: int, value: Any, date: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, dt.datetime) and not pd.isna(value):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), date)
    elif isinstance(value, dt.date) and not pd.isna(value):
        sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), date)  # noqa: DTZ001 - a day
    elif _is_blank(value):
        sheet.write_blank(row, column, None)
    elif isinstance(value, (int, float)):
        if math.isinf(value):
            sheet.write_string(row, column, _ABSENT)
        elif isinstance(value, int) and abs(value) >= _EXACT:
            sheet.write_string(row, column, str(value))
        else:
            sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value)[:LONGEST_CELL])


def _is_blank(value: Any) -> bool:
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value))
