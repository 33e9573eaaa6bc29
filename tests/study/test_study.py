"""A study from its folder: the demo as planted, real exports as known, tables joined, results cached."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nps_utils import Study, count_bands, score
from nps_utils.checks import BadStudy
from nps_utils.report.start import start_study
from nps_utils.study.study import NotInStudy

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "data" / "real"


def real(name: str) -> Path:
    """Return a real export, or skip the test where there is none."""
    path = REAL / name
    if not path.is_file():
        pytest.skip(f"real export {name} absent: this check runs only beside the shared data")
    return path


def started(folder: Path, name: str, *, timezone: str) -> tuple[Study, list[str]]:
    """Start a study from a real export and open it."""
    said = list(start_study(folder, [real(name)], timezone=timezone))
    return Study.open(folder), said


@pytest.fixture(scope="module")
def demo() -> Study:
    return Study.open(ROOT / "data" / "demo")


def test_every_row_of_the_demo_is_a_response_or_rejected(demo: Study) -> None:
    """Counted from the raw files with pandas alone, header rows taken off by hand."""
    readers: dict[str, dict[str, Any]] = {
        "hubspot.csv": {},
        "hubspot_2026q3.csv": {},
        "trustmary.csv": {},
        "superoffice.csv": {"sep": ";", "encoding": "cp1252"},
        "surveymonkey.csv": {"skiprows": [1]},
    }
    rows = {
        name: len(pd.read_csv(demo.folder / "raw" / name, dtype=str, on_bad_lines="warn", **how))
        for name, how in readers.items()
    }
    responses, ledger = demo.responses(), demo.ledger()
    rejected = ledger[ledger["action"] == "rejected"]
    for name, total in rows.items():
        assert (responses["source_file"] == name).sum() + (rejected["source_file"] == name).sum() == total, name


def test_answers_of_known_people_have_their_segments(demo: Study) -> None:
    """The frame and the accounts tell segment, country, size and role of nearly every answer."""
    known = demo.responses()[demo.segments].notna().mean()
    assert (known > 0.95).all(), known


def test_a_cleaned_study_is_read_back_equal(tmp_path: Path, demo: Study) -> None:
    """The second opening reads processed/ and gives the same tables, types included."""
    shutil.copytree(demo.folder, tmp_path / "s", ignore=shutil.ignore_patterns("processed", "results", "report"))
    first = Study.open(tmp_path / "s").responses()
    assert list((tmp_path / "s" / "processed").rglob("responses.parquet"))
    pd.testing.assert_frame_equal(Study.open(tmp_path / "s").responses(), first)


def test_a_changed_export_is_cleaned_again(tmp_path: Path) -> None:
    """The cache goes by content, not by time."""
    (tmp_path / "a.csv").write_text("NPS,date\n9,2026-01-31\n", "utf-8")
    list(start_study(tmp_path / "s", [tmp_path / "a.csv"]))
    assert len(Study.open(tmp_path / "s").responses()) == 1
    (tmp_path / "s" / "raw" / "a.csv").write_text("NPS,date\n9,2026-01-31\n3,2026-02-28\n", "utf-8")
    assert len(Study.open(tmp_path / "s").responses()) == 2


def test_what_a_study_lacks_is_said(tmp_path: Path) -> None:
    """No frame, no revenue, no benchmark: each says what cannot be known without it."""
    (tmp_path / "a.csv").write_text("NPS,date\n9,2026-01-31\n", "utf-8")
    list(start_study(tmp_path / "s", [tmp_path / "a.csv"]))
    study = Study.open(tmp_path / "s")
    for part in (study.frame, study.accounts, study.revenue, study.benchmark, study.followup):
        with pytest.raises(NotInStudy):
            part()


def test_a_segment_that_is_nowhere_is_named(tmp_path: Path) -> None:
    """A typo in segments must not silently drop a cut."""
    (tmp_path / "a.csv").write_text("NPS,date,country\n9,2026-01-31,SE\n", "utf-8")
    list(start_study(tmp_path / "s", [tmp_path / "a.csv"]))
    toml = tmp_path / "s" / "study.toml"
    toml.write_text(toml.read_text("utf-8").replace("segments = []", 'segments = ["contry"]'), "utf-8")
    with pytest.raises(BadStudy, match=r'contry.*Did you mean "country"'):
        Study.open(tmp_path / "s").responses()


def test_telecom_export(tmp_path: Path) -> None:
    """2,385 rows in, 2,353 responses, 32 without a score whose comment is kept, NPS -24.7, day first by proof."""
    study, said = started(tmp_path / "s", "telecom_uk_verbatims.csv", timezone="Europe/London")
    responses, ledger = study.responses(), study.ledger()
    rejected = ledger[ledger["action"] == "rejected"]
    assert (len(responses), len(rejected)) == (2353, 32)
    assert set(rejected["reason"]) == {"missing_score"}
    assert rejected["comment"].notna().all()
    assert round(score(count_bands(responses))["nps"].iloc[0], 1) == -24.7
    assert responses["touchpoint"].nunique() == 4
    assert ledger["value"].str.contains("day first").any()
    assert (responses["responded_at"].min().year, responses["responded_at"].max().month) == (2017, 6)
    assert any("2,385 rows came in" in line for line in said)


def test_hr_export_warns_of_the_scale(tmp_path: Path) -> None:
    """348 answers, none of them 0: the ledger says that the scale may be 1-10."""
    study, _ = started(tmp_path / "s", "hr_saas_b2b_nps.csv", timezone="Europe/Berlin")
    assert len(study.responses()) == 348
    assert study.ledger()["value"].str.contains("no 0 in 348 answers").any()


def test_google_forms_exports_give_identical_responses(tmp_path: Path) -> None:
    """The same 39 answers with US and with ISO times are the same responses, to the second."""
    us, _ = started(tmp_path / "us", "format_google_forms_us.csv", timezone="Europe/London")
    iso, _ = started(tmp_path / "iso", "format_google_forms_iso.csv", timezone="Europe/London")
    first, second = (study.responses().drop(columns="source_file") for study in (us, iso))
    pd.testing.assert_frame_equal(first, second)
    assert len(us.responses()) == 39
