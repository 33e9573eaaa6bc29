#!/usr/bin/env bash
# gensim 4.4.0: gensim.utils.simple_preprocess, the usual first step before topics of comments.
# Guess: the words of a Swedish, Danish or Dutch comment are all there, in lower case.
# Seen: those of more than 15 letters are not, without a word: kundundersökning, kundtillfredsställelse, kundetilfredshed,
# leveringsbetingelser, klanttevredenheid. What English says in two words is one in these languages, and it is the long
# ones that name a theme; "och" and "med" stay.
# Where it bites: the theme of a topic model is whatever is left; customer satisfaction and terms of delivery never are.
# Way out: simple_preprocess(text, max_len=40).
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check gensim==4.4.0
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from gensim.utils import simple_preprocess

for text, seen in (
    ("Bra kundundersökning men låg kundtillfredsställelse och faktura", ["bra", "men", "låg", "och", "faktura"]),
    ("Jeres kundetilfredshed og leveringsbetingelser er ringe", ["jeres", "og", "er", "ringe"]),
    ("De klanttevredenheid met de betalingsvoorwaarden is laag", ["de", "met", "de", "is", "laag"]),
    ("Customer satisfaction and terms of delivery are low", ["customer", "satisfaction", "and", "terms", "of", "delivery", "are", "low"]),
):
    left = simple_preprocess(text)
    print(left)
    assert left == seen
assert "kundtillfredsställelse" in simple_preprocess("låg kundtillfredsställelse", max_len=40)
PY
