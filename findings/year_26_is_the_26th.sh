#!/usr/bin/env bash
# duckdb 2.0.0: read_csv of an export whose dates have two digits for the year, day first: 03-02-26, 31/01/26, 15.02.26.
# Guess: days first, as it reads the same dates with 2026; or text.
# Seen: years first. Since the 26th is a day of every month, every date of 2026 is one, of the years 2001 to 2031: the
# third of February 2026 is 26 February 2003. No row is refused, the column is a DATE, and a trend over thirty years
# comes out, all on the 26th. So in 2025 and in 2027 too. 3/2/26, without the noughts, is read right.
# Way out: dateformat='%d-%m-%y', or four digits.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check duckdb==2.0.0
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import duckdb


def read(dates, said=""):
    with open("answers.csv", "w") as file:
        file.write("answered,score\n" + "".join(f"{date},9\n" for date in dates))
    answer = duckdb.sql(f"select * from read_csv('answers.csv'{said})")
    assert str(answer.types[0]) == "DATE"
    return [row[0].isoformat() for row in answer.fetchall()]


for sign in "-/.":
    days = [sign.join(date) for date in (("03", "02", "26"), ("31", "01", "26"), ("15", "02", "26"))]
    seen, four, told = read(days), read([day[:-2] + "2026" for day in days]), read(days, f", dateformat='%d{sign}%m{sign}%y'")
    print(days, "are", seen, "; with 2026:", four)
    assert seen == ["2003-02-26", "2031-01-26", "2015-02-26"]
    assert four == told == ["2026-02-03", "2026-01-31", "2026-02-15"]
assert read(["3/2/26", "31/1/26"]) == ["2026-02-03", "2026-01-31"]
assert read(["03-02-25", "31-01-25"]) == ["2003-02-25", "2031-01-25"]
PY
