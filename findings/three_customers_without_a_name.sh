#!/usr/bin/env bash
# cleanco 2.3: basename(), to bring the accounts of two systems together by their names without the legal form.
# Guess: "SAS AB" is "SAS", and "AB Volvo" meets "Volvo AB".
# Seen: forms of all countries are taken off one after the other, until nothing is left: SAS is a French form, KS and KF
# are Nordic ones. Three large organisations have the name "" and are one account, joined without a word to each other
# and to every blank. "AB Volvo" keeps its AB, since only ends are looked at, and "Nordea Bank Abp" its Abp.
# Where it bites: answers by account, and revenue at risk: the sums are right, the rows are not.
# Way out: where basename() is empty keep the name as it was; prefix=True for the other.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check cleanco==2.3
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from cleanco import basename

names = ["SAS AB", "SAS", "KF", "KS", "Volvo AB", "AB Volvo", "Nordea Bank Abp", "Danfoss A/S", "Stora Enso Oyj"]
bare = {name: basename(name) for name in names}
print(bare)
assert [bare[name] for name in ("SAS AB", "SAS", "KF", "KS")] == [""] * 4
assert bare["Volvo AB"] == "Volvo" and bare["AB Volvo"] == "AB Volvo" and bare["Nordea Bank Abp"] == "Nordea Bank Abp"
assert basename("AB Volvo", prefix=True) == "Volvo"
assert bare["Danfoss A/S"] == "Danfoss" and bare["Stora Enso Oyj"] == "Stora Enso"
PY
