"""Consent decides what is shown, and files with names are private."""

from __future__ import annotations

import stat
from pathlib import Path

import pandas as pd
import pytest

from nps_utils.checks import BadValue
from nps_utils.comments import quotable
from nps_utils.pages import comments
from nps_utils.pages.act import contact_lists, known_names, read_remarks
from nps_utils.pages.quotes import to_show
from nps_utils.report.start import start_study
from nps_utils.report.takeaway import write_contacts
from nps_utils.study.study import Study
from nps_utils.words.limits import Limit

NO_CLUSTERS = Limit("not grouped")
TEXTS = [
    "The support team is wonderful and answers fast", "Invoices are wrong every month", "Delivery was late again",
    "Easy to use and very stable", "The price is too high for what we get", "Great staff, always friendly and helpful",
] * 6  # fmt: skip


def _study(folder: Path, *, consent: list[str] | None, more: str = "", **columns: list[str]) -> Study:
    (folder / "raw").mkdir(parents=True)
    n = len(TEXTS)
    table = pd.DataFrame(
        {
            "response_id": [f"r{i}" for i in range(n)],
            "score": [(10, 3, 5, 9, 6, 10)[i % 6] for i in range(n)],
            "comment": [f"{text} ({i})" for i, text in enumerate(TEXTS)],
            "responded_at": [f"2026-01-{i % 28 + 1:02d}" for i in range(n)],
            **columns,
        }
    )
    if consent is not None:
        table["consent_to_quote"] = (consent * n)[:n]
    table.to_csv(folder / "raw" / "a.csv", index=False)
    (folder / "study.toml").write_text(
        f'title = "T"\ntimezone = "Europe/Stockholm"\n{more}\n[[export]]\npath = "raw/a.csv"\n', "utf-8"
    )
    return Study.open(folder)


def test_a_no_is_a_no_everywhere(tmp_path: Path) -> None:
    """Not on the page, not on the check sheet, not in the list; `quotes = true` does not overrule it."""
    study = _study(tmp_path, consent=["no"], more="quotes = true")
    remarks = read_remarks(study)
    for shown in (lambda r: to_show(study, r, NO_CLUSTERS), lambda r: comments.checked_by_hand(study, r)):
        with pytest.raises(BadValue, match="Nobody who wrote allowed us"):
            shown(remarks)
    assert contact_lists(study, remarks).quotes.empty
    assert not (study.results / comments.SHEET).exists()
    assert remarks.quotable.isna().all()


def test_only_those_who_consented_are_quoted(tmp_path: Path) -> None:
    """Page and sheet hold their comments alone."""
    study = _study(tmp_path, consent=["yes", "no", "no"])
    remarks, responses = read_remarks(study), study.responses()
    allowed = set(responses.loc[responses["consent_to_quote"], "comment"])
    found = to_show(study, remarks, NO_CLUSTERS)
    assert len(found) > 0
    assert set(found["quote"]) <= allowed
    with pytest.raises(BadValue, match="no answers"):
        comments.checked_by_hand(study, remarks)
    path = study.results / comments.SHEET
    assert set(pd.read_csv(path)["comment"]) <= allowed
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_untouched_sheet_follows_a_withdrawn_consent(tmp_path: Path) -> None:
    """A sheet in which nobody has judged anything is written anew; one that is filled in stays."""
    study = _study(tmp_path, consent=["no"])
    path = study.results / comments.SHEET
    path.parent.mkdir()
    path.write_text("row,language,comment,main_theme,correct,should_be\n0,en,secret,price,,\n", "utf-8")
    with pytest.raises(BadValue, match="allowed us"):
        comments.checked_by_hand(study, read_remarks(study))
    assert not path.exists()
    path.write_text("row,language,comment,main_theme,correct,should_be\n0,en,x,price,yes,\n", "utf-8")
    assert "Of 1 comments checked by hand" in comments.checked_by_hand(study, read_remarks(study))


def test_without_a_column_of_consent_study_toml_decides(tmp_path: Path) -> None:
    """Nothing is shown until `quotes = true`; the message says so, and followed it works."""
    silent = _study(tmp_path / "a", consent=None)
    with pytest.raises(BadValue, match="quotes = true"):
        to_show(silent, read_remarks(silent), NO_CLUSTERS)
    open_ = _study(tmp_path / "b", consent=None, more="quotes = true")
    found = to_show(open_, read_remarks(open_), NO_CLUSTERS)
    assert set(found["allowed_by"]) == {"study.toml"}


def test_a_testimonial_is_quoted_and_not_the_reason() -> None:
    """Of an export that asks for both; one without a testimonial there has nothing to quote."""
    rows = pd.DataFrame(
        {"consent_to_quote": [True, True, False, True], "source_file": ["t.csv", "t.csv", "t.csv", "h.csv"]}
    )
    reason = pd.Series(["reason 0", "reason 1", "reason 2", "comment 3"])
    told = pd.Series(["Best ever", None, "Not this", None])
    assert quotable(rows, reason, testimonials=told).fillna("").tolist() == ["Best ever", "", "", "comment 3"]
    none_written = pd.Series([None] * 4, dtype="str")
    shown = quotable(rows, reason, testimonials=none_written, testimonial_files={"t.csv"})
    assert shown.fillna("").tolist() == ["", "", "", "comment 3"]


def test_names_in_two_columns_are_masked_and_on_the_contact_list(tmp_path: Path) -> None:
    """The name is known for masking, and stands on the list."""
    n = len(TEXTS)
    study = _study(tmp_path, consent=None, Voornaam=["Xandrine"] * n, Achternaam=["Quillfeather"] * n)
    assert known_names(study) == ["Xandrine Quillfeather"]
    assert "Xandrine Quillfeather" in set(contact_lists(study).cases["name"])


def test_files_with_names_are_private(tmp_path: Path) -> None:
    """The raw copy, the cache and the lists can be read by their owner only."""
    source = _study(tmp_path / "source", consent=["yes"]).folder / "raw" / "a.csv"
    list(start_study(tmp_path / "new", [source], timezone="Europe/Oslo"))
    study = Study.open(tmp_path / "new")
    remarks = read_remarks(study)
    write_contacts(study, contact_lists(study, remarks))
    kept = [
        tmp_path / "new" / "raw" / "a.csv",
        *study.processed.rglob("*.parquet"),
        *(study.results / "followup").iterdir(),
    ]
    assert len(kept) >= 7
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    folders = [study.folder / "raw", study.processed, study.results / "followup"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


@pytest.mark.parametrize("cell", ["", "-"])
def test_where_consent_was_asked_and_nobody_answered_nothing_is_quoted(tmp_path: Path, cell: str) -> None:
    """The export asks; that all left it empty is no consent, and `quotes = true` is none of theirs."""
    study = _study(tmp_path, consent=[cell], more="quotes = true")
    remarks = read_remarks(study)
    assert remarks.quotable.isna().all()
    with pytest.raises(BadValue, match="Nobody who wrote allowed us"):
        to_show(study, remarks, NO_CLUSTERS)
    assert contact_lists(study, remarks).quotes.empty
