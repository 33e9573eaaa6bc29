#!/usr/bin/env bash
# pyreadstat 1.3.7: read_dta(user_missing=True), which keeps Stata's .a ("Don't know") and .b ("Refused") apart.
# Guess: a score that nobody gave, Stata's plain dot, stays NaN; without the setting it is, as are .a and .b.
# Seen: in the data frame of pandas, the default, it is 0, the worst score, as soon as one answer of the column has a letter;
# where none has it is NaN. output_format="dict" has None, and pandas 3.1.1 itself reads the file right, with
# convert_missing=True.
# Where it bites: of 10, 9 and 3 with one blank and one "Don't know" the NPS is 0 instead of +33, and the zero is a value like
# any other: a real 0 beside it looks the same.
# Way out: output_format="dict".
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check pyreadstat==1.3.7 pandas==3.1.1 numpy==2.4.6
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import pandas as pd
import pyreadstat


def read(values, **said):
    table = pd.DataFrame({"nps": pd.Series(values, dtype=object)})
    pyreadstat.write_dta(table, "study.dta", missing_user_values={"nps": ["a"]})
    asked = pyreadstat.read_dta("study.dta", user_missing=True)[0]["nps"].tolist()
    cells = pyreadstat.read_dta("study.dta", user_missing=True, output_format="dict")[0]["nps"]
    assert cells[4] is None and list(cells[:3]) == values[:3]
    return asked, pyreadstat.read_dta("study.dta")[0]["nps"].tolist(), pd.read_stata("study.dta", convert_missing=True)["nps"].astype(str).tolist()


asked, plain, known = read([10, 9, 3, "a", None])
print("with user_missing", asked, "; without", plain, "; pandas", known)
assert asked == [10, 9, 3, "a", 0] and plain[:3] == [10, 9, 3] and pd.isna(plain[3:]).all()
assert known == ["10", "9", "3", ".a", "."]
asked, plain, known = read([10, 9, 3, 8, None])
print("without a letter:", asked)
assert pd.isna(asked[4])
PY
