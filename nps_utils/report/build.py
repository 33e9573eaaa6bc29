"""Run the notebooks of a study in order and build its site; refresh the stored outputs of the demo.

A report is built beside the last one and takes its place only when it is whole.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from nps_utils import checks
from nps_utils.report import summary
from nps_utils.report import takeaway
from nps_utils.report.progress import Progress
from nps_utils.study.study import Study, content_hash

PACKAGE = Path(__file__).parents[1]
NOTEBOOKS = PACKAGE.parent / "notebooks"
DEMO = PACKAGE.parent / "data" / "demo"

# A kernel under load logs that it was told to stop; what stops a cell is raised by papermill, log or no log.
_QUIET = ["--IPKernelApp.log_level=CRITICAL"]

Say = Callable[[str], None]


class PageFailed(RuntimeError):
    """A notebook stopped for a reason that is ours, not the input's."""


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
    result = summary.summarise(study)
    key = content_hash([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.toml")], study.input_hash())
    pages = [_page(path, study, key=key, force=force, say=say) for path in notebooks()]
    say("summary, results to take away")
    story = summary.tell(study)
    _take_away(study, story, result, pages)
    say("building the site")
    index = site(study, story, pages, contacts_in_site=contacts_in_site)
    say(takeaway.write_pdf(index, study.results / "summary.pdf"))
    return index


def _take_away(study: Study, story: summary.Story, result: summary.Summary, pages: Sequence[Path]) -> None:
    """Write the results that are not a page: numbers for machines, workbook, ledger, follow-up lists, a guide."""
    study.results.mkdir(parents=True, exist_ok=True)
    summary.save_picture(story, study)
    text = json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False)
    (study.results / "summary.json").write_text(text + "\n", "utf-8")
    (study.results / "README.md").write_text(summary.results_guide(), "utf-8")
    takeaway.write_tables(study, [page.stem for page in pages])
    takeaway.write_ledger(study)
    takeaway.write_contacts(study, story.contacts)


def _page(path: Path, study: Study, *, key: str, force: bool, say: Say) -> Path:
    """Return the executed copy of a notebook, run anew unless nothing it rests on has changed."""
    done = study.processed / "pages" / f"{path.stem}-{content_hash([path], key)[:16]}" / path.name
    if _is_whole(done, study) and not force:
        say(f"{path.stem}: unchanged")
        return done
    started = time.time()
    progress = Progress(path.stem, _code_cells(path))
    try:
        executed = run(path, study_dir=study.folder, progress=progress)
    finally:
        seconds = progress.clear()
    for old in (study.processed / "pages").glob(f"{path.stem}-*"):
        shutil.rmtree(old)
    written = _results_of(path.stem, study)
    for old in (file for file in written if file.stat().st_mtime < started):
        old.unlink()  # a table or figure that the notebook no longer has
    done.parent.mkdir(parents=True, exist_ok=True)
    names = [file.relative_to(study.results).as_posix() for file in written if file.is_file()]
    (done.parent / _FILES).write_text(json.dumps(names), "utf-8")
    _write(executed, done)
    say(f"{path.stem}: {seconds:.0f} s")
    return done


_FILES = "results.json"


def _is_whole(done: Path, study: Study) -> bool:
    """Say whether a page was made and all that it wrote to the results is still there."""
    names = done.parent / _FILES
    if not (done.is_file() and names.is_file()):
        return False
    return all((study.results / name).is_file() for name in json.loads(names.read_text("utf-8")))


def _results_of(stem: str, study: Study) -> list[Path]:
    return sorted(file for kind in ("tables", "figures") for file in (study.results / kind).glob(f"{stem}-*"))


def _code_cells(path: Path) -> int:
    return sum(cell.cell_type == "code" for cell in _read(path).cells)


def run(path: Path, *, study_dir: Path | None, progress: Progress | None = None) -> NotebookNode:
    """Run one notebook, with `study_dir` as its parameter, and return the executed copy.

    Raises
    ------
    BadInput
        A cell met input it cannot use.
    PageFailed
        A cell failed for a reason of ours.
    """
    with tempfile.TemporaryDirectory() as folder:
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
            raise PageFailed(
                f"{cause} ({error.ename}). The cell was:\n{error.source}\n"
                f"To look closer: `make lab`, open {path.name} and run it. The last good report stays."
            ) from error


def kernel_files(folder: Path) -> Config:
    """Return settings by which a kernel is talked to through sockets in `folder`, where the system can.

    Open ports are everybody's: a free one may be taken before the kernel binds it, and then the kernel dies. The
    sockets need a folder of their own, for their default place is one name in the working directory for all kernels.
    """
    if sys.platform == "win32":
        return Config()
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


def site(study: Study, story: summary.Story, pages: Sequence[Path], *, contacts_in_site: bool = False) -> Path:
    """Build the site beside the last one, then let it take its place; return its `index.html`.

    Raises
    ------
    PageFailed
        Sphinx could not build it; the last good site stays.
    """
    with tempfile.TemporaryDirectory(dir=study.folder, prefix=".report-") as folder:
        source, html = Path(folder) / "source", Path(folder) / "html"
        shutil.copytree(Path(__file__).parent / "site", source)
        for page in pages:
            _write(_for_readers(_read(page)), source / page.name)
        about = {"title": study.settings.title, "language": study.settings.language, "notebooks": [page.stem for page in pages]}
        (source / "about.json").write_text(json.dumps(about), "utf-8")
        texts = summary.pages(study, story, about["notebooks"], made_on=dt.datetime.now(dt.UTC).date())
        for name, text in (("index", texts.index), ("data-ledger", texts.ledger), ("how-this-was-made", texts.made)):
            (source / f"{name}.md").write_text(text, "utf-8")
        shutil.copyfile(summary.save_picture(story, study), source / "story.png")
        command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(source), str(html)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise PageFailed(f"The site could not be built: {done.stderr.strip()[-2000:]}")
        if done.stderr.strip():
            (html / "build-warnings.txt").write_text(done.stderr, "utf-8")
        shutil.rmtree(html / ".doctrees", ignore_errors=True)
        if contacts_in_site:
            shutil.copytree(study.results / "followup", html / "followup")
        _replace(study.report, html)
    return study.report / "index.html"


def _replace(target: Path, new: Path) -> None:
    old = target.with_name(f".{target.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _for_readers(notebook: NotebookNode) -> NotebookNode:
    """Drop the injected path, fold the code away, and give each figure its text for those who cannot see it."""
    notebook.cells = [c for c in notebook.cells if "injected-parameters" not in c.metadata.get("tags", [])]
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
