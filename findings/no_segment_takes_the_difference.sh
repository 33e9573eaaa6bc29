#!/usr/bin/env bash
# lifelines 0.30.3: multivariate_logrank_test(durations, segments, left), whether customers of some segments leave sooner.
# Guess: customers without a segment (NaN or None) are left out, or refused.
# Seen: they are left out of the statistic and counted as a group in its degrees of freedom. With 20 customers in each of
# two segments and 20 in none the statistic is 4.53, as it is without the 20, and p is 0.104 instead of 0.033.
# Nothing is said. pairwise_logrank_test raises for None.
# Where it bites: a difference that is there is not found as soon as one customer of no segment stands in the table.
# Way out: drop the rows without a segment first.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check lifelines==0.30.3 pandas==2.3.3 numpy==1.26.4 scipy==1.12.0
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import numpy as np
import pandas as pd
from lifelines.statistics import multivariate_logrank_test
from scipy.stats import chi2

months = np.random.default_rng(10).exponential(np.repeat([10.0, 20.0, 10.0], 20))
customers = pd.DataFrame({"months": months, "left": 1, "segment": np.repeat(["small", "large", None], 20)})


def test(table):
    found = multivariate_logrank_test(table["months"], table["segment"], table["left"])
    return found.test_statistic, found.p_value, found.degrees_of_freedom


numbered = customers.assign(segment=customers["segment"].map({"small": 1.0, "large": 2.0}))
kept = customers.dropna()
one = pd.concat([kept, customers.tail(1)])
for name, table in (("as called", customers), ("NaN for None", numbered), ("one of no segment", one), ("without them", kept)):
    statistic, p, degrees = test(table)
    print(f"{name}: statistic {statistic:.3f}, {degrees} degrees of freedom, p = {p:.4f}")
    assert abs(statistic - test(kept)[0]) < 1e-9 and degrees == (1 if table is kept else 2) and abs(p - chi2.sf(statistic, degrees)) < 1e-12
assert test(kept)[1] < 0.05 < test(customers)[1]
PY
