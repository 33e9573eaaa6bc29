"""Planted personal data and look-alikes in five languages: how many are masked, by kind, and how few false alarms."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from nps_utils.comments import mask
from nps_utils.comments.given_names import name_lists
from nps_utils.exports.people import people_in

FOLDER = Path(__file__).parents[1] / "reference" / "persons"
WORDS = re.compile(r"[^\W_]{2,}")


def _lines(name: str) -> list[str]:
    return [line for line in (FOLDER / name).read_text("utf-8").splitlines() if not line.startswith("#")]


def _is_hidden(planted: str, known: list[str]) -> bool:
    """Say whether no word of the piece between braces is left, except those that stand beside it anyway."""
    _, secret, rest = (
        re.split(r"\{(.*)\}", planted)[0],
        re.findall(r"\{(.*)\}", planted)[0],
        re.sub(r"\{.*\}", "", planted),
    )
    masked = mask([planted.replace("{", "").replace("}", "")], names=known)[0][0]
    left = WORDS.findall(re.sub(r"\[[a-z ]+\]", " ", masked))
    return "[" in masked and not [
        word for word in WORDS.findall(secret) if word in left and word not in WORDS.findall(rest)
    ]


@pytest.mark.parametrize(("suffix", "most_missed", "most_alarms"), [("", 2, 1), ("_again", 3, 2)])
def test_planted_pieces_are_masked_and_look_alikes_are_not(suffix: str, most_missed: int, most_alarms: int) -> None:
    """At least 190 of 200 and at most 2 of 100 were asked for; the second set was not used to tune the rules."""
    known = _lines(f"known{suffix}.txt")
    missed: Counter[str] = Counter()
    for line in _lines(f"planted{suffix}.txt"):
        kind, _, text = line.split("|", 2)
        missed[kind] += not _is_hidden(text, known)
    harmless = [line.split("|", 2)[2] for line in _lines(f"lookalikes{suffix}.txt")]
    masked, _ = mask(harmless, names=known)
    alarms = [text for text, new in zip(harmless, masked, strict=True) if text != new]
    assert missed.total() <= most_missed, missed
    assert len(alarms) <= most_alarms, alarms


HARMLESS = [
    "Tillbringade 2 nätter på hotellet",
    "Frågade 3 personer",
    "we waited from 8th Jan until mid Jan",
    "flight to Sydney via Milan",
    "Thanks United!",
    "Hans tydliga svar var bra",
    "Ville sandsynligvis vælge jer igen",
    "I SPENT DAYS IN MY HOUSE",
    "Class act, Lees de handleiding",
    "score 9.5/10 and och/eller 24/7",
    "Riksväg 40 och Gate 12",
    "Onderweg 3 dagen, Snelweg 2",
    "meet at noon",
    "navigate 3 menus, Delegate 5 tasks",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_real_comments_taught(text: str) -> None:
    """Verbs that end like a street, months, places, companies, pronouns: met in real comments."""
    assert mask([text])[0] == [text]


def test_a_name_needs_its_capital_or_a_cue() -> None:
    """The same word is a name here and none there."""
    texts = [
        "Mark the order",
        "I spoke to Mark",
        "Hope it works",
        "helped by Hope",
        "anna",
        "tack till anna",
        "May I",
        "Bo kvar",
    ]
    assert mask(texts)[0] == [
        "Mark the order", "I spoke to [name]", "Hope it works", "helped by [name]", "anna", "tack till [name]",
        "May I", "Bo kvar",
    ]  # fmt: skip


def test_kinds_are_counted_under_plain_names() -> None:
    """Each new kind has its own count."""
    texts = ["@anna_t", "IP 83.241.12.7", "born 3 May 1979", "Storgatan 12", "my car AB12 CDE"]
    _, counts = mask(texts)
    assert counts[["handle", "ip_address", "date_of_birth", "address", "licence_plate"]].tolist() == [1] * 5


def test_lists_of_names_do_not_overlap() -> None:
    """A name is sure or it is not."""
    lists = name_lists()
    assert len(lists.sure) > 2000
    assert not lists.sure & lists.words_too
    assert not lists.sure & lists.only_cued


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (["First Name", "Last Name"], "Anna Ek"),
        (["Förnamn", "Efternamn"], "Anna Ek"),
        (["Fornavn", "Etternavn"], "Anna Ek"),
        (["fornavn", "efternavn"], "Anna Ek"),
        (["Contact First Name", "Contact Last Name"], "Anna Ek"),
    ],
)
def test_two_columns_are_one_name(headers: list[str], name: str) -> None:
    """In four spellings, with a company beside it that is no person."""
    table = pd.DataFrame([["Anna", "Ek", "Ekbolaget AB"]], columns=[*headers, "Company"])
    assert people_in(table) == {name}


def test_a_dutch_name_keeps_what_stands_between() -> None:
    """Voornaam, tussenvoegsel, achternaam, in any order of columns."""
    table = pd.DataFrame(
        {"Achternaam": ["Wit"], "Tussenvoegsel": ["de"], "Voornaam": ["Jan"], "Kontaktperson": ["Per Bo"]}
    )
    assert people_in(table) == {"Jan de Wit", "Per Bo"}
