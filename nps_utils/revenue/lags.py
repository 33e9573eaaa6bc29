"""Does NPS lead growth? One table of lags, with past growth as the negative control."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from nps_utils.checks import check_fraction
from nps_utils.remembering import remembered
from nps_utils.revenue.lagged_pairs import PANEL, pairs
from nps_utils.revenue.slope import Slope, TwoWay, honest_slope, two_way
from nps_utils.stats.arithmetic.correlation import correlation, folds_of, jackknife_se, left_out_pearson
from nps_utils.stats.arithmetic.exchanges import permute_accounts
from nps_utils.stats.arithmetic.multiplicity import Adjustment, adjusted

_TIMING: Final = {-1: "before", 0: "same", 1: "after"}
_PERMUTATIONS: Final = 999

COLUMNS: Final = (
    *("lag", "timing", "n", "accounts"),
    *("pearson", "pearson_low", "pearson_high", "spearman", "spearman_low", "spearman_high"),
    *("slope", "se", "low", "high", "pvalue", "pvalue_adjusted", "errors", "permutation_pvalue"),
    *("two_way_se", "two_way_pvalue", "periods"),
    *("without_one_low", "without_one_high", "limit"),
)


def lag_table(
    panel: pd.DataFrame,
    *,
    confidence_level: float = 0.95,
    adjust: Adjustment = "holm",
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Relate NPS to the growth of the period before, the same period and the period after.

    Growth before the answers cannot be an effect of what they say. If it goes with NPS as strongly as growth after
    them does, NPS follows growth and does not lead it: `lag` -1 is the negative control.

    Parameters
    ----------
    panel
        One row per account and period: account_id, period, nps (points), n, se, growth. Rows without answers or
        without growth are fine; they give their half of a pair.
    adjust
        How the three p-values are adjusted for being three.

    Returns
    -------
    Three rows: lag (-1, 0, 1), timing (when the growth was: before, same, after), n (pairs), accounts; pearson and
    spearman, each with `_low` and `_high` (jackknife by account); slope (growth per point) with se, low, high, pvalue,
    pvalue_adjusted and errors (which kind, by the number of accounts); permutation_pvalue (whole accounts exchanged);
    two_way_se and two_way_pvalue (by account and period at once, missing below six periods or twenty accounts) and
    periods (of the answers);
    without_one_low and without_one_high (the range of Pearson's r when any one account is left out); limit (why
    something is missing, "" otherwise).

    Raises
    ------
    MissingColumn, BadValue
        A column is missing, or an account has a period twice.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> nps = rng.normal(30, 15, 100).clip(-100, 100)
    >>> panel = pd.DataFrame({"account_id": np.repeat(np.arange(50), 2), "period": np.tile([2023, 2024], 50),
    ...                       "nps": nps, "n": 100, "se": 7.5, "growth": rng.normal(5, 1, 100)})
    >>> lag_table(panel)[["lag", "n", "limit"]].to_numpy().tolist()
    [[-1, 50, ''], [0, 100, ''], [1, 50, '']]
    """
    check_fraction("confidence_level", confidence_level)
    generator = np.random.default_rng(rng)
    rows = [_row(pairs(panel, lag=lag), lag, confidence_level, generator) for lag in _TIMING]
    table = pd.DataFrame(rows)
    table["pvalue_adjusted"] = adjusted(table["pvalue"].to_numpy(dtype=float), adjust=adjust)
    return table.loc[:, list(COLUMNS)]


