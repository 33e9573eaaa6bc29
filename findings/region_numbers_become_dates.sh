#!/usr/bin/env bash
# vega-loader 5.1.3 on Node 20: the type that Vega's format parse "auto" infers for a column of a CSV.
# Guess: "Region 1", "Region 2", "Region 3" are text.
# Seen: they are dates. The engine reads any word before a number as nothing, so "Region 2" is 1 February 2001 and
# "Kunde 2002" New Year 2002; a column is a date where every value is one. With a "Region 13" it is text again, so a
# chart breaks or mends with the units that happen to have answered. Comments such as "OK 5" go the same way.
# Way out: name the types: "parse": {"region": "string"}.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . vega-loader@5.1.3 >npm.log 2>&1 || { cat npm.log; exit 1; }
TZ=UTC node - <<'JS'
const assert = require("node:assert");
const vega = require("vega-loader");
const column = (values) => vega.inferType(values.map((unit) => ({ unit })), "unit");
for (const [values, type] of [
  [["Region 1", "Region 2", "Region 3"], "date"], [["Region 1", "Region 13"], "string"], [["Kunde 1001", "Kunde 2002"], "date"],
  [["OK 5", "Bra 8"], "date"], [["Nord", "Sør"], "string"], [["Q1", "Q2"], "string"],
]) {
  console.log(values.join(", "), "->", column(values));
  assert.equal(column(values), type);
}
const rows = vega.read("unit,score\nRegion 1,9\nRegion 2,3\n", { type: "csv", parse: "auto" });
console.log(rows.map((row) => new Date(row.unit).toISOString().slice(0, 10)));
assert.deepEqual(rows.map((row) => new Date(row.unit).toISOString().slice(0, 10)), ["2001-01-01", "2001-02-01"]);
const named = vega.read("unit,score\nRegion 1,9\n", { type: "csv", parse: { unit: "string" } });
assert.equal(named[0].unit, "Region 1");
JS
