#!/usr/bin/env bash
# sqlglot 30.30.0: PostgreSQL's names of waves, to_char(day, 'YYYY-Q') and 'YYYY-WW', translated to DuckDB 2.0.1; the first run
# on PostgreSQL itself (@electric-sql/pglite 0.5.17, Node 20).
# Guess: the names are the same, or the translation refuses.
# Seen: Q is no letter to it and stays: all four quarters are called "2026-Q", and a GROUP BY makes one wave of the year.
# WW, weeks counted from 1 January, becomes %U, weeks from the first Sunday: 1 January 2027 is week 01 there and 00 here, and
# so every Friday and Saturday of 2027 is a week lower. Nothing is said, with unsupported_level=RAISE either.
# Where it bites: queries of a warehouse run on a copy of it: fewer waves, or the answers of others in them.
# Way out: extract(quarter from day) and extract(week from day), which are translated right.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check sqlglot==30.30.0 duckdb==2.0.1
npm install --silent --no-audit --no-fund --prefix . @electric-sql/pglite@0.5.17 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >days.sql <<'SQL'
select to_char(day, 'YYYY-Q') as wave, count(*) as n from (values (date '2026-01-15'), (date '2026-04-15'), (date '2026-07-15'), (date '2026-10-15')) t(day) group by 1 order by 1
select to_char(day, 'YYYY-WW') as wave, count(*) as n from (values (date '2027-01-01'), (date '2027-03-05'), (date '2027-03-07')) t(day) group by 1 order by 1
select extract(year from day) || '-' || extract(quarter from day) as wave, count(*) as n from (values (date '2026-01-15'), (date '2026-04-15')) t(day) group by 1 order by 1
SQL
node - <<'JS' >postgres.json
const { PGlite } = require("@electric-sql/pglite");
const fs = require("node:fs");
(async () => {
  const database = new PGlite();
  const found = [];
  for (const query of fs.readFileSync("days.sql", "utf8").trim().split("\n")) found.push((await database.query(query)).rows.map((row) => [row.wave, Number(row.n)]));
  fs.writeSync(1, JSON.stringify(found));
  process.exit(0);
})();
JS
env/bin/python - <<'PY'
import json
from pathlib import Path

import duckdb
import sqlglot
from sqlglot.errors import ErrorLevel

queries = Path("days.sql").read_text().splitlines()
there = json.loads(Path("postgres.json").read_text())
here = []
for query in queries:
    translated = sqlglot.transpile(query, read="postgres", write="duckdb", unsupported_level=ErrorLevel.RAISE)[0]
    here.append([list(row) for row in duckdb.sql(translated).fetchall()])
for name, one, other in zip(("YYYY-Q", "YYYY-WW", "extract"), there, here):
    print(f"{name}: PostgreSQL {one}, translated {other}")
assert there[0] == [["2026-1", 1], ["2026-2", 1], ["2026-3", 1], ["2026-4", 1]] and here[0] == [["2026-Q", 4]]
assert there[1] == [["2027-01", 1], ["2027-10", 2]] and here[1] == [["2027-00", 1], ["2027-09", 1], ["2027-10", 1]]
assert there[2] == here[2]
PY
