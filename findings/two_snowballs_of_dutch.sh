#!/usr/bin/env bash
# nltk 3.10.4 and snowballstemmer 3.1.1: "the Dutch Snowball stemmer" of two packages, to count words of comments.
# Guess: the same words fall together in both.
# Seen: snowballstemmer 3 has another algorithm under the name "dutch" (the former is "dutch_porter"). Expensive and slow,
# "duur/dure" and "traag/trage", are one word each in NLTK and two in snowballstemmer; price and prices go the
# other way: "prijs/prijzen" are one word in snowballstemmer and two in NLTK. Which complaint leads the
# list depends on the package, and on its version. Danish and Norwegian agree.
# Way out: name the version with the list; "dutch_porter" for the stems of NLTK.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check nltk==3.10.4 snowballstemmer==3.1.1
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import snowballstemmer
from nltk.stem.snowball import SnowballStemmer

former, present = SnowballStemmer("dutch"), snowballstemmer.stemmer("dutch")
porter = snowballstemmer.stemmer("dutch_porter")
for words, seen in (("duur dure", (1, 2)), ("traag trage", (1, 2)), ("prijs prijzen", (2, 1))):
    stems = [[stemmer(word) for word in words.split()] for stemmer in (former.stem, present.stemWord)]
    print(f"{words}: NLTK {stems[0]}, snowballstemmer {stems[1]}")
    assert tuple(len(set(pair)) for pair in stems) == seen
    assert [porter.stemWord(word) for word in words.split()] == stems[0]
for language, words in (("danish", "dyr dyre dyrt priser prisen regninger"), ("norwegian", "dyr dyre dyrt priser prisen regninger")):
    both = SnowballStemmer(language), snowballstemmer.stemmer(language)
    assert all(both[0].stem(word) == both[1].stemWord(word) for word in words.split())
PY
