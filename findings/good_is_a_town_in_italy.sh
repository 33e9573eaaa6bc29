#!/usr/bin/env bash
# geotext 0.4.0: the countries that comments speak of, country_mentions.
# Guess: "Bra service", good service in Swedish and Norwegian, speaks of none.
# Seen: it speaks of Italy: Bra is a town in Piedmont. Only a word with a capital is taken, so that it is where a comment
# begins with its praise that it is abroad; "Mycket bra" is at home. English "Nice!" is France, and "Best", which all of them
# write, the Netherlands.
# Where it bites: mentions of Italy go up and down with the NPS.
# Way out: leave out towns that are words of the language; the names of countries alone.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check geotext==0.4.0
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from geotext import GeoText

for text, countries in (
    ("Bra service, men dyrt", {"IT": 1}),
    ("Bra", {"IT": 1}),
    ("Mycket bra", {}),
    ("Nice!", {"FR": 1}),
    ("Dere er Best", {"NL": 1}),
    ("Dyrt", {}),
    ("Lang kø", {}),
    ("Sen levering", {}),
):
    seen = GeoText(text)
    print(f"{text}: {seen.cities} {dict(seen.country_mentions)}")
    assert dict(seen.country_mentions) == countries
PY
