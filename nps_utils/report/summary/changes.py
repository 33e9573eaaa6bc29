"""How the score moved since the last wave and since a year ago, and whose change it is, in sentences and a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from nps_utils.report.summary.phrases import Block, Rows, segment_name, touchpoint_name
from nps_utils.report.summary.story import Story
from nps_utils.stats import verdicts
from nps_utils.words.limits import Limit
from nps_utils.words.translation import Local

MOST_CHANGES: Final = 4


def changed(story: Story, local: Local) -> Block:
    """Return how the score moved, and whether that is more than chance."""
    heading = local.say("What changed, and is it real?")
    if isinstance(story.changes, Limit) or story.judged.previous is None:
        return Block(
            "change", heading, local.say("There is one wave only: whether the score moved cannot be said yet.")
        )
    lines = [*_year(story, local), *_whose(story, local), *_shown_before(story, local), *_mixed(story, local)]
    lines += [*_apart(story, local), *_first_not_whole(story, local)]
    lines.append(
        local.say(
            "Up and down are said of what holds after adjusting for both comparisons of the newest wave; likely, where"
            " only the single interval leaves zero."
        )
    )
    heads = (local.say("Touchpoint"), local.say("From, to"), local.say("Change, points"), local.say("n"))
    cells = tuple(_change_row(row, local) for _, row in story.changes.head(MOST_CHANGES).iterrows())
    table = Rows((*heads, local.say("Real?")), cells)
    return Block("change", heading, _previous(story, local), tuple(lines), tables=(table,))


def _previous(story: Story, local: Local) -> str:
    row = story.judged.previous
    assert row is not None
    what = local.say(
        "Since {before}: {change} points ({low} to {high}; n = {n_before} and {n_after})",
        before=row["before"],
        **_numbers(row, local),
    )
    return local.say("{change}: {verdict}.", change=what, verdict=_verdict(row, story, local))


def _year(story: Story, local: Local) -> Iterator[str]:
    row = story.judged.year
    if row is not None and row is not story.judged.previous:
        what = local.say(
            "Since a year ago ({before}): {change} points ({low} to {high}; n = {n_before} and {n_after})",
            before=row["before"],
            **_numbers(row, local),
        )
        yield local.say("{change}: {verdict}.", change=what, verdict=_word(row, local))


def _verdict(row: pd.Series, story: Story, local: Local) -> str:
    """Return the verdict; a shown change is called real where those who answered both times moved."""
    word = verdicts.verdict_of(row)
    split = story.judged.split
    whose = "unknown" if isinstance(split, Limit) else split.whose
    if word in ("up", "down") and whose == "stayers":
        return local.say("a real rise") if word == "up" else local.say("a real fall")
    if word in ("up", "down") and whose == "others":
        return (
            local.say("a rise, by different customers") if word == "up" else local.say("a fall, by different customers")
        )
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
    """Return a change with its interval and both n in local form."""
    return {
        **{name: local.points(row[name]) for name in ("change", "low", "high")},
        **{name: local.count(row[name]) for name in ("n_before", "n_after")},
    }


def _whose(story: Story, local: Local) -> Iterator[str]:
    """Say how those who answered both times moved, where the change is one."""
    split, row = story.judged.split, story.judged.previous
    if isinstance(split, Limit) or row is None or verdicts.verdict_of(row) == "none":
        return
    stayed = split.part("stayers")
    k = int(stayed["units_after"])
    moved = {name: local.points(stayed[name]) for name in ("points", "low", "high")}
    if split.unit == "account_id":
        yield local.say(
            "The {k} accounts that answered both times moved by {points} points ({low} to {high}); those that left and"
            " those that came make up {others}.",
            k=local.count(k),
            others=local.points(split.others),
            **moved,
        )
    else:
        yield local.say(
            "The {k} people who answered both times moved by {points} points ({low} to {high}); those who left and"
            " those who came make up {others}.",
            k=local.count(k),
            others=local.points(split.others),
            **moved,
        )
    if story.ended is not None:
        yield local.say(
            "Of {k} accounts that answered before and not again, {n} are no longer customers.",
            k=local.count(story.ended[1]),
            n=local.count(story.ended[0]),
        )


def _shown_before(story: Story, local: Local) -> Iterator[str]:
    row = story.last_shown
    if row is not None:
        yield local.say(
            "The last change before that shown to be more than chance: {before} to {after}, {change} points ({low} to"
            " {high}; n = {n_before} and {n_after}).",
            before=row["before"],
            after=row["after"],
            **_numbers(row, local),
        )


def _mixed(story: Story, local: Local) -> Iterator[str]:
    for mixed in story.mixed:
        yield local.say(
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


def _apart(story: Story, local: Local) -> Iterator[str]:
    for _, row in story.apart.head(1).iterrows():
        if row["change"] < 0:
            yield local.say(
                "Within the last year {group} ({segment}) stood apart: {change} points against the rest ({low} to"
                " {high}; n = {n_after} and {n_before}).",
                group=row["group"],
                segment=segment_name(str(row["segment"])),
                **_numbers(row, local),
            )


def _first_not_whole(story: Story, local: Local) -> Iterator[str]:
    for part in story.unfinished:
        if part.edge == "begin":
            yield local.say_n(
                "The first wave ({wave}) is not complete: its answers begin on {day}, {n} day into it.",
                "The first wave ({wave}) is not complete: its answers begin on {day}, {n} days into it.",
                part.days,
                wave=part.wave,
                day=local.date(part.day),
            )


def _change_row(row: pd.Series, local: Local) -> tuple[str, ...]:
    word = {
        "up": local.say("up"),
        "down": local.say("down"),
        "likely up": local.say("likely up"),
        "likely down": local.say("likely down"),
        "none": local.say("no evidence"),
    }[verdicts.verdict_of(row)]
    low, high = local.points(row["low"]), local.points(row["high"])
    return (
        touchpoint_name(local, str(row["touchpoint"])),
        f"{row['before']} → {row['after']}",
        local.say("{value} ({low} to {high})", value=local.points(row["change"]), low=low, high=high),
        f"{local.count(row['n_before'])} → {local.count(row['n_after'])}",
        word,
    )
