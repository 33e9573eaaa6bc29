#!/usr/bin/env bash
# emot 3.1: emoticons in comments, for their share or as a sign of a happy customer.
# Guess: a score or a time of day is none.
# Seen: "Betyg:3" (score 3, in Swedish) is a "Happy face smiley" and "Betyg=3" a "Laughing, big grin"; a smiley is also the ":3" of
# "kl. 8:30" and "16:35". "0:3" is an angel. Other scores are nothing, so that of eleven scores the 3 is the happy one,
# and "95%)" is "Drunk or confused". Where a space follows the colon all is well.
# Way out: take only emoticons with white space or an end on both sides.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check emot==3.1
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from emot.core import emot

found = emot().emoticons
for text, seen in (
    ("Betyg:3", ["Happy face smiley"]),
    ("Betyg=3", ["Laughing, big grin or laugh with glasses"]),
    ("kl. 8:30", ["Happy face smiley"]),
    ("16:35", ["Happy face smiley"]),
    ("Resultat 0:3", ["Angel, saint or innocent"]),
    ("(nesten 95%)", ["Drunk or confused"]),
    ("Betyg: 3", []),
):
    answer = found(text)
    print(f"{text}: {answer['mean']}")
    assert answer["mean"] == seen
assert not any(found(f"Betyg:{score}")["flag"] for score in (0, 1, 2, *range(4, 11)))
PY
