#!/usr/bin/env bash
# pingouin 0.7.0: the confidence interval of cronbach_alpha with unanswered items.
# Guess: with nan_policy="listwise", incomplete rows are left out of the interval as they are of alpha.
# Seen: alpha is that of the complete rows, but the interval counts all rows. With 10 complete of 40 it is less than
# half as wide as that of the same 10 rows alone; nan_policy="pairwise", the default, counts all 40 too.
# Way out: data.dropna() first.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check pingouin==0.7.0 pandas==3.1.1 numpy==2.4.6 scipy==1.17.1
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import numpy as np
import pandas as pd
import pingouin

rng = np.random.default_rng(1)
items = pd.DataFrame(rng.normal(size=(40, 1)) + rng.normal(size=(40, 4)), columns=list("abcd"))
for row in range(30):
    items.iloc[row, row % 4] = np.nan
listwise, inside = pingouin.cronbach_alpha(items, nan_policy="listwise")
alone, outside = pingouin.cronbach_alpha(items.dropna())
pairwise, default = pingouin.cronbach_alpha(items)
print(f"{len(items.dropna())} complete rows of {len(items)}")
print(f"listwise {listwise:.3f}, {inside}; the same rows alone {alone:.3f}, {outside}; pairwise {pairwise:.3f}, {default}")
assert abs(listwise - alone) < 1e-12, "alpha is of the complete rows"
assert np.ptp(inside) < 0.5 * np.ptp(outside), "and its interval is not"
PY
