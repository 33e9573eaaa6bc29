#!/usr/bin/env bash
# jellyfish 1.3.0: codes of names by their sound, which matching of people and companies takes for blocks: only names
# of one code are compared at all.
# Guess: a letter with a ring, dots or a stroke is its bare letter, in all of the Nordic languages or in none.
# Seen: å, ä and ö are taken apart into a letter and its mark, ø and æ are not. To Soundex Åberg is Aberg and Öberg
# Oberg, but Østby is Ø231 and Ostby O231, Ærø Æ600 and Aero A600: they never meet. To Metaphone a name that begins so
# begins with its second letter: Østby is STB, Ærø is R. Within a word it goes well, since vowels count for nothing.
# Where it bites: a link of two lists, one of them without such letters, finds its Swedes and loses Norwegians and
# Danes; the share that is linked then looks like a difference between countries.
# Way out: write ø as o and æ as ae before.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check jellyfish==1.3.0
env/bin/python -W ignore - <<'PY'
from jellyfish import metaphone, soundex

for written, bare, alike in (
    ("Åberg", "Aberg", True), ("Ängby", "Angby", True), ("Öberg", "Oberg", True), ("Sjögren", "Sjogren", True),
    ("Østby", "Ostby", False), ("Ærø", "Aero", False), ("Øye", "Oye", False), ("Sørlie", "Sorlie", True),
):
    codes = [(soundex(name), metaphone(name)) for name in (written, bare)]
    print(written, *codes[0], "|", bare, *codes[1])
    assert (codes[0] == codes[1]) is alike
assert (soundex("Østby"), metaphone("Østby")) == ("Ø231", "STB") and metaphone("Ærø") == "R"
plain = str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae"})
assert soundex("Østby".translate(plain)) == soundex("Ostby") and soundex("Ærø".translate(plain)) == soundex("Aero")
PY
