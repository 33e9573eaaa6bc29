#!/usr/bin/env bash
# vega-lite 5.23.0 with vega 5.33.0 (Node 20; also Altair's stack="normalize"): a bar of shares that parts at nought, with
# the detractors counted below it, as minus 20 beside 30 passives and 50 promoters.
# Guess: "normalize" keeps the signs: from -20 % to 80 %, as "zero" draws it from -20 to 80.
# Seen: it drops them: detractors from 0 to 20 %, passives from there to 50 %, promoters to 100 %, all on the right of
# nought. No colour is missing and the axis says 0 to 100 %, so that the bar looks like any other.
# Where it bites: charts of segments of unequal size: parted by number they are right, and by share they are not parted.
# Way out: the shares first (joinaggregate and calculate), then stack: "zero".
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . vega@5.33.0 vega-lite@5.23.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
node - <<'JS'
const assert = require("node:assert");
const vega = require("vega");
const vegaLite = require("vega-lite");
const values = [["detractors", -20], ["passives", 30], ["promoters", 50]].map(([group, answers]) => ({ group, answers }));

async function ends(stack, field = "answers", transform = []) {
  const encoding = { x: { field, type: "quantitative", stack }, color: { field: "group" } };
  const { spec } = vegaLite.compile({ data: { values }, transform, mark: "bar", encoding });
  const view = await new vega.View(vega.parse(spec)).runAsync();
  const rows = view.data(spec.data.at(-1).name);
  const round = (value) => Math.round(100 * value) / 100;
  return Object.fromEntries(rows.map((row) => [row.group, [row[field + "_start"], row[field + "_end"]].map(round).sort((a, b) => a - b)]));
}

(async () => {
  const [zero, normalized] = [await ends("zero"), await ends("normalize")];
  const total = [
    { calculate: "abs(datum.answers)", as: "size" },
    { joinaggregate: [{ op: "sum", field: "size", as: "all" }] },
    { calculate: "datum.answers / datum.all", as: "share" },
  ];
  const told = await ends("zero", "share", total);
  console.log("zero:", zero, "\nnormalize:", normalized, "\nshares first:", told);
  assert.deepEqual(zero.detractors, [-20, 0]);
  assert.deepEqual(normalized, { detractors: [0, 0.2], passives: [0.2, 0.5], promoters: [0.5, 1] });
  assert.deepEqual(told.detractors, [-0.2, 0]);
  assert.equal(Math.max(...Object.values(told).flat()), 0.8);
})();
JS
