"""What not to conclude: the warnings that the data of a study call for, the most serious first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nps_utils.report.summary import state
from nps_utils.report.summary.phrases import Block, segment_name
from nps_utils.report.summary.story import Story
from nps_utils.stats.verdicts import verdict_of
from nps_utils.study.study import Study
from nps_utils.words.limits import Limit
from nps_utils.words.translation import Local

FEW_ANSWERS: Final = 100
LOW_RATE: Final = 0.5
FEW_ACCOUNTS: Final = 30


def avoid(story: Story, study: Study, local: Local) -> Block:
    """Return the two most serious warnings."""
    heading = local.say("What not to conclude")
    return Block("avoid", heading, "", items=tuple(cautions(story, study, local)[:2]))


def cautions(story: Story, study: Study, local: Local) -> list[str]:
    """Return every warning that the data call for, the most serious first; never fewer than two."""
    return [
        *_swapped(story, local),
        *_mixed(story, local),
        *_scale(story, local),
        *_few_answers(story, local),
        *_few_accounts(story, local),
        *_silent(story, local),
        *_waves(story, local),
        *_benchmark(study, local),
        *_always(local),
    ]


def _scale(story: Story, local: Local) -> Iterator[str]:
    if story.scale == "known":
        yield local.say(
            "Do not compare this score with scores of 0 to 10: the question offered 1 to 10, so that nobody could"
            " answer 0."
        )
    elif story.scale == "suspected":
        yield local.say(
            "Do not compare this score with others before the scale is checked: there is no 0 among {n} answers, though"
            " other low answers occur; it may have run from 1 to 10.",
            n=local.count(story.responses),
        )


def _few_answers(story: Story, local: Local) -> Iterator[str]:
    now = story.now
    if now["n"] < FEW_ANSWERS:
        yield local.say(
            "Do not read much into single points: with {n} answers the interval is {width} points wide.",
            n=local.count(now["n"]),
            width=local.size(now["high"] - now["low"]),
        )


def _few_accounts(story: Story, local: Local) -> Iterator[str]:
    row = story.now
    if row["design"] == "clustered" and story.unit == "account" and (row["clusters"] < FEW_ACCOUNTS):
        yield local.say(
            "Do not take {n} answers for as many opinions: they come from {accounts} accounts and are worth {worth}"
            " answers of different ones.",
            n=local.count(row["n"]),
            accounts=local.count(row["units"]),
            worth=local.count(row["n_worth"]),
        )


def _silent(story: Story, local: Local) -> Iterator[str]:
    rate = story.rate  # of customers, citizens, members or employees: the page knows only who was asked
    if isinstance(rate, Limit):
        yield local.say("Do not take the score for everybody's: who was asked and did not answer is not known.")
    elif rate.rate < LOW_RATE:
        yield local.say(
            "Do not take the score for everybody's: {share} of those asked did not answer.",
            share=local.share(1 - rate.rate),
        )


def _swapped(story: Story, local: Local) -> Iterator[str]:
    row = story.judged.previous
    if story.judged.swapped and row is not None and verdict_of(row) != "none":
        yield local.say(
            "Do not take the last change for a change of opinion: {segment} changed with the wave.",
            segment=segment_name(local, story.judged.swapped),
        )


def _mixed(story: Story, local: Local) -> Iterator[str]:
    mixed = next((one for one in story.mixed if one.touchpoint == story.touchpoint), None)
    row = story.judged.previous
    if mixed is None or row is None or story.judged.swapped or verdict_of(row) == "none":
        return
    if mixed.mix * mixed.change > 0:  # else who answered hid a part of it
        yield local.say(
            "Do not take the last change for a change of opinion: half of it or more comes from who answered"
            " ({segment}).",
            segment=segment_name(local, mixed.segment),
        )


def _waves(story: Story, local: Local) -> Iterator[str]:
    if isinstance(story.changes, Limit):
        yield local.say("Do not say better or worse: with one wave there is nothing to compare with.")
    elif verdict_of(story.changes.iloc[0]) == "none" and not state.has_trend(story):
        yield local.say("Do not call the last change a trend.")


def _benchmark(study: Study, local: Local) -> Iterator[str]:
    others = study.settings.benchmark
    if others is not None and (others.n is None or others.date is None):
        yield local.say("Do not rank us by the benchmark: its source does not tell both how many answered and when.")


def _always(local: Local) -> Iterator[str]:
    yield local.say(
        "Do not promise points for mending a theme: the numbers tell what goes together, not what would follow."
    )
    yield local.say("Do not compare this score with that of another survey, scale or channel.")
