#!/usr/bin/env bash
# accounting.js 0.4.1 and numeral 2.0.6 on Node 20: reading back an NPS that the browser wrote for its reader.
# Guess: an NPS of -12, written by Intl.NumberFormat for Sweden, Norway, Denmark, Finland or the Netherlands, is read as -12
# or refused.
# Seen: +12 for Sweden, Norway (both languages) and Finland: there the browser writes the minus sign proper, U+2212, and both
# readers throw away what is no digit, comma or hyphen. For Denmark, the Netherlands and Iceland it is a hyphen, and -12.
# An NPS above zero is right everywhere, so that a test with a good team's figures shows nothing.
# Where it bites: tables sorted or summed by what their cells show, figures pasted back from a page.
# Way out: keep the number beside its text, or replace(/\u2212/g, "-") before reading.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . accounting@0.4.1 numeral@2.0.6 >npm.log 2>&1 || { cat npm.log; exit 1; }
node - <<'JS'
const assert = require("node:assert");
const accounting = require("accounting");
const numeral = require("numeral");
for (const [locale, sign, seen] of [
  ["sv-SE", "\u2212", 12],
  ["nb-NO", "\u2212", 12],
  ["nn-NO", "\u2212", 12],
  ["fi-FI", "\u2212", 12],
  ["da-DK", "-", -12],
  ["nl-NL", "-", -12],
  ["is-IS", "-", -12],
]) {
  const text = new Intl.NumberFormat(locale).format(-12);
  const read = [accounting.unformat(text), numeral(text).value()];
  console.log(`${locale}: ${text} is read as ${read.join(" and ")}`);
  assert.equal(text, sign + "12");
  assert.deepEqual(read, [seen, seen]);
  assert.deepEqual([accounting.unformat(text.replace(/\u2212/g, "-")), numeral(text.replace(/\u2212/g, "-")).value()], [-12, -12]);
}
JS
