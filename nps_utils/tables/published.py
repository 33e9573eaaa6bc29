"""Published studies and claims on NPS and money, in tables."""

from __future__ import annotations

import pandas as pd

from nps_utils.tables.glossary import Column
from nps_utils.tables.phrases import ACCOUNTS, LIMIT, PVALUES, limits_of, with_limit
from nps_utils.tables.table import Table


def studies(table: pd.DataFrame) -> Table:
    """Show what published studies found and what stands against it."""
    columns = {
        "study": Column("Study", "text", "Who and when"),
        "data": Column("Data", "text", "Whose answers"),
        "finding": Column("Found", "text", "As published"),
        "caveat": Column("But", "text", "What is wrong with it, or what replicates it"),
    }
    return Table(table, "What was published", shown=list(columns), columns=PVALUES | columns)


def claims_here(table: pd.DataFrame) -> Table:
    """Show published numbers beside the same quantity in this study."""
    columns = {
        "claim": Column("Quantity", "text", "What was measured"),
        "published": Column("Published", "number", "As published"),
        "citation": Column("Where", "text", "The source"),
        "caveat": Column("But", "text", "What the published number is not"),
        "here": Column("Here", "number", "In this study, per period of its own"),
        "interval": Column("95 % interval", "text", "Limits here"),
        "low": Column("Low", "number", "Lower limit here"),
        "high": Column("High", "number", "Upper limit here"),
        "n": ACCOUNTS,
        "limit": LIMIT,
    }
    told = table.assign(interval=limits_of(table, "low", "high", "number"))
    shown = with_limit(told, ["claim", "published", "caveat", "here", "interval", "n"])
    return Table(told, "Published numbers beside ours", shown=shown, columns=PVALUES | columns)


def barometer(table: pd.DataFrame) -> Table:
    """Show correlations by industry with the p that follows, and the r that was needed."""
    columns = {
        "industry": Column("Industry", "text", "In the Norwegian customer barometer"),
        "r": Column("r", "effect", "Correlation of NPS with growth"),
        "df": Column("df", "count", "Degrees of freedom, where they are printed"),
        "pvalue_printed": Column("p printed", "pvalue", "As published"),
        "pvalue": Column("p", "pvalue", "From r and df by the t distribution"),
        "critical_r": Column("r needed", "number", "The smallest r with p below 0.05"),
        "detectable_r": Column("r seen", "number", "The r that would be seen in 4 of 5 cases"),
        "limit": LIMIT,
    }
    shown = with_limit(table, list(columns)[:-1])
    return Table(table, "A handful of firms cannot show much", shown=shown, columns=PVALUES | columns)
