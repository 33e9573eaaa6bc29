"""Run the notebooks of a study in order and build its site; refresh the stored outputs of the demo.

A report is built beside the last one and takes its place only when it is whole.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from nps_utils import checks, remembering, tables
from nps_utils.checks import PageFailed
from nps_utils.files import content_hash, disk_trouble_in, library_hash, owned_folder, place
from nps_utils.pages.methods import FILE as TRUTH
from nps_utils.report import readers, second_wall, stages, staging, summary, takeaway, unchanged
from nps_utils.report.front import Front
from nps_utils.report.kept_pages import all_pages
from nps_utils.report.progress import Course, memory_note
from nps_utils.report.running import kernels
from nps_utils.report.running.crew import free_memory
from nps_utils.report.running.runners import runner
from nps_utils.report.unchanged import NOTEBOOKS
from nps_utils.study.study import Study
from nps_utils.words.translation import Local

DEMO = NOTEBOOKS.parent / "data" / "demo"

Say = Callable[[str], None]


def notebooks() -> list[Path]:
    """Return the notebooks in reading order."""
    found = sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))
    if not found:
        raise PageFailed(f"No notebooks in {NOTEBOOKS}: `nps report` runs from a checkout of the project.")
    return found


def build(study: Study, *, force: bool = False, contacts_in_site: bool = False, say: Say = print) -> Path:
    """Clean the study, run every notebook on it, write what one takes away, and build the site.

    Parameters
    ----------
    study
        An open study.
    force
        Run every notebook anew, also where neither it, the library nor the input has changed.
    contacts_in_site
        Put the follow-up lists into the site as well. They are personal data: never by default.
    say
        Where progress goes, one line at a time.

    Returns
    -------
    The path of the site's `index.html`.

    Raises
    ------
    BadInput
        The study cannot be read or used; the last good report stays.
    PageFailed
        A notebook stopped; the message names it, the cell and the cause. The last good report stays.
    """
    read = _input_names(study)
    made_of = unchanged.key(study.folder, read, contacts_in_site=contacts_in_site)
    course = Course(study.processed)
    size = sum(path.stat().st_size for path in study.input_files() if path.is_file())
    if warning := memory_note(size, free_memory()):
        say(warning)
    sums = remembering.shared(study.processed / "sums")
    with closing(runner(say, course.left)) as pages_by, staging.begin(study.folder) as run, sums:
        staged = replace(study, results_at=run.results)
        with course.stage("cleaning"):
            result = stages.cleaned(staged, pages_by, size=size, at=run.folder)
        course.rows = result["responses"]
        with course.stage("comments"):
            if not stages.apart("comments", staged, pages_by, size=size, at=run.folder):
                stages.read_once(staged)
        key = content_hash([], library_hash(), study.input_hash(language=False), *_truth(study))
        names = [path.stem for path in notebooks()]
        telling = stages.telling(staged, names, size=size, at=run.folder, result=result)
        with course.stage("pages", shown=False):
            pages = all_pages(notebooks(), staged, run, pages_by, key=key, force=force, say=say, beside=telling)
        say("summary, results to take away")
        with course.stage("summary"):
            front = stages.told(staged, names, at=run.folder, result=result)
        say("building the site")
        with course.stage("site"):
            how = {"contacts_in_site": contacts_in_site}
            site(staged, front, pages, at=run.report, by=pages_by.site, **how)
            printed = takeaway.write_pdf(run.report / "index.html", run.results / "summary.pdf")
        say(printed)
        run.publish()
        course.keep()
    unchanged.remember(study.folder, made_of, read, front.headline)
    return study.report / "index.html"


def _input_names(study: Study) -> list[str]:
    """Return what a report reads, as paths from the study; its truth is that of an invented one."""
    named = study.input_paths()
    inside = [path.relative_to(study.folder) if path.is_relative_to(study.folder) else path for path in named]
    return [*(path.as_posix() for path in inside), TRUTH]


def _truth(study: Study) -> list[str]:
    path = study.folder / TRUTH
    return [content_hash([path])] if path.is_file() else []


def _read(path: Path) -> NotebookNode:
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook


def _write(notebook: NotebookNode, path: Path) -> None:
    nbformat.write(notebook, path)


def site(
    study: Study,
    told: summary.Story | Front,
    pages: Sequence[Path],
    *,
    at: Path | None = None,
    contacts_in_site: bool = False,
    by: Callable[[Path, Path], tuple[int, str]] = kernels.sphinx,
) -> Path:
    """Build the site and put it, whole, in the study's report or where it is wanted; return its `index.html`.

    Raises
    ------
    PageFailed
        Sphinx could not build it; the last good site stays.
    """
    target = study.report if at is None else at
    with owned_folder(study.processed if at is None else at.parent, ".site-") as folder:
        source, html = folder / "source", folder / "html"
        shutil.copytree(Path(__file__).parent / "site", source)
        local = Local(study.settings.language)
        weights = {"used": study.settings.weight or None, "unused": study.unused_weight()}
        for page in pages:
            note = tables.nps.weights_note(page.stem, **weights)
            titled = _with_title(readers.for_readers(_read(page)), summary.page_title(page.stem, local))
            _write(_with_note(titled, note), source / page.name)
        about = {
            "title": study.settings.title,
            "language": study.settings.language,
            "notebooks": [page.stem for page in pages],
        }
        (source / "about.json").write_text(json.dumps(about), "utf-8")
        front = told if isinstance(told, Front) else Front.of(study, told, about["notebooks"])
        texts = front.pages
        for name, text in (("index", texts.index), ("data-ledger", texts.ledger), ("how-this-was-made", texts.made)):
            (source / f"{name}.md").write_text(text, "utf-8")
        for name, picture in front.pictures.items():
            (source / f"{name}.png").write_bytes(picture.png)
        status, said = by(source, html)
        if status and (trouble := disk_trouble_in(said[-300:])):
            raise checks.BadFile(f"The site could not be built: {trouble}")
        if status:
            raise PageFailed(f"The site could not be built: {said[-2000:]}")
        if said:
            (html / "build-warnings.txt").write_text(f"{said}\n", "utf-8")
        second_wall.finish(html, words=summary.site_words(local), english=about["notebooks"])
        if contacts_in_site:
            shutil.copytree(study.results / "followup", html / "followup")
        place((html, target))
    return target / "index.html"


def _with_title(notebook: NotebookNode, title: str) -> NotebookNode:
    """Give a page its title in the language of the study; the English one stays below it where that is another."""
    first = next((cell for cell in notebook.cells if cell.cell_type == "markdown"), None)
    if first is not None and first.source.startswith("# "):
        own, _, rest = first.source.partition("\n")
        below = "" if own == f"# {title}" else f"\n\n*{own.removeprefix('# ')}*"
        first.source = f"# {title}{below}\n{rest}".rstrip()
    return notebook


def _with_note(notebook: NotebookNode, note: str | None) -> NotebookNode:
    """Put a note below the title of a page."""
    if note is not None:
        notebook.cells.insert(1, nbformat.v4.new_markdown_cell(f"```{{admonition}} Weights\n{note}\n```"))
    return notebook


def refresh_notebooks(*, say: Say = print) -> None:
    """Run the notebooks on the demo and store their outputs in `notebooks/`; the only way these change."""
    for path in notebooks():
        start = time.monotonic()
        executed = kernels.run(path, study_dir=None)
        _write(_stored(executed), path)
        say(f"{path.stem}: {time.monotonic() - start:.0f} s")


def _stored(notebook: NotebookNode) -> NotebookNode:
    """Keep what is the same on every run: no times, no machine, counts 1..n."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        cell.metadata = {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}
    return notebook
