"""The promises of the methods, on a subset that runs in seconds; the whole is in the method-check notebook."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest

from nps_utils.scale import COUNTS
from nps_utils.stats.change import compare
from nps_utils.stats.score import score
from nps_utils.stats.validation.by_counting import (
    coverage_in_finite_population,
    coverage_of_change,
    coverage_of_score,
    size_of_benchmark,
    size_of_change,
)
from nps_utils.stats.validation.by_simulation import coverage_of_mean, coverage_of_mix, coverage_of_panel, size_of_trend
from nps_utils.stats.validation.enumeration import UNEQUAL_NULLS, mixes, outcomes


def chance(row: tuple[int, int, int], shares: tuple[float, float, float]) -> float:
    """Return the multinomial chance of one outcome by factorials."""
    ways = math.factorial(sum(row)) / math.prod(math.factorial(x) for x in row)
    return ways * math.prod(share**x for share, x in zip(shares, row, strict=True))


def test_coverage_table_matches_a_plain_loop() -> None:
    """Coverage at n = 7 for one population, added up outcome by outcome with factorials."""
    shares = (0.2, 0.3, 0.5)
    rows = [(d, q, 7 - d - q) for d, q in itertools.product(range(8), repeat=2) if d + q <= 7]
    intervals = score(pd.DataFrame(rows, columns=list(COUNTS)))
    held = (intervals["low"] <= 30) & (intervals["high"] >= 30)
    expected = sum(chance(row, shares) for row, inside in zip(rows, held, strict=True) if inside)
    found = coverage_of_score(sizes=[7], methods=["score"], populations=np.array([shares]))
    assert found["coverage_mean"].iloc[0] == pytest.approx(expected)
    assert len(rows) == len(outcomes(7))


def test_size_table_matches_a_plain_loop() -> None:
    """Size at n = 3 and 4 for one pair of unequal mixes, added up pair by pair with factorials."""
    one, two = UNEQUAL_NULLS[0]
    pairs = list(itertools.product(outcomes(3).to_numpy().tolist(), outcomes(4).to_numpy().tolist()))
    rows = [row for pair in pairs for row in pair]
    counts = pd.DataFrame(rows, columns=list(COUNTS)).assign(
        pair=np.repeat(np.arange(len(pairs)), 2), wave=np.tile([1, 2], len(pairs))
    )
    alarms = compare(counts, across="wave").sort_values("pair")["pvalue"].to_numpy() < 0.3
    by_pair = np.array([chance(tuple(before), one) * chance(tuple(after), two) for before, after in pairs])
    expected = by_pair[alarms].sum()
    found = size_of_change(sizes=[(3, 4)], methods=["score"], alpha=0.3, nulls=[UNEQUAL_NULLS[0]])
    assert found.set_index("method")["size"].loc["score"] == pytest.approx(expected)


def test_one_score_covers() -> None:
    """First percentile of coverage over 171 populations at least .93 from n = 10 on; Wald stays far below."""
    found = coverage_of_score(sizes=[10, 13, 20, 35]).set_index(["method", "n"])["coverage_first_percentile"]
    assert (found.loc["score"] >= 0.93).all()
    assert found.loc["wald", 10] < 0.75


@pytest.mark.parametrize("level", [0.8, 0.99])
def test_other_levels_cover(level: float) -> None:
    """Any confidence level is met on average over populations."""
    found = coverage_of_score(sizes=[20], methods=["score"], confidence_level=level)
    assert found["coverage_mean"].iloc[0] == pytest.approx(level, abs=0.015)


def test_finite_populations_cover() -> None:
    """First percentile at least .91 over all populations of 20 to 40 customers; `exact` never below .95."""
    found = coverage_in_finite_population(sizes=[(20, 12), (20, 16), (40, 15)], step=2)
    assert (found.loc[found["method"] == "exact", "coverage_least"] >= 0.95).all()
    every = coverage_in_finite_population(sizes=[(20, 12), (20, 16), (30, 20)], methods=["score"], step=1)
    assert (every.loc[every["method"] == "score", "coverage_first_percentile"] >= 0.91).all()
    widths = every.pivot_table(index="population", columns="method", values="width")
    assert (widths["no correction"] > 1.2 * widths["score"]).all()


def test_a_change_covers() -> None:
    """First percentile of coverage over 100 drawn pairs of populations at least .94, unequal n included."""
    found = coverage_of_change(sizes=[(10, 10), (10, 25), (20, 20)], methods=["score"], pairs=100)
    assert (found["coverage_first_percentile"] >= 0.94).all()


def test_size_of_the_default_test() -> None:
    """At most .055 for all common and unequal-mix nulls, unequal n included; Welch and Wald do not hold it."""
    found = size_of_change(sizes=[(10, 10), (20, 20), (10, 40)], methods=["score", "wald"])
    largest = found.groupby("method")["size"].max()
    assert largest["score"] <= 0.055
    assert largest["wald"] > 0.09
    assert largest["welch"] > 0.09


def test_size_over_the_whole_grid() -> None:
    """With nearly no passives and ten answers a side the size creeps up to .057, and no further."""
    nulls = [(tuple(mix), tuple(mix)) for mix in mixes().tolist()]
    found = size_of_change(sizes=[(10, 10), (12, 12)], methods=["score"], nulls=nulls)
    assert found.loc[found["method"] == "score", "size"].max() <= 0.058


def test_exact_never_exceeds_its_level() -> None:
    """The permutation test holds .05 for the same mix on both sides."""
    found = size_of_change(sizes=[(6, 9)], methods=["exact"])
    same = found[(found["method"] == "exact") & (found["mix_before"] == found["mix_after"])]
    assert same["size"].max() <= 0.05


def test_size_of_a_benchmark() -> None:
    """One-sided: about .05 on average, and the documented excess where scores crowd at one end."""
    found = size_of_benchmark(sizes=[20])
    assert found["size_mean"].iloc[0] == pytest.approx(0.05, abs=0.01)
    assert found["size_99th_percentile"].iloc[0] <= 0.075


def test_panels_means_mixes_and_trends() -> None:
    """Seeded simulation: intervals cover at least about .93, tests alarm at most about .08 at ten a wave, .07 later."""
    panels = coverage_of_panel(sizes=[(10, 10, 10), (20, 40, 15)], stays=[0.0, 0.8], draws=4000)
    assert panels["coverage"].min() >= 0.935
    means = coverage_of_mean(sizes=[5, 20], draws=2000)
    assert means["coverage"].min() >= 0.93
    mix = coverage_of_mix(draws=100)
    assert mix.loc[mix["segment"] == "total", "coverage"].min() >= 0.89
    sizes = size_of_trend(sizes=[(20,) * 5, (10, 20, 40)], draws=1500)
    assert sizes[["slope", "scatter", "equal"]].max().max() <= 0.08
