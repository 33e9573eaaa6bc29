#!/usr/bin/env bash
# sav-reader 2.0.8 (Node 20): an SPSS file of 1,000 answers, compressed, as pyreadstat 1.3.7 (ReadStat) writes it with
# row_compress=True.
# Guess: readAllRows() gives the 1,000 that the header counts, or raises.
# Seen: one, the first. ReadStat fills the last command of every row with the code for "end of data", and sav-reader
# believes the first it meets; it does not compare with n_cases of its own metadata, which is 1000. pyreadstat, and IBM's
# own library under pyspssio 0.6.0, read all. The same file without compression is read whole.
# Where it bites: the NPS of the first answer, +100, 0 or -100, for the NPS of a study.
# Way out: compare the number of rows with meta.header.n_cases; write .sav without row_compress for JavaScript.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check pyreadstat==1.3.7 pandas==3.1.1 numpy==2.4.6 pyspssio==0.6.0
npm install --silent --no-audit --no-fund --prefix . sav-reader@2.0.8 >npm.log 2>&1 || { cat npm.log; exit 1; }
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import numpy as np
import pandas as pd
import pyreadstat
import pyspssio

scores = np.random.default_rng(1).integers(0, 11, 1000).astype(float)
answers = pd.DataFrame({"nps": scores, "team": scores % 4, "comment": [f"bra {row}" for row in range(1000)]})
for name, compressed in (("plain.sav", False), ("compressed.sav", True)):
    pyreadstat.write_sav(answers, name, row_compress=compressed)
    rows = len(pyreadstat.read_sav(name)[0]), len(pyspssio.read_sav(name)[0])
    print(f"{name}: pyreadstat and pyspssio read {rows}")
    assert rows == (1000, 1000)
PY
node - <<'JS'
const assert = require("node:assert");
const { SavFileReader } = require("sav-reader");

(async () => {
  for (const [name, seen] of [["plain.sav", 1000], ["compressed.sav", 1]]) {
    const file = new SavFileReader(name);
    await file.open();
    const rows = await file.readAllRows();
    console.log(`${name}: sav-reader reads ${rows.length} of ${file.meta.header.n_cases}`);
    assert.deepEqual([rows.length, file.meta.header.n_cases], [seen, 1000]);
  }
  process.exit(0);
})();
JS
