"""The score of everything, in tables and sentences: overall, beside mean and top box, pooled against averaged."""

from __future__ import annotations

from typing import Final

import pandas as pd

from nps_utils.checks import BadValue
from nps_utils.stats.counts import count_bands
from nps_utils.stats.each import ONE_WAVE
from nps_utils.stats.score import score
from nps_utils.stats.verdicts.beside_nps import mean_and_top
from nps_utils.stats.verdicts.judged import Judged
from nps_utils.stats.weighting.export_weights import is_weighted
from nps_utils.tables.formats import count, decimals, interval, listed, number, points, share, size
from nps_utils.tables.glossary import Column
from nps_utils.tables.scores import answers_of, groups_of, score_sentence
from nps_utils.tables.table import Table, titled
from nps_utils.words.limits import Limit
from nps_utils.words.markup import bold
from nps_utils.words.naming import NOT_KNOWN, named, named_value, place

LONGEST_TITLE: Final = 90
MOST_NAMED: Final = 5

UNITS = {
    "answers": "every answer once",
    "accounts": "every account once",
    "revenue": "every account by its revenue",
}

_DESIGN = {
    "unit": Column("Unit", "text", "What counts once"),
    "weights": Column("Weights", "text", "How answers are weighted, and what counts as independent"),
    "accounts": Column("Accounts", "count", "Accounts with answers"),
    "clusters": Column("Accounts", "count", "Accounts with answers"),
    "design_effect": Column("Design effect", "number", "Variance by that of effective n independent answers"),
    "left_out": Column("Left out", "count", "Answers without an account or revenue"),
}


RATE_COLUMNS = {
    "asked": Column("Asked", "count", "Invitations sent"),
    "answered": Column("Answered", "count", "Invitations with at least one answer"),
    "rate": Column("Rate", "share", "Share of invitations that were answered"),
    "low": Column("Low", "share", "Lower limit of the interval of the rate"),
    "high": Column("High", "share", "Upper limit of the interval of the rate"),
}

_LINKED = {
    "askings": "invitations",
    "answers_linked": "answers linked to an invitation",
    "answers_without_asking": "answers without an invitation",
    "further_answers": "further answers to the same invitation",
    "askings_without_answer": "invitations without an answer",
}


def headline_sentence(judged: Judged, total: pd.DataFrame, responses: pd.DataFrame) -> str:
    """Return the score that the summary leads with, then that of all answers, where they are more."""
    row = judged.now
    where = place(judged.touchpoint)
    where = f"{where}{judged.wave}: " if judged.wave and row["n"] < total["n"].iloc[0] else ""
    if not where:
        return overall_sentence(total, responses)
    return f"{bold(f'{where}{score_sentence(row)}.')} {overall_sentence(total, responses, lead=False)}"


def overall_sentence(total: pd.DataFrame, responses: pd.DataFrame, *, lead: bool = True) -> str:
    """Return the score of all answers, weighted where the study weights them, and what was put together for it."""
    plain = ""
    if is_weighted(responses):
        once = score(count_bands(responses))["nps"].iloc[0]
        plain = f" Counting each answer once it would be {points(once)}."
    touchpoints = sorted(named(str(t)) for t in responses["touchpoint"].dropna().unique())
    waves = responses["wave"].dropna().nunique() if "wave" in responses.columns else 0
    parts = [f"{count(len(touchpoints))} touchpoints ({listed(touchpoints)})"] if touchpoints[1:] else []
    parts += [f"{count(waves)} waves"] if waves > 1 else []
    pooled = f" It puts together {listed(parts)}." if parts else ""
    said = f"{score_sentence(total.iloc[0])}."
    return (bold(said) if lead else f"All answers: {said}") + plain + pooled


