"""Columns and turns of phrase that the tables on money share."""

from __future__ import annotations

import pandas as pd

from nps_utils.tables.formats import ABSENT, Kind, limits
from nps_utils.tables.glossary import Column

LIMIT = Column("Limit", "text", "Why a number is missing, or what weakens it")
ACCOUNTS = Column("Accounts", "count", "Accounts the row rests on")
PVALUES = {
    "pvalue": Column("p", "pvalue", "Chance of a link at least this strong if there were none"),
    "pvalue_adjusted": Column("Adj. p", "pvalue", "The same, adjusted for the tests of this table"),
}


def with_limit(table: pd.DataFrame, shown: list[str]) -> list[str]:
    """Show the column of limits only where something is said in it."""
    return [*shown, "limit"] if "limit" in table.columns and (table["limit"].fillna("") != "").any() else shown


def limits_of(table: pd.DataFrame, low: str, high: str, kind: Kind) -> pd.Series[str]:
    """Return both limits in one column, so that a wide table keeps room for its words.

    Examples
    --------
    >>> limits_of(pd.DataFrame({"low": [0.1, None], "high": [0.25, None]}), "low", "high", "share").tolist()
    ['10.0 % to 25.0 %', '–']
    """
    pairs = zip(table[low], table[high], strict=True)
    written = [ABSENT if pd.isna(a) or pd.isna(b) else limits(float(a), float(b), kind) for a, b in pairs]
    return pd.Series(written, index=table.index, dtype="str")


def said_once(table: pd.DataFrame, by: str) -> pd.Series[str]:
    """Return the limits without those that repeat the row above in the same group."""
    said: pd.Series[str] = table["limit"].where(~table.duplicated([by, "limit"]), "")
    return said


def sentence(text: str) -> str:
    """Begin with a capital."""
    return text[:1].upper() + text[1:]
