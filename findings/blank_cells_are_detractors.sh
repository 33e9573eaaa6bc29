#!/usr/bin/env bash
# xlcalculator 0.5.0 and @formulajs/formulajs 4.6.1 (Node 20): the NPS formula of most templates,
# 100*(COUNTIF(A1:A8,">=9")-COUNTIF(A1:A8,"<=6"))/COUNT(A1:A8), computed without a spreadsheet program.
# Guess: a blank cell is not "<=6"; so it is in Excel and LibreOffice.
# Seen: it is. Eight were asked, six answered, five of them as promoters: +67 comes out as +33. COUNT leaves the blanks
# out, so that the base is right and each blank is one detractor more. HyperFormula 3.5.0 has it right.
# Where it bites: dashboards that compute a team's workbook on a server: the fewer answer, the lower the NPS.
# Way out: take the blanks out before the formula, or count the detractors as COUNT less the COUNTIF of ">6".
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check xlcalculator==0.5.0 openpyxl==3.1.5 numpy==1.26.4 pandas==3.0.6
npm install --silent --no-audit --no-fund --prefix . @formulajs/formulajs@4.6.1 hyperformula@3.5.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
env/bin/python -W ignore - <<'PY'
import openpyxl
from xlcalculator import Evaluator, ModelCompiler

scores = [10, 9, None, 10, 3, 9, None, 10]
formulas = [
    '=100*(COUNTIF(A1:A8,">=9")-COUNTIF(A1:A8,"<=6"))/COUNT(A1:A8)',
    '=100*(COUNTIF(A1:A8,">=9")-(COUNT(A1:A8)-COUNTIF(A1:A8,">6")))/COUNT(A1:A8)',
]
book = openpyxl.Workbook()
book.active.title = "S"
for row, score in enumerate(scores, 1):
    book.active.cell(row, 1, score)
for row, formula in enumerate(formulas, 1):
    book.active.cell(row, 3, formula)
book.save("nps.xlsx")
engine = Evaluator(ModelCompiler().read_and_parse_archive("nps.xlsx"))
usual, other = (round(float(engine.evaluate(f"S!C{row}")), 1) for row in (1, 2))
print(f"xlcalculator: {usual}; by what is left {other}")
assert (usual, other) == (33.3, 66.7)
PY
node - <<'JS'
const assert = require("node:assert");
const { COUNT, COUNTIF } = require("@formulajs/formulajs");
const { HyperFormula } = require("hyperformula");
const scores = [10, 9, null, 10, 3, 9, null, 10];
const column = scores.map((score) => [score]);
const usual = (100 * (COUNTIF(column, ">=9") - COUNTIF(column, "<=6"))) / COUNT(column);
const other = (100 * (COUNTIF(column, ">=9") - (COUNT(column) - COUNTIF(column, ">6")))) / COUNT(column);
console.log("formula.js:", usual.toFixed(1), "; by what is left", other.toFixed(1));
assert.deepEqual([usual.toFixed(1), other.toFixed(1)], ["33.3", "66.7"]);
const formula = '=100*(COUNTIF(A1:A8,">=9")-COUNTIF(A1:A8,"<=6"))/COUNT(A1:A8)';
const sheet = column.map((row, at) => (at ? row : [...row, formula]));
const right = HyperFormula.buildFromArray(sheet, { licenseKey: "gpl-v3" }).getSheetValues(0)[0][1];
console.log("HyperFormula:", right.toFixed(1));
assert.equal(right.toFixed(1), "66.7");
JS
