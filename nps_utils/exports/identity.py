"""What identifies nobody: numbers of rows, and ids that a spreadsheet has rounded."""

from __future__ import annotations

import itertools
import re
from typing import Final

from nps_utils.exports.headers import Column

# A number that counts up, behind the same letters in every row: 7, 007, #7, R-7.
_COUNTED: Final = re.compile(r"(?P<before>[^\d]{0,8})(?P<number>\d{1,12})(?:[.,]0+)?")
# Gaps are rows that were deleted, or not exported because they were not finished.
_DENSE: Final = 0.25
_DENSE_UNSORTED: Final = 0.8
_IN_STEP: Final = 0.95
_FEW: Final = 5
# What a number of a customer is called; every other running number is surely that of a row.
_OF_CUSTOMERS: Final = re.compile(
    r"customer|client|kund|klant|contact|kontakt|member|medlem|subscriber|\buser|asiakas|abonn|lid(?:nr|nummer)|cif",
    re.IGNORECASE,
)
# What the number of a row is called, besides `id`.
ROW_NUMBERS: Final = frozenset({
    "id", "no", "nr", "number", "nummer", "num", "numéro", "numero", "número", "n", "#", "index", "row", "rownumber",
    "rad", "radnr", "löpnummer", "löpnr", "løpenummer", "løpenr", "løbenummer", "løbenr", "volgnummer", "volgnr",
    "lfdnr", "lfdnummer", "laufendenummer", "laufnummer", "nodordre", "numérodordre", "numerodorden", "järjestysnumero",
    "respondent", "respondentnr", "respondentno", "respondentnumber", "responsenumber", "responseno", "responsenr",
    "svarsnummer", "svarnummer", "svarnr", "svarsnr", "svarsid", "svarid", "entry", "entryid", "entrynumber", "entryno",
    "record", "recordid", "recordno", "recordnumber", "submission", "submissionno", "submissionnumber", "antwortnr",
    "antwoordnr", "nrepondant", "répondant", "encuestado", "vastaaja", "vastaajanumero", "deltagare", "deltaker",
    "interviewnr", "interviewnumber", "caseid", "case", "serial", "serialno", "seq", "sequence",
})  # fmt: skip
# 4.41E+17, and whole numbers of which all digits after the fifteenth are zeros: a double holds no more.
_EXPONENT: Final = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,3}")
# Of ids that are those of rows, how many are different; and a number that another export may have as well.
_ONCE: Final = 0.8
_LONGEST_ID: Final = 80
_SHORT: Final = re.compile(r"[^\d]{0,8}\d{1,6}(?:[.,]0+)?")
_ROUNDED: Final = re.compile(r"\d{15}0+(?:[.,]0+)?")


def is_running(column: Column) -> bool:
    """Say whether a column counts its rows: whole numbers, none twice, with few gaps or in the order of the rows.

    Examples
    --------
    >>> def column(*cells: str) -> Column:
    ...     return Column(0, "ID", "ID", len(cells), cells)
    >>> is_running(column("3", "1", "2")), is_running(column("R-001", "R-002", "R-004", "R-005", "R-009"))
    (True, True)
    >>> is_running(column("5512", "81", "7302", "44", "9120")), is_running(column("1", "2", "2"))
    (False, False)
    """
    found = [_COUNTED.fullmatch(cell) for cell in column.filled]
    numbers = [int(match["number"]) for match in found if match]
    same_letters = len({match["before"] for match in found if match}) == 1
    if not numbers or len(numbers) < len(found) or not same_letters or len(set(numbers)) < len(numbers):
        return False
    low, high, n = min(numbers), max(numbers), len(numbers)
    if high - low + 1 == n and (n >= _FEW or low <= 1):
        return True
    steps = [later - earlier for earlier, later in itertools.pairwise(numbers)]
    in_order = all(step > 0 for step in steps) or all(step < 0 for step in steps)
    # Rows that were looked at in many files of one table count up within each.
    if in_order and n >= _FEW and sum(abs(step) == 1 for step in steps) >= _IN_STEP * len(steps):
        return True
    return n >= _FEW and n >= (_DENSE if in_order else _DENSE_UNSORTED) * (high - low + 1)


def comes_again(column: Column) -> bool:
    """Say whether ids of answers come several times though nothing numbers rows so: versions, or a row for each tag.

    Examples
    --------
    >>> comes_again(Column(0, "response_id", "response_id", 4, ["a7x", "a7x", "b2k", "b2k"]))
    True
    """
    short = sum(bool(_SHORT.fullmatch(cell)) for cell in column.distinct)
    few = 2 <= len(column.distinct) < _ONCE * len(column.filled)
    return few and short <= 0.1 * len(column.distinct) and max(map(len, column.distinct)) <= _LONGEST_ID


def names_a_customer(column: Column) -> bool:
    """Say whether a header can only be of people: whose numbers may count up as well, which only their owner knows."""
    return bool(_OF_CUSTOMERS.search(column.wording))


def is_damaged(column: Column) -> bool:
    """Say whether a spreadsheet has rounded the ids of a column: different ones have become the same.

    Examples
    --------
    >>> is_damaged(Column(0, "id", "id", 3, ["4,41E+17", "4.42E+17", "x7"]))
    True
    """
    exponents = sum(bool(_EXPONENT.fullmatch(cell)) for cell in column.filled)
    long = [cell for cell in column.filled if re.fullmatch(r"\d{16,}(?:[.,]0+)?", cell)]
    rounded = len(long) >= 3 and all(map(_ROUNDED.fullmatch, long))
    return exponents > 0.1 * len(column.filled) or rounded
