"""The page on how a report was made: which files were read, to the bit."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pytest

from nps_utils import Study
from nps_utils.report.summary.how_made import made_page
from nps_utils.words.translation import Local


def test_the_hash_of_each_file_is_told_and_none_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame of ten million answers is a file of four gigabytes: no process reads it at once."""
    study = Study.open("data/demo")
    expected = [hashlib.sha256(path.read_bytes()).hexdigest() for path in study.input_files()]

    def at_once(path: Path) -> bytes:
        raise AssertionError(f"{path} is read at once.")

    monkeypatch.setattr(Path, "read_bytes", at_once)
    page = made_page(study, Local("en"), dt.date(2026, 12, 1))
    assert expected
    assert all(digest in page for digest in expected)
