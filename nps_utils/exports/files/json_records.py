"""JSON and JSON lines as tables of text: one row per record, one column per name in it.

Numbers keep the digits they are written with: an id of 18 digits is never a float. Where a file holds several lists of
records they are offered like the sheets of a workbook.
"""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final, NoReturn

from nps_utils.checks import BadFile
from nps_utils.exports.files.encodings import Encoding, detect_encoding
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.files.json_shapes import Found, Number, holds_records, tables_in
from nps_utils.exports.files.record_grids import records_grid
from nps_utils.exports.files.records import BROKEN_ROW, Record
from nps_utils.exports.files.sources import Source
from nps_utils.exports.files.tabular import HEAD_RECORDS
from nps_utils.exports.files.values import flatten

# Read at once, a document takes several times its size in memory; lines are read one by one.
MOST_AT_ONCE: Final = 1 << 30


def json_grids(source: Source) -> list[Grid]:
    """Open a file of JSON: an array of records, an object around one, columns of values, or one record per line.

    Raises
    ------
    BadFile
        It is damaged, too large to be read at once, or holds no records.
    """
    encoding = detect_encoding(source.open, source.path)
    if _is_lines(source, encoding):
        return [_lines_grid(source, encoding)]
    found = tables_in(_document(source, encoding), source.path)
    return [_table_grid(source.path, one, several=len(found) > 1) for one in found]


def _loads(whole: str) -> Any:
    """Read JSON with numbers as they are written; documents that follow one another are records of one list."""
    found, end = _DECODER.raw_decode(whole, _start(whole, 0))
    if (end := _start(whole, end)) == len(whole) or not isinstance(found, dict):
        if end < len(whole):
            raise json.JSONDecodeError("something follows its end", whole, end)
        return found
    documents = [found]
    while end < len(whole):
        found, end = _DECODER.raw_decode(whole, end)
        documents.append(found)
        end = _start(whole, end)
    return documents


def _start(whole: str, at: int) -> int:
    while at < len(whole) and whole[at] in " \t\r\n":
        at += 1
    return at


def _not_a_number(name: str) -> str | None:
    return None if name == "NaN" else name


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        again = (f"{name}_{n}" for n in itertools.count(2))
        found[next(key for key in itertools.chain((name,), again) if key not in found)] = value
    return found


_DECODER: Final = json.JSONDecoder(
    parse_int=Number, parse_float=Number, parse_constant=_not_a_number, object_pairs_hook=_object
)


def _opened(source: Source, encoding: Encoding) -> IO[str]:
    # Half a character, in JSON two escapes, is no character.
    return io.TextIOWrapper(source.open(), encoding=encoding.name, errors="replace")


def _is_lines(source: Source, encoding: Encoding) -> bool:
    """Say whether the first line is a whole record and another one follows."""
    with _opened(source, encoding) as file:
        lines = (line for line in iter(lambda: file.readline(MOST_AT_ONCE), "") if line.strip())
        first, second = next(lines, ""), next(lines, "")
    try:
        return bool(second) and isinstance(_loads(first.removeprefix("\ufeff")), dict)
    except ValueError:
        return False


def _document(source: Source, encoding: Encoding) -> Any:
    with _opened(source, encoding) as file:
        whole = file.read(MOST_AT_ONCE + 1).removeprefix("\ufeff")
    if len(whole) > MOST_AT_ONCE:
        raise BadFile(
            f"{source.path} is one JSON document of more than {MOST_AT_ONCE >> 20:,} MB. Write it as JSON lines, one"
            " record per line (jq -c '.[]' FILE > answers.jsonl), as Parquet or as CSV."
        )
    try:
        return _loads(whole)
    except json.JSONDecodeError as error:
        _refuse(source.path, whole, error)
    except RecursionError as error:
        raise BadFile(f"{source.path} is JSON nested too deep to be answers. Export it as CSV.") from error


def _refuse(path: Path, whole: str, error: json.JSONDecodeError) -> NoReturn:
    near = whole[max(0, error.pos - 20) : error.pos + 20].strip().replace("\n", " ")
    ends = " It ends too early: was the download cut short?" if error.pos >= len(whole.rstrip()) - 1 else ""
    raise BadFile(
        f'{path} is JSON, but damaged in line {error.lineno:,}, column {error.colno:,} ({error.msg}, near "{near}").'
        f"{ends} Download or export it again."
    ) from error


def _table_grid(path: Path, found: Found, *, several: bool) -> Grid:
    rows = [dict(flatten(record)) for record in found.records]
    names = list(dict.fromkeys(itertools.chain.from_iterable(rows)))
    records = [_record(at, row, names) for at, row in enumerate(rows, start=1)]
    where = found.where if several else None
    return records_grid(path, names, lambda: records, sheet=where, notes=[*found.notes, *_deep(found.records)])


def _record(at: int, row: dict[str, str], names: Sequence[str]) -> Record:
    # Half of a character outside the basic plane is no character.
    cells = [row.get(name, "").encode("utf-8", "replace").decode("utf-8") for name in names]
    return Record(at, cells, None, None)


def _deep(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the sentence on columns that hold lists of objects, where there are some."""
    first = itertools.islice(records, HEAD_RECORDS)
    deep = dict.fromkeys(name for record in first for name, value in record.items() if holds_records(value))
    if not deep:
        return []
    shown = ", ".join(f'"{name}"' for name in list(deep)[:6])
    return [
        f"{shown}: lists of objects, kept as JSON in one cell each. If the answers are in there, write one object per"
        " answer, with a name per question, and give that file."
    ]


def _lines_grid(source: Source, encoding: Encoding) -> Grid:
    """Open records one per line; a line that cannot be read is a row that cannot be used."""
    names: dict[str, None] = {}
    for line in _lines(source, encoding):
        names |= dict.fromkeys(_row_of(line) or ())
    ordered = list(names)

    def read() -> Iterator[Record]:
        for at, line in enumerate(_lines(source, encoding), start=1):
            row = _row_of(line)
            if row is None:
                yield Record(at, [""] * len(ordered), BROKEN_ROW, None, line.strip()[:2_000])
            else:
                yield _record(at, row, ordered)

    first = (_object_of(line) or {} for line in _lines(source, encoding))
    return records_grid(source.path, ordered, read, notes=_deep(first))


def _lines(source: Source, encoding: Encoding) -> Iterator[str]:
    with _opened(source, encoding) as file:
        for line in file:
            if line.strip("\ufeff \t\r\n"):
                yield line.removeprefix("\ufeff")


def _object_of(line: str) -> dict[str, Any] | None:
    try:
        found = _loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _row_of(line: str) -> dict[str, str] | None:
    found = _object_of(line)
    return None if found is None else dict(flatten(found))
