"""Pages kept from one report to the next: each runs anew unless nothing it rests on has changed and it is whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from nps_utils.files import content_hash, is_whole, private_folder, sealed_folder
from nps_utils.report import staging
from nps_utils.report.running.runners import Call, Page, Runner
from nps_utils.study.study import Study

Say = Callable[[str], None]


@dataclass(frozen=True)
class Kept:
    """A notebook and where its executed copy is kept, with its tables and figures.

    Parameters
    ----------
    path
        The notebook.
    folder
        Where the copy is kept; its name says what it rests on.
    filled
        What somebody has filled in among the last results, which the page reads.
    """

    path: Path
    folder: Path
    filled: tuple[Path, ...]

    @classmethod
    def of(cls, path: Path, study: Study, key: str) -> Kept:
        """Return where the page of a notebook is kept, for a key of everything else that it rests on."""
        filled = tuple(s for name in staging.FILLED_IN if (s := study.folder / "results" / name).is_file())
        return cls(path, study.processed / "pages" / f"{path.stem}-{content_hash([path], key)[:16]}", filled)

    @property
    def current(self) -> bool:
        """Say whether it is whole, and nobody has filled in what it wrote."""
        return is_whole(self.folder) and not any(_differs(s, self.folder / "results" / s.name) for s in self.filled)

    @contextmanager
    def making(self, study_dir: Path) -> Iterator[Page]:
        """Give what is to run, in a folder that takes the place of the one kept when all went well."""
        private_folder(self.folder.parent.parent)
        private_folder(self.folder.parent)
        with sealed_folder(self.folder) as folder:
            (folder / "results").mkdir()
            for sheet in self.filled:
                shutil.copy2(sheet, folder / "results")
            yield Page(self.path, study_dir, folder)

    def copy_to(self, run: Path, results: Path) -> Path:
        """Put the page and its results into those of a run, and forget earlier pages of this notebook."""
        shutil.copytree(self.folder / "results", results, dirs_exist_ok=True)
        done = run / self.path.name
        shutil.copyfile(self.folder / self.path.name, done)
        for old in self.folder.parent.glob(f"{self.path.stem}-*"):
            if old != self.folder:
                shutil.rmtree(old, ignore_errors=True)
        return done


def _differs(filled: Path, kept: Path) -> bool:
    """Say whether somebody has filled in what a page wrote; a page that has no such sheet is not concerned."""
    return kept.is_file() and kept.read_bytes() != filled.read_bytes()


def run_anew(pages: Sequence[Kept], study_dir: Path, runner: Runner, say: Say, *, beside: Call | None = None) -> None:
    """Run pages, some at a time, and keep each as soon as it is whole; the first that fails ends all.

    What runs beside them begins before the last two: much of what it needs has been computed then, and it is as long as
    the longest of them.
    """
    waiting: list[Kept | Call] = [*pages]
    if beside is not None:
        waiting.insert(max(len(pages) - 2, 0), beside)
    running: dict[Path, ExitStack] = {}
    with ExitStack() as everything:
        try:
            at_work = 0
            while waiting or at_work:
                while waiting and at_work < runner.places():
                    next_one = waiting.pop(0)
                    at_work += 1
                    if isinstance(next_one, Call):
                        runner.start(next_one)
                        continue
                    making = everything.enter_context(ExitStack())
                    page = making.enter_context(next_one.making(study_dir))
                    running[page.path] = making
                    runner.start(page)
                ended = runner.wait()
                at_work -= 1
                if isinstance(ended, Page):
                    running.pop(ended.path).close()  # seals the folder and puts it in its place
                    say(f"{ended.path.stem}: {ended.seconds():.0f} s")
        except BaseException:
            runner.close()  # before the folders that its pages write to are removed
            raise


def all_pages(
    notebooks: Sequence[Path],
    study: Study,
    run: staging.Run,
    runner: Runner,
    *,
    key: str,
    force: bool,
    say: Say,
    beside: Call | None = None,
) -> list[Path]:
    """Return the executed copies of the notebooks, in order, with their results put into those of this run.

    `beside` is what is done meanwhile, in a process of its own.
    """
    pages = [Kept.of(path, study, key) for path in notebooks]
    anew = []
    for kept in pages:
        if not force and kept.current:
            say(f"{kept.path.stem}: unchanged")
            continue
        if kept.folder.exists() and not is_whole(kept.folder):
            say(f"{kept.path.stem}: what was kept of it is damaged, as after a killed run or a full disk; made anew")
        anew.append(kept)
    run_anew(anew, study.folder, runner, say, beside=beside)
    return [kept.copy_to(run.folder, study.results) for kept in pages]
