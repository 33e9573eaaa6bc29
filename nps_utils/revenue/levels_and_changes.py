"""Levels and changes, between and within: the same question asked of the panel in every way that answers differ."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from nps_utils.checks import check_columns, check_fraction
from nps_utils.revenue.calendar import period_numbers
from nps_utils.revenue.lagged_pairs import pairs
from nps_utils.revenue.random_intercept import random_intercept
from nps_utils.revenue.slope import FEW_ACCOUNTS, Slope, honest_slope, nothing
from nps_utils.stats.arithmetic.multiplicity import Adjustment, adjusted

Floats = NDArray[np.float64]

COLUMNS: Final = (
    *("view", "group", "slope", "se", "low", "high", "pvalue", "pvalue_adjusted"),
    *("n", "accounts", "errors", "against_pooled", "limit"),
)


def slopes(
    panel: pd.DataFrame,
    *,
    lag: int = 0,
    segment: str | None = None,
    confidence_level: float = 0.95,
    adjust: Adjustment = "holm",
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Fit growth on NPS pooled, within periods, within a segment, between accounts, within accounts, and in changes.

    Parameters
    ----------
    panel
        account_id, period, nps (points), n, se, growth, and the segment's column.
    lag
        How many periods after the answers growth is taken.
    segment
        A column such as the industry: adds the slope within segments and one row per segment.

    Returns
    -------
    One row per view: view, group (the segment's value), slope (growth per point), se, low, high, pvalue,
    pvalue_adjusted (for all rows), n, accounts, errors, against_pooled, limit. Views:

    `pooled`: all pairs. `within periods`: each period has its own mean. `within <segment>`: each segment has its own
    mean. `in <segment>`: one segment alone. `between accounts`: means of accounts. `within accounts`: deviations from
    them (as linearmodels' PanelOLS with entity effects). `changes`: both sides as differences to the period before.
    `mixed, between` and `mixed, within`: both parts in one model with a random intercept (Mundlak 1978, Econometrica
    46:69; REML, see `random_intercept`).

    against_pooled is Simpson's flag: `sign` where a view has the other sign than the pooled slope, `clearly` where both
    intervals also leave zero, "" otherwise. The slopes are not corrected for measurement error, which weighs more on
    views that use less of the differences between accounts.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> level = np.repeat(rng.normal(0, 30, 40), 4)
    >>> nps = level + rng.normal(0, 10, 160)
    >>> panel = pd.DataFrame({"account_id": np.repeat(np.arange(40), 4), "period": np.tile([1, 2, 3, 4], 40),
    ...                       "nps": nps.clip(-100, 100), "n": 50, "se": 10.0,
    ...                       "growth": -0.2 * level + 0.3 * (nps - level) + rng.normal(0, 1, 160)})
    >>> found = slopes(panel).set_index("view")["against_pooled"]
    >>> found["within accounts"], found["between accounts"]
    ('clearly', '')
    """
    check_fraction("confidence_level", confidence_level)
    paired = pairs(panel, lag=lag)
    generator = np.random.default_rng(rng)
    views: list[tuple[str, object, Slope]] = []

    def add(view: str, rows: pd.DataFrame, group: object = "", groups: str | None = None) -> None:
        x, y = rows["nps"].to_numpy(dtype=float), rows["growth"].to_numpy(dtype=float)
        codes = None if groups is None else rows[groups].to_numpy()
        accounts = rows["account_id"].to_numpy()
        fit = honest_slope(x, y, accounts, groups=codes, confidence_level=confidence_level, rng=generator)
        views.append((view, group, fit))

    add("pooled", paired)
    if len(paired["period"].unique()) > 1:
        add("within periods", paired, groups="period")
    if segment is not None:
        check_columns(list(panel.columns), [segment], what="the panel")
        known = paired[paired[segment].notna()]
        add(f"within {segment}", known, groups=segment)
        for value, rows in known.groupby(segment, observed=True):
            add(f"in {segment}", rows, group=value)
    add("between accounts", paired.groupby("account_id", as_index=False)[["nps", "growth"]].mean())
    views.append(("within accounts", "", _within_accounts(paired, confidence_level, generator)))
    add("changes", _changes(paired))
    mixed = _mixed(paired, confidence_level)
    views.extend((f"mixed, {part}", "", fit) for part, fit in mixed.items())
    table = pd.DataFrame([{"view": view, "group": group, **fit._asdict()} for view, group, fit in views])
    table["pvalue_adjusted"] = adjusted(table["pvalue"].to_numpy(dtype=float), adjust=adjust)
    table["against_pooled"] = _against_pooled(table)
    return table.loc[:, list(COLUMNS)]


