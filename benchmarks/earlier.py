"""The build that a claim of speed is measured against, unpacked beside this one, and processor seconds of a command."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
# Before pages ran from one warm process.
COMMIT: Final = "be522f1"


@contextmanager
def earlier(commit: str = COMMIT) -> Iterator[Path]:
    """Give the tree of an earlier commit, in a folder that goes afterwards."""
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory(prefix="nps-earlier-") as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
            tar.extractall(folder, filter="data")
        yield Path(folder)


def seconds(*arguments: str, tree: Path = ROOT) -> float:
    """Return the processor seconds of a fresh interpreter on a tree, with all processes that it waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *arguments],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
