"""Dates of plain tables: the order of day and month is proved, told, or asked for; never guessed."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_utils.checks import BadValue, Undecidable
from nps_utils.columns import read_dates
from nps_utils.exports.cells.day_order import iso_dates

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
        (["13/05/2023", "05/13/2023"], None, Undecidable, "the month"),
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
