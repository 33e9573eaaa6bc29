#!/usr/bin/env bash
# csvkit 2.2.0 (agate 1.14.2): in2csv, csvstat and the other tools of csvkit on scores as people write them.
# Guess: "9/10" is text, a column of 0 and 1 is numbers, and 02.03.2026 is text or 2 March.
# Seen: "9/10" is 10 September 2001 and "10/10" 10 October 2001; a wave in which only 0 and 1 were given is True and False, and has
# no mean in csvstat; 02.03.2026 is 3 February, while one 13.03.2026 makes the column text.
# Where it bites: in2csv and csvsql write what they understood: the scores in the new file are days.
# Way out: --no-inference (-I).
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check csvkit==2.2.0 agate==1.14.2
tool() { env/bin/python -c "import sys; from csvkit.utilities.in2csv import launch_new_instance as go; sys.argv[0] = 'in2csv'; go()" "$@"; }
show() { printf '%s\n' "$1: $(paste -sd' ' "$2")"; }
printf 'id,nps,answered\n1,9/10,02.03.2026\n2,10/10,03.03.2026\n3,7/10,04.03.2026\n' >words.csv
printf 'id,nps,answered\n11,0,02.03.2026\n12,1,13.03.2026\n13,0,14.03.2026\n' >worst.csv
tool words.csv >words.out
tool worst.csv >worst.out
tool -I words.csv >plain.out
show "as called" words.out
show "0 and 1  " worst.out
show "with -I  " plain.out
[ "$(sed -n 2p words.out)" = "1,2001-09-10,2026-02-03" ]
[ "$(sed -n 3p words.out)" = "2,2001-10-10,2026-03-03" ]
[ "$(sed -n 2p worst.out)" = "11,False,02.03.2026" ]
[ "$(env/bin/python -c "from csvkit.utilities.csvstat import launch_new_instance as go; go()" --mean worst.csv | sed -n 2p)" = "  2. nps: None" ]
[ "$(sed -n 2p plain.out)" = "1,9/10,02.03.2026" ]
