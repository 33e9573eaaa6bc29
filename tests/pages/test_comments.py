"""The page of comments: the planted cause is found, and too few comments are said to be so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nps_utils import Limit, Study, attempt
from nps_utils.pages.act import read_remarks
from nps_utils.pages.comments import at_touchpoint, changes_in_words, effects_in_words


def test_the_planted_cause_is_found_in_the_wave_of_the_drop(demo: Study) -> None:
    """Invoice export: not mentioned before, the largest rise in 2025-Q3, and among the most costly themes."""
    remarks = read_remarks(demo)
    effects = effects_in_words(demo.responses(), remarks)
    assert effects.nsmallest(3, "adjusted")["theme"].str.contains("nvoice export").any()
    changes = changes_in_words(at_touchpoint(demo.responses(), remarks, "relationship"))
    largest = changes.iloc[int(changes["change"].to_numpy().argmax())]
    assert (largest["theme"].lower(), largest["wave_after"]) == ("invoice export", "2025-Q3")
    assert largest["pvalue_adjusted"] < 0.001


def test_no_comments_are_a_limit(bare: Study) -> None:
    """Nothing to count is said."""
    limit = attempt(effects_in_words, bare.responses(), attempt(read_remarks, bare))
    assert isinstance(limit, Limit)
    assert "nan" not in limit.reason.lower().split()


def test_a_bare_study_gets_sentences(bare: Study, shown_by: Callable[[str, Path], list[str]]) -> None:
    """Scores and nothing else: no comment, no theme."""
    shown = shown_by("05-comments", bare.folder)
    assert shown[0].startswith("*Cannot be said here:* ")
    assert not [text for text in shown if "nan" in text.lower().split()]
