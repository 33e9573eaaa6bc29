"""The page of cleaning: what other choices would do to the score."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from nps_utils import Study, count_bands, score
from nps_utils.pages.cleaning import cleaning_choices


def test_the_reported_choice_is_the_report(demo: Study) -> None:
    """The first row equals the score of the responses; every answer kept is at least as many."""
    choices = cleaning_choices(demo).set_index("choice")
    reported = score(count_bands(demo.responses())).iloc[0]
    assert choices.loc["as reported", "nps"] == reported["nps"]
    assert choices.loc["every answer of a person", "n"] > reported["n"]
    assert "latest answer per person and wave" not in choices.index  # it is what was reported


def test_choices_of_a_bare_study(bare: Study) -> None:
    """Also without people there is something to choose."""
    assert isinstance(cleaning_choices(bare), pd.DataFrame)


def test_a_bare_study_gets_sentences(bare: Study, shown_by: Callable[[str, Path], list[str]]) -> None:
    """Scores and nothing else: the rows are accounted for, the rate is not known."""
    shown = shown_by("01-clean", bare.folder)
    assert "20 are responses" in shown[0]
    assert any("no [frame]" in text for text in shown)
    assert not [text for text in shown if "nan" in text.lower().split()]
