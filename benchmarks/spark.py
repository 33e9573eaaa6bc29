"""Compare cleaning on a local Spark with the same cleaning written by hand in Spark SQL, in one run.

    make spark
    python benchmarks/spark.py [ROWS]

Goal: at most 1.3 times the processor time of the SQL; measured at a million rows on two idle cores: 1.65. Both read the
same Parquet and write responses and ledger as Parquet; each runs in a process of its own with a Java machine of its
own, and starting one is measured and taken off. The SQL knows everything about this one file: what its scores mean, how
its dates are written, which rules apply. It must come to the same counts, or the comparison is refused.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import polars as pl
from clean import LABELS
from messy_export import write

SCORE: Final = r"""
CASE WHEN score RLIKE '^(10|[0-9])([.]0+)?$' THEN int(double(score))
     WHEN score RLIKE '^(10|[0-9])/10$' THEN int(split(score, '/')[0])
     WHEN score RLIKE ' - (10|[0-9])$' THEN int(regexp_extract(score, ' - (10|[0-9])$', 1)) END
"""
READ: Final = f"""
CREATE TEMPORARY VIEW judged AS
SELECT *, CASE WHEN status = '1' THEN 'preview_or_test'
    WHEN email LIKE '%@vendor.example' THEN 'own_staff'
    WHEN answer IS NULL AND coalesce(score, '') = '' AND coalesce(comment, '') = '' THEN 'unanswered_view'
    WHEN answer IS NULL THEN 'missing_score' END AS reason
FROM (SELECT *, concat(year(local), '-Q', quarter(local)) AS wave, lower(email) AS who,
    unix_timestamp(to_utc_timestamp(local, 'Europe/Stockholm')) AS at
    FROM (SELECT *, {SCORE} AS answer, to_timestamp(responded_at, 'd/M/yyyy H:mm') AS local FROM export))
"""
# Of rows that are alike in every cell the first counts, of those with one id as well; of what a person sent within half
# an hour the last, and of what one answered in a wave the latest.
ALONE: Final = """
CREATE TEMPORARY VIEW alone AS
SELECT *, min(source_row) OVER (PARTITION BY response_id, email, score, comment, responded_at, status, touchpoint,
    segment, country) AS same, min(source_row) OVER (PARTITION BY response_id) AS first
FROM judged WHERE reason IS NULL
"""
SENT: Final = """
CREATE TEMPORARY VIEW sent AS
SELECT *, lead(at) OVER (PARTITION BY who, touchpoint ORDER BY at, source_row) - at <= 1800 AND who IS NOT NULL AS again
FROM alone WHERE source_row = same AND source_row = first
"""
LAST: Final = """
CREATE TEMPORARY VIEW last AS
SELECT *, row_number() OVER (PARTITION BY coalesce(who, response_id), touchpoint, wave
        ORDER BY at DESC, source_row DESC) AS place,
    max(at) OVER (PARTITION BY coalesce(who, response_id), touchpoint, wave) AS latest
FROM sent WHERE NOT coalesce(again, false)
"""
RESPONSES: Final = """
SELECT response_id, touchpoint, int(answer) AS score, comment, timestamp_seconds(at) AS responded_at, wave, email,
    status, segment, country, source_file, source_row FROM last WHERE place = 1 OR who IS NULL
"""
LEDGER: Final = """
SELECT source_file, source_row, 'rejected' AS action, reason, score AS value, comment FROM judged
WHERE reason IS NOT NULL
UNION ALL SELECT source_file, source_row, 'rejected',
    CASE WHEN source_row > same THEN 'duplicate_row' ELSE 'same_response_id' END, response_id, comment FROM alone
WHERE source_row > same OR source_row > first
UNION ALL SELECT source_file, source_row, 'rejected', 'repeated_submission', NULL, comment FROM sent WHERE again
UNION ALL SELECT source_file, source_row, 'rejected',
    CASE WHEN at < latest THEN 'earlier_answer_same_wave' ELSE 'earlier_row_same_wave' END, NULL, comment
