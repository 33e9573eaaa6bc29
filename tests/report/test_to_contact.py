"""Whom to contact first: one case is told as one, in every language."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from nps_utils.report.summary.action import _calls, _waiting
from nps_utils.report.summary.story import Story
from nps_utils.words.translation import Local

ONE = {
    "en": ["First the one of", "Begin with the one of", "Begin with the one at an account", "1 is a detractor"],
    "sv": ["Först den enda från", "Börja med den enda från", "Börja med den enda hos en kund", "1 är kritiker"],
    "nb": ["Først den ene fra", "Begynn med den ene fra", "Begynn med den ene hos en kunde", "1 er kritiker."],
    "da": ["Først den ene fra", "Begynd med den ene fra", "Begynd med den ene hos en kunde", "1 er kritiker."],
    "nl": ["Eerst die ene van", "Begin met die ene van", "Begin met die ene bij een klant", "1 is criticaster"],
}


def told(language: str, *, fresh: int, old: int, waiting: bool = False) -> str:
    """Say whom to contact where so many cases are new, and so many others of accounts with half of the value."""
    cases = pd.DataFrame({"age": ["new"] * fresh + ["open"] * old, "value_class": "A", "kind": "promoter"})
    cases = cases.assign(respondent_id="p", email=None, name=None, account_id="a")
    cases.loc[0, "kind"] = "detractor"
    other = cases.iloc[[0]].assign(kind="passive", age="old" if waiting else "open", value_class="C")
    contacts: Any = SimpleNamespace(cases=pd.concat([cases, other]))
    contacts.consented = False
    return " ".join(_calls(cast("Story", SimpleNamespace(contacts=contacts)), Local(language)))


@pytest.mark.parametrize("language", ONE)
def test_one_is_told_as_one_and_several_as_several(language: str) -> None:
    """The number of one stands nowhere behind a plural."""
    both, new, value, detractor = ONE[language]
    assert both in told(language, fresh=1, old=3)
    assert detractor in told(language, fresh=1, old=3)
    assert new in told(language, fresh=1, old=0)
    assert value in told(language, fresh=0, old=1)
    many = told(language, fresh=2, old=3)
    assert both not in many
    assert " 2 " in many
    assert " 3 " in many


@pytest.mark.parametrize("language", ONE)
def test_who_is_asked_anew_is_not_among_those_to_call(language: str) -> None:
    """Of five cases one has waited over 90 days: four are to be called, one of them a detractor."""
    said = told(language, fresh=1, old=3, waiting=True)
    assert " 4; " in said
    assert ": 1. " in said
    assert " 5" not in said


def test_only_those_who_are_known_are_to_be_contacted() -> None:
    """Of 117 answers that wait 88 are of nobody known: "Contact the other 65" counted them as well."""
    known = pd.DataFrame({"age": ["open"] * 3 + ["old"], "respondent_id": "p", "account_id": "a"})
    nobody = pd.DataFrame({"age": ["open"] * 5 + ["old"] * 6, "respondent_id": None, "account_id": None})
    both = pd.concat([known, nobody], ignore_index=True)
    cases = both.assign(value_class="C", kind="detractor", email=None, name=None, owner=None)
    contacts: Any = SimpleNamespace(cases=cases, consented=False)
    said = " ".join(_calls(cast("Story", SimpleNamespace(contacts=contacts)), Local("en")))
    assert "Contact the other 3; detractors: 3." in said
    lead = " ".join(_waiting(cases, Local("en")))
    assert lead.startswith("4 people wait for a contact. 1 of them over 90 days: ask anew. 11 more answers wait, but")
