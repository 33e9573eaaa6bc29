#!/usr/bin/env bash
# babel 2.19.0: numbers.parse_decimal, to read the columns of a Danish or Dutch export in which some system wrote 8.5.
# Guess: a full stop with one or two digits behind it separates no thousands; it is refused, or read as in Swedish.
# Seen: in Danish and Dutch the full stop is taken out wherever it stands: 8.5 is 85 and an amount of 1234.50 is 123450.
# In Swedish, Norwegian and Finnish the same cells are 8.5 and 1234.50. A file of accounts in five countries has a
# hundredfold revenue in two of them; a mean of scores of 7.0 is 70.
# Way out: strict=True refuses such cells in Danish and Dutch, and still reads 1.234,50.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check babel==2.19.0
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from decimal import Decimal

from babel.numbers import NumberFormatError, parse_decimal

for cell, danish, swedish in (("8.5", "85", "8.5"), ("7.0", "70", "7.0"), ("1234.50", "123450", "1234.50")):
    read = {locale: parse_decimal(cell, locale=locale) for locale in ("da_DK", "nl_NL", "sv_SE", "nb_NO", "fi_FI")}
    print(cell, {locale: str(number) for locale, number in read.items()})
    assert read["da_DK"] == read["nl_NL"] == Decimal(danish)
    assert read["sv_SE"] == read["nb_NO"] == read["fi_FI"] == Decimal(swedish)
    try:
        parse_decimal(cell, locale="da_DK", strict=True)
    except NumberFormatError as refused:
        print("   strict:", refused)
    else:
        raise AssertionError("strict reads it now")
assert parse_decimal("1.234,50", locale="da_DK", strict=True) == Decimal("1234.50")
PY