def overall(responses: pd.DataFrame, total: pd.DataFrame) -> Table:
    """Show NPS, mean and top box of all answers, each with its interval by the same design and weights."""
    beside, row = mean_and_top(responses).iloc[0], total.iloc[0]
    top = [100 * beside[name] for name in ("top_box", "top_low", "top_high")]
    lines = [
        ("NPS, points", row["nps"], row["low"], row["high"]),
        ("Mean answer, 0 to 10", beside["mean"], beside["mean_low"], beside["mean_high"]),
        ("Share of 9 and 10, percent", *top),
    ]
    words = {
        name: Column(name.capitalize(), "number", "In the unit of its measure") for name in ("value", "low", "high")
    }
    table = pd.DataFrame(lines, columns=["measure", "value", "low", "high"]).assign(n=int(row["n"]))
    return Table(table, "NPS beside the mean and the share of top answers", columns=words)


def waves_title(scored: pd.DataFrame) -> str:
    """Return the message of a picture of waves: where each group stands, and where one alone came from.

    Examples
    --------
    >>> waves_title(pd.DataFrame({"touchpoint": "after_order", "wave": ["1", "2"], "nps": [10.0, 20.0], "n": 9}))
    'From +10.0 in 1 to +20.0 in 2'
    """
    filled = scored[scored["n"] > 0].sort_values("wave", kind="stable")
    groups = filled.groupby("touchpoint", sort=True) if "touchpoint" in filled.columns else [("", filled)]
    last = {named(str(name)): part for name, part in groups}
    if len(last) == 1:
        first, newest = filled.iloc[0], filled.iloc[-1]
        if first["wave"] == newest["wave"]:
            raise BadValue(ONE_WAVE)
        return f"From {points(first['nps'])} in {first['wave']} to {points(newest['nps'])} in {newest['wave']}"
    told = ", ".join(f"{name} {points(part['nps'].iloc[-1])}" for name, part in last.items())
    title = f"The newest scores: {told}"
    return title if len(title) <= LONGEST_TITLE else f"Scores by wave with their intervals, {len(last)} groups"


def pooled_against_average(groups: pd.DataFrame, total: pd.DataFrame) -> str:
    """Return the pooled score beside the plain average of the groups' scores.

    Examples
    --------
    >>> groups = pd.DataFrame({"nps": [50.0, -10.0], "n": [90, 10]})
    >>> pooled_against_average(groups, pd.DataFrame({"nps": [44.0], "n": [100]})).split(", because")[0]
    'Pooled over 100 answers the score is +44.0; the plain average of the 2 groups is +20.0, 24.0 points lower'
    """
    filled = groups[groups["n"] > 0]
    if len(filled) < 2:
        raise BadValue("There is one wave of one touchpoint: nothing was pooled.")
    pooled, average = float(total["nps"].iloc[0]), float(filled["nps"].mean())
    gap = average - pooled
    side = f"{size(gap)} points {'higher' if gap > 0 else 'lower'}" if abs(gap) >= 0.05 else "the same here"
    smallest, largest = filled["n"].min(), filled["n"].max()
    because = f", because it counts a group of {count(smallest)} as much as one of {count(largest)}"
    sizes = because if smallest < largest else ""
    return (
        f"Pooled over {count(total['n'].iloc[0])} answers the score is {points(pooled)}; the plain average of the"
        f" {len(filled)} groups is {points(average)}, {side}{sizes}."
    )


def apart_title(scored: pd.DataFrame, total: pd.DataFrame) -> str:
    """Return the message of a picture of groups beside the total.

    Examples
    --------
    >>> groups = pd.DataFrame({"nps": [50.0, 20.0], "low": [40.0, 10.0], "high": [60.0, 30.0], "n": [90, 80]})
    >>> apart_title(groups, pd.DataFrame({"nps": [45.0], "n": [170]}))
    '1 of 2 groups has an interval that leaves out the total of +45.0'
    """
    filled = _known(scored)
    middle = float(total["nps"].iloc[0])
    if len(filled) < 2:
        raise BadValue("There is one group only: nothing to compare it with.")
    out = int(((filled["low"] > middle) | (filled["high"] < middle)).sum())
    some = f"{count(out)} of {count(len(filled))} groups {'has' if out == 1 else 'have'}"
    return f"{some} an interval that leaves out the total of {points(middle)}"


