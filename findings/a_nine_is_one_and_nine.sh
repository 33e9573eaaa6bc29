#!/usr/bin/env bash
# text2num 3.1.0: alpha2digit(text, "nl"), to find the scores that customers write out.
# Guess: "ik geef een negen", I give a nine, is "ik geef een 9".
# Seen: "ik geef 1 9". The article "een", a, is the number one whenever another number follows, as it does before every
# score: "een tien" is "1 10", "een acht min" is "1 8 min". Who takes the first number takes a 1. Written in figures, "een
# 8", and in Danish, "jeg giver en nier", the article stays a word; there the "en" before a half is lost, "otte en halv".
# Where it bites: ten Dutch comments that praise with "een negen" are ten detractors.
# Way out: take "een" (not "één") out before a number, or the last number of a run.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check text2num==3.1.0
env/bin/python - <<'PY'
from text_to_num import alpha2digit

for text, seen in (
    ("ik geef een negen", "ik geef 1 9"),
    ("een tien", "1 10"),
    ("een acht min", "1 8 min"),
    ("van een tot tien een acht", "van een tot 10 1 8"),
    ("een 8", "een 8"),
    ("negen van de tien", "9 van de 10"),
    ("zeven komma vijf", "7,5"),
):
    found = alpha2digit(text, "nl")
    print(f"{text} -> {found}")
    assert found == seen
danish = {text: alpha2digit(text, "da") for text in ("jeg giver en tier", "jeg giver ni", "otte en halv")}
print(danish)
assert danish == {"jeg giver en tier": "jeg giver en tier", "jeg giver ni": "jeg giver 9", "otte en halv": "8 1 halv"}
PY
