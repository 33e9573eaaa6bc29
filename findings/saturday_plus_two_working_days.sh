#!/usr/bin/env bash
# pandas 3.1.1, numpy 2.4.6 and polars 2.1.0: an answer of Saturday, to be followed up within two working days.
# Guess: all three say the same day; and days counted backwards are minus those counted forwards.
# Seen: pandas says Tuesday, numpy and Polars with roll="forward" (the roll of a customer who is met on Monday)
# Wednesday, so that a reply on Wednesday is late by one and in time by the others. busday_count from Monday to
# Saturday is 5 and from Saturday to Monday -4; from Saturday to Monday it is 0 forwards, -1 backwards. Signed waits
# (answers before the invitation) do not cancel.
# Way out: roll the start to Monday by a step of its own, then add; count from the earlier day.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check pandas==3.1.1 numpy==2.4.6 polars==2.1.0
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from datetime import date

import numpy as np
import pandas as pd
import polars as pl

saturday = date(2026, 1, 10)
due = {
    "pandas": (pd.Timestamp(saturday) + pd.offsets.BusinessDay(2)).date(),
    "numpy": np.busday_offset(saturday, 2, roll="forward").astype(object),
    "polars": pl.Series([saturday]).dt.add_business_days(2, roll="forward")[0],
}
print({name: day.strftime("%A %d %B") for name, day in due.items()})
assert due == {"pandas": date(2026, 1, 13), "numpy": date(2026, 1, 14), "polars": date(2026, 1, 14)}
for first, last, forward, back in ((date(2026, 1, 5), saturday, 5, -4), (saturday, date(2026, 1, 12), 0, -1)):
    counts = [int(np.busday_count(first, last)), int(np.busday_count(last, first))]
    same = [pl.select(pl.business_day_count(*pair)).item() for pair in ((first, last), (last, first))]
    print(first, last, "numpy", counts, "polars", same)
    assert counts == same == [forward, back]
PY
