"""The slope of few accounts: its test and limits by the wild cluster bootstrap."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import BadValue, check_choice, check_fraction, check_whole

Floats: TypeAlias = NDArray[np.float64]
Weights: TypeAlias = Literal["auto", "rademacher", "webb"]

# Below this number of accounts two-point weights give too few different draws (Webb 2023, Canadian J. of Economics 56).
WEBB_BELOW: Final = 12
_SIX_POINTS: Final = np.sqrt(np.array([1.5, 1.0, 0.5])).repeat(2) * np.array([-1.0, 1.0, -1.0, 1.0, -1.0, 1.0])


class WildBootstrap(NamedTuple):
    """A slope with the p-value and interval of the restricted wild cluster bootstrap; limits may be infinite."""

    slope: float
    se: float
    pvalue: float
    low: float
    high: float
    accounts: int


def wild_cluster_bootstrap(
    y: Floats,
    x: Floats,
    accounts: NDArray[np.generic],
    *,
    controls: Floats | None = None,
    confidence_level: float = 0.95,
    draws: int = 999,
    weights: Weights = "auto",
    rng: np.random.Generator | int = 0,
) -> WildBootstrap:
    """Test and bound the slope of y on x when rows cluster in few accounts.

    Residuals under the hypothesis change sign (or size) by account and the t statistic is computed anew: Cameron,
    Gelbach and Miller 2008, Review of Economics and Statistics 90:414 (restricted version). The interval holds every
    slope the same test does not reject, so p-value and interval agree. Everything is linear in the random weights, so
    a draw costs accounts^2 operations, not a regression (Roodman et al. 2019, Stata Journal 19:4).

    Parameters
    ----------
    y, x
        One value per row, no missing values.
    accounts
        The account of each row.
    controls
        Further columns; a constant is always among them.
    weights
        `rademacher` (-1, 1), `webb` (six points), `auto`: webb below 12 accounts.

    Returns
    -------
    The least-squares slope, its cluster-robust (CR1) standard error, p-value and limits.

    Raises
    ------
    BadValue
        Fewer than three accounts, or x does not vary beyond the controls.

    Examples
    --------
    >>> x = np.array([1.0, 2, 3, 4, 5, 6, 7, 8])
    >>> found = wild_cluster_bootstrap(np.array([1.1, 1.9, 3.2, 3.8, 5.3, 5.8, 7.1, 8.2]), x, np.arange(8))
    >>> round(found.slope, 3), found.pvalue < 0.05, found.low < 1 < found.high
    (1.012, True, True)
    """
    check_choice("weights", weights, ("auto", "rademacher", "webb"))
    check_fraction("confidence_level", confidence_level)
    check_whole("draws", draws, least=99)
    y, x = np.asarray(y, dtype=float), np.asarray(x, dtype=float)
    codes, labels = pd.factorize(np.asarray(accounts))
    if len(labels) < 3:
        raise BadValue(f"{len(labels)} accounts: the bootstrap by account needs at least 3.")
    ones = np.ones((len(y), 1))
    z = ones if controls is None else np.column_stack([ones, np.asarray(controls, dtype=float)])
    parts = _parts(y, x, z, codes)
    slope = parts.xy / parts.xx
    v = _draw(len(labels), draws, weights, np.random.default_rng(rng))
    se = _t_and_se(parts, slope, len(y), z.shape[1] + 1)[1]

    def pvalue(null: float) -> float:
        observed = abs(_t_and_se(parts, null, len(y), z.shape[1] + 1)[0])
        drawn = _bootstrap_t(parts, null, v, len(y), z.shape[1] + 1)
        return float((1 + np.sum(drawn >= observed * (1 - 1e-9))) / (1 + len(drawn)))

    alpha = 1 - confidence_level
    low, high = (_limit(pvalue, slope, side * se, alpha) for side in (-1, 1))
    return WildBootstrap(slope, se, pvalue(0.0), low, high, len(labels))


class _Parts(NamedTuple):
    """Sums by account that hold everything a draw needs, for y and for x (whose residuals under a null combine)."""

    xx: float
    xy: float
    score_y: Floats  # per account: x~'My
    score_x: Floats  # per account: x~'Mx = x~'x~
    spread_y: Floats  # accounts x accounts: what a unit weight on account h adds to the score of account g
    spread_x: Floats


def _parts(y: Floats, x: Floats, z: Floats, codes: NDArray[np.integer]) -> _Parts:
    basis, r = np.linalg.qr(z)
    basis = basis[:, np.abs(np.diag(r)) > 1e-10 * max(float(np.abs(r).max()), 1.0)]
    my, mx = (column - basis @ (basis.T @ column) for column in (y, x))
    xx = float(mx @ mx)
    if xx <= 1e-20 * max(float(x @ x), 1.0):
        raise BadValue("NPS does not vary beyond the controls: a slope cannot be fitted.")
    n = codes.max() + 1

    def by_account(column: Floats) -> Floats:
        return np.bincount(codes, weights=column, minlength=n).astype(float)

    z_x = np.column_stack([by_account(mx * column) for column in basis.T])
    own = by_account(mx * mx)

    def spread(residual: Floats) -> Floats:
        z_u = np.column_stack([by_account(residual * column) for column in basis.T])
        score = by_account(mx * residual)
        added: Floats = np.diag(score) - z_x @ z_u.T - np.outer(own, score) / xx
        return added

    return _Parts(xx, float(mx @ my), by_account(mx * my), own, spread(my), spread(mx))


def _t_and_se(parts: _Parts, null: float, n: int, k: int) -> tuple[float, float]:
    """Return the t statistic of `null` and the CR1 standard error of the slope."""
    slope = parts.xy / parts.xx
    scores = parts.score_y - slope * parts.score_x
    clusters = len(scores)
    se = math.sqrt(float(scores @ scores) * clusters / (clusters - 1) * (n - 1) / max(n - k, 1)) / parts.xx
    return ((slope - null) / se if se > 0 else math.inf), se


def _bootstrap_t(parts: _Parts, null: float, v: Floats, n: int, k: int) -> Floats:
    """Return |t| of each draw when the slope is `null`."""
    score = parts.score_y - null * parts.score_x
    spread = parts.spread_y - null * parts.spread_x
    clusters = len(score)
    factor = clusters / (clusters - 1) * (n - 1) / max(n - k, 1)
    scale = np.sqrt(factor * ((spread @ v) ** 2).sum(axis=0))
    top = np.abs(score @ v)
    draws: Floats = np.divide(top, scale, out=np.full_like(top, np.inf), where=scale > 1e-12 * np.maximum(top, 1e-300))
    return draws


def _limit(pvalue: Callable[[float], float], slope: float, step: float, alpha: float) -> float:
    """Return the end, on one side of the slope, of the nulls that are not rejected; infinite when it never ends."""
    if step == 0:
        return slope
    outside = 2.0
    while pvalue(slope + outside * step) > alpha:
        outside *= 2
        if outside > 1e4:
            return math.copysign(math.inf, step)
    inside = 0.0
    for _ in range(30):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if pvalue(slope + middle * step) > alpha else (inside, middle)
    return slope + outside * step


def _draw(accounts: int, draws: int, weights: Weights, rng: np.random.Generator) -> Floats:
    if weights == "webb" or (weights == "auto" and accounts < WEBB_BELOW):
        return rng.choice(_SIX_POINTS, size=(accounts, draws))
    return rng.choice(np.array([-1.0, 1.0]), size=(accounts, draws))
