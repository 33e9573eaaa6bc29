#!/usr/bin/env bash
# dython 0.7.12: correlation_ratio() and associations(), how far the segment tells the scores apart.
# Guess: answers without a score are left out, as pandas' corr() leaves them out.
# Seen: they are zeros, the worst score. Of two segments that answer alike, of which one left 30 of 50 scores blank, the
# correlation ratio is 0.61, where 0.06 was before and 0.15 is that of the scores given: what is measured is who
# did not answer. nan_strategy is "replace" and nan_replace_value 0.0 by default; nothing is printed.
# Where it bites: the strongest driver of NPS is the segment that was asked another way.
# Way out: drop the rows without a score first.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check dython==0.7.12 pandas==2.3.3 numpy==2.4.6
OMP_NUM_THREADS=1 MPLBACKEND=Agg env/bin/python -W ignore - <<'PY'
import numpy as np
import pandas as pd
from dython.nominal import associations, correlation_ratio


def eta(groups, values):
    """Correlation ratio from its definition: the root of the share of the squares that lies between groups."""
    means = pd.Series(values).groupby(np.asarray(groups)).transform("mean")
    return float(np.sqrt(((means - np.mean(values)) ** 2).sum() / ((values - np.mean(values)) ** 2).sum()))


segment = np.array(["new"] * 50 + ["old"] * 50)
full = np.random.default_rng(1).integers(7, 11, 100).astype(float)
given = full.copy()
given[50:80] = np.nan
kept = ~np.isnan(given)
called, right = correlation_ratio(segment, given), eta(segment[kept], given[kept])
table = associations(pd.DataFrame({"segment": segment, "nps": given}), compute_only=True)["corr"].loc["segment", "nps"]
print(f"all scores {correlation_ratio(segment, full):.2f}; 30 blank: as called {called:.2f}, associations {table:.2f}, of those given {right:.2f}")
assert abs(correlation_ratio(segment, full) - eta(segment, full)) < 1e-9
assert abs(called - eta(segment, np.nan_to_num(given))) < 1e-9 and round(called, 2) == round(table, 2) == 0.61 and round(right, 2) == 0.15
PY
