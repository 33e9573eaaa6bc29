"""Whoever makes a report asks here for pages: some at a time, as cores and memory allow; a failure names its page.

A page that is killed, that ends without a word, or that falls silent is told as such, with the name of the page.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nps_utils.checks import PageFailed
from nps_utils.report.running import conductor
from nps_utils.report.running.told_first import one_thread_each
from nps_utils.report.running.warm import SAID

# A page that has shown no new cell for so long hangs.
SILENT_SECONDS: Final = 3600
# What a page needs before one has run, in kB: the largest of the demo's, with room.
USUAL_PEAK: Final = 800_000
LOOK_SECONDS: Final = 0.3


@dataclass(frozen=True)
class Ended:
    """How the process of a task ended.

    Parameters
    ----------
    number
        Which task, as `start` numbered it.
    status
        0, an exit code, or below 0 the signal that ended it.
    why
        What kept it from starting.
    cpu, peak
        Its processor seconds, and its largest size in kB.
    """

    number: int
    status: int
    why: str
    cpu: float
    peak: int

    def check(self, what: str, folder: Path) -> None:
        """Raise `PageFailed` unless it ended well."""
        if self.status == 0:
            return
        if self.status == -signal.SIGKILL:
            raise PageFailed(
                f"{what}: stopped by the system, probably for want of memory (it had {self.peak / 1e6:.1f} GB). Close"
                " other programs and run `nps report` again; the last good report stays."
            )
        said = self.why or complaints(folder) or f"ended with {self.status}"
        raise PageFailed(f"{what}: {said[-2000:]}. The last good report stays.")


def complaints(folder: Path) -> str:
    """Return what a task wrote to stderr."""
    path = folder / SAID[1]
    return path.read_text("utf-8", "replace").strip() if path.is_file() else ""


def can_fork() -> bool:
    """Say whether pages may be forked: on Linux. Elsewhere there is none, or the system's libraries forbid it."""
    return sys.platform == "linux"


class Crew:
    """The warm process, from this side."""

    def __init__(self) -> None:
        one_thread_each()
        self._process: subprocess.Popen[bytes] | None = None  # none where this one was forked from the warm process
        self._socket = conductor.taken() or self._started()
        self._pending, self._number, self._peak = b"", 0, 0
        self._running: set[int] = set()

    def _started(self) -> socket.socket:
        """Start a warm process; return where it is asked for pages."""
        ours, theirs = socket.socketpair()
        code = "from nps_utils.report.running.warm import main; main()"
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", code, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            )
        return ours

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def places(self) -> int:
        """Return how many pages may run at a time: as many as cores, and as memory holds."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        free = free_memory()
        import resource  # there is none where no page is forked

        # What read the same tables before, this process, shows how much a page of a large study takes.
        largest = max(self._peak, USUAL_PEAK, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        fit = cores if free is None else len(self._running) + free // largest
        return max(1, min(cores, fit))

    def start(self, task: str, folder: Path, environment: Mapping[str, str] | None = None, **told: Any) -> int:
        """Let a process run a task of `warm.TASKS`; return the number by which `wait` tells of its end."""
        self._number += 1
        asked = {
            "id": self._number,
            "task": task,
            "folder": str(folder.resolve()),
            "environment": dict(environment or {}),
            "told": told,
        }
        self._socket.sendall(json.dumps(asked).encode() + b"\n")
        self._running.add(self._number)
        return self._number

    def wait(self, seconds: float | None = None) -> Ended | None:
        """Return how the next task ended, or None after so many seconds.

        Raises
        ------
        PageFailed
            The warm process is gone.
        """
        until = None if seconds is None else time.monotonic() + seconds
        while b"\n" not in self._pending:
            self._socket.settimeout(None if until is None else max(until - time.monotonic(), 0.001))
            try:
                got = self._socket.recv(65536)
            except TimeoutError:
                return None
            if not got:
                ended = self._process.wait() if self._process else "no word"
                raise PageFailed(f"The process that runs the pages ended with {ended}.")
            self._pending += got
        line, self._pending = self._pending.split(b"\n", 1)
        told = json.loads(line)
        self._running.discard(told["id"])
        self._peak = max(self._peak, told["peak"])
        return Ended(told["id"], told["status"], told["why"], told["cpu"], told["peak"])

    def close(self) -> None:
        """End what still runs, and wait for it."""
        with self._socket, suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
            self._socket.settimeout(None)
            while self._socket.recv(65536):  # until the other side has ended all and closes
                pass
        if self._process:
            self._process.wait()


def free_memory() -> int | None:
    """Return how many kB can be used without pressing out others, or None where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text("utf-8").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")), None)
