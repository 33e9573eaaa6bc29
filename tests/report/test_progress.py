"""Long work is shown on one line of a terminal, and not at all where nobody looks."""

from __future__ import annotations

import io
import itertools
import json
import time
from pathlib import Path

import pytest

from nps_utils.report import progress
from nps_utils.report.progress import Course


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_quiet_where_nobody_looks(tmp_path: Path) -> None:
    """A file or a pipe gets nothing."""
    stream = io.StringIO()
    course = Course(tmp_path, stream)
    with course.stage("cleaning"):
        time.sleep(0.02)
    assert stream.getvalue() == ""


def test_a_terminal_gets_one_line_that_is_wiped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the stage and the rows, is never a second line, and is gone at the end."""
    monkeypatch.setattr(progress, "_LOOK", 0.01)
    stream = _Terminal()
    course = Course(tmp_path, stream)
    course.rows = 1_000_000
    with course.stage("comments"):
        time.sleep(0.2)
    told = stream.getvalue()
    assert "comments, 1,000,000 rows, 0 s" in told
    assert "\n" not in told
    assert told.endswith("\r" + " " * progress.WIDTH + "\r")


def test_time_left_follows_the_last_report(tmp_path: Path) -> None:
    """Twice as slow as the last time so far: twice as long to go."""
    (tmp_path / progress.SECONDS).write_text(json.dumps({"cleaning": 10, "pages": 300, "site": 30}), "utf-8")
    course = Course(tmp_path, io.StringIO())
    assert course.left() == ""
    course.took = {"cleaning": 20.0}
    assert course.left() == ", about 11 min left"
    course.took = {"cleaning": 20.0, "pages": 640.0}
    assert course.left() == ", about 64 s left"


def test_seconds_are_kept_and_damage_is_no_matter(tmp_path: Path) -> None:
    """What the last report took is there for the next; a damaged file is as none."""
    course = Course(tmp_path, io.StringIO())
    with course.stage("cleaning"):
        time.sleep(0.06)
    course.keep()
    assert json.loads((tmp_path / progress.SECONDS).read_text("utf-8")) == {"cleaning": 0.1}
    (tmp_path / progress.SECONDS).write_text('{"cleaning": "x"', "utf-8")
    assert Course(tmp_path, io.StringIO())._expected == progress.USUAL


@pytest.mark.parametrize(
    ("read", "took"), [(1_975_000, 0.62e9), (55_700_000, 0.84e9), (565_000_000, 2.29e9), (5_650_000_000, 5.9e9)]
)
def test_what_a_report_takes_is_what_was_measured(read: int, took: float) -> None:
    """A warning with half of it free, none with half more; it was 41 GB for a report whose largest process took 10."""
    assert progress.memory_note(read, int(took / 2 / 1000)) is not None
    assert progress.memory_note(read, int((1.5 * took + 1e9) / 1000)) is None


def test_more_to_read_takes_more_memory() -> None:
    """From nothing to a study three times as large as any that was measured, without a step down."""
    takes = [progress._largest(read) for read in range(0, 18_000_000_000, 20_000_000)]
    assert all(one <= other for one, other in itertools.pairwise(takes))
    assert takes[0] > 5e8
    assert 12e9 < takes[-1] < 25e9
