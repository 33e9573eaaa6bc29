#!/usr/bin/env bash
# json-logic-js 2.0.5, lokijs 1.5.12, vega-lite 5.23.0 with vega 5.33.0 (Node 20): "score at most 6", said in the filter
# language of each, over answers of 10, 9, 3 and null.
# Guess: null, as JSON and databases write that nobody answered, is not at most 6; so it is in SQL and in alasql 4.19.1.
# Seen: two detractors of four in all three. In JsonLogic also where the key is not there at all or is "". In Vega-Lite (and
# so in Altair) by "lte", by "range": [0, 6] and by not "gte": 7, while "oneOf" of 0 to 6 counts one. LokiJS counts two by
# $lte and one by $between: [0, 6]. "At least 9" is right in all.
# Where it bites: rules for whom to call back, and a chart of detractors that grows with those who did not answer.
# Way out: say both ends and that there is an answer: {"and": [...]}, $between, {"field": "score", "valid": true} first.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . json-logic-js@2.0.5 lokijs@1.5.12 vega@5.33.0 vega-lite@5.23.0 alasql@4.19.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
node - <<'JS'
const assert = require("node:assert");
const jsonLogic = require("json-logic-js");
const Loki = require("lokijs");
const alasql = require("alasql");
const vega = require("vega");
const vegaLite = require("vega-lite");
const answers = [10, 9, 3, null].map((score) => ({ score }));

async function charted(...filters) {
  const count = { aggregate: [{ op: "count", as: "n" }] };
  const transform = [...filters.map((filter) => ({ filter })), count];
  const encoding = { y: { field: "n", type: "quantitative", stack: null } };
  const { spec } = vegaLite.compile({ data: { values: answers }, transform, mark: "bar", encoding });
  const view = await new vega.View(vega.parse(spec)).runAsync();
  return view.data(spec.data.at(-1).name)[0].n;
}

(async () => {
  const rule = { "<=": [{ var: "score" }, 6] };
  const logic = answers.filter((answer) => jsonLogic.apply(rule, answer)).length;
  console.log("JsonLogic:", logic, "; without the key:", jsonLogic.apply(rule, {}), "; \"\":", jsonLogic.apply(rule, { score: "" }));
  assert.deepEqual([logic, jsonLogic.apply(rule, {}), jsonLogic.apply(rule, { score: "" })], [2, true, true]);
  const kept = new Loki("nps").addCollection("answers");
  kept.insert(answers.map((answer) => ({ ...answer })));
  const loki = [{ $lte: 6 }, { $between: [0, 6] }].map((score) => kept.find({ score }).length);
  console.log("LokiJS: $lte", loki[0], ", $between", loki[1]);
  assert.deepEqual(loki, [2, 1]);
  const field = "score";
  const drawn = [
    await charted({ field, lte: 6 }),
    await charted({ field, range: [0, 6] }),
    await charted({ not: { field, gte: 7 } }),
    await charted({ field, oneOf: [0, 1, 2, 3, 4, 5, 6] }),
    await charted({ field, valid: true }, { field, lte: 6 }),
    await charted({ field, gte: 9 }),
  ];
  console.log("Vega-Lite: lte, range, not gte 7, oneOf, valid and lte, gte 9:", drawn.join(", "));
  assert.deepEqual(drawn, [2, 2, 2, 1, 1, 2]);
  const [{ n }] = alasql("select count(*) n from ? where score <= 6", [answers]);
  console.log("alasql:", n);
  assert.equal(n, 1);
  process.exit(0);
})();
JS
