"""A study's own plan: whom to ask today, what its answers can show, and how its goals stand."""

from __future__ import annotations

import functools
import math

import pandas as pd

from nps_utils.checks import BadValue, check_columns
from nps_utils.columns import last_day, text_of
from nps_utils.pages.askings import last_asked, people_by_askings
from nps_utils.pages.known import known
from nps_utils.stats import verdicts
from nps_utils.stats.each import main_touchpoint
from nps_utils.stats.planning.cadence import cadence
from nps_utils.stats.planning.detectable import Mix, detectable_change, observed_mix, power_table
from nps_utils.stats.planning.eligibility import RULED_BY, eligible
from nps_utils.stats.planning.goals import judge_goal
from nps_utils.stats.planning.margins import margin_of, proportion_sample_size, sample_size
from nps_utils.stats.verdicts.independence import narrow
from nps_utils.study.kept import once
from nps_utils.study.settings import Goal
from nps_utils.study.study import Study
from nps_utils.words.limits import Limit, attempt

MARGINS = (3.0, 5.0, 10.0)
CHANGES = (5.0, 10.0, 15.0, 20.0, 30.0)


def asked_today(study: Study) -> pd.DataFrame:
    """Return each person of the frame, whether to ask on the day of the last answer, and why not; see `eligible`.

    Of what the frame says of people, it has what the rules ask for; not how often each was asked, of which
    `askings_by_people` tells.
    """
    study.askings()  # without a frame it is not known who was asked
    rests_on = (study.folder, study.input_hash(language=False), study.settings.model_dump_json())
    # Of millions of people there is one table for all that a page asks of it.
    return once(("asked today", *rests_on), functools.partial(_asked_today, study))


def _asked_today(study: Study) -> pd.DataFrame:
    rule, on = study.settings.eligibility, last_day(study.responses(), timezone=study.timezone)
    people = eligible(
        last_asked(study, on=on, columns=RULED_BY),
        on=on,
        min_days_as_customer=rule.min_days_as_customer,
        not_asked_within_days=rule.not_asked_within_days,
        staff_domains=study.settings.staff_domains,
    )
    return people.drop(columns="askings")


def askings_by_people(study: Study) -> pd.DataFrame:
    """Count people by how often they were asked in the last year: `askings`, `people`, `share` (0..1)."""
    check_columns(study.frame_columns(), ["asked_at"], what="the frame")
    table = people_by_askings(study, on=last_day(study.responses(), timezone=study.timezone))
    return table.assign(share=table["people"] / table["people"].sum())


def cadences(study: Study) -> pd.DataFrame:
    """Return what cadences from the day of the last answer would mean, under the study's rules; see `cadence`.

    Answers are expected at the rate of all invitations so far; they are missing where nobody knows who was asked.
    """
    responses, rule = study.responses(), study.settings.eligibility
    rates = attempt(study.response_rates)
    rate = math.nan if isinstance(rates, Limit) else float(rates["rate"].iloc[0])
    return cadence(
        asked_today(study),
        on=last_day(responses, timezone=study.timezone),
        min_days_as_customer=rule.min_days_as_customer,
        not_asked_within_days=rule.not_asked_within_days,
        response_rate=None if math.isnan(rate) else rate,
    )


def usual_wave(responses: pd.DataFrame) -> int:
    """Return the median number of answers per wave at the main touchpoint."""
    here = responses["touchpoint"] == main_touchpoint(responses)
    return int(responses[here].groupby("wave", observed=True).size().median())


def design_effect(responses: pd.DataFrame) -> float:
    """Return how many answers of one account are worth one of different ones, by the last wave with answers enough."""
    row = verdicts.judge(responses).now
    return float(row["n"] / row["n_worth"]) if row["design"] == "clustered" and row["n_worth"] > 0 else 1.0


def answers_needed(mix: Mix, *, population: int | None = None, effect: float = 1.0) -> pd.DataFrame:
    """Return the answers needed per margin: for one proportion, for this mix, and at worst.

    Parameters
    ----------
    mix, population
        As for `sample_size`.
    effect
        How many answers here are worth one independent answer, see `design_effect`; above 1 there is `nps_here`.

    Returns
    -------
    `margin` (points), `proportion`, `nps` (at this mix), `nps_wider` (so that the longer side of the interval is no
    more either), `nps_worst` (half detractors, half promoters); `nps_here`, where answers
    of an account are as alike as here.
    """
    alone = [sample_size(margin=m, population=population, mix=mix) for m in MARGINS]
    here = {"nps_here": [math.ceil(n * effect) for n in alone]} if effect > 1 else {}
    return pd.DataFrame(
        {
            "margin": MARGINS,
            "proportion": [proportion_sample_size(margin=m, population=population) for m in MARGINS],
            "nps": alone,
            **here,
            "nps_wider": [sample_size(margin=m, population=population, mix=mix, side="wider") for m in MARGINS],
            "nps_worst": [sample_size(margin=m, population=population, mix=(0.5, 0.0, 0.5)) for m in MARGINS],
        }
    )


