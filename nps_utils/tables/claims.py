"""What is printed about NPS beside what follows from it, in tables and sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd

from nps_utils.stats.validation.claims import Arithmetic, Average
from nps_utils.tables.formats import count, interval, listed, number, points, pvalue, share
from nps_utils.tables.glossary import Column
from nps_utils.tables.nps import pooled_against_average
from nps_utils.tables.table import Table

_SOURCE = Column("Source", "text", "The key of a source in data/reference/sources.csv")


def examples(table: pd.DataFrame) -> Table:
    """Show the printed examples, scored, with their interval, and as they are got wrong."""
    words = {
        "nps_printed": Column("Printed", "points", "The score as printed"),
        "nps": Column("Found", "points", "Share of promoters less share of detractors"),
        "margin": Column("Planned ±", "number", "Half the width of the planned interval at this n, in points"),
        "without_passives": Column("Without passives", "points", "Wrong: passives left out of the denominator"),
        "reversed": Column("Reversed", "points", "Wrong: detractors less promoters, as a formula in print has it"),
        "source": _SOURCE,
    }
    limits = ["nps_printed", "nps", "low", "high", "margin", "n", "without_passives", "reversed"]
    shown = ["promoters", "passives", "detractors", *limits, "source"]
    return Table(table, "Printed examples, worked out", shown=shown, columns=words)


def benchmarks(table: pd.DataFrame) -> Table:
    """Show one's own score against each printed benchmark, taken as certain."""
    words = {
        "what": Column("Benchmark", "text", "What the number is said to be"),
        "value": Column("Printed", "points", "The number as printed, without n and date"),
        "nps": Column("This study", "points", "The score of all answers of the study"),
        "pvalue": Column("p above", "pvalue", "One-sided, the benchmark taken as certain, which it is not"),
        "source": _SOURCE,
    }
    shown = ["what", "value", "nps", "n", "pvalue", "source"]
    return Table(table, "The same vendor's benchmark, printed twice", shown=shown, columns=words)


def slope(table: pd.DataFrame) -> Table:
    """Show what the published slope means, per point and per percent."""
    words = {
        "reading": Column("Reading", "text", "How the slope is told"),
        "points": Column("Rise of NPS", "number", "The rise that is meant, in points"),
        "growth": Column("Growth", "number", "What the published slope gives for it, in percent"),
    }
    return Table(table, "A slope per point is not a slope per percent", columns=words)


def barometer(table: pd.DataFrame) -> Table:
    """Show published correlations with their recomputed p-value and the r that was needed."""
    words = {
        "industry": Column("Industry", "text", "Industry of the barometer"),
        "r": Column("r", "number", "Printed correlation of NPS with growth"),
        "df": Column("df", "count", "Printed degrees of freedom: firms less two"),
        "pvalue_printed": Column("p printed", "pvalue", "As printed"),
        "pvalue": Column("p found", "pvalue", "From r and df by Student's t"),
        "critical_r": Column("r needed", "number", "The least r that is significant at 5 % with so many firms"),
        "limit": Column("", "text", "What cannot be worked out"),
    }
    shown = ["industry", "r", "df", "pvalue_printed", "pvalue", "critical_r", "limit"]
    return Table(table, "Correlations of a few firms", shown=shown, columns=words)


def needed(table: pd.DataFrame) -> Table:
    """Show the correlation that few firms need."""
    words = {
        "n": Column("Firms", "count", "Firms or accounts with a score and growth"),
        "critical_r": Column("r for p < 0.05", "number", "The least r that is significant"),
        "detectable_r": Column("r seen", "number", "The true r that is shown in 4 of 5 cases"),
    }
    return Table(table, "The correlation that so few firms need", columns=words)


def ratios(table: pd.DataFrame) -> Table:
    """Show ratios of promoters' and detractors' intentions, as they follow, as printed and as retold."""
    retold = [str(name) for name in table.columns if str(name).startswith("retold_")]
    words = {
        "behaviour": Column("Intends to", "text", "What they said they would do, in the same survey"),
        "promoters_percent": Column("Promoters, %", "number", "Share of promoters who said so"),
        "detractors_percent": Column("Detractors, %", "number", "Share of detractors who said so"),
        "ratio_printed": Column("Ratio printed", "number", "As the study prints it"),
        "ratio": Column("Ratio found", "number", "Share of promoters by share of detractors"),
        "difference": Column("Difference", "number", "In percentage points, which a ratio hides"),
        **{name: Column(f"Retold in {name[7:]}", "number", "As an article retells it") for name in retold},
    }
    shown = ["behaviour", "promoters_percent", "detractors_percent", "ratio_printed", "ratio", "difference", *retold]
    return Table(table, "Times more likely", shown=shown, columns=words)


def attenuation(table: pd.DataFrame) -> Table:
    """Show how few answers per firm flatten a slope, and what correcting gives back."""
    words = {
        "answers": Column("Answers per firm", "count", "On how many answers each firm's score rests"),
        "reliability": Column("Reliability", "number", "Share of the variance of scores that is true difference"),
        "observed": Column("Slope seen", "number", "The true slope times the reliability"),
        "corrected": Column("Corrected", "number", "The slope seen by the reliability"),
        "simulated_observed": Column("Seen, simulated", "number", "In data/reference/attenuation.csv"),
        "simulated_corrected": Column("Corrected, simulated", "number", "In data/reference/attenuation.csv"),
    }
    return Table(table, "Few answers flatten a slope", columns=words)


def averaged(found: Average) -> str:
    """Return the score of all beside the plain average of the groups of one cut."""
    return f"By {found.cut.replace('_', ' ')}: {pooled_against_average(found.groups, found.together)}"


