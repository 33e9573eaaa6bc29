"""Bytes to a text table: encoding, delimiter, records, sheets. No cell is interpreted, no row is lost.

A file is opened as one or more `Grid`s (a workbook has one per sheet). A grid knows its first records, from which the
tool and the columns are recognised, and scans its rows lazily: plain UTF-8 by Polars itself, anything else through the
careful reader in batches, so that memory stays bounded whatever the size.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import polars as pl
from polars.io.plugins import register_io_source

from nps_utils.checks import BadFile
from nps_utils.columns import FOUND
from nps_utils.exports.files.beginning import check_is_table, title_notes, title_rows
from nps_utils.exports.files.delimiter import detect_delimiter
from nps_utils.exports.files.encodings import Encoding, detect_encoding
from nps_utils.exports.files.excel import Sheet, read_sheets
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.files.large_files import Layout, survey_layout
from nps_utils.exports.files.records import Record, judge_width, read_lines, read_records
from nps_utils.exports.files.sources import Source
from nps_utils.exports.files.totals import with_totals_marked
from nps_utils.files import stamp

HEAD_RECORDS: Final = 5_000
MOST_COLUMNS: Final = 16_384
BATCH: Final = 20_000
# Below this size the careful reader is as quick as anybody needs.
FAST_FROM: Final = 4 << 20


@lru_cache(maxsize=1)
def _sheets_of(source: Source, changed: int, size: int) -> list[Sheet]:  # noqa: ARG001 - they tell versions apart
    """Read a workbook once where its sheets are asked for one after the other."""
    return read_sheets(source)


def sheet_grids(source: Source) -> list[Grid]:
    """Return the sheets of a workbook that have cells."""
    about = source.path.stat()
    return [_sheet_grid(source, sheet) for sheet in _sheets_of(source, about.st_mtime_ns, about.st_size)]


def _sheet_grid(source: Source, sheet: Sheet) -> Grid:
    """Return a sheet as a grid; what stands above its table is a title."""
    title = title_rows([record.cells for record in sheet.records])
    records = sheet.records[title:]
    width = max(len(record.cells) for record in records)
    check_width(source.path, width)

    def scan(skip: int) -> pl.LazyFrame:
        rows = with_totals_marked(judge_width(record, width) for record in records[skip:])
        return text_frame(list(rows), width).lazy()

    return Grid(
        source.path,
        records,
        width,
        scan,
        sheet=sheet.name,
        rounded_columns=sheet.rounded_columns,
        notes=(*title_notes(title, records), *_formula_notes(sheet.unstored), *_merged_notes(sheet.merged)),
    )


def _merged_notes(merged: int) -> tuple[str, ...]:
    if not merged:
        return ()
    return (f"cells merged over several rows are read in each of them: {merged:,} cells got their value so.",)


def _formula_notes(unstored: int) -> tuple[str, ...]:
    if not unstored:
        return ()
    return (
        f"{unstored:,} cells of the workbook are formulas whose results it does not hold: they count as empty. Open it"
        " in a spreadsheet program, save it there, and use that file.",
    )


def text_grid(source: Source, fast_from: int) -> Grid:
    """Return a text file as a grid; from `fast_from` bytes on, its rows are read lazily."""
    encoding = detect_encoding(source.open, source.path)
    delimiter, preamble = detect_delimiter(source, encoding)
    head = tuple(itertools.islice(_records(source, encoding, delimiter, preamble), HEAD_RECORDS))
    if not head:
        raise BadFile(f"{source.path} holds no rows, only blank lines. Export it from the survey tool again.")
    check_is_table(source.path, head[0].cells[0])
    title = title_rows([record.cells for record in head])
    head = head[title:]
    width, row_names = _fit_width(source.path, head)
    check_width(source.path, width)
    usual = _short_rows_are_usual(head, width)
    short = ("rows often end before the last column; the missing cells were read as empty.",) if usual else ()
    notes = (*title_notes(title, head), *short)

    def scan(skip: int) -> pl.LazyFrame:
        layout = _plain_layout(source, encoding, delimiter, preamble, width, fast_from)
        if layout is not None:
            return _scan_plain(source.path, layout, width, delimiter, head[skip - 1].row if skip else 0, usual)
        return _scan_carefully(source, encoding, delimiter, preamble, width, skip + title, usual)

    def is_bare() -> bool:
        layout = _plain_layout(source, encoding, delimiter, preamble, width, fast_from)
        return layout is not None and layout.bare

    return Grid(
        source.path, head, width, scan, encoding.title, delimiter, None, row_names, notes=notes, is_bare=is_bare
    )


def _records(source: Source, encoding: Encoding, delimiter: str, preamble: int) -> Iterator[Record]:
    with source.open() as stream:
        lines = itertools.islice(read_lines(stream, encoding, source.path), preamble, None)
        for record in read_records(lines, delimiter):
            yield record._replace(row=record.row + preamble)


def _fit_width(path: Path, head: Sequence[Record]) -> tuple[int, bool]:
    """Return the number of columns, and whether the header lacks the name of a first column of row names."""
    width = len(head[0].cells)
    sizes = Counter(_filled_width(record.cells, width) for record in head[1:])
    if not sizes:
        return width, False
    usual, n = sizes.most_common(1)[0]
    if usual <= width or n < 0.9 * len(head[1:]):
        return width, False
    if usual == width + 1:
        names = [record.cells[0] for record in head[1:] if len(record.cells) == usual]
        # R writes row names under a header that has no cell for them.
        if names[:50] == [str(number) for number in range(1, len(names[:50]) + 1)]:
            return usual, True
    raise BadFile(
        f"{path}: the header has {width:,} cells, but {n:,} of the first {len(head) - 1:,} rows have {usual:,}."
        " Which name belongs to which column cannot be known: give each column a name, or quote the cells that"
        " hold the delimiter."
    )


def _filled_width(cells: Sequence[str], width: int) -> int:
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    return len(cells)


def check_width(path: Path, width: int) -> None:
    """Refuse a table that is wider than a spreadsheet can be."""
    if width > MOST_COLUMNS:
        raise BadFile(
            f"{path} has {width:,} columns; more than {MOST_COLUMNS:,} (a spreadsheet's own limit) are not read."
            " Is the table turned on its side, or the file not a survey export?"
        )


def _short_rows_are_usual(head: Sequence[Record], width: int) -> bool:
    """Some tools leave out empty cells at the end; a line broken in two gives a pair that adds up to one row."""
    short = [len(record.cells) for record in head[1:] if len(record.cells) < width]
    broken = sum(a + b == width + 1 for a, b in itertools.pairwise(short))
    return len(short) > 0.05 * len(head) + 1 and broken < 0.2 * len(short)


def _schema(width: int) -> dict[str, pl.DataType]:
    columns: dict[str, pl.DataType] = {f"c{at}": pl.String() for at in range(width)}
    return columns | {"source_row": pl.Int64(), **{name: pl.String() for name in FOUND}}


def text_frame(records: Sequence[Record], width: int) -> pl.DataFrame:
    """Return records as a table of text, empty cells as null."""
    data: dict[str, Sequence[object]] = {
        f"c{at}": [record.cells[at] or None for record in records] for at in range(width)
    }
    data["source_row"] = [record.row for record in records]
    data["source_problem"] = [record.problem for record in records]
    data["source_flag"] = [record.flag for record in records]
    data["source_excess"] = [record.excess for record in records]
    return pl.DataFrame(data, schema=_schema(width))


def _scan_carefully(
    source: Source, encoding: Encoding, delimiter: str, preamble: int, width: int, skip: int, usual: bool
) -> pl.LazyFrame:
    def judged() -> Iterator[Record]:
        records = itertools.islice(_records(source, encoding, delimiter, preamble), skip, None)
        return with_totals_marked(judge_width(record, width, short_rows_are_usual=usual) for record in records)

    return scan_records(judged, width)


def scan_records(read: Callable[[], Iterable[Record]], width: int) -> pl.LazyFrame:
    """Return records of one width as a lazy frame that reads them in batches, from their start each time."""

    def batches(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        records = read()
        limited = records if n_rows is None else itertools.islice(records, n_rows)
        for batch in _batched(limited, batch_size or BATCH):
            frame = text_frame(batch, width)
            frame = frame if with_columns is None else frame.select(with_columns)
            yield frame if predicate is None else frame.filter(predicate)

    return register_io_source(batches, schema=_schema(width), is_pure=True)


def _batched(records: Iterable[Record], size: int) -> Iterator[list[Record]]:
    iterator = iter(records)
    while batch := list(itertools.islice(iterator, size)):
        yield batch


def _plain_layout(
    source: Source, encoding: Encoding, delimiter: str, preamble: int, width: int, fast_from: int
) -> Layout | None:
    """Return where the rows are when Polars may read the file as it is."""
    plain = encoding.name in ("utf-8", "utf-8-sig") and not encoding.mixed
    if not plain or source.packed or preamble or width < 2 or source.path.stat().st_size < fast_from:
        return None
    return _layout(source.path, stamp(source.path), delimiter, width)


@lru_cache(maxsize=4)
def _layout(path: Path, written: tuple[int, ...], delimiter: str, width: int) -> Layout | None:  # noqa: ARG001
    """Look at the bytes of a file once, as long as nobody writes it."""
    return survey_layout(path, delimiter, width)


def _scan_plain(
    path: Path, layout: Layout, width: int, delimiter: str, last_header_row: int, usual: bool
) -> pl.LazyFrame:
    cells = {f"c{at}": pl.String for at in range(width)}
    rows = pl.scan_csv(
        path,
        has_header=False,
        schema=cells,
        separator=delimiter,
        truncate_ragged_lines=True,
        missing_columns="insert",
        null_values=[""],
        row_index_name="source_row",
        row_index_offset=1,
        glob=False,
    )
    number = pl.col("source_row").cast(pl.Int64)
    kept = number > last_header_row
    if layout.blank:
        kept &= ~number.is_in(layout.blank)
    problem, flag = layout.problems(), layout.flags(short_rows_are_usual=usual)
    return rows.filter(kept).select(
        pl.col(list(cells)),
        number,
        _marked(number, problem).alias("source_problem"),
        _marked(number, flag).alias("source_flag"),
        _marked(number, layout.excess).alias("source_excess"),
    )


def _marked(number: pl.Expr, marks: dict[int, str]) -> pl.Expr:
    if not marks:
        return pl.lit(None, dtype=pl.String)
    return number.replace_strict(marks, default=None, return_dtype=pl.String)
