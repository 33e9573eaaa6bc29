"""Values as programs hold them, to the text that a CSV export of the same table would have; nested ones flattened.

The rules, the same for JSON, Parquet and databases: what is missing is empty; an object gives one column per name in
it, `person.email`; a list of plain values is one text with `; ` between them; a list that holds anything else stays
JSON, in one cell.
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
import math
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

BETWEEN: Final = "; "
# From here on neighbouring whole numbers are the same float: ids may have become one another.
EXACT: Final = 2**53


def flatten(record: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    """Yield the columns of one record, each with its text.

    Examples
    --------
    >>> dict(flatten({"id": 7, "person": {"email": "a@b.example", "tags": ["vip", "new"]}, "score": None}))
    {'id': '7', 'person.email': 'a@b.example', 'person.tags': 'vip; new', 'score': ''}
    """
    for name, value in record.items():
        if isinstance(value, Mapping) and value:
            yield from flatten({str(key): inner for key, inner in value.items()}, f"{above}{name}.")
        else:
            yield f"{above}{name}", text(value)


def text(value: object) -> str:
    """Return one value as text.

    Examples
    --------
    >>> [text(value) for value in (9.0, 6.5, True, None, 2**60, decimal.Decimal("9.50"))]
    ['9', '6.5', 'true', '', '1152921504606846976', '9.5']
    """
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _of_float(value)
    if isinstance(value, decimal.Decimal):
        return f"{value.normalize():f}" if value.is_finite() else ""
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _of_bytes(bytes(value))
    if isinstance(value, (list, tuple, set, frozenset)):
        return _of_list(list(value))
    if isinstance(value, Mapping):
        return json_of(value) or ""
    return str(value)


def json_of(value: object) -> str | None:
    """Return a nested value as JSON; None for one that is empty."""
    return json.dumps(value, ensure_ascii=False, default=text) if value else None


def _of_float(value: float) -> str:
    if not math.isfinite(value):
        return "" if math.isnan(value) else str(value)
    return f"{value:.0f}" if value == int(value) else repr(value)


def _of_bytes(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return str(uuid.UUID(bytes=value)) if len(value) == 16 else value.hex()


def _of_list(values: list[object]) -> str:
    plain = not any(isinstance(one, (list, tuple, set, frozenset, Mapping)) for one in values)
    parts = [text(one) for one in values] if plain else []
    if plain and not any(BETWEEN.strip() in part for part in parts):
        return BETWEEN.join(part for part in parts if part)
    return json_of(values) or ""


# What programs write where nothing is known. Of no language: "None", "NA" and "-" may be groups of customers.
NULLS: Final = (
    "NULL", "null", "Null", "\\N", "(null)", "(NULL)", "<null>", "<NULL>", "NaN", "nan", "#N/A", "(blank)", "(Blank)",
)  # fmt: skip


def nulls_in(cells: Iterable[str]) -> tuple[str, ...]:
    r"""Return which of the words that programs write where nothing is known stand among cells.

    Examples
    --------
    >>> nulls_in(["7", " NULL", "None", r"\N"])
    ('NULL', '\\N')
    """
    return tuple(sorted({*NULLS} & {cell.strip() for cell in set(cells)}))
