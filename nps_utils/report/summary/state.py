"""The score in sentences: now, against goal and benchmark, and in words for those who cannot see the picture."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from nps_utils.cleaning.unfinished_waves import Unfinished
from nps_utils.report.summary.evidence import ALPHA
from nps_utils.report.summary.phrases import Block, estimate, score_estimate, touchpoint_name
from nps_utils.report.summary.story import Story, has_dates
from nps_utils.stats.each import MAIN
from nps_utils.stats.verdicts.newest import LEAST_ANSWERS
from nps_utils.study.settings import Goal
from nps_utils.study.study import Study
from nps_utils.words.limits import Limit
from nps_utils.words.translation import Local


def headline(story: Story, local: Local) -> str:
    """Return the score now, of whom and when, with its interval and n, and where it is heading if that is shown."""
    return " ".join([_score_now(story, local), *_trend(story, local)])


def _score_now(story: Story, local: Local) -> str:
    now = story.now
    told = score_estimate(local, now, story.unit)
    name = touchpoint_name(local, story.touchpoint)
    if now["wave"] and has_dates(story):
        return local.say("{touchpoint}, {wave}: NPS {estimate}.", touchpoint=name, wave=now["wave"], estimate=told)
    return local.say("{touchpoint}, all answers: NPS {estimate}.", touchpoint=name, estimate=told)


def _trend(story: Story, local: Local) -> Iterator[str]:
    """Say the trend where it is more than chance."""
    row = story.judged.trend
    if row is None or not row["pvalue"] < ALPHA:
        return
    told = {name: local.points(row[name]) for name in ("slope", "low", "high")}
    told["since"] = str(story.judged.waves["wave"].iloc[0])
    told["per"] = {
        "quarter": local.say("a quarter"),
        "month": local.say("a month"),
        "week": local.say("a week"),
        "year": local.say("a year"),
    }.get(str(row["per"]), local.say("a wave"))
    if row["slope"] > 0:
        yield local.say("Rising since {since}: {slope} points {per} ({low} to {high}).", **told)
    else:
        yield local.say("Falling since {since}: {slope} points {per} ({low} to {high}).", **told)


def picture_title(story: Story, local: Local) -> str:
    """Return the message of the picture."""
    now = story.now
    limits = {name: local.points(now[name]) for name in ("nps", "low", "high")}
    return local.say("Our score is {nps}; the interval is {low} to {high} (n = {n})", n=local.count(now["n"]), **limits)


def picture_alt(story: Story, local: Local, marks: dict[str, float]) -> str:
    """Return what one would see in the picture, with its numbers."""
    seen = [local.say("A line from -100 to 100 with the score and its interval.")]
    if marks:
        seen.append(local.say("Marked: {marks}.", marks=local.listed(list(marks))))
    ours = story.waves[(story.waves["touchpoint"] == story.touchpoint) & (story.waves["n"] > 0)]
    if len(ours) > 1:
        told = [f"{row['wave']} {local.points(row['nps'])} (n = {local.count(row['n'])})" for _, row in ours.iterrows()]
        seen.append(local.say("Below it the waves with their intervals: {waves}.", waves="; ".join(told)))
        hollow = [part.wave for part in story.unfinished if part.wave in set(ours["wave"])]
        if hollow:
            seen.append(local.say("Hollow, not complete: {waves}.", waves=local.listed(hollow)))
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
    """Return the score now, against goal and benchmark."""
    now = story.now
    lines = [*_weights(study, local), *_chosen(story, local)]
    lines += [_last_not_whole(part, local) for part in story.unfinished if part.edge == "end"]
    lines += _too_few(story, local)
    weighted = "weighted" in now.index
    shares = {
        name: local.share(now[f"{name}_share"] if weighted else now[name] / now["n"])
        for name in ("promoters", "passives", "detractors")
    }
    lines.append(
        local.say(
            "Promoters {promoters}, passives {passives}, detractors {detractors} of {n} answers. NPS is the share of"
            " promoters less the share of detractors, from -100 to 100.",
            n=local.count(now["n"]),
            **shares,
        )
    )
    lines.append(
        local.say("In brackets: {level} intervals; n counts what a number rests on.", level=local.share(1 - ALPHA))
    )
    total = story.total
    if total["n"] > now["n"] and story.touchpoints > 1:
        lines.append(
            local.say(
                "All answers of the study, {k} touchpoints and all waves together: {estimate}.",
                k=local.count(story.touchpoints),
                estimate=score_estimate(local, total, story.unit),
            )
        )
    elif total["n"] > now["n"]:
        lines.append(
            local.say(
                "All answers of the study, all waves together: {estimate}.",
                estimate=score_estimate(local, total, story.unit),
            )
        )
    lines += [_goal(goal, judged, local, pooled=story.touchpoints > 1) for goal, judged in story.goals]
    lines += _benchmark(story, study, local)
    return Block("score", local.say("Our score"), headline(story, local), tuple(lines))


def _weights(study: Study, local: Local) -> Iterator[str]:
    """Say that the answers are weighted, or that a column of weights is not used."""
    if study.settings.weight:
        yield local.say(
            "Every answer is weighted by the column “{column}”: scores, shares, their intervals and their changes"
            " here are weighted. Groups, themes and revenue count each answer once.",
            column=study.settings.weight,
        )
    elif unused := study.unused_weight():
        yield local.say(
            "The export has a column of weights, “{column}”, that is not used: every answer counts once."
            " study.toml says whether it should be.",
            column=unused,
        )


def _chosen(story: Story, local: Local) -> Iterator[str]:
    """Say why this touchpoint leads, where none asks about the relationship."""
    if story.touchpoint != MAIN and story.touchpoints > 1:
        yield local.say(
            "No touchpoint here asks about the relationship as a whole, so the one with most answers leads: {n} of"
            " {total}.",
            n=local.count(story.waves.loc[story.waves["touchpoint"] == story.touchpoint, "n"].sum()),
            total=local.count(story.responses),
        )


def _too_few(story: Story, local: Local) -> Iterator[str]:
    """Say why not the last wave leads, where it has too few answers."""
    if story.whole:
        yield local.say(
            "No wave has {least} answers, so that none has a score of its own here: these are all waves together.",
            least=local.count(LEAST_ANSWERS),
        )
    elif story.judged.wave is not None and story.last["n"] < LEAST_ANSWERS:
        yield local.say(
            "The last wave ({wave}) has only {n} answers, fewer than {least}: too few for a score of its own here.",
            wave=story.last["wave"],
            n=local.count(story.last["n"]),
            least=local.count(LEAST_ANSWERS),
        )


def _last_not_whole(part: Unfinished, local: Local) -> str:
    """Return that the data end within the last wave."""
    return local.say_n(
        "The last wave ({wave}) is not complete: its answers end on {day}, {n} day before its end. Its"
        " score can still move.",
        "The last wave ({wave}) is not complete: its answers end on {day}, {n} days before its end. Its"
        " score can still move.",
        part.days,
        wave=part.wave,
        day=local.date(part.day),
    )


def _goal(goal: Goal, judged: pd.Series | Limit, local: Local, *, pooled: bool = False) -> str:
    write = local.points if goal.metric == "nps" else local.share
    given = {"target": write(goal.target), "date": local.date(goal.by)}
    named = {
        "nps": local.say("Goal: NPS {target} by {date}.", **given),
        "response_rate": local.say("Goal: response rate of all touchpoints together {target} by {date}.", **given)
        if pooled
        else local.say("Goal: response rate {target} by {date}.", **given),
        "comment_share": local.say("Goal: share of answers with a comment {target} by {date}.", **given),
    }[goal.metric]
    if isinstance(judged, Limit):
        return f"{named} " + local.say("It cannot be judged with what this study has.")
    now = estimate(local, write(judged["value"]), write(judged["low"]), write(judged["high"]), judged["n"])
    line = write(judged["line"])
    status = {
        "reached": local.say("Reached: now {now}, the whole interval at or above it.", now=now),
        "missed": local.say("Missed: now {now}, the whole interval below it.", now=now),
        "on_track": local.say("On track: now {now}, above the straight line to it ({line}).", now=now, line=line),
        "off_track": local.say("Off track: now {now}, below the straight line to it ({line}).", now=now, line=line),
        "unsure": local.say(
            "Not to be told apart from the straight line to it ({line}): now {now}.", now=now, line=line
        ),
        "not_measurable": local.say("Not measurable with so few answers: now {now}.", now=now),
        "open": local.say("Too early to judge: one wave so far, {now}.", now=now),
    }["unsure" if judged["status"] in ("on_track", "off_track") and not judged["sure"] else str(judged["status"])]
    return f"{named} {status}"


def _benchmark(story: Story, study: Study, local: Local) -> Iterator[str]:
    row = story.benchmark
    if isinstance(row, Limit):
        return
    others = study.benchmark()
    given = {
        "value": local.points(others.value),
        "score": score_estimate(local, row, story.unit),
        "source": others.source,
    }
    if row["pvalue"] >= ALPHA:
        yield local.say("Benchmark {value}: our {score} is not shown to differ from it. Source: {source}.", **given)
    elif row["nps"] > others.value:
        yield local.say("Benchmark {value}: our {score} is above it. Source: {source}.", **given)
    else:
        yield local.say("Benchmark {value}: our {score} is below it. Source: {source}.", **given)
