"""The warm process: it has loaded what pages use, and forks one process for each page that is asked of it.

Forking is safe only while no pool of threads runs: a Polars query before a fork hangs every query after it. So this
process imports, forks and waits, and touches no table. It is asked over a socket, one line of JSON a page, and answers
with how the page's process ended. When the socket closes, whatever still runs is ended.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import json
import os
import pkgutil
import selectors
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from nps_utils.report.running.told_first import keep_memory

# What pages use and none of our modules loads before a function does.
LOADED_LATE: Final = (
    *("matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "seaborn", "babel"),
    *(
        "statsmodels.stats.multitest",
        "statsmodels.stats.proportion",
        "scipy.optimize",
        "scipy.stats",
        "pyarrow.parquet",
    ),
    # What these load when they are first used, in every process anew.
    *("narwhals.group_by", "narwhals._pandas_like.dataframe", "narwhals._interchange.dataframe", "pyarrow.dataset"),
    *("pandas.io.formats.csvs", "pandas.io.formats.html", "pandas.io.formats.string", "pandas.core.reshape.reshape"),
    *("pandas.core.arrays.arrow.extension_types", "pyarrow.pandas_compat", "PIL.PngImagePlugin", "tzdata"),
    *("IPython.core.completer", "IPython.core.magics", "IPython.core.application"),
)
ROOMS: Final = ("tables", "figures", "pages", "stats", "comments", "revenue", "followup", "study")
SITE: Final = (
    "sphinx.cmd.build",
    "sphinx.builders.html",
    "myst_nb.sphinx_ext",
    "sphinx_book_theme",
    "pydata_sphinx_theme",
)
# `nbformat` loads `jsonschema`, whose optional checks of links and durations bring a grammar and a calendar.
UNUSED: Final = ("rfc3987_syntax", "isoduration")
_RUNNING: Final = "myst_nb.core.execute"
PROGRESS: Final = "cell"
SAID: Final = ("said.txt", "complained.txt")


def preload() -> None:
    """Load everything that a page uses; nothing is computed, so that no pool of threads starts."""
    keep_memory()
    _leave_out()
    gc.disable()  # what is loaded stays: looking through it for what could go takes a tenth of the time
    os.environ["MPLBACKEND"] = "Agg"  # without a kernel, matplotlib would open a window where there is a screen
    import nps_utils
    import nps_utils.notebook
    import nps_utils.report.running.cells
    from nps_utils.files import library_hash

    for room in ROOMS:
        package = importlib.import_module(f"{nps_utils.__name__}.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    for name in (*LOADED_LATE, *SITE):
        importlib.import_module(name)
    library_hash()  # of the code that is loaded now; by it every process names what it keeps
    _use_once()
    gc.freeze()  # with the little that could go: looking for it takes a third of a second
    gc.enable()


def _use_once() -> None:
    """Do what every process would otherwise do anew when it first needs it, and what is the same for all studies."""
    import nbformat

    from nps_utils import remembering
    from nps_utils.comments.word_files import function_words, no_content_phrases
    from nps_utils.figures.canvas import style

    nbformat.validate({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []})  # compiles the schema
    with tempfile.TemporaryDirectory() as folder, remembering.shared(Path(folder) / "sums"):
        remembering.told("nothing", list)  # looks up the versions of libraries
    for once in (style, function_words, no_content_phrases):
        once()


def _leave_out() -> None:
    """Keep out what libraries load, no page uses, and takes a second and more: they ask whether a module is there."""
    for name in UNUSED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    if importlib.util.find_spec("patsy"):  # statsmodels needs one of two for formulas, of which no page has any
        sys.modules.setdefault("formulaic", None)  # type: ignore[arg-type]
    # MyST-NB loads three ways to run notebooks, with a database and an HTTP client; the site runs none.
    for way in ("cache", "direct", "inline"):
        module = ModuleType(f"{_RUNNING}.{way}")
        setattr(module, f"NotebookClient{way.capitalize()}", None)
        sys.modules.setdefault(module.__name__, module)


def serve(asked: socket.socket, *, begun: Callable[[], object] = bool) -> None:
    """Fork a process for each task that is asked, until the other side closes the socket.

    Parameters
    ----------
    asked
        The socket.
    begun
        Called in each process before its task.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other side decides what an interrupt ends
    running: dict[int, int] = {}
    pending = b""
    with selectors.DefaultSelector() as waiting, _told_of_ends() as ends:
        for told in (asked, ends):
            waiting.register(told, selectors.EVENT_READ)
        while True:
            _answer_ended(asked, running)
            ready = [key.fileobj for key, _ in waiting.select()]
            if ends in ready:
                ends.recv(4096)
            if asked not in ready:
                continue
            got = asked.recv(65536)
            if not got:
                break
            *lines, pending = (pending + got).split(b"\n")
            for line in lines:
                task = json.loads(line)
                if threads := pools():
                    _answer(
                        asked, id=task["id"], status=1, why=f"{threads[0]} runs in the process to fork", cpu=0, peak=0
                    )
                    continue
                running[_fork(asked, task, begun)] = task["id"]
    for child in running:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@contextmanager
