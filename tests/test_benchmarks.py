"""The benchmarks run: a claim of speed that nobody can repeat is none."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"


@pytest.fixture(autouse=True)
def _beside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Find the benchmarks as they find each other, and forget them again."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    yield
    for path in BENCHMARKS.glob("*.py"):
        sys.modules.pop(path.stem, None)


@pytest.mark.parametrize("name", sorted(path.stem for path in BENCHMARKS.glob("*.py")))
def test_is_there_with_all_that_it_uses(name: str) -> None:
    """What was renamed in the library is renamed here."""
    assert importlib.import_module(name).__doc__


def test_the_messy_export_is_cleaned_in_either_way(tmp_path: Path) -> None:
    """The file of the benchmark is not refused, and the file as it is gives what the parsed table gives."""
    messy, clean = importlib.import_module("messy_export"), importlib.import_module("clean")
    messy.write(tmp_path / "export.csv", 2_000)
    clean.parse(tmp_path)
    said = clean.clean_table(tmp_path).splitlines()
    assert any("missing_score" in line for line in said)
    rejected = [line for line in clean.clean_export(tmp_path).splitlines() if "rejected" in line]
    assert rejected == [line for line in said if "rejected" in line]


def test_who_fails_is_told_instead_of_waited_for(tmp_path: Path) -> None:
    """A contender without its file raises what it met."""
    clean = importlib.import_module("clean")
    with pytest.raises(FileNotFoundError):
        clean.measure(clean.parse, tmp_path, 1)
