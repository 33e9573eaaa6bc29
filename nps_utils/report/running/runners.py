"""Two ways to run the pages of a report, asked in the same words: forked from the warm process, or in kernels."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import nbformat

from nps_utils.checks import PageFailed
from nps_utils.files import told_hashes, write_text
from nps_utils.remembering import FOLDER
from nps_utils.report.progress import Progress, show
from nps_utils.report.running import crew, kernels, warm
from nps_utils.report.running.cells import FAILURE
from nps_utils.report.running.failures import failed
from nps_utils.study.study import RESULTS

Say = Callable[[str], None]


@dataclass
class Page:
    """A page that runs: the notebook, the study it is about, and the folder for the executed copy and `results/`."""

    path: Path
    study_dir: Path | None
    folder: Path
    started: float = field(default_factory=time.monotonic)

    @property
    def results(self) -> Path:
        """Where its tables and figures go."""
        return self.folder / "results"

    def seconds(self) -> float:
        """Return how long it has run."""
        return time.monotonic() - self.started


@dataclass
class Call:
    """A function that runs beside pages, in a process of its own, for what it leaves in files.

    Parameters
    ----------
    what
        What it does, in a word.
    function
        Which, as `module:function`.
    told
        What it is called with.
    done
        Whether it has ended, and well.
    """

    what: str
    function: str
    told: Mapping[str, str]
    done: bool = False


class Runner(Protocol):
    """Who runs pages."""

    def places(self) -> int:
        """Return how many may run at a time."""

    def start(self, task: Page | Call) -> None:
        """Begin to run a page, or a call where a process can be forked for it."""

    def wait(self) -> Page | Call:
        """Return a page that is whole or a call that ended, once there is one.

        How a call failed is not told: whoever needs what it makes meets that again.

        Raises
        ------
        BadInput
            A cell met input it cannot use.
        PageFailed
            A cell failed for a reason of ours, or the page's process did; the system ended the process of a call.
        """

    def site(self, source: Path, html: Path) -> tuple[int, str]:
        """Let Sphinx build a site; return its exit code and what it said on stderr."""

    def close(self) -> None:
        """End what still runs."""


class Forked:
    """Every page in a process forked from the warm one."""

    def __init__(self, left: Callable[[], str] = str) -> None:
        self._crew = crew.Crew()
        self._running: dict[int, Page] = {}
        self._called: dict[int, tuple[Call, tempfile.TemporaryDirectory[str]]] = {}
        self._left = left

    def places(self) -> int:
        """Return how many may run at a time."""
        return self._crew.places()

    def start(self, task: Page | Call) -> None:
        """Begin to run a page or a call."""
        if isinstance(task, Call):
            said = tempfile.TemporaryDirectory(prefix="nps-")
            number = self._crew.start("call", Path(said.name), _told(), function=task.function, arguments=task.told)
            self._called[number] = task, said
            return
        told = {"path": str(task.path.resolve()), "at": str(task.path.resolve().parent)}
        parameters = {"study_dir": str(task.study_dir.resolve())} if task.study_dir else {}
        environment = _told() | ({RESULTS: str(task.results.resolve())} if task.results.is_dir() else {})
        self._running[self._crew.start("page", task.folder, environment, parameters=parameters, **told)] = task

    def wait(self) -> Page | Call:
        """Return a page that is whole, or a call that ended."""
        ended = self._ended()
        if ended.number in self._called:
            call, said = self._called.pop(ended.number)
            with said:
                if ended.status < 0:
                    ended.check(call.what, Path(said.name))
            return replace(call, done=ended.status == 0)
        page = self._running.pop(ended.number)
        ended.check(page.path.name, page.folder)
        if (page.folder / FAILURE).is_file():
            said = json.loads((page.folder / FAILURE).read_text("utf-8"))
            how = {"bad_input": said["bad_input"]}
            raise failed(page.path, said["cell"], said["source"], said["name"], said["value"], **how)
        if not (page.folder / page.path.name).is_file():
            raise PageFailed(f"{page.path.name}: its process ended without a page. The last good report stays.")
        for name in (warm.PROGRESS, *warm.SAID):
            (page.folder / name).unlink(missing_ok=True)
        return page

    def site(self, source: Path, html: Path) -> tuple[int, str]:
        """Let Sphinx build a site."""
        number = self._crew.start("site", source.parent, source=str(source.resolve()), html=str(html.resolve()))
        ended = self._ended()
        if ended.number != number:
            raise PageFailed("The site was to be built while pages ran.")
        if ended.status < 0 or ended.why:
            ended.check("The site", source.parent)
        return ended.status, crew.complaints(source.parent)

    def close(self) -> None:
        """End what still runs."""
        self._crew.close()
        for _, said in self._called.values():
            said.cleanup()

    def _ended(self) -> crew.Ended:
        """Wait for the next task to end; on a terminal show meanwhile where the pages are."""
        terminal = sys.stderr.isatty()
        waited = time.monotonic()
        while (ended := self._crew.wait(crew.LOOK_SECONDS if terminal else crew.SILENT_SECONDS)) is None:
            if terminal:
                show("; ".join(map(_where, self._running.values())) + self._left())
            silent = [page for page in self._running.values() if _silent_seconds(page, waited) >= crew.SILENT_SECONDS]
            if silent:
                cell = _where(silent[0])
                raise PageFailed(
                    f"{cell}: nothing for {crew.SILENT_SECONDS // 60} minutes. The last good report stays."
                )
        if terminal:
            show("")
        return ended


def _told() -> dict[str, str]:
    """Return what a process of a report is told: what others have computed, and the hashes of what all read."""
    return told_hashes() | ({FOLDER: os.environ[FOLDER]} if FOLDER in os.environ else {})


def _cell(page: Page) -> int:
    try:
        return int((page.folder / warm.PROGRESS).read_text("utf-8") or 0)
    except (FileNotFoundError, ValueError):
        return 0


def _where(page: Page) -> str:
    return f"{page.path.stem}: cell {_cell(page)}, {page.seconds():.0f} s"


def _silent_seconds(page: Page, since: float) -> float:
    """Return how long a page has begun no new cell."""
    try:
        return time.time() - (page.folder / warm.PROGRESS).stat().st_mtime
    except FileNotFoundError:
        return time.monotonic() - since


class Kernels:
    """Every page in a kernel, one after the other."""

    def __init__(self) -> None:
        self._done: list[Page | Call] = []

    def places(self) -> int:
        """Return how many may run at a time."""
        return 1

    def start(self, task: Page | Call) -> None:
        """Run a page; no process can be forked here for a call, and whoever needs what it makes makes it."""
        if isinstance(task, Page):
            self._run(task)
        self._done.append(task)

    def wait(self) -> Page | Call:
        """Return what has run."""
        return self._done.pop()

    def _run(self, page: Page) -> None:
        cells = sum(cell.cell_type == "code" for cell in nbformat.read(page.path, as_version=4).cells)
        progress = Progress(page.path.stem, cells)
        try:
            executed = kernels.run(
                page.path,
                study_dir=page.study_dir,
                results=page.results if page.results.is_dir() else None,
                progress=progress,
            )
        finally:
            progress.clear()
        write_text(page.folder / page.path.name, nbformat.writes(executed))

    def site(self, source: Path, html: Path) -> tuple[int, str]:
        """Let Sphinx build a site."""
        return kernels.sphinx(source, html)

    def close(self) -> None:
        """Each kernel has ended with its page."""


def runner(say: Say, left: Callable[[], str] = str) -> Runner:
    """Return who runs pages here, and say so where it is the slower way; `left` says what to add to what runs."""
    if crew.can_fork():
        return Forked(left)
    say("every page runs in a kernel of its own, which takes longer: here no process can be forked safely")
    return Kernels()
