"""Who asked not to be contacted is on no list, and is counted."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nps_utils.followup.wishes import declined
from nps_utils.pages.act import contact_lists
from nps_utils.report import summary
from nps_utils.report.start import start_study
from nps_utils.report.summary.write import blocks
from nps_utils.study.study import Study
from nps_utils.tables.act import cases_sentence
from nps_utils.words.translation import Local

LEAVE_ALONE = ["Do Not Contact", "DoNotCall", "HasOptedOutOfEmail", "Kontakta ej", "Ønsker ikke kontakt", "Niet bellen"]
MAY_WE = [
    "May we contact you about your answer?", "Får vi kontakta dig?", "Må vi kontakte dig?", "Kan vi ringe deg?",
    "Mogen wij contact met u opnemen?", "Wilt u gecontacteerd worden?", "Ønsker du å bli kontaktet?",
]  # fmt: skip


@pytest.mark.parametrize("header", LEAVE_ALONE)
def test_a_mark_of_yes_is_a_wish(header: str) -> None:
    assert declined(pd.DataFrame({header: ["1", "0", "", None, "Ja"]})).tolist() == [True, False, False, False, True]


@pytest.mark.parametrize("header", MAY_WE)
def test_a_no_to_the_question_is_a_wish(header: str) -> None:
    assert declined(pd.DataFrame({header: ["Ja", "Nei", "nee", None]})).tolist() == [False, True, True, False]


@pytest.mark.parametrize("header", ["Contact", "No contact details", "Contactpersoon", "Contact form"])
def test_other_columns_are_none(header: str) -> None:
    assert not declined(pd.DataFrame({header: ["0", "1", "no"]})).any()


def test_cells_that_are_no_yes_and_no_are_not_read() -> None:
    assert not declined(pd.DataFrame({"Do Not Contact": ["1", "until May"]})).any()


def study_of(folder: Path, header: str) -> Study:
    rows = [f"p{i}@x.example,2026-03-{1 + i % 28:02d},{(2, 9, 4, 10)[i % 4]},{i % 3 % 2}" for i in range(60)]
    path = folder / "answers.csv"
    path.write_text("\n".join([header, *rows]), "utf-8")
    list(start_study(folder / "s", [path], timezone="Europe/London"))
    return Study.open(folder / "s")


def test_the_lists_leave_them_out_and_say_how_many(tmp_path: Path) -> None:
    study = study_of(tmp_path, "Email,Date,NPS,Do Not Contact")
    contacts = contact_lists(study)
    # Of 30 detractors those with i % 3 == 1 asked to be left alone.
    left = sum(1 for i in range(60) if i % 2 == 0 and i % 3 == 1)
    assert (len(contacts.cases), contacts.declined) == (30 - left, left)
    assert not set(contacts.cases["email"]) & {f"p{i}@x.example" for i in range(60) if i % 3 == 1}
    assert f"{left} more asked not to be contacted" in cases_sentence(contacts)
    told = next(block for block in blocks(summary.tell(study), study, Local("nl")) if block.name == "do")
    assert f"Nog {left} hebben gevraagd niet benaderd te worden" in told.lead


def test_answers_of_nobody_stay_on_the_list_to_be_read(tmp_path: Path) -> None:
    contacts = contact_lists(study_of(tmp_path, "Row,Date,NPS,Do Not Contact"))
    assert (len(contacts.cases), contacts.declined) == (30, 0)
