#!/usr/bin/env bash
# statsmodels 0.15.0: ols(...).fit(cov_type="cluster", cov_kwds={"groups": ids}) of scores, errors clustered by account.
# Guess: answers without an account (NaN in the numbers of the accounts) are dropped, as missing scores are, or refused.
# Seen: they are all one account. With 30 answers of eight accounts and 30 of nobody known, the standard error of the
# difference of two waves is 0.40; with each of the 30 an account of its own it is 0.72, without them 0.79. The interval
# is half as wide as it should be. GEE drops the 30 by itself; linearmodels
# 7.1 refuses them and says why.
# Where it bites: anonymous answers beside those of known accounts.
# Way out: fill the blanks with numbers of their own, or drop them first.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check statsmodels==0.15.0 linearmodels==7.1 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import numpy as np
import pandas as pd
import statsmodels.api as sm
import statsmodels.formula.api as smf
from linearmodels.iv import IV2SLS

scores = np.random.default_rng(1).integers(0, 11, 60).astype(float)
answers = pd.DataFrame({"account": np.arange(60) // 4 * 1.0, "wave": np.arange(60) % 2.0, "score": scores})
answers.loc[30:, "account"] = np.nan
blank = answers["account"].isna()


def error(table):
    fit = smf.ols("score ~ wave", table).fit(cov_type="cluster", cov_kwds={"groups": table["account"]})
    return round(float(fit.bse["wave"]), 2), int(fit.nobs)


called = error(answers)
one = error(answers.fillna({"account": 99.0}))
own = error(answers.assign(account=answers["account"].mask(blank, 100.0 + np.arange(60))))
dropped = error(answers[~blank])
print("error and answers: as called", called, ", one account", one, ", accounts of their own", own, ", dropped", dropped)
assert called == one == (0.4, 60) and own == (0.72, 60) and dropped == (0.79, 30)
gee = sm.GEE.from_formula("score ~ wave", groups="account", data=answers).fit()
print("GEE:", int(gee.nobs), "answers")
assert gee.nobs == 30
try:
    IV2SLS.from_formula("score ~ 1 + wave", answers).fit(cov_type="clustered", clusters=answers["account"])
    raise AssertionError("linearmodels took them")
except ValueError as refused:
    print("linearmodels:", refused)
PY