@remembered(*PANEL)
def negative_control(
    panel: pd.DataFrame, *, confidence_level: float = 0.95, rng: np.random.Generator | int = 0
) -> pd.DataFrame:
    """Compare the correlation of NPS with growth after the answers and with growth before them.

    Returns
    -------
    One row: after and before (Pearson's r), pvalue_after (adjusted with the other lags), pvalue_before (as it is: a
    control must fire easily), permutation_after and permutation_before (whole accounts exchanged: that holds also where
    a period moves all accounts at once, and a verdict needs both), two_way_after and two_way_before (by account and
    period at once; a verdict needs these too where there are six periods and twenty accounts, below they are missing),
    periods, difference of Fisher's z with low and high (jackknife by account), accounts, verdict, limit:

    `nothing_to_see`: neither is different from zero. `follows`: only growth before the answers is. `leads`: growth
    after is, and clearly more than growth before. `both`: both are, without a clear difference. `unclear`: growth after
    is, growth before is not, but the two do not differ clearly. `cannot_tell`: one cannot be computed; see limit.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> growth = rng.normal(0, 10, (60, 3))
    >>> nps = np.column_stack([rng.normal(0, 20, 60), growth[:, 0] * 2, growth[:, 1] * 2])
    >>> panel = pd.DataFrame({"account_id": np.repeat(np.arange(60), 3), "period": np.tile([1, 2, 3], 60),
    ...                       "nps": nps.ravel().clip(-100, 100), "n": 50, "se": 10.0, "growth": growth.ravel()})
    >>> negative_control(panel)["verdict"].item()
    'follows'
    """
    generator = np.random.default_rng(rng)
    paired = {lag: pairs(panel, lag=lag) for lag in _TIMING}
    fits = {lag: _fit(rows, confidence_level, generator) for lag, rows in paired.items()}
    p_after = adjusted(np.array([fit.pvalue for fit in fits.values()]))[-1]
    p_before = fits[-1].pvalue
    # What all accounts share in a period, such as a price rise, is no link: whole accounts exchanged keep it.
    exchanged = {lag: _permuted(paired[lag], generator) if np.isfinite(fits[lag].slope) else np.nan for lag in (-1, 1)}
    both = {lag: _two_way(paired[lag], confidence_level) for lag in (-1, 1)}
    limit = " ".join(dict.fromkeys(fits[lag].limit for lag in (-1, 1) if not np.isfinite(fits[lag].slope)))
    r_after, r_before, difference, se, folds = (
        (np.nan, np.nan, np.nan, np.nan, 0) if limit else _difference(paired[1], paired[-1])
    )
    if not limit and not np.isfinite(se):
        limit = "one account decides the correlation: without it there is none."
    half = float(stats.t.ppf(0.5 + confidence_level / 2, max(folds - 1, 1))) * se
    low, high = difference - half, difference + half
    alpha = 1 - confidence_level
    clear = low > 0 if r_after > 0 else high < 0
    verdict = (
        "cannot_tell"
        if limit
        else _verdict(
            seen=max(p_after, exchanged[1], _or_none(both[1].pvalue)) <= alpha,
            fires=max(p_before, exchanged[-1], _or_none(both[-1].pvalue)) <= alpha,
            clear=clear,
        )
    )
    row = {
        "after": r_after,
        "before": r_before,
        "pvalue_after": p_after,
        "pvalue_before": p_before,
        "permutation_after": exchanged[1],
        "permutation_before": exchanged[-1],
        "two_way_after": both[1].pvalue,
        "two_way_before": both[-1].pvalue,
        "periods": min(part.periods for part in both.values()),
        "difference": difference,
        "low": low,
        "high": high,
        "accounts": max(fit.accounts for fit in fits.values()),
        "verdict": verdict,
        "limit": limit,
    }
    return pd.DataFrame([row])


def _or_none(pvalue: float) -> float:
    """Return a p-value that is no obstacle where it could not be had."""
    return 0.0 if np.isnan(pvalue) else pvalue


def _verdict(*, seen: bool, fires: bool, clear: bool) -> str:
    if not seen:
        return "follows" if fires else "nothing_to_see"
    if clear:
        return "leads"
    return "both" if fires else "unclear"


