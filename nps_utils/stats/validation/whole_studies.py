"""Whole studies, drawn and followed from export to verdict: how often a number or a verdict was wrong.

`whole_studies.csv` is written by `benchmarks/thousand_studies.py`, which takes a quarter of an hour: it is not made
anew with the page, and says with which version it was made.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

FILE: Final = Path(__file__).with_name("whole_studies.csv")


def read_studies(file: Path = FILE) -> pd.DataFrame:
    """Return what became of the studies that were drawn, by design, with exact intervals of the rates.

    The intervals are Clopper and Pearson's (1934), of 95 %.

    Returns
    -------
    One row per design and one for `all`: `design` ("accounts", "panel", "people"), `studies`, `asked` (reading stopped
    with a question), `crashed`, `wrong_number` (counts or scores other than drawn), `without_effect` of which
    `shown_false` (the newest change called a rise or fall), `with_trend` and `trend_false`, `promised` (a change that
    planning gives a power of .8) and `shown_true`; `false_low`, `false_high`, `true_low` and `true_high` (0..1);
    `version`.

    Examples
    --------
    >>> table = read_studies()
    >>> int(table.set_index("design").loc["all", "wrong_number"])
    0
    """
    table = pd.read_csv(file, dtype={"version": str})
    for name, hits, tries in (("false", "shown_false", "without_effect"), ("true", "shown_true", "promised")):
        limits = [
            proportion_confint(hit, n, method="beta") if n else (float("nan"), float("nan"))
            for hit, n in zip(table[hits], table[tries], strict=True)
        ]
        table[f"{name}_low"] = [low for low, _ in limits]
        table[f"{name}_high"] = [high for _, high in limits]
    return table
