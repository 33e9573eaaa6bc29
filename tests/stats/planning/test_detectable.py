"""Plans checked against brute force, statsmodels, simulation and the numbers in print."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import samplesize_confint_proportion

from nps_utils.checks import BadInput
from nps_utils.stats.planning import detectable, margins
from nps_utils.stats.score import score

REFERENCE = Path(__file__).parents[2] / "reference"
MIX = (0.2, 0.3, 0.5)


def _mixes() -> st.SearchStrategy[detectable.Mix]:
    return st.tuples(st.integers(1, 20), st.integers(0, 20), st.integers(1, 20)).map(
        lambda parts: (parts[0] / sum(parts), parts[1] / sum(parts), parts[2] / sum(parts))
    )


def test_the_three_numbers_of_the_million_customers() -> None:
    """A proportion needs 384 answers, NPS 998 at 70/10/20 and 1,535 at worst, for +-5 of a million customers."""
    assert detectable.proportion_sample_size(margin=5, population=1_000_000) == 384
    assert detectable.sample_size(margin=5, population=1_000_000, mix=(0.2, 0.1, 0.7)) == 998
    assert detectable.sample_size(margin=5, population=1_000_000, mix=detectable.WORST_MIX) == 1_535


def test_variance_of_a_mix_is_the_variance_of_its_answers() -> None:
    """The variance by numpy of 20 detractors, 30 passives and 50 promoters."""
    answers = np.repeat([-1, 0, 1], [20, 30, 50])
    assert detectable.mix_variance(MIX) == pytest.approx(answers.var(), abs=1e-12)


@pytest.mark.parametrize("population", [2, 20, 180, 500, 5_000])
@pytest.mark.parametrize("margin", [2.0, 5.0, 10.0, 40.0])
def test_sample_size_is_the_smallest_that_keeps_the_margin(population: int, margin: float) -> None:
    """Every n is tried against the textbook interval of a mean of a finite population."""
    variance = np.repeat([-1.0, 0.0, 1.0], [2, 1, 7]).var()
    n = np.arange(1, population + 1)
    half = 100 * 1.959963984540054 * np.sqrt(variance / n * (population - n) / (population - 1))
    first = int(n[half <= margin][0])
    assert detectable.sample_size(margin=margin, population=population, mix=(0.2, 0.1, 0.7)) == first


@pytest.mark.parametrize(("margin", "share", "level"), [(3.0, 0.5, 0.95), (5.0, 0.2, 0.9), (10.0, 0.5, 0.99)])
def test_proportion_agrees_with_statsmodels(margin: float, share: float, level: float) -> None:
    """The sample size by statsmodels for a normal interval of a proportion."""
    theirs = samplesize_confint_proportion(share, margin / 100, alpha=1 - level, method="normal")
    ours = detectable.proportion_sample_size(margin=margin, share=share, confidence_level=level)
    assert ours == math.ceil(theirs)


def test_proportion_agrees_with_the_table_of_krejcie_and_morgan() -> None:
    """Printed 1970, rounded to the nearest instead of up, so that it may be one answer less."""
    printed = pd.read_csv(REFERENCE / "planning_krejcie_morgan.csv")
    for population, n in printed.to_numpy().tolist():
        assert detectable.proportion_sample_size(margin=5, population=population) - n in (0, 1)


@given(mix=_mixes(), margin=st.floats(1, 60), population=st.one_of(st.none(), st.integers(2, 10_000)))
def test_margin_and_sample_size_are_inverse(mix: detectable.Mix, margin: float, population: int | None) -> None:
    """The margin of the planned n is inside what was asked, and one answer fewer is not."""
    n = detectable.sample_size(margin=margin, population=population, mix=mix)
    assert detectable.margin_of(n=n, population=population, mix=mix) <= margin + 1e-6
    if n > 1:
        assert detectable.margin_of(n=n - 1, population=population, mix=mix) > margin - 1e-6


def test_invitations_round_up_but_not_past_whole_numbers() -> None:
    """12 answers at a rate of .12 are 100 invitations, not the 101 of floating point."""
    assert detectable.invitations(answers=12, response_rate=0.12) == 100
    assert detectable.invitations(answers=13, response_rate=0.12) == 109


@given(mix=_mixes(), part=st.floats(-1, 1))
def test_a_shifted_mix_has_moved_by_the_change_and_is_a_mix(mix: detectable.Mix, part: float) -> None:
    """Shares stay shares and the score moves by what was asked, up or down."""
    now = 100 * (mix[2] - mix[0])
    change = part * (100 - now if part > 0 else 100 + now)
    moved = detectable.shifted_mix(mix, change)
    assert min(moved) >= -1e-9
    assert sum(moved) == pytest.approx(1)
    assert 100 * (moved[2] - moved[0]) - now == pytest.approx(change, abs=1e-9)


@pytest.mark.parametrize("n", [20, 100, 400])
def test_power_agrees_with_statsmodels_where_both_variances_are_equal(n: int) -> None:
    """From -5 to +5 points the mixes mirror each other, which is statsmodels' equal-variance case."""
    before = (0.325, 0.4, 0.275)
    effect = 0.1 / math.sqrt(0.6 - 0.05**2)
    theirs = NormalIndPower().power(effect, nobs1=n, alpha=0.05, ratio=1)
    assert detectable.power(n=n, change=10, mix=before) == pytest.approx(theirs, abs=1e-9)


