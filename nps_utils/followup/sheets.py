"""The follow-up lists as sheets for people: headers, kinds and touchpoints in the reader's words."""

from __future__ import annotations

import pandas as pd

from nps_utils.words.translation import Local


def heads(local: Local, currency: str = "") -> dict[str, str]:
    """Return what the columns of the lists are called; `contacted_at`, `status` and the ids are read back by these.

    Examples
    --------
    >>> heads(Local("sv"), "SEK")["value"]
    'Värde per år, SEK'
    """
    value = local.say("Value a year")
    return {
        "rank": local.say("Rank"),
        "response_id": local.say("Response id"),
        "account_id": local.say("Account id"),
        "account": local.say("Account"),
        "owner": local.say("Owner"),
        "respondent_id": local.say("Respondent id"),
        "name": local.say("Name"),
        "email": local.say("E-mail"),
        "touchpoint": local.say("Touchpoint"),
        "kind": local.say("Kind"),
        "score": local.say("Score"),
        "score_before": local.say("Score before"),
        "responded_on": local.say("Answered on"),
        "days_waiting": local.say("Days waiting"),
        "value": f"{value}, {currency}" if currency else value,
        "value_class": local.say("Value class"),
        "comment": local.say("Comment"),
        "theme": local.say("Theme"),
        "reason": local.say("Reason"),
        "contacted_at": local.say("Contacted"),
        "status": local.say("Status"),
        "quote": local.say("Quote"),
        "last_asked": local.say("Last asked"),
        "ask_from": local.say("May be asked from"),
        "note": local.say("Note"),
    }


def for_readers(table: pd.DataFrame, local: Local, *, touchpoints: dict[str, str], currency: str = "") -> pd.DataFrame:
    """Return a list with its headers, kinds and touchpoints in words; what has no word keeps its own.

    Examples
    --------
    >>> cases = pd.DataFrame({"kind": ["fallen_passive"], "touchpoint": ["help"]})
    >>> for_readers(cases, Local("en"), touchpoints={"help": "Help"}).to_dict("list")
    {'Kind': ['passive, promoter before'], 'Touchpoint': ['Help']}
    """
    kinds = {"detractor": local.say("detractor"), "fallen_passive": local.say("passive, promoter before")}
    told = table
    for name, words in (("kind", kinds), ("touchpoint", touchpoints)):
        if name in told.columns:
            column = told[name]
            told = told.assign(**{name: column.map(words).fillna(column)})
    return told.rename(columns=heads(local, currency))
