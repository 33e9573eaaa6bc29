#!/usr/bin/env bash
# polars 2.1.0, and pandas 3.1.1 on pyarrow 26.0.1: shares and means of amounts kept as decimals, as careful people do.
# Guess: 4.00 of 1,000.00 is a share of 0.004; the mean of 2.00, 1.00, 7.00 and 10.01 is 5.0025.
# Seen: Polars divides to the two decimals of the amount: an account of 0.4 % of the revenue has share 0.00, and thirty
# such accounts are gone. It takes means with all decimals, though. Arrow in pandas is the other way round: shares have
# more decimals, the mean is cut to 5.00. DuckDB gives doubles for both, and a median cut to two decimals.
# Way out: cast to Float64 before dividing or averaging.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check polars==2.1.0 pandas==3.1.1 pyarrow==26.0.1 numpy==2.4.6 duckdb==2.0.0
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from decimal import Decimal

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa

amounts = [Decimal("4.00")] * 30 + [Decimal("880.00")]
money = pl.DataFrame({"revenue": amounts}, schema={"revenue": pl.Decimal(12, 2)})
share = money.select(pl.col("revenue") / pl.col("revenue").sum())["revenue"]
print("polars shares:", share.dtype, share[0], share[-1], "sum", share.sum())
assert share[0] == 0 and share.sum() == Decimal("0.88")
four = [Decimal(x) for x in ("2.00", "1.00", "7.00", "10.01")]
mean = pl.Series(four, dtype=pl.Decimal(12, 2)).mean()
print("polars mean:", mean)
assert float(mean) == 5.0025

arrow = pd.Series(four, dtype=pd.ArrowDtype(pa.decimal128(12, 2)))
print("pandas on arrow: mean", arrow.mean(), "share", (arrow / arrow.sum())[0])
assert arrow.mean() == Decimal("5.00") and abs(float((arrow / arrow.sum())[0]) - 0.09995) < 1e-4

table = "(values (4.00::decimal(12,2)), (4.01)) t(x)"
row = duckdb.sql(f"select avg(x), median(x), any_value(x) / 1000 from {table}").fetchall()[0]
print("duckdb: mean, median, share", row)
assert row[0] == 4.005 and row[1] in (Decimal("4.00"), Decimal("4.01")) and abs(row[2] - 0.004) < 1e-12
PY