def useless_sentence(table: pd.DataFrame) -> str:
    """Return what being among the best two of eleven metrics is worth."""
    row = table.iloc[0]
    return (
        f"A metric that means nothing is best or second of 11 in {share(row['in_one_industry'])} of industries, about"
        f" {number(round(row['expected'], 1))} of 14, and two of the 11 always are. A count of wins says nothing of"
        " growth to come when the growth lies before the survey."
    )


def register(claims: pd.DataFrame, found: Arithmetic, pooled: str) -> Table:
    """Show what articles claim, the verdict, and what the numbers say: worked out wherever there is something to.

    Parameters
    ----------
    claims
        Output of `register` of `nps_utils.stats.validation.claims`.
    found
        Output of `arithmetic`.
    pooled
        The sentence on the pooled score and the average of segments, for this study, or why there is none.
    """
    told = claims.assign(numbers=[_numbers(row, found, pooled) for _, row in claims.iterrows()])
    words = {
        "claim": Column("Claim", "text", "As articles and vendors print it"),
        "source": _SOURCE,
        "verdict": Column("Verdict", "text", "Explained in data/reference/README.md"),
        "numbers": Column("What the numbers say", "text", "Worked out on this page, or a remark where nothing can be"),
        "page": Column("Page", "text", "The page that goes into it"),
    }
    return Table(told, "What is claimed", shown=["claim", "source", "verdict", "numbers", "page"], columns=words)


def _numbers(row: pd.Series, found: Arithmetic, pooled: str) -> str:
    for words, tell in ANSWERS.items():
        if words in row["claim"]:
            return tell(found)
    remark = str(row["what_is_so"])
    return f"{remark}. {pooled}" if "average NPS of the company" in row["claim"] else remark


def _example(found: Arithmetic, source: str) -> str:
    row = found.examples[found.examples["source"] == source].iloc[0]
    return (
        f"{points(row['nps'])}, at n = {count(row['n'])} with an interval of {interval(row['low'], row['high'])};"
        f" without passives in the denominator it would be {points(row['without_passives'])}"
    )


def _reversed(found: Arithmetic) -> str:
    rows = [f"{points(row['reversed'])} for {points(row['nps'])}" for _, row in found.examples.iterrows()]
    return f"The sign is reversed: it gives {listed(rows)}, and -100 where everyone is a promoter"


def _sizes(found: Arithmetic) -> str:
    table = found.sizes
    short = table[table["printed"] < table["proportion"]]
    last = table[(table["population"] == table["population"].max()) & (table["margin"] == 5)].iloc[0]
    below = "; ".join(f"{count(r['printed'])} where {count(r['proportion'])} are needed" for _, r in short.iterrows())
    return (
        f"Yamane's N / (1 + N e²), rounded by hand ({below}), for one proportion; ±5 points of NPS need"
        f" {count(last['nps'])} answers instead of {count(last['proportion'])}"
        f" ({last['nps'] / last['proportion']:.1f} times) at 70/10/20, {count(last['nps_worst'])} at worst"
    )


def _benchmarks(found: Arithmetic) -> str:
    rows = [f"{r['what']} {points(r['value'])} ({r['source']})" for _, r in found.benchmarks.iterrows()]
    return f"Printed twice, differently, without n and date: {listed(rows)}. Context, not a target"


def _slope(found: Arithmetic) -> str:
    one, percent = found.slope.iloc[0], found.slope.iloc[-1]
    return (
        f"1 % of growth goes with {number(one['points'])} points; {percent['reading']} would be"
        f" {number(percent['points'])} points and {number(percent['growth'])} % of growth. Association, and the growth"
        " lay before the survey"
    )


def _ratios(found: Arithmetic) -> str:
    rows = found.ratios
    ratios = listed([number(value) for value in rows["ratio"]])
    shares = listed([f"{r.promoters_percent} against {r.detractors_percent} %" for r in rows.itertuples()])
    return f"The study's own shares ({shares}) give {ratios}: intentions, stated in the same survey"


def _few(found: Arithmetic) -> str:
    row = found.few.iloc[0]
    return (
        f"With {count(row['accounts'])} accounts one account is worth {number(row['one_band'])} to"
        f" {number(row['two_bands'])} points; if half answer, the score is known to about ±{number(row['margin_half'])}"
    )


def _leaving_out(found: Arithmetic) -> str:
    row = found.leaving_out.iloc[0]
    return (
        f"Selection bias upward: without {share(row['part'])} of the detractors this study's {points(row['nps'])} would"
        f" be {points(row['nps_without'])}, {points(row['rise'])} points for nothing"
    )


def _growth(found: Arithmetic) -> str:
    rows = [f"{number(r['critical_r'])} with {count(r['n'])}" for _, r in found.needed.iterrows()]
    printed = found.barometer[found.barometer["pvalue"].notna()]
    held = [f"{r['industry']} r = {r['r']:g}, p = {pvalue(r['pvalue'])}" for _, r in printed.iterrows()]
    return f"So few firms need an r of {listed(rows)}; the Norwegian barometer has {listed(held)}"


ANSWERS: Final[dict[str, Callable[[Arithmetic], str]]] = {
    "are +50": lambda found: _example(found, "H-nl"),
    "are 30": lambda found: _example(found, "E-nb"),
    "NPS = detractors": _reversed,
    "average is 32": _benchmarks,
    "table of sample sizes": _sizes,
    "for each 7 %": _slope,
    "4.2, 5.6 and 7.2": _ratios,
    "5, 7 and 9": _ratios,
    "more correct sample size": _few,
    "Leave out the dissatisfied": _leaving_out,
    "NPS goes with growth": _growth,
    "11 of 14": lambda found: useless_sentence(found.useless),
}
"""Words of a claim, and what the numbers say to it."""
