#!/usr/bin/env bash
# irrcac 0.4.4 and krippendorff 0.9.0: Krippendorff's alpha, "ordinal", of three people who score the same comments 0 to 10.
# Guess: one name, one number; for themes (nominal), also with blanks, and for intervals they agree to five digits.
# Seen: 0.90 and 0.85. In krippendorff a step between two scores weighs by how many answers lie between them, as Krippendorff
# defines it (checked from the definition); in irrCAC "ordinal" is a weight by the place of the scores alone, the one
# for Gwet's measures, and krippendorff() uses it under that name.
# Where it bites: 0.80 is the usual line for "reliable"; which side a study is on depends on the package.
# Way out: say which weights; krippendorff for Krippendorff's.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check irrcac==0.4.4 krippendorff==0.9.0 pandas==2.3.3 numpy==1.26.4 scipy==1.12.0
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from itertools import permutations

import krippendorff
import numpy as np
import pandas as pd
from irrCAC.raw import CAC

scores = pd.DataFrame({"a": [0, 10, 9, 7, None, 10], "b": [1, 10, 9, 8, 6, 9], "c": [0, 9, 10, 7, 5, None]})


def alpha(rows):
    """Ordinal alpha from its definition: one less observed over expected squared distance, by ranks."""
    values = sorted({score for row in rows for score in row})
    pairs = np.zeros((len(values), len(values)))
    for row in rows:
        for one, other in permutations(row, 2):
            pairs[values.index(one), values.index(other)] += 1 / (len(row) - 1)
    n = pairs.sum(axis=0)
    far = np.array([[(n[min(i, j) : max(i, j) + 1].sum() - (n[i] + n[j]) / 2) ** 2 for j in range(len(n))] for i in range(len(n))])
    expected = (np.outer(n, n) - np.diag(n)) / (n.sum() - 1)
    return 1 - (pairs * far).sum() / (expected * far).sum()


rated = scores.T.to_numpy(dtype=float)
by_hand = alpha([row.dropna().tolist() for _, row in scores.iterrows()])
for level, weights in (("nominal", "identity"), ("interval", "quadratic"), ("ordinal", "ordinal")):
    one = krippendorff.alpha(rated, level_of_measurement=level)
    other = CAC(scores, weights=weights).krippendorff()["est"]["coefficient_value"]
    print(f"{level}: krippendorff {one:.4f}, irrCAC {other:.4f}")
    assert (abs(one - other) < 2e-5) == (level != "ordinal")
print(f"ordinal from the definition: {by_hand:.4f}")
assert round(one, 4) == round(by_hand, 4) == 0.8475 and round(other, 2) == 0.90
PY
