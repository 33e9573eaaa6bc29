"""What is printed about NPS beside what follows from it by arithmetic, and claims of articles with a verdict each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd
from scipy import stats

from nps_utils.checks import BadFile, check_columns
from nps_utils.stats.arithmetic.correlation import critical_r, detectable_r, pvalue_of_r, reliability
from nps_utils.stats.arithmetic.mixes import WORST_MIX
from nps_utils.stats.counts import count_bands
from nps_utils.stats.planning.margins import margin_of, proportion_sample_size, sample_size
from nps_utils.stats.score import Method, score
from nps_utils.stats.weighting.export_weights import is_weighted

REFERENCE: Final = Path(__file__).parents[3] / "data" / "reference"
BANDS: Final = ["detractors", "passives", "promoters"]
NOT: Final = float("nan")  # not printed, or not to be found
EXAMPLE_N: Final = 100  # the customers of the printed examples
FEW_ACCOUNTS: Final = 20  # of a small B2B survey
METRICS, PLACES, INDUSTRIES, WINS = 11, 2, 14, 11  # of Reichheld (2003): best or second best of 11, in 11 of 14


class Row(NamedTuple):
    """A number as printed and as found; `about` is the key of its claim, whose sentence has it where it is `told`."""

    about: str
    what: str
    printed: float
    found: float
    unit: str
    source: str
    low: float = NOT
    high: float = NOT
    told: bool = True


def worked_out(responses: pd.DataFrame, cuts: Sequence[str] = (), *, folder: Path = REFERENCE) -> pd.DataFrame:
    """Return every printed number that can be worked out beside what is found, one `Row` each.

    Some depend on the study's own score, and one on its segments (`cuts`): the plain average of their scores stands
    beside the score of all, for the cut where it lies furthest from it.

    Raises
    ------
    BadFile
        A table of `folder` is missing, as where only the library is installed.
    """
    counts = count_bands(responses)
    nps = float(score(counts)["nps"].iloc[0])
    made = (_examples(folder), _average(responses, cuts), _benchmarks(nps, folder), _sizes(folder), _few())
    more = (_leaving_out(counts, nps), _slope(nps, folder), _ratios(folder), growth(folder), _useless())
    table = pd.DataFrame([row for rows in (*made, *more) for row in rows], columns=Row._fields)
    ours = "this study, unweighted" if is_weighted(responses) else "this study"
    return table.assign(what=table["what"].str.replace("this study", ours))


def register(folder: Path = REFERENCE) -> pd.DataFrame:
    """Return the claims of articles with their sources and verdicts; see `data/reference/README.md`."""
    return read_reference(folder, "claims")


def reproduced_intervals(folder: Path = REFERENCE) -> pd.DataFrame:
    """Compute published intervals, or those of other methods, again; `equal` says whether both decimals agree.

    One row per example: its counts, `method`, `source`, `printed_low`, `printed_high`, `low`, `high` (points), `equal`.
    """
    table = read_reference(folder, "score_intervals").drop(columns="citation")
    both = table.rename(columns={"low": "printed_low", "high": "printed_high"})
    methods: tuple[Method, ...] = ("wald", "adjusted_wald", "score")
    made = [score(both.loc[both["method"] == method, BANDS], method=method) for method in methods]
    both = both.join(pd.concat(made)[["low", "high"]])
    near = [(both[side] - both[f"printed_{side}"]).abs() < 0.0051 for side in ("low", "high")]
    return both.assign(equal=near[0] & near[1])


def read_reference(folder: str | Path, name: str) -> pd.DataFrame:
    """Read one table of published figures, with `citation` for its sources; every row must name a known source.

    Raises
    ------
    BadFile
        There is no such table, or a row's source is not in sources.csv.

    Examples
    --------
    >>> read_reference("data/reference", "temkin")["ratio_printed"].tolist()
    [5.1, 7.4, 8.9]
    """
    path, sources = Path(folder) / f"{name}.csv", Path(folder) / "sources.csv"
    if not (path.is_file() and sources.is_file()):
        raise BadFile(f"{path.name} is not in {folder}: the published figures come with a checkout of the project.")
    table, citations = pd.read_csv(path), pd.read_csv(sources).set_index("source")["citation"]
    check_columns(list(table.columns), ["source"], what=path.name)
    cited = []
    for row, keys in enumerate(table["source"], start=2):
        parts = [key.strip() for key in str(keys).split(";")]
        if unknown := [key for key in parts if key not in citations.index]:
            raise BadFile(f'{path.name}, row {row}: source "{unknown[0]}" is not in sources.csv; add it there.')
        cited.append("; ".join(citations[parts]))
    return table.assign(citation=cited)


def growth(folder: Path = REFERENCE) -> Iterator[Row]:
    """Yield published correlations of NPS with growth beside what so few firms need, and how few answers flatten it."""
    for industry, r, df, pvalue, source in _rows(folder, "norwegian_barometer"):
        if pd.isna(df):
            yield Row("growth", f"r of {industry}, without degrees of freedom", r, NOT, "r", source, told=False)
            continue
        n = int(df) + 2
        yield Row("growth", f"p of r = {r:g} in {industry}", pvalue, pvalue_of_r(r, df=int(df)), "p", source)
        yield Row("growth", f"r that p < 0.05 needs of {n} firms, {industry}", r, critical_r(n), "r", source)
        yield Row("growth", f"r that {n} firms show in 4 of 5 cases", NOT, detectable_r(n), "r", source, told=False)
    n, slope = FEW_ACCOUNTS, _marsden(folder)["percent_growth_per_point"]
    yield Row("growth", f"r that p < 0.05 needs of {n} firms", NOT, critical_r(n), "r", "arithmetic")
    yield Row("growth", f"r that {n} firms show in 4 of 5 cases", NOT, detectable_r(n), "r", "arithmetic", told=False)
    for answers, share, seen, corrected, source in _rows(folder, "attenuation"):
        true = reliability(answers, between_sd=15.0, noise_sd=75.0)  # as simulated, see sources.csv
        who = f"of {answers} answers a firm"
        yield Row("growth", f"reliability {who}", share, true, "share", source, told=False)
        yield Row("growth", f"slope seen {who}", seen, slope * true, "% per point", source, told=False)
        yield Row("growth", f"slope corrected {who}", corrected, slope, "% per point", source, told=False)


def _examples(folder: Path) -> Iterator[Row]:
    for promoters, passives, detractors, printed, source in _rows(folder, "worked_examples"):
        about = f"{promoters}/{passives}/{detractors}"
        counts = pd.DataFrame([[detractors, passives, promoters]], columns=BANDS) * EXAMPLE_N // 100
        found, low, high = score(counts)[["nps", "low", "high"]].iloc[0]
        mix = (detractors / 100, passives / 100, promoters / 100)
        without = 100 * (promoters - detractors) / (promoters + detractors)
        yield Row(about, f"NPS of {EXAMPLE_N} answers", printed, found, "NPS", source, low, high)
        yield Row(about, "± planned", NOT, margin_of(n=EXAMPLE_N, mix=mix), "points", source, told=False)
        yield Row(about, "wrong: without passives in the denominator", printed, without, "NPS", source)
        yield Row("sign", f"detractors less promoters of {about}", printed, -found, "NPS", source)
    yield Row("sign", "where everyone is a promoter", NOT, -100.0, "NPS", "arithmetic")


def _average(responses: pd.DataFrame, cuts: Sequence[str]) -> Iterator[Row]:
    known = {cut: responses.dropna(subset=[cut]) for cut in cuts}
    groups = {cut: float(score(count_bands(rows, by=[cut]))["nps"].mean()) for cut, rows in known.items()}
    together = {cut: float(score(count_bands(rows))["nps"].iloc[0]) for cut, rows in known.items()}
    if groups:
        cut = max(groups, key=lambda c: abs(groups[c] - together[c]))
        yield Row("average", "this study, all answers together", NOT, together[cut], "NPS", "this study")
        told = f"wrong: the plain average of its groups by {cut.replace('_', ' ')}"
        yield Row("average", told, NOT, groups[cut], "NPS", "this study")


def _benchmarks(nps: float, folder: Path) -> Iterator[Row]:
    for what, value, source in _rows(folder, "benchmarks"):
        yield Row("benchmark", f'this study beside "{what}"', value, nps, "NPS", source)


def _sizes(folder: Path) -> Iterator[Row]:
    # Every entry is Yamane's N / (1 + N e^2) (Statistics, 1967, p. 886): a share of a half with z = 2, rounded by hand.
    for population, margin, printed, source in _rows(folder, "sample_sizes"):
        of = f"answers of {population:,} for ±{margin} "
        share = proportion_sample_size(margin=margin, population=population)
        nps = sample_size(margin=margin, population=population, mix=(0.2, 0.1, 0.7))
        worst = sample_size(margin=margin, population=population, mix=WORST_MIX)
        told = population == 500  # those that the claim names
        yield Row("sizes", of + "% of one share", printed, share, "answers", source, told=told)
        yield Row("sizes", of + "points of NPS at 70/10/20", printed, nps, "answers", source, told=told)
        yield Row("sizes", of + "points of NPS at worst", printed, worst, "answers", source, told=False)


def _few() -> Iterator[Row]:
    n, one = FEW_ACCOUNTS, f"points that one of {FEW_ACCOUNTS} accounts moves"
    half, all_of = margin_of(n=n // 2, population=n, mix=WORST_MIX), sample_size(margin=5, population=n, mix=WORST_MIX)
    yield Row("B2B", f"{one}, one band further", NOT, 100 / n, "points", "arithmetic")
    yield Row("B2B", f"{one}, two bands further", NOT, 200 / n, "points", "arithmetic")
    yield Row("B2B", f"± where half of {n} accounts answer, at worst", NOT, half, "points", "arithmetic")
    yield Row("B2B", f"answers of {n} accounts for ±5 points, at worst", NOT, all_of, "answers", "arithmetic")


def _leaving_out(counts: pd.DataFrame, nps: float) -> Iterator[Row]:
    detractors, passives, promoters = counts[BANDS].iloc[0]
    asked = 0.75 * detractors + passives + promoters
    without = 100 * (promoters - 0.75 * detractors) / asked if asked else NOT
    yield Row("leaving out", "this study as it is", NOT, nps, "NPS", "this study")
    yield Row("leaving out", "this study without a quarter of its detractors", NOT, without, "NPS", "this study")


def _slope(nps: float, folder: Path) -> Iterator[Row]:
    marsden = _marsden(folder)
    per_point, quoted = marsden["percent_growth_per_point"], marsden["points_per_percent_as_quoted"]
    meant, source = quoted / 100 * nps, "marsden2005"
    yield Row("7 % of NPS", "points of NPS with 1 % of growth", quoted, 1 / per_point, "points", source)
    yield Row("7 % of NPS", f"growth with {quoted:g} points", 1.0, quoted * per_point, "%", source)
    yield Row("7 % of NPS", f"{quoted:g} % of the score of this study", NOT, meant, "points", "this study")
    yield Row("7 % of NPS", "growth with these", 1.0, meant * per_point, "%", source)


def _ratios(folder: Path) -> Iterator[Row]:
    keys = {"T-sv": "4.2, 5.6 and 7.2 times", "E-nb": "5, 7 and 9 times"}
    retold = read_reference(folder, "temkin_retold")
    for behaviour, high, low, printed, study in _rows(folder, "temkin"):
        who = f"promoters by detractors who intend to {behaviour}, {high} by {low} %"
        for ratio, source in retold.loc[retold["behaviour"] == behaviour, ["ratio", "source"]].to_numpy().tolist():
            yield Row(keys[source], who, ratio, high / low, "times", source)
        yield Row(keys["E-nb"], who, printed, high / low, "times", study, told=False)
        yield Row(keys["E-nb"], f"{who}: difference", NOT, float(high - low), "% points", study, told=False)


def _useless() -> Iterator[Row]:
    chance, source = PLACES / METRICS, "reichheld2003"  # ranks of useless metrics are exchangeable
    luck = float(stats.binom.sf(WINS - 1, INDUSTRIES, chance))
    which = f"industries where a metric that means nothing is among the best {PLACES} of {METRICS}"
    yield Row("11 of 14", f"share of {which}", WINS / INDUSTRIES, chance, "share", source)
    yield Row("11 of 14", f"of {INDUSTRIES} {which}", WINS, INDUSTRIES * chance, "industries", source)
    yield Row("11 of 14", f"chance of {WINS} such, if named beforehand", NOT, luck, "p", source)


def _marsden(folder: Path) -> dict[str, float]:
    return {str(name): float(value) for name, value, _ in _rows(folder, "marsden")}


def _rows(folder: Path, name: str) -> list[list[Any]]:
    return read_reference(folder, name).drop(columns="citation").to_numpy(dtype=object).tolist()
