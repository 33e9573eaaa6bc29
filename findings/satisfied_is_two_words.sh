#!/usr/bin/env bash
# natural 8.1.1 on Node 20: TfIdf and the Bayes classifier over Norwegian, Danish and Swedish comments.
# Guess: "fornøyd" (satisfied) and "dårlig" (bad) are words.
# Seen: their tokenizer ends a word at every letter that English lacks and drops the letter, and what is then a single
# letter goes. "fornøyd" is "forn" and "yd", "dårlig" is "rlig", "kö" is nothing; "bør" (should) and "bär"
# are nothing either. The most telling words of a wave are halves, and "rlig" is "dårlig" (bad) and "ærlig" (honest) alike.
# Way out: setTokenizer(new natural.AggressiveTokenizerNo()), or ...Sv(); for the classifier the PorterStemmerNo or ...Sv.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . natural@8.1.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
node - <<'JS'
const assert = require("node:assert");
const natural = require("natural");
const comment = "Fornøyd med støtten, men dårlig pris og ærlig kø";

function terms(tokenizer) {
  const tfidf = new natural.TfIdf();
  if (tokenizer) tfidf.setTokenizer(tokenizer);
  tfidf.addDocument(comment);
  return tfidf.listTerms(0).map(({ term }) => term);
}

const [usual, told] = [terms(), terms(new natural.AggressiveTokenizerNo())];
console.log("as called:", usual.join(" "), "\nNorwegian tokenizer:", told.join(" "));
for (const half of ["forn", "yd", "rlig", "tten"]) assert(usual.includes(half));
for (const word of ["fornøyd", "dårlig", "ærlig", "kø"]) assert(!usual.includes(word) && told.includes(word));
const stems = natural.PorterStemmer.tokenizeAndStem(comment);
console.log("features of the classifier:", stems.join(" "));
assert.equal(stems.filter((stem) => stem === "rlig").length, 2);
process.exit(0);
JS
