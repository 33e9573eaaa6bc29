"""Compare `count_bands` on Parquet with a hand-written DuckDB query of the same counts, in one run.

    python benchmarks/counts.py [ROWS]

Goal at a hundred million rows: at most 1.5 times the query's time. The engines take turns; the best of the runs counts.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl

from nps_utils.stats.counts import count_bands

BLOCK = 5_000_000
RUNS = 3
QUERY = """
    SELECT wave, segment,
           count(*) FILTER (score <= 6) AS detractors,
           count(*) FILTER (score BETWEEN 7 AND 8) AS passives,
           count(*) FILTER (score >= 9) AS promoters,
           count(*) AS n
    FROM read_parquet('{files}') GROUP BY ALL ORDER BY ALL
"""


def write(folder: Path, rows: int) -> None:
    """Write responses with eight waves and five segments, block by block."""
    for number, start in enumerate(range(0, rows, BLOCK)):
        size = min(BLOCK, rows - start)
        rng = np.random.default_rng(number)
        waves = pl.Series([f"202{year}-Q{quarter}" for year in (4, 5) for quarter in (1, 2, 3, 4)])
        segments = pl.Series(["tiny", "small", "medium", "large", "public"])
        block = pl.DataFrame(
            {
                "score": rng.integers(0, 11, size, dtype=np.int8),
                "wave": waves.gather(rng.integers(0, 8, size)),
                "segment": segments.gather(rng.integers(0, 5, size)),
            }
        )
        block.write_parquet(folder / f"{number:03}.parquet")


def main(rows: int) -> None:
    """Measure both engines on the same files and check that all counts agree."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, rows)
        files = f"{folder}/*.parquet"
        by = ["wave", "segment"]
        contenders: dict[str, Callable[[], pd.DataFrame]] = {
            "DuckDB by hand": lambda: duckdb.execute(QUERY.format(files=files)).df(),
            "count_bands, DuckDB": lambda: count_bands(duckdb.read_parquet(files), by=by),
            "count_bands, Polars": lambda: count_bands(pl.scan_parquet(files), by=by),
        }
        seconds = dict.fromkeys(contenders, float("inf"))
        counts = {}
        for _ in range(RUNS):
            for title, work in contenders.items():
                start = time.perf_counter()
                counts[title] = work()
                seconds[title] = min(seconds[title], time.perf_counter() - start)
        print(f"{rows:,} rows, {sum(file.stat().st_size for file in folder.iterdir()) / 1e6:,.0f} MB of Parquet")
        base = seconds["DuckDB by hand"]
        for title, best in seconds.items():
            same = (counts[title].to_numpy() == counts["DuckDB by hand"].to_numpy()).all()
            print(f"{title:20} {best:7.2f} s   {best / base:5.2f} x by hand   counts agree: {same}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000)
