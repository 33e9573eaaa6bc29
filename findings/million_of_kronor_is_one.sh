#!/usr/bin/env bash
# price-parser 0.5.1: amounts as they stand in Nordic account lists.
# Guess: "1,5 MSEK" and "250 tkr", the usual way to write an account's revenue, are 1,500,000 and 250,000, or nothing.
# Seen: 1.5 with the currency SEK and 250 with the currency kr: the currency is found inside the word and the rest of it left.
# "2 MNOK" is 2 NOK, "1,2 mio. kr" is 1.2 kr. "5-10 kr" is 5 and a credit of "-12 kr" is 12.
# Where it bites: in a column that holds both "1 500 000 kr" and "1,5 MSEK" every row has an amount and a currency.
# Way out: read the prefix oneself first, or refuse a text of which a letter is left.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check price-parser==0.5.1
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from price_parser import Price

for text, amount, currency in (
    ("1 500 000 kr", 1500000, "kr"),
    ("1,5 MSEK", 1.5, "SEK"),
    ("250 tkr", 250, "kr"),
    ("2 MNOK", 2, "NOK"),
    ("1,2 mio. kr", 1.2, "kr"),
    ("5-10 kr", 5, "kr"),
    ("-12 kr", 12, "kr"),
):
    price = Price.fromstring(text)
    print(f"{text}: {price.amount} {price.currency}")
    assert (price.amount_float, price.currency) == (amount, currency)
PY
