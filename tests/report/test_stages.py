"""A large study's first stages run in a process of their own: what they make is kept, how they fail is told once."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from nps_utils import Study
from nps_utils.checks import BadInput, PageFailed
from nps_utils.report import stages, summary
from nps_utils.report.running import crew
from nps_utils.report.running.runners import Call, Forked, Kernels
from nps_utils.study import gather

DEMO = Path(__file__).parents[2] / "data" / "demo"

pytestmark = pytest.mark.skipif(not crew.can_fork(), reason="no process can be forked here")


@pytest.fixture(scope="module")
def forked() -> Iterator[Forked]:
    made = Forked()
    yield made
    made.close()


@pytest.fixture
def study(tmp_path: Path) -> Study:
    shutil.copytree(DEMO, tmp_path / "demo", ignore=shutil.ignore_patterns("processed", "results", "report"))
    return Study.open(tmp_path / "demo")


def test_what_another_process_read_is_not_read_again(
    study: Study, forked: Forked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exports of a large study are parsed there; here its answers are looked up."""
    assert stages.apart("cleaning", study, forked, size=stages.LARGE, at=tmp_path)
    expected = len(Study.open(DEMO).responses())
    monkeypatch.setattr(gather, "gather", None)
    assert len(study.responses()) == expected


def test_another_process_leaves_the_numbers_of_the_study(study: Study, forked: Forked, tmp_path: Path) -> None:
    """As they are here, whoever counted them; so the process of the report holds no answers."""
    here = summary.summarise(study)
    for size in (stages.LARGE, 0):
        assert stages.cleaned(study, forked, size=size, at=tmp_path) == here


def test_what_is_told_in_another_process_is_what_is_told_here(study: Study, forked: Forked, tmp_path: Path) -> None:
    """Texts and pictures of the first page, and every file beside it, byte by byte."""
    fronts = []
    for size in (stages.LARGE, 0):
        at = tmp_path / str(size)
        at.mkdir()
        staged = replace(study, results_at=at / "results")
        result = stages.cleaned(staged, forked, size=size, at=at)
        telling = stages.telling(staged, [], size=size, at=at, result=result)
        assert (telling is None) == (size == 0)
        if telling is not None:
            forked.start(telling)
            ended = forked.wait()
            assert isinstance(ended, Call)
            assert ended.done
        fronts.append(stages.told(staged, [], at=at, result=result))
    assert fronts[0] == fronts[1]
    there, here = (tmp_path / str(size) / "results" for size in (stages.LARGE, 0))
    names = {path.relative_to(here) for path in here.rglob("*") if path.is_file()}
    assert names == {path.relative_to(there) for path in there.rglob("*") if path.is_file()}
    assert {Path("summary.json"), Path("followup/contact.csv"), Path("ledger.csv")} < names
    for name in names:
        assert (here / name).read_bytes() == (there / name).read_bytes(), name


def test_a_small_study_needs_no_other_process(study: Study, tmp_path: Path) -> None:
    """Nor one whose waves are others than study.toml has them, of which that process would know nothing."""
    assert not stages.apart("cleaning", study, Kernels(), size=stages.LARGE, at=tmp_path)
    assert not stages.apart("cleaning", study, Forked.__new__(Forked), size=stages.LARGE - 1, at=tmp_path)
    assert not stages.apart(
        "cleaning", study.changed(wave="year"), Forked.__new__(Forked), size=stages.LARGE, at=tmp_path
    )
    assert not study.processed.exists()


def test_what_is_wrong_is_told_where_it_is_needed(study: Study, forked: Forked, tmp_path: Path) -> None:
    """Not by the process that met it first, whose words nobody reads."""
    (study.folder / "raw" / "hubspot.csv").write_text("nothing\n", "utf-8")
    assert not stages.apart("cleaning", study, forked, size=stages.LARGE, at=tmp_path)
    with pytest.raises(BadInput):
        study.responses()


def end_of_itself() -> None:
    """End this process as the system does where memory is short."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_the_system_ended_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the name of the stage, and what to do."""
    monkeypatch.syspath_prepend(Path(__file__).parent)
    with closing(Forked()) as here:
        here.start(Call("cleaning", f"{Path(__file__).stem}:end_of_itself", {}))
        with pytest.raises(PageFailed, match="cleaning: stopped by the system, probably"):
            here.wait()
