"""Run every check of the project in order, go on after a failure, and end with one summary."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
NOTEBOOKS = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "notebooks").glob("*.ipynb"))

CHECKS: dict[str, list[str]] = {
    "ruff": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "mypy": [PYTHON, "-m", "mypy"],
    "mypy on notebooks": [PYTHON, "-m", "nbqa", "mypy", *NOTEBOOKS],
    # The same random examples every time, for a gate must not open or close by chance; `pytest` alone draws new ones.
    "pytest": [PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "--hypothesis-profile", "ci"],
    # nbval runs the stored notebooks and compares every output, stderr included; the demo is its only input.
    "nbval": [
        *(PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "-o", "addopts=", "-o", "filterwarnings="),
        *("-p", "tests.nbval_kernels", "--nbval", "--nbval-sanitize-with", "tests/nbval_sanitize.cfg", *NOTEBOOKS),
    ],
}


def main() -> int:
    """Run all checks; return how many failed."""
    lines, failed = [], 0
    for name, command in CHECKS.items():
        print(f"== {name}", flush=True)
        start = time.monotonic()
        ok = subprocess.run(command, cwd=ROOT, check=False).returncode == 0
        failed += not ok
        lines.append(f"  {'ok    ' if ok else 'FAILED'}  {name:<20} {time.monotonic() - start:6.0f} s")
    print("\n".join(["", "Summary", *lines]))
    print(f"checks: {len(CHECKS) - failed} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(main())
