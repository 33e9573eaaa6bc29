"""Published claims on NPS and money beside the numbers of a study; and all tests of the page as one family."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from nps_utils.limits import Limit
from nps_utils.published import read_reference, recompute_barometer, recompute_ratios
from nps_utils.revenue import all_tests, risk_by_band


def claims_beside(
    folder: str | Path, lags: pd.DataFrame | Limit, corrected: pd.DataFrame | Limit, customers: pd.DataFrame | Limit
) -> pd.DataFrame:
    """Put numbers that are widely quoted beside the same quantity in this study.

    Parameters
    ----------
    folder
        The folder of the published tables.
    lags, corrected
        As `lag_table` and `corrected_slope(lag=1)` return them, growth in percent.
    customers
        One row per account with `score`, `account_id` and `stayed`.

    Returns
    -------
    One row per claim: claim, published, citation, caveat (what the number is not), here, low, high, n (accounts), limit
    (why there is no number here).
    """
    marsden = read_reference(folder, "marsden")
    past = "Growth came before the survey; industries were pooled."
    slope = "percent_growth_per_point"
    temkin = recompute_ratios(read_reference(folder, "temkin")).iloc[0]
    rows = [
        _row(marsden, "Correlation with growth before", "r_with_past_growth", past)
        | _lag(lags, "before", ("pearson", "pearson_low", "pearson_high")),
        _row(marsden, "Growth per NPS point, percent; growth before", slope, past)
        | _lag(lags, "before", ("slope", "low", "high")),
        _row(marsden, "Growth per NPS point, percent; growth after, corrected", slope, past)
        | _found(corrected, ("slope", "low", "high")),
        {
            "claim": "Share of promoters by share of detractors: buy again, stayed",
            "published": float(temkin["ratio"]),
            "citation": str(temkin["citation"]),
            "caveat": "Published: intent in the same survey. Here: accounts that stayed.",
        }
        | _stayed(customers),
    ]
    return pd.DataFrame(rows)


def barometer_beside(folder: str | Path, learned: pd.DataFrame | Limit) -> pd.DataFrame:
    """Return the correlations of the Norwegian barometer with their p-values recomputed, and the r they needed.

    A last row says what is needed with the accounts of this study.
    """
    table = recompute_barometer(read_reference(folder, "norwegian_barometer"))
    if isinstance(learned, Limit):
        return table
    row = learned.iloc[0]
    here = {"industry": "this study", "df": row["accounts"] - 2, "limit": ""}
    needed = {name: row[name] for name in ("critical_r", "detectable_r")}
    return pd.concat([table, pd.DataFrame([here | needed])], ignore_index=True)


def counted_tests(tables: Mapping[str, pd.DataFrame | Limit]) -> pd.DataFrame:
    """Collect all tests of the page, adjusted as one family; parts that the study lacks ran none.

    The table is empty where no test could be made at all.
    """
    made = {name: table for name, table in tables.items() if not isinstance(table, Limit)}
    for name, table in list(made.items()):
        if "logrank_pvalue" in table.columns:  # one test of all bands, beside those of single bands
            test = pd.DataFrame({"term": ["all bands"], "pvalue": [table["logrank_pvalue"].iloc[0]]})
            made[name] = pd.concat([table.rename(columns={"band": "term"})[["term", "pvalue"]], test])
    nothing = pd.DataFrame({"timing": pd.Series(dtype="str"), "pvalue": pd.Series(dtype="float64")})
    return all_tests(made or {"": nothing})


def _row(table: pd.DataFrame, claim: str, quantity: str, caveat: str) -> dict[str, object]:
    published = table[table["quantity"] == quantity].iloc[0]
    number = float(published["value"])
    return {"claim": claim, "published": number, "citation": published["citation"], "caveat": caveat}


def _lag(lags: pd.DataFrame | Limit, timing: str, names: tuple[str, str, str]) -> dict[str, object]:
    return _found(lags if isinstance(lags, Limit) else lags[lags["timing"] == timing], names)


def _found(table: pd.DataFrame | Limit, names: tuple[str, str, str]) -> dict[str, object]:
    if isinstance(table, Limit):
        return _nothing(table.reason)
    row = table.iloc[0]
    if not np.isfinite(row[names[0]]):
        return _nothing(str(row["limit"]))
    numbers = dict(zip(("here", "low", "high"), (float(row[name]) for name in names), strict=True))
    return numbers | {"n": int(row["accounts"]), "limit": row["limit"]}


def _stayed(customers: pd.DataFrame | Limit) -> dict[str, object]:
    if isinstance(customers, Limit):
        return _nothing(customers.reason)
    risks = risk_by_band(customers, outcome="stayed", reference="detractor")
    row = risks[risks["band"] == "promoter"].iloc[0]
    if not np.isfinite(row["ratio"]):
        return _nothing(str(row["limit"]))
    numbers = {"here": float(row["ratio"]), "low": float(row["ratio_low"]), "high": float(row["ratio_high"])}
    return numbers | {"n": int(risks.loc[risks["band"] != "passive", "accounts"].sum()), "limit": ""}


def _nothing(why: str) -> dict[str, object]:
    return dict.fromkeys(("here", "low", "high", "n"), np.nan) | {"limit": why}
