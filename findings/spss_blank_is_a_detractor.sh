#!/usr/bin/env bash
# sav-reader 2.0.8 (Node 20): the answers of an SPSS file, written by pyreadstat 1.3.7.
# Guess: a score that nobody gave, and a code declared as missing (99, "Don't know"), are null.
# Seen: a blank is -1.797e308, the number by which the format writes it, so it is "at most 6"; 99 is 99, for a single
# code as for a range. The codes are in the metadata; no value is changed by them. pyreadstat has NaN for both.
# Where it bites: of 40 promoters, 20 detractors, 40 blanks and 20 that do not know, the NPS is 0 instead of +33.
# Way out: take a value below -1e300, and those of the metadata's "missing", for null before counting.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check pyreadstat==1.3.7 pandas==3.1.1 numpy==2.4.6
npm install --silent --no-audit --no-fund --prefix . sav-reader@2.0.8 >npm.log 2>&1 || { cat npm.log; exit 1; }
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import pandas as pd
import pyreadstat

answers = pd.DataFrame({"nps": [10.0, 9, 3, None, None, 99] * 20, "comment": ["Vi väntar på svar"] * 120})
pyreadstat.write_sav(answers, "answers.sav", missing_ranges={"nps": [99]}, variable_value_labels={"nps": {99.0: "Don't know"}})
read = pyreadstat.read_sav("answers.sav")[0]["nps"].dropna()
print("pyreadstat:", len(read), "scores, NPS", round(100 * ((read >= 9).mean() - (read <= 6).mean())))
assert sorted(read.unique()) == [3, 9, 10] and len(read) == 60
PY
node - <<'JS'
const assert = require("node:assert");
const { SavFileReader } = require("sav-reader");

(async () => {
  const file = new SavFileReader("answers.sav");
  await file.open();
  const scores = (await file.readAllRows()).map((row) => row.nps).filter((score) => score !== null);
  const of = (test) => scores.filter(test).length / scores.length;
  const nps = Math.round(100 * (of((score) => score >= 9) - of((score) => score <= 6)));
  console.log("sav-reader:", scores.length, "scores, NPS", nps, "; the first six:", scores.slice(0, 6).join(", "));
  assert.deepEqual(scores.slice(0, 6), [10, 9, 3, -Number.MAX_VALUE, -Number.MAX_VALUE, 99]);
  assert.deepEqual([scores.length, nps, file.meta.sysvars[0].missing], [120, 0, 99]);
  process.exit(0);
})();
JS
