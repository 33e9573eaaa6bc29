"""Who waits for a contact, and in what order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from nps_utils.checks import check_choice, check_columns, check_whole
from nps_utils.columns import Day, day_of, days_in, days_of, last_day, text_of
from nps_utils.followup.beside import listed_by, with_account_score, with_details, with_others
from nps_utils.followup.people import Askings, answer_id, empty, people_of, under, with_accounts, with_people
from nps_utils.followup.reasons import CLASSES, reasons
from nps_utils.scale import BANDS
from nps_utils.words.translation import LANGUAGES, Local

PASSIVE, PROMOTER = BANDS["passive"][0], BANDS["promoter"][0]
AGES: Final = ("new", "open", "old")
NEW_HOURS, OLD_DAYS = 48, 90
# The accounts that together hold the first half of the value on the list are A, the next 30 percent B.
_SHARES: Final = (0.5, 0.8)


def to_contact(
    responses: pd.DataFrame,
    *,
    on: Day | None = None,
    within_days: int = 180,
    followup: pd.DataFrame | None = None,
    frame: pd.DataFrame | Askings | None = None,
    accounts: pd.DataFrame | None = None,
    value: Mapping[str, float] | None = None,
    comment: pd.Series[str] | None = None,
    theme: pd.Series[str] | None = None,
    language: str = "en",
    timezone: str = "UTC",
) -> pd.DataFrame:
    """List who waits for a call: detractors and fallen passives, in the order in which to call them.

    A case is a person whose latest answer at a touchpoint is a detractor's, or a passive's after a promoter's, and who
    was not contacted about it. One row per person: their latest case. An answer of nobody known is a case of its own,
    to be found by its account or by `response_id`, and its reason says so. First come cases of the last 48 hours, last
    those older than 90 days. Within each, accounts stand together and go by their value class (A: the accounts that
    together hold the first half of the value on the list; B: the next 30 percent; C: the rest; then accounts of no
    known value) and value; of an account detractors before fallen passives, then who has waited longest.

    Parameters
    ----------
    responses
        Canonical responses.
    on
        Today; by default the day of the last answer.
    within_days
        Older answers are not listed: after so long one asks again rather than calls about them.
    followup
        What is known of earlier contacts: response_id, contacted_at, status. A case with `contacted_at` is closed.
    frame
        Names and e-mail addresses; people of whom its latest row says `active` = no are not listed.
    accounts
        Names and owners; accounts with `churned_on` up to today are not listed.
    value
        What an account is worth, such as its run rate of a year, by account_id.
    comment, theme
        The masked comment and its theme, under the index of `responses`.

    language
        Of the reasons: en, sv, nb, da or nl.
    timezone
        In which the days of answers are counted.

    Returns
    -------
    One row per person in the order of `rank`: age (new | open | old), response_id (file, row and day where the export
    has none), account_id, account, owner, respondent_id, name, role, language, phone, email, touchpoint, kind
    (detractor | fallen_passive), score, score_before, responded_on (date), days_waiting, value, value_class,
    account_nps and account_n (of the account's answers in the last year), comment, theme, other_answers (of the same
    person), last_asked (date), reason (of the rank), contacted_at and status (empty, to be filled in and read back).

    Raises
    ------
    BadValue
        No dates.

    Examples
    --------
    >>> responses = pd.DataFrame({
    ...     "response_id": ["1", "2", "3"], "respondent_id": ["a", "b", "c"], "account_id": ["x", "y", "y"],
    ...     "touchpoint": "relationship", "score": [3, 6, 9],
    ...     "responded_at": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-02-10"], utc=True)})
    >>> cases = to_contact(responses, value={"x": 10.0, "y": 90.0})
    >>> cases[["rank", "respondent_id", "kind", "days_waiting", "value_class"]].to_numpy().tolist()
    [[1, 'b', 'detractor', 9, 'A'], [2, 'a', 'detractor', 40, 'C']]
    >>> print(cases["reason"].iloc[0])
    detractor (6); account among those that hold the first half of the value on this list; waiting for 9 days
    """
    check_whole("within_days", within_days, least=1)
    check_choice("language", language, LANGUAGES)
    check_columns(list(responses.columns), ["score", "touchpoint", "responded_at"], what="the responses")
    today = last_day(responses, timezone=timezone) if on is None else day_of(on)
    rows = pd.DataFrame(
        {
            **{name: responses[name].array for name in ("touchpoint", "score", "responded_at")},
            "day": days_in(responses["responded_at"], timezone).array,
            "person": people_of(responses),
            "account_id": responses["account_id"].array if "account_id" in responses.columns else None,
        }
    )
    found = _open_cases(rows, today, within_days)
    found = found.assign(response_id=answer_id(responses, timezone=timezone, at=found.index.to_numpy()).array)
    found = found[~found["response_id"].isin(_contacted(followup))].drop_duplicates("person", keep="last")
    read = [name for name in responses.columns if name in _READ or listed_by([str(name)])]
    told, texts = responses[read].iloc[found.index].reset_index(drop=True), {"comment": comment, "theme": theme}
    cases = told.assign(
        **{name: under(text, responses, found.index.to_numpy()).array for name, text in texts.items()},
        **{name: found[name].array for name in found.columns},
    )
    cases = with_people(cases, frame)
    cases = with_accounts(cases, accounts, today)
    cases = cases.assign(value=_value(cases, value))
    moment = rows["responded_at"].max() if on is None else today
    cases = cases.assign(value_class=_classes(cases), age=_age(cases, moment))
    cases = cases.loc[_order(cases)].reset_index(drop=True)
    cases = with_details(cases, frame, timezone=timezone)
    cases = with_account_score(with_others(cases, _answers_of(cases, rows, today)), rows, today)
    ranked = cases.assign(
        rank=np.arange(1, len(cases) + 1),
        reason=reasons(cases, Local(language)),
        contacted_at=empty(cases),
        status=empty(cases),
    )
    return ranked[list(_COLUMNS)]


# What the list takes from an answer, beside what registers call otherwise.
_READ: Final = ("respondent_id", "respondent_name", "email", "account_id", "touchpoint", "score")

_COLUMNS: Final = (
    *("rank", "age", "response_id", "account_id", "account", "owner", "respondent_id", "name", "role", "language"),
    *("phone", "email", "touchpoint", "kind", "score", "score_before", "responded_on", "days_waiting", "value"),
    *("value_class", "account_nps", "account_n", "comment", "theme", "other_answers", "last_asked", "reason"),
    *("contacted_at", "status"),
)


def _age(cases: pd.DataFrame, moment: pd.Timestamp) -> pd.Series[str]:
    """Call cases new within 48 hours of a moment, old after 90 days, and open between.

    By the hour: an answer of the early morning two days before the evening of the last one is three days old.
    """
    new = moment - cases["responded_at"] <= pd.Timedelta(hours=NEW_HOURS)
    named = np.where(new, AGES[0], np.where(cases["days_waiting"] <= OLD_DAYS, AGES[1], AGES[2]))
    return pd.Series(named, index=cases.index, dtype="string")


def _order(cases: pd.DataFrame) -> pd.Index[int]:
    """Return the order in which to call: by age and value, the cases of an account together."""
    within = ["kind", "waiting", "score", "id"]
    order = pd.DataFrame(
        {
            "age": cases["age"].map({name: i for i, name in enumerate(AGES)}),
            "class": cases["value_class"].map({name: i for i, name in enumerate(CLASSES)}),
            "value": -cases["value"].fillna(0.0),
            "kind": (cases["kind"] != "detractor").astype(int),
            "waiting": -cases["days_waiting"],
            "score": cases["score"],
            "id": text_of(cases, "response_id"),
            "account": text_of(cases, "account_id").fillna("row " + text_of(cases, "response_id")),
        }
    ).sort_values(["age", "class", "value", *within], kind="stable")
    # Of accounts alike in value, each stands where its first case does.
    place = pd.Series(np.arange(len(order)), index=order.index)
    first = place.groupby([order["age"], order["account"]]).transform("min")
    return order.assign(first=first).sort_values(["first", *within], kind="stable").index


def _contacted(followup: pd.DataFrame | None) -> set[str]:
    """Return the responses whose people were contacted."""
    if followup is None:
        return set()
    check_columns(list(followup.columns), ["response_id", "contacted_at"], what="the follow-up table")
    done = text_of(followup, "contacted_at").notna()
    return set(text_of(followup, "response_id")[done].dropna())


def _open_cases(rows: pd.DataFrame, today: pd.Timestamp, within_days: int) -> pd.DataFrame:
    """Return what tells of each case, whether contacted or not, under the place of its answer among the rows."""
    at = np.flatnonzero((rows["day"] <= today).to_numpy())
    at = at[np.argsort(rows["responded_at"].to_numpy(dtype="datetime64[ns]")[at], kind="stable")]
    places, score = pd.factorize(rows["touchpoint"])[0], rows["score"].to_numpy()
    # Of one person at one touchpoint; an answer at none has no earlier one.
    key = (rows["person"].to_numpy() * (places.max(initial=-1) + 2) + places + 1)[at]
    order = np.argsort(key, kind="stable")
    key, at = key[order], at[order]
    ends = np.flatnonzero(np.append(key[1:] != key[:-1], [True])) if len(key) else order
    latest, earlier = at[ends], at[ends - 1]
    has = (ends > 0) & (key[ends - 1] == key[ends]) & (places[latest] >= 0)
    detractor = score[latest] < PASSIVE
    fallen = (score[latest] >= PASSIVE) & (score[latest] < PROMOTER) & has & (score[earlier] >= PROMOTER)
    # In the order of time, as they were before those of one person stood together.
    listed = np.flatnonzero(detractor | fallen)
    listed = listed[np.argsort(order[ends[listed]])]
    cases = rows.iloc[latest[listed]].assign(
        score_before=pd.array(np.where(has, score[earlier], 0)[listed], dtype="Int64"),
        kind=np.where(detractor, "detractor", "fallen_passive")[listed],
    )
    cases["score_before"] = cases["score_before"].mask(~has[listed])
    cases["days_waiting"] = days_of(today - cases["day"]).astype(int)
    cases = cases[cases["days_waiting"] <= within_days]
    return cases.assign(responded_on=cases["day"].dt.date)


def _answers_of(cases: pd.DataFrame, rows: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Return the answers up to today of the people on the list: few of millions."""
    listed = np.zeros(int(rows["person"].max()) + 1 if len(rows) else 0, dtype=bool)
    listed[cases["person"].to_numpy()] = True
    theirs: pd.DataFrame = rows[listed[rows["person"].to_numpy()] & (rows["day"] <= today).to_numpy()]
    return theirs


def _value(cases: pd.DataFrame, value: Mapping[str, float] | None) -> pd.Series[float]:
    return text_of(cases, "account_id").map(dict(value or {})).astype("float64")


def _classes(cases: pd.DataFrame) -> pd.Series[str]:
    """Put accounts into classes by their share of the value on the list, the largest first."""
    known = cases.assign(_id=text_of(cases, "account_id")).dropna(subset=["value", "_id"]).drop_duplicates("_id")
    worth = known.set_index("_id")["value"].sort_values(ascending=False, kind="stable")
    before = ((worth.cumsum() - worth) / worth.sum()).to_numpy(dtype=float)
    named = dict(zip(worth.index, np.array(CLASSES)[np.searchsorted(_SHARES, before, side="right")], strict=True))
    return text_of(cases, "account_id").map(named).astype("string").fillna(CLASSES[-1])
