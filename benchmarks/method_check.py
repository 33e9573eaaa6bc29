"""Claim: the whole of 07-method-check runs within a minute on two cores; its evidence, which is kept, in half of one.

Run: python benchmarks/method_check.py
Prints the measured times of the evidence and of the notebook, and the goal.
"""

from __future__ import annotations

import time

from nps_utils.report.running.kernels import run
from nps_utils.report.unchanged import NOTEBOOKS
from nps_utils.stats.validation.promises import make_evidence


def main() -> None:
    """Measure and print both times."""
    start = time.perf_counter()
    make_evidence()
    evidence = time.perf_counter() - start
    start = time.perf_counter()
    run(NOTEBOOKS / "07-method-check.ipynb", study_dir=None)
    whole = time.perf_counter() - start
    print(f"07-method-check: {whole:.0f} s for the notebook (goal: 60 s), and {evidence:.0f} s for `make evidence`")


if __name__ == "__main__":
    main()
