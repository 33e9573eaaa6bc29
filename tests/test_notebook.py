"""The library as a page has it: what a study lacks is passed on as a sentence, what a cell gets wrong is an error."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import nps_utils
from nps_utils import notebook
from nps_utils.checks import BadInput, BadStudy, BadValue, MissingColumn
from nps_utils.report.start import start_study

# A type checker sees the modules themselves, and would find the mistakes that are made here on purpose.
figures: Any = notebook.figures
nps: Any = notebook.nps
pages: Any = notebook.pages
tables: Any = notebook.tables

DEMO = Path(__file__).parents[1] / "data" / "demo"
ONE_WAVE = pd.DataFrame({"wave": "1", "touchpoint": "t", "score": [9, 3, 10, 8]})


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text("NPS\n" + "9\n10\n3\n8\n" * 5, "utf-8")
    list(start_study(tmp_path / "s", [tmp_path / "a.csv"]))
    return tmp_path / "s"


def test_what_a_study_lacks_goes_through_every_call() -> None:
    """One wave: the comparison, its table and its picture are the same sentence."""
    changes = nps.compare(nps.count_bands(ONE_WAVE, by=["wave"]), across="wave")
    assert isinstance(changes, nps.Limit)
    assert "a comparison needs two" in str(changes)
    for passed in (tables.scores.changes(changes, title="T"), figures.changes(changes), changes["nps"].round(1)):
        assert passed is changes
    with pytest.raises(BadInput):  # the library itself raises, as ever
        nps_utils.compare(nps_utils.count_bands(ONE_WAVE, by=["wave"]), across="wave")


def test_a_function_that_takes_a_limit_gets_it() -> None:
    """Sentences that say what is missing are written by `tables`."""
    assert tables.change.would_have_to_be_true(nps.Limit("x"), nps.Limit("y")).startswith("With one wave")


@pytest.mark.parametrize("missing", [False, True])
def test_a_misspelt_keyword_or_name_is_an_error(missing: bool) -> None:
    """Also beside something missing, where nothing would have been called."""
    counts = nps.Limit("No answers.") if missing else nps.count_bands(ONE_WAVE, by=["wave"])
    with pytest.raises(TypeError, match="acros"):
        nps.compare(counts, acros="wave")
    with pytest.raises(AttributeError, match="comprae"):
        nps.comprae(counts)
    with pytest.raises(AttributeError, match="chnages"):
        tables.chnages  # noqa: B018
    with pytest.raises(AttributeError, match="wavs"):
        figures.wavs(counts)


def test_a_misspelt_column_or_choice_is_an_error_that_names_the_right_one() -> None:
    """It stands in the call itself, so no study could have it."""
    two = pd.concat([ONE_WAVE, ONE_WAVE.assign(wave="2")])
    with pytest.raises(MissingColumn, match='Did you mean "wave"'):
        nps.count_bands(two, by=["wavw"])
    counts = nps.count_bands(two, by=["wave"])
    with pytest.raises(BadValue, match="neither one of previous"):
        nps.compare(counts, across="wave", baseline="previuos")
    with pytest.raises(BadValue, match=r"Write 0.95"):
        nps.score(counts, confidence_level=95)


def test_a_column_that_a_study_may_lack_is_a_limit() -> None:
    """A frame without touchpoints gives no rate by touchpoint."""
    people = pd.DataFrame({"respondent_id": ["1", "2"], "asked_at": "2026-01-01"})
    answers = pd.DataFrame({"respondent_id": ["1"], "responded_at": pd.to_datetime(["2026-01-02"], utc=True)})
    found = nps.weighting.response_rates(people, answers, by=["touchpoint"])
    assert isinstance(found, nps.Limit)
    assert 'no column "touchpoint"' in found.reason


def test_a_study_on_a_page(bare: Path) -> None:
    """What may lack is a limit, what may not is there; the page functions get the study itself."""
    study = nps.Study.open(bare)
    assert len(study.responses()) == 20
    assert isinstance(study.frame(), nps.Limit)
    assert isinstance(study.nps_goal().target, nps.Limit)
    assert isinstance(pages.act.next_survey(study), nps.Limit)
    assert "frame" in dir(study)
    with pytest.raises(AttributeError, match="fraem"):
        study.fraem()
    with pytest.raises(BadStudy):
        nps.Study.open(bare / "nowhere")


def test_another_wave_or_segment_is_asked_for_in_a_cell() -> None:
    """A whole page, or one table; what there is not is refused with what there is."""
    study = nps.Study.open(DEMO)
    months = study.responses(wave="month")["wave"]
    assert months.str.fullmatch(r"\d{4}-\d{2}").all()
    assert len(months) >= len(study.responses())  # the latest of a person and wave is kept: more waves, more answers
    assert study.responses()["wave"].str.contains("Q").all()
    with pytest.raises(BadValue, match="quarter, month, week, year, column"):
        study.responses(wave="fortnight")
    with pytest.raises(BadValue, match="2024-01-15"):
        nps.Study.open(DEMO, wave=["15/01/2024"])
    with pytest.raises(BadStudy, match=r"colour is named .* They have: .*country"):
        nps.Study.open(DEMO, segments=["colour"]).responses()
    with pytest.raises(BadValue, match=r'\["country"\]'):
        nps.Study.open(DEMO, segments="country")
    changed = nps.Study.open(DEMO, wave=["2025-01-01"], segments=["country"])
    assert set(changed.responses()["wave"]) == {"../2024-12-31", "2025-01-01/.."}
    assert changed.segments == ["country"]
    assert changed.weight_by() == ("segment", "size")  # what one weights by stays known
    assert changed.results == DEMO / "results" / "otherwise"
    assert study.results == DEMO / "results"


def test_help_is_that_of_the_library() -> None:
    """The signature and the docstring are the function's own."""
    assert inspect.signature(nps.compare) == inspect.signature(nps_utils.compare)
    assert nps.compare.__doc__ == nps_utils.compare.__doc__
    assert "nps_utils" in repr(nps)
