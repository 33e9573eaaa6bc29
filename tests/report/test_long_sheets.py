"""Workbooks written by columns hold what they hold when every cell is written by itself, to the byte."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from nps_utils.tables.sheets import _cell, write_workbook

MADE = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook's properties have no zone
TEXTS = [
    "=1+1",
    " a",
    "b ",
    "åäö",
    "<x&>",
    "line\nbreak",
    "\x07bell",
    "x" * 40_000,
    "😀" * 20_000,
    "_x0041_",
    "12",
    None,
]
MIXED = [True, False, 1, 0, 1.0, 2.5, None, pd.NA, pd.NaT, float("nan"), "a", dt.date(2026, 1, 2), MADE, [1, 2], (1, 2)]
NUMBERS = [10**16, -(10**15), float("inf"), 1 / 3, 1e300, -0.25, None]
DAYS = ["2025-01-01", "2026-03-03 10:00", None]


def mixed(rows: int) -> pd.DataFrame:
    """Return a table of every kind of cell, with gaps longer than the library's blocks of sixteen rows."""
    draw = random.Random(rows)

    def some(cells: list[Any]) -> list[Any]:
        return [draw.choice(cells) for _ in range(rows)]

    days = pd.Series(pd.to_datetime(some(DAYS), format="ISO8601"))
    table = pd.DataFrame(
        {
            "text": pd.Series(some(TEXTS), dtype="string"),
            "any": pd.Series(some([*MIXED, *NUMBERS]), dtype=object),
            "number": pd.Series(some(NUMBERS), dtype=float),
            "whole": pd.array(some([1, 2, 10**17, None]), dtype="Int64"),
            "yes": some([True, False]),
            "maybe": pd.array(some([True, False, None]), dtype="boolean"),
            "day": days,
            "instant": days.dt.tz_localize("UTC"),
            "kind": pd.Categorical(some(["u", "v", None])),
            "nothing": pd.Series([None] * rows, dtype="string"),
        }
    )
    gap = (table.index >= rows // 2) & (table.index < rows // 2 + 20)
    return table.assign(**{name: table[name].mask(gap) for name in table.columns if name != "yes"})


def by_cells(sheets: dict[str, pd.DataFrame], path: Path) -> None:
    """Write each cell by itself, as a workbook of few rows may be written."""
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), plain) as book:
        book.set_properties({"created": MADE})
        head, date = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": 14})
        for name, table in sheets.items():
            sheet = book.add_worksheet(name)
            for column, title in enumerate(table.columns):
                sheet.write_string(0, column, title, head)
                for row, value in enumerate(table[title].tolist(), start=1):
                    _cell(sheet, row, column, value, date)
                number = table[title].dtype.kind in "fiub" or title in ("whole", "maybe")
                longest = 0 if number or table.empty else max(len(str(cell)) for cell in table[title].head(200))
                sheet.set_column(column, column, min(max(longest, len(title), 8), 60))
            sheet.freeze_panes(1, 0)
            if table.size:
                sheet.autofilter(0, 0, len(table), len(table.columns) - 1)


@pytest.mark.parametrize("rows", [0, 1, 16, 40, 1040])
def test_every_cell_is_as_if_written_by_itself(tmp_path: Path, rows: int) -> None:
    """Shared texts, their number, dates, yes and no, what is too long or no text: the file is the same to the byte."""
    table = mixed(rows)
    sheets = {"a": table, "b": table[["nothing", "day"]].iloc[::-1], "c": table[["nothing"]], "d": pd.DataFrame()}
    write_workbook(sheets, tmp_path / "columns.xlsx", created=MADE)
    by_cells(sheets, tmp_path / "cells.xlsx")
    assert (tmp_path / "columns.xlsx").read_bytes() == (tmp_path / "cells.xlsx").read_bytes()


def test_a_reader_of_another_library_finds_every_row(tmp_path: Path) -> None:
    """A long sheet is read back with all its texts and numbers."""
    table = pd.DataFrame({"id": [f"0{n}" for n in range(3_000)], "n": range(3_000), "day": dt.date(2026, 1, 2)})
    write_workbook({"long": table}, tmp_path / "b.xlsx", created=MADE)
    with contextlib.closing(openpyxl.load_workbook(tmp_path / "b.xlsx", read_only=True)) as book:
        read = list(book["long"].iter_rows(min_row=2, values_only=True))
    assert [(name, n) for name, n, _ in read] == list(zip(table["id"], table["n"], strict=True))
    assert {day.date() for *_, day in read} == {dt.date(2026, 1, 2)}
