"""Customers by band: the score of each row as detractor, passive or promoter, and which rows belong together."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import BadValue, check_columns
from nps_utils.exports.cells.amounts import numbered_accounts
from nps_utils.scale import BANDS, HIGHEST, LOWEST, Band

ORDER: Final[tuple[Band, ...]] = ("detractor", "passive", "promoter")
# Fewer events than this in all carry no model of ratios (Peduzzi et al. 1996: ten per term).
LEAST_EVENTS: Final = 10


def band_of(scores: pd.Series[int]) -> pd.Series[str]:
    """Return the band of each score 0..10.

    Examples
    --------
    >>> band_of(pd.Series([3, 7, 10])).tolist()
    ['detractor', 'passive', 'promoter']
    """
    return pd.Series(pd.array(ORDER, dtype="str").take(band_places(scores)), index=scores.index)


def band_places(scores: pd.Series[int]) -> NDArray[np.int64]:
    """Return which of the bands of `ORDER` each score is in: of millions no text is made.

    Examples
    --------
    >>> band_places(pd.Series([3, 7, 10])).tolist()
    [0, 1, 2]
    """
    numbers = pd.to_numeric(scores, errors="coerce").to_numpy(dtype=float)
    wrong = ~((numbers >= LOWEST) & (numbers <= HIGHEST) & (numbers == np.floor(numbers)))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise BadValue(f"score, row {row}: {scores.iloc[row]} is not a whole number from 0 to 10.")
    return (numbers >= BANDS["passive"][0]).astype(np.int64) + (numbers >= BANDS["promoter"][0])


def with_bands(table: pd.DataFrame, *, account: str, needed: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return the rows that have a score and an account, with `band` and `cluster` (the number of the account)."""
    check_columns(list(table.columns), ("score", account, *needed), what="the table of customers")
    codes, _ = numbered_accounts(table[account])
    known = table["score"].notna().to_numpy() & (codes >= 0)
    if not known.any():
        raise BadValue("no row has both a score and an account.")
    rows = table[known]
    return rows.assign(band=band_of(rows["score"]), cluster=codes[known])
