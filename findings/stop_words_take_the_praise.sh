#!/usr/bin/env bash
# stopwordsiso 0.7.1: the lists of words without meaning of their own, left out before words or topics are counted.
# Guess: such a list holds no word of praise or blame; where it does, then of both alike.
# Seen: Finnish leaves out good, well, better and thanks, and keeps bad, worse and expensive. Norwegian leaves out
# "bra" and "god" and keeps "dårlig", Danish "god" and "godt". Swedish leaves out good, better, best, worse, worst,
# slow and thanks. Dutch holds neither. The list of words of the same comments is all blame in Oslo and Helsinki, and
# not so in Amsterdam; and "not" goes everywhere, so that "not bad" is blame too.
# Where it bites: clouds and rankings of words by country, "what detractors say" beside "what promoters say".
# Way out: take the words of praise and blame out of the list, and "not", before it is used.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check stopwordsiso==0.7.1
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from stopwordsiso import stopwords

praise_and_blame = {
    "sv": ("bra bättre bäst god gott fin tack", "sämre sämst långsam dålig dyr"),
    "no": ("bra god fin flott", "dårlig verre verst treg dyr"),
    "da": ("god godt fin", "dårlig værre værst langsom dyr"),
    "fi": ("hyvä hyvin parempi kiitos", "huono huonompi hidas kallis"),
    "nl": ("goed beter best fijn", "slecht slechter traag duur"),
}
seen = {"sv": (7, 3), "no": (2, 0), "da": (2, 0), "fi": (4, 0), "nl": (0, 0)}
for language, sides in praise_and_blame.items():
    taken = [[word for word in side.split() if word in stopwords(language)] for side in sides]
    print(f"{language}: praise left out: {', '.join(taken[0]) or '-'}; blame left out: {', '.join(taken[1]) or '-'}")
    assert tuple(map(len, taken)) == seen[language]
assert all(word in stopwords(code) for code, word in (("sv", "inte"), ("no", "ikke"), ("da", "ikke"), ("fi", "ei"), ("nl", "niet")))
comments = ["hyvä palvelu", "parempi hinta, kiitos", "huono palvelu", "hyvä hinta"]
left = [word.strip(",") for comment in comments for word in comment.split() if word.strip(",") not in stopwords("fi")]
print("four Finnish comments, three of praise, are left as:", left)
assert left == ["palvelu", "hinta", "huono", "palvelu", "hinta"]
PY
