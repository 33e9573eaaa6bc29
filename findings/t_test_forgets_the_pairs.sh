#!/usr/bin/env bash
# @formulajs/formulajs 4.6.1 (Node 20), the functions of Excel in JavaScript: T.TEST and F.TEST on scores.
# Guess: T.TEST(before, after, 2, 1) is the two-sided p value of the paired test, F.TEST a p value too.
# Seen: T.TEST looks at its first two arguments only. The same customers, up by 1.2 on average, have p = 0.52 whether
# the test is paired (Excel: 0.033), of equal or unequal variance, one-sided or two-sided. F.TEST gives the ratio of
# the variances, 0.84, where Excel gives p = 0.87. Checked against scipy 1.17.1.
# Where it bites: no paired change of any customers is ever found; a ratio of 0.04 would be read as a significant p.
# Way out: jStat or scipy for the tests; of formula.js only the distributions (T.DIST.2T, F.DIST.RT).
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check scipy==1.17.1 numpy==2.4.6
npm install --silent --no-audit --no-fund --prefix . @formulajs/formulajs@4.6.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
OMP_NUM_THREADS=1 env/bin/python - <<'PY'
from scipy.stats import f, ttest_ind, ttest_rel
import numpy as np

after, before = [10, 9, 8, 7, 3], [9, 9, 6, 5, 2]
ratio = np.var(after, ddof=1) / np.var(before, ddof=1)
paired, equal = ttest_rel(after, before).pvalue, ttest_ind(after, before).pvalue
both = 2 * min(f.cdf(ratio, 4, 4), f.sf(ratio, 4, 4))
print(f"scipy: paired {paired:.4f}, two samples {equal:.4f}, variances {both:.4f} of a ratio of {ratio:.4f}")
assert (round(paired, 4), round(equal, 4), round(ratio, 4), round(both, 2)) == (0.0327, 0.5212, 0.8391, 0.87)
PY
node - <<'JS'
const assert = require("node:assert");
const { T, F } = require("@formulajs/formulajs");
const after = [10, 9, 8, 7, 3];
const before = [9, 9, 6, 5, 2];
const ways = { paired: [2, 1], "equal variance": [2, 2], "unequal variance": [2, 3], "paired, one-sided": [1, 1] };
for (const [name, [tails, type]] of Object.entries(ways)) {
  const p = T.TEST(after, before, tails, type);
  console.log(`formula.js, ${name}: ${p.toFixed(4)}`);
  assert.equal(p.toFixed(4), "0.5212");
}
console.log("formula.js, F.TEST:", F.TEST(after, before).toFixed(4));
assert.equal(F.TEST(after, before).toFixed(4), "0.8391");
JS
