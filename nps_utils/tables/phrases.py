"""Columns and turns of phrase that the tables on money share."""

from __future__ import annotations

import pandas as pd

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


def sentence(text: str) -> str:
    """Begin with a capital."""
    return text[:1].upper() + text[1:]