def score_conclusion(total: pd.DataFrame, *scored: pd.DataFrame | Limit) -> str:
    """Return what the page shows: the score, and which groups' intervals lie apart from it.

    A cut that the study does not have says so at its own place and is left out here.
    """
    row = total.iloc[0]
    cuts = [cut for cut in scored if not isinstance(cut, Limit) and len(_known(cut)) > 1]
    said = [f"{score_sentence(row)}."]
    out = [r for cut in cuts for _, r in _known(cut).iterrows() if r["low"] > row["nps"] or r["high"] < row["nps"]]
    out.sort(key=lambda r: -abs(r["nps"] - row["nps"]))
    apart = [
        f"{_name(r)} ({points(r['nps'])}, {interval(r['low'], r['high'])}, n = {count(r['n'])})"
        for r in out[:MOST_NAMED]
    ]
    apart += [f"{count(len(out) - MOST_NAMED)} more in the tables above"] if len(out) > MOST_NAMED else []
    groups = sum(len(_known(cut)) for cut in cuts)
    if apart:
        said.append(
            f"Of {groups} groups, these have an interval that does not hold the total, the furthest first:"
            f" {listed(apart)}."
        )
        said.append(f"With {groups} groups about {number(round(0.05 * groups, 1))} would do so by chance alone.")
    elif groups:
        said.append(f"None of {groups} groups has an interval that leaves out the total.")
    return " ".join(said)


def _known(scored: pd.DataFrame) -> pd.DataFrame:
    """Return the groups with answers; those of whom a cut is not known are the same few in every cut, and no group."""
    filled = scored[scored["n"] > 0]
    if "group" not in filled.columns:
        return filled
    known: pd.DataFrame = filled[filled["group"].astype("string").fillna(NOT_KNOWN) != NOT_KNOWN]
    return known


def _name(row: pd.Series) -> str:
    if "cut" in row.index:
        return f"{named(str(row['cut']))} {named_value(str(row['group']))}"
    return named(str(row.iloc[0]))


def response_rates(rates: pd.DataFrame, *, title: str = "Response rate") -> Table:
    """Show who was asked and who answered."""
    return Table(rates, titled(title, rates), columns=RATE_COLUMNS)


def rates_sentence(total: pd.DataFrame) -> str:
    """Return the response rate with its interval and what it rests on.

    Examples
    --------
    >>> rates_sentence(pd.DataFrame({"asked": [200], "answered": [60], "rate": [0.3], "low": [0.241], "high": [0.367]}))
    '60 of 200 invitations were answered: 30.0 % (95 % interval 24.1 % to 36.7 %).'
    """
    row = total.iloc[0]
    limits = f"95 % interval {share(row['low'])} to {share(row['high'])}"
    answered = f"{count(row['answered'])} of {count(row['asked'])} invitations were answered"
    return f"{answered}: {share(row['rate'])} ({limits})."


def linkage(counted: pd.DataFrame) -> Table:
    """Show what could and could not be joined between invitations and answers."""
    columns = {"what": Column("What", "text", "What was counted")}
    told = counted.assign(what=counted["what"].map(lambda what: _LINKED.get(what, what.replace("_", " "))))
    return Table(told, "Invitations and answers, joined", columns=columns)


def bounds(bounded: pd.DataFrame) -> Table:
    """Show where the score of all who were asked must lie, whatever the silent think."""
    columns = {
        "asked": RATE_COLUMNS["asked"],
        "silent": Column("Silent", "count", "Invitations without an answer"),
        "all_detractors": Column("If all silent were detractors", "points", "The lowest the score of all could be"),
        "all_promoters": Column("If all silent were promoters", "points", "The highest the score of all could be"),
    }
    shown = [*groups_of(bounded.drop(columns=list(columns))), "nps", "n", *columns]
    return Table(bounded, "What silence could hide", shown=shown, columns=columns)


