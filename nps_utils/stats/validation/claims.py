"""What is printed about NPS, worked out again: examples, tables of sample sizes, benchmarks, revenue."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from nps_utils.checks import BadFile, BadValue
from nps_utils.stats.arithmetic.mixes import Mix
from nps_utils.stats.benchmark import benchmark
from nps_utils.stats.counts import count_bands
from nps_utils.stats.planning.detectable import WORST_MIX, copied_table, margin_of, sample_size
from nps_utils.stats.score import Method, score
from nps_utils.stats.validation import published

ROOT: Final = Path(__file__).parents[3]
REFERENCE: Final = ROOT / "data" / "reference"
# How many customers the printed examples speak of.
EXAMPLE_N: Final = 100
# The accounts of a small B2B survey.
FEW_ACCOUNTS: Final = 20


class Arithmetic(NamedTuple):
    """What follows from the printed figures, one table each; see the functions of the same names."""

    examples: pd.DataFrame
    sizes: pd.DataFrame
    benchmarks: pd.DataFrame
    slope: pd.DataFrame
    barometer: pd.DataFrame
    needed: pd.DataFrame
    ratios: pd.DataFrame
    useless: pd.DataFrame
    attenuation: pd.DataFrame
    few: pd.DataFrame
    leaving_out: pd.DataFrame


class Average(NamedTuple):
    """Scores of the groups of one cut, and of all of them together."""

    cut: str
    groups: pd.DataFrame
    together: pd.DataFrame


def arithmetic(counts: pd.DataFrame, *, folder: Path = REFERENCE) -> Arithmetic:
    """Work out everything that follows from the tables of `data/reference`.

    Parameters
    ----------
    counts
        One row: the band counts of the study, for what depends on one's own score.
    folder
        The tables.

    Raises
    ------
    BadFile
        A table is missing, as where only the library is installed.
    """
    scored = score(counts).iloc[0]
    return Arithmetic(
        examples=examples(folder),
        sizes=sizes(folder),
        benchmarks=benchmarks(counts, folder=folder),
        slope=slope(float(scored["nps"]), folder=folder),
        barometer=published.recompute_barometer(published.read_reference(folder, "norwegian_barometer")),
        needed=published.needed_correlations(),
        ratios=ratios(folder),
        useless=published.best_of_useless(),
        attenuation=attenuation(folder),
        few=few(FEW_ACCOUNTS),
        leaving_out=leaving_out(counts),
    )


def furthest_average(responses: pd.DataFrame, cuts: Sequence[str]) -> Average:
    """Return the cut whose plain average of scores lies furthest from the score of all, unknown groups left out.

    Raises
    ------
    BadValue
        There is no cut.
    """
    known = {cut: responses.dropna(subset=[cut]) for cut in cuts}
    if not known:
        raise BadValue("This study has no segments of two groups or more, so there is nothing to average.")
    found = []
    for cut, rows in known.items():
        found.append(Average(cut, score(count_bands(rows, by=[cut])), score(count_bands(rows))))
    return max(found, key=lambda a: abs(float(a.groups["nps"].mean()) - float(a.together["nps"].iloc[0])))


def leaving_out(counts: pd.DataFrame, *, part: float = 0.25) -> pd.DataFrame:
    """Return what becomes of a score when a part of the detractors is not asked.

    Returns
    -------
    One row: `part` (of the detractors, 0..1), `nps`, `nps_without`, `rise` (points).
    """
    row = counts.iloc[0]
    fewer = row["detractors"] * (1 - part)
    everyone, asked = row["detractors"] + row["passives"] + row["promoters"], fewer + row["passives"] + row["promoters"]
    nps = 100 * (row["promoters"] - row["detractors"]) / everyone
    without = 100 * (row["promoters"] - fewer) / asked if asked else float("nan")
    return pd.DataFrame([{"part": part, "nps": nps, "nps_without": without, "rise": without - nps}])


def reproduced_intervals(folder: Path = REFERENCE) -> pd.DataFrame:
    """Compute the intervals that were published or follow from other methods, and compare to their last digit.

    Returns
    -------
    One row per example: `detractors`, `passives`, `promoters`, `method`, `source`, `printed_low`, `printed_high`,
    `low`, `high` (points) and `equal`, by two decimals.

    Raises
    ------
    BadFile
        The reference values are not there, as where only the library is installed.
    """
    path = folder / "score_intervals.csv"
    if not path.is_file():
        raise BadFile(f"{path.name} is not there: the published intervals come with a checkout of the project.")
    table = pd.read_csv(path).rename(columns={"low": "printed_low", "high": "printed_high"})
    parts = []
    for name, rows in table.groupby("method", sort=False):
        method: Method = "score" if name == "score" else "wald" if name == "wald" else "adjusted_wald"
        found = score(rows[["detractors", "passives", "promoters"]], method=method)
        parts.append(rows.assign(low=found["low"], high=found["high"]))
    both = pd.concat(parts).sort_index()
    near = [(both[side] - both[f"printed_{side}"]).abs() < 0.0051 for side in ("low", "high")]
    return both.assign(equal=near[0] & near[1])


def examples(folder: Path = REFERENCE) -> pd.DataFrame:
    """Score the printed examples: as printed, with the interval of 100 answers, and as they are got wrong.

    Returns
    -------
    One row per example: `promoters`, `passives`, `detractors`, `nps_printed`, `source`, `n`, `nps`, `low`, `high`,
    `margin` (half the planned interval), `without_passives` (passives left out of the denominator) and `reversed`
    (detractors less promoters); points.
    """
    table = published.read_reference(folder, "worked_examples").drop(columns="citation")
    found = score(table[["detractors", "passives", "promoters"]] * EXAMPLE_N // 100)
    shares = table[["detractors", "passives", "promoters"]].to_numpy(dtype=float) / 100
    mixes: list[Mix] = [(low, middle, high) for low, middle, high in shares.tolist()]
    gap = table["promoters"] - table["detractors"]
    return table.assign(
        n=found["n"],
        nps=found["nps"],
        low=found["low"],
        high=found["high"],
        margin=[margin_of(n=EXAMPLE_N, mix=mix) for mix in mixes],
        without_passives=100 * gap / (table["promoters"] + table["detractors"]),
        reversed=-gap.astype(float),
    )


def sizes(folder: Path = REFERENCE) -> pd.DataFrame:
    """Set the printed table of sample sizes beside a proportion and an NPS, and check that we print what they print.

    Returns
    -------
    As `copied_table`, with `as_printed`: whether the printed number is the one of the reference table.
    """
    printed = published.read_reference(folder, "sample_sizes")
    both = copied_table().merge(
        printed.rename(columns={"margin_percent": "margin"})[["population", "margin", "answers"]],
        on=["population", "margin"],
        how="left",
    )
    return both.assign(as_printed=both["answers"] == both["printed"]).drop(columns="answers")


def benchmarks(counts: pd.DataFrame, *, folder: Path = REFERENCE) -> pd.DataFrame:
    """Test one's own score against each printed benchmark.

    Returns
    -------
    One row per benchmark: `what`, `value`, `source`, `nps`, `n` (one's own), `pvalue` (of being above, one-sided) and
    `above`.
    """
    table = published.read_reference(folder, "benchmarks").drop(columns="citation")
    own = pd.concat([counts.iloc[[0]]] * len(table), ignore_index=True)[["detractors", "passives", "promoters"]]
    found = benchmark(own.assign(target=table["nps"].astype(float)), target="target", adjust="none")
    return table.rename(columns={"nps": "value"}).assign(
        nps=found["nps"], n=found["n"], pvalue=found["pvalue"], above=found["pvalue"] < 0.05
    )


def slope(nps: float, *, folder: Path = REFERENCE) -> pd.DataFrame:
    """Read the published slope as it is and as it is retold: "7 % of NPS" is 7 points or 7 percent of a score.

    Parameters
    ----------
    nps
        The score of which a percentage is taken, in points.

    Returns
    -------
    One row per reading: `reading`, `points` (the rise meant) and `growth` (percent, at the published slope).
    """
    table = published.read_reference(folder, "marsden").set_index("quantity")["value"]
    per_point, quoted = float(table["percent_growth_per_point"]), float(table["points_per_percent_as_quoted"])
    rises = {
        "1 percent of growth": published.points_per_percent(per_point),
        f"{quoted:g} points": quoted,
        f"{quoted:g} percent of this score": quoted / 100 * nps,
    }
    rows = [{"reading": name, "points": rise, "growth": rise * per_point} for name, rise in rises.items()]
    return pd.DataFrame(rows)


def ratios(folder: Path = REFERENCE) -> pd.DataFrame:
    """Compute the ratios of promoters' and detractors' shares, beside how they are printed and retold.

    Returns
    -------
    One row per behaviour: `behaviour`, `promoters_percent`, `detractors_percent`, `ratio_printed`, `ratio`,
    `difference` (percentage points) and one column `retold_<source>` per article.
    """
    found = published.recompute_ratios(published.read_reference(folder, "temkin"))
    retold = published.read_reference(folder, "temkin_retold")
    wide = retold.pivot_table(index="behaviour", columns="source", values="ratio").add_prefix("retold_")
    both = found.drop(columns=["citation", "source"]).merge(wide.reset_index(), on="behaviour", how="left")
    both.columns.name = None
    return both


def attenuation(folder: Path = REFERENCE) -> pd.DataFrame:
    """Compute how few answers flatten a slope, beside what was simulated.

    Returns
    -------
    One row per number of answers: `answers`, `reliability`, `observed`, `corrected`, `simulated_observed`,
    `simulated_corrected` (missing where not simulated).
    """
    table = published.read_reference(folder, "attenuation").rename(columns={"answers_per_firm": "answers"})
    found = published.attenuation(table["answers"].tolist())
    simulated = table[["slope_observed", "slope_corrected"]]
    return found.assign(
        simulated_observed=simulated["slope_observed"], simulated_corrected=simulated["slope_corrected"]
    )


def few(accounts: int) -> pd.DataFrame:
    """Return what one account of few can do to the score when all answer, or when half do.

    Returns
    -------
    One row: `accounts`, `one_band` (points when one account moves by one band), `two_bands`, `margin_half` (planned
    margin when half of them answer, at worst) and `needed` (answers for +-5 points).
    """
    row = {
        "accounts": accounts,
        "one_band": 100 / accounts,
        "two_bands": 200 / accounts,
        "margin_half": margin_of(n=accounts // 2, population=accounts, mix=WORST_MIX),
        "needed": sample_size(margin=5, population=accounts, mix=WORST_MIX),
    }
    return pd.DataFrame([row])


def register(folder: Path = REFERENCE) -> pd.DataFrame:
    """Return the claims of articles with their sources and verdicts; see `data/reference/README.md`."""
    return published.read_reference(folder, "claims")
