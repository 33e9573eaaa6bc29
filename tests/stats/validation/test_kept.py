"""Evidence that is kept is that of the methods as they are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from nps_utils.stats.validation import kept
from nps_utils.stats.validation.promises import MAKERS, Evidence


def test_the_kept_evidence_is_that_of_today() -> None:
    """After a change of a method, numpy or scipy it must be made anew."""
    assert kept.read_kept(Evidence._fields) is not None, "run `make evidence`"


@pytest.mark.parametrize("name", ["finite", "target", "segments", "mean"])
def test_what_is_kept_is_what_is_computed(name: str) -> None:
    """Two that count over every outcome and two that draw, computed now: the same to the last digit but one."""
    tables = kept.read_kept([name])
    assert tables is not None
    pd.testing.assert_frame_equal(tables[0], MAKERS[name](), rtol=1e-12)


def test_with_another_method_or_version_it_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor when it is damaged or not there; then the page computes."""
    file = tmp_path / "evidence.json"
    shutil.copyfile(kept.FILE, file)
    assert kept.read_kept(["one"], file=file) is not None
    assert kept.read_kept(["no such table"], file=file) is None
    monkeypatch.setattr(kept, "LIBRARIES", ("numpy",))
    assert kept.read_kept(["one"], file=file) is None
    monkeypatch.undo()
    file.write_text(file.read_text("utf-8").replace("stats/score.py", "stats/sccore.py"), "utf-8")
    assert kept.read_kept(["one"], file=file) is None
    file.write_text("{", "utf-8")
    assert kept.read_kept(["one"], file=file) is None
    file.unlink()
    assert kept.read_kept(["one"], file=file) is None


def test_a_table_comes_back_as_it_was(tmp_path: Path) -> None:
    """Texts, whole numbers, truth values, and floats with all their digits."""
    table = pd.DataFrame(
        {"a": ["x", "y"], "n": [1, 2], "f": [0.1, 1 / 3], "missing": [float("nan"), 2.0], "t": [True, False]}
    )
    kept.keep({"one": table}, ["nps_utils/waves.py"], file=tmp_path / "e.json")
    tables = kept.read_kept(["one"], file=tmp_path / "e.json")
    assert tables is not None
    pd.testing.assert_frame_equal(tables[0], table, check_exact=True)
