#!/usr/bin/env bash
# pandas 3.1.1: resample by FY5253Quarter, the 52 or 53 weeks of retail (4-4-5).
# Guess: as with "QE": a bin is one fiscal quarter, named by its last day.
# Seen: each bin begins with the last Saturday of the quarter before, which belongs there, and wears the name of the
# quarter before. The year-end Saturday, often the busiest day, counts in the next year, and the first quarter of 2023
# stands as 2022-10-29. The quarter with the extra week has its 98 days, from the wrong day to the wrong day.
# Way out: resample(rule, closed="right", label="right").
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check pandas==3.1.1 numpy==2.4.6
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import pandas as pd

rule = pd.offsets.FY5253Quarter(weekday=5, startingMonth=1, qtr_with_extra_week=4, variation="nearest")
days = pd.Series(pd.date_range("2022-10-30", "2024-02-03"), index=pd.date_range("2022-10-30", "2024-02-03"))
ends = [day for day in days if rule.is_on_offset(day)]
print("quarters end on", [str(day.date()) for day in ends])
assert [str(day.date()) for day in ends] == ["2023-01-28", "2023-04-29", "2023-07-29", "2023-10-28", "2024-02-03"]
bins = days.resample(rule).agg(["first", "last", "size"])
print(bins)
assert [str(d.date()) for d in bins.index][:2] == ["2022-10-29", "2023-01-28"]
assert bins["first"].iloc[1] == ends[0], "28 January, the end of a quarter, opens the next one"
right = days.resample(rule, closed="right", label="right").agg(["first", "last", "size"]).head(5)
print(right)
assert right.index.tolist() == ends and right["last"].tolist() == ends and right["size"].tolist() == [91, 91, 91, 91, 98]
calendar = days.resample("QE").agg(["last"])
assert calendar.index[0] == calendar["last"].iloc[0], "QE closes and names on the right by itself"
PY
