#!/usr/bin/env bash
# cheatstat 4.1.2: uniV(answers, "score", weight="weight"), a weighted survey's mean, median, quartiles and interval.
# Guess: all of one table is weighted.
# Seen: the mean, the variance and the interval are; the median, the quartiles, the mode and the skewness are of the bare
# rows, in the same table. Of eight promoters with a weight of 0.25 and four detractors with 2.5, the mean is 4.00 and the
# median 9.00, where five sixths of the weight gave a 3. "Exzess", the kurtosis over that of a normal distribution, has 3
# taken off twice: about -3 for normal data.
# Way out: weighted quantiles of one's own; "Kurtosis" is the excess.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check cheatstat==4.1.2 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import cheatstat
import numpy as np
import pandas as pd

answers = pd.DataFrame({"score": [9] * 8 + [3] * 4, "weight": [0.25] * 8 + [2.5] * 4})


def table(frame, column, **said):
    return cheatstat.uniV(frame, column, **said).stat.set_index("Statistik")["Wert"]


bare, weighted = table(answers, "score"), table(answers, "score", weight="weight")
median = "50%-Quantil (Median)"
print(pd.DataFrame({"bare": bare, "weighted": weighted}).loc[["Mittelwert", median, "25%-Quantil", "Modus"]])
by_weight = answers.groupby("score")["weight"].sum()
print("weight by score:", by_weight.to_dict())
assert by_weight[3] / by_weight.sum() > 0.8
assert float(bare["Mittelwert"]) == 7 and float(weighted["Mittelwert"]) == 4
assert float(bare[median]) == float(weighted[median]) == 9 and weighted["Modus"] == bare["Modus"]
normal = table(pd.DataFrame({"x": np.random.default_rng(1).normal(size=5000)}), "x")
print("normal data: Kurtosis", normal["Kurtosis"], "Exzess", normal["Exzess"])
assert abs(float(normal["Kurtosis"])) < 0.2 and round(float(normal["Exzess"])) == -3
PY
