"""Adjusted p-values: Holm by hand, comparisons that could not be made."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st

from nps_utils.scale import COUNTS
from nps_utils.stats.arithmetic.multiplicity import adjusted
from nps_utils.stats.change import compare

Counts = tuple[int, int, int]
ANSWERED = st.tuples(*[st.integers(0, 200)] * 3).filter(lambda row: sum(row) > 0)


def table(*rows: Counts, waves: str = "abcdefgh") -> pd.DataFrame:
    """Return band counts of waves a, b, ..."""
    return pd.DataFrame(rows, columns=list(COUNTS)).assign(wave=list(waves[: len(rows)]))


def test_holm_by_hand() -> None:
    """Holm's steps: sorted p-values times the number of those left, never falling; the family counts them."""
    found = compare(table((30, 30, 40), (20, 30, 50), (5, 30, 65), (9, 30, 61)), across="wave")
    p = found["pvalue"].to_numpy()
    order = np.argsort(p)
    expected = np.empty(3)
    expected[order] = np.minimum(np.maximum.accumulate(p[order] * [3, 2, 1]), 1)
    assert found["pvalue_adjusted"].to_numpy() == pytest.approx(expected)
    assert (
        found["family"].iloc[0].startswith("3 comparisons: each wave with the previous one; p-values adjusted by Holm")
    )


def test_adjusting_leaves_out_what_could_not_be_compared() -> None:
    """NaN stays NaN and does not count as a comparison."""
    found = adjusted(np.array([np.nan, 0.01, 0.5]), adjust="bonferroni")
    assert np.isnan(found[0])
    assert found[1:].tolist() == [0.02, 1.0]
    assert adjusted(np.array([0.3, 0.4]), adjust="none").tolist() == [0.3, 0.4]
