"""Who answered and who did not, in sentences; and what the study lacks, in one."""

from __future__ import annotations

from collections.abc import Iterator

from nps_utils.report.summary.phrases import Block, segment_name
from nps_utils.report.summary.story import Story, has_dates
from nps_utils.study.study import Study
from nps_utils.tables.comments import not_covered
from nps_utils.words.limits import Limit
from nps_utils.words.naming import EMPLOYEES
from nps_utils.words.translation import Local


def answered(story: Story, local: Local) -> Block | None:
    """Return how many answered, who is missing, and whose revenue was heard; nothing where that is not known."""
    said = [*_asked(story, local), *_accounts(story, local)]
    return Block("answered", local.say("Who answered"), "", (" ".join(said),)) if said else None


def _asked(story: Story, local: Local) -> Iterator[str]:
    rate = story.rate
    if isinstance(rate, Limit):
        return
    told = {name: local.count(getattr(rate, name)) for name in ("asked", "answered")}
    told |= {"rate": local.share(rate.rate), "wave": rate.wave, "n": local.count(story.last["n"])}
    if not rate.wave:
        yield local.say("{answered} of {asked} people asked so far answered ({rate}).", **told)
    elif rate.answered == story.last["n"]:
        yield local.say("{answered} of {asked} people asked in {wave} answered ({rate}).", **told)
    else:  # somebody asked in one wave may answer in the next, or answer unasked
        yield local.say(
            "{answered} of {asked} people asked in {wave} answered ({rate}); {n} answers came in.",
            **told,
        )
    if rate.least is not None:
        yield local.say(
            "Lowest response rate: {group} ({segment}), {rate}.",
            group=str(rate.least["group"]).replace("_", " "),
            segment=segment_name(local, str(rate.least["segment"])),
            rate=local.share(rate.least["rate"]),
        )


def _accounts(story: Story, local: Local) -> Iterator[str]:
    if isinstance(story.heard, Limit):
        return
    heard = story.heard
    told = {"heard": local.count(heard.heard), "accounts": local.count(heard.accounts)}
    if heard.revenue_share is not None:
        told["share"] = local.share(heard.revenue_share)
    if not story.of_a_year and heard.revenue_share is None:
        yield local.say("{heard} of {accounts} customers answered.", **told)
    elif not story.of_a_year:
        yield local.say("{heard} of {accounts} customers answered, with {share} of recurring revenue.", **told)
    elif heard.revenue_share is None:
        yield local.say("In the last year {heard} of {accounts} customers answered.", **told)
    else:
        yield local.say(
            "In the last year {heard} of {accounts} customers answered, with {share} of recurring revenue.",
            **told,
        )


def to_see_more(story: Story, study: Study, local: Local) -> str:
    """Return in one line what to add to the study, and what each of it would show; empty where nothing is missing."""
    wanted = []
    if not has_dates(story):
        wanted.append(local.say("the date of each answer (waves and waiting cases)"))
    elif story.judged.previous is None:
        wanted.append(local.say("a second wave (changes)"))
    unread = []  # what is there and could not be used is not to be added
    if isinstance(story.rate, Limit) and study.settings.frame is not None:
        unread.append(local.say("the list of who was asked"))
    elif isinstance(story.rate, Limit):
        wanted.append(local.say("the list of who was asked (response rate)"))
    if isinstance(story.themes, Limit) and not _foreign(story):
        none = isinstance(story.remarks, Limit)
        wanted.append(local.say("comments (themes)") if none else local.say("more comments (themes)"))
    if not study.segments:
        wanted.append(local.say("segments"))
    if isinstance(story.risk, Limit) and study.settings.revenue is not None:
        # Growth may be known where a year's value is not: then it is used, and told.
        unread += [local.say("the table of revenue")] if isinstance(story.link, Limit) else []
    elif isinstance(story.risk, Limit) and story.touchpoint != EMPLOYEES and _has_accounts(study):
        wanted.append(local.say("recurring revenue by account (money)"))
    said = [local.say("To see more, add {things}.", things=local.listed(wanted))] if wanted else []
    if unread:
        said.append(
            local.say(
                "There, but not usable as it is (pages 01 and 04 say why): {things}.", things=local.listed(unread)
            )
        )
    return " ".join(said)


def _has_accounts(study: Study) -> bool:
    """Say whether answers are of accounts: patients and citizens have none, and pay nobody's recurring revenue."""
    return study.settings.accounts is not None or bool(study.responses()["account_id"].notna().any())


def _foreign(story: Story) -> bool:
    """Say whether themes lack because most comments are in languages that they do not cover: more would not help."""
    if isinstance(story.remarks, Limit):
        return False
    n, of, _ = not_covered(story.remarks.themes)
    return n > of / 2
