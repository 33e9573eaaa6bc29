"""One score: published numbers, independent solutions, edges and properties."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.stats.proportion import proportion_confint

from nps_utils.checks import BadInput
from nps_utils.scale import COUNTS
from nps_utils.stats.score import Method, score

REFERENCE = pd.read_csv(Path(__file__).parents[2] / "data" / "reference" / "score_intervals.csv")
Counts = tuple[int, int, int]
ANSWERED = st.tuples(*[st.integers(0, 300)] * 3).filter(lambda row: sum(row) > 0)
Z = float(stats.norm.ppf(0.975))


def table(*rows: Counts) -> pd.DataFrame:
    """Return band counts."""
    return pd.DataFrame(rows, columns=list(COUNTS))


def limits(row: Counts, *, method: Method = "score", confidence_level: float = 0.95) -> tuple[float, float]:
    """Return the interval of one group."""
    scored = score(table(row), method=method, confidence_level=confidence_level).iloc[0]
    return float(scored["low"]), float(scored["high"])


def most_likely_variance(row: Counts, difference: float) -> float:
    """Return the variance of one answer in the most likely population with this score, by maximising numerically."""
    low, middle, high = row

    def minus_log_likelihood(detractors: float) -> float:
        shares = np.array([detractors, 1 - difference - 2 * detractors, detractors + difference])
        counts = np.array([low, middle, high])
        return float(-(counts[counts > 0] * np.log(np.maximum(shares[counts > 0], 1e-300))).sum())

    bounds = (max(0.0, -difference), (1 - difference) / 2)
    found = optimize.minimize_scalar(minus_log_likelihood, bounds=bounds, method="bounded", options={"xatol": 1e-12})
    return float(2 * found.x + difference - difference**2)


def quartic_limits(row: Counts) -> tuple[float, float]:
    """Return Tango's limits as roots of the quartic of Yang, Sun and Hardin (2013)."""
    n, d, s, g = sum(row), row[2] - row[0], row[2] + row[0], Z**2
    coefficients = [
        n**2 * (n / g + 1) ** 2,
        -n * d * (n / g + 1) * (4 * n / g + 1),
        2 * n * d**2 * (3 * n / g + 2) / g - n**2 * (s / g + 1),
        n * d * (2 * s / g + 1) - d**3 * (4 * n / g + 1) / g,
        d**2 * (d**2 / g - s) / g,
    ]
    roots = np.roots(coefficients)
    real = roots[np.abs(roots.imag) < 1e-6].real
    return 100 * float(real.min()), 100 * float(real.max())


@pytest.mark.parametrize("method", ["score", "adjusted_wald", "wald"])
def test_reference_numbers(method: Method) -> None:
    """Published and independently solved limits come out to the printed digit."""
    expected = REFERENCE[REFERENCE["method"] == method]
    assert len(expected) >= 2
    found = score(expected[list(COUNTS)], method=method)
    for side in ("low", "high"):
        assert found[side].tolist() == pytest.approx(expected[side].tolist(), abs=0.0051)


@pytest.mark.parametrize("row", [(20, 30, 50), (3, 4, 9), (0, 2, 11), (7, 1, 0), (1, 0, 12), (2, 90, 5)])
def test_limits_solve_the_score_equation_of_a_numerical_likelihood(row: Counts) -> None:
    """At each limit |observed - limit| is z standard errors of the most likely population with that score."""
    n, observed = sum(row), (row[2] - row[0]) / sum(row)
    for limit in limits(row):
        if abs(limit) < 100:
            variance = most_likely_variance(row, limit / 100)
            assert abs(observed - limit / 100) / np.sqrt(variance / n) == pytest.approx(Z, abs=2e-4)


@given(row=st.tuples(*[st.integers(1, 400)] * 3).filter(lambda row: row[0] != row[2]))
@settings(max_examples=30, deadline=None)
def test_limits_are_roots_of_the_published_quartic(row: Counts) -> None:
    """The non-iterative solution of Yang, Sun and Hardin gives the same limits."""
    assert limits(row) == pytest.approx(quartic_limits(row), abs=1e-4)


@given(detractors=st.integers(0, 200), promoters=st.integers(0, 200), level=st.floats(0.5, 0.999))
@settings(max_examples=30, deadline=None)
def test_without_passives_the_interval_is_wilsons(detractors: int, promoters: int, level: float) -> None:
    """With two bands NPS is 2 p - 1, and the score interval of p is Wilson's."""
    n = detractors + promoters
    if n:
        low, high = proportion_confint(promoters, n, alpha=1 - level, method="wilson")
        found = limits((detractors, 0, promoters), confidence_level=level)
        assert found == pytest.approx((200 * low - 100, 200 * high - 100), abs=1e-8)


@given(row=ANSWERED, level=st.floats(0.01, 0.999))
@settings(max_examples=50, deadline=None)
def test_interval_stays_in_range_and_holds_the_score(row: Counts, level: float) -> None:
    """The limits lie within -100..100 and around the score at any level."""
    scored = score(table(row), confidence_level=level).iloc[0]
    assert -100 <= scored["low"] <= scored["nps"] <= scored["high"] <= 100
    assert scored["low"] < scored["high"]


