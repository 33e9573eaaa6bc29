"""The score of everything, in tables and sentences: overall, beside mean and top box, pooled against averaged."""

from __future__ import annotations

import pandas as pd

from nps_utils.distribution import count_scores, mean_score, top_box
from nps_utils.limits import Limit
from nps_utils.survey_weights import is_weighted, scored
from nps_utils.tables.formats import count, interval, listed, number, points
from nps_utils.tables.glossary import Column
from nps_utils.tables.scores import score_sentence
from nps_utils.tables.table import Table


def overall_sentence(total: pd.DataFrame, responses: pd.DataFrame) -> str:
    """Return the score of all answers, weighted where the study weights them, and what was put together for it."""
    if is_weighted(responses):
        plain = f" Counting each answer once it would be {points(total['nps'].iloc[0])}."
        total = scored(responses)
    else:
        plain = ""
    touchpoints = sorted(str(t) for t in responses["touchpoint"].dropna().unique())
    waves = responses["wave"].dropna().nunique() if "wave" in responses.columns else 0
    parts = [f"{count(len(touchpoints))} touchpoints ({listed(touchpoints)})"] if touchpoints[1:] else []
    parts += [f"{count(waves)} waves"] if waves > 1 else []
    pooled = f" It puts together {listed(parts)}." if parts else ""
    return f"**{score_sentence(total.iloc[0])}.**{plain}{pooled}"


def overall(responses: pd.DataFrame, total: pd.DataFrame) -> Table:
    """Show NPS, mean and top box of all answers, each with its interval."""
    histogram = count_scores(responses)
    mean, top = mean_score(histogram).iloc[0], top_box(histogram).iloc[0]
    row = total.iloc[0]
    lines = [
        ("NPS, points", row["nps"], row["low"], row["high"]),
        ("Mean answer, 0 to 10", mean["mean"], mean["mean_low"], mean["mean_high"]),
        ("Share of 9 and 10, percent", 100 * top["top_box"], 100 * top["top_low"], 100 * top["top_high"]),
    ]
    words = {
        name: Column(name.capitalize(), "number", "In the unit of its measure") for name in ("value", "low", "high")
    }
    table = pd.DataFrame(lines, columns=["measure", "value", "low", "high"]).assign(n=int(row["n"]))
    return Table(table, "NPS beside the mean and the share of top answers", columns=words)


def waves_title(scored: pd.DataFrame) -> str:
    """Return the message of a picture of waves: from where to where the last wave of each group came."""
    groups = [g for g in ("touchpoint",) if g in scored.columns]
    parts = []
    for key, part in scored[scored["n"] > 0].groupby(groups, sort=True) if groups else [((), scored)]:
        ordered = part.sort_values("wave", kind="stable")
        first, last = ordered.iloc[0], ordered.iloc[-1]
        name = f"{key[0]} " if groups else ""
        parts.append(f"{name}{points(first['nps'])} in {first['wave']}, {points(last['nps'])} in {last['wave']}")
    return "; ".join(parts) if len(parts) <= 3 else f"Scores by wave with their intervals, {len(parts)} groups"


def pooled_against_average(groups: pd.DataFrame, total: pd.DataFrame) -> str:
    """Return the pooled score beside the plain average of the groups' scores.

    Examples
    --------
    >>> groups = pd.DataFrame({"nps": [50.0, -10.0], "n": [90, 10]})
    >>> pooled_against_average(groups, pd.DataFrame({"nps": [44.0], "n": [100]})).split(", because")[0]
    'Pooled over 100 answers the score is +44.0; the plain average of the 2 groups is +20.0, 24.0 points lower'
    """
    filled = groups[groups["n"] > 0]
    pooled, average = float(total["nps"].iloc[0]), float(filled["nps"].mean())
    gap = average - pooled
    side = f"{abs(gap):.1f} points {'higher' if gap > 0 else 'lower'}" if abs(gap) >= 0.05 else "the same here"
    sizes = f"because it counts a group of {count(filled['n'].min())} as much as one of {count(filled['n'].max())}"
    return (
        f"Pooled over {count(total['n'].iloc[0])} answers the score is {points(pooled)}; the plain average of the"
        f" {len(filled)} groups is {points(average)}, {side}, {sizes}."
    )


def apart_title(scored: pd.DataFrame, total: pd.DataFrame) -> str:
    """Return the message of a picture of groups beside the total.

    Examples
    --------
    >>> groups = pd.DataFrame({"nps": [50.0, 20.0], "low": [40.0, 10.0], "high": [60.0, 30.0], "n": [90, 80]})
    >>> apart_title(groups, pd.DataFrame({"nps": [45.0], "n": [170]}))
    '1 of 2 groups has an interval that leaves out the total of +45.0'
    """
    filled = scored[scored["n"] > 0]
    middle = float(total["nps"].iloc[0])
    out = int(((filled["low"] > middle) | (filled["high"] < middle)).sum())
    some = f"{count(out)} of {count(len(filled))} groups {'has' if out == 1 else 'have'}"
    return f"{some} an interval that leaves out the total of {points(middle)}"


def score_conclusion(total: pd.DataFrame, *scored: pd.DataFrame | Limit) -> str:
    """Return what the page shows: the score, and which groups' intervals lie apart from it.

    A cut that the study does not have says so at its own place and is left out here.
    """
    row = total.iloc[0]
    cuts = [cut for cut in scored if not isinstance(cut, Limit)]
    said = [f"{score_sentence(row)}."]
    apart = [
        f"{_name(r)} ({points(r['nps'])}, {interval(r['low'], r['high'])}, n = {count(r['n'])})"
        for cut in cuts
        for _, r in cut[cut["n"] > 0].iterrows()
        if r["low"] > row["nps"] or r["high"] < row["nps"]
    ]
    groups = sum(int((cut["n"] > 0).sum()) for cut in cuts)
    if apart:
        said.append(f"Of {groups} groups, these have an interval that does not hold the total: {listed(apart)}.")
        said.append(f"With {groups} groups about {number(round(0.05 * groups, 1))} would do so by chance alone.")
    else:
        said.append(f"None of {groups} groups has an interval that leaves out the total.")
    return " ".join(said)


def _name(row: pd.Series) -> str:
    if "cut" in row.index:
        return f"{row['cut']} {row['group']}"
    return str(row.iloc[0])
