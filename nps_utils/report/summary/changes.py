"""How the score moved since the last wave and since a year ago, and whose change it is, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from nps_utils.report.summary.story import Story
from nps_utils.stats import verdicts
from nps_utils.words.limits import Limit
from nps_utils.words.translation import Local


def since_previous(story: Story, local: Local) -> Iterator[str]:
    """Say how the score moved since the wave before."""
    row = story.judged.previous
    if row is None:
        return
    told = {"before": str(row["before"]), **_numbers(row, local)}
    if story.whole:  # the score beside it is of all waves, so that "since" would be since when, and until when?
        what = _between(row, local)
    else:
        what = local.say("Since {before}: {change} points ({low} to {high}, n = {n} → {k})", **told)
    yield local.say("{change}: {verdict}.", change=what, verdict=_verdict(row, story, local))


def since_a_year(story: Story, local: Local) -> Iterator[str]:
    """Say how the score moved since the same period a year ago, where that is not the wave before."""
    row = story.judged.year
    if row is not None and row is not story.judged.previous:
        told = {"before": str(row["before"]), **_numbers(row, local)}
        if story.whole:
            what = _between(row, local)
        else:
            what = local.say("Since {before}, a year ago: {change} points ({low} to {high}, n = {n} → {k})", **told)
        yield local.say("{change}: {verdict}.", change=what, verdict=_word(row, local))


def _between(row: pd.Series, local: Local) -> str:
    return local.say(
        "From {before} to {after}: {change} points ({low} to {high}, n = {n} → {k})",
        before=str(row["before"]),
        after=str(row["after"]),
        **_numbers(row, local),
    )


def _verdict(row: pd.Series, story: Story, local: Local) -> str:
    """Return the verdict; a shown change is called real where those who answered both times moved."""
    word = verdicts.verdict_of(row)
    split = story.judged.split
    whose = "unknown" if isinstance(split, Limit) else split.whose
    if word in ("up", "down") and story.judged.swapped:
        return _word(row, local)
    if word in ("up", "down") and whose == "stayers":
        return local.say("a real rise") if word == "up" else local.say("a real fall")
    if word in ("up", "down") and whose == "unknown" and not isinstance(split, Limit):
        return (
            local.say("a rise, more than chance, but not shown among those who answered both times")
            if word == "up"
            else local.say("a fall, more than chance, but not shown among those who answered both times")
        )
    if word in ("up", "down") and whose == "others":
        return local.say("a rise, by other respondents") if word == "up" else local.say("a fall, by other respondents")
    return _word(row, local)


def _word(row: pd.Series, local: Local) -> str:
    return {
        "up": local.say("a rise, more than chance"),
        "down": local.say("a fall, more than chance"),
        "likely up": local.say("likely a rise, not proven"),
        "likely down": local.say("likely a fall, not proven"),
        "none": local.say(
            "no evidence of a change; about {visible} points would have shown",
            visible=local.size(verdicts.would_have_shown(row)),
        ),
    }[verdicts.verdict_of(row)]


def _numbers(row: pd.Series, local: Local) -> dict[str, str]:
    """Return a change with its interval, and the answers of both waves, in local form."""
    told = local.estimate("change", row["change"], row["low"], row["high"])
    return told | {"n": local.count(row["n_before"]), "k": local.count(row["n_after"])}


def whose(story: Story, local: Local) -> Iterator[str]:
    """Say how those who answered both times moved, where the change is one."""
    split, row = story.judged.split, story.judged.previous
    if isinstance(split, Limit) or row is None or verdicts.verdict_of(row) == "none":
        return
    stayed = split.part("stayers")
    k = int(stayed["units_after"])
    moved = local.estimate("points", stayed["points"], stayed["low"], stayed["high"])
    if split.unit == "account_id":
        yield local.say(
            "The {k} accounts that answered both times moved by {points} points ({low} to {high}); those that came or"
            " left make up {others}.",
            k=local.count(k),
            others=local.points(split.others),
            **moved,
        )
    else:
        yield local.say(
            "The {k} people who answered both times moved by {points} points ({low} to {high}); those who came or"
            " left make up {others}.",
            k=local.count(k),
            others=local.points(split.others),
            **moved,
        )
    if story.ended is not None and story.ended[0]:
        yield local.say(
            "Of {k} accounts that did not answer again, {n} are no longer customers.",
            k=local.count(story.ended[1]),
            n=local.count(story.ended[0]),
        )


def first_not_whole(story: Story, local: Local) -> Iterator[str]:
    """Say that the answers begin within the first wave."""
    for part in story.unfinished:
        if part.edge == "begin":
            yield local.say_n(
                "The first wave ({wave}) is not complete: its answers begin on {day}, {n} day into it.",
                "The first wave ({wave}) is not complete: its answers begin on {day}, {n} days into it.",
                part.days,
                wave=part.wave,
                day=local.date(part.day),
            )
