"""Plans in tables and sentences: whom to ask, how many, how often, and whether a goal can be seen at all."""

from __future__ import annotations

import math

import pandas as pd

from nps_utils.stats.planning.answers_needed import Needed
from nps_utils.stats.planning.detectable import invitations
from nps_utils.tables.formats import count, decimals, points, share, size
from nps_utils.tables.glossary import Column
from nps_utils.tables.table import Table
from nps_utils.words.limits import Limit
from nps_utils.words.markup import bold

EXAMPLE_RATE = 0.3  # of no survey in particular
REASONS = {
    "eligible": "may be asked today",
    "own_staff": "own staff",
    "inactive": "not active",
    "left": "no longer a customer",
    "too_new": "a customer for too short a time",
    "asked_recently": "asked not long ago",
}
_COLUMNS = {
    "people": Column("People", "count", "People of the frame"),
    "margin": Column("Margin", "number", "Half the width of the 95 % interval, in points"),
    "proportion": Column("For a proportion", "count", "Completed answers for one share, as copied tables give it"),
    "nps": Column("For this NPS", "count", "Completed answers for the score, at this mix of answers"),
    "nps_here": Column("As accounts are here", "count", "Completed answers where answers of an account are this alike"),
    "nps_wider": Column(
        "So on both sides", "count", "The same, so that the longer side of the interval is no more either"
    ),
    "nps_worst": Column("For NPS at worst", "count", "Completed answers when half are detractors and half promoters"),
    "population": Column("Customers", "count", "How many customers there are"),
    "askings": Column("Times asked", "count", "Invitations in the last 365 days"),
    "answered": Column("Answering", "count", "How many of the accounts answer"),
    "accounts": Column("Accounts", "count", "How many accounts there are"),
    "detectable": Column(
        "Change seen",
        "number",
        "Smallest change two such waves show in 4 of 5 cases, in points; a dash: none that the scale allows",
    ),
    "every_days": Column("Every … days", "count", "Days from one round to the next"),
    "rounds": Column("Rounds a year", "count", "Rounds in the coming year"),
    "asked_per_round": Column("Asked per round", "count", "People who may be asked, on average"),
    "askings_mean": Column("Times asked each", "number", "Times each person would be asked in a year, on average"),
    "answers_per_round": Column("Answers per round", "count", "Expected at the response rate so far"),
}


_METRICS = {
    "nps": "score, points",
    "response_rate": "response rate, percent",
    "comment_share": "answers with a comment, percent",
}


def eligibility(counted: pd.DataFrame) -> Table:
    """Show whom to ask today, and why the others not."""
    told = counted.assign(reason=counted["reason"].replace(REASONS))
    return Table(told, "Whom to ask, and why the others not", columns=_COLUMNS)


def plan_sentence(counted: pd.DataFrame | Limit, needed: pd.DataFrame, usual: int) -> str:
    """Return the plan in one sentence: whom, how many, and what is usual so far."""
    row = needed[needed["margin"] == 5.0].iloc[0]
    here = f", {count(row['nps_here'])} of accounts as alike as here" if "nps_here" in row.index else ""
    independent = "independent answers" if here else "answers"
    many = (
        f"For ±5 points this NPS needs {count(row['nps'])} {independent}{here} (a share would need"
        f" {count(row['proportion'])});"
        f" a usual wave of the main touchpoint has {count(usual)}."
    )
    if isinstance(counted, Limit):
        return f"{bold(many)} Whom to ask cannot be said: {counted}"
    rows = counted.set_index("reason")
    people, able = int(counted["people"].sum()), int(rows["people"].get("eligible", 0))
    return bold(f"{count(able)} of {count(people)} people may be asked today. {many}")


def needed(table: pd.DataFrame, *, title: str = "Completed answers needed") -> Table:
    """Show how many answers a margin needs."""
    return Table(table, title, columns=_COLUMNS)


def askings(table: pd.DataFrame) -> Table:
    """Show how often people were asked in the last year."""
    return Table(table, "How often people were asked in the last year", columns=_COLUMNS)


def cadences(table: pd.DataFrame) -> Table:
    """Show what different cadences would mean for those who are asked."""
    shown = ["every_days", "rounds", "asked_per_round", "askings_mean", "answers_per_round"]
    return Table(table, "What a cadence would mean", shown=shown, columns=_COLUMNS)


def few(table: pd.DataFrame) -> Table:
    """Show what a handful of accounts can show."""
    seen = table["detectable"].where(table["detectable"] < math.inf)
    finite = table.assign(detectable=seen.mask(seen < 0.05, 0.0))  # when all answer, any change is seen
    return Table(finite, f"What {count(table['accounts'].iloc[0])} accounts can show", columns=_COLUMNS)


