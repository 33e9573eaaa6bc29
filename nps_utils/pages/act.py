"""The follow-up lists of a study: its answers, frame, accounts, revenue and comments put together."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from nps_utils import comments
from nps_utils.comments.remarks import Remarks
from nps_utils.exports.people import people_in
from nps_utils.followup import last_day, may_quote, not_to_ask, to_contact
from nps_utils.followup.contacts import Contacts
from nps_utils.pages.revenue import money_of
from nps_utils.revenue.at_risk import run_rate
from nps_utils.stats.planning.detectable import observed_mix
from nps_utils.stats.planning.eligibility import eligible
from nps_utils.stats.planning.margins import margin_of
from nps_utils.stats.weighting.silence import response_rates
from nps_utils.study.study import Study
from nps_utils.words.limits import Limit, attempt

# Tools whose consent is for a testimonial, not for the reason of the score.
TESTIMONIAL_TOOLS = ("trustmary",)


def read_remarks(study: Study) -> Remarks:
    """Mask the comments of a study with the names it knows, and assign their themes."""
    responses = study.responses()
    own = [theme.model_dump(exclude_none=True) for theme in study.settings.theme]
    names = known_names(study)
    masked, marks = comments.mask(responses["comment"], names=names)
    said = responses["language"] if "language" in responses.columns else None
    language = pd.Series(comments.detect_language(masked, language=said), index=responses.index)
    industry = comments.find_industry(masked, language=language, industry=study.settings.industry)
    taxonomy = comments.read_taxonomy(own or None, industry=industry.names)
    themes = comments.assign_themes(masked, language=language, taxonomy=taxonomy)
    shown = _quotable(study, responses, masked, names)
    other = (shown.notna() & (shown != masked)).to_numpy()
    shown_themes = themes
    if other.any():
        spoken = None if said is None else said[other]
        theirs = comments.assign_themes(shown[other], language=spoken, taxonomy=taxonomy)
        shown_themes = pd.concat([themes[~other], theirs.set_axis(themes.index[other])]).loc[themes.index]
    return Remarks(masked, themes, taxonomy, marks, shown, shown_themes, comments.has_consent(responses), industry)


def _quotable(study: Study, responses: pd.DataFrame, masked: pd.Series[str], names: list[str]) -> pd.Series[str]:
    """Return the texts of a study that may be shown, see `comments.quotable`."""
    told = None
    if comments.TESTIMONIAL in responses.columns:
        told, _ = comments.mask(responses[comments.TESTIMONIAL], names=names)
    recognised = study.recognised()
    return comments.quotable(
        responses,
        masked,
        testimonials=told,
        testimonial_files=set(recognised.loc[recognised["tool"].isin(TESTIMONIAL_TOOLS), "source_file"]),
        without_consent=study.settings.quotes,
    )


def contact_lists(study: Study, remarks: Remarks | Limit | None = None) -> Contacts:
    """Return the follow-up lists of a study as of the day of its last answer.

    Raises
    ------
    BadValue
        The answers carry no dates.
    """
    responses = study.responses()
    on = last_day(responses, timezone=study.timezone)
    remarks = attempt(read_remarks, study) if remarks is None else remarks
    framed = attempt(study.frame)
    frame, accounts, followup = (
        None if isinstance(part, Limit) else part for part in (framed, attempt(study.accounts), attempt(study.followup))
    )
    value, currency = _values(study)
    nothing = pd.Series(pd.NA, index=responses.index, dtype="string")
    text, shown = (
        (_with_content(remarks.masked, responses), _with_content(remarks.quotable, responses))
        if isinstance(remarks, Remarks)
        else (nothing, nothing)
    )
    return Contacts(
        on=on,
        cases=to_contact(
            responses,
            followup=followup,
            frame=frame,
            accounts=accounts,
            value=value,
            comment=text,
            theme=remarks.labels(study.settings.language) if isinstance(remarks, Remarks) else None,
            language=study.settings.language,
            timezone=study.timezone,
        ),
        quotes=may_quote(responses, comment=shown, frame=frame, accounts=accounts, timezone=study.timezone),
        resting=attempt(
            not_to_ask,
            framed,
            on=on,
            not_asked_within_days=study.settings.eligibility.not_asked_within_days,
            accounts=accounts,
        ),
        currency=currency,
    )


def _with_content(texts: pd.Series[str], responses: pd.DataFrame) -> pd.Series[str]:
    return texts[~comments.is_without_content(texts)].reindex(responses.index)


def next_survey(study: Study) -> pd.DataFrame:
    """Return when the next survey may be sent, to how many, and what it can show.

    The day is the first of the month after the last answer. Answers are expected at the rate of all askings so far.

    Returns
    -------
    One row: `date`, `people` (who may be asked), `rate` (0..1), `answers` (expected), `margin` (half the planned
    interval, points; missing without an expected answer).

    Raises
    ------
    BadInput
        No frame, or no dates.
    """
    frame = study.frame(staff=True)
    responses = study.responses()
    day = (last_day(responses, timezone=study.timezone) + pd.offsets.MonthBegin(1)).normalize()
    rules = study.settings.eligibility
    people = eligible(
        frame,
        on=day,
        min_days_as_customer=rules.min_days_as_customer,
        not_asked_within_days=rules.not_asked_within_days,
        staff_domains=study.settings.staff_domains,
    )
    asked = int(people["eligible"].sum())
    rate = float(response_rates(frame, responses, timezone=study.timezone)["rate"].iloc[0])
    answers = math.floor(asked * rate)
    margin = margin_of(n=answers, mix=observed_mix(responses)) if answers else math.nan
    row = {"date": day.date(), "people": asked, "rate": rate, "answers": answers, "margin": margin}
    return pd.DataFrame([row])


def known_names(study: Study) -> list[str]:
    """Return the names of people that the study knows, for masking: who answers, is asked or owns an account."""
    frame, accounts = attempt(study.frame), attempt(study.accounts)
    names = people_in(study.responses())
    if not isinstance(frame, Limit):
        names |= people_in(frame)
    if not isinstance(accounts, Limit):
        names |= people_in(accounts.drop(columns="name", errors="ignore"))
        names |= set(accounts["owner"].dropna().astype(str)) if "owner" in accounts.columns else set()
    return sorted(name for name in names if any(map(str.isalpha, name)))


def _values(study: Study) -> tuple[Mapping[str, float], str]:
    """Return what each account is worth a year as it stands now, and in which currency; nothing where none can say."""
    money = attempt(money_of, study)
    if isinstance(money, Limit):
        return {}, ""
    rates = attempt(run_rate, money[0])
    if isinstance(rates, Limit):
        return {}, ""
    known = money[0]["currency"].dropna()
    paying = {str(account): float(rate) for account, rate in rates[0].items() if rate > 0}
    return paying, str(known.iloc[0]) if len(known) else ""
