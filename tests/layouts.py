"""Small files of forty answers in many layouts, for the tests of reading them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from openpyxl import Workbook

import nps_utils as nps
from nps_utils.exports import Recognised, read_export

# 16 promoters, 10 passives, 14 detractors: +5.0.
SCORES = [8, 10, 7, 8, 7, 9, 3, 6, 10, 0, 9, 5, 10, 2, 9, 8, 6, 10, 7, 3, 9, 10, 8, 6, 0, 10, 9, 3, 8, 7]
SCORES += [10, 5, 9, 2, 10, 6, 9, 3, 8, 10]
QUESTION = "How likely are you to recommend Bergvik Tools to a colleague?"
WHY = "Why?"
Row = Sequence[object]


def day(i: int) -> str:
    """A time of its own for each answer, in 2025-Q3 and Q4."""
    return f"2025-{8 + i // 14:02d}-{1 + 2 * (i % 14):02d} {8 + i % 9:02d}:15:00"


def said(i: int) -> str:
    """A comment of its own for each answer."""
    return f"the spare part of order {i} came far too late for us"


def write(path: Path, header: Row, rows: Sequence[Row], *, delimiter: str = ",") -> Path:
    """Write a CSV and return its path."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    return path


def book(path: Path, sheets: dict[str, Sequence[Row]]) -> Path:
    """Write a workbook and return its path."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    workbook.save(path)
    return path


def scored(path: Path, **options: object) -> tuple[float, int, pd.DataFrame, pd.DataFrame, Recognised]:
    """Read, clean and score a file: NPS, n, responses, ledger and what it was recognised as."""
    table, found = read_export(path, **options)  # type: ignore[arg-type]
    responses, ledger = nps.clean(table, timezone="Europe/Stockholm")
    total = nps.score(nps.count_bands(responses)).iloc[0]
    return round(float(total["nps"]), 1), int(total["n"]), responses, ledger, found
