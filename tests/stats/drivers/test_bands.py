"""Proportional odds for every subset of items: likelihoods by statsmodels' OrderedModel, shares by all orders."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.miscmodels.ordinal_model import OrderedModel

from nps_utils import drivers
from nps_utils.stats.drivers.bands import band_likelihoods


def answers(n: int = 240, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x = np.clip(np.round(3.5 + rng.normal(size=(n, 3)) + 0.6 * rng.normal(size=(n, 1))), 1, 5)
    score = np.clip(np.round(3.6 + x @ [0.7, 0.4, 0.1] + 1.5 * rng.normal(size=n)), 0, 10).astype(int)
    return pd.DataFrame(x, columns=["a", "b", "c"]).assign(score=score)


def likelihood(table: pd.DataFrame, items: tuple[str, ...]) -> float:
    band = pd.Series(np.digitize(table["score"], [7, 9]))
    if not items:
        share = band.value_counts(normalize=True)
        return float(np.log(band.map(share)).sum())
    fitted = OrderedModel(band, table[list(items)], distr="logit").fit(method="bfgs", disp=0, maxiter=500)
    return float(fitted.llf)


def test_likelihoods_are_those_of_statsmodels() -> None:
    """Every subset of three items."""
    table = answers()
    band = np.digitize(table["score"], [7, 9]).astype(np.int64)
    found = band_likelihoods(table[["a", "b", "c"]].to_numpy(), band, np.ones(len(table))).sum(axis=0)
    for mask in range(8):
        items = tuple(name for place, name in enumerate("abc") if mask >> place & 1)
        assert found[mask] == pytest.approx(likelihood(table, items), abs=1e-5)


def test_two_bands_are_a_logistic_regression() -> None:
    """No passives: proportional odds is logistic regression, with weights as repeated answers."""
    table = answers()
    high = np.asarray(table["score"] >= 7, dtype=np.int64)
    times = np.where(np.arange(len(table)) % 3 == 0, 2, 1)
    items = table[["a", "b"]].to_numpy()
    again = np.repeat(np.arange(len(table)), times)
    fitted = sm.Logit(high[again], sm.add_constant(items[again])).fit(disp=0)
    found = band_likelihoods(items.astype(float), high, times.astype(float))
    assert float(times @ found[:, 3]) == pytest.approx(fitted.llf, abs=1e-6)


def test_importance_for_the_band_is_the_mean_gain_over_all_orders() -> None:
    """McFadden's R2 by statsmodels, each order of three items."""
    table = answers()
    none = likelihood(table, ())
    told = {frozenset(s): 1 - likelihood(table, s) / none for k in range(4) for s in itertools.combinations("abc", k)}
    gains = dict.fromkeys("abc", 0.0)
    for order in itertools.permutations("abc"):
        for place, item in enumerate(order):
            gains[item] += (told[frozenset(order[: place + 1])] - told[frozenset(order[:place])]) / 6
    found = drivers.importance(table, items=["a", "b", "c"], outcome="band").set_index("item")
    assert found["importance"].to_dict() == pytest.approx(gains, abs=1e-5)
    assert found["r2"].iloc[0] == pytest.approx(told[frozenset("abc")], abs=1e-5)


def test_a_band_told_without_error_stops() -> None:
    """Slopes without end: the likelihood is all that is needed."""
    x = np.repeat([[0.0], [1.0]], 50, axis=0)
    found = band_likelihoods(x, np.repeat([0, 1], 50).astype(np.int64), np.ones(100)).sum(axis=0)
    assert found == pytest.approx([100 * np.log(0.5), 0], abs=1e-4)
