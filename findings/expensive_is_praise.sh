#!/usr/bin/env bash
# afinn 0.1 (Danish) and asent 0.8.3 (Danish, Swedish): the sentiment of what customers say of prices.
# Guess: "dyrt", expensive, is below nought, or nought for what the list does not know.
# Seen: it is praise, as strong as "godt": +3 of 5 for afinn, +0.61 for asent's Danish, +0.42 for its Swedish; the lists
# come from English ones, where "dear" is a friendly word. "dyr", of a thing of common gender, is nought in afinn.
# Where it bites: expensive is the commonest complaint of all; a detractor's "for dyrt" is the most positive of his words.
# Way out: a correction of one's own to the list before use; read the scores of a score band against its NPS.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check afinn==0.1 asent==0.8.3 spacy==3.8.18
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import asent
import spacy
from afinn import Afinn

afinn = Afinn(language="da")
print("afinn, Danish:", {text: afinn.score(text) for text in ("dyrt", "Det er alt for dyrt", "dyr", "godt", "elendig")})
assert afinn.score("Det er alt for dyrt") == afinn.score("Det er godt") == 3 and afinn.score("dyr") == 0
for language, dear, good, seen in (("da", "Det er alt for dyrt", "Det er godt", 0.61), ("sv", "Det är för dyrt", "Det är bra", 0.42)):
    pipe = spacy.blank(language)
    pipe.add_pipe("sentencizer")
    pipe.add_pipe(f"asent_{language}_v1")
    compound = {text: round(pipe(text)._.polarity.compound, 2) for text in (dear, good)}
    print(f"asent, {language}:", compound)
    assert compound[dear] == seen and compound[good] > 0.6
PY
