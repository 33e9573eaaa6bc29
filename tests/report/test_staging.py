"""A good report is never lost, and a bad one never looks good: killed runs, damaged caches, a disk that refuses."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from papermill.exceptions import PapermillExecutionError

from nps_utils import Study, cli
from nps_utils.checks import BadFile
from nps_utils.files import is_whole, seal
from nps_utils.pages.page import Page
from nps_utils.report import build, staging
from nps_utils.report.kept_pages import all_pages
from nps_utils.report.running import kernels
from nps_utils.report.running.runners import Call, Kernels
from nps_utils.report.running.runners import Page as Running
from nps_utils.report.start import start_study
from nps_utils.study.study import RESULTS
from nps_utils.tables import Table


@pytest.fixture
def study(tmp_path: Path) -> Study:
    (tmp_path / "a.csv").write_text("NPS,Date\n" + "9,2026-01-31\n3,2026-02-01\n" * 9, "utf-8")
    list(start_study(tmp_path / "s", [tmp_path / "a.csv"]))
    return Study.open(tmp_path / "s")


def publish(folder: Path, text: str) -> None:
    """Publish a pair of one file each."""
    with staging.begin(folder) as run:
        for part in (run.results, run.report):
            part.mkdir()
            (part / "a.txt").write_text(text, "utf-8")
        run.publish()


def pair(folder: Path) -> list[str]:
    """Return what the two files say."""
    return [(folder / name / "a.txt").read_text("utf-8") for name in staging.PAIR]


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked and killed by a signal")
def test_killed_anywhere_the_pair_is_whole_and_the_next_run_succeeds(tmp_path: Path) -> None:
    """Every eighth step; at each, results and site are of one run, and the next leaves nothing behind."""
    script = Path(__file__).with_name("kill_at_every_step.py")
    done = subprocess.run([sys.executable, script, tmp_path, "8"], capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert sum(row["killed"] for row in rows) >= 10
    for row in rows:
        assert len(row["then"]) == 2
        assert len({said.split(": ")[1] for said in row["then"]}) == 1, row
        assert {said.split(": ")[1] for said in row["after"]} == {f"{row['step']} again"}, row
        assert row["left"] == [], row


def test_where_folders_cannot_be_exchanged_a_killed_run_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Renames only, stopped after each of them in turn: the pair that was ready comes out whole."""
    monkeypatch.setattr("nps_utils.files._exchanger", lambda: lambda _one, _other: False)
    for after in range(7):
        folder = tmp_path / str(after)
        publish(folder, "old")
        left = folder / f"{staging.PREFIX}12345678"
        for name in staging.PAIR:
            (left / name).mkdir(parents=True)
            (left / name / "a.txt").write_text("new", "utf-8")
            staging._mark(left / name, left.name)
        (left / "ready").write_text(left.name, "utf-8")
        steps = [
            (source, target)
            for name in staging.PAIR
            for source, target in (
                (folder / name, left / f"{name}-old"),
                (left / name, folder / name),
                (left / f"{name}-old", left / name),
            )
        ]
        for source, target in steps[:after]:
            source.rename(target)
        staging.repair(folder)
        assert pair(folder) == ["new", "new"], after
        assert list(folder.glob(".*")) == []


def test_a_run_that_is_not_ready_leaves_the_last_pair(tmp_path: Path) -> None:
    """What a killed run had made so far is removed by the next, unseen."""
    publish(tmp_path, "old")
    (tmp_path / f"{staging.PREFIX}12345678" / "results").mkdir(parents=True)
    staging.repair(tmp_path)
    assert pair(tmp_path) == ["old", "old"]
    assert list(tmp_path.glob(".*")) == []


def test_two_runs_at_once(tmp_path: Path) -> None:
    """Neither takes the other's folder for a killed one's; the last to publish is what stays."""
    with staging.begin(tmp_path) as one:
        publish(tmp_path, "second")
        assert one.folder.is_dir()
        for part in (one.results, one.report):
            part.mkdir()
            (part / "a.txt").write_text("first", "utf-8")
        one.publish()
    assert pair(tmp_path) == ["first", "first"]


def test_what_somebody_filled_in_or_put_there_stays(tmp_path: Path) -> None:
    """The check sheet is filled in among the results, and a note of one's own is nobody else's to delete."""
    publish(tmp_path, "old")
    results = tmp_path / "results"
    (results / staging.FILLED_IN[0]).write_text("yes", "utf-8")
    (results / "notes").mkdir()
    (results / "notes" / "mine.txt").write_text("keep", "utf-8")
    publish(tmp_path, "new")
    publish(tmp_path, "newer")
    assert pair(tmp_path) == ["newer", "newer"]
    assert (results / staging.FILLED_IN[0]).read_text("utf-8") == "yes"
    assert (results / "notes" / "mine.txt").read_text("utf-8") == "keep"


