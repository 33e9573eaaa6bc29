"""Design-based scores of many groups: `weighted_score` against `svy`, in one run, on the same answers.

The claim: one pass over the rows for all groups, where `svy` takes one pass for each; the same scores. Standard errors
differ by the leverage of large clusters, which `svy` (Taylor's variance) does not know.
Run: python benchmarks/clustered.py
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import polars as pl
import svy

from nps_utils.stats.weighting.weighted_interval import weighted_score

ANSWERS, ACCOUNTS = 200_000, 20_000


def main() -> None:
    """Print seconds, the ratio and the largest differences for 10, 100 and 1,000 groups."""
    print(f"{ANSWERS:,} answers of {ACCOUNTS:,} accounts, weighted")
    print(f"{'groups':>8} {'ours s':>8} {'svy s':>8} {'ratio':>8} {'difference of nps':>18} {'of se':>8}")
    for groups in (10, 100, 1_000):
        rng = np.random.default_rng(groups)
        answers = pd.DataFrame(
            {
                "score": rng.integers(0, 11, ANSWERS),
                "account_id": rng.integers(0, ACCOUNTS, ANSWERS),
                "weight": rng.uniform(0.5, 3, ANSWERS),
                "group": rng.integers(0, groups, ANSWERS),
            }
        )
        start = time.perf_counter()
        ours = weighted_score(answers, by=["group"], weight="weight", cluster="account_id")
        seconds = time.perf_counter() - start
        points = 100.0 * ((answers["score"] >= 9).astype(int) - (answers["score"] <= 6).astype(int))
        data = pl.from_pandas(answers.assign(points=points))
        start = time.perf_counter()
        sample = svy.Sample(data, svy.Design(psu="account_id", wgt="weight"))
        found = sample.estimation.mean("points", by="group")
        theirs = time.perf_counter() - start
        if not isinstance(found, svy.Estimate):
            raise TypeError("svy returned several estimates for one column")
        table = found.to_polars().with_columns(pl.col("group").cast(pl.Int64)).sort("group")
        nps = np.abs(table["est"].to_numpy() - ours["nps"].to_numpy()).max()
        se = np.abs(table["se"].to_numpy() / ours["se"].to_numpy() - 1).max()
        print(f"{groups:>8} {seconds:>8.2f} {theirs:>8.2f} {theirs / seconds:>8.0f} {nps:>18.1e} {se:>8.1%}")


if __name__ == "__main__":
    main()
