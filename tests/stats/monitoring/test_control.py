"""Control limits: their false alarms by enumeration, by the binomial distribution and by simulation."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, multinomial

from nps_utils.checks import BadValue
from nps_utils.stats.monitoring.control import control_limits, leaving_rate, net_distribution

MIX = (0.2, 0.3, 0.5)


def _periods(n: int, looks: int, mix: tuple[float, ...] = MIX, seed: int = 1) -> pd.DataFrame:
    drawn = np.random.default_rng(seed).multinomial(n, mix, size=looks)
    return pd.DataFrame(drawn, columns=["detractors", "passives", "promoters"]).assign(week=np.arange(looks))


@pytest.mark.parametrize("n", [0, 1, 2, 7])
def test_net_distribution_agrees_with_enumeration(n: int) -> None:
    """All ways to share n answers among three bands."""
    expected = np.zeros(2 * n + 1)
    for d, b in itertools.product(range(n + 1), repeat=2):
        if d + b <= n:
            expected[n + b - d] += multinomial.pmf([d, n - d - b, b], n=n, p=MIX) if n else 1.0
    np.testing.assert_allclose(net_distribution(n, MIX), expected, atol=1e-14)


def test_net_distribution_without_passives_is_binomial() -> None:
    """20,000 answers: promoters less detractors is twice a binomial less n, and everything sums to 1."""
    n = 20_000
    probability = net_distribution(n, (0.3, 0.0, 0.7))
    assert probability.sum() == pytest.approx(1, abs=1e-9)
    np.testing.assert_allclose(probability[::2], binom.pmf(np.arange(n + 1), n, 0.7), atol=1e-13)


def test_leaving_rate_agrees_with_simulated_periods() -> None:
    """Two million periods of 15 answers."""
    drawn = np.random.default_rng(2).multinomial(15, MIX, size=2_000_000)
    se = math.sqrt((0.7 - 0.09) / 15)
    outside = (np.abs((drawn[:, 2] - drawn[:, 0]) / 15 - 0.3) > 2 * se).mean()
    assert leaving_rate(15, MIX, sigmas=2) == pytest.approx(outside, abs=5e-4)
    assert leaving_rate(100_000, MIX, sigmas=3) == pytest.approx(0.0027, abs=1e-4)  # the normal limit


def test_run_length_agrees_with_waiting_for_alarms() -> None:
    """Periods until the first false alarm, simulated with the centre known, on average those in the table."""
    rng = np.random.default_rng(4)
    baseline = pd.DataFrame({"detractors": [20], "passives": [30], "promoters": [50]})
    table = control_limits(baseline, sigmas=2).iloc[0]
    drawn = rng.multinomial(100, MIX, size=300_000)
    nps = 100.0 * (drawn[:, 2] - drawn[:, 0]) / 100
    alarms = np.flatnonzero((nps > table["upper"] + 1e-9) | (nps < table["lower"] - 1e-9))
    assert np.diff(alarms).mean() == pytest.approx(table["periods_between_alarms"], rel=0.03)


def test_rates_add_up_over_the_looks() -> None:
    """Different n each week: one less the product of staying inside."""
    table = control_limits(pd.concat([_periods(5, 10), _periods(40, 10, seed=2)], ignore_index=True))
    inside = 1.0
    for here, so_far in table[["false_alarm", "false_alarm_so_far"]].to_numpy(dtype=float):
        inside *= 1 - here
        assert so_far == pytest.approx(1 - inside, abs=1e-12)
    assert table["periods_between_alarms"].iloc[0] == pytest.approx(1 / table["false_alarm"].mean())


def test_a_jump_is_outside_the_limits_of_the_baseline() -> None:
    """Ten weeks at +30 make the centre; a week at -40 is outside, and does not move the centre."""
    quiet, jump = _periods(80, 10), _periods(80, 1, mix=(0.6, 0.2, 0.2), seed=3)
    table = control_limits(pd.concat([quiet, jump], ignore_index=True), baseline=10)
    assert table["outside"].tolist() == [False] * 10 + [True]
    net = (quiet["promoters"] - quiet["detractors"]).sum()
    assert table["centre"].iloc[0] == pytest.approx(100 * net / 800)


def test_weeks_without_answers_raise_no_alarm() -> None:
    """No answers: no score, limits of the whole scale."""
    table = control_limits(pd.concat([_periods(20, 3), _periods(0, 1)], ignore_index=True))
    last = table.iloc[-1]
    assert np.isnan(last["nps"])
    assert not last["outside"]
    assert (last["lower"], last["upper"], last["false_alarm"]) == (-100, 100, 0)


def test_nonsense_is_refused() -> None:
    """No baseline, no answers in it, no width."""
    with pytest.raises(BadValue, match="baseline = 0"):
        control_limits(_periods(20, 3), baseline=0)
    with pytest.raises(BadValue, match="baseline = 2: nobody answered"):
        control_limits(_periods(0, 3), baseline=2)
    with pytest.raises(BadValue, match="sigmas = -3"):
        control_limits(_periods(20, 3), sigmas=-3)
