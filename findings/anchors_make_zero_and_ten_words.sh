#!/usr/bin/env bash
# pandas 3.1.1: read_spss and read_stata of the recommend question with labels at its two ends only, as the survey
# tools export it.
# Guess: a scale that is labelled in part stays numbers; or all of it becomes text.
# Seen: by default 0 and 10 become "Not at all likely" and "Extremely likely", 1 to 9 stay numbers in the same column.
# to_numeric(errors="coerce"), the usual cure, then drops exactly the two ends: an NPS of 33 becomes 0 without an error.
# Way out: convert_categoricals=False.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check pandas==3.1.1 pyreadstat==1.3.7 numpy==2.4.6
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import pandas as pd
import pyreadstat

ends = {0: "Not at all likely", 10: "Extremely likely"}
scores = pd.DataFrame({"nps": [0.0] + [5.0] * 2 + [8.0] * 4 + [9.0] * 2 + [10.0] * 6})


def nps(column):
    column = pd.to_numeric(column.astype(object), errors="coerce").dropna()
    return round(100 * ((column >= 9).mean() - (column <= 6).mean()).item(), 1), len(column)


pyreadstat.write_sav(scores, "answers.sav", variable_value_labels={"nps": ends})
scores.astype({"nps": "int8"}).to_stata("answers.dta", value_labels={"nps": ends}, write_index=False)
for name, read in (("answers.sav", pd.read_spss), ("answers.dta", pd.read_stata)):
    column = read(name)["nps"]
    plain = read(name, convert_categoricals=False)["nps"]
    print(name, column.unique().tolist(), "NPS and answers after coercion", nps(column), "in truth", nps(plain))
    assert set(column) == {"Not at all likely", 5, 8, 9, "Extremely likely"}
    assert nps(plain) == (33.3, 15) and nps(column) == (0.0, 8)
PY
