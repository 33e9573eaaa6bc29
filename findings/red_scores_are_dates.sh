#!/usr/bin/env bash
# pylightxl 1.61 and xlsx2csv 0.8.6: scores of an XLSX whose cells have a number format, as Excel paints and words them.
# Guess: a 10 is 10 whatever the colour or unit that is shown with it, as in openpyxl 3.1.5.
# Seen: a format with [Red] first, such as one that paints detractors, [Red][<=6]0;[Green][>=9]0;0, makes dates in pylightxl:
# 10 is "1900/01/09", and so it is with a unit such as 0 "dagar" (days), for the letter d in it. xlsx2csv minds no colours
# but puts the day of the date 10 into the unit: the cell is 0 "09agar", and its number is gone.
# Where it bites: the scores of the one sheet that somebody painted are text, and none of them counts.
# Way out: openpyxl or calamine.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check pylightxl==1.61 xlsx2csv==0.8.6 openpyxl==3.1.5
env/bin/python - <<'PY'
import io

import openpyxl
import pylightxl
from xlsx2csv import Xlsx2csv

formats = ['[Red][<=6]0;[Green][>=9]0;0', '0 "dagar"', "+0;-0;0", "General"]
book = openpyxl.Workbook()
for form in formats:
    book.active.append([10])
    book.active.cell(book.active.max_row, 1).number_format = form
book.save("scores.xlsx")
text = io.StringIO()
Xlsx2csv("scores.xlsx", outputencoding="utf-8").convert(text)
light = [row[0] for row in pylightxl.readxl("scores.xlsx").ws("Sheet").rows]
comma = text.getvalue().splitlines()
plain = [row[0].value for row in openpyxl.load_workbook("scores.xlsx").active.iter_rows()]
for form, one, two, three in zip(formats, light, comma, plain):
    print(f"{form}: pylightxl {one!r}, xlsx2csv {two!r}, openpyxl {three!r}")
assert light == ["1900/01/09", "1900/01/09", 10, 10] and plain == [10] * 4
assert comma == ["10", '"0 ""09agar"""', "10", "10"]
PY
