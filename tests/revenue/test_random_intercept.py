"""The random intercept: dense matrices and statsmodels say the same, and it is never short of the optimum."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import multivariate_normal
from statsmodels.regression.mixed_linear_model import MixedLM
from statsmodels.tools.sm_exceptions import ConvergenceWarning

from nps_utils.revenue.random_intercept import Floats, random_intercept


def drawn(accounts: int, between: float, seed: int) -> tuple[Floats, Floats, np.typing.NDArray[np.intp]]:
    """Draw two to six values an account, a constant and two columns."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 7, accounts)
    code = np.repeat(np.arange(accounts), sizes)
    x = np.column_stack([np.ones(len(code)), rng.normal(size=(len(code), 2))])
    y = x @ [1.0, 0.5, -0.2] + np.repeat(rng.normal(size=accounts) * between, sizes) + rng.normal(size=len(code))
    return y, x, code


def by_matrices(y: Floats, x: Floats, code: np.typing.NDArray[np.intp], ratio: float) -> tuple[float, Floats, Floats]:
    """Return -2 log REML likelihood, coefficients and errors by the whole covariance matrix (Harville 1974)."""
    shape = np.eye(len(y)) + ratio * (code[:, np.newaxis] == code)
    inverse = np.linalg.inv(shape)
    inner = x.T @ inverse @ x
    b = np.linalg.solve(inner, x.T @ inverse @ y)
    rest = y - x @ b
    scale = float(rest @ inverse @ rest) / (len(y) - x.shape[1])
    full = -2 * float(multivariate_normal(x @ b, scale * shape).logpdf(y))
    # REML integrates the coefficients out of the likelihood.
    restricted = full - x.shape[1] * np.log(2 * np.pi) + float(np.linalg.slogdet(inner / scale)[1])
    errors: Floats = np.sqrt(scale * np.diag(np.asarray(np.linalg.inv(inner), dtype=np.float64)))
    return float(restricted), np.asarray(b, dtype=np.float64), errors


@pytest.mark.parametrize(("accounts", "between"), [(25, 0.0), (25, 0.8), (60, 0.3)])
def test_it_is_that_of_the_whole_matrices(accounts: int, between: float) -> None:
    """The criterion, coefficients and errors at the optimum that a search over dense matrices finds."""
    y, x, code = drawn(accounts, between, seed=accounts)
    fit = random_intercept(y, x, code)
    best = minimize_scalar(lambda log: by_matrices(y, x, code, np.exp(log))[0], bounds=(-14, 5), method="bounded")
    lowest = min(float(best.fun), by_matrices(y, x, code, 0.0)[0])
    criterion, b, errors = by_matrices(y, x, code, fit.ratio)
    assert fit.criterion == pytest.approx(criterion, abs=1e-8)
    assert fit.criterion <= lowest + 1e-6
    assert fit.coefficients == pytest.approx(b, abs=1e-9)
    assert fit.errors == pytest.approx(errors, abs=1e-9)


def test_it_is_never_short_of_the_optimum() -> None:
    """With little between many accounts statsmodels' search is no lower, and may stand above."""
    y, x, code = drawn(600, 0.1, seed=1)
    fit = random_intercept(y, x, code)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        other = MixedLM(y, x, groups=code).fit(reml=True)
    assert fit.criterion <= -2 * float(other.llf) + 1e-6
    assert fit.coefficients == pytest.approx(np.asarray(other.fe_params), abs=2e-3)
