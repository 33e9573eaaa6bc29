#!/usr/bin/env bash
# scipy 1.17.1: cramervonmises_2samp on the scores of two small accounts, with ties.
# Guess: three answers against three, wholly apart, give p = 0.1 at the least: there are 20 ways to part six answers,
# two of them so extreme.
# Seen: p is exactly 0.0 for 9, 10, 9 against 3, 4, 6, and for four against four; p is 0.1 once the tie of the nines is
# broken. The method is "exact" by itself, but its table knows no ties, and scores of 0 to 10 always have them.
# Way out: permutation_test with the statistic, or mannwhitneyu.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check scipy==1.17.1 numpy==2.4.6
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from itertools import combinations

import numpy as np
from scipy.stats import cramervonmises_2samp as test


def by_hand(first, second):
    """Share of all partings of the pooled scores whose statistic is at least the one seen."""
    pooled, picks = np.array(first + second), list(combinations(range(len(first) + len(second)), len(first)))
    statistics = [test(pooled[list(pick)], np.delete(pooled, list(pick)), method="asymptotic").statistic for pick in picks]
    return np.mean(np.array(statistics) >= test(first, second, method="asymptotic").statistic - 1e-9)


for first, second, seen in (
    ([9, 10, 9], [3, 4, 6], 0.0),
    ([9, 10, 8], [3, 4, 6], 0.1),
    ([9, 10, 9, 10], [6, 7, 8, 6], 0.0),
    ([10, 10, 10, 9], [7, 8, 9, 6], 2 / 70),
):
    p, true = test(first, second).pvalue, by_hand(first, second)
    print(f"{first} against {second}: p {p:.4f}, over all partings {true:.4f}")
    assert abs(p - seen) < 1e-9
    assert true >= 0.028 and (p < true - 0.01 or seen == 0.1)
PY
