"""A score against a target: the binomial score test, two one-sided tests, and limits that decide."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from nps_utils.checks import BadInput
from nps_utils.scale import COUNTS
from nps_utils.stats.benchmark import Alternative, benchmark
from nps_utils.stats.score import score

Counts = tuple[int, int, int]
ANSWERED = st.tuples(*[st.integers(0, 200)] * 3).filter(lambda row: sum(row) > 0)


def table(*rows: Counts) -> pd.DataFrame:
    """Return band counts."""
    return pd.DataFrame(rows, columns=list(COUNTS))


@pytest.mark.parametrize(("alternative", "tail"), [("greater", "sf"), ("less", "cdf")])
def test_without_passives_it_is_the_binomial_score_test(alternative: Alternative, tail: str) -> None:
    """With two bands z is (p - p0) / sqrt(p0 (1 - p0) / n), and NPS is 2 p - 1."""
    p0 = (1 + 0.32) / 2
    z = (74 / 100 - p0) / np.sqrt(p0 * (1 - p0) / 100)
    found = benchmark(table((26, 0, 74)), target=32.0, alternative=alternative)
    assert found["pvalue"].iloc[0] == pytest.approx(getattr(stats.norm, tail)(z))


@given(row=ANSWERED, target=st.floats(-99, 99), level=st.floats(0.55, 0.999))
@settings(max_examples=30, deadline=None)
def test_the_limit_decides_like_the_pvalue(row: Counts, target: float, level: float) -> None:
    """The shown limit lies beyond the target exactly where p is below 1 - level, for every alternative."""
    alternative: Alternative
    for alternative in ("greater", "less", "two-sided"):
        found = benchmark(table(row), target=target, alternative=alternative, confidence_level=level).iloc[0]
        if abs(found["pvalue"] - (1 - level)) > 1e-9:
            assert (found["low"] > target or found["high"] < target) == (found["pvalue"] < 1 - level)
    for alternative in ("noninferior", "equivalent"):
        if target - 20 <= -100 and alternative == "noninferior":
            continue
        found = benchmark(table(row), target=target, alternative=alternative, margin=20.0, confidence_level=level).iloc[
            0
        ]
        if abs(found["pvalue"] - (1 - level)) > 1e-9:
            shown = found["low"] > target - 20 and (alternative == "noninferior" or found["high"] < target + 20)
            assert shown == (found["pvalue"] < 1 - level)


def test_two_sided_limits_are_those_of_score() -> None:
    """The two-sided interval is the one that `score` shows."""
    found = benchmark(table((20, 30, 50)), target=10.0, alternative="two-sided").iloc[0]
    assert found[["low", "high"]].tolist() == score(table((20, 30, 50))).iloc[0][["low", "high"]].tolist()


def test_equivalence_is_two_one_sided_tests() -> None:
    """P is the larger of both sides, each tested alone against a shifted target."""
    counts = table((200, 300, 500))
    above = benchmark(counts, target=27.0)["pvalue"].iloc[0]
    below = benchmark(counts, target=37.0, alternative="less")["pvalue"].iloc[0]
    found = benchmark(counts, target=32.0, alternative="equivalent", margin=5.0)["pvalue"].iloc[0]
    assert found == pytest.approx(max(above, below))


def test_mirrored_sample_and_target_exchange_the_alternatives() -> None:
    """Detractors and promoters swapped, target negated: `greater` becomes `less`."""
    one = benchmark(table((7, 9, 30)), target=20.0)["pvalue"].iloc[0]
    assert benchmark(table((30, 9, 7)), target=-20.0, alternative="less")["pvalue"].iloc[0] == pytest.approx(one)


def test_targets_by_column_and_families() -> None:
    """Each group may have its target; groups without answers have no p-value and do not count in the family."""
    found = benchmark(table((5, 5, 30), (0, 0, 0), (5, 5, 20)).assign(goal=[30, 10, 50]), target="goal")
    assert found["target"].tolist() == [30, 10, 50]
    assert found["pvalue"].isna().tolist() == [False, True, False]
    assert found["family"].iloc[0].startswith("2 comparisons: each group with its target")
    first = benchmark(table((5, 5, 30)), target=30)["pvalue"].iloc[0]
    assert found["pvalue_adjusted"].iloc[0] == pytest.approx(2 * first)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"target": 320}, ("target", "320", "-100 to 100")),
        ({"target": float("nan")}, ("target", "nan")),
        ({"target": "goal"}, ("goal",)),
        ({"target": 10, "alternative": "equivalent"}, ("margin", "0", "equivalent")),
        ({"target": 10, "margin": 5}, ("margin", "5", "noninferior")),
        ({"target": -90, "alternative": "noninferior", "margin": 20}, ("-90", "20")),
        ({"target": 10, "alternative": "better"}, ("alternative", "better")),
        ({"target": 10, "confidence_level": 95}, ("confidence_level", "95")),
    ],
    ids=str,
)
def test_senseless_arguments_name_value_and_rule(arguments: dict[str, object], words: tuple[str, ...]) -> None:
    """A wrong argument raises with its name, its value and the rule."""
    with pytest.raises(BadInput) as caught:
        benchmark(table((1, 2, 3)), **arguments)  # type: ignore[arg-type]
    for word in words:
        assert word in str(caught.value)
