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


def of(header: Sequence[object], *columns: Sequence[object]) -> list[list[object]]:
    """A table of thirty answers: the date, the score, and further columns whose cells come again and again."""
    rows = [[f"2026-03-{1 + i % 28:02d}", s, *(one[i % len(one)] for one in columns)] for i, s in enumerate(SCORES)]
    return [["Date", "How likely are you to recommend us?", *header], *rows]


@pytest.mark.parametrize(
    "name",
    [
        "Associated Company",
        "customer_account_id",
        "Selskap",
        "Selskab",
        "Bolag",
        "Debitornr",
        "Relatienaam",
        "Organisatie",
    ],
)
def test_the_company_is_the_account_as_other_tools_and_crms_write_it(tmp_path: Path, name: str) -> None:
    """It was offered as a segment, or nothing, and answers of one company were taken as independent."""
    found = recognise(write(tmp_path / "a.csv", of([name], [f"Kunde {i}" for i in range(7)])))
    assert found.columns["account_id"] == name


def test_a_second_name_of_the_accounts_is_no_group_of_them(tmp_path: Path) -> None:
    rows = of(["Company", "GSID", "Plan"], [f"Co {i}" for i in range(8)], [f"1P0{i}" for i in range(8)], ["A", "B"])
    found = recognise(write(tmp_path / "a.csv", rows))
    assert found.segments == ("Plan",)
    assert "names accounts" in found.unused["GSID"]


@pytest.mark.parametrize(
    "name", ["Begrunnelse", "Bemærkning", "Uddyb venligst", "Tell us about your experience", "Synpunkter", "Bemerkning"]
)
def test_the_comment_is_found_under_the_words_of_other_tools(tmp_path: Path, name: str) -> None:
    said = [f"It took {i} days to get hold of anybody at all, {i * 7} calls" if i % 3 else "" for i in range(30)]
    found = recognise(write(tmp_path / "a.csv", of([name, "Plan"], said, ["A", "B"])))
    assert found.columns["comment"] == name


def test_the_day_of_a_visit_is_not_that_of_the_answer(tmp_path: Path) -> None:
    """Where it is the only one it is used, and said to be what it is."""
    visit, begun = [f"2026-02-{i:02d}" for i in range(1, 28)], [f"2026-03-{i:02d}" for i in range(1, 28)]
    question = "Likelihood to Recommend (0-10)"
    rows: list[list[object]] = [["Date of Service", "Begin Date", question]]
    rows += [[v, b, score] for v, b, score in zip(visit, begun, SCORES, strict=False)]
    found = recognise(write(tmp_path / "a.csv", rows))
    assert found.columns["responded_at"] == "Begin Date"
    alone = recognise(write(tmp_path / "b.csv", [[row[0], row[2]] for row in rows]))
    assert alone.columns["responded_at"] == "Date of Service"
    assert any("no column says when it was answered" in reason for reason in alone.reasons)


def test_stores_with_numbers_and_groups_with_markup_are_groups(tmp_path: Path) -> None:
    """They were ratings from 0 to 10, and lists of ticked options."""
    rows = of(["Location Name", "Plan"], ["Store 1", "Store 2", "Store 3"], ["<b>A</b>", "B &amp; C", "B &amp; C"])
    assert recognise(write(tmp_path / "a.csv", rows)).segments == ("Location Name", "Plan")


def test_ranks_are_no_ratings_and_a_customer_that_comes_again_is_offered_as_the_account(tmp_path: Path) -> None:
    """The first rank is the best, so that a driver of ranks would have read the wrong way round."""
    ranks = [(1, 2, 3), (2, 3, 1), (3, 1, 2)]
    columns = [[row[at] for row in ranks] for at in range(3)]
    rows = of(
        ["Rank price", "Rank service", "Rank quality", "Customer name"],
        *columns,
        [f"Globex {'ABCDEFG'[i]}" for i in range(7)],
    )
    found = recognise(write(tmp_path / "a.csv", rows))
    assert found.ratings == ()
    assert found.offers == {"account_id": "Customer name"}
