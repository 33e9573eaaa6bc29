#!/usr/bin/env bash
# wquantiles 0.6: median(scores, weights), the weighted median of a survey.
# Guess: a weight of 3 is as good as three rows; the weighted median of 0 (weight 3) and 10 (weight 1) is 0.
# Seen: 2.5. The function draws a line between the middles of the weights and takes the value at half, so that a score of
# weight 10 among 12 is not the median: 7, 8 and 9 with weights 1, 1 and 10 give 8.82. With equal weights it is the
# ordinary median. weightedcalcs 0.1.3 gives 0 and 9.
# Where it bites: a median below 9 is read as "half are no promoters", where 10 of 12 are.
# Way out: weightedcalcs, or the rows repeated.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check wquantiles==0.6 weightedcalcs==0.1.3 pandas==2.3.3 numpy==2.4.6
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import numpy as np
import pandas as pd
import weightedcalcs
from wquantiles import median

for scores, weights, seen in (([0, 10], [3, 1], 2.5), ([7, 8, 9], [1, 1, 10], 8.82), ([0, 3, 9, 10], [1, 1, 1, 1], 6.0)):
    found = float(median(np.array(scores, dtype=float), np.array(weights, dtype=float)))
    repeated = float(np.median(np.repeat(scores, weights)))
    other = weightedcalcs.Calculator("w").median(pd.DataFrame({"s": scores, "w": np.array(weights, dtype=float)}), "s")
    print(f"{scores} by {weights}: wquantiles {found:.2f}, rows repeated {repeated:.2f}, weightedcalcs {other:.2f}")
    assert round(found, 2) == seen and repeated == other
PY
