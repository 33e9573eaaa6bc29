"""Which part of a JSON document is the table: an array, an object around one, or one of the forms of data frames."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from nps_utils.checks import BadFile

_DEEPEST: Final = 5
# What an interface says beside one page of its records.
_TOTALS: Final = frozenset({"total", "count", "totalcount", "totalitems", "numresults", "totalresults", "totalrecords"})
_MORE: Final = frozenset({"next", "nextpage", "nextpagetoken", "nextcursor", "nextlink", "hasmore", "odatanextlink"})
_KEY: Final = "record_key"


class Number(str):
    """A number with the digits it was written with."""

    __slots__ = ()


class Found(NamedTuple):
    """A list of records, where in the document it stands, and what to know of it."""

    where: str
    records: Sequence[Mapping[str, Any]]
    notes: tuple[str, ...]


def tables_in(document: Any, path: Path) -> list[Found]:
    """Return every list of records in a document.

    Raises
    ------
    BadFile
        There is none, or a list holds something else than records.

    Examples
    --------
    >>> tables_in({"count": "1", "results": [{"score": "9"}]}, Path("answers.json"))
    [Found(where='results', records=[{'score': '9'}], notes=('the records are under "results".',))]
    """
    if isinstance(document, list):
        return [Found("", _records(document, path, ""), ())]
    if not isinstance(document, Mapping) or not document:
        raise BadFile(f"{path} is JSON but holds no records. Export the answers as an array of objects, or as CSV.")
    if whole := _as_frame(document):
        return [whole]
    found = [
        Found(where, _records(inside, path, where), (f'the records are under "{where}".', *_pages(beside, len(inside))))
        for where, inside, beside in _lists(document)
    ]
    if found:
        return found
    if by_key := _by_key(document):
        return [by_key]
    if any(isinstance(value, list) and not value for value in document.values()):
        raise BadFile(f"{path} is JSON whose list of records is empty: nobody answered, or the export was filtered.")
    return [Found("", [document], ("the file holds a single record.",))]


def holds_records(value: object) -> bool:
    """Say whether a value is a list with objects in it."""
    return isinstance(value, list) and any(isinstance(one, Mapping) for one in value)


def _lists(document: Mapping[str, Any], above: str = "", depth: int = 1) -> Iterator[tuple[str, list[Any], Any]]:
    """Yield each list of records outside any other list: its place, itself, and what stands beside it."""
    for name, value in document.items():
        if holds_records(value) or _is_rows(value):
            yield f"{above}{name}", value, document
        elif isinstance(value, Mapping) and depth < _DEEPEST:
            yield from _lists(value, f"{above}{name}.", depth + 1)


def _is_rows(value: object) -> bool:
    """Say whether a value is rows of cells below a row of names."""
    if not isinstance(value, list) or len(value) < 2 or not all(isinstance(row, list) for row in value):
        return False
    names = value[0]
    return (
        bool(names)
        and all(isinstance(name, str) and name and not isinstance(name, Number) for name in names)
        and len(set(names)) == len(names)
    )


def _records(inside: list[Any], path: Path, where: str) -> list[Mapping[str, Any]]:
    if _is_rows(inside):
        return _of_rows(inside[0], inside[1:], path)
    if inside and all(isinstance(one, list) for one in inside):
        raise BadFile(
            f"{path} is JSON that holds rows of cells without names: which is the score cannot be known. Export it with"
            " a first row of names, or as an array of objects."
        )
    for at, one in enumerate(inside, start=1):
        if not isinstance(one, Mapping):
            place = f', in "{where}"' if where else ""
            raise BadFile(
                f"{path}{place}: record {at:,} is {str(one)[:40]!r}, not an object with names. Export the answers as an"
                " array of objects, or as CSV."
            )
    if not inside:
        raise BadFile(f"{path} is JSON that holds no records: nobody answered, or the export was filtered.")
    if all(len(one) == 1 and isinstance(next(iter(one.values())), Mapping) for one in inside):
        return [next(iter(one.values())) for one in inside]
    return inside


def _of_rows(names: Sequence[str], rows: Sequence[Sequence[Any]], path: Path) -> list[Mapping[str, Any]]:
    for at, row in enumerate(rows, start=1):
        if len(row) > len(names):
            raise BadFile(f"{path}: row {at:,} has {len(row):,} cells under {len(names):,} names. Export it again.")
    return [dict(zip(names, row, strict=False)) for row in rows]


def _as_frame(document: Mapping[str, Any]) -> Found | None:
    """Read what data frames write: columns beside data, or a list or an object of cells per column."""
    names, data = document.get("columns"), document.get("data")
    if isinstance(names, list) and isinstance(data, list) and data and all(isinstance(row, list) for row in data):
        found = [dict(zip(map(str, names), row, strict=False)) for row in data]
        return Found("data", found, ("names and cells stand apart, as data frames write them.",))
    values = list(document.values())
    if all(isinstance(value, list) for value in values) and not any(holds_records(value) for value in values):
        sizes = {len(value) for value in values}
        if len(sizes) == 1 and sizes != {0} and len(values) > 1:
            rows = zip(*values, strict=True)
            return Found("", [dict(zip(document, row, strict=True)) for row in rows], (_COLUMNS,))
    if all(isinstance(value, Mapping) and value for value in values) and len(values) > 1:
        rows_of = {tuple(value) for value in values}
        if len(rows_of) == 1 and all(key.isdigit() for key in next(iter(rows_of))):
            numbers = next(iter(rows_of))
            return Found("", [{name: cells[key] for name, cells in document.items()} for key in numbers], (_COLUMNS,))
    return None


_COLUMNS: Final = "it holds one list of cells per column, as data frames write them."


def _by_key(document: Mapping[str, Any]) -> Found | None:
    """Read records that are named by their key: an object of objects that have names in common."""
    values = list(document.values())
    if len(values) < 2 or not all(isinstance(value, Mapping) for value in values):
        return None
    names = [set(value) for value in values]
    common = set.intersection(*names)
    if not common or len(common) < 0.5 * max(map(len, names)):
        return None
    records = [{_KEY: key, **value} for key, value in document.items()]
    return Found("", records, (f'each record stands under its key, which is kept as "{_KEY}".',))


def _pages(beside: Mapping[str, Any], n: int) -> Iterator[str]:
    """Yield the sentence on records that are on further pages, where the file says so."""
    for name, value in beside.items():
        word = "".join(filter(str.isalnum, name.casefold()))
        more = word in _TOTALS and isinstance(value, str) and value.isdigit() and int(value) > n
        if more or (word in _MORE and value not in (None, False, "", "false", [], {})):
            yield (
                f"the file says {name} = {str(value)[:60]} and holds {n:,} records: it may be one page of several. Get"
                " all of them before trusting a score."
            )
