#!/usr/bin/env bash
# asent 0.8.3: the sentiment of Norwegian comments, asent_no_v1.
# Guess: "Det er bra" is above nought and "Det er ikke bra" below it, as in Swedish.
# Seen: both are exactly 0. "bra", the commonest praise there is, is not in the Norwegian list, nor are "kjempebra" and
# "fin"; "dårlig", "treg" and "feil" are. What is left of a satisfied and a dissatisfied customer is the complaint.
# In Swedish "bra" is praise, so that Norway comes out below Sweden with the same comments.
# Where it bites: sentiment compared between countries, or set beside their NPS.
# Way out: add the words to the list of asent before use, or compare within a language only.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check asent==0.8.3 spacy==3.8.18
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import asent
import spacy

comments = {
    "no": ("Det er bra", "Det er ikke bra", "Veldig bra service, kjempebra", "Det er dårlig"),
    "sv": ("Det är bra", "Det är inte bra", "Väldigt bra service, riktigt bra", "Det är dåligt"),
}
seen = {}
for language, texts in comments.items():
    pipe = spacy.blank({"no": "nb"}.get(language, language))
    pipe.add_pipe("sentencizer")
    pipe.add_pipe(f"asent_{language}_v1")
    seen[language] = [round(pipe(text)._.polarity.compound, 2) for text in texts]
    print(language, dict(zip(texts, seen[language])))
good, not_good, praise, bad = seen["no"]
assert (good, not_good, praise) == (0, 0, 0) and bad < -0.4
good, not_good, praise, bad = seen["sv"]
assert good > 0.6 and not_good < -0.5 and praise > 0.6 and bad < -0.4
PY
