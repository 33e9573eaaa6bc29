"""What to do this week, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import pandas as pd

from nps_utils.followup import is_named
from nps_utils.followup.contacts import order_of
from nps_utils.report.summary.findings import theme_of_now
from nps_utils.report.summary.phrases import Block
from nps_utils.report.summary.story import Story
from nps_utils.words.limits import Limit
from nps_utils.words.translation import Local

LISTS: Final = "results/followup/"


def do(story: Story, local: Local) -> Block:
    """Return what to do this week."""
    heading = local.say("What to do this week")
    items = [*_calls(story, local), *_first_theme(story, local), *_next(story, local)]
    if isinstance(story.contacts, Limit):
        lead = local.say("Without dates nobody can be said to wait for a contact; ask for the date in the next export.")
    elif story.contacts.cases.empty:
        lead = local.say("No case is open.")
    else:
        lead = " ".join(_waiting(story.contacts.cases, local))
    if not isinstance(story.contacts, Limit) and story.contacts.declined:
        not_listed = local.say_n(
            "{n} more asked not to be contacted and is on no list.",
            "{n} more asked not to be contacted and are on no list.",
            story.contacts.declined,
        )
        lead = f"{lead} {not_listed}"
    return Block("do", heading, lead, items=tuple(items))


def _waiting(cases: pd.DataFrame, local: Local) -> Iterator[str]:
    """Say how many wait: people, else accounts, else answers of which nobody is known; and where they are listed."""
    named = int(is_named(cases).sum())
    nameless = local.count(len(cases) - named)
    if named:
        yield local.say_n("{n} person waits for a contact.", "{n} people wait for a contact.", named)
        if named < len(cases):
            yield from _old(_known(cases), local)
            yield local.say("{n} more answers wait, but the export does not say whose they are.", n=nameless)
    elif _somebody(cases):
        yield local.say(
            "{n} answers from {k} accounts wait for a contact: the export names the accounts, not the people.",
            n=nameless,
            k=local.count(cases["account_id"].nunique()),
        )
    else:
        yield local.say(
            "{n} answers wait for a reply, but the export does not say whose they are: nobody can be called.",
            n=nameless,
        )
        yield local.say("They are listed in {folder}, to be read and found again in the export.", folder=LISTS)
        return
    if not 0 < named < len(cases):
        yield from _old(cases, local)
    if cases["owner"].notna().any():
        yield local.say("The list, ranked and with owners, is in {folder}.", folder=LISTS)
    else:
        yield local.say("The list, ranked, is in {folder}.", folder=LISTS)


def _old(cases: pd.DataFrame, local: Local) -> Iterator[str]:
    """Say how many of them have waited so long that they stand in a list of their own."""
    old = order_of(cases).old
    if old:
        yield local.say_n(
            "{n} of them over 90 days: ask anew.",
            "{n} of them over 90 days: ask those anew.",
            old,
        )


def _somebody(cases: pd.DataFrame) -> bool:
    """Say whether any open case names a person or an account: an answer alone can be read, not called."""
    return bool(is_named(cases).any() or cases["account_id"].notna().any())


def _known(cases: pd.DataFrame) -> pd.DataFrame:
    """Return the cases of which a person or an account is known: nobody can contact the others."""
    return cases[is_named(cases) | cases["account_id"].notna()]


def _calls(story: Story, local: Local) -> Iterator[str]:
    if isinstance(story.contacts, Limit) or not _somebody(story.contacts.cases):
        return
    yield from _first_calls(_known(story.contacts.cases), local)
    quotes = len(story.contacts.quotes) if story.contacts.consented else 0
    if quotes:
        yield local.say_n(
            "Thank {n} promoter who may be quoted.",
            "Thank the {n} promoters who may be quoted.",
            quotes,
        )


def _first_calls(cases: pd.DataFrame, local: Local) -> Iterator[str]:
    """Say whom to call, and in which order: those who waited too long are asked anew, and not among them."""
    called = cases[cases["age"] != "old"]
    if called.empty:
        return
    detractors = int((called["kind"] == "detractor").sum())
    fresh, first, _, _ = order_of(cases)
    if len(called) < len(cases):
        yield local.say_n(
            "Contact the other one; detractors: {detractors}.",
            "Contact the other {n}; detractors: {detractors}.",
            len(called),
            detractors=local.count(detractors),
        )
    elif detractors == len(called):
        yield local.say("Contact them: all are detractors.")
    else:
        yield local.say_n("Contact them: {n} is a detractor.", "Contact them: {n} are detractors.", detractors)
    if fresh and first:
        yield local.say_n(
            "First the one of the last 48 hours, then {more} at accounts with half the value.",
            "First the {n} of the last 48 hours, then {more} at accounts with half the value.",
            fresh,
            more=local.count(first),
        )
    elif fresh:
        yield local.say_n("Begin with the one of the last 48 hours.", "Begin with the {n} of the last 48 hours.", fresh)
    elif first:
        yield local.say_n(
            "Begin with the one at an account that holds half of the value.",
            "Begin with the {n} at accounts that hold half of the value.",
            first,
        )


def _first_theme(story: Story, local: Local) -> Iterator[str]:
    row = theme_of_now(story)
    if row is not None and not isinstance(story.remarks, Limit):
        yield local.say(
            "Look into {theme} first.",
            theme=story.remarks.taxonomy.label(row["theme"], local.language),
        )


def _next(story: Story, local: Local) -> Iterator[str]:
    if isinstance(story.next_survey, Limit):
        return
    row = story.next_survey.iloc[0]
    yield local.say(
        "Next survey, {date}: of {people} people about {answers} answer, enough for ±{margin} points.",
        people=local.count(row["people"]),
        date=local.date(row["date"]),
        answers=local.count(row["answers"]),
        margin="–" if math.isnan(row["margin"]) else local.size(row["margin"]),
    )
