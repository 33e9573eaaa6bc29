#!/usr/bin/env bash
# exceljs 4.4.0 on Node 20: workbook.csv.readFile of an export with dates as the Dutch and many Danes write them.
# Guess: 03-02-2026 is left as text, or read like its neighbours.
# Seen: of four formats tried one is MM-DD-YYYY: 03-02-2026 is the second of March, and 31-01-2026 stays text. Dates of
# the first twelve days are in the wrong month, those of the 13th to the 31st are no dates: counted by month, three
# fifths of the answers vanish and the others lie where they were not given.
# Way out: csv.readFile(file, { dateFormats: ["DD-MM-YYYY"] }).
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . exceljs@4.4.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
TZ=UTC node - <<'JS'
const assert = require("node:assert");
const fs = require("node:fs");
const ExcelJS = require("exceljs");

async function read(options) {
  const sheet = await new ExcelJS.Workbook().csv.readFile("answers.csv", options);
  return sheet.getColumn(1).values.slice(2).map((value) => (value instanceof Date ? value.toISOString().slice(0, 10) : value));
}

(async () => {
  fs.writeFileSync("answers.csv", "answered,score\n03-02-2026,9\n12-02-2026,3\n13-02-2026,10\n31-01-2026,7\n");
  const seen = await read();
  console.log("as called:", seen);
  assert.deepEqual(seen, ["2026-03-02", "2026-12-02", "13-02-2026", "31-01-2026"]);
  const told = await read({ dateFormats: ["DD-MM-YYYY"] });
  console.log("told the format:", told);
  assert.deepEqual(told, ["2026-02-03", "2026-02-12", "2026-02-13", "2026-01-31"]);
})();
JS
