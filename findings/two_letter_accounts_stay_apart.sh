#!/usr/bin/env bash
# string_grouper 0.8.0 with pandas 2.3.3: bringing the rows of one account together by its name.
# Guess: two rows with exactly the same name are one group.
# Seen: not where the name has one or two letters: names are compared by threes of letters, of which "SJ", "If", "GN" and "3"
# have none. match_strings finds only each row with itself, and group_similar_strings makes each row an account. "DNB" twice
# is one, and so are "SEB" and "S.E.B.".
# Where it bites: well-known Nordic accounts have such names; their answers are counted as one customer each.
# Way out: group by the equal names first; or ngram_size=2, which leaves the one-letter names.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check string_grouper==0.8.0 pandas==2.3.3
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import pandas as pd
from string_grouper import group_similar_strings

names = pd.Series(["SJ", "SJ", "If", "If", "GN", "GN", "3", "3", "DNB", "DNB", "SEB", "S.E.B."])


def accounts(**said):
    rows = group_similar_strings(names, **said).iloc[:, 0]
    return {name: rows[names == name].nunique() for name in names.unique()}


called, told = accounts(), accounts(ngram_size=2)
print("groups of each name:", called, "\nwith ngram_size=2:", told)
assert called == {"SJ": 2, "If": 2, "GN": 2, "3": 2, "DNB": 1, "SEB": 1, "S.E.B.": 1}
assert told["SJ"] == told["If"] == told["GN"] == 1 and told["3"] == 2
PY
