#!/usr/bin/env bash
# lifelines 0.30.0: datetimes_to_durations(starts, ends, freq="M"), the way from contract dates to time until churn.
# Guess: from 1 March to 1 March of the next year are 12 months, and 1 year.
# Seen: 11 months and 0 years. A month is 30.436875 days and a year 365.2425, and what is left over is cut: only a
# contract with a leap day in it, or a day late, reaches 12. A year's contract that was not renewed ends, in the curve,
# in the month before its renewal was due; 1 January to 1 July are 5 months, 1 July to 1 January 6.
# Where it bites: survival by month of tenure beside NPS, where nearly all churn falls on the anniversary.
# Way out: count the calendar's months from the dates; freq="D" is exact.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check lifelines==0.30.0 pandas==3.1.1 numpy==2.4.6 scipy==1.17.1
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from lifelines.utils import datetimes_to_durations

contracts = {
    ("2025-03-01", "2026-03-01"): (365, 11, 0),
    ("2024-02-01", "2025-02-01"): (366, 12, 1),
    ("2025-01-01", "2025-07-01"): (181, 5, 0),
    ("2025-07-01", "2026-01-01"): (184, 6, 0),
    ("2024-03-01", "2026-03-01"): (730, 23, 1),
}
for (start, end), seen in contracts.items():
    days, months, years = (int(datetimes_to_durations([start], [end], freq=unit)[0][0]) for unit in "DMY")
    print(f"{start} to {end}: {days} days, {months} months, {years} years")
    assert (days, months, years) == seen
PY
