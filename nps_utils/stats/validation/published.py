"""Published figures on NPS, read with their sources, and what follows from them by arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from nps_utils.checks import BadFile, BadValue, check_columns, check_positive, check_whole
from nps_utils.stats.arithmetic.correlation import critical_r, detectable_r, pvalue_of_r, reliability

SOURCES: Final = "sources"


def read_reference(folder: str | Path, name: str) -> pd.DataFrame:
    """Read one table of published figures; every row must name a known source.

    Parameters
    ----------
    folder
        The folder of the tables, `data/reference`.
    name
        A table's name without `.csv`.

    Returns
    -------
    The table, with `citation` for its sources (several are joined by "; ").

    Raises
    ------
    BadFile
        There is no such table, or a row's source is not in sources.csv.

    Examples
    --------
    >>> read_reference("data/reference", "temkin")["ratio_printed"].tolist()
    [5.1, 7.4, 8.9]
    """
    table = _read(Path(folder), name)
    if name == SOURCES:
        return table
    check_columns(list(table.columns), ["source"], what=f"{name}.csv")
    citations = _read(Path(folder), SOURCES).set_index("source")["citation"].to_dict()
    cited = []
    for row, keys in enumerate(table["source"], start=2):
        parts = [key.strip() for key in str(keys).split(";")]
        unknown = [key for key in parts if key not in citations]
        if unknown:
            raise BadFile(f'{name}.csv, row {row}: source "{unknown[0]}" is not in sources.csv; add it there.')
        cited.append("; ".join(citations[key] for key in parts))
    return table.assign(citation=cited)


def recompute_barometer(table: pd.DataFrame, *, power: float = 0.8) -> pd.DataFrame:
    """Add to correlations with their degrees of freedom the p-value, and the r that was needed and could be seen.

    Parameters
    ----------
    table
        industry, r, df (missing where it is not printed), pvalue_printed.

    Returns
    -------
    The table with pvalue, critical_r (5 %, two-sided), detectable_r (with the given power; missing below four pairs)
    and limit, which says where the degrees of freedom were not printed.

    Examples
    --------
    >>> found = recompute_barometer(pd.DataFrame({"r": [0.40], "df": [10]}))
    >>> found[["pvalue", "critical_r"]].round(2).to_numpy().tolist()
    [[0.2, 0.58]]
    """
    check_columns(list(table.columns), ("r", "df"), what="the table of correlations")
    rows = []
    for r, df in zip(table["r"], table["df"], strict=True):
        if pd.isna(df):
            nothing = dict.fromkeys(("pvalue", "critical_r", "detectable_r"), np.nan)
            rows.append(nothing | {"limit": "no degrees of freedom are printed."})
            continue
        n = int(df) + 2
        seen = detectable_r(n, power=power) if n >= 4 else np.nan
        found = {"pvalue": pvalue_of_r(float(r), df=int(df)), "critical_r": critical_r(n), "detectable_r": seen}
        rows.append(found | {"limit": ""})
    return pd.concat([table, pd.DataFrame(rows, index=table.index)], axis="columns")


def recompute_ratios(table: pd.DataFrame) -> pd.DataFrame:
    """Add the ratio and the difference of the shares of promoters and detractors (percent).

    Examples
    --------
    >>> shares = pd.DataFrame({"promoters_percent": [92], "detractors_percent": [18]})
    >>> recompute_ratios(shares)["ratio"].round(1).tolist()
    [5.1]
    """
    check_columns(list(table.columns), ("promoters_percent", "detractors_percent"), what="the table of shares")
    high, low = table["promoters_percent"].astype(float), table["detractors_percent"].astype(float)
    return table.assign(ratio=high / low, difference=high - low)


def needed_correlations(n: Sequence[int] = (4, 12, 20), *, power: float = 0.8) -> pd.DataFrame:
    """Return, for numbers of pairs, the r that is significant at 5 % and the r seen with the given power.

    Examples
    --------
    >>> needed_correlations()["critical_r"].round(2).tolist()
    [0.95, 0.58, 0.44]
    """
    rows = [{"n": k, "critical_r": critical_r(k), "detectable_r": detectable_r(k, power=power)} for k in n]
    return pd.DataFrame(rows)


def best_of_useless(*, metrics: int = 11, places: int = 2, industries: int = 14, wins: int = 11) -> pd.DataFrame:
    """Say how often one of several metrics that mean nothing is among the best, by chance alone.

    Ranks of useless metrics are exchangeable, so one of them is among the first `places` of `metrics` with probability
    places / metrics in each industry. Industries are taken as independent.

    Returns
    -------
    One row: in_one_industry, expected (industries in which one given metric is among the best), at_least_wins (the
    chance of `wins` or more for a metric named beforehand).

    Examples
    --------
    >>> best_of_useless()[["in_one_industry", "expected"]].round(2).to_numpy().tolist()
    [[0.18, 2.55]]
    """
    for name, value in (("metrics", metrics), ("places", places), ("industries", industries)):
        check_whole(name, value, least=1)
    check_whole("wins", wins)
    if places > metrics:
        raise BadValue(f"places = {places} is more than the {metrics} metrics.")
    chance = places / metrics
    row = {
        "in_one_industry": chance,
        "expected": industries * chance,
        "at_least_wins": float(stats.binom.sf(wins - 1, industries, chance)),
    }
    return pd.DataFrame([row])


def attenuation(
    answers: Sequence[int] = (20, 50, 100, 400),
    *,
    slope: float = 0.147,
    between_sd: float = 15.0,
    noise_sd: float = 75.0,
) -> pd.DataFrame:
    """Return the slope that is seen when NPS rests on so many answers, and the one that correction gives back.

    Sampling noise of variance noise_sd^2 / n multiplies a least-squares slope by the reliability (Spearman 1904).

    Parameters
    ----------
    answers
        Answers per account.
    slope
        Growth per point of true NPS.
    between_sd, noise_sd
        Standard deviation of true NPS between accounts, and of one answer, in points.

    Returns
    -------
    One row per number of answers: answers, reliability, observed, corrected.

    Examples
    --------
    >>> attenuation([20, 400])[["observed", "corrected"]].round(3).to_numpy().tolist()
    [[0.065, 0.147], [0.138, 0.147]]
    """
    rows = []
    for n in answers:
        share = reliability(n, between_sd=between_sd, noise_sd=noise_sd)
        rows.append({"answers": n, "reliability": share, "observed": slope * share})
    table = pd.DataFrame(rows)
    return table.assign(corrected=table["observed"] / table["reliability"])


def points_per_percent(slope: float = 0.147) -> float:
    """Return how many points of NPS go with one percent of growth.

    Examples
    --------
    >>> round(points_per_percent(), 1)
    6.8
    """
    check_positive("slope", slope)
    return 1 / slope


def _read(folder: Path, name: str) -> pd.DataFrame:
    path = folder / f"{name}.csv"
    if not path.is_file():
        known = ", ".join(sorted(other.stem for other in folder.glob("*.csv"))) or "none"
        raise BadFile(f'{folder} has no table "{name}.csv"; it has: {known}.')
    return pd.read_csv(path)
