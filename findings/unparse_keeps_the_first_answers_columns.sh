#!/usr/bin/env bash
# papaparse 5.7.1 on Node 20: Papa.unparse of answers as SurveyJS and most web forms keep them, one object each, in
# which a question that was not answered is left out.
# Guess: the CSV has a column for every question that anybody answered.
# Seen: only for those that the first answer has. Whoever came first and gave a score without a word decides that the
# comments of all others are not in the file, and nothing is said. Sorted the other way round they are there.
# Where it bites: exports that a team writes itself; the count of answers and the score are right, so nobody looks.
# Way out: name the columns: Papa.unparse(rows, { columns: [...] }).
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . papaparse@5.7.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
TZ=UTC node - <<'JS'
const assert = require("node:assert");
const Papa = require("papaparse");
const answers = [{ nps: 9 }, { nps: 3, why: "Dyrt och trögt" }, { nps: 10, praise: "Bra service" }];
const written = Papa.unparse(answers);
console.log(JSON.stringify(written));
assert.equal(written, "nps\r\n9\r\n3\r\n10");
assert.equal(Papa.unparse({ data: answers }), written);
assert.ok(Papa.unparse([...answers].reverse()).startsWith("nps,praise\r\n"));
const columns = [...new Set(answers.flatMap(Object.keys))];
const whole = Papa.unparse(answers, { columns });
console.log(JSON.stringify(whole));
assert.ok(whole.includes("Dyrt och trögt") && whole.includes("Bra service"));
JS
