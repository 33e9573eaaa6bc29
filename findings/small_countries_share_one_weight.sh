#!/usr/bin/env bash
# balance 0.23.0: adjust(method="rake"), as called, weighs a sample of four countries to the population.
# Guess: after raking every country has its share of the population, the small ones too; that is what raking is.
# Seen: values of less than 5 % are first thrown together as "_lumped_other" (transformations="default"). Iceland and
# Finland, 2 % and 4 % of the customers, get one weight; Finland ends at 1.2 % and Iceland at 4.9 %. Post-stratification
# does the same. The large countries are right to four digits, and the sum of the weights is, so nobody looks.
# Where it bites: small countries and product lines, the very ones that weighting is done for.
# Way out: transformations=None.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check balance==0.23.0 pandas==3.0.6 numpy==1.26.4 scipy==1.13.1 scikit-learn==1.3.2 statsmodels==0.15.0
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import logging

import pandas as pd

logging.disable(logging.CRITICAL)
from balance import Sample

population = {"SE": 1000, "NO": 840, "FI": 80, "IS": 40}
answers = {"SE": 200, "NO": 160, "FI": 4, "IS": 16}


def people(counts):
    rows = [(country, size) for country, n in counts.items() for size in ("small", "large") for _ in range(n // 2)]
    return pd.DataFrame(rows, columns=["country", "size"]).assign(id=lambda table: table.index.astype(str))


sample = Sample.from_frame(people(answers), id_column="id").set_target(Sample.from_frame(people(population), id_column="id"))
whole = sum(population.values())
print("population  ", {country: round(100 * n / whole, 1) for country, n in population.items()})
for method in ("rake", "poststratify"):
    for said, seen in (({}, {"FI": 1.2, "IS": 4.9}), ({"transformations": None}, {"FI": 4.1, "IS": 2.0})):
        table = sample.adjust(method=method, variables=["country", "size"], **said).df
        shares = (100 * table.groupby("country")["weight"].sum() / table["weight"].sum()).round(1)
        print(f"{method:12}", shares.to_dict(), said or "as called")
        assert abs(table["weight"].sum() - whole) < 1e-6
        assert {country: shares[country] for country in seen} == seen
PY
