"""Groups and levels: order, names, gaps in time."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest
from hypothesis import strategies as st

from nps_utils.scale import COUNTS
from nps_utils.stats.arithmetic.levels import ordered_levels, places_of, times
from nps_utils.stats.change import compare
from nps_utils.stats.score import score

Counts = tuple[int, int, int]
ANSWERED = st.tuples(*[st.integers(0, 200)] * 3).filter(lambda row: sum(row) > 0)


def table(*rows: Counts, waves: str = "abcdefgh") -> pd.DataFrame:
    """Return band counts of waves a, b, ..."""
    return pd.DataFrame(rows, columns=list(COUNTS)).assign(wave=list(waves[: len(rows)]))


def test_categories_keep_their_order_and_scored_tables_are_read() -> None:
    """A category's own order counts, and the output of `score` may be compared as it is."""
    waves = pd.Categorical(["new", "old"], categories=["old", "new"])
    counts = score(table((5, 5, 5), (1, 2, 3)).assign(wave=waves))
    found = compare(counts, across="wave")
    assert found[["before", "after"]].to_numpy().tolist() == [["old", "new"]]
    assert found.columns.tolist()[0] == "before"


def test_missing_group_names_stay_groups() -> None:
    """Answers without a segment are a group of their own."""
    counts = pd.concat([table((5, 5, 5), (4, 5, 6)).assign(size=None), table((1, 2, 3), (3, 2, 1)).assign(size="L")])
    found = compare(counts, across="wave")
    assert found["change"].tolist() == pytest.approx([100 * 2 / 15, -200 / 3])
    assert found["size"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("levels", "at", "unit"),
    [
        (["2023-11", "2024-02"], [0, 3], "month"),
        (["2020-W53", "2021-W01", "2021-W03"], [0, 1, 3], "week"),
        (["2019", "2024"], [0, 5], "year"),
        ([datetime.date(2024, 1, 1), datetime.date(2025, 1, 1)], [0, 366 / 365.25], "year"),
        ([2, 5, 6.5], [0, 3, 4.5], "unit"),
        (["2024-Q1", "later"], [0, 1], "wave"),
        (["2024-13", "2024-14"], [0, 1], "wave"),
    ],
    ids=str,
)
def test_times(levels: list[object], at: list[float], unit: str) -> None:
    """Labels are read as calendar units where all of them are, else counted."""
    found, found_unit = times(levels)
    assert found.tolist() == pytest.approx(at)
    assert found_unit == unit


def test_places_of_categories_are_those_of_their_texts() -> None:
    """Also of a category that is no level, and of one that is in no cell."""
    cells = pd.Series(["b", "a", "c", "b"])
    coded = cells.astype(pd.CategoricalDtype(["a", "b", "c", "d"], ordered=True))
    assert places_of(coded, ["a", "b"]).tolist() == places_of(cells, ["a", "b"]).tolist() == [1, 0, -1, 1]
    assert ordered_levels(coded.to_frame("wave"), "wave") == ["a", "b", "c"]
