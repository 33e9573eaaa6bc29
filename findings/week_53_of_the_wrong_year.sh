#!/usr/bin/env bash
# duckdb 2.0.0, python-dateutil 2.9.0.post0 and isoweek 1.3.3: reading an ISO week that does not exist.
# 1 January 2027 lies in week 2026-W53. A key built of the calendar year and the ISO week, as reports often are, says
# 2027-W53.
# Guess: no reader takes it, since 2027 has 52 weeks.
# Seen: DuckDB strptime, dateutil isoparse and isoweek give Monday 3 January 2028, a year after the answer, without a
# word: the answers of New Year 2027 join the first week of 2028. pandas and Polars refuse it.
# Way out: build the key with the ISO year (%G-W%V).
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check duckdb==2.0.0 python-dateutil==2.9.0.post0 isoweek==1.3.3 polars==2.1.0 pandas==3.1.1
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from datetime import date, datetime

import duckdb
import pandas as pd
import polars as pl
from dateutil.parser import isoparse
from isoweek import Week

answered = date(2027, 1, 1)
key = f"{answered.year}-W{answered.isocalendar().week}-1"
assert key == "2027-W53-1" and answered.strftime("%G-W%V") == "2026-W53"
read = {
    "duckdb": duckdb.sql(f"select strptime('{key}', '%G-W%V-%u')").fetchall()[0][0].date(),
    "dateutil": isoparse(key).date(),
    "isoweek": Week(2027, 53).monday(),
}
print(key, {name: str(day) for name, day in read.items()})
assert set(read.values()) == {date(2028, 1, 3)}
for name, call in (
    ("pandas", lambda: pd.to_datetime([key], format="%G-W%V-%u")),
    ("polars", lambda: pl.Series([key]).str.to_date("%G-W%V-%u")),
):
    try:
        print(name, call())
    except Exception as refusal:
        print(f"{name} refuses: {str(refusal).splitlines()[0][:60]}")
    else:
        raise SystemExit(f"{name} no longer refuses {key}")
PY
