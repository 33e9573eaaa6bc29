#!/usr/bin/env bash
# CurrencyConverter 0.18.23: convert(amount, "ISK", "EUR", date=...) with fallback_on_missing_rate=True, the setting that
# makes up for weekends and holidays, on which the European Central Bank sets no rate.
# Guess: years for which there is no rate at all, for the Icelandic krona those between 2008 and 2018, are refused.
# Seen: every day of them has one, on a straight line from the last rate to the first after it: 290 a euro in December
# 2008, 209 in June 2013, 125 in February 2018. Nothing is said, unless by verbose=True. By "last_known" the amounts of
# June 2013 are 28 % less.
# Where it bites: revenue of accounts over the years in one currency: an Icelandic account grows by the line.
# Way out: fill the days of a weekend oneself, at most a few, from the day before, and let the others be refused.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check CurrencyConverter==0.18.23
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
from datetime import date

from currency_converter import CurrencyConverter, RateNotFoundError


def rate(day, **said):
    return round(CurrencyConverter(**said).convert(1, "EUR", "ISK", date=day))


filled, last = {"fallback_on_missing_rate": True}, {"fallback_on_missing_rate": True, "fallback_on_missing_rate_method": "last_known"}
for day in (date(2008, 12, 10), date(2013, 6, 3), date(2018, 1, 31)):
    try:
        raise AssertionError(rate(day))
    except RateNotFoundError:
        pass
line = [rate(date(year, 6, 3), **filled) for year in (2009, 2011, 2013, 2015, 2017)]
print("set:", rate(date(2008, 12, 9)), rate(date(2018, 2, 1)), "; on 3 June 2009 to 2017:", line, "; last known:", rate(date(2013, 6, 3), **last))
assert (rate(date(2008, 12, 9)), rate(date(2018, 2, 1))) == (290, 125)
assert line == [281, 245, 209, 173, 137] and rate(date(2013, 6, 3), **last) == 290
PY
