"""Pages forked from a warm process: the same outputs as kernels give, and each way to fail told with its page."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import v4

from nps_utils.checks import BadFile, BadInput, PageFailed
from nps_utils.report import build, unchanged
from nps_utils.report.running import conductor, crew, kernels, warm
from nps_utils.report.running.runners import Forked, Kernels, Page, runner

pytestmark = pytest.mark.skipif(not crew.can_fork(), reason="pages run in kernels here")


@pytest.fixture(scope="module")
def forked() -> Iterator[Forked]:
    made = Forked()
    yield made
    made.close()


def written(folder: Path, *sources: str) -> Path:
    """Write a notebook of these code cells under one heading each."""
    cells: list[Any] = []
    for number, source in enumerate(sources, 1):
        cells += [v4.new_markdown_cell(f"## Step {number}"), v4.new_code_cell(source)]  # type: ignore[no-untyped-call]
    path = folder / "page.ipynb"
    nbformat.write(v4.new_notebook(cells=cells), path)  # type: ignore[no-untyped-call]
    return path


def run(forked: Forked, path: Path, folder: Path) -> list[Any]:
    """Run a notebook by itself; return its code cells."""
    folder.mkdir()
    forked.start(Page(path, None, folder))
    page = forked.wait()
    assert isinstance(page, Page)
    notebook = nbformat.read(page.folder / path.name, as_version=4)  # type: ignore[no-untyped-call]
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("name", ["00-plan", "02-nps"])
def test_a_forked_page_is_the_page_of_a_kernel(name: str, forked: Forked, tmp_path: Path) -> None:
    """Every output of every cell, and the same files; JupyterLab shows what the report shows."""
    path = unchanged.NOTEBOOKS / f"{name}.ipynb"
    (tmp_path / "k").mkdir()
    real = kernels.run(path, study_dir=build.DEMO, results=tmp_path / "k")
    theirs = [
        c for c in real.cells if c.cell_type == "code" and "injected-parameters" not in c.metadata.get("tags", [])
    ]
    folder = tmp_path / "f"
    (folder / "results").mkdir(parents=True)
    forked.start(Page(path, build.DEMO, folder))
    page = forked.wait()
    assert isinstance(page, Page)
    assert page.folder == folder
    notebook = nbformat.read(folder / path.name, as_version=4)  # type: ignore[no-untyped-call]
    ours = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for one, other in zip(ours, theirs, strict=True):
        for output in (*one.outputs, *other.outputs):
            output.pop("execution_count", None)  # papermill puts a cell of parameters between
        assert one.outputs == other.outputs, one.source
    assert sorted(p.name for p in (folder / "results").rglob("*")) == sorted(
        p.name for p in (tmp_path / "k").rglob("*")
    )


def test_what_cells_write_is_kept_as_a_kernel_keeps_it(forked: Forked, tmp_path: Path) -> None:
    """Results, displays, prints, a warning, and what is written past Python; each run has a process of its own."""
    sources = (
        "import os, sys, warnings; x = 1\nx + 1",
        "from IPython.display import Markdown, display; display(Markdown('*a*')); print('b'); print('c')\nNone",
        "warnings.warn('careful', stacklevel=1)",
        "_ = os.write(1, b'past')\n_ = os.write(2, b'below')",
        "import asyncio\nawait asyncio.sleep(0, 7)",
        "",
        "sys.stderr.write('e'); [_, x]",
    )
    path = written(tmp_path, *sources)
    cells = run(forked, path, tmp_path / "one")
    outputs = [[(o.output_type, o.get("name"), str(o.get("text") or o.get("data"))) for o in c.outputs] for c in cells]
    assert outputs[0] == [("execute_result", None, "{'text/plain': '2'}")]
    assert [o[0] for o in outputs[1]] == ["display_data", "stream"]
    assert outputs[1][1][2] == "b\nc\n"
    assert outputs[2][0][1] == "stderr"
    assert "careful" in outputs[2][0][2]
    assert outputs[3] == [("stream", "stdout", "past"), ("stream", "stderr", "below")]
    assert outputs[4][0][2] == "{'text/plain': '7'}"
    assert outputs[5] == []
    assert outputs[6][0][1] == "stderr"
    again = run(forked, written(tmp_path, "'x' in dir()"), tmp_path / "two")
    assert again[0].outputs[0].data["text/plain"] == "False"


@pytest.mark.parametrize(
    ("source", "kind", "told"),
    [
        ("1 / 0", PageFailed, "ZeroDivisionError"),
        ("this is no python", PageFailed, "SyntaxError"),
        ("raise SystemExit(3)", PageFailed, "SystemExit"),
        ("input('?')", PageFailed, "cell 2"),
        ("raise MemoryError('no room')", PageFailed, "no room"),
        ("from nps_utils.checks import BadStudy\nraise BadStudy('no frame')", BadInput, "no frame\nCorrect the study"),
        ("raise OSError(28, 'No space left on device')", BadFile, "the disk is full"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", PageFailed, "stopped by the system, probably"),
        ("import os\nos._exit(0)", PageFailed, "ended without a page"),
        ("import os\nos._exit(7)", PageFailed, "ended with 7"),
    ],
)
def test_a_page_that_fails_is_named(
    source: str, kind: type[Exception], told: str, forked: Forked, tmp_path: Path
) -> None:
    """The notebook, and where a cell failed, which and under which heading; the warm process goes on."""
    path = written(tmp_path, "1", source)
    with pytest.raises(kind) as failed:
        run(forked, path, tmp_path / "one")
    assert told in str(failed.value)
    assert "page.ipynb" in str(failed.value)
    if "os." not in source and "OSError" not in source:
        assert 'page.ipynb, cell 2, under "Step 2"' in str(failed.value)
    assert run(forked, written(tmp_path, "3"), tmp_path / "two")[0].outputs


def test_everything_is_loaded_before_a_page_runs(forked: Forked, tmp_path: Path) -> None:
    """And no pool of threads runs: a Polars query before the fork would hang every query after it."""
    names = ["polars", "matplotlib.pyplot", "seaborn", "sklearn", "statsmodels", "lingua", "nps_utils.pages.revenue"]
    source = f"import sys, threading\n[n for n in {names} if n not in sys.modules], threading.active_count()"
    cells = run(
        forked, written(tmp_path, source, "import polars as pl\npl.LazyFrame({'a': [1]}).collect()"), tmp_path / "p"
    )
    assert cells[0].outputs[0].data["text/plain"] == "([], 1)"
    assert "shape" in cells[1].outputs[0].data["text/plain"]


def test_pages_end_with_who_asked_for_them(tmp_path: Path) -> None:
    """When a report is stopped, no page is left running."""
    made = Forked()
    tell = f"import os, pathlib\npathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))"
    path = written(tmp_path, f"{tell}\nimport time; time.sleep(600)")
    (tmp_path / "one").mkdir()
    made.start(Page(path, None, tmp_path / "one"))
    while not (tmp_path / "pid").is_file() or not (tmp_path / "pid").read_text("utf-8"):
        assert made._crew.wait(0.2) is None
    made.close()
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text("utf-8")), signal.SIG_DFL)


def test_a_silent_page_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is named with the cell it stands in."""
    monkeypatch.setattr(crew, "SILENT_SECONDS", 0.5)
    made = Forked()
    (tmp_path / "one").mkdir()
    made.start(Page(written(tmp_path, "import time; time.sleep(600)"), None, tmp_path / "one"))
    with pytest.raises(PageFailed, match="page: cell"):
        made.wait()
    made.close()


