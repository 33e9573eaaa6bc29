"""Where an answer stands with its tool: by its words, in any column and language."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nps_utils.cleaning.clean import clean
from nps_utils.exports import read_export
from nps_utils.exports.cells import standing

QUESTION = "How likely are you to recommend Bergvik to a colleague?"
SCORES = [9, 10, 3, 0, 7, 8, 10, 10, 6, 9, 5, 2]

WORDS = (
    ("Complete", "Partial", "unfinished"), ("completed", "started", "unfinished"),
    ("Slutförd", "Ofullständig", "unfinished"), ("Fullført", "Ikke fullført", "unfinished"),
    ("Gennemført", "Delvist besvaret", "unfinished"), ("Voltooid", "Onvolledig", "unfinished"),
    ("Abgeschlossen", "Nicht abgeschlossen", "unfinished"), ("Terminé", "Incomplet", "unfinished"),
    ("Valmis", "Keskeneräinen", "unfinished"), ("Completada", "Parcial", "unfinished"),
    ("Complete", "Deleted", "deleted_by_tool"), ("Besvarad", "Raderad", "deleted_by_tool"),
    ("Færdig", "Slettet", "deleted_by_tool"), ("Ingevuld", "Verwijderd", "deleted_by_tool"),
    ("Vollständig", "Gelöscht", "deleted_by_tool"), ("Complète", "Supprimée", "deleted_by_tool"),
    ("Complete", "Disqualified", "disqualified"), ("Complete", "screened-out", "disqualified"),
    ("Abgeschlossen", "Disqualifiziert", "disqualified"), ("Completed", "Over quota", "disqualified"),
    ("Approved", "Not Approved", "not_approved"), ("Godkänd", "Ej godkänd", "not_approved"),
    ("validation_status_approved", "validation_status_not_approved", "not_approved"),
    ("Complete", "TEST", "preview_or_test"), ("Færdig", "Forhåndsvisning", "preview_or_test"),
    ("Finished", "Spam", "preview_or_test"),
)  # fmt: skip


def export(folder: Path, **columns: list[str]) -> Path:
    """Write twelve answers with these further columns."""
    path = folder / "a.csv"
    pd.DataFrame({**columns, QUESTION: SCORES}).to_csv(path, index=False)
    return path


def rejected(path: Path, **options: str) -> list[str]:
    """Read and clean an export, and return the reasons of rejected rows."""
    _, ledger = clean(read_export(path)[0], timezone="UTC", **options)  # type: ignore[arg-type]
    return list(ledger.loc[ledger["action"] == "rejected", "reason"])


@pytest.mark.parametrize(("good", "bad", "reason"), WORDS)
def test_by_its_words_alone(good: str, bad: str, reason: str, tmp_path: Path) -> None:
    """Under a header that says nothing; the sentence names the words; an empty cell counts."""
    path = export(tmp_path, q17=[good] * 6 + [bad] * 4 + [""] * 2)
    assert rejected(path) == [reason] * 4
    assert any(good in why and bad in why for why in read_export(path)[1].reasons)


@pytest.mark.parametrize(
    ("header", "good", "bad"),
    [
        ("Status", "Active", "Churned"),
        ("Status", "Open", "Closed"),
        ("Order status", "Completed", "Rejected"),
        ("Customer status", "Live", "Draft"),
        ("Ticket status", "Completed", "In progress"),
        ("Did the course go as planned?", "Completed", "Abandoned"),
        ("Plan", "Complete", "Basic"),
        ("Type", "new", "normal"),
    ],
)
def test_the_standing_of_something_else_rejects_nobody(header: str, good: str, bad: str, tmp_path: Path) -> None:
    """Of a customer, an order, a ticket: the words are others, or the header says whose."""
    assert rejected(export(tmp_path, **{header: [good] * 8 + [bad] * 4})) == []


def test_partial_answers_are_treated_alike_whatever_the_tool(tmp_path: Path) -> None:
    """A word in a column, a tool's own column, an empty submit date: unfinished, and kept by the same option."""
    times = [f"2025-08-{day:02d} 10:00:00" for day in range(1, 13)]
    ended = ["", *times[1:]]
    tools = {
        "alchemer": {"Status": ["Partial"] + ["Complete"] * 11, "Date Submitted": times},
        "typeform": {
            "#": [f"tok{i:05x}z" for i in range(12)],
            "Response Type": ["partial"] + ["completed"] * 11,
            "Start Date (UTC)": times,
            "Submit Date (UTC)": ended,
            "Network ID": [f"n{i}" for i in range(12)],
        },
        "limesurvey": {"Response ID": [str(i + 1) for i in range(12)], "submitdate": ended, "startdate": times},
    }
    for columns in tools.values():
        assert rejected(export(tmp_path, **columns)) == ["unfinished"]


def test_a_word_that_nobody_knows_is_said_and_counts(tmp_path: Path) -> None:
    """Under a header that says status."""
    path = export(tmp_path, Status=["Complete"] * 6 + ["Partial"] * 3 + ["Archived"] * 3)
    assert rejected(path) == ["unfinished"] * 3
    assert any('"Archived" says nothing we know' in note for note in read_export(path)[1].notes)


def test_two_columns_of_standing(tmp_path: Path) -> None:
    """Both count: one says how far the answer came, the other what was thought of it."""
    path = export(
        tmp_path,
        Status=["Complete"] * 9 + ["Partial"] * 3,
        Validation=["Not approved"] * 2 + ["Approved"] * 10,
    )
    assert rejected(path) == ["not_approved"] * 2 + ["unfinished"] * 3


def test_no_word_means_two_things() -> None:
    """Each word of a standing is of one kind."""
    kinds = (standing.COMPLETE, standing.PARTIAL, standing.OPEN, *standing.REASONS.values())
    words = [word for kind in kinds for word in dict.fromkeys(kind)]
    assert sorted({word for word in words if words.count(word) > 1}) == []
    assert all(word == standing.plain(word) for word in words)
