#!/usr/bin/env bash
# statsmodels 0.15.0: multinomial_proportions_confint(method="sison-glaz"), the usual simultaneous interval of
# promoters, passives and detractors.
# Guess: three answers, all promoters, leave much room below 100 %; a 95 % interval covers about 95 %.
# Seen: the lower end of the promoters is 1.0, after three answers as after thirty. Summed over every possible outcome
# of 30 answers at 96 % promoters, 2 % passives and 2 % detractors, the "95 %" holds the three shares 67 % of the time;
# method="goodman", the default, 95 %.
# Way out: goodman, where one group is near empty.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check statsmodels==0.15.0 pandas==3.1.1 numpy==2.4.6 scipy==1.17.1
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from math import exp, lgamma, log

from statsmodels.stats.proportion import multinomial_proportions_confint as confint

for counts in ([3, 0, 0], [30, 0, 0]):
    low, high = confint(counts, method="sison-glaz")[0]
    print(f"{counts}: promoters {low:.3f} to {high:.3f} by sison-glaz; from {confint(counts)[0][0]:.3f} by goodman")
    assert low == 1.0 and confint(counts)[0][0] < 0.9

shares, n = (0.96, 0.02, 0.02), 30
held = {"sison-glaz": 0.0, "goodman": 0.0}
for first in range(n + 1):
    for second in range(n + 1 - first):
        counts = (first, second, n - first - second)
        weight = exp(lgamma(n + 1) + sum(c * log(p) - lgamma(c + 1) for c, p in zip(counts, shares)))
        if weight > 1e-9:
            for method in held:
                ends = confint(counts, method=method)
                held[method] += weight * all(lo - 1e-12 <= p <= hi + 1e-12 for (lo, hi), p in zip(ends, shares))
print({method: round(value, 3) for method, value in held.items()})
assert round(held["sison-glaz"], 2) == 0.67 and held["goodman"] > 0.94
PY