def test_no_fork_no_silence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where a fork is not safe the pages run in kernels, and it is said that this takes longer."""
    monkeypatch.setattr("sys.platform", "darwin")
    said: list[str] = []
    assert isinstance(runner(said.append), Kernels)
    assert "takes longer" in said[0]


def test_a_pool_of_threads_keeps_a_page_from_being_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message in place of a page that hangs."""
    import polars as pl

    pl.LazyFrame({"a": range(100)}).group_by("a").len().collect()
    assert warm.pools()
    assert json.dumps(warm.pools())


COMMAND = """
import os, sys
from pathlib import Path
from nps_utils.report.running import conductor
from nps_utils.report.running.runners import Forked, Page
started = os.getpid()
conductor.go_on()
print(os.getpid() != started, os.getppid() == started, flush=True)
made = Forked()
made.start(Page(Path(sys.argv[1]), None, Path(sys.argv[2])))
{then}
"""


def command(path: Path, folder: Path, then: str) -> subprocess.Popen[str]:
    """Start a process that serves the pages which the process forked from it asks for."""
    folder.mkdir()
    code = [sys.executable, "-c", COMMAND.format(then=then), str(path), str(folder)]
    return subprocess.Popen(code, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_command_serves_the_pages_itself(tmp_path: Path) -> None:
    """It loads everything once, and ends as the process that makes the report does."""
    path = written(tmp_path, "import os\nos.getppid()")
    then = "page = made.wait(); made.close()\nprint((page.folder / page.path.name).is_file()); sys.exit(7)"
    started = command(path, tmp_path / "one", then)
    said, complained = started.communicate(timeout=600)
    assert said == "True True\nTrue\n"
    assert started.returncode == 7, complained
    page = nbformat.read(tmp_path / "one" / path.name, as_version=4)  # type: ignore[no-untyped-call]
    assert page.cells[1].outputs[0].data["text/plain"] == str(started.pid)


def test_the_command_ends_at_once_when_all_is_done(tmp_path: Path) -> None:
    """What has been said is written; nothing after it runs."""
    path = written(tmp_path, "1")
    then = "made.wait(); made.close()\nprint('done'); conductor.end(); print('more')"
    started = command(path, tmp_path / "one", then)
    said, complained = started.communicate(timeout=600)
    assert (said, started.returncode) == ("True True\ndone\n", 0), complained
    conductor.end()  # this process was forked by nobody


def test_the_command_is_killed_with_the_report(tmp_path: Path) -> None:
    """What ends the process that makes the report ends the command in the same way, and no page goes on."""
    tell = f"import os, pathlib\npathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))"
    path = written(tmp_path, f"{tell}\nimport time; time.sleep(600)")
    wait = f"import time\nwhile not Path({str(tmp_path / 'pid')!r}).is_file(): time.sleep(.1)\n"
    started = command(path, tmp_path / "one", wait + "os.kill(os.getpid(), 9)")
    _, complained = started.communicate(timeout=600)
    assert started.returncode == -signal.SIGKILL
    assert "probably for want of memory" in complained
    assert gone(int((tmp_path / "pid").read_text("utf-8")))


def test_pages_and_report_end_when_the_command_is_killed(tmp_path: Path) -> None:
    """Killed from outside, it leaves nobody behind."""
    path = written(tmp_path, "import os; print(os.getpid(), flush=True)\nimport time; time.sleep(600)")
    then = f"Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid())); made.wait()"
    started = command(path, tmp_path / "one", then)
    while not (tmp_path / "pid").is_file() or not (tmp_path / "pid").read_text("utf-8"):
        time.sleep(0.1)
    started.kill()
    started.communicate(timeout=600)
    assert gone(int((tmp_path / "pid").read_text("utf-8")))


def gone(process: int) -> bool:
    """Say whether a process ends within some seconds."""
    for _ in range(100):
        state = Path(f"/proc/{process}/stat")
        if not state.is_file() or state.read_text("utf-8").rpartition(")")[2].split()[0] in ("Z", "X"):
            return True
        time.sleep(0.1)
    return False
