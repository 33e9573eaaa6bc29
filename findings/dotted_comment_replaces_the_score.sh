#!/usr/bin/env bash
# csvtojson 2.0.14 on Node 20: a survey's export with the columns "nps" and "nps.comment", as many tools name them.
# Guess: two columns are two keys.
# Seen: a full stop in a name makes an object. "nps" is first 9 and then, without a word, { comment: "bra" }: every score
# is gone. With the columns the other way round every comment is gone. In "Q1. How likely …?" the key is Q1 and the rest
# of the question a key within. Not one answer is missing, so the count is right.
# Way out: csv({ flatKeys: true }).
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . csvtojson@2.0.14 >npm.log 2>&1 || { cat npm.log; exit 1; }
TZ=UTC node - <<'JS'
const assert = require("node:assert");
const csv = require("csvtojson");

(async () => {
  const scoreFirst = "id,nps,nps.comment\n1,9,bra\n2,3,dyrt\n";
  const commentFirst = "id,nps.comment,nps\n1,bra,9\n2,dyrt,3\n";
  const first = await csv().fromString(scoreFirst);
  const second = await csv().fromString(commentFirst);
  console.log(JSON.stringify(first), JSON.stringify(second));
  assert.deepEqual(first, [{ id: "1", nps: { comment: "bra" } }, { id: "2", nps: { comment: "dyrt" } }]);
  assert.deepEqual(second, [{ id: "1", nps: "9" }, { id: "2", nps: "3" }]);
  assert.deepEqual(await csv().fromString("Q1. How likely?\n9\n"), [{ Q1: { " How likely?": "9" } }]);
  const flat = await csv({ flatKeys: true }).fromString(scoreFirst);
  console.log(JSON.stringify(flat));
  assert.deepEqual(flat[0], { id: "1", nps: "9", "nps.comment": "bra" });
})();
JS
