#!/usr/bin/env bash
# sentencex 1.0.32 and sentence-splitter 1.4: comments cut into sentences, in the languages they say they know.
# Guess: the commonest abbreviations, "f.eks." (for example), "bl.a." (among others), "kr." and "ca.", end no sentence.
# Seen: each package has another hole. In Norwegian sentencex ends one at "f.eks." and at "kr.", also where a small letter
# follows ("10 kr. | om dagen"); in Danish it does neither. sentence-splitter does so at "f.eks." in Danish and not in
# Norwegian, and at "ca." in Dutch, where a number follows. In Swedish both know "bl.a.".
# Where it bites: what is praised or blamed is in another sentence than the word for it, and a Norwegian customer who names
# prices says more, and shorter, sentences than a Danish one.
# Way out: join a piece to the next where it ends with an abbreviation of one's own list.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check sentencex==1.0.32 sentence-splitter==1.4
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import sentencex
from sentence_splitter import SentenceSplitter

for codes, text, pieces in (
    (("nb", "no"), "Vi bruker f.eks. Nordea hver dag.", (2, 1)),
    (("nb", "no"), "Det koster ca. 10 kr. om dagen.", (2, 1)),
    (("da", "da"), "Vi bruger f.eks. Danske Bank hver dag.", (1, 2)),
    (("da", "da"), "Det koster ca. 10 kr. om dagen.", (1, 1)),
    (("sv", "sv"), "Vi har bl.a. Nordea som bank.", (1, 1)),
    (("nl", "nl"), "Dat kost ca. 10 euro.", (1, 2)),
):
    seen = [str(piece).strip() for piece in sentencex.segment(codes[0], text)], SentenceSplitter(language=codes[1]).split(text)
    print(codes[0], "sentencex:", " | ".join(seen[0]), "; sentence-splitter:", " | ".join(seen[1]))
    assert tuple(map(len, seen)) == pieces
PY
