"""Run the notebooks of a study in order and build its site; refresh the stored outputs of the demo.

A report is built beside the last one and takes its place only when it is whole.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from nps_utils import checks, tables
from nps_utils.checks import PageFailed
from nps_utils.files import disk_trouble_in, is_whole, owned_folder, place, private_folder, sealed_folder, write_text
from nps_utils.report import second_wall, staging, summary, takeaway
from nps_utils.report.progress import Progress
from nps_utils.study.study import RESULTS, Study, content_hash
from nps_utils.words.translation import Local

PACKAGE = Path(__file__).parents[1]
NOTEBOOKS = PACKAGE.parent / "notebooks"
DEMO = PACKAGE.parent / "data" / "demo"

# Of the path of a socket, on the systems that allow least.
_LONGEST_SOCKET = 103
# A kernel under load logs that it was told to stop; what stops a cell is raised by papermill, log or no log.
_QUIET = ["--IPKernelApp.log_level=CRITICAL"]

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
    with staging.begin(study.folder) as run:
        staged = replace(study, results_at=run.results)
        result = summary.summarise(study)
        key = content_hash([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.toml")], study.input_hash(language=False))
        pages = [_page(path, staged, run, key=key, force=force, say=say) for path in notebooks()]
        say("summary, results to take away")
        story = summary.tell(staged)
        _take_away(staged, story, result, pages)
        say("building the site")
        site(staged, story, pages, at=run.report, contacts_in_site=contacts_in_site)
        say(takeaway.write_pdf(run.report / "index.html", run.results / "summary.pdf"))
        run.publish()
    return study.report / "index.html"


def _take_away(study: Study, story: summary.Story, result: summary.Summary, pages: Sequence[Path]) -> None:
    """Write the results that are not a page: numbers for machines, workbook, ledger, follow-up lists, a guide."""
    study.results.mkdir(parents=True, exist_ok=True)
    summary.save_pictures(story, study)
    text = json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False)
    write_text(study.results / "summary.json", text + "\n")
    write_text(study.results / "README.md", summary.results_guide())
    takeaway.write_tables(study, [page.stem for page in pages])
    takeaway.write_ledger(study)
    takeaway.write_contacts(study, story.contacts)


def _page(path: Path, study: Study, run: staging.Run, *, key: str, force: bool, say: Say) -> Path:
    """Return the executed copy of a notebook, run anew unless nothing it rests on has changed and it is whole.

    The copy is kept with the tables and figures of the notebook; all are put into the results of this run.
    """
    filled = [sheet for name in staging.FILLED_IN if (sheet := study.folder / "results" / name).is_file()]
    kept = study.processed / "pages" / f"{path.stem}-{content_hash([path], key)[:16]}"
    whole = is_whole(kept)
    current = whole and not any(_differs(sheet, kept / "results" / sheet.name) for sheet in filled)
    if current and not force:
        say(f"{path.stem}: unchanged")
    else:
        if kept.exists() and not whole:
            say(f"{path.stem}: what was kept of it is damaged, as after a killed run or a full disk; made anew")
        private_folder(study.processed)
        private_folder(kept.parent)
        say(f"{path.stem}: {_keep(path, study, kept, filled):.0f} s")
    shutil.copytree(kept / "results", study.results, dirs_exist_ok=True)
    done = run.folder / path.name
    shutil.copyfile(kept / path.name, done)
    for old in kept.parent.glob(f"{path.stem}-*"):
        if old != kept:
            shutil.rmtree(old, ignore_errors=True)
    return done


def _differs(filled: Path, kept: Path) -> bool:
    """Say whether somebody has filled in what a page wrote; a page that has no such sheet is not concerned."""
    return kept.is_file() and kept.read_bytes() != filled.read_bytes()


def _keep(path: Path, study: Study, kept: Path, filled: Sequence[Path]) -> float:
    """Run a notebook, keep it with its results, and return the seconds it took."""
    progress = Progress(path.stem, _code_cells(path))
    with sealed_folder(kept) as folder:
        (folder / "results").mkdir()
        for sheet in filled:
            shutil.copy2(sheet, folder / "results")
        try:
            executed = run(path, study_dir=study.folder, results=folder / "results", progress=progress)
        finally:
            seconds = progress.clear()
        _write(executed, folder / path.name)
    return seconds


def _code_cells(path: Path) -> int:
    return sum(cell.cell_type == "code" for cell in _read(path).cells)


def run(
    path: Path, *, study_dir: Path | None, results: Path | None = None, progress: Progress | None = None
) -> NotebookNode:
    """Run one notebook, with `study_dir` as its parameter, and return the executed copy.

    Parameters
    ----------
    path, study_dir
        The notebook, and the study for it.
    results
        Where its tables and figures go; the study's own results where nothing is said.
    progress
        Where to show which cell runs.

    Raises
    ------
    BadInput
        A cell met input it cannot use.
    PageFailed
        A cell failed for a reason of ours.
    """
    with tempfile.TemporaryDirectory() as folder, _told(results):
        copy = Path(folder) / path.name
        try:
            executed: NotebookNode = papermill.execute_notebook(
                path,
                copy,
                parameters={"study_dir": str(study_dir.resolve())} if study_dir else None,
                kernel_name="python3",
                cwd=NOTEBOOKS,
                config=kernel_files(Path(folder)),
                extra_arguments=_QUIET,
                progress_bar=False,
                **({"on_cell_start": progress.cell} if progress else {}),
            )
            return executed
        except PapermillExecutionError as error:
            cause = f"{_place(path, error.source)}: {error.evalue}"
            if error.ename in _bad_input_names():
                raise checks.BadInput(
                    f"{cause}\nCorrect the study or its file and run `nps report` again; the last good report stays."
                ) from error
            if told := disk_trouble_in(str(error.evalue)):
                raise checks.BadFile(f"{path.name}: {told}") from error
            raise PageFailed(
                f"{cause} ({error.ename}). The cell was:\n{error.source}\n"
                f"To look closer: `make lab`, open {path.name} and run it. The last good report stays."
            ) from error


@contextmanager
def _told(results: Path | None) -> Iterator[None]:
    """Tell the kernel that starts meanwhile where results go."""
    before = os.environ.pop(RESULTS, None)
    if results is not None:
        os.environ[RESULTS] = str(results.resolve())
    try:
        yield
    finally:
        os.environ.pop(RESULTS, None)
        if before is not None:
            os.environ[RESULTS] = before


def kernel_files(folder: Path) -> Config:
    """Return settings by which a kernel is talked to through sockets in `folder`, where the system can.

    Open ports are everybody's: a free one may be taken before the kernel binds it, and then the kernel dies. The
    sockets need a folder of their own, for their default place is one name in the working directory for all kernels.
    """
    if sys.platform == "win32" or len(os.fsencode(folder)) > _LONGEST_SOCKET - len("/kernel.json-ipc-5"):
        return Config()  # a socket's path is short; a long temporary one leaves the ports
    return Config({"KernelManager": {"transport": "ipc", "connection_file": str(folder / "kernel.json")}})


def _read(path: Path) -> NotebookNode:
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook


def _write(notebook: NotebookNode, path: Path) -> None:
    nbformat.write(notebook, path)


def _place(path: Path, source: str) -> str:
    """Return where a cell stands: the notebook, its number among the code cells, and the heading above it."""
    heading, number = "", 0
    for cell in _read(path).cells:
        if cell.cell_type == "markdown":
            titles = [line.lstrip("# ") for line in cell.source.splitlines() if line.startswith("#")]
            heading = titles[-1] if titles else heading
        elif cell.cell_type == "code":
            number += 1
            if cell.source == source:
                return f'{path.name}, cell {number}, under "{heading}"'
    return path.name


def _bad_input_names() -> set[str]:
    return {name for name, kind in vars(checks).items() if isinstance(kind, type) and issubclass(kind, checks.BadInput)}


def site(
    study: Study,
    story: summary.Story,
    pages: Sequence[Path],
    *,
    at: Path | None = None,
    contacts_in_site: bool = False,
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
            titled = _with_title(_for_readers(_read(page)), summary.page_title(page.stem, local))
            _write(_with_note(titled, note), source / page.name)
        about = {
            "title": study.settings.title,
            "language": study.settings.language,
            "notebooks": [page.stem for page in pages],
        }
        (source / "about.json").write_text(json.dumps(about), "utf-8")
        texts = summary.pages(study, story, about["notebooks"], made_on=dt.datetime.now(dt.UTC).date())
        for name, text in (("index", texts.index), ("data-ledger", texts.ledger), ("how-this-was-made", texts.made)):
            (source / f"{name}.md").write_text(text, "utf-8")
        for name, saved in summary.save_pictures(story, study).items():
            shutil.copyfile(saved, source / f"{name}.png")
        command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(source), str(html)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode and (told := disk_trouble_in(done.stderr.strip()[-300:])):
            raise checks.BadFile(f"The site could not be built: {told}")
        if done.returncode:
            raise PageFailed(f"The site could not be built: {done.stderr.strip()[-2000:]}")
        if done.stderr.strip():
            (html / "build-warnings.txt").write_text(done.stderr, "utf-8")
        second_wall.finish(html, words=summary.site_words(local), english=about["notebooks"])
        if contacts_in_site:
            shutil.copytree(study.results / "followup", html / "followup")
        place((html, target))
    return target / "index.html"


def _for_readers(notebook: NotebookNode) -> NotebookNode:
    """Lead with the answer, drop the injected path, fold the code away, and give each figure its text in words."""
    cells = [c for c in notebook.cells if "injected-parameters" not in c.metadata.get("tags", [])]
    notebook.cells = _answer_first(cells)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        tags = set(cell.metadata.get("tags", []))
        cell.metadata["tags"] = sorted(tags | ({"remove-input"} if "parameters" in tags else {"hide-input"}))
        for output in cell.outputs:
            if "text/html" in output.get("data", {}):
                output["data"]["text/html"] = _reachable("".join(output["data"]["text/html"]))
            if "image/png" in output.get("data", {}):
                cell.metadata["mystnb"] = {"image": {"alt": _one_line(output["data"]["text/plain"])}}
                output["data"].pop("text/plain")
    return notebook


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


def _answer_first(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Put what the first answer rests on below it: a reader of the site meets the answer under the title."""
    answer = next((i for i, cell in enumerate(cells) if cell.get("outputs")), 0)
    before = [cell for cell in cells[:answer] if cell.cell_type == "code"]
    return [*(c for c in cells[:answer] if c.cell_type != "code"), cells[answer], *before, *cells[answer + 1 :]]


def _reachable(html: str) -> str:
    """Let the keyboard reach a table that scrolls in its own box, and say what it is."""
    found = re.search(r"<caption>(.*?)</caption>", html, re.DOTALL)
    label = f' aria-label="{found.group(1).replace(chr(34), "&quot;")}"' if found else ""
    return html.replace('<div class="nps-table">', f'<div class="nps-table" tabindex="0" role="region"{label}>')


def _one_line(text: str | list[str]) -> str:
    return " ".join("".join(text).split())


def refresh_notebooks(*, say: Say = print) -> None:
    """Run the notebooks on the demo and store their outputs in `notebooks/`; the only way these change."""
    for path in notebooks():
        start = time.monotonic()
        executed = run(path, study_dir=None)
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