def test_power_agrees_with_simulated_waves() -> None:
    """40,000 pairs of waves of 300 answers, tested with the unpooled z."""
    rng = np.random.default_rng(20261121)
    waves = [rng.multinomial(300, mix, size=40_000) / 300 for mix in (MIX, detectable.shifted_mix(MIX, 15))]
    nps = [wave[:, 2] - wave[:, 0] for wave in waves]
    variance = [(wave[:, 2] + wave[:, 0] - score**2) / 300 for wave, score in zip(waves, nps, strict=True)]
    seen = np.abs(nps[1] - nps[0]) > 1.959964 * np.sqrt(variance[0] + variance[1])
    assert detectable.power(n=300, change=15, mix=MIX) == pytest.approx(seen.mean(), abs=0.01)


def test_power_among_few_customers_agrees_with_sampling_without_replacement() -> None:
    """300 of the same 600 customers each wave: the spread of the change is that of hypergeometric draws."""
    rng = np.random.default_rng(7)
    population = {"before": (120, 180, 300), "after": (96, 180, 324)}
    nps = {
        wave: (draws[:, 2] - draws[:, 0]) / 300
        for wave, counts in population.items()
        for draws in [rng.multivariate_hypergeometric(counts, 300, size=40_000)]
    }
    # Counts move in steps of 1/300; half a step either way, drawn, leaves the comparison to the variances.
    change = nps["after"] - nps["before"] + rng.uniform(-0.5, 0.5, size=40_000) / 300
    seen = np.abs(change) > 1.959964 * change.std()
    assert detectable.power(n=300, change=8, population=600, mix=MIX) == pytest.approx(seen.mean(), abs=0.01)


@given(mix=_mixes(), n=st.integers(20, 3_000), fall=st.booleans())
def test_detectable_change_has_the_power_it_promises(mix: detectable.Mix, n: int, fall: bool) -> None:
    """Put back into `power`, the change gives the 80 % asked for; infinity means that no change would."""
    change = detectable.detectable_change(n=n, mix=mix, fall=fall)
    now = 100 * (mix[2] - mix[0])
    if math.isinf(change):
        most = -100 - now if fall else 100 - now
        assert detectable.power(n=n, change=most, mix=mix) < 0.8
    else:
        assert detectable.power(n=n, change=-change if fall else change, mix=mix) == pytest.approx(0.8, abs=1e-6)


