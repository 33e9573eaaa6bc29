#!/usr/bin/env bash
# cx-economics 1.0.0: NPS with revenue, of customers and (survey_type="B2B") of accounts.
# Guess: a blank score is left out, and each account, being the mean of its answers, is in one of the three groups.
# Seen: a blank is in no group but in the base: 3 promoters, 1 detractor and 4 blanks are an NPS of 25, not 50. For accounts
# the groups are the same, at most 6, 7 to 8, from 9, of means: one with 9 and 8 has 8.5 and is nobody, as are 6.5 and 8.75.
# Three accounts of 9 and 9, 9 and 8, 9 and 8 have an NPS of 33 with one promoter and no passive.
# Where it bites: the more people of an account answer, the rarer is a whole number, and the nearer to 0 the NPS.
# Way out: drop the blanks first; round the means, or count the accounts by a rule of one's own.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check cx-economics==1.0.0 faker==37.12.0 pandas==2.3.3 numpy==2.4.6
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import pandas as pd
from cx_economics import CXEconomics

study = CXEconomics()
answers = pd.DataFrame({"score": [10, 9, 9, 3, None, None, None, None]})
blank = study.calculate_nps(answers, "score")
told = study.calculate_nps(answers.dropna(), "score")
print("with blanks:", blank["nps"], "; without:", told["nps"])
assert (blank["nps"], told["nps"]) == (25, 50) and blank["promoters"] == told["promoters"] == 3

scores = [9, 9, 9, 8, 9, 8]
study.data = pd.DataFrame({"account_id": list("aabbcc"), "pre_ltr": scores, "post_ltr": scores, "pre_revenue": 100.0, "post_revenue": 100.0})
accounts = study.analyze_cx_economics("B2B")["nps_pre"]
print("accounts of 9, 8.5 and 8.5:", {name: round(float(value), 1) for name, value in accounts.items()})
assert (accounts["promoters"], accounts["passives"], accounts["detractors"]) == (1, 0, 0) and round(accounts["nps"], 1) == 33.3
PY
