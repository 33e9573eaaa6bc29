"""The exact test: against every permutation, against Fisher."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st
from scipy import stats

from nps_utils.scale import COUNTS
from nps_utils.stats.change import ChangeMethod, compare

Counts = tuple[int, int, int]
ANSWERED = st.tuples(*[st.integers(0, 200)] * 3).filter(lambda row: sum(row) > 0)


def table(*rows: Counts, waves: str = "abcdefgh") -> pd.DataFrame:
    """Return band counts of waves a, b, ..."""
    return pd.DataFrame(rows, columns=list(COUNTS)).assign(wave=list(waves[: len(rows)]))


def change(one: Counts, two: Counts, *, method: ChangeMethod = "score", level: float = 0.95) -> dict[str, float]:
    """Return the comparison of two waves."""
    row = compare(table(one, two), across="wave", method=method, confidence_level=level).iloc[0]
    return {name: float(row[name]) for name in ("change", "low", "high", "pvalue")}


@pytest.mark.parametrize(
    "rows", [((2, 1, 1), (0, 1, 3)), ((0, 0, 4), (3, 1, 0)), ((1, 2, 2), (2, 1, 3)), ((0, 3, 0), (0, 4, 0))]
)
def test_exact_equals_all_permutations(rows: tuple[Counts, Counts]) -> None:
    """The convolution gives the p-value of dealing out the pooled answers in every possible way."""
    answers = np.repeat(np.tile([-1, 0, 1], 2), [*rows[0], *rows[1]])
    n = sum(rows[0])
    differences = []
    for chosen in itertools.combinations(range(len(answers)), n):
        first = np.isin(np.arange(len(answers)), chosen)
        differences.append(answers[~first].mean() - answers[first].mean())
    observed = answers[n:].mean() - answers[:n].mean()
    expected = np.mean(np.abs(differences) >= abs(observed) - 1e-12)
    assert change(*rows, method="exact")["pvalue"] == pytest.approx(expected, rel=1e-9)


def test_exact_without_passives_is_fishers_test_for_equal_groups() -> None:
    """Two bands and equal groups: the two-sided test of Fisher."""
    found = change((12, 0, 38), (25, 0, 25), method="exact")["pvalue"]
    assert found == pytest.approx(stats.fisher_exact(np.array([[12, 38], [25, 25]])).pvalue, rel=1e-9)
