"""Claims: 100,000 groups in one call within a second; the bootstrap draws counts, not rows.

Run: python benchmarks/score.py
Prints one line per claim with the measured times, the ratio, and the goal.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint
from timing import best_of

from nps_utils.stats.score import score

GROUPS = 100_000
LOOPED = 2000
ANSWERS = 1_000_000
REPLICATES = 10_000
RESAMPLED = 20


def groups() -> pd.DataFrame:
    """Draw band counts of many groups of 1 to 400 answers."""
    rng = np.random.default_rng(1)
    drawn = rng.multinomial(rng.integers(1, 400, GROUPS), [0.2, 0.3, 0.5])
    return pd.DataFrame(drawn, columns=["detractors", "passives", "promoters"])


def loop(counts: pd.DataFrame) -> None:
    """Do what a notebook would do without us: one call of statsmodels per group, for its promoters."""
    for promoters, n in zip(counts["promoters"], counts.sum(axis=1), strict=True):
        proportion_confint(promoters, n, method="wilson")


def resample(answers: np.typing.NDArray[np.int8], rng: np.random.Generator) -> None:
    """Bootstrap by rows: draw as many answers as there are, with replacement, and score them."""
    for _ in range(RESAMPLED):
        rng.choice(answers, answers.size).mean()


def main() -> None:
    """Measure and print both claims."""
    counts = groups()
    ours = best_of(5, lambda: score(counts))
    part = counts.head(LOOPED)
    theirs = best_of(3, lambda: loop(part)) * GROUPS / LOOPED
    print(
        f"{GROUPS:,} groups, score interval: {ours:.2f} s (goal: 1 s); statsmodels proportion_confint in a loop: "
        f"{theirs:.1f} s (measured on {LOOPED:,}); ratio {theirs / ours:,.0f} (goal: 100)"
    )
    answers = np.repeat(np.array([-1, 0, 1], dtype=np.int8), [ANSWERS // 5, 3 * ANSWERS // 10, ANSWERS // 2])
    table = pd.DataFrame([{"detractors": ANSWERS // 5, "passives": 3 * ANSWERS // 10, "promoters": ANSWERS // 2}])
    ours = best_of(5, lambda: score(table, method="bootstrap", replicates=REPLICATES, rng=1))
    theirs = best_of(1, lambda: resample(answers, np.random.default_rng(1))) * REPLICATES / RESAMPLED
    print(
        f"{REPLICATES:,} bootstrap replicates of {ANSWERS:,} answers: {1000 * ours:.1f} ms; resampling rows: "
        f"{theirs:.0f} s (measured on {RESAMPLED} replicates); ratio {theirs / ours:,.0f} (goal: 1,000)"
    )


if __name__ == "__main__":
    main()