FROM last WHERE place > 1 AND who IS NOT NULL
"""


def start(spark: Any, folder: Path) -> None:
    """Count the rows: what a session costs that cleans nothing."""
    spark.read.parquet(str(folder / "export.parquet")).count()


def by_hand(spark: Any, folder: Path) -> None:
    """Clean by SQL."""
    spark.read.parquet(str(folder / "export.parquet")).createOrReplaceTempView("export")
    for view in (READ, ALONE, SENT, LAST):
        spark.sql(view)
    # What both tables are made of is kept, as a careful author would.
    for kept in ("judged", "last"):
        spark.sql(f"CACHE TABLE {kept}")
    spark.sql(RESPONSES).write.mode("overwrite").parquet(str(folder / "responses-by_hand"))
    spark.sql(LEDGER).write.mode("overwrite").parquet(str(folder / "ledger-by_hand"))


def ours(spark: Any, folder: Path) -> None:
    """Clean by `clean`."""
    from nps_utils.cleaning.clean import clean

    table = spark.read.parquet(str(folder / "export.parquet"))
    staff = ["vendor.example"]
    responses, ledger = clean(table, timezone="Europe/Stockholm", staff_domains=staff, labels=LABELS)
    responses.write.mode("overwrite").parquet(str(folder / "responses-ours"))
    ledger.write.mode("overwrite").parquet(str(folder / "ledger-ours"))


WAYS: Final = {"start": start, "by_hand": by_hand, "ours": ours}


def run(way: str, folder: Path) -> None:
    """Start a session, go one way, and wait until its Java machine has ended, so that its work is counted."""
    from pyspark.sql import SparkSession

    told = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "8", "spark.driver.memory": "3g"}
    told |= {"spark.sql.session.timeZone": "UTC", "spark.log.level": "OFF", "spark.local.dir": str(folder)}
    told |= {"spark.ui.showConsoleProgress": "false"}
    builder = SparkSession.builder.master("local[2]").appName("clean")
    for key, value in told.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    gateway = spark.sparkContext._gateway
    assert gateway is not None
    WAYS[way](spark, folder)
    spark.stop()
    gateway.shutdown()
    gateway.proc.terminate()
    gateway.proc.wait()


def cost(way: str, folder: Path) -> tuple[float, float]:
    """Return seconds of all processors, Java's included, and seconds by the clock."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([sys.executable, __file__, way, str(folder)], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.monotonic() - began


def told(folder: Path, way: str) -> dict[str, int]:
    """Return how many rows are responses, and how many are rejected for each reason."""
    book = pl.scan_parquet(folder / f"ledger-{way}" / "*.parquet").filter(pl.col("action") == "rejected")
    reasons = dict(book.group_by("reason").len().collect().rows())
    rows = pl.scan_parquet(folder / f"responses-{way}" / "*.parquet").select(pl.len())
    return {**reasons, "responses": rows.collect().item()}


def main(rows: int) -> int:
    """Write the export, go both ways, print the ratio; return 1 where they do not agree."""
    with tempfile.TemporaryDirectory(prefix="nps-spark-") as name:
        folder = Path(name)
        write(folder / "export.csv", rows)
        table = pl.scan_csv(folder / "export.csv", infer_schema=False).with_row_index("source_row", offset=2)
        table.with_columns(pl.col("source_row").cast(pl.Int64), source_file=pl.lit("export.csv")).sink_parquet(
            folder / "export.parquet"
        )
        costs = {way: cost(way, folder) for way in WAYS}
        hand, mine = told(folder, "by_hand"), told(folder, "ours")
    for way, (cpu, clock) in costs.items():
        print(f"{way:8} {cpu:7.1f} s of processors, {clock:6.1f} s by the clock")
    base = costs["start"][0]
    print(f"{rows:,} rows: {(costs['ours'][0] - base) / (costs['by_hand'][0] - base):.2f} times the SQL (goal 1.3)")
    for reason in sorted({*hand, *mine}):
        print(f"    {reason:32} {hand.get(reason, 0):>12,} {mine.get(reason, 0):>12,}")
    return int(hand != mine)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        run(sys.argv[1], Path(sys.argv[2]))
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
