"""A randomised comparison: one group saw the fix, the other did not, perhaps with an earlier answer of each person."""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable
from typing import Any, Final

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame
from scipy import stats
from statsmodels.regression.linear_model import OLS

from nps_utils.checks import BadValue, check_columns, check_fraction
from nps_utils.scale import BANDS, HIGHEST, LOWEST
from nps_utils.stats.account_change import clustered_change
from nps_utils.stats.arithmetic.intervals import (
    Bands,
    FloatArray,
    difference_limits,
    difference_pvalue,
    normal_quantile,
)

_LEAST_PER_ARM: Final = 10
# Accounts, or people of the smaller arm: below, sandwich errors are too bold where nine of ten give the same answer.
_FEW: Final = 100
_MOST_DEALS: Final = 4_000
_LEAST_UNKNOWN: Final = 3


def randomised(
    responses: IntoFrame,
    *,
    arm: str,
    control: Hashable,
    prior: str | None = None,
    cluster: str | None = None,
    score: str = "score",
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Compare two arms that chance has formed.

    Without `prior` this is the comparison of two scores, as in `compare`. With it a second row uses each person's
    earlier answer as a covariate: least squares of -100, 0, 100 on the arm, the centred earlier answer and their
    product, which is valid under randomisation whether or not a line fits and does not widen the interval in large
    samples (Lin 2013, Annals of Applied Statistics 7:295), with HC2 standard errors and Student's t. With fewer than a
    hundred people in an arm the p-value is no less than that of dealing the arms out anew (Fisher 1935; the outcome
    less what the earlier answers foretell), and the interval is as much wider: at 90 % promoters HC2 alone is false in
    .19 of comparisons of 20 people, this in .05. State before the experiment which row decides.

    Parameters
    ----------
    responses
        One row per person; any frame that Narwhals understands.
    arm
        The column with two values: who saw the fix and who did not. People must have been assigned by chance; a
        comparison of those who chose is not this.
    control
        The value of those who did not see it.
    prior
        The column of answers 0..10 given before the assignment. People without one get the average, and a
        mark where each arm has three of them.
    cluster
        The column of accounts, where whole accounts were assigned. The first row is then that of `clustered_change`. In
        the second standard errors are by account; with fewer than a hundred accounts, where those are too small, arms
        are dealt out to the accounts anew. Simulated size at 6 accounts: .03 and below.
    score
        The column of answers afterwards, integers 0..10.
    confidence_level
        Between 0 and 1.

    Returns
    -------
    One row per analysis: `analysis`, `control`, `treated`, `n_control`, `n_treated`, `nps_control`, `nps_treated`,
    `change` (points, treated less control), `low`, `high`, `pvalue`.

    Raises
    ------
    MissingColumn, BadValue
        Not exactly two arms; an answer outside 0..10; a covariate with fewer than ten people in an arm; one account.

    Examples
    --------
    >>> responses = pd.DataFrame({"arm": ["old", "new"] * 30, "score": [6, 9, 8, 9, 10, 7] * 10})
    >>> randomised(responses, arm="arm", control="old")[["nps_control", "nps_treated", "change", "low"]].round(1)
       nps_control  nps_treated  change   low
    0          0.0         66.7    66.7  32.6
    """
    check_fraction("confidence_level", confidence_level)
    table, treated = _table(responses, arm, control, prior, cluster, score)
    is_treated = (table[arm] == treated).to_numpy()
    outcome = 100.0 * (_band(table[score], score) - 1)
    arms = [outcome[~is_treated], outcome[is_treated]]
    shared = {
        "control": control,
        "treated": treated,
        "n_control": len(arms[0]),
        "n_treated": len(arms[1]),
        "nps_control": arms[0].mean(),
        "nps_treated": arms[1].mean(),
    }
    groups = None if cluster is None else pd.factorize(table[cluster])[0]
    if groups is None:
        rows = [{"analysis": "difference of scores", **shared, **_plain(arms, confidence_level)}]
    else:
        rows = [
            {
                "analysis": f"by {cluster}",
                **shared,
                **_by_account(table, arm, control, cluster, score, confidence_level),
            }
        ]
    if prior is not None:
        _check_arms(arms)
        design, covariates = _with_prior(is_treated, table[prior], prior)
        name = f"adjusted for {prior}" + (f", by {cluster}" if cluster else "")
        rows.append({"analysis": name, **shared, **_regression(outcome, design, covariates, groups, confidence_level)})
    return pd.DataFrame(rows)


def _table(
    responses: IntoFrame, arm: str, control: Hashable, prior: str | None, cluster: str | None, score: str
) -> tuple[pd.DataFrame, Hashable]:
    frame = nw.from_native(responses)
    wanted = [name for name in dict.fromkeys((arm, prior, cluster, score)) if name is not None]
    check_columns(frame.collect_schema().names(), wanted, what="the table of responses")
    table = frame.lazy().select(*wanted).collect().to_pandas()
    arms = table[arm].dropna().unique().tolist()
    if table[arm].isna().any() or len(arms) != 2 or control not in arms:
        raise BadValue(
            f'column "{arm}" must hold two arms, one of them control = {control!r}, and no empty cell; it holds: '
            f"{', '.join(map(str, arms))}{' and empty cells' if table[arm].isna().any() else ''}."
        )
    if cluster is not None and (table[cluster].isna().any() or table[cluster].nunique() < 4):
        raise BadValue(f'column "{cluster}" must name an account in every row, and at least four accounts in all.')
    return table, next(value for value in arms if value != control)


def _band(answers: pd.Series[Any], name: str) -> FloatArray:
    """Return 0, 1 or 2 for detractor, passive, promoter."""
    values = pd.to_numeric(answers, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~np.isin(values, np.arange(LOWEST, HIGHEST + 1))
    if wrong.any():
        raise BadValue(f'column "{name}": {answers[wrong].iloc[0]!r} is not an integer from 0 to 10.')
    return np.searchsorted([top for _, top in BANDS.values()], values).astype(float)


def _plain(arms: list[FloatArray], confidence_level: float) -> dict[str, float]:
    control, treated = (
        Bands(*np.array([[np.sum(arm == code)] for code in (-100, 0, 100)], dtype=float)) for arm in arms
    )
    low, high = difference_limits(control, treated, normal_quantile(confidence_level))
    return {
        "change": 100 * float((treated.nps - control.nps)[0]),
        "low": 100 * float(low[0]),
        "high": 100 * float(high[0]),
        "pvalue": float(difference_pvalue(control, treated)[0]),
    }


def _by_account(
    table: pd.DataFrame, arm: str, control: Hashable, cluster: str | None, score: str, confidence_level: float
) -> dict[str, float]:
    named = table.assign(score=table[score].astype(int), _arm=(table[arm] != control).astype(int))
    row = clustered_change(named, across="_arm", cluster=cluster, confidence_level=confidence_level).iloc[0]
    return {name: float(row[name]) for name in ("change", "low", "high", "pvalue")}


def _check_arms(arms: list[FloatArray]) -> None:
    least = min(len(arm) for arm in arms)
    if least < _LEAST_PER_ARM:
        raise BadValue(f"an arm has {least} people; a covariate needs {_LEAST_PER_ARM} in each. Leave prior out.")


def _with_prior(is_treated: np.typing.NDArray[np.bool_], prior: pd.Series[Any], name: str) -> tuple[FloatArray, int]:
    """Return intercept, arm, centred covariates and their products with the arm, and how many covariates there are."""
    known = prior.notna().to_numpy()
    if not known.any():
        raise BadValue(f'column "{name}" is empty, so there is nothing to adjust for.')
    _band(prior[known], name)
    values = pd.to_numeric(prior).to_numpy(dtype=float, na_value=np.nan)
    covariates = [np.where(known, values - values[known].mean(), 0.0)]
    # One person alone without a prior answer in an arm would be fitted exactly, which HC2 cannot weigh.
    if min(np.count_nonzero(~known & (is_treated == arm)) for arm in (False, True)) >= _LEAST_UNKNOWN:
        covariates.append(known - known.mean())
    chosen = [column for column in covariates if np.ptp(column) > 0]
    products = [column * is_treated for column in chosen]
    plain = [np.ones(len(known)), is_treated.astype(float)]
    # Earlier answers that are all alike in an arm foretell nothing there: without products, or without them at all.
    for more in (chosen + products, chosen):
        design = np.column_stack([*plain, *more])
        if np.linalg.matrix_rank(design) == design.shape[1]:
            return design, len(chosen)
    return np.column_stack(plain), 0


def _regression(
    outcome: FloatArray,
    design: FloatArray,
    covariates: int,
    groups: np.typing.NDArray[np.intp] | None,
    confidence_level: float,
) -> dict[str, float]:
    """Return the arm's coefficient with a robust interval."""
    model = OLS(outcome, design)
    if groups is None:
        # Somebody alone in an arm with an earlier answer is fitted exactly, which HC2 cannot weigh.
        own = np.sum(np.linalg.qr(design)[0] ** 2, axis=1)
        fit = model.fit(cov_type="HC1" if own.max() > 1 - 1e-9 else "HC2", use_t=True)
    else:
        fit = model.fit(cov_type="cluster", cov_kwds={"groups": groups, "df_correction": True}, use_t=True)
    change, pvalue = float(fit.params[1]), float(fit.pvalues[1])
    low, high = (float(limit) for limit in fit.conf_int(alpha=1 - confidence_level)[1])
    if groups is None:
        units, df = np.arange(len(outcome)), float(fit.df_resid)
        few = min(design[:, 1].sum(), len(outcome) - design[:, 1].sum()) < _FEW
    else:
        units, df = groups, float(groups.max())
        share = np.bincount(groups, design[:, 1]) / np.bincount(groups)
        few = df + 1 < _FEW and bool(np.isin(share, (0.0, 1.0)).all())  # only whole accounts can be dealt anew
    if few:
        dealt = _dealt_anew(outcome, design, covariates, units)
        if dealt > pvalue:
            # The error that goes with such a p-value; where nobody differs within an arm the fit has none of its own.
            half = stats.t.isf((1 - confidence_level) / 2, df) * abs(change) / max(stats.t.isf(dealt / 2, df), 1e-9)
            low, high, pvalue = change - half, change + half, dealt
    return {"change": change, "low": max(low, -200.0), "high": min(high, 200.0), "pvalue": pvalue}


def _dealt_anew(outcome: FloatArray, design: FloatArray, covariates: int, groups: np.typing.NDArray[np.intp]) -> float:
    """Return how often arms dealt out to accounts anew differ at least as much: all ways, or four thousand of them.

    What the columns without the arm foretell is taken out of the outcome first.
    """
    others = design[:, [0, *range(2, 2 + covariates)]]
    rest = outcome - others @ np.linalg.lstsq(others, outcome, rcond=None)[0]
    size, total = np.bincount(groups), np.bincount(groups, rest)
    treated = np.bincount(groups, design[:, 1]) > 0
    accounts = len(size)
    chosen = min(
        int(treated.sum()), accounts - int(treated.sum())
    )  # either arm tells, and exchanging them changes nothing
    if math.comb(accounts, chosen) <= _MOST_DEALS:
        deals = np.array(list(itertools.combinations(range(accounts), chosen)))
    else:
        rng = np.random.default_rng(0)
        deals = np.array([rng.permutation(accounts)[:chosen] for _ in range(_MOST_DEALS)])
    inside, n = total[deals].sum(axis=1), size[deals].sum(axis=1)
    apart = np.abs(inside / n - (total.sum() - inside) / (size.sum() - n))
    seen = abs(total[treated].sum() / size[treated].sum() - total[~treated].sum() / size[~treated].sum())
    return float(np.mean(apart >= seen - 1e-9))
