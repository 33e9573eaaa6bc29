"""What stands out, a sentence each: the fix that worked, the segment that fell, the money, the theme of now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from nps_utils.comments.effects import held
from nps_utils.comments.remarks import Remarks
from nps_utils.report.summary import state
from nps_utils.report.summary.evidence import ALPHA
from nps_utils.report.summary.moved import FEWEST
from nps_utils.report.summary.phrases import Block, group_name, segment_name, touchpoint_name
from nps_utils.report.summary.story import Story
from nps_utils.stats.each import MAIN
from nps_utils.study.study import Study
from nps_utils.tables.comments import MOST_LANGUAGES, not_covered
from nps_utils.words.limits import Limit
from nps_utils.words.translation import Local

# On the whole page; a reader who has to weigh more weighs none.
MOST_INTERVALS = 8
RELIABLE = 0.8
FEW_FOREIGN = 0.01  # of the comments: a few hold up no reader


class Finding(NamedTuple):
    """A sentence and how many intervals it holds."""

    text: str
    intervals: int


def findings(story: Story, study: Study, local: Local) -> Block:
    """Return what stands out, the most certain first, with as many intervals as the page has room for."""
    room = MOST_INTERVALS - state.intervals(story)
    items = []
    for found in _found(story, study, local):
        if found.intervals <= room:
            room -= found.intervals
            items.append(found.text)
    lead = "" if items else _nothing(story, study, local)
    foreign = "" if isinstance(story.remarks, Limit) else _foreign(story.remarks, local)
    return Block("findings", local.say("What stands out"), lead, (foreign,) if foreign else (), items=tuple(items))


def _found(story: Story, study: Study, local: Local) -> Iterator[Finding]:
    yield from _gone_theme(story, local)
    yield from _fix(story, study, local)
    yield from _moved(story, local)
    yield from _elsewhere(story, local)
    yield from _apart(story, local)
    yield from _at_risk(story, local)
    yield from _left(story, local)
    yield from _link(story, local)
    yield from _mixed(story, local)
    yield from _theme(story, local)
    yield from _driver(story, local)


def _nothing(story: Story, study: Study, local: Local) -> str:
    """Say that nothing stands out, of what could be looked at."""
    looked = [local.say("segments of at least {least} answers", least=local.count(FEWEST))] if study.segments else []
    looked += [] if isinstance(story.themes, Limit) else [local.say("themes")]
    looked += [] if isinstance(story.link, Limit) and isinstance(story.leavers, Limit) else [local.say("money")]
    if not looked:
        return local.say("Neither segments, themes nor money are known, so that none can stand out.")
    return local.say("Nothing stands out from chance. Looked at: {things}.", things=local.listed(looked))


def _gone_theme(story: Story, local: Local) -> Iterator[Finding]:
    gone, row = story.faded, story.last_shown
    if gone is None or isinstance(story.remarks, Limit):
        return
    told = {
        "theme": story.remarks.taxonomy.label(gone.theme, local.language),
        "share": local.share(gone.share),
        "wave": gone.wave,
        "since": gone.since,
    }
    if row is not None and row["after"] == gone.wave and row["change"] < 0:
        yield Finding(
            local.say(
                "In {wave} the score fell by {size} points; {share} of the comments were about {theme}, none since"
                " {since}.",
                size=local.size(row["change"]),
                **told,
            ),
            0,
        )
    else:
        yield Finding(
            local.say(
                "{theme} went with low scores: in {share} of the comments of {wave}, in none since {since}.",
                **told,
            ),
            0,
        )


def _fix(story: Story, study: Study, local: Local) -> Iterator[Finding]:
    experiment = study.settings.experiment
    if isinstance(story.arms, Limit) or experiment is None:
        return
    row = story.arms.iloc[-1]
    told = {
        "arm": group_name(experiment.arm),
        "wave": experiment.wave,
        **local.estimate("change", row["change"], row["low"], row["high"]),
        "n": local.count(row["n_control"] + row["n_treated"]),
        # The picture shows the arms as they scored; this difference allows for what they scored before.
        "how": local.say(", adjusted") if "prior" in row["analysis"] else "",
    }
    if row["pvalue"] >= ALPHA:
        yield Finding(
            local.say(
                "{arm}, given by lot, is not shown to work: {change} points against the others in {wave}{how} ({low} to"
                " {high}, n = {n}).",
                **told,
            ),
            1,
        )
    elif row["change"] > 0:
        yield Finding(
            local.say(
                "{arm}, given by lot, worked: {change} points against the others in {wave}{how} ({low} to {high},"
                " n = {n}).",
                **told,
            ),
            1,
        )
    else:
        yield Finding(
            local.say(
                "{arm}, given by lot, did harm: {change} points against the others in {wave}{how} ({low} to {high}, n ="
                " {n}).",
                **told,
            ),
            1,
        )


def _moved(story: Story, local: Local) -> Iterator[Finding]:
    """Say which group moved otherwise than all others since the last wave."""
    row = story.moved
    if isinstance(row, Limit):
        return
    said = local.say(
        "{group} ({segment}): {change} points since {before} ({low} to {high}, n = {n} → {k}), the others {others}.",
        group=str(row["group"]).replace("_", " "),
        segment=segment_name(local, str(row["segment"])),
        others=local.points(row["others"]),
        **_numbers(row, local),
    )
    yield Finding(said[:1].upper() + said[1:], 1)


def _elsewhere(story: Story, local: Local) -> Iterator[Finding]:
    """Say how another touchpoint than the leading one moved, where that is shown."""
    row = story.elsewhere
    if isinstance(row, Limit):
        return
    said = local.say(
        "{touchpoint}: {change} points since {before} ({low} to {high}, n = {n} → {k}).",
        touchpoint=touchpoint_name(local, str(row["touchpoint"])),
        **_numbers(row, local),
    )
    yield Finding(said, 1)
    group = story.moved_there
    if not isinstance(group, Limit):
        said = local.say(
            "{touchpoint}, {group} ({segment}): {change} points since {before} ({low} to {high}, n = {n} → {k}), the"
            " others {others}.",
            touchpoint=touchpoint_name(local, str(row["touchpoint"])),
            group=str(group["group"]).replace("_", " "),
            segment=segment_name(local, str(group["segment"])),
            others=local.points(group["others"]),
            **_numbers(group, local),
        )
        yield Finding(said, 1)


def _numbers(row: pd.Series, local: Local) -> dict[str, str]:
    """Return what a sentence says of a change: since when, by how much, and of how many answers."""
    points = local.estimate("change", row["change"], row["low"], row["high"])
    return {"before": str(row["before"]), "n": local.count(row["n_before"]), "k": local.count(row["n_after"]), **points}


def _apart(story: Story, local: Local) -> Iterator[Finding]:
    for _, row in story.apart.head(1).iterrows():
        if row["change"] >= 0:
            return
        told = {
            "group": str(row["group"]).replace("_", " "),
            "segment": segment_name(local, str(row["segment"])),
            **local.estimate("change", row["change"], row["low"], row["high"]),
            "n": local.count(row["n_after"]),
        }
        if not story.of_a_year:
            said = local.say(
                "{group} ({segment}): {change} points against the rest ({low} to {high}, n = {n}).", **told
            )
        elif story.apart_before is None:
            said = local.say(
                "{group} ({segment}): {change} points against the rest in the last year ({low} to {high}, n = {n}).",
                **told,
            )
        else:
            said = local.say(
                "{group} ({segment}): {change} points against the rest in the last year ({low} to {high}, n = {n});"
                " {earlier} the year before.",
                earlier=local.points(story.apart_before),
                **told,
            )
        yield Finding(said[:1].upper() + said[1:], 1)


def _at_risk(story: Story, local: Local) -> Iterator[Finding]:
    if isinstance(story.risk, Limit):
        return
    row = story.risk[story.risk["reading"] == "most"].iloc[0]
    if row["accounts"]:
        yield Finding(
            local.say(
                "{amount} a year, {share} of recurring revenue, is with {n} accounts where most are detractors.",
                amount=local.money(row["amount"], str(row["currency"])),
                share=local.share(row["share"]),
                n=local.count(row["accounts"]),
            ),
            0,
        )


def _left(story: Story, local: Local) -> Iterator[Finding]:
    if isinstance(story.leavers, Limit):
        return
    days, detractors, detractors_left, others, others_left = story.leavers
    yield Finding(
        local.say(
            "Within {days} days {left} of {n} detractor accounts left, and {others_left} of {others} others.",
            days=local.count(days),
            left=local.count(detractors_left),
            n=local.count(detractors),
            others_left=local.count(others_left),
            others=local.count(others),
        ),
        0,
    )


def _link(story: Story, local: Local) -> Iterator[Finding]:
    if isinstance(story.link, Limit):
        return
    row = story.link
    if row["verdict"] == "leads" and pd.notna(row["measured"]):
        said = local.say(
            "Per 10 points of NPS, revenue then grows {change} percentage points a year ({low} to {high}, {n}"
            " accounts): a link, not a cause.",
            n=local.count(row["accounts"]),
            **local.estimate("change", row["measured"], row["measured_low"], row["measured_high"], digits=2),
        )
        # Few answers an account draw a slope towards zero on average; that this one is too small nobody can tell.
        if row["reliability"] < RELIABLE:
            said = local.say("{said} Few answers an account tend to understate it.", said=said)
        yield Finding(said, 1)
        return
    said = {
        "follows": local.say("The score follows the growth of revenue; it does not foretell it."),
        "both": local.say("The score goes with earlier growth of revenue as with later: it does not foretell it."),
        "unclear": local.say(
            "Revenue grows more after higher scores, but not clearly more than before them: that the score foretells"
            " it is not shown."
        ),
    }.get(str(row["verdict"]), local.say("The score is not seen to go with later growth of revenue."))
    yield Finding(said, 0)


def _mixed(story: Story, local: Local) -> Iterator[Finding]:
    for mixed in story.mixed[:1]:
        yield Finding(
            local.say(
                "{touchpoint}: {mix} of {change} points since {before} ({low} to {high}, n = {n}) come from who"
                " answered ({segment}).",
                touchpoint=touchpoint_name(local, mixed.touchpoint),
                before=mixed.before,
                change=local.points(mixed.change),
                **local.estimate("mix", mixed.mix, mixed.mix_low, mixed.mix_high),
                n=local.count(mixed.n),
                segment=segment_name(local, mixed.segment),
            ),
            1,
        )


def theme_of_now(story: Story) -> pd.Series | None:
    """Return the theme that goes with the lowest score of the last year and that the last waves still mention."""
    if isinstance(story.now_themes, Limit):
        return None
    known = held(story.now_themes)
    sure = known[known["adjusted"] < 0]
    return None if sure.empty else sure.sort_values("adjusted").iloc[0]


def _theme(story: Story, local: Local) -> Iterator[Finding]:
    row = theme_of_now(story)
    if row is not None and not isinstance(story.remarks, Limit):
        told = {
            "theme": story.remarks.taxonomy.label(row["theme"], local.language),
            **local.estimate("points", row["adjusted"], row["adjusted_low"], row["adjusted_high"]),
            "n": local.count(row["n"]),
        }
        here = {"touchpoint": touchpoint_name(local, story.touchpoint)}
        single = story.touchpoints == 1 or story.touchpoint == MAIN
        if not story.of_a_year and single:
            said = local.say("Costs most: {theme}, {points} points of the score ({low} to {high}, n = {n}).", **told)
        elif not story.of_a_year:
            said = local.say(
                "Costs most: {theme}, {points} points of the score ({touchpoint}; {low} to {high}, n = {n}).",
                **told,
                **here,
            )
        elif single:
            said = local.say(
                "Costs most now: {theme}, {points} points of the year's score ({low} to {high}, n = {n}).", **told
            )
        else:
            said = local.say(
                "Costs most now: {theme}, {points} points of the year's score ({touchpoint}; {low} to {high},"
                " n = {n}).",
                **told,
                **here,
            )
        yield Finding(said, 1)


def _driver(story: Story, local: Local) -> Iterator[Finding]:
    """Say which of the ratings goes with most of the score, where it is sure to be the first."""
    if isinstance(story.driver, Limit):
        return
    row, ratings = story.driver
    yield Finding(
        local.say(
            "Of {k} ratings “{item}” goes with the score most: {share} of its differences ({low} to {high}, n = {n}).",
            k=local.count(ratings),
            item=str(row["item"]),
            share=local.share(row["importance"]),
            low=local.share(row["low"]),
            high=local.share(row["high"]),
            n=local.count(row["n"]),
        ),
        1,
    )


def _foreign(remarks: Remarks, local: Local) -> str:
    """Return which comments the themes cannot read, where they are more than a few."""
    n, of, codes = not_covered(remarks.themes)
    if n <= FEW_FOREIGN * of:
        return ""
    named = [local.tongue(code) for code in codes[:MOST_LANGUAGES]]
    named += [local.say("other languages")] if len(codes) > MOST_LANGUAGES or not codes else []
    return local.say(
        "{n} of {all} comments are in {languages}, which the themes do not cover.",
        n=local.count(n),
        all=local.count(of),
        languages=local.listed(named),
    )