def goals(judged: pd.DataFrame) -> Table:
    """Show how the goals stand."""
    unit = judged["metric"].map(lambda metric: 1 if metric == "nps" else 100)
    told = judged.assign(
        **{name: unit * judged[name] for name in ("target", "start", "value", "low", "high", "smallest_change")},
        metric=judged["metric"].map(_METRICS),
        status=judged["status"].str.replace("_", " "),
        by=judged["by"].astype(str),
    )
    columns = {
        "target": Column("Target", "number", "In points or percent, as the metric says"),
        "by": Column("By", "text", "Day of the goal"),
        "start": Column("Start", "number", "Value of the first wave"),
        "line": Column("Line", "number", "Value on the straight line from the start to the goal, at the latest wave"),
        "value": Column("Now", "number", "Value of the latest wave"),
        "low": Column("Low", "number", "Lower limit of the latest wave"),
        "high": Column("High", "number", "Upper limit of the latest wave"),
        "smallest_change": Column("Change seen", "number", "Smallest change such waves show in 4 of 5 cases"),
        "n_needed": Column("n needed", "count", "Answers a wave to see the planned rise"),
        "status": Column("Status", "text", "How the goal stands"),
    }
    shown = ["metric", "status", "target", "by", "value", "low", "high", "n", "smallest_change", "n_needed", "start"]
    return Table(told, "The goals of the study", shown=shown, columns=columns)


def goals_sentence(judged: pd.DataFrame) -> str:
    """Return how each goal stands, in words."""
    return " ".join(_goal(row) for _, row in judged.iterrows())


def needed_words(plan: Needed) -> str:
    """Return the answer of `nps plan` in a few lines.

    Examples
    --------
    >>> from nps_utils.stats.planning.answers_needed import answers_for
    >>> print(needed_words(answers_for(population=180)).splitlines()[0])
    For ±5 points of NPS 143 of 180 customers must answer, if 10 % are detractors, 20 % passives and 70 % promoters.
    """
    low, middle, high = (f"{100 * part:g} %" for part in plan.mix)
    who = "" if plan.population is None else f" of {count(plan.population)} customers"
    need = "must answer" if who else "answers are needed"
    lines = [
        f"For ±{plan.margin:g} points of NPS {count(plan.nps)}{who} {need}, if {low} are detractors, {middle} passives"
        f" and {high} promoters.",
        f"At worst, half detractors and half promoters, {count(plan.worst)}. One share, which copied tables of sample"
        f" sizes are made for, needs {count(plan.proportion)}.",
        _invited(plan),
        _shown(plan),
    ]
    if plan.per_wave is not None and plan.change is not None:
        size = f"{count(plan.per_wave)}{who} {need}"
        lines.append(f"To see a change of {plan.change:+g} points in 4 of 5 cases, {size} in each of two waves.")
    lines.append("All of this is chance in who answers; if those who do not answer differ, no number of answers helps.")
    return "\n".join(lines)


def _invited(plan: Needed) -> str:
    if plan.population is not None:
        rate = share(plan.nps / plan.population)
        worth = f" One customer's move from detractor to promoter is worth {size(200 / plan.population)} points."
        return f"If everyone is asked, that is a response rate of {rate}.{worth}"
    asked = invitations(answers=plan.nps, response_rate=EXAMPLE_RATE)
    return f"These are answers, not invitations: at a response rate of {share(EXAMPLE_RATE)} ask {count(asked)} people."


def _shown(plan: Needed) -> str:
    waves = f"Two waves of {count(plan.nps)} answers show"
    beyond = (
        f"a rise of {size(plan.seen_beyond)} points" if plan.seen_beyond < math.inf else "no rise that this mix allows"
    )
    test = "in 4 of 5 cases (test at 5 %)"
    if plan.seen_here is None:
        return f"{waves} {beyond} {test}."
    if plan.nps == plan.population:
        return (
            f"When all answer, any change among them is seen; taken as a sample of customers to come, {beyond} {test}."
        )
    here = f"a rise of {size(plan.seen_here)} points" if plan.seen_here < math.inf else "no rise that this mix allows"
    return f"{waves} {here} among these customers {test}; taken as a sample of customers to come, {beyond}."


def _goal(row: pd.Series) -> str:
    write = points if row["metric"] == "nps" else share
    name = {
        "nps": "The score of the main touchpoint",
        "response_rate": "The response rate of all touchpoints",
        "comment_share": "The share with a comment at the main touchpoint",
    }
    now = f"{write(row['value'])} ({write(row['low'])} to {write(row['high'])}, n = {count(row['n'])})"
    goal = f"goal of {write(row['target'])} by {row['by']}"
    size = (
        f"{count(row['smallest_change'])} points"
        if row["metric"] == "nps"
        else f"{decimals(100 * row['smallest_change'], 1)} percentage points"
    )
    status = {
        "reached": "is reached",
        "missed": "is missed",
        "on_track": "is on track, at or above the straight line to it",
        "off_track": "is off track, below the straight line to it",
        "open": "cannot be judged from one wave",
        "not_measurable": f"cannot be seen at this n: such waves show changes from {size} on",
    }[row["status"]]
    sure = (
        ""
        if row["sure"] or row["status"] in ("open", "not_measurable", "reached", "missed")
        else ", by no more than chance"
    )
    return f"{name[row['metric']]} is {now}; the {goal} {status}{sure}."
