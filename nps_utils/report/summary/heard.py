"""Who answered and who did not, in sentences."""

from __future__ import annotations

from nps_utils.report.summary.phrases import Block, segment_name, touchpoint_name
from nps_utils.report.summary.story import Story
from nps_utils.words.limits import Limit
from nps_utils.words.translation import Local


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
        more = int(story.last["n"]) - rate.answered
        if more > 0:
            lines.append(
                local.say_n(
                    "The score counts {total} answers; {n} of them has no invitation of its own in that wave.",
                    "The score counts {total} answers; {n} of them have no invitation of their own in that wave.",
                    more,
                    total=local.count(story.last["n"]),
                )
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
                    "The accounts that answered in the last year hold {share} of the recurring revenue.",
                    share=local.share(heard.revenue_share),
                )
            )
    return Block("answered", heading, lead, tuple(lines))
