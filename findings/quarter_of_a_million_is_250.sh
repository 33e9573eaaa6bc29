#!/usr/bin/env bash
# pivottable 2.23.0 (PivotTable.js, Node 20): the aggregators "Average" and "Sum" over a table as a Nordic CSV has it.
# Guess: "8,5" and "250 000", which are no numbers to JavaScript, are left out, or all is NaN.
# Seen: they are 8 and 250: a number is whatever the text begins with. The average of "8,5", "9,5" and 10 is 9.0 instead of
# 9.33, a revenue of "250 000" is less than one of 300, and "10 av 10" is 10. A blank, null, and "Vet ej" are left out, as
# they should be, so that nothing looks wrong.
# Where it bites: revenue at risk by segment: the large accounts count a thousandth.
# Way out: make numbers of the cells before they go in.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . pivottable@2.23.0 jquery@3.7.1 jsdom@29.1.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
node - <<'JS'
const assert = require("node:assert");
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("");
Object.assign(globalThis, { window, document: window.document });
const $ = require("jquery");
require("pivottable");
const { PivotData, aggregators } = $.pivotUtilities;

function total(name, cells) {
  const rows = cells.map((cell) => ({ cell }));
  return new PivotData(rows, { rows: [], cols: [], vals: ["cell"], aggregator: aggregators[name](["cell"]) }).getAggregator([], []).value();
}

const average = total("Average", ["8,5", "9,5", 10, null, "", "Vet ej"]);
const sum = total("Sum", ["250 000", "1 200 000,50", 300]);
console.log("average of 8,5, 9,5 and 10:", average, "; sum of 250 000, 1 200 000,50 and 300:", sum, "; 10 av 10:", total("Sum", ["10 av 10"]));
assert.deepEqual([average, sum, total("Sum", ["10 av 10"]), total("Average", [8.5, 9.5, 10]).toFixed(2)], [9, 551, 10, "9.33"]);
JS
