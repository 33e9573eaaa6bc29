#!/usr/bin/env bash
# dateparser 1.5.0: search_dates() over comments, to find the days that customers speak of.
# Guess: "Jag ger 10, tack" (I give it a 10, thanks) speaks of no day.
# Seen: of October, since 10 is a month and the comma is no matter; so in Swedish, Danish, Norwegian, Dutch and Finnish, and
# for a comment that begins with "10,". Of the eleven scores it is the only one: 0 to 9 with a comma are none, and neither is
# a 10 without one, so that the promoters alone speak of October.
# Way out: take only what holds a letter or a sign of a date, as REQUIRE_PARTS: ["day"] does here.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check dateparser==1.5.0
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from datetime import datetime

from dateparser.search import search_dates

comments = {"sv": "Jag ger {}, tack", "da": "Jeg giver {}, tak", "nb": "Jeg gir {}, takk", "nl": "Ik geef {}, dank", "fi": "Annan {}, kiitos"}


def found(text, language, **more):
    settings = {"RELATIVE_BASE": datetime(2026, 11, 30), **more}
    return [(words, day.strftime("%Y-%m")) for words, day in search_dates(text, languages=[language], settings=settings) or []]


for language, text in comments.items():
    scores = {score: found(text.format(score), language) for score in range(11)}
    print(text.format(10), {score: days for score, days in scores.items() if days})
    assert {score: days for score, days in scores.items() if days} == {10: [("10", "2026-10")]}
    assert not found(text.format(10).replace(",", ""), language)
    assert not found(text.format(10), language, REQUIRE_PARTS=["day"])
assert found("10, bra service", "sv") == [("10", "2026-10")]
PY
