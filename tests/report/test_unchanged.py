"""A report that stands is not made again; whatever it rests on or wrote, once touched, makes it anew."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nps_utils import files
from nps_utils.report import unchanged
from nps_utils.report.running import told_first

NAMES = ["study.toml", "raw/a.csv", "truth.toml"]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A folder as a report leaves it."""
    for name in ("study.toml", "raw/a.csv", "results/tables/x.csv", "results/summary.pdf", "report/index.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, "utf-8")
    for part in unchanged.MADE:
        files = [p.relative_to(tmp_path / part).as_posix() for p in (tmp_path / part).rglob("*") if p.is_file()]
        (tmp_path / part / "made.json").write_text(json.dumps({"run": "r", "files": files}), "utf-8")
    made_of = unchanged.key(tmp_path, NAMES, contacts_in_site=False)
    unchanged.remember(tmp_path, made_of, NAMES, "NPS +5")
    return tmp_path


def test_a_report_that_stands_is_told_by_its_headline(study: Path) -> None:
    """What somebody put among the results is theirs and changes nothing."""
    (study / "results" / "mine.txt").write_text("note", "utf-8")
    assert unchanged.headline(study, contacts_in_site=False) == "NPS +5"
    assert unchanged.headline(study, contacts_in_site=True) is None


@pytest.mark.parametrize(
    "touch",
    [
        lambda s: (s / "raw/a.csv").write_text("raw/a.csw", "utf-8"),
        lambda s: (s / "raw/a.csv").unlink(),
        lambda s: (s / "study.toml").write_text("", "utf-8"),
        lambda s: (s / "truth.toml").write_text("", "utf-8"),
        lambda s: (s / "results/tables/x.csv").write_text("edited", "utf-8"),
        lambda s: (s / "report/index.html").unlink(),
        lambda s: (s / "results/summary.pdf").unlink(),
        lambda s: (s / ".report-run12345678").mkdir(),
        lambda s: (s / unchanged.RECORD).write_text("{", "utf-8"),
        lambda s: (s / unchanged.RECORD).write_text("[]", "utf-8"),
        lambda s: (s / unchanged.RECORD).unlink(),
    ],
)
def test_whatever_is_touched_makes_it_anew(touch: Callable[[Path], object], study: Path) -> None:
    """Input, results, site, what a killed run left, the record itself."""
    touch(study)
    assert unchanged.headline(study, contacts_in_site=False) is None


def test_without_a_browser_a_report_stands_without_a_pdf(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was made anew on every run where no browser is installed: 6.7 seconds of the demo, instead of .4."""
    told = json.loads((study / unchanged.RECORD).read_text("utf-8"))
    del told["made"][unchanged.PDF]
    (study / unchanged.RECORD).write_text(json.dumps(told), "utf-8")
    monkeypatch.setattr(unchanged, "browser", lambda: None)
    assert unchanged.headline(study, contacts_in_site=False) == "NPS +5"
    monkeypatch.setattr(unchanged, "browser", lambda: "/usr/bin/chromium")
    assert unchanged.headline(study, contacts_in_site=False) is None


def test_another_library_or_place_makes_it_anew(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages say where the study lies; what computes them is part of them."""
    monkeypatch.setattr(unchanged, "library_hash", lambda: "another")
    assert unchanged.headline(study, contacts_in_site=False) is None
    monkeypatch.undo()
    monkeypatch.setattr(unchanged, "_installed", lambda: ["numpy-9.dist-info"])
    assert unchanged.headline(study, contacts_in_site=False) is None
    monkeypatch.undo()
    moved = study.with_name("moved")
    study.rename(moved)
    assert unchanged.headline(moved, contacts_in_site=False) is None


def test_the_data_files_of_the_package_count() -> None:
    """Names, themes and templates decide what a page says as code does."""
    package = Path(unchanged.__file__).parents[1]
    counted = {path.suffix for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {".txt", ".toml", ".jinja", ".json", ".po", ".css"} <= counted


def test_who_has_said_a_number_of_threads_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise one for each library."""
    for name in told_first.NAMES:
        monkeypatch.delenv(name, raising=False)
    told_first.one_thread_each()
    assert {os.environ[name] for name in told_first.NAMES} == {"1"}
    for name in told_first.NAMES[1:]:
        monkeypatch.delenv(name)
    monkeypatch.setenv(told_first.NAMES[0], "4")
    told_first.one_thread_each()
    assert {os.environ[name] for name in told_first.NAMES} == {"4"}


def test_a_large_file_is_hashed_once_for_all_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process is told the hash, and reads the file itself once it is written anew."""
    monkeypatch.setattr(files, "_LARGE", 3)
    monkeypatch.setattr(files, "_LARGE_ONES", {})
    file = tmp_path / "answers.csv"
    file.write_text("0123", "utf-8")
    own = files.known_hash(file)
    assert own == files.file_hash(file)
    told = files.told_hashes()
    files._hash_once.cache_clear()
    monkeypatch.setattr(files, "_LARGE_ONES", {})
    assert files.told_hashes() == {}
    monkeypatch.setenv(*next(iter(told.items())))
    monkeypatch.setattr(files, "file_hash", lambda _: "read anew")
    assert files.known_hash(file) == own
    file.write_text("01234", "utf-8")
    assert files.known_hash(file) == "read anew"
    small = tmp_path / "study.toml"
    small.write_text("01", "utf-8")
    files.known_hash(small)
    assert "study.toml" not in str(files.told_hashes())
