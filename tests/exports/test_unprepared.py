"""Exports as tools write them that nobody here prepared for: what is nothing, what is a sum, what is no group."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from nps_utils.cleaning.clean import clean
from nps_utils.exports import read_export, recognise
from nps_utils.exports.files.plain import read_table
from nps_utils.exports.files.tabular import HEAD_RECORDS

SCORES = [10, 9, 9, 8, 7, 6, 5, 3, 0, 10] * 3


def write(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_what_a_program_writes_for_nothing_is_nothing_below_the_rows_that_are_looked_at(tmp_path: Path) -> None:
    """Beyond the first rows of a large file NULL was an account, a person and a comment."""
    header = ["user_id", "account_id", "nps_score", "comment", "created_at"]
    known = [[i, i % 50, SCORES[i % 30], f"note {i}", "2026-03-05 10:00"] for i in range(HEAD_RECORDS + 10)]
    nobody = [["NULL", "NULL", 9, "NULL", "2026-03-05 10:00"]] * 7
    path = write(tmp_path / "a.csv", [header, *known, *nobody])
    responses, _ = clean(read_export(path)[0], timezone="UTC")
    last = pl.from_pandas(responses).tail(7)
    for name in ("account_id", "respondent_id", "comment"):
        assert last[name].null_count() == 7, name
    side = read_table(
        write(
            tmp_path / "b.csv", [["account_id", "churned_on"], *([i, "2026-01-01"] for i in range(5200)), [1, "NULL"]]
        )
    )
    assert side["churned_on"].isna().sum() == 1


@pytest.mark.parametrize("nothing", ["", "-", "n/a", "NA", "  "])
def test_a_month_in_which_a_customer_had_left_is_no_row(tmp_path: Path, nothing: str) -> None:
    rows: list[list[object]] = [["Customer", *(f"NPS 2026-{month:02d}" for month in range(1, 5))]]
    rows += [[f"Firm {i}", *(SCORES[i % 30] if m <= i % 4 else nothing for m in range(4))] for i in range(40)]
    rows += [["Silent", *[nothing] * 4]]
    table, _ = read_export(write(tmp_path / "a.csv", rows))
    responses, ledger = clean(table, timezone="UTC")
    assert len(responses) == 100
    assert (ledger["action"] == "rejected").sum() == 1  # who never answered


@pytest.mark.parametrize("total", ["100 100 100", "100 100 0", "100% 100% 90%"])
def test_points_that_are_shared_out_and_their_total_are_no_groups(tmp_path: Path, total: str) -> None:
    """The four columns were offered as segments."""
    parts = [(50, 30, 20), (20, 20, 60), (40, 40, 20), (30, 10, 60)]
    rows: list[list[object]] = [
        ["Date", "How likely are you to recommend us?", "Region", "Price", "Quality", "Service", "Total"]
    ]
    rows += [
        [f"2026-03-{1 + i:02d}", s, "NS"[i % 2], *parts[i % 4], total.split()[i % 9 == 0 and 2]]
        for i, s in enumerate(SCORES)
    ]
    found = recognise(write(tmp_path / "a.csv", rows))
    assert (found.segments, found.ratings) == (("Region",), ())
    assert "add up to 100" in found.unused["Price"]


def test_few_numbers_that_share_out_nothing_stay_groups(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Date", "How likely are you to recommend us?", "Store", "Zone", "Total"]]
    rows += [[f"2026-03-{1 + i:02d}", s, 10 + i % 4, 20 + i % 3, 50 * (i % 3)] for i, s in enumerate(SCORES)]
    found = recognise(write(tmp_path / "a.csv", rows))
    assert (found.segments, found.unused["Total"]) == (("Store", "Zone"), "it is a sum")