@pytest.mark.parametrize("damage", ["cut", "emptied", "removed", "no manifest", "half a manifest"])
def test_a_damaged_cache_is_made_anew_with_a_word(damage: str, study: Study, caplog: pytest.LogCaptureFixture) -> None:
    """Half a Parquet file is no reason for a traceback, and no reason for another number."""
    before = study.responses()
    (folder,) = (study.processed / "clean").iterdir()
    file = folder / ("manifest.json" if "manifest" in damage else "responses.parquet")
    content = file.read_bytes()
    file.write_bytes(b"" if damage == "emptied" else content[: len(content) // 2])
    if damage in ("removed", "no manifest"):
        file.unlink()
    pd.testing.assert_frame_equal(study.responses(), before)
    assert "made anew" in caplog.text
    assert is_whole(folder)


def test_a_kept_page_is_used_only_whole(study: Study) -> None:
    """A page cut short, or a table that a killed run left half-written, runs again and says why."""
    notebook = build.notebooks()[0]
    said: list[str] = []
    runs: list[Path] = []

    class Fake(Kernels):
        def start(self, page: Running | Call) -> None:
            assert isinstance(page, Running)
            runs.append(page.path)
            Page(page.results, page.path.stem).table(Table(pd.DataFrame({"n": [len(runs)]}), "T"), "x")
            build._write(build._read(page.path), page.folder / page.path.name)
            self._done.append(page)

    def page() -> str:
        with staging.begin(study.folder) as run:
            staged = Study(study.folder, study.settings, run.results)
            all_pages([notebook], staged, run, Fake(), key="k", force=False, say=said.append)
            return (run.results / "tables" / f"{notebook.stem}-x.csv").read_text("utf-8")

    assert page() == page() == "n\n1\n"
    (kept,) = (study.processed / "pages").iterdir()
    (kept / "results" / "tables" / f"{notebook.stem}-x.csv").write_text("n\n", "utf-8")
    assert page() == "n\n2\n"
    assert any("made anew" in line for line in said)
    (kept / notebook.name).write_text("{", "utf-8")
    assert page() == "n\n3\n"
    assert len(runs) == 3


def test_what_is_told_beside_pages_begins_before_the_last_two(study: Study) -> None:
    """Where a process can be forked for it; alone where every page is kept."""
    begun: list[str] = []
    said: list[str] = []

    class Fake(Kernels):
        def start(self, page: Running | Call) -> None:
            begun.append(page.what if isinstance(page, Call) else page.path.stem)
            if isinstance(page, Running):
                build._write(build._read(page.path), page.folder / page.path.name)
            self._done.append(page)

    notebooks = build.notebooks()
    for _ in range(2):
        with staging.begin(study.folder) as run:
            staged = Study(study.folder, study.settings, run.results)
            call = Call("summary", "a:b", {})
            made = all_pages(notebooks, staged, run, Fake(), key="k", force=False, say=said.append, beside=call)
            assert len(made) == len(notebooks)
    names = [path.stem for path in notebooks]
    assert begun == [*names[:-2], "summary", *names[-2:], "summary"]


def test_a_notebook_is_told_where_its_results_go(study: Study, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By a variable of its process; without it, they go where they always did."""
    assert study.results == study.folder / "results"
    monkeypatch.setenv(RESULTS, str(tmp_path / "elsewhere"))
    assert Study.open(study.folder).results == tmp_path / "elsewhere"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT, errno.ENAMETOOLONG])
def test_a_disk_that_refuses_ends_with_two_and_what_to_do(
    number: int, study: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback; what happened, to which file, and what helps."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), str(study.folder / "results"))

    monkeypatch.setattr(staging, "begin", refuse)
    monkeypatch.setattr("sys.argv", ["nps", "report", str(study.folder)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert str(study.folder / "results") in told
    assert any(way in told for way in ("Free some space", "Copy the study", "copy the study", "Move the study"))


def test_a_full_disk_within_a_notebook_is_no_failure_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel's message is read for the number of the error."""

    def refuse(*_: object, **__: object) -> None:
        raise PapermillExecutionError(0, 1, "x", "OSError", "[Errno 28] No space left on device", [])

    monkeypatch.setattr("papermill.execute_notebook", refuse)
    with pytest.raises(BadFile, match="disk is full"):
        kernels.run(build.notebooks()[0], study_dir=None)


def test_a_long_temporary_path_leaves_the_sockets(tmp_path: Path) -> None:
    """The path of a socket may not be longer than a hundred characters; a kernel is then talked to by ports."""
    assert not dict(kernels.kernel_files(tmp_path / ("x" * 120)))


def test_a_sealed_folder_must_hold_something(tmp_path: Path) -> None:
    """An empty manifest proves nothing."""
    seal(tmp_path)
    assert not is_whole(tmp_path)
