#!/usr/bin/env bash
# statsmodels 0.15.0: multipletests(), to correct the p values of many segments, one of which has none (all its answers
# are tens, so its test is NaN).
# Guess: the others are corrected as if it were not there.
# Seen: by fdr_bh and fdr_by every corrected p is NaN, so that "p < 0.05" holds of no segment, though the first list that
# it returns still says True of two; by hommel both lists are empty of finds, p = 0.001 of four among them. By holm and
# bonferroni the NaN counts as a test that was made. scipy's false_discovery_control refuses.
# Way out: correct the p values that are there, and put the others back as NaN.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check statsmodels==0.15.0 pandas==3.1.1 numpy==2.4.6 scipy==1.17.1
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import numpy as np
from scipy.stats import false_discovery_control
from statsmodels.stats.multitest import multipletests

segments = np.array([0.001, 0.010, np.nan, 0.200])
there = ~np.isnan(segments)
for method in ("fdr_bh", "fdr_by", "hommel"):
    rejected, corrected = multipletests(segments, method=method)[:2]
    alone = multipletests(segments[there], method=method)[1]
    print(f"{method}: rejected {rejected.tolist()}, corrected {corrected.tolist()}; without the empty one {alone.round(3).tolist()}")
    assert np.isnan(corrected).all() and (corrected < 0.05).sum() == 0 and (alone < 0.06).sum() == 2
    assert rejected.sum() == (0 if method == "hommel" else 2)
assert np.allclose(multipletests(segments, method="bonferroni")[1][there], np.minimum(1, segments[there] * 4))
try:
    false_discovery_control(segments)
except ValueError as refused:
    print("scipy:", refused)
else:
    raise AssertionError("scipy answers now")
PY