@given(row=ANSWERED)
@settings(max_examples=30, deadline=None)
def test_swapping_promoters_and_detractors_flips_the_interval(row: Counts) -> None:
    """A mirrored sample has the mirrored interval, for every closed-form method."""
    method: Method
    for method in ("score", "adjusted_wald", "wald"):
        low, high = limits(row, method=method)
        assert limits((row[2], row[1], row[0]), method=method) == pytest.approx((-high, -low), abs=1e-9)


@given(row=ANSWERED, levels=st.tuples(st.floats(0.1, 0.99), st.floats(0.1, 0.99)))
@settings(max_examples=30, deadline=None)
def test_a_higher_level_gives_a_wider_interval(row: Counts, levels: tuple[float, float]) -> None:
    """Intervals of one sample are nested."""
    inner, outer = (limits(row, confidence_level=level) for level in sorted(levels))
    assert outer[0] <= inner[0] + 1e-9
    assert inner[1] <= outer[1] + 1e-9


def test_edges() -> None:
    """No answers, one answer, one band only: the formula's own limits, no error and no zero width."""
    scored = score(table((0, 0, 0), (0, 0, 1), (0, 1, 0), (1, 0, 0), (0, 0, 40), (0, 40, 0)))
    assert np.isnan(scored["nps"].iloc[0])
    one, passive = 100 * (1 - Z**2) / (1 + Z**2), 100 * Z**2 / (1 + Z**2)
    assert scored["low"].tolist()[:4] == pytest.approx([-100, one, -passive, -100])
    assert scored["high"].tolist()[:4] == pytest.approx([100, 100, passive, -one])
    assert (scored["high"] - scored["low"] > 5).all()
    assert score(table()).columns.tolist() == [*COUNTS, "n", "nps", "se", "low", "high"]


def test_a_million_answers() -> None:
    """At a million answers all methods agree to a hundredth of a point, and nothing is lost to rounding."""
    counts = (100_000, 200_000, 700_000)
    for method in ("adjusted_wald", "wald"):
        assert limits(counts) == pytest.approx(limits(counts, method=method), abs=0.01)
    assert limits((1, 0, 10**9))[1] < 100 - 1e-8


def test_whole_columns_equal_single_groups() -> None:
    """A long table gives each group what it gets alone, across the blocks it is solved in."""
    drawn = np.random.default_rng(1).multinomial(30, [0.2, 0.3, 0.5], size=9000)
    scored = score(pd.DataFrame(drawn, columns=list(COUNTS)))
    for row in (0, 8191, 8192, 8999):
        low, middle, high = (int(x) for x in drawn[row])
        found = (scored["low"].iloc[row], scored["high"].iloc[row])
        assert found == pytest.approx(limits((low, middle, high)), abs=1e-9)


def test_other_columns_and_types_stay() -> None:
    """Group columns are kept, nullable integers are read, the caller's table is not changed."""
    counts = table((1, 2, 3)).astype("Int64").assign(segment="a")
    scored = score(counts)
    assert scored["segment"].tolist() == ["a"]
    assert scored["n"].tolist() == [6]
    assert "nps" not in counts.columns


def test_bootstrap_draws_the_binomial() -> None:
    """Without passives the bootstrap's percentiles are those of a binomial, and a seed repeats them."""
    scored = score(table((30, 0, 70)), method="bootstrap", rng=4, replicates=200_000)
    expected = [200 * float(stats.binom.ppf(q, 100, 0.7)) / 100 - 100 for q in (0.025, 0.975)]
    assert [scored["low"].iloc[0], scored["high"].iloc[0]] == pytest.approx(expected, abs=2.01)
    assert scored["se"].iloc[0] == pytest.approx(200 * np.sqrt(0.21 / 100), rel=0.02)
    assert scored.equals(score(table((30, 0, 70)), method="bootstrap", rng=4, replicates=200_000))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"confidence_level": 95}, ("confidence_level", "95", "0.95")),
        ({"confidence_level": 1.0}, ("confidence_level", "1.0")),
        ({"method": "wilson"}, ("method", "wilson", "score")),
        ({"population": 5}, ("population", "5", "10")),
        ({"population": 10.5}, ("population", "10.5", "whole")),
        ({"population": "customers"}, ("customers", "no column")),
        ({"method": "exact"}, ("exact", "population")),
        ({"method": "exact", "population": 5000}, ("5,000", "500")),
        ({"method": "bootstrap"}, ("bootstrap", "rng")),
        ({"method": "bootstrap", "rng": 1, "population": 20}, ("bootstrap", "population")),
        ({"method": "bootstrap", "rng": 1, "replicates": 0}, ("replicates", "0")),
    ],
    ids=str,
)
def test_senseless_arguments_name_value_and_rule(change: dict[str, object], words: tuple[str, ...]) -> None:
    """A wrong argument raises with its name, its value and the rule."""
    with pytest.raises(BadInput) as caught:
        score(table((2, 3, 5)), **change)  # type: ignore[arg-type]
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("column", "value"), [("detractors", -1), ("passives", 2.5), ("promoters", np.nan), ("promoters", np.inf), ("n", 3)]
)
def test_senseless_counts_name_row_and_column(column: str, value: float) -> None:
    """Counts that are no counts raise with row and column."""
    counts = table((2, 3, 5), (1, 1, 1)).astype(float).assign(n=[10.0, 3.0])
    counts.loc[0, column] = value
    with pytest.raises(BadInput, match=rf'row 0, column "{column}"'):
        score(counts)
