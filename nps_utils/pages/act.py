"""The follow-up lists of a study: its answers, frame, accounts, revenue and comments put together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
import pandas as pd

from nps_utils import comments
from nps_utils.checks import BadValue
from nps_utils.columns import text_of
from nps_utils.comments.remarks import Remarks
from nps_utils.exports.side_headers import SPELLED
from nps_utils.exports.tools.tool import key
from nps_utils.followup import answer_id, is_named, last_day, may_quote, not_to_ask, to_contact
from nps_utils.followup.beside import listed_by
from nps_utils.followup.contacts import Contacts
from nps_utils.followup.lists import RESTING_BY
from nps_utils.followup.wishes import declined
from nps_utils.pages.askings import SomeAskings, last_asked, recently_asked
from nps_utils.pages.known import known
from nps_utils.pages.plan import design_effect
from nps_utils.pages.remarks import known_names as known_names
from nps_utils.pages.remarks import read_remarks as read_remarks
from nps_utils.pages.revenue import money_of
from nps_utils.revenue.at_risk import run_rate
from nps_utils.stats.planning.detectable import observed_mix
from nps_utils.stats.planning.eligibility import RULED_BY, eligible
from nps_utils.stats.planning.margins import margin_of
from nps_utils.study.kept import give_back
from nps_utils.study.study import Study
from nps_utils.words.limits import Limit, attempt

# Headers of the name of a company; those of anybody's name are left out.
_COMPANIES: Final = frozenset(SPELLED["name"]) - {"navn", "namn", "naam"}
_ONE_NAME: Final = 0.9


def contact_lists(study: Study, remarks: Remarks | Limit | None = None) -> Contacts:
    """Return the follow-up lists of a study as of the day of its last answer.

    They are made once a report, unless with other remarks than the study's own.

    Raises
    ------
    BadValue
        The answers carry no dates.
    """
    if remarks is not None:
        return _lists(study, remarks)
    made = cache(lambda: _lists(study, attempt(read_remarks, study)))
    about = known(study, "contacts", lambda: _about(made())).iloc[0]
    cases = known(study, "cases", lambda: _in_texts(made().cases))
    quotes = known(study, "quotes", lambda: _in_texts(made().quotes))
    rest = attempt(known, study, "resting", lambda: _or_refused(made().resting))
    give_back()
    currency, consented, declined_to = str(about["currency"]), bool(about["consented"]), int(about["declined"])
    return Contacts(about["on"], cases, quotes, rest, currency, consented=consented, declined=declined_to)


def _about(lists: Contacts) -> pd.DataFrame:
    said = {"on": lists.on, "currency": lists.currency, "consented": lists.consented, "declined": lists.declined}
    return pd.DataFrame([said])


def _in_texts(table: pd.DataFrame) -> pd.DataFrame:
    """Return a list with texts for categories, which an empty one would not get back from where it is kept."""
    return table.astype(dict.fromkeys(table.columns[table.dtypes == "category"], "str"))


def _or_refused(table: pd.DataFrame | Limit) -> pd.DataFrame:
    if isinstance(table, Limit):
        raise BadValue(table.reason)
    return table


def _lists(study: Study, remarks: Remarks | Limit) -> Contacts:
    responses = study.responses()
    on = last_day(responses, timezone=study.timezone)
    accounts, followup = (
        None if isinstance(part, Limit) else part for part in (attempt(study.accounts), attempt(study.followup))
    )
    accounts = accounts_beside(responses) if accounts is None else accounts
    value, currency = _values(study)
    give_back()
    nothing = pd.Series(dtype="string")
    text, shown = (remarks.texts, remarks.quotable) if isinstance(remarks, Remarks) else (nothing, nothing)
    cases = to_contact(
        responses,
        followup=followup,
        frame=_askings(study),
        accounts=accounts,
        value=value,
        comment=text,
        theme=remarks.labels(study.settings.language) if isinstance(remarks, Remarks) else None,
        language=study.settings.language,
        timezone=study.timezone,
    )
    give_back()
    quotes = may_quote(responses, comment=shown, frame=_askings(study), accounts=accounts, timezone=study.timezone)
    said = np.flatnonzero(declined(responses))
    wish = answer_id(responses, timezone=study.timezone, at=said).dropna()
    # What names nobody is on the list to be read.
    found = is_named(cases) | cases["account_id"].notna()
    left_alone = (cases["response_id"].isin(wish) & found).to_numpy()
    cases = cases[~left_alone].reset_index(drop=True)
    give_back()
    # Of few answers it is looked at whether their comment says something.
    return Contacts(
        on=on,
        cases=cases.assign(comment=cases["comment"].mask(comments.is_without_content(cases["comment"]))),
        declined=int(left_alone.sum()),
        quotes=quotes[~comments.is_without_content(quotes["quote"])].reset_index(drop=True),
        resting=attempt(_resting, study, on, accounts),
        currency=currency,
        consented=not isinstance(remarks, Remarks) or remarks.asked_consent,
    )


def _askings(study: Study) -> SomeAskings | None:
    """Return the frame, of which nothing is held yet: what one list reads of millions is not held for the next."""
    askings = attempt(SomeAskings, study)
    return None if isinstance(askings, Limit) else askings


def accounts_beside(responses: pd.DataFrame) -> pd.DataFrame | None:
    """Return account_id and name of the accounts whose exports hold both, or None where none does.

    For a study without a table of accounts: whoever calls knows a company by its name and not by its number.

    Examples
    --------
    >>> answers = pd.DataFrame({"account_id": ["17", "17", "23"], "Firma": ["Bo AS", "Bo AS", "Kro AB"]})
    >>> accounts_beside(answers).to_numpy().tolist()
    [['17', 'Bo AS'], ['23', 'Kro AB']]
    """
    ids = text_of(responses, "account_id")
    spelled = [str(name) for name in responses.columns if key(str(name)) in _COMPANIES]
    found = [pd.DataFrame({"account_id": ids, "name": text_of(responses, name)}).dropna() for name in spelled]
    pairs = pd.concat(found).drop_duplicates() if found else pd.DataFrame(columns=["account_id", "name"])
    # Names of people, or of parts of a company, are several to an account.
    single = pairs[~pairs["account_id"].duplicated(keep=False) & (pairs["account_id"] != pairs["name"])]
    if single.empty or len(single) < _ONE_NAME * pairs["account_id"].nunique():
        return None
    return single.reset_index(drop=True)


def _frame(study: Study) -> pd.DataFrame:
    return study.frame(columns=listed_by(study.frame_columns()))


def next_survey(study: Study) -> pd.DataFrame:
    """Return when the next survey may be sent, to how many, and what it can show.

    The day is the first of the month after the last answer. Answers are expected at the rate of all askings so far.

    Returns
    -------
    One row: `date`, `people` (who may be asked), `rate` (0..1), `answers` (expected), `margin` (half the planned
    interval, points, where accounts hang together as they did; missing without an expected answer).

    Raises
    ------
    BadInput
        No frame, or no dates.
    """
    return known(study, "next survey", lambda: _next(study))


def _next(study: Study) -> pd.DataFrame:
    study.askings()  # without a frame nobody is asked next
    responses = study.responses()
    day = (last_day(responses, timezone=study.timezone) + pd.offsets.MonthBegin(1)).normalize()
    rules = study.settings.eligibility
    people = eligible(
        last_asked(study, on=day, columns=RULED_BY),
        on=day,
        min_days_as_customer=rules.min_days_as_customer,
        not_asked_within_days=rules.not_asked_within_days,
        staff_domains=study.settings.staff_domains,
    )
    asked = int(people["eligible"].sum())
    rate = float(study.response_rates()["rate"].iloc[0])
    answers = math.floor(asked * rate)
    worth = math.floor(answers / design_effect(responses))
    margin = margin_of(n=worth, mix=observed_mix(responses)) if worth else math.nan
    row = {"date": day.date(), "people": asked, "rate": rate, "answers": answers, "margin": margin}
    return pd.DataFrame([row])


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


def _resting(study: Study, on: pd.Timestamp, accounts: pd.DataFrame | None) -> pd.DataFrame:
    """List whom not to ask again yet; where it can be, of a frame only the askings of the days that count are read."""
    days = study.settings.eligibility.not_asked_within_days
    listed = [name for name in listed_by(study.frame_columns()) if name in RESTING_BY]
    recent = recently_asked(study, on=on, days=days, columns=listed)
    frame = _frame(study) if recent is None else recent
    del recent
    give_back()
    return _in_texts(not_to_ask(frame, on=on, not_asked_within_days=days, accounts=accounts))
