"""Claims: an exact test of two waves of 500 answers within a second; 50,000 comparisons in one call.

Run: python benchmarks/change.py
Prints one line per claim with the measured times, the ratio to the stated alternative, and the goal.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats
from timing import best_of

from nps_utils.stats.change import compare

COUNTS = ["detractors", "passives", "promoters"]
GROUPS = 50_000
LOOPED = 200
SAMPLED = 9999


def difference(
    one: np.typing.NDArray[np.int_], two: np.typing.NDArray[np.int_], axis: int
) -> np.typing.NDArray[np.float64]:
    """Return the change of the score along an axis."""
    return np.asarray(two.mean(axis=axis) - one.mean(axis=axis))


def main() -> None:
    """Measure and print both claims."""
    waves = pd.DataFrame([(100, 150, 250), (80, 150, 270)], columns=COUNTS).assign(wave=["a", "b"])
    ours = best_of(5, lambda: compare(waves, across="wave", method="exact"))
    one, two = (np.repeat([-1, 0, 1], row) for row in waves[COUNTS].to_numpy())
    theirs = best_of(
        1,
        lambda: stats.permutation_test(
            (one, two), difference, vectorized=True, n_resamples=SAMPLED, batch=500, rng=np.random.default_rng(1)
        ),
    )
    exact = compare(waves, across="wave", method="exact")["pvalue"].iloc[0]
    print(
        f"exact test, 500 answers a wave: {1000 * ours:.0f} ms (goal: 1 s), p = {exact:.4f}; "
        f"scipy.stats.permutation_test with {SAMPLED:,} random permutations: {theirs:.1f} s; ratio {theirs / ours:,.0f}"
    )
    rng = np.random.default_rng(1)
    drawn = rng.multinomial(rng.integers(10, 400, 2 * GROUPS), [0.2, 0.3, 0.5])
    counts = pd.DataFrame(drawn, columns=COUNTS).assign(
        wave=np.tile([1, 2], GROUPS), segment=np.repeat(np.arange(GROUPS), 2)
    )
    ours = best_of(3, lambda: compare(counts, across="wave"))
    part = [group for _, group in counts.head(2 * LOOPED).groupby("segment")]
    theirs = best_of(1, lambda: [compare(group, across="wave") for group in part]) * GROUPS / LOOPED
    print(
        f"{GROUPS:,} comparisons with interval and p-value: {ours:.2f} s in one call; one call each: {theirs:.0f} s "
        f"(measured on {LOOPED}); ratio {theirs / ours:,.0f}"
    )


if __name__ == "__main__":
    main()
