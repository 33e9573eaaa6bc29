"""Dates of plain tables: the order of day and month is proved, told, or asked for; never guessed."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nps_utils as nps
from nps_utils.checks import BadValue, Undecidable
from nps_utils.columns import read_dates
from nps_utils.exports.cells.date_cells import dates, iso_dates
from nps_utils.revenue import read_revenue

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2040, 12, 31))


@given(st.lists(DAYS, min_size=1, max_size=20), st.sampled_from("/.-"), st.booleans(), st.booleans())
def test_every_way_of_writing_a_day_gives_the_day(days: list[dt.date], mark: str, day_first: bool, zeros: bool) -> None:
    """Written by the calendar's own numbers, read back by pandas, whatever the mark, the order and the zeros."""
    width = "02d" if zeros else "d"
    pairs = [((d.day, d.month) if day_first else (d.month, d.day), d.year) for d in days]
    cells = [f"{a:{width}}{mark}{b:{width}}{mark}{year}" for (a, b), year in pairs]
    table = iso_dates(pd.DataFrame({"asked_at": cells}), ["asked_at"], day_first=day_first)
    assert read_dates(table, "asked_at").dt.date.tolist() == days


def test_one_column_proves_the_order_of_another() -> None:
    """17/05 in churned_on says what 3/05 in customer_since means; ISO cells, times and gaps stay as they are."""
    table = pd.DataFrame(
        {"customer_since": ["3/05/2023", "2023-01-02", None], "churned_on": ["17/05/2023 09:30", None, "soon"]}
    )
    read = iso_dates(table, ["customer_since", "churned_on", "asked_at"])
    assert read["customer_since"].tolist()[:2] == ["2023-05-03", "2023-01-02"]
    assert read["customer_since"].isna().tolist() == [False, False, True]
    assert read["churned_on"].tolist()[::2] == ["2023-05-17T09:30:00", "soon"]


@pytest.mark.parametrize(
    ("cells", "day_first", "kind", "words"),
    [
        (["3/05/2023"], None, Undecidable, "day_first"),
        (["13/05/2023", "05/13/2023"], None, Undecidable, "only month first"),
        (["13/05/2023"], False, BadValue, "contrary"),
        (["05/13/2023"], True, BadValue, "contrary"),
    ],
)
def test_what_cannot_be_known_is_asked_for(
    cells: list[str], day_first: bool | None, kind: type[Exception], words: str
) -> None:
    """Neither proof, both proofs, or a proof against what was told: an error that names a cell and what to do."""
    with pytest.raises(kind, match=words) as told:
        iso_dates(pd.DataFrame({"asked_at": cells}), ["asked_at"], day_first=day_first, what="accounts.csv")
    assert "accounts.csv" in str(told.value)
    assert '"asked_at"' in str(told.value)


CELLS = [
    ("1. mars 2024", "2024-03-01"),
    ("45352", "2024-03-01"),
    ("45352.75", "2024-03-01"),
    ("45352,75", "2024-03-01"),
    ("2024-03-01 10:00 CET", "2024-03-01"),
    ("2024-03-01T10:00:00Z", "2024-03-01"),
    ("1709287200", "2024-03-01"),
    ("1709287200000", "2024-03-01"),
    ("20240301", "2024-03-01"),
    ("Mar 1, 2024 3:05 PM", "2024-03-01"),
    ("fre. 1 mars 2024", "2024-03-01"),
    ("01.03.2024 kl. 9.30", "2024-03-01"),
    ("2024/03/01", "2024-03-01"),
    ("\u00a01-Mar-24 ", "2024-03-01"),
    ("31/03/2024", "2024-03-31"),
    ("31.02.2024", None),
    ("12345", None),
    ("soon", None),
]


@pytest.mark.parametrize(("cell", "day"), CELLS)
def test_a_cell_means_one_day_in_exports_frames_accounts_and_money(cell: str, day: str | None) -> None:
    """The expected days are written by hand; each table is read through its own door."""
    sound = "2024-01-05"
    rows = pd.DataFrame({"score": ["9", "9"], "responded_at": [cell, sound]})
    answered, ledger = nps.clean(rows, timezone="UTC")
    in_export = [f"{at:%Y-%m-%d}" for at in answered["responded_at"]]
    assert in_export == [*([day] if day else []), sound]
    assert (ledger["reason"] == "unreadable_date").sum() == (day is None)

    side = iso_dates(pd.DataFrame({"asked_at": [cell, sound]}), ["asked_at"])
    if day is None:
        with pytest.raises(BadValue, match="is not an ISO date"):
            read_dates(side, "asked_at")
    else:
        assert read_dates(side, "asked_at").dt.strftime("%Y-%m-%d").tolist() == [day, sound]

    periods = pd.DataFrame({"account_id": ["a", "b"], "period_start": [cell, sound], "amount": ["10", "10"]})
    money, book = read_revenue(periods)
    assert money["period_start"].dt.strftime("%Y-%m-%d").tolist() == in_export
    assert (book["reason"] == "unreadable_date").sum() == (day is None)


def test_the_order_is_decided_alike_and_money_says_why() -> None:
    """Dots, rows in order of time and proofs decide in money as in an export; the same cells are refused in both."""
    for cells, first in [
        (["3.05.2024", "4.05.2024"], "2024-05-03"),
        ([f"0{month}/0{day}/2024" for month in range(1, 6) for day in (2, 9)], "2024-01-02"),
        (["5/5/2024"], "2024-05-05"),
    ]:
        answered, _ = nps.clean(pd.DataFrame({"score": ["9"] * len(cells), "responded_at": cells}), timezone="UTC")
        assert f"{answered['responded_at'].iloc[0]:%Y-%m-%d}" == first
        money, book = read_revenue(
            pd.DataFrame({"account_id": [*"abcdefghij"][: len(cells)], "period_start": cells, "amount": "10"})
        )
        assert f"{money['period_start'].iloc[0]:%Y-%m-%d}" == first
        assert (book["reason"] == "dates").sum() == 1
        table = iso_dates(pd.DataFrame({"asked_at": cells}), ["asked_at"])
        assert table["asked_at"].iloc[0] == first


def test_money_is_of_the_day_that_is_written_and_months_have_a_last_day() -> None:
    """Half past midnight in Oslo is that day; a period that ends in a month ends with it."""
    assert dates(pd.Series(["2024-03-01T00:30:00+01:00"]), name="d").dt.day.tolist() == [1]
    ends = dates(pd.Series(["2024-02", "2023-12", "2023"]), name="d", month="last")
    assert ends.dt.strftime("%Y-%m-%d").tolist() == ["2024-02-29", "2023-12-31", "2023-12-31"]
    assert dates(pd.Series(["2024-02", "2023"]), name="d").dt.strftime("%m-%d").tolist() == ["02-01", "01-01"]


def test_money_that_is_told_the_contrary_of_its_cells_says_so() -> None:
    """Rows that no order can read were rejected in silence."""
    table = pd.DataFrame({"account_id": ["a"], "period_start": ["05/31/2024"], "amount": ["1"]})
    with pytest.raises(BadValue, match=r"period_start.*contrary"):
        read_revenue(table, day_first=True)
    assert len(read_revenue(table, day_first=False)[0]) == 1
