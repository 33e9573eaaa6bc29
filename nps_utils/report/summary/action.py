"""What follows in sentences: themes, revenue at risk, what to do this week."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import pandas as pd

from nps_utils.comments.remarks import Remarks
from nps_utils.followup import is_named
from nps_utils.report.summary.evidence import ALPHA
from nps_utils.report.summary.phrases import Block, Rows
from nps_utils.report.summary.story import Story
from nps_utils.tables.comments import MOST_LANGUAGES, not_covered
from nps_utils.words.limits import Limit
from nps_utils.words.translation import Local

MOST_THEMES: Final = 3
LATE_DAYS: Final = 14
FEW_FOREIGN: Final = 0.01  # of the comments: a few hold up no reader
LISTS: Final = "results/followup/"


def themes(story: Story, local: Local) -> Block:
    """Return the themes that go with the lowest and the highest scores."""
    heading = local.say("What costs points, and what brings them?")
    foreign = "" if isinstance(story.remarks, Limit) else _foreign(story.remarks, local)
    if isinstance(story.themes, Limit) or isinstance(story.remarks, Limit):
        nothing = local.say("There are no comments to read: why people answer as they do is not known.")
        return Block("themes", heading, foreign or nothing)
    lines = (foreign,) if foreign else ()
    known = story.themes
    sure = known[known["adjusted_pvalue_adjusted"] < ALPHA]
    cost = sure[sure["adjusted"] < 0].nsmallest(MOST_THEMES, "adjusted")
    bring = sure[sure["adjusted"] > 0].nlargest(MOST_THEMES, "adjusted")
    if cost.empty and bring.empty:
        return Block(
            "themes",
            heading,
            local.say("No theme of the comments goes with a lower or higher score by more than chance."),
            lines,
        )
    taxonomy = story.remarks.taxonomy
    named = {theme: taxonomy.label(theme, local.language) for theme in known["theme"]}
    parts = []
    if len(cost):
        parts.append(local.say("Costs most: {themes}.", themes=local.listed([named[t] for t in cost["theme"]])))
    if len(bring):
        parts.append(local.say("Brings most: {themes}.", themes=local.listed([named[t] for t in bring["theme"]])))
    heads = (local.say("Theme"), local.say("Points of the total score"), local.say("n"))
    cells = tuple(
        (
            named[row["theme"]],
            local.say(
                "{value} ({low} to {high})",
                value=local.points(row["adjusted"]),
                low=local.points(row["adjusted_low"]),
                high=local.points(row["adjusted_high"]),
            ),
            local.count(row["n"]),
        )
        for part in (cost, bring)
        for _, row in part.iterrows()
    )
    line = local.say(
        "Points of the total score that go with a theme while the other themes are held equal; n: how many mention it."
        " It shows what goes together, not what a remedy would bring."
    )
    return Block("themes", heading, " ".join(parts), (line, *lines), tables=(Rows(heads, cells),))


def _foreign(remarks: Remarks, local: Local) -> str:
    """Return which comments the themes cannot read, where they are more than a few."""
    n, of, codes = not_covered(remarks.themes)
    if n <= FEW_FOREIGN * of:
        return ""
    named = [local.tongue(code) for code in codes[:MOST_LANGUAGES]]
    named += [local.say("other languages")] if len(codes) > MOST_LANGUAGES else []
    return local.say(
        "{n} of {all} comments are in {languages}, which the themes do not cover.",
        n=local.count(n),
        all=local.count(of),
        languages=local.listed(named),
    )


def risk(story: Story, local: Local) -> Block:
    """Return the revenue of accounts that are detractors now, as a range."""
    heading = local.say("Revenue at risk")
    if isinstance(story.risk, Limit):
        lead = local.say("This study has no revenue that can be used: what is at risk cannot be told in money.")
        return Block("risk", heading, lead)
    row = story.risk.set_index("reading")
    currency = str(row["currency"].iloc[0])
    lead = local.say(
        "{amount} a year, {share} of the recurring revenue, is with accounts whose latest answer is a detractor's (n ="
        " {n}).",
        amount=local.money(row["amount"]["latest"], currency),
        share=local.share(row["share"]["latest"]),
        n=local.count(row["accounts"]["latest"]),
    )
    lines = (
        local.say(
            "The range: from {low} ({share_low}), where everybody who answered is a detractor (n = {n_low}), to {high}"
            " ({share_high}), where anybody is (n = {n_high}). At risk is not lost.",
            low=local.money(row["amount"]["all"], currency),
            high=local.money(row["amount"]["any"], currency),
            share_low=local.share(row["share"]["all"]),
            share_high=local.share(row["share"]["any"]),
            n_low=local.count(row["accounts"]["all"]),
            n_high=local.count(row["accounts"]["any"]),
        ),
        local.say(
            "Accounts that never answered (n = {n}) hold {share}: what is at risk there is not known.",
            n=local.count(row["accounts"]["silent"]),
            share=local.share(row["share"]["silent"]),
        ),
    )
    return Block("risk", heading, lead, lines)


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
    return Block("do", heading, lead, items=tuple(items))


def _waiting(cases: pd.DataFrame, local: Local) -> Iterator[str]:
    """Say how many wait: people, else accounts, else answers of which nobody is known; and where they are listed."""
    named = int(is_named(cases).sum())
    nameless = local.count(len(cases) - named)
    if named:
        yield local.say_n("{n} person waits for a contact.", "{n} people wait for a contact.", named)
        if named < len(cases):
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
    if cases["owner"].notna().any():
        yield local.say("The list, ranked and with owners, is in {folder}.", folder=LISTS)
    else:
        yield local.say("The list, ranked, is in {folder}.", folder=LISTS)


def _somebody(cases: pd.DataFrame) -> bool:
    """Say whether any open case names a person or an account: an answer alone can be read, not called."""
    return bool(is_named(cases).any() or cases["account_id"].notna().any())


def _calls(story: Story, local: Local) -> Iterator[str]:
    if isinstance(story.contacts, Limit) or not _somebody(story.contacts.cases):
        return
    cases = story.contacts.cases
    first, detractors = int((cases["value_class"] == "A").sum()), int((cases["kind"] == "detractor").sum())
    if detractors == len(cases):
        yield local.say("Contact: all of them are detractors.")
    else:
        yield local.say(
            "Contact: {detractors} detractors and {passives} passives who were promoters before.",
            detractors=local.count(detractors),
            passives=local.count(len(cases) - detractors),
        )
    if first:
        yield local.say("Begin with the {n} at accounts that hold half of the value on the list.", n=local.count(first))
    late = int((cases["days_waiting"] > LATE_DAYS).sum())
    if late:
        yield local.say(
            "{late} of {n} have waited for more than {days} days, the longest for {longest}.",
            late=local.count(late),
            n=local.count(len(cases)),
            days=local.count(LATE_DAYS),
            longest=local.count(cases["days_waiting"].max()),
        )
    quotes = len(story.contacts.quotes)
    if quotes:
        yield local.say_n(
            "Thank {n} promoter who allowed us to quote the comment.",
            "Thank the {n} promoters who allowed us to quote their comment.",
            quotes,
        )


def _first_theme(story: Story, local: Local) -> Iterator[str]:
    if isinstance(story.themes, Limit) or isinstance(story.remarks, Limit):
        return
    sure = story.themes[story.themes["adjusted_pvalue_adjusted"] < ALPHA]
    worst = sure[sure["adjusted"] < 0].nsmallest(1, "adjusted")
    for _, row in worst.iterrows():
        yield local.say(
            "Look into {theme} first: no theme goes with a larger loss ({points} points, {low} to {high}, n = {n}).",
            theme=story.remarks.taxonomy.label(row["theme"], local.language),
            points=local.points(row["adjusted"]),
            low=local.points(row["adjusted_low"]),
            high=local.points(row["adjusted_high"]),
            n=local.count(row["n"]),
        )


def _next(story: Story, local: Local) -> Iterator[str]:
    if isinstance(story.next_survey, Limit):
        return
    row = story.next_survey.iloc[0]
    yield local.say(
        "Next survey: {people} people may be asked on {date}; at the response rate so far about {answers} answer,"
        " enough for ±{margin} points.",
        people=local.count(row["people"]),
        date=local.date(row["date"]),
        answers=local.count(row["answers"]),
        margin="–" if math.isnan(row["margin"]) else local.size(row["margin"]),
    )
