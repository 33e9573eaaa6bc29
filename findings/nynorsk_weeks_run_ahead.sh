#!/usr/bin/env bash
# dayjs 1.11.23 with its plugin weekOfYear on Node 20: .week() in the locales of the Nordic and Dutch languages.
# Guess: the number of the week is that of ISO 8601 in all of them, as calendars there print it: 53 on 1 January 2027.
# Seen: so in sv, nb, da, nl, fi and de. In nn, nl-be, is, fo and et it is 1, and all weeks of 2027 are one ahead: the
# 4th of January, Monday of week 1, is in week 2. So a chart by week moves by a week when the reader of a page switches
# from Bokmål to Nynorsk, or from the Netherlands to Belgium. Those locales say on which day a week begins and not which
# week is the first (yearStart), and the default is the American one. date-fns 4 has 53 in nn, nl-BE, is and et.
# Way out: the plugin isoWeek, whatever the language.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . dayjs@1.11.23 >npm.log 2>&1 || { cat npm.log; exit 1; }
TZ=UTC node - <<'JS'
const assert = require("node:assert");
const dayjs = require("dayjs");
dayjs.extend(require("dayjs/plugin/weekOfYear"));
dayjs.extend(require("dayjs/plugin/isoWeek"));
const days = ["2026-12-31", "2027-01-01", "2027-01-04", "2027-06-28"];
const iso = days.map((day) => dayjs(day).isoWeek());
console.log("ISO", ...iso);
assert.deepEqual(iso, [53, 53, 1, 26]);
for (const language of ["sv", "nb", "da", "nl", "fi", "de", "nn", "nl-be", "is", "fo", "et"]) {
  require(`dayjs/locale/${language}`);
  const weeks = days.map((day) => dayjs(day).locale(language).week());
  console.log(language, ...weeks);
  assert.deepEqual(weeks, ["nn", "nl-be", "is", "fo", "et"].includes(language) ? [1, 1, 2, 27] : iso);
  assert.deepEqual(days.map((day) => dayjs(day).locale(language).isoWeek()), iso);
}
JS
