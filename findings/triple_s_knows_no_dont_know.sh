#!/usr/bin/env bash
# triple-s-survey 0.3.1: a study in Triple-S 2.0, the exchange format of survey tools: columns of fixed width.
# Guess: "99", which the definition lists beside the range 0 to 10 as "Don't know", is no score, or keeps its label; a comment
# of blanks is none.
# Seen: the column of scores has 99.0, above every other, with no label left and no error for the range; a blank score is
# null. Every comment is filled with blanks to its width, and one that nobody wrote is ten blanks, not null: all
# answers have a comment.
# Where it bites: an NPS of 0 becomes +20 by one who did not know; the share who comment is 100 %.
# Way out: keep what lies in the range of the definition; strip the text, and make the empty ones null.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check triple-s-survey==0.3.1 polars==2.1.0
cat >study.xml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<sss version="2.0"><survey><title>NPS</title><record ident="A">
<variable ident="1" type="quantity"><name>nps</name><label>How likely</label><position start="1" finish="2"/>
<values><range from="0" to="10"/><value code="99">Don't know</value></values></variable>
<variable ident="2" type="character"><name>comment</name><label>Why</label><position start="3" finish="12"/>
<values><size>10</size></values></variable>
</record></survey></sss>
XML
printf '10bra       \n 9          \n 0dyrt      \n 3          \n99          \n            \n' >study.asc
env/bin/python - <<'PY'
from triple_s import read_triple_s

table = read_triple_s("study.xml", "study.asc").to_polars()
scores, comments = table["nps"].to_list(), table["comment"].to_list()
given = [score for score in scores if score is not None]
known = [score for score in given if score <= 10]


def nps(of):
    return 100 * (sum(score >= 9 for score in of) - sum(score <= 6 for score in of)) / len(of)


print("scores", scores, "NPS", nps(given), "of those in the range", nps(known), "\ncomments", comments)
assert scores == [10.0, 9.0, 0.0, 3.0, 99.0, None] and (nps(given), nps(known)) == (20.0, 0.0)
assert comments == ["bra       ", " " * 10, "dyrt      ", " " * 10, " " * 10, " " * 10]
PY
