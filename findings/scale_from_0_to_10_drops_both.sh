#!/usr/bin/env bash
# plotnine 0.15.9: bars of scores with the axis set to the scale, xlim(0, 10) or scale_x_continuous(limits=(0, 10)).
# Guess: the axis runs from 0 to 10 and every bar is on it.
# Seen: the bars of 0 and of 10 are not drawn: they reach from -0.45 to 0.45, which is outside. The warning speaks of
# "2 rows containing missing values", which are two of the eleven bars; in a notebook that hushes warnings nothing is
# said. In a typical study the tallest bar of all is the one that is gone. With a histogram it is the same.
# Way out: limits=(-0.5, 10.5), or coord_cartesian(xlim=(0, 10)).
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check plotnine==0.15.9 pandas==3.1.1 numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import warnings

import pandas as pd
from plotnine import aes, coord_cartesian, geom_bar, geom_histogram, ggplot, scale_x_continuous, xlim

answers = pd.DataFrame({"score": [0] * 3 + [5, 7, 8] + [9] * 4 + [10] * 9})


def bars(bars_of, axis):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        picture = (ggplot(answers, aes("score")) + bars_of + axis).draw()
    boxes = [path.get_extents() for axes in picture.axes for drawn in axes.collections for path in drawn.get_paths()]
    middles = sorted(round((box.x0 + box.x1) / 2) for box in boxes if box.y1 > 0)
    return middles, [str(one.message) for one in said if "Removed" in str(one.message)]


inner, whole = [5, 7, 8, 9], [0, 5, 7, 8, 9, 10]
for axis in (xlim(0, 10), scale_x_continuous(limits=(0, 10), breaks=range(11))):
    seen, said = bars(geom_bar(), axis)
    print("bars drawn at", seen, said)
    assert seen == inner and "2 rows" in said[0]
assert bars(geom_histogram(binwidth=1), xlim(0, 10))[0] == inner
for axis in (xlim(-0.5, 10.5), coord_cartesian(xlim=(0, 10))):
    assert bars(geom_bar(), axis) == (whole, [])
PY
