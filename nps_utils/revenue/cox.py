"""Cox regression on bands, from counts: who is at risk and who leaves at each time is all that a ratio rests on."""

from __future__ import annotations

import warnings
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from statsmodels.tools.sm_exceptions import ConvergenceWarning

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.integer]

_STEPS: Final = 50
_SETTLED: Final = 1e-10
# A ratio beyond e to this is one of somebody and nobody: the likelihood rises for ever.
_BORDER: Final = 15.0


class Cox(NamedTuple):
    """Logarithms of hazard ratios against the reference, robust errors, and the p-values of their not changing."""

    coefficients: Floats
    errors: Floats
    proportional: Floats


def cox_by_band(days: Floats, left: NDArray[np.bool_], band: Codes, accounts: Codes) -> Cox:
    """Fit hazard ratios of bands by Cox's partial likelihood, ties as Efron has them, errors clustered by account.

    Whoever is followed for no time at which somebody left says nothing of the ratios, and is no obstacle to their
    errors.

    Parameters
    ----------
    days, left
        How long each row was followed, and whether it ended by leaving.
    band
        The place of its band, from 0; that of the reference is the last, and every band has somebody who left.
    accounts
        The number of its account.

    Returns
    -------
    For each band but the reference: coefficient, error, and the p-value of Schoenfeld's residuals being uncorrelated
    with the ranks of time. All are missing, with a warning, where the likelihood has no highest point.

    Examples
    --------
    >>> days, left = np.array([1.0, 2, 3, 4, 5, 6]), np.array([1, 1, 1, 1, 0, 1], dtype=bool)
    >>> cox_by_band(days, left, np.array([0, 1, 0, 1, 1, 1]), np.arange(6)).coefficients.round(4).tolist()
    [1.7662]
    """
    counts = _Counts.of(days, left, band)
    coefficients = _settle(counts)
    if not np.isfinite(coefficients).all():
        return Cox(coefficients, coefficients, coefficients)
    _, information = _slope_and_curve(counts, coefficients)
    ratio = np.exp(np.append(coefficients, 0.0))
    at_risk = ratio @ counts.at_risk
    average = (ratio[:, None] * counts.at_risk / at_risk)[:-1]
    hazard = counts.gone.sum(axis=0) / at_risk
    # What a row adds to the score: its own leaving, less what was to be expected until its time.
    upto = np.searchsorted(counts.times, days, side="right")
    own = np.equal.outer(np.arange(len(coefficients)), band).astype(float)
    expected, shared = (np.append(0.0, np.cumsum(hazard)), np.cumsum(average * hazard, axis=1))
    shared = np.concatenate([np.zeros((len(coefficients), 1)), shared], axis=1)
    residuals = own[:, left] - average[:, upto[left] - 1]
    score = -ratio[band] * (own * expected[upto] - shared[:, upto])
    score[:, left] += residuals
    by_account = np.array([np.bincount(accounts, weights=one) for one in score])
    inverse = np.linalg.inv(information)
    errors = np.sqrt(np.diag(inverse @ (by_account @ by_account.T) @ inverse))
    ranks = stats.rankdata(days[left])
    return Cox(coefficients, errors, np.array([float(stats.pearsonr(one, ranks).pvalue) for one in residuals]))


class _Counts(NamedTuple):
    """The times at which somebody left; of each band and time, who was followed that long and who left then."""

    times: Floats
    at_risk: Floats
    gone: Floats

    @classmethod
    def of(cls, days: Floats, left: NDArray[np.bool_], band: Codes) -> _Counts:
        times = np.unique(days[left])
        parts = [(days[band == place], left[band == place]) for place in range(int(band.max()) + 1)]
        at_risk = [len(part) - np.searchsorted(np.sort(part), times, side="left") for part, _ in parts]
        gone = [np.bincount(np.searchsorted(times, part[ends]), minlength=len(times)) for part, ends in parts]
        return cls(times, np.array(at_risk, dtype=float), np.array(gone, dtype=float))


def _settle(counts: _Counts) -> Floats:
    """Return the highest point of the partial likelihood by Newton's steps; missing where it has none."""
    found = np.zeros(len(counts.gone) - 1)
    for _ in range(_STEPS):
        slope, information = _slope_and_curve(counts, found)
        step = np.linalg.solve(information, slope)
        found = found + step
        if np.abs(found).max() > _BORDER:
            break
        if np.abs(step).max() < _SETTLED:
            return found
    warnings.warn("no highest point of the partial likelihood was found", ConvergenceWarning, stacklevel=2)
    return np.full_like(found, np.nan)


def _slope_and_curve(counts: _Counts, coefficients: Floats) -> tuple[Floats, Floats]:
    """Return the gradient of the partial likelihood and the information, its curvature."""
    ratio = np.exp(np.append(coefficients, 0.0))[:, None]
    many = counts.gone.sum(axis=0).astype(int)
    # Of those who leave at one time each stands at risk with fewer of the others.
    event = np.repeat(np.arange(len(many)), many)
    fewer = (np.arange(len(event)) - np.repeat(np.cumsum(many) - many, many)) / many[event]
    present = ratio * (counts.at_risk[:, event] - fewer * counts.gone[:, event])
    share = (present / present.sum(axis=0))[:-1]
    return counts.gone[:-1].sum(axis=1) - share.sum(axis=1), np.diag(share.sum(axis=1)) - share @ share.T
