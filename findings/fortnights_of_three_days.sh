#!/usr/bin/env bash
# d3-time 3.1.1 and d3-array 3.2.5 on Node 20: answers by fortnight, bin().thresholds(utcDay.every(14)).
# Guess: bins of fourteen days each.
# Seen: the 1st, the 15th and the 29th of every month, since days are counted anew in each: 14 days, 14 days and then 1 to 3,
# or none in February. One answer a day from January to April gives bins of 14, 14, 3, 14, 14, 14, 14, 3, 14, 14, 2: every
# month ends with a fall in the number of answers, and with an NPS of two or three days. every(7) is no week either: the
# fifth of a month has 1 to 3 days. utcMonday.every(2) is 14 days throughout.
# Way out: utcMonday.every(2) and utcMonday.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . d3-time@3.1.1 d3-array@3.2.5 >npm.log 2>&1 || { cat npm.log; exit 1; }
node - <<'JS'
const assert = require("node:assert");
const { bin } = require("d3-array");
const { utcDay, utcMonday } = require("d3-time");
const [begin, end] = [new Date("2026-01-01"), new Date("2026-05-01")];
const answers = utcDay.range(begin, end);
const sizes = (interval) => bin().domain([begin, end]).thresholds(interval.range(begin, end))(answers).map((days) => days.length);
const [fortnights, weeks, mondays] = [utcDay.every(14), utcDay.every(7), utcMonday.every(2)].map(sizes);
console.log("every(14):", fortnights.join(" "), "\nevery(7):", weeks.join(" "), "\nMonday every(2):", mondays.join(" "));
assert.deepEqual(fortnights.filter(Boolean), [14, 14, 3, 14, 14, 14, 14, 3, 14, 14, 2]);
assert.deepEqual([...new Set(weeks.filter(Boolean))].sort((a, b) => a - b), [2, 3, 7]);
assert.deepEqual([...new Set(mondays.slice(1, -1))], [14]);
JS
