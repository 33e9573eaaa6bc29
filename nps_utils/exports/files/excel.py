"""Workbooks: each sheet as rows of text, after checking that it unpacks to something of a sane size."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, load_workbook

from nps_utils.checks import BadFile
from nps_utils.exports.files.records import Record
from nps_utils.exports.files.sources import Source
from nps_utils.scale import HIGHEST

MOST_UNPACKED: Final = 1 << 30
MOST_SHARED_TEXT: Final = 256 << 20
# calamine holds the rectangle from A1 to the last cell: one cell at XFD1048576 would be 17 billion.
MOST_CELLS: Final = 20_000_000
_REFERENCE: Final = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
# A program that only writes formulas leaves their results to the spreadsheet that opens the file.
_UNSTORED: Final = re.compile(rb"(?:</f>|<f[^<>]*/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_SPREADSHEET_DIGITS: Final = 15
_CALAMINE_ERRORS: Final = (CalamineError, PasswordError, OSError, ValueError, zipfile.BadZipFile)


@dataclass(frozen=True)
class Sheet:
    """One sheet with cells in it."""

    name: str
    records: tuple[Record, ...]
    rounded_columns: frozenset[int]
    unstored: int = 0  # formulas of the workbook whose results it does not hold
    merged: int = 0  # cells that got their value from the first of those they are merged with


def read_sheets(source: Source) -> list[Sheet]:
    """Read every sheet that has cells, as text.

    Raises
    ------
    BadFile
        The workbook is damaged, protected, or unpacks to more than a survey could hold.
    """
    unstored = 0
    with source.open() as file:
        if zipfile.is_zipfile(file):
            file.seek(0)
            unstored = _check_size(file, source)
    try:
        with source.open() as file:
            workbook = load_workbook(file)
            return [dataclasses.replace(sheet, unstored=unstored) for sheet in _sheets(workbook)]
    except PasswordError as error:
        raise BadFile(f"{source.path} is protected by a password. Save it without one, or as CSV (UTF-8).") from error
    except _CALAMINE_ERRORS as error:
        raise BadFile(f"{source.path} cannot be read as a workbook ({error}). Save it as CSV (UTF-8).") from error


def _check_size(file: IO[bytes], source: Source) -> int:
    """Return how many formulas have no stored result, after checking that the workbook is of a sane size."""
    try:
        with zipfile.ZipFile(file) as archive:
            total = unstored = 0
            for entry in archive.infolist():
                shared = entry.filename.endswith("sharedStrings.xml")
                most = MOST_SHARED_TEXT if shared else MOST_UNPACKED - total
                size, formulas = _measure(archive, entry, source, most)
                total, unstored = total + size, unstored + formulas
            return unstored
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise BadFile(f"{source.path} is damaged ({error}). Export it again, or save it as CSV (UTF-8).") from error


def _measure(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, source: Source, most: int) -> tuple[int, int]:
    """Unpack one part piece by piece, without trusting the size it claims; return its size and unstored formulas."""
    seen, last_row, columns, tail, unstored = 0, 0, set[bytes](), b"", 0
    if entry.filename == "content.xml":
        _measure_open_document(archive, entry, source)
    is_sheet = "worksheets/" in entry.filename and entry.filename.endswith(".xml")
    with archive.open(entry) as part:
        while piece := part.read(1 << 20):
            seen += len(piece)
            if seen > most:
                raise BadFile(
                    f"{source.path}: {entry.filename} unpacks to more than {most >> 20:,} MB."
                    " A survey export does not; if it is one, export it as CSV."
                )
            if is_sheet:
                for letters, digits in _REFERENCE.findall(tail + piece):
                    columns.add(letters)
                    last_row = max(last_row, int(digits))
                unstored += sum(found.end() > len(tail) for found in _UNSTORED.finditer(tail + piece))
                tail = piece[-32:]
                _check_cells(source, entry.filename, last_row, max(map(_column_number, columns), default=0))
    return seen, unstored


def _measure_open_document(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, source: Source) -> None:
    """Count the filled cells of an OpenDocument sheet, where a row and a cell may say how often they are repeated."""
    cells, in_row, rows = 0, 0, 1

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal in_row, rows
        if name.endswith(":table-row"):
            in_row, rows = 0, int(attributes.get("table:number-rows-repeated", 1))
        elif name.endswith("table-cell") and any(key.startswith("office:value") for key in attributes):
            in_row += int(attributes.get("table:number-columns-repeated", 1))

    def end(name: str) -> None:
        nonlocal cells
        if name.endswith(":table-row"):
            cells += in_row * rows
            if cells > MOST_CELLS:
                raise BadFile(
                    f"{source.path} repeats its cells to more than {MOST_CELLS:,}; more are not read from a workbook."
                    " Save it as CSV (UTF-8)."
                )

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        with archive.open(entry) as part:
            parser.ParseFile(part)
    except (expat.ExpatError, ValueError) as error:
        raise BadFile(f"{source.path} is a damaged OpenDocument sheet ({error}). Save it again, or as CSV.") from error


def _check_cells(source: Source, sheet: str, rows: int, columns: int) -> None:
    if rows * columns > MOST_CELLS:
        raise BadFile(
            f"{source.path}: {sheet} reaches to row {rows:,} and column {columns:,}, {rows * columns:,} cells;"
            f" more than {MOST_CELLS:,} are not read from a workbook."
            " Delete the empty rows and columns, or save it as CSV (UTF-8)."
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheets(workbook: CalamineWorkbook) -> Iterator[Sheet]:
    for about in workbook.sheets_metadata:
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        opened = workbook.get_sheet_by_name(about.name)
        rows = opened.to_python(skip_empty_area=False)
        merged = _fill_merged(rows, opened.merged_cell_ranges or [])
        records, rounded = [], set[int]()
        for number, row in enumerate(rows, start=1):
            cells = [_text(value) for value in row]
            if any(cells):
                records.append(Record(number, cells, None, None))
            rounded |= {at for at, value in enumerate(row) if isinstance(value, float) and abs(value) >= 10**15}
        if records:
            yield Sheet(about.name, tuple(records), frozenset(rounded), merged=merged)


def _fill_merged(rows: list[list[Any]], ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> int:
    """Write what several rows share into each of them, and return in how many cells; a score is of one row only.

    A workbook keeps the value of merged cells in the first of them: the company would be known of one contact in three.
    """
    filled = 0
    for (top, left), (bottom, right) in ranges:
        if left != right or top < 1 or bottom >= len(rows) or left >= len(rows[top]):
            continue  # titles, and headers above headers
        value = rows[top][left]
        if value in ("", None) or (isinstance(value, float | int) and 0 <= value <= HIGHEST):
            continue
        for row in rows[top + 1 : bottom + 1]:
            if left < len(row) and row[left] in ("", None):
                row[left] = value
                filled += 1
    return filled


def _text(value: object) -> str:
    """One cell as the text a CSV of the same sheet would hold, but dates in ISO form."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        whole = value == int(value) if abs(value) < 1e300 else False
        return f"{value:.0f}" if whole else f"{value:.{_SPREADSHEET_DIGITS}g}"
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds" if not value.microsecond else "milliseconds")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)
