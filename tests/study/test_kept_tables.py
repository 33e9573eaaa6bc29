"""Further tables are read once, and again as soon as what they rest on changes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from nps_utils import Study
from nps_utils.exports.cells.date_cells import iso_dates
from nps_utils.exports.files.plain import read_table
from nps_utils.pages.revenue import is_undated
from nps_utils.study import further, kept

ANSWERS = "NPS,Date,respondent_id\n" + "".join(f"{i % 11},2026-0{1 + i % 6}-11,p{i}\n" for i in range(40))
FRAME = "respondent_id,asked_at,account_id\n" + "".join(f"p{i},2026-01-02,a{i % 7}\n" for i in range(80))
SETTINGS = """title = "t"
timezone = "UTC"
[[export]]
path = "raw/a.csv"
[frame]
path = "raw/frame.csv"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.csv").write_text(ANSWERS, "utf-8")
    (tmp_path / "raw" / "frame.csv").write_text(FRAME, "utf-8")
    (tmp_path / "study.toml").write_text(SETTINGS, "utf-8")
    return tmp_path


def test_what_is_kept_is_what_was_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cell by cell, types included, also in another process; and the file is not opened again."""
    study = Study.open(folder)
    fresh = read_table(folder / "raw" / "frame.csv")
    first = study.frame()
    monkeypatch.setattr(further, "scan_frame", None)
    kept._READ.clear()
    kept._MADE.clear()
    again = Study.open(folder).frame()
    pd.testing.assert_frame_equal(first, fresh, check_exact=True)
    pd.testing.assert_frame_equal(again, fresh, check_exact=True)
    (table,) = (folder / "processed" / "frame").rglob("*.parquet")
    assert all(path.stat().st_mode & 0o077 == 0 for path in (table, table.parent))


def test_a_column_that_is_added_is_the_callers_own(folder: Path) -> None:
    """The next call does not see it."""
    frame = Study.open(folder).frame()
    frame["mine"] = 1
    frame.loc[0, "account_id"] = "changed"
    again = Study.open(folder).frame()
    assert "mine" not in again.columns
    assert again.loc[0, "account_id"] == "a0"


def test_another_row_or_another_reading_is_seen(folder: Path) -> None:
    """A row more in the file, another header named in study.toml: at once, and the old copy is gone."""
    assert len(Study.open(folder).frame()) == 80
    path = folder / "raw" / "frame.csv"
    path.write_text(FRAME + "q1,2026-01-02,a9\n", "utf-8")
    assert len(Study.open(folder).frame()) == 81
    assert len(list((folder / "processed" / "frame").iterdir())) == 1
    path.write_text(FRAME.replace("account_id", "konto"), "utf-8")
    toml = folder / "study.toml"
    assert "account_id" not in Study.open(folder).frame().columns
    toml.write_text(SETTINGS + 'columns = { account_id = "konto" }\n', "utf-8")
    assert Study.open(folder).frame()["account_id"].iloc[0] == "a0"


def test_own_staff_is_left_out_of_the_same_table(folder: Path) -> None:
    """Both readings are of one table, whichever is asked first."""
    (folder / "raw" / "frame.csv").write_text(
        "respondent_id,email,asked_at\np1,a@own.example,2026-01-02\np2,b@x.example,2026-01-02\n", "utf-8"
    )
    (folder / "study.toml").write_text('staff_domains = ["own.example"]\n' + SETTINGS, "utf-8")
    study = Study.open(folder)
    assert len(study.frame()) == 1
    assert len(study.frame(staff=True)) == 2
    assert read_table(folder / "raw" / "frame.csv").shape[0] == 2


@pytest.mark.parametrize("first", ["2026-01-02", "03/01/2026"])
def test_dates_far_below_are_written_year_first_as_well(folder: Path, first: str) -> None:
    """Whether the first thousand rows are written so, or none: the same as of a table in memory."""
    path = folder / "raw" / "frame.csv"
    cells = [first] * 1500 + ["17/01/2026 9.30", "2026-02-03", "", "later"]
    rows = "".join(f"p{i},{cell},a\n" for i, cell in enumerate(cells))
    path.write_text("respondent_id,asked_at,account_id\n" + rows, "utf-8")
    expected = iso_dates(read_table(path), ["asked_at"], what="")
    assert Study.open(folder).frame()["asked_at"].tolist() == expected["asked_at"].tolist()
    assert expected["asked_at"].iloc[1500] == "2026-01-17T09:30:00"


def test_what_is_only_looked_at_is_not_held(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether revenue has dates is asked of its columns: of millions of rows a process would hold 400 MB for good."""
    monkeypatch.setattr(kept, "_READ", {})
    revenue = "account_id,period_start,period_end,amount\na,2026-01-01,2026-01-31,5\n"
    (folder / "raw" / "revenue.csv").write_text(revenue, "utf-8")
    settings = (folder / "study.toml").read_text("utf-8") + '[revenue]\npath = "raw/revenue.csv"\nlayout = "periods"\n'
    (folder / "study.toml").write_text(settings, "utf-8")
    assert not is_undated(Study.open(folder))
    assert not any("revenue" in tables for _, tables in kept._READ.values())


def test_what_was_freed_is_given_back() -> None:
    """Where a process keeps what it frees; a small one goes on."""
    if sys.platform != "linux":
        pytest.skip("only there processes keep what they free")
    code = (
        "import numpy as np\nfrom nps_utils.report.running.told_first import keep_memory\n"
        "from nps_utils.study import kept\nimport pandas\nkeep_memory()\n"
        "held = lambda: int(open('/proc/self/statm').read().split()[1]) * 4096 >> 20\n"
        "rows = [np.ones(1 << 17) for _ in range(300)]\nlast = np.ones(1 << 17)\ndel rows\n"
        "before = held()\nkept.give_back()\nsmall = held()\nkept._MUCH = 0\nkept.give_back()\n"
        "print(before - small, before - held())"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    small, much = map(int, said.split())
    assert small < 20
    assert much > 200
