"""The canonical columns: one yes and one no, whatever the language, for every room."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nps_utils as nps
from nps_utils.checks import BadValue
from nps_utils.columns import NO, YES, codes_of, known_people, numbered_people, text_of
from nps_utils.comments import read_check_sheet
from nps_utils.followup.people import with_people
from nps_utils.stats.planning.eligibility import eligible

PACKAGE = Path(__file__).parents[1] / "nps_utils"
# As the offices of our languages write them, and as their spreadsheets write true and false.
PAIRS = [
    ("yes", "no"), ("Y", "N"), ("TRUE", "FALSE"), ("ja", "nej"), ("Ja", "Nei"), ("JA", "NEE"), ("1", "0"),
    ("SANT", "FALSKT"), ("SANN", "USANN"), ("SAND", "FALSK"), ("WAAR", "ONWAAR"), ("WAHR", "FALSCH"), ("oui", "non"),
    (" yes ", " no "), ("1.0", "0.0"), ("t", "f"), ("j", "n"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("yes", "no"), [*PAIRS, ("aktiv", "inaktiv"), ("Actief", "Inactief"), ("active", "ikke aktiv")]
)
def test_who_is_not_active_is_neither_asked_nor_contacted(yes: str, no: str) -> None:
    """A person with `active = inaktiv` was left out of the next survey and kept on the contact list."""
    frame = pd.DataFrame({"respondent_id": ["a", "b"], "active": [yes, no]})
    assert eligible(frame, on="2026-11-21")["eligible"].tolist() == [True, False]
    answers = pd.DataFrame({"respondent_id": ["a", "b"], "response_id": ["1", "2"]})
    assert with_people(answers, frame)["respondent_id"].tolist() == ["a"]


def test_who_is_known_by_address_alone_is_not_contacted_either() -> None:
    """The latest row of the frame counts, whatever the case of the address."""
    asked = {"email": ["A@x.se", "b@x.se", "a@x.se"], "active": ["ja", "ja", "inaktiv"]}
    frame = pd.DataFrame(asked | {"asked_at": ["2026-01-01", "2026-01-01", "2026-02-01"]})
    answers = pd.DataFrame({"email": ["a@x.se", "b@x.se", None], "response_id": ["1", "2", "3"]})
    assert with_people(answers, frame)["response_id"].tolist() == ["2", "3"]


def test_what_is_neither_is_refused_in_both_places() -> None:
    """A word that may mean anything decides nothing in silence."""
    frame = pd.DataFrame({"respondent_id": ["a"], "active": ["perhaps"]})
    with pytest.raises(BadValue, match="'perhaps' is neither yes nor no"):
        eligible(frame, on="2026-11-21")
    with pytest.raises(BadValue, match="'perhaps' is neither yes nor no"):
        with_people(frame, frame)


@pytest.mark.parametrize(("yes", "no"), PAIRS)
def test_consent_exclusion_and_checked_themes_know_the_same_words(yes: str, no: str) -> None:
    """Each through its own door."""
    rows = pd.DataFrame({"score": ["9", "9", "9"], "consent_to_quote": [yes, no, None], "response_id": ["1", "2", "3"]})
    answered, _ = nps.clean(rows, timezone="UTC")
    assert answered["consent_to_quote"].tolist() == [True, False, False]
    rows = pd.DataFrame({"score": ["9", "9"], "excluded": [yes, no], "response_id": ["1", "2"]})
    assert nps.clean(rows, timezone="UTC")[0]["response_id"].tolist() == ["2"]
    sheet = pd.DataFrame({"main_theme": ["price", "price"], "correct": [yes, no]})
    assert read_check_sheet(sheet)["correct"].tolist() == [1, 1]


def test_yes_is_not_no_and_stands_in_one_place() -> None:
    """No other module lists the words."""
    assert not YES & NO
    listing = [path.name for path in PACKAGE.rglob("*.py") if '"nej"' in path.read_text("utf-8")]
    assert listing == []


@given(st.lists(st.tuples(st.sampled_from(["7", " 7", "b@x.se", "", None]), st.sampled_from(["B@x.se ", "c@x.se"]))))
def test_numbers_of_people_are_those_of_their_names(rows: list[tuple[str | None, str]]) -> None:
    """An id that is another's address is that person, as texts or as categories."""
    frame = pd.DataFrame(rows, columns=["respondent_id", "email"], dtype="str")
    codes, people = pd.factorize(known_people(frame))
    for table in (frame, frame.astype("category")):
        numbers, n = numbered_people(table)
        assert numbers.tolist() == codes.tolist()
        assert n == len(people)


def test_texts_and_numbers_of_categories_are_those_of_texts() -> None:
    """Blanks, empty cells and missing ones, also where two categories are one text."""
    cells = pd.Series(["b", None, "a", " b ", "", "a"])
    plain, coded = (
        pd.DataFrame({"x": cells}),
        pd.DataFrame({"x": cells.astype("category")}).set_axis([5, 4, 3, 2, 1, 0]),
    )
    assert text_of(coded, "x").tolist() == text_of(plain, "x").tolist()
    assert text_of(coded, "x").index.tolist() == [5, 4, 3, 2, 1, 0]
    assert codes_of(coded, "x").tolist() == codes_of(plain, "x").tolist() == [0, -1, 1, 0, -1, 1]
    clean = coded[coded["x"].isin(["a", "b"])]
    assert codes_of(clean, "x").tolist() == [0, 1, 1]


@pytest.mark.parametrize("kind", ["int64", "uint8", "Int64", "Int16"])
@pytest.mark.parametrize("highest", [5, 120])
def test_whole_numbers_are_numbered_as_their_texts_are(kind: str, highest: int) -> None:
    """Close together or far apart, missing or not; as pandas numbers the texts."""
    cells = pd.Series(np.random.default_rng(highest).integers(0, highest, 60), dtype=kind)
    if kind.startswith("I"):
        cells[::7] = pd.NA
    texts = cells.astype("string")
    assert codes_of(pd.DataFrame({"x": cells}), "x").tolist() == pd.factorize(texts)[0].tolist()
    apart = pd.Series([5, -3, 10**12, -3])
    assert codes_of(pd.DataFrame({"x": apart}), "x").tolist() == [0, 1, 2, 1]
    for nothing in (pd.Series([pd.NA, pd.NA], dtype="Int64"), pd.Series([], dtype="Int64")):
        assert codes_of(pd.DataFrame({"x": nothing}), "x").tolist() == [-1] * len(nothing)