def choices(scored: pd.DataFrame) -> Table:
    """Show how the score moves under other choices of cleaning."""
    columns = {
        "choice": Column("Choice", "text", "What was done differently"),
        "shift": Column("Shift", "signed", "The score less the reported one, in points"),
    }
    together = "design" in scored.columns and bool((scored["design"] == "clustered").any())
    shown = ["choice", "nps", "low", "high", "n", *(["units"] if together else []), "shift"]
    by = "person" if together and (scored["unit_kind"] == "person").any() else "account"
    title = f"The score under other choices of cleaning{f', intervals by {by}' if together else ''}"
    return Table(scored, title, shown=shown, columns=columns)


def choices_title(scored: pd.DataFrame) -> str:
    """Return the message of the picture of choices.

    Examples
    --------
    >>> choices_title(pd.DataFrame({"choice": ["as reported", "duplicates kept"], "shift": [0.0, -0.42]}))
    'Other choices of cleaning move the score by at most 0.4 points'
    """
    return f"Other choices of cleaning move the score by at most {size(scored['shift'].abs().max())} points"


def choices_sentence(scored: pd.DataFrame) -> str:
    """Return how far the choices of cleaning can move the score, beside what chance does."""
    first = scored.iloc[0]
    widest = scored.iloc[int(scored["shift"].abs().to_numpy().argmax())]
    chance = (first["high"] - first["low"]) / 2
    if not abs(widest["shift"]) >= 0.05:
        return f"No other choice of cleaning moves the score of {points(first['nps'])} by as much as 0.1 points."
    return (
        f"Other choices of cleaning move the score of {points(first['nps'])}"
        f" ({interval(first['low'], first['high'])}, {answers_of(first)}) by at most"
        f" {size(widest['shift'])} points ({widest['choice']}: {points(widest['nps'])}, n = {count(widest['n'])});"
        f" chance alone is worth {size(chance)} points either way."
    )


def units(scored: pd.DataFrame) -> Table:
    """Show the three units of a B2B score, said in words."""
    told = scored.assign(unit=scored["unit"].map(UNITS))
    shown = ["unit", "nps", "low", "high", "n", "accounts", "n_effective", "left_out"]
    return Table(told, "One survey, three units", shown=shown, columns=_DESIGN)


def units_sentence(scored: pd.DataFrame) -> str:
    """Return the units beside each other in one sentence."""
    parts = [
        f"{UNITS[str(row['unit'])]} {points(row['nps'])} ({interval(row['low'], row['high'])}, n = {count(row['n'])}"
        f" of {count(row['accounts'])} accounts)"
        for _, row in scored.iterrows()
    ]
    return f"Counting {'; '.join(parts)}.{_left_out(scored, 'name no account')}"


def _left_out(table: pd.DataFrame, why: str) -> str:
    """Say why a first row rests on fewer answers than the score of all."""
    n = int(table["left_out"].iloc[0]) if "left_out" in table.columns else 0
    return f" Answers that {why} are left out here (n = {count(n)})." if n else ""


def weighted(table: pd.DataFrame) -> Table:
    """Show the same score unweighted and weighted, one row each.

    Parameters
    ----------
    table
        Output of `beside_the_frame`.
    """
    shown = ["weights", "nps", "low", "high", "n", "clusters", "n_effective", "design_effect", "left_out"]
    return Table(table, "Unweighted beside weighted", shown=shown, columns=_DESIGN)


