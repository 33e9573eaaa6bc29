"""The columns and codes of the follow-up lists in the language of who calls; they are read back under these names."""

from __future__ import annotations

import pandas as pd
from pandas.api.types import is_numeric_dtype

from nps_utils.words.naming import named
from nps_utils.words.translation import Local


def in_words(table: pd.DataFrame, local: Local) -> pd.DataFrame:
    """Return a list with headers and codes in the language of its reader.

    Examples
    --------
    >>> cases = pd.DataFrame({"response_id": ["1"], "touchpoint": ["after_order"], "kind": ["detractor"]})
    >>> in_words(cases, Local("en")).to_dict("list")
    {'Response id': ['1'], 'Touchpoint': ['After order'], 'Case': ['detractor']}
    """
    words = _words(local)
    codes = {
        "kind": {"detractor": local.say("detractor"), "fallen_passive": local.say("passive, promoter before")},
        "age": {
            "new": local.say("within 48 hours"),
            "open": local.say("up to 90 days"),
            "old": local.say("older than 90 days"),
        },
        "value_class": {"not known": local.say("not known")},
    }
    told = table
    for name in told.columns:
        if str(name).startswith("value") and is_numeric_dtype(told[name]):
            told = told.assign(**{str(name): told[name].round(0)})
    if "account_nps" in told.columns:
        told = told.assign(account_nps=told["account_nps"].round(1))
    for name, said in codes.items():
        if name in told.columns:
            told = told.assign(**{name: told[name].map(lambda code, said=said: said.get(code, code))})
    if "touchpoint" in told.columns:
        told = told.assign(touchpoint=told["touchpoint"].map(named, na_action="ignore"))
    if "language" in told.columns:
        told = told.assign(language=told["language"].map(local.tongue, na_action="ignore"))
    return told.rename(columns=lambda name: _header(str(name), local, words))


def _header(name: str, local: Local, words: dict[str, str]) -> str:
    if name.startswith("value_") and name not in words:
        return local.say("Value a year, {currency}", currency=name.removeprefix("value_"))
    return words.get(name, name)


def _words(local: Local) -> dict[str, str]:
    """Return what the columns of the lists are called."""
    return {
        "rank": local.say("Rank"),
        "response_id": local.say("Response id"),
        "age": local.say("Age of the case"),
        "account_id": local.say("Account number"),
        "account": local.say("Account"),
        "owner": local.say("Owner"),
        "respondent_id": local.say("Person number"),
        "name": local.say("Name"),
        "role": local.say("Role"),
        "language": local.say("Language"),
        "phone": local.say("Telephone"),
        "email": local.say("E-mail"),
        "touchpoint": local.say("Touchpoint"),
        "kind": local.say("Case"),
        "score": local.say("Score"),
        "score_before": local.say("Score before"),
        "responded_on": local.say("Answered on"),
        "days_waiting": local.say("Days waiting"),
        "value": local.say("Value a year"),
        "value_class": local.say("Value class"),
        "account_nps": local.say("NPS of the account"),
        "account_n": local.say("Answers of the account"),
        "comment": local.say("Comment"),
        "theme": local.say("Theme"),
        "other_answers": local.say("Other answers of the person"),
        "last_asked": local.say("Last asked on"),
        "reason": local.say("Reason"),
        "quote": local.say("Quote"),
        "ask_from": local.say("May be asked from"),
        "note": local.say("Note"),
        "contacted_at": local.say("Contacted"),
        "status": local.say("Status"),
    }


def statuses(local: Local) -> list[str]:
    """Return what may be chosen as the status of a case."""
    return [
        local.say("not begun"),
        local.say("in progress"),
        local.say("not reached"),
        local.say("solved"),
        local.say("nothing to do"),
    ]
