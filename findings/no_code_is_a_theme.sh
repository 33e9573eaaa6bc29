#!/usr/bin/env bash
# statsmodels 0.15.0: aggregate_raters() and fleiss_kappa(), how far three people agree on the themes of comments.
# Guess: a comment that one of them did not code (NaN) has two codes, or is refused.
# Seen: NaN is a theme. Two who both left a comment blank agree, and one who did not code it disagrees with the others. Of six
# comments with one blank in three of them kappa is 0.36; Krippendorff's alpha, which leaves blanks out, is 0.79. Where
# two of three left everything blank kappa can be high by blanks alone. Blank text ("") is a theme in the same way.
# Where it bites: coders are retrained, or trusted, for what they have not read.
# Way out: only the comments that all have coded, or krippendorff.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check statsmodels==0.15.0 krippendorff==0.9.0 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import krippendorff
import numpy as np
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

nan = np.nan
codes = np.array([[1, 1, nan], [2, 2, 2], [1, 1, 1], [3, 3, nan], [2, nan, 2], [1, 2, 1]])
counts, themes = aggregate_raters(codes)
kappa, alpha = fleiss_kappa(counts), krippendorff.alpha(codes.T, level_of_measurement="nominal")
print("themes", themes, f"kappa {kappa:.2f}, alpha {alpha:.2f}")
assert len(themes) == 4 and np.isnan(themes[3]) and round(kappa, 2) == 0.36
assert round(alpha, 2) == 0.79
lazy = np.array([[1, nan, nan], [2, nan, nan], [nan, nan, nan], [nan, nan, nan], [1, 2, 1], [2, 1, 2]])
kappa, alpha = fleiss_kappa(aggregate_raters(lazy)[0]), krippendorff.alpha(lazy.T, level_of_measurement="nominal")
print(f"coders who agree in no comment that all have read: kappa {kappa:.2f}, alpha {alpha:.2f}")
assert kappa > 0.2 > 0 > alpha
assert aggregate_raters(np.array([["price", ""], ["", ""]]))[1].tolist() == ["", "price"]
PY
