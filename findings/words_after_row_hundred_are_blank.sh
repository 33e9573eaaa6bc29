#!/usr/bin/env bash
# polars 2.1.0 with fastexcel 0.21.0: read_excel() of a study in which some scores are written out, "10 - Very likely".
# Guess: a column of numbers and words is text, or raises; nothing is lost.
# Seen: so it is while a word stands in the first 100 rows. Where the first of them is row 101 or later the column is Int64,
# and every word is a blank, without a warning. pandas 3.1.1 has numbers and text side by side.
# Where it bites: a tool that began to export the anchors with their words loses its tens and zeros; "Don't know" is
# lost as it should be, so that the table looks clean. Where the score is the only column the rows go too.
# Way out: infer_schema_length=None.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check polars==2.1.0 fastexcel==0.21.0 openpyxl==3.1.5 pandas==3.1.1 numpy==2.4.6 pyarrow==26.0.1
OMP_NUM_THREADS=1 env/bin/python -W error::UserWarning - <<'PY'
import openpyxl
import pandas as pd
import polars as pl


def study(first):
    """120 answers of 10, with the words of the anchor from row `first` on."""
    book = openpyxl.Workbook()
    book.active.append(["id", "nps"])
    for row in range(1, 121):
        book.active.append([row, "10 - Very likely" if row >= first else 10])
    book.save("study.xlsx")


for first in (100, 101):
    study(first)
    read, whole = pl.read_excel("study.xlsx")["nps"], pl.read_excel("study.xlsx", infer_schema_length=None)["nps"]
    print(f"words from row {first}: {read.dtype}, {read.null_count()} blank; with infer_schema_length=None {whole.dtype}, {whole.null_count()}")
    assert (str(read.dtype), read.null_count()) == (("String", 0) if first == 100 else ("Int64", 20))
    assert whole.null_count() == 0 and int(pd.read_excel("study.xlsx")["nps"].isna().sum()) == 0
PY
