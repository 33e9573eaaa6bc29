"""Headers of money tables: our names for the columns of a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import pandas as pd

from nps_utils.checks import MissingColumn, Undecidable
from nps_utils.exports.side_tables import rename
from nps_utils.revenue.reading.ledger import with_source

_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


def years_as_rows(table: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return one row per account and year from a table with a column per year."""
    told = {year: header for year, header in columns.items() if _YEAR.fullmatch(year)}
    table = rename(
        table, {k: v for k, v in columns.items() if k not in told}, ("account_id", "currency", "revenue_type")
    )
    found: dict[str, list[str]] = {year: [header] for year, header in told.items()}
    exact = [str(header) for header in table.columns if _YEAR.fullmatch(str(header))]
    found |= {year: [year] for year in exact} if not told else {}
    for header in map(str, table.columns):
        # A column called 2024 and nothing else is that of 2024.
        if not told and (match := _YEAR.search(header)) and match.group(1) not in exact:
            found.setdefault(match.group(1), []).append(header)
    for year, headers in found.items():
        if len(headers) > 1:
            listed = ", ".join(f'"{header}"' for header in headers)
            raise Undecidable(
                f"columns {listed} all name {year}. Say which under [revenue] in study.toml:"
                f' columns = {{ {year} = "{headers[0]}" }}.'
            )
    if not found:
        raise MissingColumn(
            f"no header of the revenue table names a year, such as 2024; it has: {', '.join(map(str, table.columns))}."
            ' Say under [revenue] in study.toml which is of which year: columns = { 2024 = "..." }; rows with a period'
            ' of their own: layout = "periods".'
        )
    table = with_source(table)
    keep = [c for c in ("account_id", "currency", "revenue_type", "source_file", "source_row") if c in table.columns]
    parts = [
        table[keep].assign(amount=table[headers[0]], period_start=f"{year}-01-01", period_end=f"{year}-12-31")
        for year, headers in found.items()
    ]
    return pd.concat(parts).sort_values("source_row", kind="stable").reset_index(drop=True)
