"""From export to verdict: what a bench of many invented studies found, kept with the package."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import pandas as pd

_FILE: Final = "thousand_studies.csv"


def studies_tried() -> pd.DataFrame:
    """Return how many of the studies drawn were read and judged wrongly, by how their answers hang together.

    Written by `benchmarks/thousand_studies.py` (`make evidence`): each study was drawn with its truth, written as an
    export of a survey tool with dirt in it, started as by `nps new`, and its `summary.json` compared with the truth.

    Returns
    -------
    One row per design and one for all: `design` (`people`: others each wave; `accounts`: several answers an account;
    `panel`: the same people each wave), `studies`, `refused` (asked a question instead), `crashed`, `wrong_number`
    (a count or score of the study or a wave), `without_effect` and of these `shown_false` (the last wave called up or
    down), `promised` (planning gives the drawn fall a power of .8) and of these `shown_true`, `with_trend` and of these
    without effect `trend_false`.

    Examples
    --------
    >>> studies_tried()["design"].tolist()
    ['accounts', 'panel', 'people', 'all']
    """
    with (files(__package__) / _FILE).open(encoding="utf-8") as source:
        return pd.read_csv(source)
