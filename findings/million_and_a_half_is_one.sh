#!/usr/bin/env bash
# Babel 2.19.0: format_compact_currency() and format_compact_decimal(), for revenue at risk in a summary.
# Guess: 1,490,000 is "1,5 mn kr" in Swedish, as a browser's compact numbers write it.
# Seen: "1 mn kr", and 1,510,000 is "2 mn kr": no decimal unless asked for, in any language, at any size. 2,500,000 is "2 mn"
# and 3,500,000 "4 mn", half to even. Node 20 writes 1,5 and 2,5.
# Where it bites: a third of the revenue at risk is gone, and two accounts that differ by a little are twice each other.
# Way out: fraction_digits=1.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check babel==2.19.0
env/bin/python - <<'PY'
from babel.numbers import format_compact_currency, format_compact_decimal

for language, one, two in (("sv", "1 mn kr", "2 mn kr"), ("nb", "1 mill. SEK", "2 mill. SEK"), ("da", "1 mio. SEK", "2 mio. SEK"), ("fi", "1 milj. SEK", "2 milj. SEK")):
    plain = [format_compact_currency(amount, "SEK", locale=language).replace("\xa0", " ") for amount in (1_490_000, 1_510_000)]
    asked = format_compact_currency(1_490_000, "SEK", locale=language, fraction_digits=1)
    print(language, plain, "asked for one decimal:", asked.replace("\xa0", " "))
    assert plain == [one, two] and "1,5" in asked
halves = [format_compact_decimal(amount, locale="sv").replace("\xa0", " ") for amount in (2_500_000, 3_500_000)]
print(halves)
assert halves == ["2 mn", "4 mn"]
PY
node -e '
const written = [1490000, 2500000].map((amount) => new Intl.NumberFormat("sv", { notation: "compact" }).format(amount).replace(/\s/g, " "));
console.log("Node:", written.join(", "));
require("node:assert").deepEqual(written, ["1,5 mn", "2,5 mn"]);'
