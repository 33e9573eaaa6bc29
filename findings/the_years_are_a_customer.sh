#!/usr/bin/env bash
# duckdb 2.0.1: a CSV of revenue, one column for each year: account,2024,2025.
# Guess: the first line is the header, as it is for every other reader.
# Seen: it is an account called "account" with a revenue of 2,024 and 2,025: what is a word in the first column is one in
# all its rows, and the years are numbers, as the amounts are; so no line looks like a header. The sum of 199 accounts
# is 2,024 too high, their number 200. Where the accounts are numbers, or one column more has a name, such as "total",
# the header is seen.
# Where it bites: money tables are laid out like this; small accounts disappear beside one of 2,024.
# Way out: header = true, always.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check duckdb==2.0.1
env/bin/python - <<'PY'
from pathlib import Path

import duckdb


def table(header, rows, said=""):
    Path("money.csv").write_text("\n".join([header, *rows]) + "\n")
    read = duckdb.sql(f"from read_csv('money.csv'{said})")
    return read.columns, read.fetchall()


rows = [f"k{account},{10 * account},{12 * account}" for account in range(1, 200)]
columns, accounts = table("account,2024,2025", rows)
print(columns, accounts[:2], len(accounts), "accounts, sum", sum(row[1] for row in accounts))
assert columns == ["column0", "column1", "column2"] and accounts[0] == ("account", 2024, 2025)
assert len(accounts) == 200 and sum(row[1] for row in accounts) == 199_000 + 2024
assert table("account,2024,2025", rows, ", header = true")[0] == ["account", "2024", "2025"]
assert table("account,2024,2025", ["1001,10,12", "1002,20,24"])[0] == ["account", "2024", "2025"]
assert table("account,2024,total", ["k1,10,12", "k2,20,24"])[0] == ["account", "2024", "total"]
assert table("account,segment,2024,2025", ["k1,x,10,12", "k2,y,20,24"])[1][0] == ("account", "segment", 2024, 2025)
PY
