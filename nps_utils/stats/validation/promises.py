"""Every promise of the methods with what was counted or simulated for it: the evidence behind one page.

All of it is free of any study's data, and the same on every run: seeds are fixed here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import metadata
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from nps_utils.stats.monitoring.repeated_looks import false_alarms
from nps_utils.stats.validation import by_counting, by_simulation, of_accounts
from nps_utils.stats.validation.kept import read_kept
from nps_utils.stats.validation.of_groups import coverage_of_clustered, coverage_of_ranks, coverage_of_segments

SEED: Final = 20261121
LEVEL: Final = 0.95
ALPHA: Final = 0.05
# Below ten answers no interval promises more than to be wide.
LEAST_N: Final = 10
# With all populations of so few customers, as B2B surveys have them.
_FINITE: Final = ((20, 12), (20, 16), (30, 20))
_PAIRS: Final = ((10, 10), (20, 20), (10, 40), (40, 10))
_LIBRARIES: Final = ("numpy", "scipy", "pandas", "polars", "narwhals", "statsmodels", "scikit-learn", "matplotlib")


class Evidence(NamedTuple):
    """What was counted over every outcome (`one` to `target`) and what was simulated (the rest), one table each."""

    one: pd.DataFrame
    finite: pd.DataFrame
    change: pd.DataFrame
    size: pd.DataFrame
    target: pd.DataFrame
    panel: pd.DataFrame
    mean: pd.DataFrame
    mix: pd.DataFrame
    trend: pd.DataFrame
    alarms: pd.DataFrame
    clustered: pd.DataFrame
    account_change: pd.DataFrame
    account_trend: pd.DataFrame
    account_mix: pd.DataFrame
    account_looks: pd.DataFrame
    experiment: pd.DataFrame
    segments: pd.DataFrame
    ranks: pd.DataFrame


# Draws of one row of what was simulated, for its error; of segments, all segments of all draws.
_DRAWS: Final[Mapping[tuple[str, str], int]] = {
    ("panel", "same people"): 4000,
    ("mean", "mean"): 2000,
    ("kitagawa", "mix or real"): 800,
    ("line", "no trend"): 1000,
    ("sequence", "weekly looks"): 1000,
    ("difference_sequence", "weekly looks at two"): 1000,
    ("clustered", "accounts alike"): 1000,
    ("clustered", "no change"): 800,
    ("clustered", "no trend"): 1000,
    ("clustered", "mix or real"): 400,
    ("clustered", "weekly looks"): 150,
    ("arms", "no effect"): 200,
    ("arms_prior", "no effect"): 200,
    ("shrunk", "small segments"): 1600,
    ("ranks", "ranks"): 60,
}


def gather_evidence() -> Evidence:
    """Return everything that the page shows: as kept for this version of the methods, or counted and simulated now.

    It is the same for every study. `make evidence` writes it anew when a method, numpy or scipy has changed.
    """
    kept = read_kept(Evidence._fields)
    return make_evidence() if kept is None else Evidence(*kept)


def make_evidence() -> Evidence:
    """Count and simulate everything that the page shows; about five minutes."""
    return Evidence(**{name: make() for name, make in MAKERS.items()})


MAKERS: Final[Mapping[str, Callable[[], pd.DataFrame]]] = {
    "one": lambda: by_counting.coverage_of_score(sizes=(5, 7, 10, 15, 20, 35, 50, 100)),
    "finite": lambda: by_counting.coverage_in_finite_population(sizes=_FINITE),
    "change": lambda: by_counting.coverage_of_change(sizes=_PAIRS[:3], methods=("score", "wald"), pairs=100, rng=SEED),
    "size": lambda: by_counting.size_of_change(sizes=_PAIRS),
    "target": lambda: by_counting.size_of_benchmark(sizes=(10, 20)),
    "panel": lambda: by_simulation.coverage_of_panel(draws=4000, rng=SEED),
    "mean": lambda: by_simulation.coverage_of_mean(sizes=(10, 20, 50), draws=2000, rng=SEED),
    "mix": lambda: by_simulation.coverage_of_mix(draws=800, rng=SEED),
    "trend": lambda: by_simulation.size_of_trend(rng=SEED),
    "alarms": lambda: false_alarms(rng=SEED, replicates=1000),
    "clustered": lambda: coverage_of_clustered(rng=SEED),
    "account_change": lambda: of_accounts.size_of_clustered_change(draws=800, rng=SEED),
    "account_trend": lambda: of_accounts.size_of_clustered_trend(draws=1000, rng=SEED),
    "account_mix": lambda: of_accounts.coverage_of_mix_by_account(draws=400, rng=SEED),
    "account_looks": lambda: of_accounts.alarms_by_account(draws=150, rng=SEED),
    "experiment": lambda: of_accounts.size_of_experiment(draws=200, rng=SEED),
    "segments": lambda: coverage_of_segments(draws=200, rng=SEED),
    "ranks": lambda: coverage_of_ranks(rng=SEED),
}


def promises(evidence: Evidence) -> pd.DataFrame:
    """Set each promise, at its nominal level, beside what was found.

    Coverage is the first percentile over populations where outcomes were enumerated, and the least row where they were
    simulated. A promise is kept where what was found is the nominal level when rounded to a whole percent; of what was
    simulated, where it is no further from it than two standard errors of the draws of one row.

    Returns
    -------
    One row per promise: `method` and `what` (keys; words are in `tables`), `by` (enumeration or simulation), `least_n`
    (the smallest number of answers, looks' answers or accounts), `target` (the nominal level), `found` (0..1), `error`
    (two standard errors of its simulation, 0 of enumeration), `side` ("at least" for coverage, "at most" for false
    alarms), `kept`.
    """
    one = evidence.one[evidence.one["n"] >= LEAST_N].set_index("method")["coverage_first_percentile"]
    finite = evidence.finite.groupby("method").min(numeric_only=True)
    change = evidence.change.set_index("method")["coverage_first_percentile"]
    size = evidence.size.set_index("method")["size"]
    alarms = evidence.alarms.groupby("method")["false_alarms"].max()
    mix = evidence.mix.loc[evidence.mix["segment"] == "total", "coverage"]
    trend = evidence.trend[["slope", "scatter", "equal"]]
    lines = evidence.account_trend[["slope", "equal"]]
    least, most = "at least", "at most"
    rows = [
        ("score", "one score", "enumeration", 10, LEVEL, one["score"].min(), least),
        ("score", "finite population", "enumeration", 12, LEVEL, finite["coverage_first_percentile"]["score"], least),
        ("exact", "finite population", "enumeration", 12, LEVEL, finite["coverage_least"]["exact"], least),
        ("score", "change", "enumeration", 10, LEVEL, change["score"].min(), least),
        ("score", "no change", "enumeration", 10, ALPHA, size["score"].max(), most),
        ("score", "at the target", "enumeration", 10, ALPHA, evidence.target["size_largest"].max(), most),
        ("panel", "same people", "simulation", 10, LEVEL, evidence.panel["coverage"].min(), least),
        ("mean", "mean", "simulation", 10, LEVEL, evidence.mean["coverage"].min(), least),
        ("kitagawa", "mix or real", "simulation", 200, LEVEL, mix.min(), least),
        ("line", "no trend", "simulation", 10, ALPHA, trend.max().max(), most),
        ("sequence", "weekly looks", "simulation", 5, ALPHA, alarms["sequence"], most),
        ("difference_sequence", "weekly looks at two", "simulation", 5, ALPHA, alarms["difference_sequence"], most),
        ("clustered", "accounts alike", "simulation", 8, LEVEL, evidence.clustered["by_account"].min(), least),
        ("clustered", "no change", "simulation", 8, ALPHA, evidence.account_change["by_account"].max(), most),
        ("clustered", "no trend", "simulation", 20, ALPHA, lines.max().max(), most),
        ("clustered", "mix or real", "simulation", 12, LEVEL, evidence.account_mix["by_account"].min(), least),
        ("clustered", "weekly looks", "simulation", 12, ALPHA, evidence.account_looks["sequence"].max(), most),
        ("arms", "no effect", "simulation", 10, ALPHA, evidence.experiment["plain"].max(), most),
        ("arms_prior", "no effect", "simulation", 10, ALPHA, evidence.experiment["adjusted"].max(), most),
        ("shrunk", "small segments", "simulation", 5, LEVEL, evidence.segments["shrunk"].min(), least),
        ("ranks", "ranks", "simulation", 5, LEVEL, evidence.ranks["coverage"].min(), least),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["method", "what", "by", "least_n", "target", "found", "side"])
    simulated = np.array([_DRAWS.get((str(m), str(w)), np.inf) for m, w in table[["method", "what"]].to_numpy()])
    error = 2 * np.sqrt(LEVEL * ALPHA / simulated)
    found, target = table["found"].round(2), table["target"]
    above, below = (found >= (target - error).round(2)), (found <= (target + error).round(2))
    table.insert(6, "error", error)
    return table.assign(kept=above.where(table["side"] == least, below))


def largest_sizes(size: pd.DataFrame) -> pd.DataFrame:
    """Return the largest size of each method over all cases without a change, by numbers of answers.

    Returns
    -------
    `n_before`, `n_after`, `method`, `size` (0..1), in the order of the sizes given.
    """
    keys = ["n_before", "n_after", "method"]
    return size.groupby(keys, sort=False)["size"].max().reset_index()


def largest_alarms(alarms: pd.DataFrame) -> pd.DataFrame:
    """Return the largest rate of false alarms over all mixes, by way of watching and answers per look.

    Returns
    -------
    `method`, `per_look`, `false_alarms` (0..1), `final_width` (points, mean over mixes).
    """
    grouped = alarms.groupby(["method", "per_look"], sort=False)
    return grouped.agg(false_alarms=("false_alarms", "max"), final_width=("final_width", "mean")).reset_index()


def versions() -> pd.DataFrame:
    """Return the versions of this library and of those that compute its numbers: `library`, `version`."""
    names = ["nps-utils", *_LIBRARIES]
    return pd.DataFrame({"library": names, "version": [metadata.version(name) for name in names]})
