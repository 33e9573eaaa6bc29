"""What changed since the last wave and since the first, and whether it is real, in sentences and a small table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from nps_utils.report.summary.phrases import Block, Rows, segment_name, touchpoint_name
from nps_utils.report.summary.story import Story
from nps_utils.tables.scores import is_real, smallest_visible
from nps_utils.words.limits import Limit
from nps_utils.words.translation import Local

MOST_CHANGES: Final = 4


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
        lines.append(
            local.say(
                "The last change that was more than chance: {before} to {after}, {change} points ({low} to {high}; n ="
                " {n_before} and {n_after}; {p}).",
                before=row["before"],
                after=row["after"],
                **_numbers(row, local),
            )
        )
    lines += _since_first(story, local)
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
                    "Within the last year {group} ({segment}) stood apart: {change} points against the rest ({low} to"
                    " {high}; n = {n_after} and {n_before}; {p}).",
                    group=row["group"],
                    segment=segment_name(str(row["segment"])),
                    **_numbers(row, local),
                )
            )
    lines.append(
        local.say(
            "Real means: still more than chance after adjusting for every comparison between waves; p is adjusted"
            " likewise, the intervals are not."
        )
    )
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
    values = {"touchpoint": touchpoint_name(local, story.touchpoint), **_numbers(row, local)}
    if not is_real(row):
        return local.say(
            "Since the last wave, {touchpoint}: {change} points ({low} to {high}; n = {n_before} and {n_after}; {p}):"
            " too early to call real. With so many answers about {visible} points would have shown.",
            visible=local.size(smallest_visible(row)),
            **values,
        )
    if row["change"] > 0:
        return local.say(
            "Since the last wave, {touchpoint}: {change} points ({low} to {high}; n = {n_before} and {n_after}; {p}): a"
            " real rise.",
            **values,
        )
    return local.say(
        "Since the last wave, {touchpoint}: {change} points ({low} to {high}; n = {n_before} and {n_after}; {p}): a"
        " real fall.",
        **values,
    )


def _numbers(row: pd.Series, local: Local) -> dict[str, str]:
    """Return a change with its interval, both n and the adjusted p in local form."""
    return {
        **{name: local.points(row[name]) for name in ("change", "low", "high")},
        **{name: local.count(row[name]) for name in ("n_before", "n_after")},
        "p": local.pvalue(row["pvalue_adjusted"]),
    }


def _since_first(story: Story, local: Local) -> Iterator[str]:
    """Say what changed since the first wave, and where that one is not whole."""
    row = story.since_first
    if row is not None:
        values = {"wave": row["before"], **_numbers(row, local)}
        if not is_real(row):
            yield local.say(
                "Since the first wave ({wave}): {change} points ({low} to {high}; n = {n_before} and {n_after}; {p}):"
                " not shown to be more than chance.",
                **values,
            )
        elif row["change"] > 0:
            yield local.say(
                "Since the first wave ({wave}): {change} points ({low} to {high}; n = {n_before} and {n_after}; {p}):"
                " a real rise.",
                **values,
            )
        else:
            yield local.say(
                "Since the first wave ({wave}): {change} points ({low} to {high}; n = {n_before} and {n_after}; {p}):"
                " a real fall.",
                **values,
            )
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
    words = (local.say("up"), local.say("down")) if is_real(row) else (local.say("not shown"),) * 2
    low, high = local.points(row["low"]), local.points(row["high"])
    return (
        touchpoint_name(local, str(row["touchpoint"])),
        f"{row['before']} → {row['after']}",
        local.say("{value} ({low} to {high})", value=local.points(row["change"]), low=low, high=high),
        f"{local.count(row['n_before'])} → {local.count(row['n_after'])}",
        f"{words[0] if row['change'] > 0 else words[1]}, {local.pvalue(row['pvalue_adjusted'])}",
    )
