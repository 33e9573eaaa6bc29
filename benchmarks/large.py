"""What a report of a large study costs: processor seconds and the largest process, against stated targets.

The studies are invented, block by block, by `nps_utils.simulate.many`. A target is what issue 15 asks for; a study
without one is measured and nothing is claimed of it.

    python benchmarks/large.py [accounts ...]
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from earlier import ROOT

from nps_utils.simulate.many import large_study

# By accounts: processor seconds of the report and GiB of its largest process; 24 answers and 66 askings an account.
MOST: Final = {4_500: (60.0, 4.0), 45_000: (1200.0, 4.0), 450_000: (2400.0, 6.0)}
# 400,000 comments for a million answers, and for ten million one in a hundred.
COMMENTED: Final = {4_500: 0.645, 45_000: 0.645, 450_000: 0.016}


def report(study: Path) -> tuple[float, float, float]:
    """Make a report; return processor seconds and clock, and the size of its largest process in GiB."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = [sys.executable, "-m", "nps_utils", "report", str(study)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.monotonic() - start, after.ru_maxrss / (1 << 20)


def main() -> int:
    """Print what each report took; return how many targets are missed."""
    broken = 0
    print(f"{'answers':>12} {'CPU':>9} {'clock':>9} {'largest process':>16}  at most")
    for accounts in [int(told) for told in sys.argv[1:]] or [4_500]:
        with tempfile.TemporaryDirectory(prefix="nps-large-") as folder:
            answers = large_study(folder, accounts=accounts, commented=COMMENTED.get(accounts, 0.645))
            cpu, clock, size = report(Path(folder))
        seconds, most = MOST.get(accounts, (float("inf"), float("inf")))
        broken += (cpu > seconds) + (size > most)
        print(f"{answers:>12,} {cpu:>7.0f} s {clock:>7.0f} s {size:>12.2f} GiB  {seconds:.0f} s, {most:.0f} GiB")
    return broken


if __name__ == "__main__":
    sys.exit(main())
