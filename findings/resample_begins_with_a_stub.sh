#!/usr/bin/env bash
# pandas 3.1.1: resample into three months ("3ME") or two weeks ("2W").
# Guess: a year has four bins of three months, January to March first; a filter on the answers moves no bin.
# Seen: five bins, January alone, February to April, and so on, November and December last: the first "quarter" is one
# month of answers. The bins hang on the first answer: leave out the answers of 1 to 5 January and every two-week bin
# of the year moves by a week, so that one segment compared with another sits in other bins. Polars group_by_dynamic
# keeps both.
# Way out: "QE", or a fixed origin of bins made by hand.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check pandas==3.1.1 polars==2.1.0 numpy==2.4.6
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from datetime import date

import pandas as pd
import polars as pl

year = pd.Series(1, index=pd.date_range("2026-01-01", "2026-12-31"))
months = year.resample("3ME").sum()
print({str(label.date()): int(days) for label, days in months.items()})
assert months.tolist() == [31, 89, 92, 92, 61] and year.resample("QE").sum().tolist() == [90, 91, 92, 92]

full, later = year.resample("2W").sum(), year["2026-01-06":].resample("2W").sum()
print("2W from 1 January:", [str(d.date()) for d in full.index[:3]], "from 6 January:", [str(d.date()) for d in later.index[:3]])
assert not set(full.index) & set(later.index), "not one bin in common"

days = pl.DataFrame({"day": pl.date_range(date(2026, 1, 1), date(2026, 12, 31), eager=True)})
assert days.group_by_dynamic("day", every="3mo").agg(pl.len())["len"].to_list() == [90, 91, 92, 92]
whole = days.group_by_dynamic("day", every="2w").agg(pl.len())["day"].to_list()
part = days.filter(pl.col("day") >= date(2026, 1, 6)).group_by_dynamic("day", every="2w").agg(pl.len())["day"].to_list()
assert set(part) <= set(whole)
print("polars: [90, 91, 92, 92], and the same two weeks for both")
PY
