#!/usr/bin/env bash
# xlsx 0.18.5 (SheetJS, the newest of npm) on Node 20: a cell with a day, read with cellDates: true.
# Guess: the day, at midnight of the zone of the machine.
# Seen: so in Stockholm, Oslo, Copenhagen and Amsterdam. In Helsinki it is 23:59:11 of the day before, so that every
# answer of the first of a month falls into the month before; in Reykjavik 8 seconds late, on the Faroes 4. What is
# taken off is the difference between the zones of 1899 and of today in whole minutes, and local time was not whole
# minutes then (Helsinki was 1:39:49 east).
# Where it bites: an export that is read on a server in UTC and on a laptop in Finland has other waves.
# Way out: no cellDates, and the serial number as a day (or the formatted text, raw: false); or TZ=UTC.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . xlsx@0.18.5 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >read.js <<'JS'
const XLSX = require("xlsx");
const book = XLSX.utils.book_new();
const cells = { "!ref": "A1:A2", A1: { t: "s", v: "answered" }, A2: { t: "n", v: 46082, z: "yyyy-mm-dd" } };
XLSX.utils.book_append_sheet(book, cells, "answers");
const file = XLSX.write(book, { type: "buffer", bookType: "xlsx" });
const read = (how, as) => XLSX.utils.sheet_to_json(XLSX.read(file, how).Sheets.answers, as)[0].answered;
const day = read({ cellDates: true });
const two = (n) => String(n).padStart(2, "0");
const clock = [day.getHours(), day.getMinutes(), day.getSeconds()].map(two).join(":");
const date = [day.getFullYear(), two(day.getMonth() + 1), two(day.getDate())].join("-");
console.log(date, clock, read({}, { raw: false }), read({}));
JS
check() {
  seen=$(TZ=$1 node read.js)
  echo "$1: $seen"
  [ "$seen" = "$2 2026-03-01 46082" ]
}
for zone in Europe/Stockholm Europe/Oslo Europe/Copenhagen Europe/Amsterdam UTC; do check $zone "2026-03-01 00:00:00"; done
check Europe/Helsinki "2026-02-28 23:59:11"
check Atlantic/Reykjavik "2026-03-01 00:00:08"
check Atlantic/Faroe "2026-03-01 00:00:04"
