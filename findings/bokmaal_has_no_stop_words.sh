#!/usr/bin/env bash
# yake 0.7.3: keywords of Norwegian comments with the language code nb, as detectors, browsers and CLDR give it.
# Guess: "nb" is Norwegian, as "no" is.
# Seen: a code without a file of stop words gets an empty list, without a word: 119 words for "no", none for "nb" and "nn".
# The keywords of comments about support and the invoice begin with "ikke" and "bra" (not, good), "men" (but) and "det" (it).
# Where it bites: comments split by detected language: Swedish and Danish have keywords, Norwegian has its commonest words.
# Way out: lan="no"; or look at stopword_set.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check yake==0.7.3
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from yake import KeywordExtractor

comments = (
    "Vi er veldig fornøyd med støtten, men prisen er altfor høy og det er ikke bra. Kundeservice er ikke god nok, "
    "og vi får ikke svar. Vi har ventet lenge på svar fra kundeservice, og det var ikke bra. Fakturaen er ikke riktig, "
    "og vi får ikke hjelp med fakturaen."
)
seen = {}
for code in ("no", "nb", "nn"):
    extractor = KeywordExtractor(lan=code, n=1, top=5)
    seen[code] = [word for word, _ in extractor.extract_keywords(comments)]
    stops = {word for word in extractor.stopword_set if word}
    print(code, len(stops), "stop words:", ", ".join(seen[code]))
    assert bool(stops) == (code == "no")
assert {"ikke", "bra", "men", "det"} <= set(seen["nb"]) and seen["nb"] == seen["nn"]
assert not {"ikke", "men", "det"} & set(seen["no"])
PY
