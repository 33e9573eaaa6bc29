"""The state of things in sentences: the score, what changed, who answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from nps_utils.limits import Limit
from nps_utils.local import Local
from nps_utils.settings import Goal
from nps_utils.study import Study
from nps_utils.summary.evidence import ALPHA, LEAST_ANSWERS, is_real
from nps_utils.summary.phrases import Block, Rows, estimate, segment_name, touchpoint_name
from nps_utils.summary.story import Story, has_dates
from nps_utils.tables.scores import smallest_visible

MOST_CHANGES: Final = 4


def headline(story: Story, local: Local) -> str:
    """Return the score now, of whom and when, with its interval and n."""
    now = story.now
    told = estimate(local, local.points(now["nps"]), local.points(now["low"]), local.points(now["high"]), now["n"])
    name = touchpoint_name(local, story.touchpoint)
    if now["wave"] and has_dates(story):
        return local.say("{touchpoint}, {wave}: NPS {estimate}", touchpoint=name, wave=now["wave"], estimate=told)
    return local.say("{touchpoint}, all answers: NPS {estimate}", touchpoint=name, estimate=told)


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
    return " ".join(seen)


def marks(study: Study, local: Local) -> dict[str, float]:
    """Return goal and benchmark by their labels, in points."""
    found = {
        local.say("goal {value}", value=local.points(goal.target)): goal.target
        for goal in study.goals
        if goal.metric == "nps"
    }
    if study.settings.benchmark is not None:
        value = study.settings.benchmark.value
        found[local.say("benchmark {value}", value=local.points(value))] = value
    return found


def score(story: Story, study: Study, local: Local) -> Block:
    """Return the score now, against goal and benchmark."""
    now = story.now
    lines = []
    if story.whole:
        lines.append(
            local.say(
                "The last wave ({wave}) has only {n} answers, fewer than {least}: too few for a score of its own here.",
                wave=story.last["wave"],
                n=local.count(story.last["n"]),
                least=local.count(LEAST_ANSWERS),
            )
        )
    shares = {name: local.share(now[name] / now["n"]) for name in ("promoters", "passives", "detractors")}
    lines.append(
        local.say(
            "Promoters {promoters}, passives {passives}, detractors {detractors} of {n} answers. NPS is the share of"
            " promoters less the share of detractors, from -100 to 100.",
            n=local.count(now["n"]),
            **shares,
        )
    )
    total = story.total
    if total["n"] > now["n"] and story.touchpoints > 1:
        lines.append(
            local.say(
                "All answers of the study, {k} touchpoints and all waves together: {estimate}.",
                k=local.count(story.touchpoints),
                estimate=_points(local, total),
            )
        )
    elif total["n"] > now["n"]:
        lines.append(
            local.say("All answers of the study, all waves together: {estimate}.", estimate=_points(local, total))
        )
    lines += [_goal(goal, judged, local) for goal, judged in story.goals]
    lines += _benchmark(story, study, local)
    return Block("score", local.say("Our score"), headline(story, local), tuple(lines))


def _points(local: Local, row: pd.Series, name: str = "nps", n: str = "n") -> str:
    low, high = local.points(row["low"]), local.points(row["high"])
    return estimate(local, local.points(row[name]), low, high, row[n])


def _goal(goal: Goal, judged: pd.Series | Limit, local: Local) -> str:
    write = local.points if goal.metric == "nps" else local.share
    given = {"target": write(goal.target), "date": local.date(goal.by)}
    named = {
        "nps": local.say("Goal: NPS {target} by {date}.", **given),
        "response_rate": local.say("Goal: response rate {target} by {date}.", **given),
        "comment_share": local.say("Goal: share of answers with a comment {target} by {date}.", **given),
    }[goal.metric]
    if isinstance(judged, Limit):
        return f"{named} " + local.say("It cannot be judged with what this study has.")
    now = estimate(local, write(judged["value"]), write(judged["low"]), write(judged["high"]), judged["n"])
    line = write(judged["line"])
    status = {
        "reached": local.say("Reached: now {now}, the whole interval at or above it.", now=now),
        "missed": local.say("Missed: now {now}, the whole interval below it.", now=now),
        "on_track": local.say(
            "On its way: now {now}, at or above the straight line to it ({line}).", now=now, line=line
        ),
        "off_track": local.say("Behind: now {now}, below the straight line to it ({line}).", now=now, line=line),
        "not_measurable": local.say("Not measurable with so few answers: now {now}.", now=now),
        "open": local.say("Too early to judge: one wave so far, {now}.", now=now),
    }[str(judged["status"])]
    unsure = judged["status"] in ("on_track", "off_track") and not judged["sure"]
    tail = (
        " " + local.say("The interval holds the line, so chance alone could put it on either side.") if unsure else ""
    )
    return f"{named} {status}{tail}"


def _benchmark(story: Story, study: Study, local: Local) -> Iterator[str]:
    row = story.benchmark
    if isinstance(row, Limit):
        return
    others = study.benchmark()
    given = {"value": local.points(others.value), "score": _points(local, row), "source": others.source}
    if row["pvalue"] >= ALPHA:
        yield local.say("Benchmark {value}: our {score} is not shown to differ from it. Source: {source}.", **given)
    elif row["nps"] > others.value:
        yield local.say("Benchmark {value}: our {score} is above it. Source: {source}.", **given)
    else:
        yield local.say("Benchmark {value}: our {score} is below it. Source: {source}.", **given)


def changed(story: Story, local: Local) -> Block:
    """Return what changed since the last wave, and whether it is real."""
    heading = local.say("What changed, and is it real?")
    if isinstance(story.changes, Limit):
        return Block(
            "change", heading, local.say("There is one wave only: whether the score moved cannot be said yet.")
        )
    rows = story.changes.head(MOST_CHANGES)
    lines = []
    if story.last_real is not None and not is_real(rows.iloc[0]):
        row = story.last_real
        change = _points(local, row, "change", "n_after")
        lines.append(
            local.say(
                "The last change that was more than chance: {before} to {after}, {change}.",
                before=row["before"],
                after=row["after"],
                change=change,
            )
        )
    for mixed in story.mixed:
        lines.append(
            local.say(
                "{touchpoint}, {before} to {after}: {mix} of {change} points ({low} to {high}, n = {n}) come from who"
                " answered, by {segment}, not from a change of heart.",
                touchpoint=touchpoint_name(local, mixed.touchpoint),
                before=mixed.before,
                after=mixed.after,
                mix=local.points(mixed.mix),
                change=local.points(mixed.change),
                low=local.points(mixed.mix_low),
                high=local.points(mixed.mix_high),
                n=local.count(mixed.n),
                segment=segment_name(mixed.segment),
            )
        )
    for _, row in story.apart.head(1).iterrows():
        if row["change"] < 0:
            lines.append(
                local.say(
                    "Within the last year {group} ({segment}) stood apart: {change} points against the rest.",
                    group=row["group"],
                    segment=segment_name(str(row["segment"])),
                    change=_points(local, row, "change", "n_after"),
                )
            )
    lines.append(local.say("Real means: still more than chance after adjusting for every comparison between waves."))
    heads = (
        local.say("Touchpoint"),
        local.say("From, to"),
        local.say("Change, points"),
        local.say("n"),
        local.say("Real?"),
    )
    cells = tuple(_change_row(row, local) for _, row in rows.iterrows())
    return Block("change", heading, _verdict(rows.iloc[0], story, local), tuple(lines), tables=(Rows(heads, cells),))


def _verdict(row: pd.Series, story: Story, local: Local) -> str:
    values = {
        "touchpoint": touchpoint_name(local, story.touchpoint),
        "change": local.points(row["change"]),
        "low": local.points(row["low"]),
        "high": local.points(row["high"]),
        "n_before": local.count(row["n_before"]),
        "n_after": local.count(row["n_after"]),
    }
    if not is_real(row):
        return local.say(
            "Since the last wave, {touchpoint}: {change} points ({low} to {high}; n = {n_before} and {n_after}): too"
            " early to call real. With so many answers about {visible} points would have shown.",
            visible=local.size(smallest_visible(row)),
            **values,
        )
    if row["change"] > 0:
        return local.say(
            "Since the last wave, {touchpoint}: {change} points ({low} to {high}; n = {n_before} and {n_after}): a real"
            " rise.",
            **values,
        )
    return local.say(
        "Since the last wave, {touchpoint}: {change} points ({low} to {high}; n = {n_before} and {n_after}): a real"
        " fall.",
        **values,
    )


def _change_row(row: pd.Series, local: Local) -> tuple[str, ...]:
    words = (local.say("up"), local.say("down")) if is_real(row) else (local.say("not shown"),) * 2
    low, high = local.points(row["low"]), local.points(row["high"])
    return (
        touchpoint_name(local, str(row["touchpoint"])),
        f"{row['before']} → {row['after']}",
        local.say("{value} ({low} to {high})", value=local.points(row["change"]), low=low, high=high),
        f"{local.count(row['n_before'])} → {local.count(row['n_after'])}",
        words[0] if row["change"] > 0 else words[1],
    )


def answered(story: Story, local: Local) -> Block:
    """Return how many answered, who is missing, and whose revenue was heard."""
    heading = local.say("Who answered, and who did not?")
    lines = []
    rate = story.rate
    if isinstance(rate, Limit):
        lead = local.say(
            "Who was asked is not known here, so neither the response rate nor who is missing can be told. The list of"
            " invitations, added to the study, shows both."
        )
    else:
        lead = local.say(
            "{touchpoint}: of {asked} people asked in the last wave {answered} answered, {rate} ({low} to {high}).",
            touchpoint=touchpoint_name(local, story.touchpoint),
            asked=local.count(rate.asked),
            answered=local.count(rate.answered),
            rate=local.share(rate.rate),
            low=local.share(rate.low),
            high=local.share(rate.high),
        )
        if rate.least is not None:
            row = rate.least
            lines.append(
                local.say(
                    "Least heard of all asked so far: {group} ({segment}), {rate} ({low} to {high}) of {asked}.",
                    group=row["group"],
                    segment=segment_name(str(row["segment"])),
                    rate=local.share(row["rate"]),
                    low=local.share(row["low"]),
                    high=local.share(row["high"]),
                    asked=local.count(row["asked"]),
                )
            )
    if not isinstance(story.heard, Limit):
        heard = story.heard
        lines.append(
            local.say(
                "In the last year {heard} of {accounts} accounts answered ({share}).",
                heard=local.count(heard.heard),
                accounts=local.count(heard.accounts),
                share=local.share(heard.heard / heard.accounts),
            )
        )
        if heard.revenue_share is not None:
            lines.append(
                local.say(
                    "The accounts that answered hold {share} of the recurring revenue.",
                    share=local.share(heard.revenue_share),
                )
            )
    return Block("answered", heading, lead, tuple(lines))
