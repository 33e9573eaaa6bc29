"""What a report of the demo costs: cold, nothing changed, an answer or an asking less, beside an earlier build.

Processor seconds of the command with all its processes, both builds in one run on the demo of each, so that a busy
machine falls on both. The claims: cold a third of the earlier build, nothing changed 3 of 20, an answer a quarter.

    python benchmarks/report.py [commit]
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from earlier import COMMIT, ROOT, earlier, seconds

MOST: Final = {"cold": 0.33, "nothing changed": 0.15, "an answer less": 0.25, "an asking less": 0.25}


def an_answer_less(study: Path) -> None:
    """Take the last row from the largest CSV export."""
    told = tomllib.loads((study / "study.toml").read_text("utf-8"))
    exports = [study / export["path"] for export in told["export"]]
    _shorten(max((path for path in exports if path.suffix == ".csv"), key=lambda path: path.stat().st_size))


def an_asking_less(study: Path) -> None:
    """Take the last row from the frame."""
    _shorten(study / tomllib.loads((study / "study.toml").read_text("utf-8"))["frame"]["path"])


def _shorten(table: Path) -> None:
    table.write_bytes(b"".join(table.read_bytes().splitlines(keepends=True)[:-1]))


def main() -> int:
    """Print seconds of both builds and their ratio; return how many claims do not hold."""
    commit = sys.argv[1] if len(sys.argv) > 1 else COMMIT
    steps: dict[str, Callable[[Path], None]] = {
        "cold": lambda _: None,
        "nothing changed": lambda _: None,
        "an answer less": an_answer_less,
        "an asking less": an_asking_less,
    }
    with earlier(commit) as old, tempfile.TemporaryDirectory(prefix="nps-report-") as scratch:
        studies = {tree: Path(scratch) / name for tree, name in ((old, "old"), (ROOT, "new"))}
        for tree, study in studies.items():
            kept = shutil.ignore_patterns("processed", "results", "report")
            shutil.copytree(tree / "data" / "demo", study, ignore=kept)
        print(f"{'report of the demo':<20} {commit:>10} {'now':>10} {'ratio':>7}  at most")
        broken = 0
        for name, prepare in steps.items():
            cost = {}
            for tree, study in studies.items():
                prepare(study)
                cost[tree] = seconds("-m", "nps_utils", "report", str(study), tree=tree)
            ratio = cost[ROOT] / cost[old]
            broken += ratio > MOST[name]
            print(f"{name:<20} {cost[old]:>8.1f} s {cost[ROOT]:>8.1f} s {ratio:>7.3f}  {MOST[name]}", flush=True)
    return broken


if __name__ == "__main__":
    sys.exit(main())
