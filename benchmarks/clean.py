"""Compare full cleaning with merely parsing the same file, and with pandas reading it, in one run.

    python benchmarks/clean.py [ROWS]

Goal: at most 2.5 times the time of parsing, and at most 2 GiB of memory at ten million rows (one gigabyte). Measured at
two million rows (186 MB): on two idle cores 5.7 times by the clock and 4.6 by processor time with recognising the file,
3.9 and 3.4 without, where parsing takes 0.7 s; 2.9 to 4.3 on cores that others use as well; and 0.8 GiB. Each
contender runs in a process of its own, so that its peak memory is its own; the best of the runs counts.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final, TypeAlias

import pandas as pd
import polars as pl
from messy_export import write

from nps_utils.cleaning.clean import clean
from nps_utils.cleaning.ledger import check_rows
from nps_utils.exports import scan_export

RUNS = 2
# Every 17th cell is an 11 and every 17th a 6.5. So many ask for a word of the owner, as the refusals spell it.
LABELS: Final = {"11": None, "6.5": None}
# A comment of four wordings and a status of two numbers are not taken for such unasked.
NAMED: Final = {"comment": "comment", "status": "status"}
# Seconds by the clock, seconds of all processors, peak in GiB, and what the work has to say.
Measured: TypeAlias = tuple[float, float, float, str]


def parse(folder: Path) -> str:
    """Read the export and write Parquet: what any work on the file costs at least."""
    pl.scan_csv(folder / "export.csv", infer_schema=False).sink_parquet(folder / "parsed.parquet")
    return ""


def clean_table(folder: Path) -> str:
    """Clean the parsed export: responses and ledger as Parquet, every row accounted for."""
    table = pl.scan_csv(folder / "export.csv", infer_schema=False).with_row_index("source_row", offset=2)
    return _clean(table.with_columns(source_file=pl.lit("export.csv")), folder)


def clean_export(folder: Path) -> str:
    """Do the same from the file as it is: encoding, delimiter, layout and columns recognised first."""
    table, _ = scan_export(folder / "export.csv", labels=LABELS, columns=NAMED)
    return _clean(table, folder)


def _clean(table: pl.LazyFrame, folder: Path) -> str:
    responses, ledger = clean(table, timezone="Europe/Stockholm", staff_domains=["vendor.example"], labels=LABELS)
    # Both at once, so that the rows are read once for the two.
    responses_out = responses.sink_parquet(folder / "responses.parquet", lazy=True)
    ledger_out = ledger.sink_parquet(folder / "ledger.parquet", lazy=True)
    pl.collect_all([responses_out, ledger_out], engine="streaming")
    rows_in = pl.scan_parquet(folder / "parsed.parquet").select(pl.len()).collect().item()
    out, book = pl.scan_parquet(folder / "responses.parquet"), pl.scan_parquet(folder / "ledger.parquet")
    check_rows(rows_in, responses=out, ledger=book)
    reasons = book.group_by("action", "reason").len().sort("len", descending=True).collect()
    return "\n".join(f"    {action:9} {reason:32} {n:>12,}" for action, reason, n in reasons.rows())


def pandas_read(folder: Path) -> str:
    """Read the export with pandas, as text."""
    return f"    {len(pd.read_csv(folder / 'export.csv', dtype='str')):,} rows"


def _timed(work: Callable[[Path], str], folder: Path) -> Measured:
    start, before = time.perf_counter(), time.process_time()  # what was imported is not work
    said = work(folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return time.perf_counter() - start, time.process_time() - before, peak, said


def measure(work: Callable[[Path], str], folder: Path, runs: int) -> Measured:
    """Return the least of the seconds and the greatest peak of some runs, each in a process of its own.

    What a contender raises is raised here.
    """
    spawn = multiprocessing.get_context("spawn")
    measured = []
    for _ in range(runs):
        with ProcessPoolExecutor(1, mp_context=spawn) as alone:
            measured.append(alone.submit(_timed, work, folder).result())
    clock, processors = min(one[0] for one in measured), min(one[1] for one in measured)
    return clock, processors, max(one[2] for one in measured), measured[0][3]


def main(rows: int) -> None:
    """Write the export, measure the contenders, print the ratios, and leave nothing behind."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "export.csv", rows)
        print(f"{rows:,} rows, {(folder / 'export.csv').stat().st_size / 1e6:,.0f} MB")
        base, base_work, *_ = measure(parse, folder, RUNS)
        contenders = (("parse", parse, RUNS), ("clean", clean_table, RUNS), ("read and clean", clean_export, RUNS))
        for title, work, runs in (*contenders, ("pandas reads", pandas_read, 1)):
            clock, processors, peak, said = measure(work, folder, runs)
            # On a busy machine the clock misleads; the work of the processors less so.
            compared = f"{clock / base:5.2f} x parse by the clock, {processors / base_work:5.2f} x by processor time"
            print(f"{title:14} {clock:7.1f} s   {compared}   peak {peak:5.2f} GiB")
            print(said) if said else None


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
