"""What is computed from sums, for the sake of millions of rows, is what the plain way gives row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student
from statsmodels.genmod.families import Binomial, Gamma
from statsmodels.genmod.families.links import Log
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.regression.linear_model import OLS

from nps_utils.revenue import corrected, spend_by_band
from nps_utils.revenue.slope import honest_slope

BANDS = {"detractor": 3, "passive": 8, "promoter": 10}


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Draw x, y, accounts of one to many rows, and groups of which one has a single row."""
    rng = np.random.default_rng(seed)
    accounts = rng.integers(0, 25 + 10 * seed, 40 + 60 * seed) if seed % 3 else np.arange(40 + 60 * seed)
    groups = rng.integers(0, 2 + seed, len(accounts))
    groups[0] = 99
    x = rng.normal(30, 20, len(accounts)) + 5 * groups
    return x, 0.1 * x + rng.normal(0, 4, len(accounts)), accounts, groups


@pytest.mark.parametrize("seed", range(1, 9))
@pytest.mark.parametrize("grouped", [False, True])
def test_a_slope_is_that_of_a_regression_with_a_column_for_each_group(seed: int, grouped: bool) -> None:
    """By statsmodels: HC3 where each account has one row, else clustered; limits and p by Student's t."""
    x, y, accounts, groups = drawn(seed)
    found = honest_slope(x, y, accounts, groups=groups if grouped else None)
    constants = pd.get_dummies(groups).to_numpy(dtype=float) if grouped else np.ones((len(x), 1))
    model = OLS(y, np.column_stack([x, constants]))
    if found.errors == "HC3":
        assert len(set(accounts)) == len(accounts)
        alone = np.bincount(groups)[groups] > (1 if grouped else -1)  # statsmodels divides by zero there
        model = OLS(y[alone], np.column_stack([x, constants])[alone][:, [True, *constants[alone].any(axis=0)]])
        fit = model.fit(cov_type="HC3", use_t=True)
    else:
        fit = model.fit(cov_type="cluster", cov_kwds={"groups": pd.factorize(accounts)[0]}, use_t=True)
    expected = [fit.params[0], fit.bse[0], *fit.conf_int()[0], fit.pvalues[0]]
    np.testing.assert_allclose(found[:5], expected, rtol=1e-9)


@pytest.mark.parametrize("seed", range(1, 9))
@pytest.mark.parametrize("kind", ["none", "period", "account"])
def test_moments_without_a_fold_are_those_of_the_rows_that_are_left(seed: int, kind: str) -> None:
    """Each fold in turn is taken out, row by row; one group may go as a whole."""
    x, y, accounts, groups = drawn(seed)
    codes = pd.factorize({"none": np.zeros(len(x)), "period": groups, "account": accounts}[kind])[0]
    variance = np.random.default_rng(seed).uniform(1, 9, len(x))
    folds, xy = pd.factorize(accounts)[0] % 20, np.column_stack([x, y])
    found = np.array(corrected._moments_without(xy, variance, codes, folds))
    rows = [folds != fold for fold in range(folds.max() + 1)]
    expected = [corrected._moments(xy[kept], variance[kept], pd.factorize(codes[kept])[0]) for kept in rows]
    np.testing.assert_allclose(found.T, expected, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_what_bands_spend_is_what_regressions_on_bands_say(seed: int) -> None:
    """By statsmodels: logit of any, Gamma of amounts, least squares of all; errors clustered by account."""
    rng = np.random.default_rng(seed)
    n = 400
    spent = rng.gamma(2, 20, n) * (rng.random(n) < 0.8) - 5.0 * (rng.random(n) < 0.05 * (seed % 2))
    accounts = [f"a{k}" for k in rng.integers(0, 90, n)] if seed % 3 else [f"a{k}" for k in range(n)]
    rows = pd.DataFrame({"account_id": accounts, "score": rng.choice([3, 8, 10], n), "spend": spent})
    found = spend_by_band(rows, spend="spend").set_index(["part", "band"])
    back: dict[str, Callable[[float], float]] = {
        "any": lambda v: 1 / (1 + np.exp(-v)),
        "amount": np.exp,
        "mean": lambda v: v,
    }
    models: tuple[tuple[str, Callable[..., Any]], ...] = (
        ("any", lambda y, x: GLM(y, x, family=Binomial())),
        ("amount", lambda y, x: GLM(y, x, family=Gamma(link=Log()))),
        ("mean", OLS),
    )
    for part, model in models:
        used = rows[rows["spend"] > 0] if part == "amount" else rows
        outcome = (used["spend"] > 0).astype(float) if part == "any" else used["spend"]
        design = pd.DataFrame({band: used["score"].isin([score]) for band, score in BANDS.items()}).astype(float)
        groups = pd.factorize(used["account_id"])[0]
        fit = model(outcome, design).fit(cov_type="cluster", cov_kwds={"groups": groups})
        t = student.ppf(0.975, groups.max())
        for band in BANDS:
            b, se = fit.params[band], fit.bse[band]
            values = [back[part](b + step * t * se) for step in (0, -1, 1)]
            np.testing.assert_allclose(found.loc[(part, band), ["value", "low", "high"]].to_numpy(float), values, 1e-7)
            if band != "promoter":
                gap = b - fit.params["promoter"]
                cov = fit.cov_params()
                apart = np.sqrt(cov.loc[band, band] + cov.loc["promoter", "promoter"] - 2 * cov.loc[band, "promoter"])
                pvalue = 2 * student.sf(abs(gap) / apart, groups.max())
                np.testing.assert_allclose(found["pvalue"].loc[(part, band)], pvalue, 1e-6)
                assert found.loc[(part, band), "accounts"] == used.loc[design[band] == 1, "account_id"].nunique()
