"""A change: square-and-add by hand, the p-value that agrees with it, permutations by brute force, baselines."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from nps_utils.checks import BadInput
from nps_utils.scale import COUNTS
from nps_utils.stats.change import ChangeMethod, compare
from nps_utils.stats.score import score

Counts = tuple[int, int, int]
ANSWERED = st.tuples(*[st.integers(0, 200)] * 3).filter(lambda row: sum(row) > 0)


def table(*rows: Counts, waves: str = "abcdefgh") -> pd.DataFrame:
    """Return band counts of waves a, b, ..."""
    return pd.DataFrame(rows, columns=list(COUNTS)).assign(wave=list(waves[: len(rows)]))


def change(one: Counts, two: Counts, *, method: ChangeMethod = "score", level: float = 0.95) -> dict[str, float]:
    """Return the comparison of two waves."""
    row = compare(table(one, two), across="wave", method=method, confidence_level=level).iloc[0]
    return {name: float(row[name]) for name in ("change", "low", "high", "pvalue")}


@pytest.mark.parametrize("rows", [((20, 30, 50), (8, 15, 13)), ((0, 0, 5), (5, 0, 0)), ((3, 9, 1), (1, 2, 90))])
def test_interval_is_square_and_add_of_the_score_intervals(rows: tuple[Counts, Counts]) -> None:
    """The limits follow from the public score intervals by the printed formula of Zou and Donner."""
    one, two = (score(table(row)).iloc[0] for row in rows)
    found = change(*rows)
    difference = two["nps"] - one["nps"]
    low = difference - np.sqrt((two["nps"] - two["low"]) ** 2 + (one["high"] - one["nps"]) ** 2)
    high = difference + np.sqrt((two["high"] - two["nps"]) ** 2 + (one["nps"] - one["low"]) ** 2)
    assert (found["change"], found["low"], found["high"]) == pytest.approx((difference, low, high), abs=1e-9)


@given(one=ANSWERED, two=ANSWERED)
@settings(max_examples=30, deadline=None)
def test_pvalue_is_the_level_at_which_the_interval_touches_zero(one: Counts, two: Counts) -> None:
    """At level 1 - p one limit is zero, for each method that has both."""
    method: ChangeMethod
    for method in ("score", "adjusted_wald"):
        found = change(one, two, method=method)
        if 1e-10 < found["pvalue"] < 1 - 1e-10:
            again = change(one, two, method=method, level=1 - found["pvalue"])
            touching = again["low"] if again["low"] + again["high"] > 0 else again["high"]
            assert touching == pytest.approx(0, abs=1e-4)


@given(one=ANSWERED, two=ANSWERED, level=st.floats(0.5, 0.999))
@settings(max_examples=30, deadline=None)
def test_interval_leaves_zero_exactly_when_the_pvalue_is_small(one: Counts, two: Counts, level: float) -> None:
    """Interval and test give one answer."""
    found = change(one, two, level=level)
    if abs(found["pvalue"] - (1 - level)) > 1e-9:
        assert (found["low"] > 0 or found["high"] < 0) == (found["pvalue"] < 1 - level)


@given(one=ANSWERED, two=ANSWERED)
@settings(max_examples=30, deadline=None)
def test_swapping_the_waves_flips_the_sign(one: Counts, two: Counts) -> None:
    """Before and after exchanged: the same p-value and the mirrored interval, for every method."""
    method: ChangeMethod
    for method in ("score", "adjusted_wald", "wald", "exact"):
        there, back = change(one, two, method=method), change(two, one, method=method)
        assert back["pvalue"] == pytest.approx(there["pvalue"], rel=1e-9, abs=1e-12)
        assert (back["change"], back["low"], back["high"]) == pytest.approx(
            (-there["change"], -there["high"], -there["low"]), abs=1e-9
        )


def test_wald_is_the_textbook_z_test() -> None:
    """The comparison method `wald` is the unpooled z test on -1, 0, 1."""
    one, two = np.repeat([-1, 0, 1], [20, 30, 50]), np.repeat([-1, 0, 1], [10, 30, 60])
    z = (two.mean() - one.mean()) / np.sqrt(one.var() / 100 + two.var() / 100)
    assert change((20, 30, 50), (10, 30, 60), method="wald")["pvalue"] == pytest.approx(2 * stats.norm.sf(z))


def test_baselines() -> None:
    """Each baseline compares what its name says, in wave order whatever the row order."""
    counts = table((9, 1, 1), (8, 2, 1), (7, 3, 5)).iloc[[2, 0, 1]]
    pairs = {}
    for baseline in ("previous", "first", "all_pairs", "rest", "b"):
        found = compare(counts, across="wave", baseline=baseline)
        pairs[baseline] = list(zip(found["before"], found["after"], found["n_before"], found["n_after"], strict=True))
    assert pairs["previous"] == [("a", "b", 11, 11), ("b", "c", 11, 15)]
    assert pairs["first"] == [("a", "b", 11, 11), ("a", "c", 11, 15)]
    assert pairs["all_pairs"] == [("a", "b", 11, 11), ("a", "c", 11, 15), ("b", "c", 11, 15)]
    assert pairs["rest"] == [("rest", "a", 26, 11), ("rest", "b", 26, 11), ("rest", "c", 22, 15)]
    assert pairs["b"] == [("b", "a", 11, 11), ("b", "c", 11, 15)]


def test_rest_is_the_sum_of_the_others() -> None:
    """Against the rest: the interval equals that of two waves with the added-up counts."""
    found = compare(table((9, 1, 1), (8, 2, 1), (7, 3, 5)), across="wave", baseline="rest").iloc[1]
    assert found["low"] == pytest.approx(change((16, 4, 6), (8, 2, 1))["low"])


def test_groups_are_compared_within_themselves_and_none_disappears() -> None:
    """A wave that a group lacks is skipped by `previous` and shown as empty by a named baseline."""
    counts = pd.concat([table((5, 5, 5), (4, 5, 6)).assign(size="S"), table((1, 2, 3), waves="b").assign(size="L")])
    previous = compare(counts, across="wave")
    assert previous[["size", "before", "after"]].to_numpy().tolist() == [["S", "a", "b"]]
    named = compare(counts, across="wave", baseline="a")
    assert named["size"].tolist() == ["S", "L"]
    assert named["n_before"].tolist() == [15, 0]
    assert named["change"].isna().tolist() == [False, True]
    assert (named["low"].iloc[1], named["high"].iloc[1]) == (-200, 200)
    assert named["pvalue_adjusted"].iloc[0] == named["pvalue"].iloc[0]
    assert "within each size" in named["family"].iloc[0]


@pytest.mark.parametrize(
    ("change_to", "words"),
    [
        ({"across": "wav"}, ("wav", "wave")),
        ({"baseline": "z"}, ("baseline", "'z'", "previous", "a, b")),
        ({"method": "bootstrap"}, ("method", "bootstrap")),
        ({"adjust": "holmes"}, ("adjust", "holmes", "holm")),
        ({"confidence_level": 95}, ("confidence_level", "95", "0.95")),
    ],
    ids=str,
)
def test_senseless_arguments_name_value_and_rule(change_to: dict[str, object], words: tuple[str, ...]) -> None:
    """A wrong argument raises with its name, its value and the rule."""
    with pytest.raises(BadInput) as caught:
        compare(table((1, 2, 3), (3, 2, 1)), **{"across": "wave", **change_to})  # type: ignore[arg-type]
    for word in words:
        assert word in str(caught.value)


def test_one_wave_cannot_be_compared() -> None:
    """One level of the column, or one level in each group, is an error that says so."""
    with pytest.raises(BadInput, match="1 level"):
        compare(table((1, 2, 3)), across="wave")
    counts = table((1, 2, 3), (3, 2, 1)).assign(size=["S", "L"])
    with pytest.raises(BadInput, match="no group has two levels"):
        compare(counts, across="wave")
    with pytest.raises(BadInput, match=r'row 1, column "wave" is empty'):
        compare(table((1, 2, 3), (3, 2, 1)).assign(wave=pd.Series(["a", None])), across="wave")
