"""The page of cleaning: what other choices would do to the score."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from nps_utils import Study, tables
from nps_utils.pages.cleaning import cleaning_choices
from nps_utils.stats import verdicts


def test_the_reported_choice_is_the_report(demo: Study) -> None:
    """The first row equals the score of the responses; every answer kept is at least as many."""
    choices = cleaning_choices(demo).set_index("choice")
    reported = verdicts.scores(demo.responses()).iloc[0]
    for name in ("nps", "low", "high", "n", "design", "units"):
        assert choices.loc["as reported", name] == reported[name], name
    assert choices.loc["every answer of a person", "n"] > reported["n"]
    assert "latest answer per person and wave" not in choices.index  # it is what was reported


def test_choices_have_the_intervals_by_account(tmp_path: Path) -> None:
    """Where accounts answer more than once their answers are no independent ones, here as on the page of the score."""
    (tmp_path / "raw").mkdir()
    rows = [f"{a};{a}{i};{(10, 9, 2)[a % 3] if i else 8};2026-01-{i + 1:02d}" for a in range(12) for i in range(6)]
    rows += ["3;30;1;2026-01-20", "4;40;0;2026-01-21"]
    (tmp_path / "raw" / "a.csv").write_text("account_id;respondent_id;score;responded_at\n" + "\n".join(rows) + "\n")
    head = 'title = "t"\ntimezone = "UTC"\n[[export]]\npath = "raw/a.csv"\n'
    (tmp_path / "study.toml").write_text(head)
    study = Study.open(tmp_path)
    choices = cleaning_choices(study)
    reported = verdicts.scores(study.responses()).iloc[0]
    assert reported["design"] == "clustered"
    assert choices[["low", "high"]].to_numpy()[0].tolist() == [reported["low"], reported["high"]]
    assert len(choices) > 1
    assert (choices["design"] == "clustered").all()
    assert "by account" in tables.nps.choices(choices).title
    assert "of 12 accounts" in tables.nps.choices_sentence(choices)


def test_choices_of_a_bare_study(bare: Study) -> None:
    """Also without people there is something to choose."""
    assert isinstance(cleaning_choices(bare), pd.DataFrame)


def test_a_bare_study_gets_sentences(bare: Study, shown_by: Callable[[str, Path], list[str]]) -> None:
    """Scores and nothing else: the rows are accounted for, the rate is not known."""
    shown = shown_by("01-clean", bare.folder)
    assert "20 are responses" in shown[0]
    assert any("no [frame]" in text for text in shown)
    assert not [text for text in shown if "nan" in text.lower().split()]
