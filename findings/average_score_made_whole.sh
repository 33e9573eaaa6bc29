#!/usr/bin/env bash
# pandera 0.35.0: a schema that checks scores, Column(int, Check.isin(range(11)), coerce=True).
# Guess: 8.7, the mean of an account's answers or of a slider, is no whole number from 0 to 10 and is refused.
# Seen: it is made 8 first, and then passes. 10.4 is a 10 and -0.6 a 0; a promoter of 8.9 rounded is a passive, and what
# was out of range is within. The text "8.7" is refused, and so is 8.7 with dtype "Int64": only int and "int64" cut it.
# Where it bites: whoever trusts that what went through the schema is what was in the file.
# Way out: dtype "Int64", or a check before the coercion.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check pandera==0.35.0 pandas==3.1.1 numpy==2.4.6
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import pandas as pd
import pandera.pandas as pa


def read(values, dtype):
    column = pa.Column(dtype, pa.Check.isin(range(11)), coerce=True)
    try:
        return pa.DataFrameSchema({"score": column}).validate(pd.DataFrame({"score": values}))["score"].tolist()
    except (pa.errors.SchemaError, pa.errors.SchemaErrors):
        return "refused"


cut = [8.7, 6.9, 10.4, -0.6]
for dtype, seen in ((int, [8, 6, 10, 0]), ("int64", [8, 6, 10, 0]), ("Int64", "refused")):
    print(cut, "as", dtype, "is", read(cut, dtype))
    assert read(cut, dtype) == seen
assert read([9.0, 10.0], int) == [9, 10] and read(["8.7"], int) == "refused" and read([11.0], int) == "refused"
PY