def weighted_sentence(table: pd.DataFrame) -> str:
    """Return how far weights and clusters move the score and widen its interval."""
    plain, weighted_row = table.iloc[0], table.iloc[-1]
    wider = (weighted_row["high"] - weighted_row["low"]) / (plain["high"] - plain["low"])
    return (
        f"Weighted, the score is {points(weighted_row['nps'])} ({interval(weighted_row['low'], weighted_row['high'])},"
        f" n = {count(weighted_row['n'])} in {count(weighted_row['clusters'])} accounts) instead of"
        f" {points(plain['nps'])} ({interval(plain['low'], plain['high'])}); its interval is {decimals(wider, 1)} times"
        f" as wide, because answers of one account are alike and weights differ."
        f"{_left_out(table, 'the frame cannot place')}"
    )


# What of a page is weighted where the answers came with weights.
_WEIGHTED_ON: Final = {
    "02-nps": "Its first line gives the weighted score; everything below it counts each answer once.",
}


def weights_note(page: str, *, used: str | None, unused: str | None) -> str | None:
    """Return what a page of a study with a column of weights has to say about it, or None without one.

    Examples
    --------
    >>> weights_note("03-change", used="vikt", unused=None)
    'This study weights its answers by the column "vikt". This page does not: it counts each answer once.'
    >>> weights_note("03-change", used=None, unused=None)
    """
    if used:
        here = _WEIGHTED_ON.get(page, "This page does not: it counts each answer once.")
        return f'This study weights its answers by the column "{used}". {here}'
    if unused:
        return (
            f'The export has a column of weights, "{unused}", that is not used: every answer counts once. To use it,'
            f' write `weight = "{unused}"` in study.toml; if it holds no weights, `weight = false`.'
        )
    return None


def shrunk(segments: pd.DataFrame) -> Table:
    """Show small segments drawn towards what they share, with the ranks that the answers allow."""
    columns = {
        "shrunk": Column(
            "Shrunk", "points", "The score drawn towards the common one, the more so the fewer its answers"
        ),
        "own_weight": Column(
            "Own weight", "share", "How much of the shrunk score comes from the segment's own answers"
        ),
        "best_rank": Column("Best rank", "count", "The best rank the segment may have"),
        "worst_rank": Column("Worst rank", "count", "The worst rank the segment may have"),
    }
    names = [n for n in segments.columns if n not in {*columns, "rank", "detractors", "passives", "promoters"}]
    groups = [str(n) for n in names if n not in ("n", "nps", "low", "high")]
    ordered = segments.sort_values("shrunk", ascending=False, kind="stable").reset_index(drop=True)
    shown = [*groups, "n", "nps", "shrunk", "low", "high", "own_weight", "best_rank", "worst_rank"]
    told = ordered.assign(**{name: ordered[name].astype("string").map(named_value) for name in groups})
    best, worst = _sure_halves(segments)
    # Ranks that say "anywhere" in every row are for who looks them up.
    room = {} if len(best) + len(worst) else {"open_rows": 0}
    return Table(told, "Small segments, shrunk, with rank intervals", shown=shown, columns=columns, **room)


def _sure_halves(segments: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the segments that are surely in the better half, and those surely in the worse."""
    middle = (len(segments) + 1) / 2  # of an odd number one is in neither half
    return segments[segments["worst_rank"] < middle], segments[segments["best_rank"] > middle]


def ranks_sentence(segments: pd.DataFrame) -> str:
    """Return what the ranks allow to be said: which segments are surely first or last, if any."""
    total = len(segments)
    best, worst = _sure_halves(segments)
    names = [c for c in segments.columns if segments[c].dtype.kind not in "if"]

    def told(rows: pd.DataFrame) -> str:
        return ", ".join(" ".join(named_value(str(part)) for part in row) for row in rows[names].to_numpy()) or "none"

    return (
        f"Of {count(total)} segments, surely in the better half: {told(best)}; surely in the worse half: {told(worst)}."
        " The rest may stand anywhere between; their order in the table is not a ranking."
    )
