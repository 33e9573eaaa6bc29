#!/usr/bin/env bash
# franc-min 6.2.0 and franc 6.2.0 on Node 20: the language of comments of 45 to 70 characters.
# Guess: franc-min, which has only the languages of eight million speakers and more, says "und" of Danish, Norwegian and
# Finnish.
# Seen: Danish is Swedish in four of four, Norwegian is Swedish or Dutch, Finnish is Quechua or Portuguese; there is no sign
# of doubt, and Swedish itself is right. franc, with all languages, has six of the ten right, and four are the neighbour's.
# Where it bites: comments by language: Sweden has those of its neighbours too, and they are judged with Swedish words.
# Way out: franc in full; between Danish and Norwegian go by where the customer is.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . franc-min@6.2.0 franc@6.2.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >page.mjs <<'JS'
import assert from "node:assert";
import { franc } from "franc";
import { franc as small } from "franc-min";
const comments = {
  dan: ["Jeg er meget tilfreds med jeres kundeservice, men prisen er for høj", "Vi har ventet længe på svar og det er ikke i orden", "Det tager alt for lang tid at få hjælp når noget ikke virker", "Leveringen kom til tiden og chaufføren var venlig"],
  nob: ["Vi er svært fornøyd med kundeservice, men prisen er for høy", "Vi har ventet lenge på svar og det er ikke greit", "Programmet er lett å bruke og gjør det vi trenger hver dag", "Jeg fikk raskt hjelp og rådgiveren var hyggelig"],
  fin: ["Olemme tyytyväisiä palveluun mutta hinta on liian korkea", "Hyvä palvelu ja nopea vastaus, kiitos kaikesta"],
};
const only = ["swe", "dan", "nob", "nno", "fin", "nld", "eng"];
let [right, told] = [0, 0];
const seen = {};
for (const [language, texts] of Object.entries(comments)) {
  seen[language] = texts.map((text) => small(text));
  right += texts.filter((text) => franc(text) === language).length;
  told += texts.filter((text) => franc(text, { only }) === language).length;
  console.log(language, seen[language].join(" "), "; franc:", texts.map((text) => franc(text)).join(" "), "; only:", texts.map((text) => franc(text, { only })).join(" "));
}
assert.deepEqual(seen, { dan: ["swe", "swe", "swe", "swe"], nob: ["swe", "swe", "nld", "nld"], fin: ["qug", "por"] });
assert.equal(small("Vi är mycket nöjda med er kundtjänst men priset är för högt"), "swe");
console.log("right of ten: franc", right, ", only the languages asked in", told);
assert.deepEqual([right, told], [6, 6]);
JS
node page.mjs
