"""The same people twice: agreement with independent waves, and with the textbook variance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

from nps_utils.checks import BadInput
from nps_utils.stats.change import compare
from nps_utils.stats.paired import moves, paired_change

CODES = {0: 3, 1: 7, 2: 10}  # one answer per band


def answers(both: list[tuple[int, int]], left: tuple[int, ...] = (), joined: tuple[int, ...] = ()) -> pd.DataFrame:
    """Return responses of people with the given bands before and after, or in one wave only."""
    rows = [(f"p{i}", wave, CODES[band]) for i, pair in enumerate(both) for wave, band in zip("ab", pair, strict=True)]
    rows += [(f"left{i}", "a", CODES[band]) for i, band in enumerate(left)]
    rows += [(f"joined{i}", "b", CODES[band]) for i, band in enumerate(joined)]
    return pd.DataFrame(rows, columns=["person", "wave", "score"])


def paired(responses: pd.DataFrame, *, level: float = 0.95) -> dict[str, float]:
    """Return the comparison of waves a and b."""
    row = paired_change(responses, person="person", before="a", after="b", confidence_level=level).iloc[0]
    return {name: float(row[name]) for name in row.index if name not in ("before", "after")}


def test_with_nobody_in_both_waves_it_is_compare() -> None:
    """People of one wave only: the same interval and p-value as for independent samples."""
    found = paired(answers([], left=(0, 0, 1, 2, 2, 2), joined=(1, 2, 2, 2, 2)))
    counts = pd.DataFrame({"wave": ["a", "b"], "detractors": [2, 0], "passives": [1, 1], "promoters": [3, 4]})
    expected = compare(counts, across="wave").iloc[0]
    for name in ("change", "low", "high", "pvalue"):
        assert found[name] == pytest.approx(expected[name], abs=1e-7)


def test_full_panel_has_the_variance_of_the_moves() -> None:
    """With everybody in both waves the standard error is that of the mean difference per person."""
    pairs = [(0, 0), (0, 2), (1, 1), (1, 2), (2, 2), (2, 2), (2, 0), (0, 1)]
    difference = np.array([100 * (two - one) for one, two in pairs])
    found = paired(answers(pairs))
    assert found["change"] == pytest.approx(difference.mean())
    assert found["se"] == pytest.approx(difference.std() / np.sqrt(len(pairs)))
    assert found["correlation"] == pytest.approx(np.corrcoef(np.array(pairs).T)[0, 1])
    assert (found["n_both"], found["up"], found["down"]) == (8, 3, 1)


def test_part_panel_has_the_variance_less_the_covariance_of_the_overlap() -> None:
    """Variances of both waves less twice n_both cov / (n_before n_after), from the rows themselves."""
    pairs, left, joined = [(0, 1), (2, 2), (1, 2), (0, 0), (2, 1)], (2, 2, 0), (2, 1, 0, 2)
    one = 100.0 * (np.array([a for a, _ in pairs] + list(left)) - 1)
    two = 100.0 * (np.array([b for _, b in pairs] + list(joined)) - 1)
    covariance = np.cov(one[:5], two[:5], bias=True)[0, 1]
    variance = one.var() / 8 + two.var() / 9 - 2 * 5 * covariance / (8 * 9)
    found = paired(answers(pairs, left, joined))
    assert found["se"] == pytest.approx(np.sqrt(variance))
    assert found["change"] == pytest.approx(two.mean() - one.mean())
    assert found["change_both"] == pytest.approx((two[:5] - one[:5]).mean())


def drawn(rng: np.random.Generator, size: int, overlap: int) -> pd.DataFrame:
    """Draw a part panel in which most people stay in their band."""
    before = rng.integers(0, 3, size)
    after = np.where(rng.random(size) < 0.6, before, rng.integers(0, 3, size))
    pairs = [(int(a), int(b)) for a, b in zip(before[:overlap], after[:overlap], strict=True)]
    return answers(pairs, tuple(before[overlap:]), tuple(after[overlap:]))


@pytest.mark.parametrize("seed", range(6))
def test_pvalue_agrees_with_the_interval_and_swapping_flips_the_sign(seed: int) -> None:
    """At level 1 - p one limit is zero; with the waves exchanged all signs turn."""
    rng = np.random.default_rng(seed)
    responses = drawn(rng, int(rng.integers(6, 40)), int(rng.integers(1, 6)))
    found = paired(responses)
    back = paired(responses.assign(wave=responses["wave"].map({"a": "b", "b": "a"})))
    assert (back["change"], back["low"], back["high"], back["pvalue"]) == pytest.approx(
        (-found["change"], -found["high"], -found["low"], found["pvalue"]), abs=1e-7
    )
    if found["pvalue"] < 1:
        again = paired(responses, level=1 - found["pvalue"])
        assert min(abs(again["low"]), abs(again["high"])) == pytest.approx(0, abs=1e-4)


def test_a_panel_that_stayed_still_has_a_width() -> None:
    """Five people who all stayed are no proof that nobody can move."""
    found = paired(answers([(2, 2)] * 5))
    assert found["change"] == 0
    assert found["pvalue"] == 1
    assert found["low"] < -20
    assert found["high"] > 20


def test_staying_people_narrow_the_interval() -> None:
    """A panel with a strong correlation says more than two independent waves of its size."""
    pairs = [(0, 0)] * 6 + [(1, 1)] * 6 + [(2, 2)] * 8 + [(0, 1)] * 2 + [(1, 2)] * 2
    panel = paired(answers(pairs))
    apart = paired(answers([], left=tuple(a for a, _ in pairs), joined=tuple(b for _, b in pairs)))
    assert panel["high"] - panel["low"] < 0.7 * (apart["high"] - apart["low"])


def test_moves_count_people() -> None:
    """The table of moves counts those in both waves, all nine cells, and reads Polars too."""
    responses = answers([(0, 2), (0, 2), (2, 1)], left=(1,), joined=(2, 2))
    found = moves(pl.from_pandas(responses), person="person", before="a", after="b")
    assert len(found) == 9
    assert found[found["n"] > 0].to_numpy().tolist() == [["detractor", "promoter", 2], ["promoter", "passive", 1]]


def test_people_without_a_name_are_new_people() -> None:
    """Nameless rows count in their wave and are never matched with each other."""
    responses = answers([(0, 2)]).assign(person=pd.Series([None, None], dtype=object))
    found = paired(responses)
    assert (found["n_before"], found["n_after"], found["n_both"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("responses", "after", "words"),
    [
        (answers([(0, 1)]), "c", ("'c'", "a, b")),
        (answers([(0, 1)]), "a", ("both 'a'",)),
        (pd.concat([answers([(0, 1)])] * 2), "b", ("p0", "more than once")),
        (answers([(0, 1)]).assign(score=[3, 11]), "b", ("11", "0 to 10")),
        (answers([(0, 1)]).drop(columns="wave"), "b", ("wave",)),
    ],
)
def test_senseless_input_is_named(responses: pd.DataFrame, after: str, words: tuple[str, ...]) -> None:
    """A wave that is not there, a person twice, an answer out of range: named with value and rule."""
    with pytest.raises(BadInput) as caught:
        paired_change(responses, person="person", before="a", after=after)
    for word in words:
        assert word in str(caught.value)
