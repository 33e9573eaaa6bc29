"""Every test that was run, counted and adjusted together; and what may be concluded, in one row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from nps_utils.checks import BadValue, check_columns, check_fraction
from nps_utils.revenue.calendar import By
from nps_utils.stats.arithmetic.multiplicity import Adjustment, adjusted

# The columns that say which row of a table a test is.
_MEASURED: Final = {"measured": "slope", "measured_low": "low", "measured_high": "high"}
_NAMES: Final = ("view", "group", "timing", "part", "band", "term", "reading")


def all_tests(
    tables: Mapping[str, pd.DataFrame], *, confidence_level: float = 0.95, adjust: Adjustment = "holm"
) -> pd.DataFrame:
    """Collect the p-values of several tables and adjust them as one family.

    Looking in twenty places finds something in one of them. The tables adjust for their own rows; a page that shows
    several of them has run all of these tests.

    Parameters
    ----------
    tables
        A name per table that has a `pvalue` column: `lag_table`, `slopes`, `hazard_by_band`, ...

    Returns
    -------
    One row per test that could be made: table, test (which row), pvalue, pvalue_adjusted, tests (how many in all),
    below (adjusted p-value at most 1 - confidence_level).

    Examples
    --------
    >>> lags = pd.DataFrame({"timing": ["before", "after"], "pvalue": [0.4, 0.01]})
    >>> risks = pd.DataFrame({"band": ["detractor"], "pvalue": [0.04]})
    >>> all_tests({"lags": lags, "risks": risks})[["test", "pvalue_adjusted", "tests"]].to_numpy().tolist()
    [['before', 0.4, 3], ['after', 0.03, 3], ['detractor', 0.08, 3]]
    """
    check_fraction("confidence_level", confidence_level)
    parts = []
    for name, table in tables.items():
        check_columns(list(table.columns), ["pvalue"], what=f'the table "{name}"')
        keys = [key for key in _NAMES if key in table.columns]
        words = [" ".join(str(word) for word in row if str(word)) for row in table.loc[:, keys].to_numpy()]
        parts.append(pd.DataFrame({"table": name, "test": words, "pvalue": table["pvalue"].to_numpy()}))
    if not parts:
        raise BadValue("no table of tests is given.")
    result = pd.concat(parts, ignore_index=True).dropna(subset=["pvalue"]).reset_index(drop=True)
    values = adjusted(result["pvalue"].to_numpy(dtype=float), adjust=adjust)
    return result.assign(pvalue_adjusted=values, tests=len(result), below=values <= 1 - confidence_level)


def conclude(
    control: pd.DataFrame,
    corrected: pd.DataFrame,
    learned: pd.DataFrame,
    *,
    tests: int = 3,
    by: By | None = None,
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Put the conclusion into one row: the verdict, n, the slope as measured and corrected, each with its interval.

    Parameters
    ----------
    control
        As `negative_control` returns it.
    corrected
        As `corrected_slope(panel, lag=1)` returns it; growth in percent.
    learned
        As `learnable(panel, lag=1)` returns it.
    tests
        How many tests were run in all (`all_tests`).
    by
        The period that growth is of, so that a year's can be told beside it.
    confidence_level
        That of the three tables.

    Returns
    -------
    One row: verdict (as in `negative_control`), accounts, answers, r (Pearson's, with the growth after), measured,
    measured_low, measured_high, then slope, low, high (corrected for the sampling error of NPS; all percentage points
    of growth per 10 NPS points), reliability (share of the variance of NPS that is not sampling), by,
    detectable_r, tests, confidence_level, limit (why nothing, or no size or bounds, can be given). This is
    association, not cause; `tables.revenue.answer_sentence` says it.

    Examples
    --------
    >>> control = pd.DataFrame({"verdict": ["nothing_to_see"], "limit": [""]})
    >>> corrected = pd.DataFrame({"slope": [0.01], "low": [-0.05], "high": [0.07], "limit": [""]})
    >>> learned = pd.DataFrame({"accounts": [20], "answers": [400], "detectable_r": [0.59], "limit": [""]})
    >>> row = conclude(control, corrected, learned).iloc[0]
    >>> row["verdict"], row["accounts"], round(row["slope"], 2), round(row["low"], 2), round(row["high"], 2)
    ('nothing_to_see', np.int64(20), np.float64(0.1), np.float64(-0.5), np.float64(0.7))
    """
    for name, table, columns in (
        ("control", control, ("verdict", "limit")),
        ("corrected", corrected, ("slope", "low", "high", "limit")),
        ("learned", learned, ("accounts", "answers", "detectable_r", "limit")),
    ):
        check_columns(list(table.columns), columns, what=f"the table {name}")
    verdict = str(control["verdict"].iloc[0])
    slope, low, high = (10 * float(corrected[name].iloc[0]) for name in ("slope", "low", "high"))
    accounts, answers = int(learned["accounts"].iloc[0]), int(learned["answers"].iloc[0])
    if verdict == "cannot_tell":
        limits = [str(table["limit"].iloc[0]) for table in (learned, control)]
        limit = next(filter(None, limits), "no reason is given.")
    else:
        limit = str(corrected["limit"].iloc[0])
    measured = {name: 10 * _given(corrected, f"naive_{old}") for name, old in _MEASURED.items()}
    row = {"verdict": verdict, "accounts": accounts, "answers": answers, "r": _given(control, "after")} | measured
    row |= {"slope": slope, "low": low, "high": high, "reliability": _given(corrected, "reliability"), "by": by or ""}
    row |= {"detectable_r": float(learned["detectable_r"].iloc[0]), "tests": tests}
    return pd.DataFrame([row | {"confidence_level": confidence_level, "limit": limit}])


def _given(table: pd.DataFrame, name: str) -> float:
    """Return a number of the first row, missing where the table does not have it."""
    return float(table[name].iloc[0]) if name in table.columns else float("nan")