def split_within_between(panel: pd.DataFrame) -> pd.DataFrame:
    """Add each account's mean NPS (`nps_mean`) and the deviation from it (`nps_deviation`): Mundlak's split.

    Examples
    --------
    >>> two = pd.DataFrame({"account_id": ["a", "a"], "nps": [10.0, 30.0]})
    >>> split_within_between(two)[["nps_mean", "nps_deviation"]].to_numpy().tolist()
    [[20.0, -10.0], [20.0, 10.0]]
    """
    check_columns(list(panel.columns), ("account_id", "nps"), what="the panel")
    mean = panel.groupby("account_id")["nps"].transform("mean")
    return panel.assign(nps_mean=mean, nps_deviation=panel["nps"] - mean)


def _within_accounts(paired: pd.DataFrame, confidence_level: float, rng: np.random.Generator) -> Slope:
    """Fit with an effect per account, from accounts that have two pairs or more."""
    size = paired.groupby("account_id")["nps"].transform("size")
    rows = paired[size > 1]
    accounts = rows["account_id"].to_numpy()
    n, n_accounts = len(rows), rows["account_id"].nunique()
    x, y = (
        (rows[v] - rows.groupby("account_id")[v].transform("mean")).to_numpy(dtype=float) for v in ("nps", "growth")
    )
    if n == 0:
        return nothing(0, 0, "no account has two pairs: nothing changes within accounts.")
    plain = honest_slope(x, y, accounts, confidence_level=confidence_level, rng=rng)
    if not np.isfinite(plain.slope) or n_accounts < FEW_ACCOUNTS:
        return plain
    # Least squares of deviations; the sandwich of sums by account, by the number of accounts as a small sample.
    slope = float(x @ y / (x @ x))
    sums = pd.Series(x * (y - slope * x)).groupby(pd.factorize(accounts)[0]).sum().to_numpy()
    se = float(np.sqrt(n_accounts / (n_accounts - 1) * (sums @ sums)) / (x @ x))
    return _with_t(slope, se, n, n_accounts, confidence_level)


def _with_t(slope: float, se: float, n: int, accounts: int, confidence_level: float) -> Slope:
    half = float(stats.t.ppf(0.5 + confidence_level / 2, accounts - 1)) * se
    pvalue = float(2 * stats.t.sf(abs(slope) / se, accounts - 1)) if se > 0 else float("nan")
    return Slope(slope, se, slope - half, slope + half, pvalue, n, accounts, "clustered by account", "")


def _changes(paired: pd.DataFrame) -> pd.DataFrame:
    """Return differences of NPS and growth to the period before, where there is one."""
    numbered = paired.assign(number=period_numbers(paired["period"])) if len(paired) else paired.assign(number=0)
    before = numbered[["account_id", "number", "nps", "growth"]].assign(number=numbered["number"] + 1)
    both = numbered.merge(before, on=["account_id", "number"], suffixes=("", "_before"))
    return both.assign(nps=both["nps"] - both["nps_before"], growth=both["growth"] - both["growth_before"])


def _mixed(paired: pd.DataFrame, confidence_level: float) -> dict[str, Slope]:
    n, accounts = len(paired), paired["account_id"].nunique()
    split = split_within_between(paired)
    flat = [name for name in ("nps_mean", "nps_deviation", "growth") if n and np.ptp(split[name]) <= 1e-9]
    reason = ""
    if accounts < FEW_ACCOUNTS:
        reason = f"{accounts} accounts: too few for a mixed model (20 are needed)."
    elif flat or n <= accounts:
        reason = "nothing changes within accounts, or nothing differs between them."
    if reason:
        return {part: nothing(n, accounts, reason) for part in ("between", "within")}
    exog = np.column_stack([np.ones(n), split[["nps_mean", "nps_deviation"]].to_numpy(dtype=float)])
    fit = random_intercept(split["growth"].to_numpy(dtype=float), exog, split["account_id"].to_numpy())
    return {
        part: _with_t(float(fit.coefficients[place]), float(fit.errors[place]), n, accounts, confidence_level)._replace(
            errors="random intercept"
        )
        for place, part in ((1, "between"), (2, "within"))
    }


def _against_pooled(table: pd.DataFrame) -> list[str]:
    slope, low, high = (table[name].to_numpy(dtype=float) for name in ("slope", "low", "high"))
    differs = np.sign(slope) * np.sign(slope[0]) < 0
    clear = (low > 0) | (high < 0)
    flags = np.where(differs & clear & clear[0], "clearly", np.where(differs, "sign", ""))
    return [str(flag) for flag in flags]
