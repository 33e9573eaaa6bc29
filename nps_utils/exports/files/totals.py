"""Rows of totals below or between the answers: a sum or an average is nobody's answer, though it may look like one."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from nps_utils.exports.files.records import Record

TOTALS_ROW: Final = "totals_row"
# So many rows at the end may be totals: of counts, averages and bands.
_MOST: Final = 8
# What only a row of totals is called.
_SURE: Final = frozenset(
    ("grand total", "totals", "totalt", "i alt", "ialt", "summa", "summe", "gesamt", "average", "avg", "average score",
     "snitt", "gjennomsnitt", "gjennomsnittlig score", "gennemsnit", "gns", "medelvärde", "medeltal", "genomsnitt",
     "gemiddelde", "gemiddeld", "gemiddelde score", "moyenne", "durchschnitt", "median", "mediaan", "antal svar",
     "antall svar", "antal besvarelser", "antall besvarelser", "aantal antwoorden", "aantal reacties", "count",
     "number of responses", "total responses", "responses", "nps", "nps score", "nps-score")
)  # fmt: skip
# What a customer may be called as well: its row has fewer cells than theirs.
_MAYBE: Final = frozenset(("total", "totaal", "sum", "mean", "medel", "antal", "antall", "aantal", "n"))
_FEWER: Final = 0.75
# Between the answers: `Nord i alt`, `Subtotal`, `Average South`; only where its row has fewer cells than answers have.
_SUBTOTAL: Final = re.compile(
    r"^sub-?\s?total\b|^delsum+a?\b|^(?:total|totalt|totaal|average|snitt|gennemsnit|gemiddelde)\s+\S"
    r"|\S\s+(?:i alt|total|totalt|totaal|subtotal|average|snitt|gjennomsnitt|gennemsnit|genomsnitt|gemiddelde)$"
)
_ENOUGH: Final = 5


def with_totals_marked(records: Iterable[Record]) -> Iterator[Record]:
    """Mark the rows at the end whose first filled cell says that they are totals, and subtotals of groups before.

    A word that names many rows, such as NPS for the kind of survey, names no total; nor does one beside an address.

    Examples
    --------
    >>> rows = [Record(at, cells, None, None) for at, cells in enumerate((["a", "9"], ["b", "3"], ["Snitt:", "6"]))]
    >>> [record.problem for record in with_totals_marked(rows)]
    [None, None, 'totals_row']
    """
    held, seen, cells, rows = deque[Record](), set[str](), 0, 0
    for record in records:
        held.append(record)
        if len(held) > _MOST:
            passed = held.popleft()
            seen.add(_first(passed))
            yield _marked(passed, cells, rows)
            cells, rows = cells + _filled(passed), rows + 1
    others = [record for record in held if _first(record) not in _SURE | _MAYBE]
    cells, rows = cells + sum(map(_filled, others)), rows + len(others)
    seen |= {_first(record) for record in others}
    usual = cells / rows if rows else 0.0
    ends = deque[Record]()
    while held and rows and _is_total(held[-1], seen, usual):
        last = held.pop()
        ends.appendleft(last._replace(problem=last.problem or TOTALS_ROW))
    yield from (_marked(record, cells, rows) for record in held)
    yield from ends


def _marked(record: Record, cells: int, rows: int) -> Record:
    """Mark a subtotal between answers."""
    if rows < _ENOUGH or not _SUBTOTAL.search(_first(record)) or any("@" in cell for cell in record.cells):
        return record
    fewer = _filled(record) <= _FEWER * cells / rows
    return record._replace(problem=record.problem or TOTALS_ROW) if fewer else record


def _is_total(record: Record, seen: set[str], usual: float) -> bool:
    word = _first(record)
    if word in seen or any("@" in cell for cell in record.cells):
        return False
    return word in _SURE or (word in _MAYBE and _filled(record) <= _FEWER * usual)


def _first(record: Record) -> str:
    """Return the first filled cell of a row, as a word."""
    cell = next((cell for cell in record.cells if cell.strip()), "")
    return cell.strip().rstrip(":").strip().casefold()


def _filled(record: Record) -> int:
    return sum(bool(cell.strip()) for cell in record.cells)
