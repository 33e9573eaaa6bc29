#!/usr/bin/env bash
# scikit-learn 1.9.1: cohen_kappa_score(weights="quadratic") does not weigh by the distance of the scores.
# Guess: a test and a retest that say 10 and 9 differ by 1, those that say 9 and 0 by 9.
# Seen: the distance is one of ranks among the scores that happen to occur. Where only 0, 9 and 10 were given, a slip
# from 9 to 10 costs as much as one from 0 to 9. Kappa is too low where slips are small and too high where they are
# large; two studies with other scores in use are not comparable.
# Way out: labels=range(11), always.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check scikit-learn==1.9.1 numpy==2.4.6 scipy==1.17.1
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import numpy as np
from sklearn.metrics import cohen_kappa_score


def by_distance(first, second):
    """Quadratic kappa from its definition: one minus the observed over the expected squared distance."""
    first, second = np.array(first), np.array(second)
    return 1 - np.mean((first - second) ** 2) / np.mean((first[:, None] - second[None, :]) ** 2)


test = [0, 0, 9, 9, 10, 10, 9, 10]
for what, retest, seen, true in (
    ("small slips, 9 for 10", [0, 0, 10, 9, 9, 10, 9, 10], 0.795, 0.993),
    ("one large slip, 9 for 0", [0, 9, 9, 9, 10, 10, 9, 10], 0.882, 0.642),
):
    default = cohen_kappa_score(test, retest, weights="quadratic")
    labelled = cohen_kappa_score(test, retest, weights="quadratic", labels=list(range(11)))
    print(f"{what}: as called {default:.3f}, with labels=range(11) {labelled:.3f}, from the definition {by_distance(test, retest):.3f}")
    assert round(default, 3) == seen and round(labelled, 3) == true and abs(labelled - by_distance(test, retest)) < 1e-9
PY
