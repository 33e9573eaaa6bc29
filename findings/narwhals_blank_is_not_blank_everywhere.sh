#!/usr/bin/env bash
# narwhals 2.29.0: str.strip_chars() without an argument, on four backends.
# Guess: one expression, one answer: a comment of a no-break space only, as web forms and spreadsheets leave it, is
# blank.
# Seen: pandas and Polars strip the white space of Unicode, PyArrow and DuckDB that of ASCII. The same rule "a blank
# comment is none" counts another number of comments on each side, and a status of "test" with a no-break space before
# it is a test on two backends and a customer on two.
# Way out: name the characters: strip_chars(" \t\n\r\u00a0\u202f").
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check narwhals==2.29.0 pandas==3.1.1 polars==2.1.0 pyarrow==26.0.1 duckdb==2.0.0 numpy==2.4.6
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import duckdb
import narwhals as nw
import pandas as pd
import polars as pl

cells = {"comment": ["\u00a0", "\u202f ", "bra", " \t"], "status": ["\u00a0test", "complete", "test ", "complete\u3000"]}
frame = pl.DataFrame(cells)
tables = {"pandas": pd.DataFrame(cells), "polars": frame, "pyarrow": frame.to_arrow(), "duckdb": duckdb.from_arrow(frame.to_arrow())}


def counted(table, *characters):
    bare = {name: nw.col(name).str.strip_chars(*characters) for name in cells}
    result = nw.from_native(table).select(blank=(bare["comment"] == "").cast(nw.Int64).sum(), tests=(bare["status"] == "test").cast(nw.Int64).sum())
    result = result.collect() if isinstance(result, nw.LazyFrame) else result
    return int(result["blank"].to_list()[0]), int(result["tests"].to_list()[0])


for name, table in tables.items():
    default, named = counted(table), counted(table, " \t\n\r\u00a0\u202f\u3000")
    print(f"{name}: blank comments, test rows: {default} as called, {named} with the characters named")
    assert default == ((3, 2) if name in ("pandas", "polars") else (1, 1)) and named == (3, 2)
PY
