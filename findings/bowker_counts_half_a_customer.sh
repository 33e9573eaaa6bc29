#!/usr/bin/env bash
# statsmodels 0.15.0: SquareTable(moves).symmetry(), Bowker's test of the customers who changed between promoter,
# passive and detractor from one wave to the next.
# Guess: it is Bowker's formula of the counts, as in R's mcnemar.test and in the textbooks.
# Seen: shift_zeros=True is the default: where nobody moved one way, half a customer did. With 0 against 5 between
# detractors and promoters p is 0.086 where the counts say 0.048. A move that nobody made is what a clear trend looks
# like, so it is the clear ones that are weakened. SquareTable.homogeneity() counts the half as well.
# Way out: SquareTable(moves, shift_zeros=False).
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check statsmodels==0.15.0 pandas==3.1.1 numpy==2.4.6 scipy==1.17.1
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import numpy as np
from scipy.stats import chi2
from statsmodels.stats.contingency_tables import SquareTable

moves = np.array([[20, 4, 0], [9, 30, 6], [5, 10, 40]])
pairs = [(moves[i, j], moves[j, i]) for i in range(3) for j in range(i)]
textbook = chi2.sf(sum((a - b) ** 2 / (a + b) for a, b in pairs), len(pairs))
called, told = SquareTable(moves), SquareTable(moves, shift_zeros=False)
print(f"symmetry: textbook p {textbook:.3f}, as called {called.symmetry().pvalue:.3f}, shift_zeros=False {told.symmetry().pvalue:.3f}")
print("the table that was tested:", called.table.tolist())
assert round(textbook, 3) == round(told.symmetry().pvalue, 3) == 0.048 and round(called.symmetry().pvalue, 3) == 0.086
assert called.table[0, 2] == 0.5 and called.homogeneity().pvalue > told.homogeneity().pvalue
PY
