#!/usr/bin/env bash
# pandas 3.1.1 and duckdb 2.0.0: monthly dates of a contract that began on 31 January.
# Guess: month ends, as Polars gives them; at the least, a list of months agrees with the same engine adding two months.
# Seen: pandas date_range(freq=DateOffset(months=1)) and DuckDB generate_series step from the date before, so that
# after February every date is a 28th, for good. The very same engines add two months to 31 January and say 31 March.
# Renewals joined on these dates miss by three days, and a contract of the 29th or 30th likewise.
# Way out: start + n months each time; Polars date_range does.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check duckdb==2.0.0 pandas==3.1.1 polars==2.1.0 numpy==2.4.6
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from datetime import date

import duckdb
import pandas as pd
import polars as pl

start = date(2026, 1, 31)
stepped = {
    "pandas": [d.date() for d in pd.date_range(start, periods=5, freq=pd.DateOffset(months=1))],
    "duckdb": [
        row[0].date()
        for row in duckdb.sql("select unnest(generate_series(timestamp '2026-01-31', timestamp '2026-05-31', interval 1 month))").fetchall()
    ],
    "polars": pl.date_range(start, date(2026, 5, 31), "1mo", eager=True).to_list(),
}
for name, days in stepped.items():
    print(name, [str(day) for day in days])
assert stepped["pandas"] == stepped["duckdb"] and [d.day for d in stepped["duckdb"]] == [31, 28, 28, 28, 28]
assert [d.day for d in stepped["polars"]] == [31, 28, 31, 30, 31]
assert (pd.Timestamp(start) + pd.DateOffset(months=2)).day == 31
assert duckdb.sql("select day(date '2026-01-31' + interval 2 month)").fetchall()[0][0] == 31
print("31 January + 2 months is 31 March in both")
PY
