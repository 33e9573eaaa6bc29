"""Band counts against counting by hand, on every engine, and what is refused."""

from __future__ import annotations

from collections import Counter
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_utils.checks import BadInput, BadValue, MissingColumn
from nps_utils.stats.counts import count_bands

KINDS = ("pandas", "polars", "lazy", "arrow", "duckdb")


def as_kind(frame: pl.DataFrame, kind: str) -> Any:
    """Turn a Polars table into another kind of table."""
    kinds: dict[str, Any] = {
        "pandas": frame.to_pandas(), "polars": frame, "lazy": frame.lazy(), "arrow": frame.to_arrow(),
        "duckdb": duckdb.from_arrow(frame.to_arrow()),
    }  # fmt: skip
    return kinds[kind]


def by_hand(rows: list[tuple[int, str | None, str]]) -> list[tuple[str | None, str, int, int, int, int]]:
    """Count bands row by row, in the order of the groups with missing names last."""
    counted: dict[tuple[str | None, str], Counter[str]] = {}
    for score, wave, segment in rows:
        band = "d" if score < 7 else "q" if score < 9 else "b"
        counted.setdefault((wave, segment), Counter())[band] += 1
    order = sorted(counted, key=lambda key: (key[0] is None, key[0] or "", key[1]))
    return [(*key, counted[key]["d"], counted[key]["q"], counted[key]["b"], counted[key].total()) for key in order]


ROWS = st.lists(
    st.tuples(st.integers(0, 10), st.sampled_from(["2024-Q1", "2024-Q2", None]), st.sampled_from(["a", "b", "é"])),
    min_size=1,
    max_size=40,
)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12, deadline=None)
@given(ROWS)
def test_counts_agree_with_counting_by_hand(kind: str, rows: list[tuple[int, str | None, str]]) -> None:
    """Each kind of table gives the counts of a loop, missing groups included, in order."""
    frame = pl.DataFrame(rows, schema={"score": pl.Int8, "wave": pl.String, "segment": pl.String}, orient="row")
    counts = count_bands(as_kind(frame, kind), by=["wave", "segment"])
    assert isinstance(counts, pd.DataFrame)
    found = [tuple(None if pd.isna(cell) else cell for cell in row) for row in counts.itertuples(index=False)]
    assert found == by_hand(rows)
    total = count_bands(as_kind(frame, kind))
    assert total.to_dict("records") == [
        {
            "detractors": sum(score <= 6 for score, *_ in rows), "passives": sum(score in (7, 8) for score, *_ in rows),
            "promoters": sum(score >= 9 for score, *_ in rows), "n": len(rows),
        }
    ]  # fmt: skip


def test_every_score_has_its_band() -> None:
    """0 to 6, 7 and 8, 9 and 10: seven, two and two scores."""
    counts = count_bands(pd.DataFrame({"answer": range(11)}), score="answer")
    assert counts.iloc[0].to_list() == [7, 2, 2, 11]
    assert counts.dtypes.astype(str).to_list() == ["int64"] * 4


def test_categories_keep_their_order() -> None:
    """A pandas category sorts as its categories say, not as its text."""
    sizes = pd.Categorical(["large", "small"], ["small", "large"], ordered=True)
    assert count_bands(pd.DataFrame({"score": [9, 3], "size": sizes}), by=["size"])["size"].to_list() == [
        "small",
        "large",
    ]


def test_values_of_several_types_are_sorted_by_text() -> None:
    """A column that mixes numbers and text is no reason to stop."""
    frame = pd.DataFrame({"score": [9, 3, 8], "mixed": pd.Series(["b", 1, "a"], dtype=object)})
    assert count_bands(frame, by=["mixed"])["mixed"].to_list() == [1, "a", "b"]


def test_no_responses() -> None:
    """Nothing to count is zeros without groups, and no rows with them."""
    empty = pd.DataFrame({"score": pd.Series([], dtype="int64"), "wave": pd.Series([], dtype="str")})
    assert count_bands(empty).to_dict("records") == [{"detractors": 0, "passives": 0, "promoters": 0, "n": 0}]
    assert count_bands(empty, by=["wave"]).columns.to_list() == ["wave", "detractors", "passives", "promoters", "n"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("scores", "word"),
    [([9, None], "no score"), ([9, 11], "11"), ([-1], "-1"), ([6.5, 7.0], "6.5"), (["9"], "not integers")],
)
def test_scores_that_are_none_are_refused(kind: str, scores: list[Any], word: str) -> None:
    """A missing, fractional, textual or impossible score is an error that names it; nothing is left out in silence."""
    with pytest.raises(BadValue, match=word):
        count_bands(as_kind(pl.DataFrame({"score": scores}), kind))


def test_wrong_arguments_are_named() -> None:
    """A missing column, a text for a list, a reserved or doubled name, and no table at all."""
    frame = pd.DataFrame({"score": [9], "wave": ["a"], "n": [1]})
    with pytest.raises(MissingColumn, match="wave"):
        count_bands(frame, by=["wav"])
    for by in ("wave", ["n"], ["score"], ["wave", "wave"]):
        with pytest.raises(BadValue, match="by ="):
            count_bands(frame, by=by)
    with pytest.raises(BadInput, match="dict"):
        count_bands({"score": [9]})


@settings(max_examples=20, deadline=None)
@given(rows=ROWS, nullable=st.booleans())
def test_categories_are_counted_as_texts_are(rows: list[tuple[int, str | None, str]], *, nullable: bool) -> None:
    """Groups in the order of their texts, missing last; numbers of accounts as an engine of its own counts them."""
    frame = pl.DataFrame(rows, schema={"score": pl.Int8, "wave": pl.String, "segment": pl.String}, orient="row")
    plain = frame.to_pandas()
    coded = plain.assign(**{name: plain[name].astype("category") for name in ("wave", "segment")})
    counts = count_bands(coded, by=["wave", "segment"])
    found = [tuple(None if pd.isna(cell) else cell for cell in row) for row in counts.itertuples(index=False)]
    assert found == by_hand(rows)
    unit = [None if nullable and score == 2 else len(segment) + score % 3 for score, _, segment in rows]
    numbered = count_bands(coded.assign(unit=pd.Series(unit, dtype="Int64" if nullable else "int64")), by=["unit"])
    other = count_bands(frame.with_columns(unit=pl.Series(unit, dtype=pl.Int64)).lazy(), by=["unit"])
    assert numbered.drop(columns="unit").to_numpy().tolist() == other.drop(columns="unit").to_numpy().tolist()
