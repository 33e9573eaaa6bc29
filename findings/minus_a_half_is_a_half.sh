#!/usr/bin/env bash
# num2words 0.5.14: an NPS in words, for a summary that is read aloud.
# Guess: −0.5 is "minus noll komma fem", as −12.5 is "minus tolv komma fem".
# Seen: it is "noll komma fem". Between −1 and 0 the minus is lost in Swedish, Norwegian, Danish, Dutch, Finnish and
# Icelandic, and in English too: the sign is read off the whole part, and that is 0.
# Where it bites: the score of an evenly divided group, and every change of less than one point: −0.5 and 0.5 read alike.
# Way out: put the word for minus before the words of the absolute value.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check num2words==0.5.14
env/bin/python - <<'PY'
from num2words import num2words

for language, minus in (("sv", "minus"), ("no", "minus"), ("da", "minus"), ("nl", "min"), ("fi", "miinus"), ("is", "mínus")):
    lost, kept = num2words(-0.5, lang=language), num2words(-12.5, lang=language)
    print(f"{language}: {lost} | {kept}")
    assert lost == num2words(0.5, lang=language) and kept == f"{minus} {num2words(12.5, lang=language)}"
assert num2words(-0.5, lang="en") == "zero point five"
PY
