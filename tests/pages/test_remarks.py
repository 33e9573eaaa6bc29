"""Comments are read once: what comes back is what was computed, and a change of what it rests on is seen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from nps_utils import Study, comments
from nps_utils.pages import remarks
from nps_utils.pages.remarks import read_remarks
from nps_utils.report.start import start_study

TEXTS = (
    "Leveransen var sen, ring Anna Berg 070-123 45 67",
    "support was great",
    "",
    "zu teuer",
    "the price is too high",
)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    rows = [f'{i % 11},2026-0{1 + i % 6}-11,"{TEXTS[i % len(TEXTS)]}"\n' for i in range(60)]
    (tmp_path / "a.csv").write_text("NPS,Date,Comment\n" + "".join(rows), "utf-8")
    list(start_study(tmp_path / "s", [tmp_path / "a.csv"]))
    return Study.open(tmp_path / "s")


def test_kept_comments_are_those_that_were_read(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cell by cell, with index, types and names; and nothing is read a second time."""
    fresh = remarks._read(study)
    first = read_remarks(study)
    monkeypatch.setattr(comments, "assign_themes", None)
    from nps_utils.study import kept as place

    place._READ.clear()
    again = read_remarks(Study.open(study.folder))
    for found in (first, again):
        pd.testing.assert_series_equal(found.masked, fresh["texts"]["masked"], check_names=False)
        pd.testing.assert_series_equal(found.quotable, fresh["texts"]["quotable"], check_names=False)
        pd.testing.assert_frame_equal(found.themes, fresh["themes"], check_exact=True)
        shown = remarks._with_others(fresh["themes"], fresh["other_themes"])
        pd.testing.assert_frame_equal(found.quotable_themes, shown, check_exact=True)
        assert found.words is not None
        words = comments.theme_words(fresh["texts"]["masked"], fresh["themes"], taxonomy=found.taxonomy)
        pd.testing.assert_frame_equal(found.words, words, check_exact=True)
        pd.testing.assert_series_equal(found.marks, fresh["marks"]["marks"], check_names=False)
        assert found.masked.name == "comment"
        assert found.marks.name == "masked"
    assert again.masked.notna().sum() == 48
    assert "070" not in again.masked.str.cat(sep=" ")


def test_who_is_not_the_owner_cannot_open_them(study: Study) -> None:
    """Masked or not, they are what people wrote."""
    read_remarks(study)
    (folder,) = (study.processed / "comments").iterdir()
    assert study.processed.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder, *folder.glob("*.parquet")))


def test_another_answer_or_theme_is_seen(study: Study) -> None:
    """A row more in the export, a theme more in study.toml: both at once in the next call of the same study."""
    before = len(read_remarks(study).masked)
    export = study.folder / "raw" / "a.csv"
    export.write_text(export.read_text("utf-8") + '9,2026-06-12,"parking is far away"\n', "utf-8")
    assert len(read_remarks(Study.open(study.folder)).masked) == before + 1
    toml = study.folder / "study.toml"
    toml.write_text(toml.read_text("utf-8") + '\n[[theme]]\nname = "parking"\nlabel = "Parking"\n'
                    'words = { en = ["parking"] }\n', "utf-8")  # fmt: skip
    assert "parking" in read_remarks(Study.open(study.folder)).themes.columns


def test_what_a_page_adds_to_its_answers_stays_with_it(study: Study) -> None:
    """The next call gives the answers as they are."""
    rows = study.responses()
    rows["score"] = 0
    rows.loc[0, "comment"] = "changed"
    rows.insert(0, "mine", 1)
    again = study.responses()
    assert "mine" not in again.columns
    assert again["score"].sum() > 0
    assert again["comment"].iloc[0] != "changed"


def test_a_copy_of_a_study_reads_its_own(study: Study, tmp_path: Path) -> None:
    """What a process has read belongs to a folder."""
    whole = len(study.responses())
    shutil.copytree(study.folder, tmp_path / "copy")
    export = tmp_path / "copy" / "raw" / "a.csv"
    export.write_text("".join(export.read_text("utf-8").splitlines(keepends=True)[:31]), "utf-8")
    assert len(Study.open(tmp_path / "copy").responses()) < whole
