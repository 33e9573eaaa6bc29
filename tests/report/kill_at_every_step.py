"""Kill a publishing process at each of its steps in turn, and say after each what is found; run by test_staging.

Every call that Python makes to the file system is announced to audit hooks: the n-th of them kills the process.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from nps_utils.report import staging

STEPS = ("open", "os.", "shutil.", "tempfile.", "fcntl.", "ctypes.")


def publish(study: Path, text: str, *, die_at: int | None = None) -> None:
    """Make a pair of results and site, each of five files, and publish it."""
    seen = 0

    def count(event: str, _args: tuple[Any, ...]) -> None:
        nonlocal seen
        seen += event.startswith(STEPS)
        if seen == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    if die_at is not None:
        sys.addaudithook(count)
    with staging.begin(study) as run:
        for folder in (run.results, run.report):
            folder.mkdir()
            for number in range(5):
                (folder / f"{number}.txt").write_text(text, "utf-8")
        run.publish()


def found(study: Path) -> list[str]:
    """Return what the five files of each folder say, each saying once."""
    return [f"{name}: {said}" for name in staging.PAIR for said in sorted(_said(study / name))]


def _said(folder: Path) -> set[str]:
    files = list(folder.glob("*.txt"))
    return {path.read_text("utf-8") for path in files} if len(files) == 5 else {f"{len(files)} files"}


def main(study: Path, stride: int) -> None:
    """Print one line of JSON per step: whether the process was killed, and what was found then and after one more."""
    publish(study, "0")
    step, killed = 0, True
    while killed:
        step += stride
        child = os.fork()
        if child == 0:
            publish(study, str(step), die_at=step)
            os._exit(0)
        killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        then = found(study)
        publish(study, f"{step} again")
        left = sorted(path.name for path in study.glob(".*"))
        row = {"step": step, "killed": killed, "then": then, "after": found(study), "left": left}
        sys.stdout.write(json.dumps(row) + "\n")
        sys.stdout.flush()  # or the next child would write it once more


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
