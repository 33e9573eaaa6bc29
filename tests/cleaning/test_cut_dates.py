"""Cutting date cells: a batch that is written alike, one that is not, and both against one cell at a time."""

from __future__ import annotations

import random
import re

import polars as pl
import pytest

from nps_utils.cleaning.cut_dates import cutter
from nps_utils.exports.cells.dates import EXCEL, UNIX, UNIX_MILLI

BLANKS = " \t\n\r\x0b\x0c\u00a0\u202f"


def by_hand(cell: str | None) -> tuple[str | None, str | None, float | None]:
    """Cut one cell in plain Python, by what the parts are said to be."""
    if cell is None:
        return None, None, None
    bare = cell.strip(BLANKS)
    if re.fullmatch(r"[1-9][0-9]{4,12}(\.[0-9]+)?", bare):
        number = float(bare)
        if any(low <= number < high for low, high in (EXCEL, UNIX, UNIX_MILLI)):
            return None, None, number
    found = re.match(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{2,4}(?=[T, \t\u00a0\u202f])", bare)
    if not found:
        return bare, None, None
    clock = bare[found.end() :]
    fraction = re.match(r"([^0-9]*[0-9]{1,2}[:.][0-9]{2}[:.][0-9]{2})[.,][0-9]{1,9}(?![0-9])", clock)
    return found[0], fraction[1] + clock[fraction.end() :] if fraction else clock, None


def cut(cells: list[str | None]) -> list[tuple[str | None, str | None, float | None]]:
    """Cut a batch as the library does."""
    function, _ = cutter()
    parts = function(pl.Series("cell", cells, dtype=pl.String)).struct.unnest()
    return parts.with_columns(pl.col("day", "clock").cast(pl.String)).rows()


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [None, None],
        ["15/1/2022 0:36", None, "1/12/2023 23:05", "2/2/2024"],
        ["2024-02-03T10:11:12.345Z", "2024-02-03T10:11:12Z", "2024-02-03 10:11", "  2024-02-03T9:00 "],
        ["24-02-2015 11.35", "24 Feb 2015 11.35", "45352.5", "", "NA", "24-02-2015 "],
        ["45352", "1709287200", "24.02.2015 11.35.07,25 Uhr"],
        ["2024-02-03", "2024-02-03 10:11", "2024-02-03, 10:11", "2024-02-03\u00a010:11"],
    ],
)
def test_a_batch_is_cut_as_each_of_its_cells(cells: list[str | None]) -> None:
    """Whichever way the first cell is written."""
    assert cut(cells) == [by_hand(cell) for cell in cells]


def test_mixed_batches_are_cut_as_each_of_their_cells() -> None:
    """Batches of all mixtures of days, signs between, times and blanks around them."""
    chance = random.Random(20261130)
    days = ["3/4/2024", "2024-03-04", "3.4.24", "3 Feb 2024", "20240304", "45352", "1709287200", "", "-", "12-05"]
    times = ["10:11", "9:05 AM", "10:11:12", "10:11:12.5", "10:11:12,123456Z", "noon", "", " ", "10:00+02:00"]
    between = [" ", "T", ",", ", ", "  ", "\t", "\u00a0", " kl. "]
    for _ in range(60):
        usual = chance.choice([0.0, 0.5, 0.97])
        cells: list[str | None] = []
        for _ in range(chance.choice([1, 7, 150])):
            alike = chance.random() < usual
            cell = "3/4/2024 10:11" if alike else chance.choice(days) + chance.choice(between) + chance.choice(times)
            around = [chance.choice(["", "", "", *BLANKS]) for _ in range(2)] if not alike else ["", ""]
            cells.append(None if chance.random() < 0.05 else around[0] + cell + around[1])
        assert cut(cells) == [by_hand(cell) for cell in cells]
