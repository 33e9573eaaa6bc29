#!/usr/bin/env bash
# statsmodels 0.15.0: lowess, as called by default (and so by plots that draw a lowess line), of a share.
# Guess: a smooth line of 0/1 detractors at 10 % runs near 0.10; of the points -100, 0, 100 near the NPS.
# Seen: the line is exactly 0 all along. The default makes three robust passes, which take the rare answers for
# outliers and weigh them away. An NPS of 45 is drawn above 55.
# Way out: it=0.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check statsmodels==0.15.0 pandas==3.1.1 numpy==2.4.6 scipy==1.17.1
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import numpy as np
from statsmodels.nonparametric.smoothers_lowess import lowess

week = np.arange(400.0)
detractor = (np.arange(400) % 10 == 0).astype(float)
default, plain = lowess(detractor, week)[:, 1], lowess(detractor, week, it=0)[:, 1]
print(f"detractors {detractor.mean():.2f}: default line {default.min():.3f} to {default.max():.3f}; it=0 {plain.min():.3f} to {plain.max():.3f}")
assert default.max() == 0 and plain.min() > 0.08 and plain.max() < 0.12

points = np.random.default_rng(7).permutation(np.repeat([-100.0, 0.0, 100.0], [60, 100, 240]))
default, plain = lowess(points, week)[:, 1].mean(), lowess(points, week, it=0)[:, 1].mean()
print(f"NPS {points.mean():.1f}: default line's mean {default:.1f}; it=0 {plain:.1f}")
assert points.mean() == 45 and default > 55 and abs(plain - 45) < 2
PY
