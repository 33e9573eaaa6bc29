#!/usr/bin/env bash
# dateparser 1.5.0: dates as people write them in Sweden, with languages=["sv"].
# Guess: "2/3 2026" and "2.3.2026" are the second of March, as in Norway, Denmark, Finland and the Netherlands.
# Seen: the third of February; but "02.03.2026" is the second of March, and "13/3 2026" the thirteenth: a column written
# by one hand is of two orders, by the zero before the digit and by the day of the month. Nothing is said.
# Since Swedish writes 2026-03-02 first of all, the others are taken to be month first too. Babel reads all of them right.
# Where it bites: answers fall into the wrong month or wave; those of the first twelve days only.
# Way out: settings={"DATE_ORDER": "DMY"}.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check dateparser==1.5.0 babel==2.19.0
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import dateparser
from babel.dates import parse_date


def read(text, language="sv", **said):
    return dateparser.parse(text, languages=[language], **said).date().isoformat()


for text, seen in (("2/3 2026", "2026-02-03"), ("2.3.2026", "2026-02-03"), ("02.03.2026", "2026-03-02"), ("13/3 2026", "2026-03-13")):
    others = {language: read(text, language) for language in ("nb", "da", "fi", "nl")}
    told = read(text, settings={"DATE_ORDER": "DMY"})
    print(f"{text}: in Swedish {read(text)}, elsewhere {sorted(set(others.values()))}, told the order {told}")
    assert read(text) == seen
    assert set(others.values()) == {told} == {parse_date(text, locale="sv_SE").isoformat()}
PY
