"""The ledger of money tables: which row was rejected or flagged, and what was decided for a whole file."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

LEDGER: Final = ("source_file", "source_row", "action", "reason", "value", "comment")


def with_source(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `source_file` and `source_row` (the first data row of a file is 2)."""
    table = table.reset_index(drop=True)
    if "source_file" not in table.columns:
        table = table.assign(source_file="revenue")
    if "source_row" not in table.columns:
        table = table.assign(source_row=np.arange(2, len(table) + 2))
    return table


def entries(
    rows: pd.DataFrame, where: pd.Series[bool], action: str, reason: Any, value: pd.Series[Any], comment: str = ""
) -> pd.DataFrame:
    """Return ledger rows for the rows picked by `where`; `reason` is a word, or a column of words."""
    picked = rows.loc[where, ["source_file", "source_row"]]
    why = reason[where] if isinstance(reason, pd.Series) else reason
    return picked.assign(action=action, reason=why, value=value[where], comment=comment)


def noted(rows: pd.DataFrame, reason: str, value: object, comment: str) -> pd.DataFrame:
    """Return the ledger row of a decision about the whole file."""
    values = (rows["source_file"].iloc[0], None, "noted", reason, value, comment)
    return pd.DataFrame([dict(zip(LEDGER, values, strict=True))])


def as_ledger(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return one ledger from its parts, in their order."""
    filled = [part.astype({"value": "str", "source_row": "Int64"}) for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=list(LEDGER))
    return pd.concat(filled, ignore_index=True).loc[:, list(LEDGER)]


def empty_ledger() -> pd.DataFrame:
    """Return a ledger without rows."""
    return pd.DataFrame(columns=list(LEDGER))
