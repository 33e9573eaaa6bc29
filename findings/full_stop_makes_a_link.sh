#!/usr/bin/env bash
# linkify-it-py 2.2.0 and urlextract 1.10.0: a comment with no space after its full stop, as phones write them.
# Guess: "Veldig bra.Vi er kunder" has no link; words without www or a path are words.
# Seen: .vi, .er, .nu, .de, .at, .et, .om, .se, .no, .is, .al and .men are top-level domains and the commonest Nordic
# and Dutch words to begin a sentence with. Both take "bra.Vi", "service.De", "Kundservice.Nu" for links. Who masks
# links as personal data loses the word that bears the praise, and a rendered comment links to a stranger.
# Way out: a scheme or www must stand before it (fuzzy_link off).
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check linkify-it-py==2.2.0 urlextract==1.10.0
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from linkify_it import LinkifyIt
from urlextract import URLExtract

linkify, extract = LinkifyIt(), URLExtract()
comments = {
    "Veldig bra.Vi er kunder": "bra.Vi",
    "Rask.Er godt kjent": "Rask.Er",
    "Kundservice.Nu funkar det": "Kundservice.Nu",
    "Hurtig levering.De er gode": "levering.De",
    "Goede service.De prijs is hoog": "service.De",
    "Bra.Om vi kan": "Bra.Om",
    "Dyrt.At vente er surt": "Dyrt.At",
    "Fint.Et lite minus": "Fint.Et",
    "Top.Al jaren klant": "Top.Al",
}
for comment, word in comments.items():
    one, two = [m.text for m in linkify.match(comment) or []], extract.find_urls(comment)
    print(f"{comment!r}: linkify-it {one}, urlextract {two}")
    assert one == two == [word]
assert not linkify.match("Bra service.Men dyrt") and extract.find_urls("Bra service.Men dyrt") == ["service.Men"]
assert not linkify.match("Veldig bra. Vi er kunder") and not extract.find_urls("Veldig bra. Vi er kunder")
linkify.set({"fuzzy_link": False})
assert not any(linkify.match(comment) for comment in comments)
PY