def power_here(responses: pd.DataFrame) -> pd.DataFrame:
    """Return the power of waves of a quarter to four times the usual size for changes of 5 to 30 points.

    Where changes are judged by account, n answers have the power of as many independent ones as the changes so far were
    worth (the median of their design effects).
    """
    usual = usual_wave(responses)
    sizes = sorted({max(usual * k // 4, 5) for k in (1, 2, 4, 8, 16)})
    worth = {n: max(round(n / _change_effect(responses)), 5) for n in sizes}
    mix = observed_mix(responses)
    tables = [power_table(n=[worth[n]], change=CHANGES, mix=mix).assign(n=n) for n in sizes]
    return pd.concat(tables, ignore_index=True)


def _change_effect(responses: pd.DataFrame) -> float:
    """Return by how much accounts widen a change at the main touchpoint; 1 where answers are judged as independent."""
    here = narrow(responses, "touchpoint", "wave")
    here = here[here["touchpoint"] == main_touchpoint(here)]
    each = attempt(verdicts.each_wave, here)
    if isinstance(each, Limit):
        return design_effect(responses)
    effects = each.loc[each["design"] == "clustered", "design_effect"].dropna()
    return float(effects.median()) if len(effects) else 1.0


def few_accounts(mix: Mix, *, accounts: int = 20) -> pd.DataFrame:
    """Return what a handful of accounts can show: margin and detectable change when some or all of them answer.

    Returns
    -------
    `answered` (of `accounts`), `margin` (points; zero for a census), `detectable` (change between two waves, points).
    """
    sizes = sorted({max(accounts * k // 4, 2) for k in (1, 2, 3)} | {accounts})
    return pd.DataFrame(
        {
            "answered": sizes,
            "accounts": accounts,
            "margin": [margin_of(n=n, population=accounts, mix=mix) for n in sizes],
            "detectable": [detectable_change(n=n, population=accounts, mix=mix) for n in sizes],
        }
    )


def judged_goals(study: Study) -> pd.DataFrame:
    """Judge every goal of the study from its waves so far; one row per goal, see `judge_goal`.

    The score is that of the main touchpoint, so that a change of what is asked does not pass for one of heart.

    Raises
    ------
    BadInput
        No goal is named, the answers have no dates, or a rate has no frame to be counted on.
    """
    if not study.settings.goal:
        raise BadValue('This study names no goal: [[goal]] metric = "nps", target = 40, by = 2026-12-31.')
    return pd.concat([judged_goal(study, goal) for goal in study.settings.goal], ignore_index=True)


def judged_goal(study: Study, goal: Goal) -> pd.DataFrame:
    """Judge one goal, as `judged_goals` does."""

    def judged() -> pd.DataFrame:
        on = last_day(study.responses(), timezone=study.timezone)
        return judge_goal(_waves_for(study, goal), metric=goal.metric, target=goal.target, by=goal.by, on=on)

    return known(study, "goal", judged, goal.model_dump_json())


def _waves_for(study: Study, goal: Goal) -> pd.DataFrame:
    responses = study.responses()
    here = narrow(responses, "touchpoint", "wave", "responded_at", "comment")
    here = here[here["touchpoint"] == main_touchpoint(here)]
    ends = here.groupby("wave")["responded_at"].max().rename("ends").reset_index()
    if goal.metric == "nps":
        return verdicts.scores(here, by=["wave"]).merge(ends, on="wave")
    if goal.metric == "comment_share":
        counted = here.assign(commented=text_of(here, "comment").notna())
        shares = counted.groupby("wave")["commented"].agg(commented="sum", answered="size").reset_index()
        return shares.merge(ends, on="wave")
    rates = study.response_rates(by=["wave"])
    everyone = responses.groupby("wave")["responded_at"].max().rename("ends").reset_index()
    return rates.merge(everyone, on="wave")[["wave", "asked", "answered", "ends"]]
