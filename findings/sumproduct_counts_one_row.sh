#!/usr/bin/env bash
# hyperformula 3.5.0 on Node 20: SUMPRODUCT((A1:A6>=9)-(A1:A6<=6)), as workbooks of NPS count without helper columns.
# Guess: over the whole column, as in every spreadsheet program since the nineties.
# Seen: only the row in which the formula stands is counted. Beside a promoter's row the NPS of six answers is +16.7,
# beside a detractor's -16.7; true is +16.7, so that a try in the first row even fits. COUNTIF is right throughout.
# Way out: useArrayArithmetic: true in the configuration, or COUNTIF.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . hyperformula@3.5.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
TZ=UTC node - <<'JS'
const assert = require("node:assert");
const { HyperFormula } = require("hyperformula");
const formulas = [
  "=100*SUMPRODUCT((A1:A6>=9)-(A1:A6<=6))/COUNT(A1:A6)",
  "=SUMPRODUCT(--(A1:A6<=6))",
  '=100*(COUNTIF(A1:A6,">=9")-COUNTIF(A1:A6,"<=6"))/COUNT(A1:A6)',
];

function beside(row, options) {
  const sheet = [10, 9, 4, 8, 3, 10].map((score, at) => (at === row ? [score, ...formulas] : [score]));
  const values = HyperFormula.buildFromArray(sheet, { licenseKey: "gpl-v3", ...options }).getSheetValues(0)[row];
  return values.slice(1).map((value) => Number(value.toFixed(1)));
}

for (const [row, seen] of [[0, [16.7, 0, 16.7]], [2, [-16.7, 1, 16.7]], [3, [0, 0, 16.7]]]) {
  const [product, detractors, counted] = beside(row);
  console.log(`formula in row ${row + 1}: NPS ${product}, detractors ${detractors}; by COUNTIF ${counted}`);
  assert.deepEqual([product, detractors, counted], seen);
  assert.deepEqual(beside(row, { useArrayArithmetic: true }), [16.7, 2, 16.7]);
}
JS
