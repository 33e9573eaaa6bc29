#!/usr/bin/env bash
# RapidFuzz 3.14.6: process.extractOne(name, accounts, processor=default_process), the usual way to an account by its name.
# Guess: "If" finds "If Skadeförsäkring", and "DNB" does not find "Handnbok" as good as "DNB Bank ASA".
# Seen: "If" finds "Kniffen" at 90, and so "Griff" and "Swiftcourt"; "If Skadeförsäkring" has 60. A name that is part of another
# counts 0.9 of whole, whatever letters stand around it, until the other is eight times as long, and then 0.6.
# "DNB" has 90 for both. "SJ AB" and "Hansjö AB" are at 86, where 85 is the usual limit.
# Where it bites: the short names of large Nordic accounts are found in the longer names of small ones; their answers go there.
# Way out: fuzz.token_sort_ratio, or whole words first and the ratio for the rest.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check rapidfuzz==3.14.6
env/bin/python - <<'PY'
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process


def found(name, accounts, **said):
    return [(account, round(score)) for account, score, _ in process.extract(name, accounts, processor=default_process, **said)]


accounts = ["If Skadeförsäkring", "Kniffen", "Griff", "Swiftcourt", "Telia"]
for name, among in (("If", accounts), ("DNB", ["DNB Bank ASA", "Handnbok", "SEB"]), ("SJ AB", ["SJ", "Hansjö AB"])):
    print(f"{name}: {found(name, among)}")
assert found("If", accounts)[:4] == [("Kniffen", 90), ("Griff", 90), ("Swiftcourt", 90), ("If Skadeförsäkring", 60)]
assert found("DNB", ["DNB Bank ASA", "Handnbok", "SEB"])[:2] == [("DNB Bank ASA", 90), ("Handnbok", 90)]
assert found("SJ AB", ["SJ", "Hansjö AB"]) == [("SJ", 90), ("Hansjö AB", 86)]
assert process.extractOne("If", ["If", "Kniffen"], processor=default_process)[0] == "If"
assert process.extractOne("SJ AB", ["SJ", "Hansjö AB"], scorer=fuzz.token_sort_ratio, processor=default_process)[1] < 80
PY