@given(change=st.floats(3, 30), population=st.one_of(st.none(), st.integers(50, 5_000)))
def test_answers_per_wave_are_enough_and_one_fewer_is_not(change: float, population: int | None) -> None:
    """`power` at n is 80 % or more, at n - 1 less: two formulas that meet."""
    n = detectable.answers_per_wave(change=change, mix=MIX, population=population)
    assert detectable.power(n=n, change=change, mix=MIX, population=population) >= 0.8 - 1e-9
    if n > 2:
        assert detectable.power(n=n - 1, change=change, mix=MIX, population=population) < 0.8 + 1e-5


def test_twenty_accounts_show_only_large_changes() -> None:
    """With 15 of 20 accounts answering each time, a rise under 30 points is more likely missed than not."""
    change = detectable.detectable_change(n=15, population=20, mix=MIX, power=0.5)
    assert 25 < change < 35
    assert (
        detectable.detectable_change(n=20, population=20, mix=MIX) < 1e-6
    )  # a census sees any change of its customers


def test_power_table_has_a_row_per_pair_and_no_power_for_the_impossible() -> None:
    """A rise of 80 from +30 leaves the scale, so its power is missing rather than wrong."""
    table = detectable.power_table(n=[50, 100], change=[10.0, 80.0], mix=MIX)
    assert list(table.columns) == ["n", "change", "power"]
    assert table["power"].isna().tolist() == [False, True, False, True]


@pytest.mark.parametrize(
    ("call", "names"),
    [
        (lambda: detectable.sample_size(margin=0), "margin"),
        (lambda: detectable.sample_size(margin=320), "margin"),
        (lambda: detectable.sample_size(population=0), "population"),
        (lambda: detectable.sample_size(mix=(0.1, 0.2, 0.8)), "mix"),
        (lambda: detectable.sample_size(mix=(10, 20, 70)), "mix"),
        (lambda: detectable.sample_size(confidence_level=95), "confidence_level"),
        (lambda: detectable.proportion_sample_size(share=1.5), "share"),
        (lambda: detectable.margin_of(n=30, population=20), "n"),
        (lambda: detectable.detectable_change(n=0), "n"),
        (lambda: detectable.detectable_change(n=10, power=80), "power"),
        (lambda: detectable.answers_per_wave(change=0), "change"),
        (lambda: detectable.power(n=100, change=90, mix=MIX), "change"),
        (lambda: detectable.invitations(answers=10, response_rate=23), "response_rate"),
    ],
)
def test_nonsense_is_refused_by_name(call: object, names: str) -> None:
    """The message starts with the argument that is wrong."""
    assert callable(call)
    with pytest.raises(BadInput, match=rf"^{names} = "):
        call()


@pytest.mark.parametrize("mix", [(0.02, 0.03, 0.95), (0.2, 0.1, 0.7), (0.5, 0.0, 0.5)])
def test_the_wider_side_is_that_of_a_score(mix: detectable.Mix) -> None:
    """Beside `score` of counts in just these shares: the first multiple of 100 answers that holds, and none before."""
    needed = margins.sample_size(margin=10, mix=mix, side="wider")
    sizes = np.arange(100, 401, 100)
    counts = pd.DataFrame(np.rint(np.outer(sizes, mix)).astype(int), columns=["detractors", "passives", "promoters"])
    found = score(counts)
    reach = np.maximum(found["nps"] - found["low"], found["high"] - found["nps"])
    assert ((reach <= 10) == (sizes >= needed)).all()


def test_a_lopsided_mix_needs_more_than_the_mean_of_its_sides() -> None:
    """Nineteen points down where ten were planned; few customers who all answer have no side."""
    assert margins.sample_size(margin=10, mix=(0.02, 0.03, 0.95)) == 41
    assert margins.wider_side(n=41, mix=(0.02, 0.03, 0.95)) > 19
    assert margins.sample_size(margin=5, population=20, mix=(0.02, 0.03, 0.95), side="wider") <= 20
