"""The score in sentences: now, against goal and benchmark, and in words for those who cannot see the picture."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from nps_utils.cleaning.unfinished_waves import Unfinished
from nps_utils.report.summary.changes import first_not_whole, since_a_year, since_previous, whose
from nps_utils.report.summary.evidence import ALPHA
from nps_utils.report.summary.phrases import Block, score_estimate, touchpoint_name
from nps_utils.report.summary.story import Story, has_dates
from nps_utils.stats.each import MAIN
from nps_utils.stats.verdicts import is_trend, verdict_of
from nps_utils.stats.verdicts.newest import LEAST_ANSWERS
from nps_utils.study.settings import Goal
from nps_utils.study.study import Study
from nps_utils.words.limits import Limit
from nps_utils.words.naming import EMPLOYEES
from nps_utils.words.translation import Local


def headline(story: Story, local: Local) -> str:
    """Return the score now, of whom and when, where it is heading if that is shown, and how it moved."""
    return " ".join([_score_now(story, local), *_trend(story, local), *since_previous(story, local)])


def intervals(story: Story) -> int:
    """Return how many intervals `score` writes, so that the page keeps to its eight."""
    judged = story.judged
    moved = judged.previous is not None
    return 1 + moved + bool(has_trend(story) or _against_a_year(story)) + _is_split(story)


def has_trend(story: Story) -> bool:
    """Say whether the line through the waves is more than chance, and the right picture of them."""
    row = story.judged.trend
    return row is not None and is_trend(row)


def _against_a_year(story: Story) -> bool:
    """Say whether there is a year ago that is not the wave before; a trend that is shown tells more."""
    year = story.judged.year
    return year is not None and year is not story.judged.previous and not has_trend(story)


def _is_split(story: Story) -> bool:
    row = story.judged.previous
    return not isinstance(story.judged.split, Limit) and row is not None and verdict_of(row) != "none"


def _score_now(story: Story, local: Local) -> str:
    now = story.now
    told = score_estimate(local, now, story.unit)
    name = touchpoint_name(local, story.touchpoint)
    if now["wave"] and has_dates(story):
        return local.say("{touchpoint}, {wave}: NPS {estimate}.", touchpoint=name, wave=now["wave"], estimate=told)
    return local.say("{touchpoint}, all answers: NPS {estimate}.", touchpoint=name, estimate=told)


def _trend(story: Story, local: Local) -> Iterator[str]:
    """Say the trend where it is more than chance, with the scores at its ends where they agree with it."""
    row = story.judged.trend
    if row is None or not has_trend(story):
        return
    first, now = story.judged.waves["nps"].iloc[0], story.now["nps"]
    told = local.estimate("slope", row["slope"], row["low"], row["high"])
    told |= {"since": str(story.judged.waves["wave"].iloc[0]), "first": local.points(first)}
    told["per"] = {
        "quarter": local.say("a quarter"),
        "month": local.say("a month"),
        "week": local.say("a week"),
        "year": local.say("a year"),
    }.get(str(row["per"]), local.say("a wave"))
    if row["slope"] > 0 and now > first:
        yield local.say("Risen since {since}, then {first}: {slope} points {per} ({low} to {high}).", **told)
    elif row["slope"] < 0 and now < first:
        yield local.say("Fallen since {since}, then {first}: {slope} points {per} ({low} to {high}).", **told)
    else:
        del told["first"]
        yield local.say("The line through all waves since {since}: {slope} points {per} ({low} to {high}).", **told)


def picture_title(story: Story, local: Local) -> str:
    """Return the message of the picture."""
    now, year = story.now, story.judged.year
    if story.judged.previous is None:
        limits = {name: local.points(now[name]) for name in ("nps", "low", "high")}
        return local.say(
            "Our score is {nps}; the interval is {low} to {high} (n = {n})", n=local.count(now["n"]), **limits
        )
    if story.whole:
        return local.say("NPS by wave; {nps} in all waves together", nps=local.points(now["nps"]))
    told = {"nps": local.points(now["nps"]), "wave": now["wave"]}
    if year is None:
        return local.say("NPS by wave: {nps} in {wave}", **told)
    return local.say(
        "NPS by wave: {nps} in {wave}, {before} a year before", before=local.points(now["nps"] - year["change"]), **told
    )


def picture_alt(story: Story, study: Study, local: Local) -> str:
    """Return what one would see in the picture, with its numbers."""
    ours = story.waves[(story.waves["touchpoint"] == story.touchpoint) & (story.waves["n"] > 0)]
    told = [f"{row['wave']} {local.points(row['nps'])} (n = {local.count(row['n'])})" for _, row in ours.iterrows()]
    seen = [local.say("The waves with their intervals: {waves}.", waves="; ".join(told))]
    hollow = [part.wave for part in story.unfinished if part.wave in set(ours["wave"])]
    if hollow:
        seen.append(local.say("Hollow, not complete: {waves}.", waves=local.listed(hollow)))
    named = [*marks(study, local), *(f"{event.label} ({local.date(event.date)})" for event in study.settings.event)]
    if named:
        seen.append(local.say("Marked: {marks}.", marks=local.listed(named)))
    return " ".join(seen)


def marks(study: Study, local: Local) -> dict[str, float]:
    """Return goal and benchmark by their labels, in points."""
    found = {
        local.say("goal {value}", value=local.points(goal.target)): goal.target
        for goal in study.settings.goal
        if goal.metric == "nps"
    }
    if study.settings.benchmark is not None:
        value = study.settings.benchmark.value
        found[local.say("benchmark {value}", value=local.points(value))] = value
    return found


def score(story: Story, study: Study, local: Local) -> Block:
    """Return the score now, how it moved, and how it stands against goal and benchmark."""
    now = story.now
    lines = [*since_a_year(story, local)] if _against_a_year(story) else []
    lines += [*whose(story, local), *_weights(study, local), *_chosen(story, local)]
    lines += [_last_not_whole(part, local) for part in story.unfinished if part.edge == "end"]
    lines += [*first_not_whole(story, local), *_too_few(story, local)]
    lines += [_goal(goal, judged, local, pooled=story.touchpoints > 1) for goal, judged in story.goals]
    lines += _benchmark(story, study, local)
    weighted = "weighted" in now.index
    shares = {
        name: local.share(now[f"{name}_share"] if weighted else now[name] / now["n"])
        for name in ("promoters", "passives", "detractors")
    }
    lines.append(
        local.say(
            "Promoters {promoters}, passives {passives}, detractors {detractors}; NPS is the first less the last."
            " Brackets: {level} confidence intervals.",
            level=local.share(1 - ALPHA),
            **shares,
        )
    )
    return Block("score", local.say("Our score"), headline(story, local), tuple(lines))


def _weights(study: Study, local: Local) -> Iterator[str]:
    """Say that the answers are weighted, or that a column of weights is not used."""
    if study.settings.weight:
        yield local.say(
            "Every answer is weighted by the column “{column}”; groups, themes and revenue count each answer once.",
            column=study.settings.weight,
        )
    elif unused := study.unused_weight():
        yield local.say(
            "The export has a column of weights, “{column}”, that is not used; study.toml says whether it should be.",
            column=unused,
        )


def _chosen(story: Story, local: Local) -> Iterator[str]:
    """Say why this touchpoint leads, where none asks about the relationship."""
    # What employees say of their employer never leads while customers answer.
    asked = story.waves[story.waves["touchpoint"] != EMPLOYEES]
    if story.touchpoint != MAIN and len(asked["touchpoint"].unique()) > 1:
        yield local.say(
            "No touchpoint here asks about the relationship as a whole: the one with most answers leads, {n} of"
            " {total}.",
            n=local.count(asked.loc[asked["touchpoint"] == story.touchpoint, "n"].sum()),
            total=local.count(asked["n"].sum()),
        )


def _too_few(story: Story, local: Local) -> Iterator[str]:
    """Say why not the last wave leads, where it has too few answers."""
    if story.whole:
        yield local.say(
            "No wave has {least} answers: these are all waves together.",
            least=local.count(LEAST_ANSWERS),
        )
    elif story.judged.wave is not None and story.last["n"] < LEAST_ANSWERS:
        yield local.say(
            "The last wave ({wave}) has only {n} answers, fewer than {least}: too few for a score of its own.",
            wave=story.last["wave"],
            n=local.count(story.last["n"]),
            least=local.count(LEAST_ANSWERS),
        )


def _last_not_whole(part: Unfinished, local: Local) -> str:
    """Return that the data end within the last wave."""
    return local.say_n(
        "The last wave ({wave}) is not complete: its answers end on {day}, {n} day before its end.",
        "The last wave ({wave}) is not complete: its answers end on {day}, {n} days before its end.",
        part.days,
        wave=part.wave,
        day=local.date(part.day),
    )


def _goal(goal: Goal, judged: pd.Series | Limit, local: Local, *, pooled: bool = False) -> str:
    write = local.points if goal.metric == "nps" else local.share
    given = {"target": write(goal.target), "date": local.date(goal.by)}
    named = {
        "nps": local.say("Goal NPS {target} by {date}", **given),
        "response_rate": local.say("Goal response rate (all touchpoints) {target} by {date}", **given)
        if pooled
        else local.say("Goal response rate {target} by {date}", **given),
        "comment_share": local.say("Goal share of answers with a comment {target} by {date}", **given),
    }[goal.metric]
    if isinstance(judged, Limit):
        return local.say("{goal}: cannot be judged with what this study has.", goal=named)
    told = {"goal": named, "now": write(judged["value"])}
    return {
        "reached": local.say("{goal}: now {now}, reached.", **told),
        "missed": local.say("{goal}: now {now}, missed.", **told),
        "on_track": local.say("{goal}: now {now}, on track.", **told),
        "off_track": local.say("{goal}: now {now}, off track.", **told),
        "unsure": local.say("{goal}: now {now}, too close to tell.", **told),
        "not_measurable": local.say("{goal}: now {now}, too few answers to tell.", **told),
        "open": local.say("{goal}: now {now}, too early to tell.", **told),
    }["unsure" if judged["status"] in ("on_track", "off_track") and not judged["sure"] else str(judged["status"])]


def _benchmark(story: Story, study: Study, local: Local) -> Iterator[str]:
    row = story.benchmark
    if isinstance(row, Limit):
        return
    others = study.benchmark()
    given = {"value": local.points(others.value), "source": others.source}
    if row["pvalue"] >= ALPHA:
        yield local.say("Benchmark {value}: ours is not shown to differ from it. Source: {source}.", **given)
    elif row["nps"] > others.value:
        yield local.say("Benchmark {value}: ours is above it. Source: {source}.", **given)
    else:
        yield local.say("Benchmark {value}: ours is below it. Source: {source}.", **given)
