"""Run the notebooks of a study in order and build its site; refresh the stored outputs of the demo.

A report is built beside the last one and takes its place only when it is whole.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from nps_utils import checks, summary
from nps_utils.study import Study, content_hash

PACKAGE = Path(__file__).parent
NOTEBOOKS = PACKAGE.parent / "notebooks"
DEMO = PACKAGE.parent / "data" / "demo"

# Talk to kernels through files of this user where the system can, not through open ports.
_KERNEL = Config({} if sys.platform == "win32" else {"KernelManager": {"transport": "ipc"}})

Say = Callable[[str], None]


class PageFailed(RuntimeError):
    """A notebook stopped for a reason that is ours, not the input's."""


def notebooks() -> list[Path]:
    """Return the notebooks in reading order."""
    found = sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))
    if not found:
        raise PageFailed(f"No notebooks in {NOTEBOOKS}: `nps report` runs from a checkout of the project.")
    return found


def build(study: Study, *, force: bool = False, say: Say = print) -> Path:
    """Clean the study, run every notebook on it, and build the site.

    Parameters
    ----------
    study
        An open study.
    force
        Run every notebook anew, also where neither it, the library nor the input has changed.
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
    study.results.mkdir(parents=True, exist_ok=True)
    (study.results / "summary.json").write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", "utf-8")
    say("building the site")
    return _site(study, pages, result)


def _page(path: Path, study: Study, *, key: str, force: bool, say: Say) -> Path:
    """Return the executed copy of a notebook, run anew unless nothing it rests on has changed."""
    done = study.processed / "pages" / f"{path.stem}-{content_hash([path], key)[:16]}" / path.name
    if done.is_file() and not force:
        say(f"{path.stem}: unchanged")
        return done
    for old in (study.processed / "pages").glob(f"{path.stem}-*"):
        shutil.rmtree(old)
    done.parent.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    executed = run(path, study_dir=study.folder, progress=sys.stderr.isatty())
    nbformat.write(executed, done)
    say(f"{path.stem}: {time.monotonic() - start:.0f} s")
    return done


def run(path: Path, *, study_dir: Path | None, progress: bool = False) -> NotebookNode:
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
            return papermill.execute_notebook(
                path,
                copy,
                parameters={"study_dir": str(study_dir.resolve())} if study_dir else None,
                kernel_name="python3",
                cwd=NOTEBOOKS,
                config=_KERNEL,
                progress_bar={"desc": path.stem, "leave": False} if progress else False,
            )
        except PapermillExecutionError as error:
            cause = f"{path.name}, cell {error.exec_count}: {error.evalue}"
            if error.ename in _bad_input_names():
                raise checks.BadInput(cause) from error
            raise PageFailed(f"{cause} ({error.ename}). The cell was:\n{error.source}") from error


def _bad_input_names() -> set[str]:
    return {name for name, kind in vars(checks).items() if isinstance(kind, type) and issubclass(kind, checks.BadInput)}


def _site(study: Study, pages: Iterable[Path], result: summary.Summary) -> Path:
    """Build the site beside the last one, then let it take its place."""
    with tempfile.TemporaryDirectory(dir=study.folder, prefix=".report-") as folder:
        source, html = Path(folder) / "source", Path(folder) / "html"
        shutil.copytree(PACKAGE / "site", source)
        for page in pages:
            nbformat.write(_for_readers(nbformat.read(page, as_version=4)), source / page.name)
        about = {"title": study.title, "language": study.language}
        (source / "about.json").write_text(json.dumps(about), "utf-8")
        (source / "index.md").write_text(summary.page(study, result, [p.stem for p in pages]), "utf-8")
        command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(source), str(html)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise PageFailed(f"The site could not be built: {done.stderr.strip()[-2000:]}")
        (html / "build-warnings.txt").write_text(done.stderr, "utf-8") if done.stderr.strip() else None
        shutil.rmtree(html / ".doctrees", ignore_errors=True)
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
            if "image/png" in output.get("data", {}):
                cell.metadata["mystnb"] = {"image": {"alt": _one_line(output["data"]["text/plain"])}}
                output["data"].pop("text/plain")
    return notebook


def _one_line(text: str | list[str]) -> str:
    return " ".join("".join(text).split())


def refresh_notebooks(*, say: Say = print) -> None:
    """Run the notebooks on the demo and store their outputs in `notebooks/`; the only way these change."""
    for path in notebooks():
        start = time.monotonic()
        executed = run(path, study_dir=None)
        nbformat.write(_stored(executed), path)
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


def file_hashes(paths: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of each file by its name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


if __name__ == "__main__":
    refresh_notebooks()
