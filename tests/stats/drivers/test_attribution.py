"""R2 divided among items: values that R's packages print, and every order of the items by statsmodels."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from nps_utils.stats.drivers.attribution import relative_weights, shapley_r2, shapley_weights
from nps_utils.stats.drivers.moments import correlations, slopes, sums_by_unit

REFERENCE = Path(__file__).parents[2] / "reference"
SWISS = ["Agriculture", "Examination", "Education", "Catholic", "Infant.Mortality"]


def matrix(file: str, items: list[str], outcome: str, weight: np.ndarray | None = None) -> np.ndarray:
    table = pd.read_csv(REFERENCE / file)[[*items, outcome]].to_numpy(dtype=float)
    heavy = np.ones(len(table)) if weight is None else weight
    return correlations(sums_by_unit(table, heavy, np.zeros(len(table), dtype=np.int64)))


def test_shapley_is_what_relaimpo_prints() -> None:
    """`calc.relimp(lm(Fertility ~ ., swiss), type = "lmg")` of R's relaimpo: R2 .7067."""
    printed = [0.0570912207681, 0.1711730289002, 0.2601346786244, 0.1055701503735, 0.1127659229265]
    found = shapley_r2(matrix("drivers_swiss.csv", SWISS, "Fertility"))[0]
    assert found == pytest.approx(printed, abs=1e-10)
    assert found.sum() == pytest.approx(0.706735001593, abs=1e-10)


def test_shapley_with_weights_is_what_relaimpo_prints() -> None:
    """The same with `weights = 1 + (1:47 %% 3)`."""
    printed = [0.0518208063017, 0.1549452302086, 0.2559770835712, 0.1019573530969, 0.1296324182449]
    weight = 1.0 + np.arange(1, 48) % 3
    found = shapley_r2(matrix("drivers_swiss.csv", SWISS, "Fertility", weight))[0]
    assert found == pytest.approx(printed, abs=1e-10)


def test_relative_weights_are_what_rwa_and_relativeimp_print() -> None:
    """The vignette of R's rwa: mpg by cyl, disp, hp, wt, and by cyl, disp, hp, gear; relativeImp for swiss."""
    cars = matrix("drivers_mtcars.csv", ["cyl", "disp", "hp", "wt"], "mpg")
    assert relative_weights(cars)[0] == pytest.approx([0.2096904, 0.1883043, 0.1799590, 0.2706812], abs=5e-8)
    cars = matrix("drivers_mtcars.csv", ["cyl", "disp", "hp", "gear"], "mpg")
    printed = [0.228479725928, 0.222146870540, 0.232174439299, 0.096388603215]
    assert relative_weights(cars)[0] == pytest.approx(printed, abs=1e-10)
    swiss = matrix("drivers_swiss.csv", SWISS, "Fertility")
    printed = [0.048416895812, 0.154708249806, 0.271964104646, 0.114680029948, 0.116965721381]
    assert relative_weights(swiss)[0] == pytest.approx(printed, abs=1e-10)


def test_two_items_by_hand() -> None:
    """Johnson (2000): with two items both ways agree; r12 = .5, ry1 = .6, ry2 = .4."""
    by_hand = [0.5 * (0.36 + 0.28 / 0.75 - 0.16), 0.5 * (0.16 + 0.28 / 0.75 - 0.36)]
    both = np.array([[[1, 0.5, 0.6], [0.5, 1, 0.4], [0.6, 0.4, 1]]])
    assert shapley_r2(both)[0] == pytest.approx(by_hand)
    assert relative_weights(both)[0] == pytest.approx(by_hand)


def test_shapley_is_the_mean_over_all_orders() -> None:
    """Every order of four items, each regression by statsmodels."""
    rng = np.random.default_rng(4)
    x = rng.normal(size=(90, 4)) + rng.normal(size=(90, 1))
    y = x @ [0.5, 0.3, 0.0, -0.2] + rng.normal(size=90)

    def r2(columns: tuple[int, ...]) -> float:
        return float(sm.OLS(y, sm.add_constant(x[:, list(columns)])).fit().rsquared) if columns else 0.0

    gains = np.zeros(4)
    orders = list(itertools.permutations(range(4)))
    for order in orders:
        for place, item in enumerate(order):
            gains[item] += (r2(order[: place + 1]) - r2(order[:place])) / len(orders)
    found = shapley_r2(np.array([np.corrcoef(np.column_stack([x, y]).T)]))[0]
    assert found == pytest.approx(gains, abs=1e-12)


def test_weights_of_subsets_add_up() -> None:
    """The values of all items add up to that of all less that of none."""
    for items in (1, 3, 6):
        together = shapley_weights(items).sum(axis=0)
        assert together[-1] == pytest.approx(1)
        assert together[0] == pytest.approx(-1)
        assert np.abs(together[1:-1]).max(initial=0) < 1e-12


def test_slopes_and_pairwise_correlations_are_those_of_statsmodels_and_pandas() -> None:
    """Weighted slopes by WLS; correlations over the rows that have both by pandas."""
    rng = np.random.default_rng(5)
    table = rng.normal(size=(80, 4)) + rng.normal(size=(80, 1))
    weight, unit = rng.uniform(0.5, 2, 80), rng.integers(0, 20, 80)
    fitted = sm.WLS(table[:, -1], sm.add_constant(table[:, :-1]), weights=weight).fit()
    sums = sums_by_unit(table, weight, unit).sum(axis=0, keepdims=True)
    assert slopes(sums)[0] == pytest.approx(np.asarray(fitted.params)[1:])
    table[rng.random(table.shape) < 0.2] = np.nan
    sums = sums_by_unit(table, np.ones(80), unit).sum(axis=0, keepdims=True)
    assert correlations(sums)[0] == pytest.approx(pd.DataFrame(table).corr().to_numpy())
