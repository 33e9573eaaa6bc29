"""Write a large messy survey export, as text and without keeping it in memory.

    python benchmarks/messy_export.py FILE [ROWS]

Ten million rows are about one gigabyte. The cells are what tools write: answers as `9`, `9.0`, `8/10` and words,
unpadded day-first dates, ids with leading zeros, missing words, staff, previews, repeated and identical rows, commas
and quotes in comments. Everything follows from the row number, so that the file is the same on every machine.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

BLOCK = 500_000
SCORES = [
    "10",
    "9",
    "8",
    "7",
    "9.0",
    "8/10",
    "Extremely likely - 10",
    "5",
    "3",
    "0",
    "10",
    "9",
    "NA",
    "",
    "11",
    "6.5",
    "6",
]
COMMENTS = [
    "",
    "Good service, fast delivery",
    'They said "soon" and it was weeks',
    "ok",
    "Invoices are hard to read; support answers in minutes though",
    "",
]
STATUS = ["0"] * 40 + ["1"]


def block(start: int, size: int) -> pl.DataFrame:
    """Return rows `start` to `start + size`; a mix of the row number stands for chance."""
    n = pl.int_range(start, start + size, dtype=pl.Int64, eager=True).alias("n")
    # Every 400th row repeats the row before it, cell by cell.
    n = pl.select(pl.when(n % 400 == 399).then(n - 1).otherwise(n).alias("n"))["n"]
    mixed = [n * factor % 2_147_483_647 // 7 for factor in (611_953_777, 15_485_863, 982_451_653, 433_494_437)]

    def pick(words: list[str], by: pl.Series) -> pl.Series:
        return pl.Series(words).gather(by % len(words))

    day = mixed[1] % 28 + 1
    clock = mixed[3]
    columns = {
        "response_id": "00" + n.cast(pl.String).str.zfill(12),
        "email": pl.select(
            pl.when(mixed[2] % 10 < 6)
            .then(pl.concat_str(pl.lit("p"), (mixed[2] + 3 * mixed[0]) % 3_000_000, pl.lit("@customer.example")))
            .when(mixed[2] % 100 == 99)
            .then(pl.lit("anna@vendor.example"))
        ).to_series(),
        "score": pick(SCORES, mixed[0]),
        "comment": pick(COMMENTS, mixed[1]),
        "responded_at": pl.select(
            pl.concat_str(
                day, pl.lit("/"), mixed[2] % 12 + 1, pl.lit("/"), 2022 + mixed[3] % 4,
                pl.lit(" "), clock % 24, pl.lit(":"), (clock % 60).cast(pl.String).str.zfill(2),
            )
        ).to_series(),
        "status": pick(STATUS, mixed[3]),
        "touchpoint": pick(["relationship", "order", "support"], mixed[2]),
        "segment": pick(["tiny", "small", "medium", "large", "NA"], mixed[1]),
        "country": pick(["SE", "NO", "DK", "NL", "FI"], mixed[3]),
    }  # fmt: skip
    return pl.DataFrame(columns)


def write(path: Path, rows: int) -> None:
    """Write the export block by block."""
    with path.open("wb") as file:
        for start in range(0, rows, BLOCK):
            block(start, min(BLOCK, rows - start)).write_csv(file, include_header=start == 0)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    write(target, int(sys.argv[2]) if len(sys.argv) > 2 else 200_000)
    print(f"{target.name}: {target.stat().st_size / 1e6:,.0f} MB")
