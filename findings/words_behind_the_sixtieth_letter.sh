#!/usr/bin/env bash
# fuse.js 7.5.0 on Node 20: the search box over comments.
# Guess: a comment is found by a word that stands in it as typed; fuzziness only adds.
# Seen: only where the word begins within the first 60 characters or so: a match is worth less the farther it is from the
# beginning, and at threshold 0.6 and distance 100 nothing behind that counts, exact or not. Names and titles, which it is
# made for, are shorter. A comment of 174 characters that ends in "faktura" is not found by it, and one with "fakta" is.
# Where it bites: the comments that say most are the ones that are not found.
# Way out: ignoreLocation: true, or useExtendedSearch with 'faktura.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . fuse.js@7.5.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
node - <<'JS'
const assert = require("node:assert");
const loaded = require("fuse.js");
const Fuse = loaded.default || loaded;
const long =
  "Vi har vært kunde i mange år og er stort sett fornøyd med det vi får, men det siste året har det gått nedover " +
  "og vi må ringe hver måned for å få rettet en feil på vår faktura";
const comments = ["Bra faktura", "Fakta er feil", long];
const found = (said, query = "faktura") => new Fuse(comments, said).search(query).map(({ refIndex }) => refIndex).sort();
console.log("characters:", long.length, "; found:", found(), "; ignoreLocation:", found({ ignoreLocation: true }));
assert.deepEqual(found(), [0, 1]);
assert(found({ ignoreLocation: true }).includes(2));
assert.deepEqual(found({ useExtendedSearch: true }, "'faktura"), [0, 2]);
const placed = (at) => new Fuse(["x ".repeat(at / 2) + "faktura"]).search("faktura").length;
console.log("found at 50, 60, 62, 100:", [50, 60, 62, 100].map(placed));
assert.deepEqual([50, 60, 62, 100].map(placed), [1, 1, 0, 0]);
JS
