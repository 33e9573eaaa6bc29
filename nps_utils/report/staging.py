"""Where a report is made, and how results and site take the place of the last ones: both, or neither.

A run has a folder of its own beside the study's, held by a lock that ends with its process. Results and site are made
there, whole, then marked as ready, and then exchanged with the last ones, each in one step where the system can. A run
that is killed before leaves the last pair as it was; one that is killed in between is finished by the next run.
Folders are exchanged rather than links turned: a link is not allowed to everybody on Windows, is not followed by every
tool that copies a folder, and is not matched by `results/` in a .gitignore.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nps_utils.files import LOCK, Lock, is_abandoned, owned_folder, place, remove_unfinished, write_text
from nps_utils.pages.comments import SHEET

# With the eight characters that follow, between two slashes: an odd number, see `takeaway.settled`.
PREFIX: Final = ".report-run"
PAIR: Final = ("results", "report")
MADE: Final = "made.json"
FILLED_IN: Final = (SHEET,)
_READY: Final = "ready"
_BEFORE: Final = ".report-old"  # how the site before the last was called by earlier versions


@dataclass(frozen=True)
class Run:
    """One making of a report.

    Parameters
    ----------
    study
        The folder of the study.
    folder
        What this run makes, until it is published.
    """

    study: Path
    folder: Path

    @property
    def results(self) -> Path:
        """Where this run puts its results."""
        return self.folder / "results"

    @property
    def report(self) -> Path:
        """Where this run puts its site."""
        return self.folder / "report"

    def publish(self) -> None:
        """Let results and site take the place of the last ones; what they replace goes with this run's folder."""
        for name in PAIR:
            _mark(self.folder / name, self.folder.name)
        with _gate(self.study):
            _finish_others(self.study)
            _carry_over(self.study / "results", self.results)
            write_text(self.folder / _READY, self.folder.name)
            _exchange(self.study, self.folder)
            (self.folder / _READY).unlink()


@contextmanager
def begin(study: Path) -> Iterator[Run]:
    """Repair what a killed run left, and give a new one its folder."""
    repair(study)
    with ExitStack() as ends:
        with _gate(study):  # so that a folder without its lock is always a killed run's
            folder = ends.enter_context(owned_folder(study, PREFIX))
        yield Run(study, folder)


def repair(study: Path) -> None:
    """Finish the exchange of a run that was killed in it, and remove what killed runs left."""
    with _gate(study):
        _finish_others(study)
    for kept in ("pages", "clean", "remarks", "comments", "sums"):
        remove_unfinished(study / "processed" / kept)
    before = study / _BEFORE
    if before.is_dir() and not (study / "report").exists():
        before.rename(study / "report")
    shutil.rmtree(before, ignore_errors=True)


def made_by(folder: Path) -> str | None:
    """Return which run made a folder of results or a site; two of one run belong together."""
    try:
        return str(json.loads((folder / MADE).read_text("utf-8"))["run"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _mark(folder: Path, run: str) -> None:
    """Write into a folder which run made it, and of which files."""
    write_text(folder / MADE, json.dumps({"run": run, "files": _names(folder)}, indent=0) + "\n")


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _carry_over(last: Path, new: Path) -> None:
    """Keep what somebody has put among the last results or has filled in there: no run can make it again."""
    try:
        files = set(json.loads((last / MADE).read_text("utf-8"))["files"]) - set(FILLED_IN)
    except (OSError, ValueError, KeyError, TypeError):
        # Made by an earlier version, or by a notebook outside a report: what is ours is not known.
        files = set(_names(last)) - set(FILLED_IN)
    for name in (name for name in _names(last) if name not in files and name != MADE):
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(last / name, new / name)


def _finish_others(study: Path) -> None:
    for folder in study.glob(f"{PREFIX}*"):
        if not (folder / LOCK).is_file() or is_abandoned(folder):
            if (folder / _READY).is_file():
                _exchange(study, folder)
            shutil.rmtree(folder, ignore_errors=True)


def _exchange(study: Path, folder: Path) -> None:
    """Exchange what a run made with what is there; what has been exchanged already is the other's by its mark."""
    place(*[(folder / name, study / name) for name in PAIR if made_by(folder / name) == folder.name])


@contextmanager
def _gate(study: Path) -> Iterator[None]:
    """Let one run at a time exchange folders of a study."""
    gate = Lock(study / "processed" / "gate")
    try:
        gate.take(wait=True)
        yield
    finally:
        gate.release()
