#!/usr/bin/env bash
# narwhals 2.29.0 over pandas 3.1.1, polars 2.1.0, pyarrow 26.0.1 and duckdb 2.0.1: round(0) of an NPS.
# Guess: one expression gives one number on every backend, as the other expressions on scores do.
# Seen: 12.5 is 12 on pandas and Polars, half to even, and 13 on PyArrow and DuckDB, half away from nought; −12.5 is −12 and
# −13, 0.5 is 0 and 1. Of eight answers every second NPS is such a half.
# Where it bites: a report and its database differ by a point in the scores of small groups, and a goal of 13 is met in one.
# Way out: round for display only, in one place, after collecting.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check narwhals==2.29.0 pandas==3.1.1 numpy==2.4.6 polars==2.1.0 pyarrow==26.0.1 duckdb==2.0.1
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import duckdb
import narwhals as nw
import pandas as pd
import polars as pl

scores = {"nps": [12.5, 13.5, -12.5, 0.5, 37.5, 12.4]}
arrow = pl.DataFrame(scores).to_arrow()
for name, frame, seen in (
    ("pandas", pd.DataFrame(scores), [12, 14, -12, 0, 38, 12]),
    ("polars", pl.DataFrame(scores), [12, 14, -12, 0, 38, 12]),
    ("pyarrow", arrow, [13, 14, -13, 1, 38, 12]),
    ("duckdb", duckdb.connect().from_arrow(arrow), [13, 14, -13, 1, 38, 12]),
):
    rounded = nw.from_native(frame).select(nw.col("nps").round(0))
    found = (rounded.collect() if isinstance(rounded, nw.LazyFrame) else rounded)["nps"].to_list()
    print(name, found)
    assert found == seen
PY