def _fit(paired: pd.DataFrame, confidence_level: float, rng: np.random.Generator) -> Slope:
    x, y = (paired[name].to_numpy(dtype=float) for name in ("nps", "growth"))
    return honest_slope(x, y, _accounts(paired), confidence_level=confidence_level, rng=rng)


def _row(paired: pd.DataFrame, lag: int, confidence_level: float, rng: np.random.Generator) -> dict[str, object]:
    fit = _fit(paired, confidence_level, rng)
    x, y = (paired[name].to_numpy(dtype=float) for name in ("nps", "growth"))
    accounts = _accounts(paired)
    row: dict[str, object] = {"lag": lag, "timing": _TIMING[lag], "n": len(paired), "accounts": fit.accounts}
    limits = [fit.limit]
    for kind in ("pearson", "spearman"):
        found = correlation(x, y, accounts, kind=kind, confidence_level=confidence_level)
        row |= {kind: found.r, f"{kind}_low": found.low, f"{kind}_high": found.high}
        limits.append(found.limit if not fit.limit else "")
    row |= {name: getattr(fit, name) for name in ("slope", "se", "low", "high", "pvalue", "errors")}
    row["permutation_pvalue"] = _permuted(paired, rng) if np.isfinite(fit.slope) else np.nan
    both = _two_way(paired, confidence_level)
    row |= {"two_way_se": both.se, "two_way_pvalue": both.pvalue, "periods": both.periods}
    row["without_one_low"], row["without_one_high"] = _without_one(x, y, accounts)
    return row | {"limit": " ".join(dict.fromkeys(part for part in limits if part))}


def _accounts(paired: pd.DataFrame) -> NDArray[np.intp]:
    return pd.factorize(paired["account_id"])[0]


def _two_way(paired: pd.DataFrame, confidence_level: float) -> TwoWay:
    x, y = (paired[name].to_numpy(dtype=float) for name in ("nps", "growth"))
    keys = (pd.factorize(paired[name])[0] for name in ("account_id", "period"))
    return two_way(x, y, *keys, confidence_level=confidence_level)


def _permuted(paired: pd.DataFrame, rng: np.random.Generator) -> float:
    rows, columns = (pd.factorize(paired[name], sort=True) for name in ("account_id", "period"))
    wide = np.full((2, len(rows[1]), len(columns[1])), np.nan)
    wide[:, rows[0], columns[0]] = paired[["nps", "growth"]].to_numpy(dtype=float).T
    return permute_accounts(*wide, draws=_PERMUTATIONS, rng=rng).pvalue


def _without_one(x: NDArray[np.float64], y: NDArray[np.float64], accounts: NDArray[np.generic]) -> tuple[float, float]:
    if len(x) < 4:
        return np.nan, np.nan
    left_out = left_out_pearson(x, y, pd.factorize(accounts)[0])
    seen = left_out[np.isfinite(left_out)]
    return (float(seen.min()), float(seen.max())) if len(seen) else (np.nan, np.nan)


def _difference(after: pd.DataFrame, before: pd.DataFrame) -> tuple[float, float, float, float, int]:
    """Return both correlations, z(after) - z(before), its jackknife standard error by account, and the folds."""
    both = pd.concat([after["account_id"], before["account_id"]])
    codes = folds_of(pd.factorize(both)[0])
    folds = int(codes.max()) + 1
    r, z = [], []
    for rows, part in ((slice(0, len(after)), after), (slice(len(after), None), before)):
        x, y = (part[name].to_numpy(dtype=float) for name in ("nps", "growth"))
        whole = float(np.corrcoef(x, y)[0, 1])
        r.append(whole)
        left_out = left_out_pearson(x, y, codes[rows], folds=folds)
        z.append(np.arctanh(np.clip(np.append(left_out, whole), -1 + 1e-9, 1 - 1e-9)))
    values = z[0] - z[1]
    return r[0], r[1], float(values[-1]), jackknife_se(values[:-1]), folds