def _told_of_ends() -> Iterator[socket.socket]:
    """Give a socket that can be read when a child has ended: to look every few milliseconds would take as long."""
    ends, wake = socket.socketpair()
    with ends, wake:
        wake.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # without a handler nothing is written to the socket
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        try:
            yield ends
        finally:
            _hear_nothing()


def _hear_nothing() -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def _answer_ended(asked: socket.socket, running: dict[int, int]) -> None:
    for child in list(running):
        ended, status, used = os.wait4(child, os.WNOHANG)
        if ended:
            cpu, code = used.ru_utime + used.ru_stime, os.waitstatus_to_exitcode(status)
            _answer(asked, id=running.pop(child), status=code, why="", cpu=cpu, peak=used.ru_maxrss)


def _answer(asked: socket.socket, **told: object) -> None:
    asked.sendall(json.dumps(told).encode() + b"\n")


def pools() -> list[str]:
    """Return the threads that a fork would not survive; Linux only, elsewhere nothing forks."""
    names = [path.read_text("utf-8").strip() for path in Path("/proc/self/task").glob("*/comm")]
    return [name for name in names if name.removeprefix("polars-").isdigit() and name.startswith("polars-")]


def _fork(asked: socket.socket, task: dict[str, Any], begun: Callable[[], object]) -> int:
    """Start the process of a task; it ends without returning from here."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        _hear_nothing()
        begun()
        asked.close()
        folder = Path(task["folder"])
        for name, descriptor in zip(SAID, (1, 2), strict=True):
            file = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(file, descriptor)
            os.close(file)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        sys.stdout, sys.stderr = (os.fdopen(os.dup(n), "w", encoding="utf-8", errors="replace") for n in (1, 2))
        os.environ |= task["environment"]
        status = TASKS[task["task"]](folder, **task["told"])
    except BaseException:  # noqa: BLE001 - nothing may return into the process that serves
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _page(folder: Path, *, path: str, parameters: dict[str, str], at: str) -> int:
    from nps_utils.report.running.cells import run_page

    def started(number: int) -> None:
        (folder / PROGRESS).write_text(str(number), "utf-8")

    run_page(Path(path), folder, parameters=parameters, at=Path(at), started=started)
    return 0


def _site(folder: Path, *, source: str, html: str) -> int:  # noqa: ARG001 - every task has a folder
    from sphinx.cmd.build import main

    return int(main(["-q", "-b", "html", source, html]))


def _call(folder: Path, *, function: str, arguments: dict[str, str]) -> int:  # noqa: ARG001 - every task has a folder
    module, name = function.split(":")
    getattr(importlib.import_module(module), name)(**arguments)
    return 0


TASKS: Final[dict[str, Callable[..., int]]] = {"page": _page, "site": _site, "call": _call}


def main() -> None:
    """Serve the socket whose descriptor is named on the command line."""
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        preload()
        serve(asked)
