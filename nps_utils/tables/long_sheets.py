"""A sheet of many rows: each different cell of a column is written once, and its rows are put together at the end."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

Codes = npt.NDArray[np.intp]

_CHUNK: Final = 1_024
_SPAN: Final = 16  # the rows of so many say together from which column to which they are filled


class LongSheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A sheet whose cells below the header are given by columns; the file is the same as if each had been written.

    The library takes a call for each cell and keeps an object of it. A follow-up list of fifty thousand rows has a
    million cells, and most of them say what another one says.
    """

    fh: Any  # where the library writes to

    def __init__(self) -> None:
        super().__init__()
        self._columns: list[tuple[int, Codes, list[Any]]] = []

    def repeat(self, column: int, codes: Codes, cells: Sequence[Any]) -> None:
        """Give a column below its header: for each row the place of its cell among `cells`, or -1 for none.

        `cells` are as `taken` returns them.
        """
        filled = np.flatnonzero(codes >= 0)
        if len(filled):
            self._check_dimensions(int(filled[-1]) + 1, column)
            self._columns.append((column, codes, list(cells)))
            texts = np.array([_is_text(cell) for cell in cells])
            again = np.bincount(codes[filled], minlength=len(cells)) - 1
            self.str_table.count += int(again[texts].sum())

    def repeat_texts(self, column: int, codes: Codes, texts: Sequence[str]) -> None:
        """Give a column of texts below its header, as `repeat` does; each is as long as a cell may be."""
        filled = np.flatnonzero(codes >= 0)
        if len(filled):
            self._check_dimensions(int(filled[-1]) + 1, column)
            place = self.str_table._get_shared_string_index
            self._columns.append((column, codes, [_text_cell(place(text)) for text in texts]))
            self.str_table.count += len(filled) - len(texts)

    def taken(self, column: int) -> Any:
        """Return the cell just written below the header of a column, and take it from there; None where it is blank."""
        return self.table[1].pop(column, None)

    def _write_rows(self) -> None:
        """Write what the library would, a thousand rows at a time."""
        header, last = self.table[0], self.dim_rowmax
        spans = _spans(self._columns, header, last)
        self._write_row(0, spans[0])
        for column in sorted(header):
            self._write_cell(0, column, header[column])
        self._xml_end_tag("row")
        columns = [(xl_col_to_name(at), codes, [*map(self._tail, cells), None]) for at, codes, cells in self._columns]
        for first in range(0, last, _CHUNK):
            numbers = range(first + 2, min(first + _CHUNK, last) + 2)
            parts = []
            for name, codes, tails in columns:
                ours = codes[first : first + len(numbers)].tolist()
                told = [
                    "" if (tail := tails[code]) is None else f'<c r="{name}{number}{tail}'
                    for number, code in zip(numbers, ours, strict=True)
                ]
                parts.append(told)
            for number, *cells in zip(numbers, *parts, strict=True):
                row = "".join(cells)
                if row:
                    self.fh.write(f'<row r="{number}" spans="{spans[(number - 1) // _SPAN]}">{row}</row>')

    def _tail(self, cell: Any) -> str:
        """Return a cell from the end of its address on."""
        if isinstance(cell, str):
            return cell
        if _is_text(cell) and cell.format is None:
            return _text_cell(cell.string)
        outer, self.fh = self.fh, io.StringIO()
        try:
            self._write_cell(0, 0, cell)
            written: str = self.fh.getvalue()
        finally:
            self.fh = outer
        return written.removeprefix('<c r="A1')


def _text_cell(place: int) -> str:
    """Return a text by its place among all of the workbook, from the end of the cell's address on."""
    return f'" t="s"><v>{place}</v></c>'


def _is_text(cell: Any) -> bool:
    return type(cell).__name__ == "String"


def _spans(columns: Sequence[tuple[int, Codes, list[Any]]], header: Sequence[int], last: int) -> list[str | None]:
    """Return for each sixteen rows the first and the last column in which one of them is filled."""
    low = np.full(last + 1, 1 << 20)
    high = np.full(last + 1, -1)
    low[0], high[0] = min(header), max(header)
    for at, codes, _ in columns:
        rows = np.flatnonzero(codes >= 0) + 1
        low[rows], high[rows] = np.minimum(low[rows], at), np.maximum(high[rows], at)
    starts = np.arange(0, last + 1, _SPAN)
    ends = np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)
    return [
        f"{one + 1}:{other + 1}" if other >= 0 else None
        for one, other in zip(*(end.tolist() for end in ends), strict=True)
    ]
