"""Headers of money tables: our names for the columns of a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import pandas as pd

from nps_utils.checks import MissingColumn, Undecidable
from nps_utils.revenue.ledger import with_source

# Headers in the wild, compared without case, blanks and punctuation.
SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "account_id": (
        "accountid",
        "account",
        "companyid",
        "customerid",
        "clientid",
        "customer",
        "organisationid",
        "kundnr",
    ),
    "period_start": (
        "periodstart",
        "startdate",
        "start",
        "from",
        "periodfrom",
        "servicestart",
        "date",
        "invoicedate",
        "fra",
        "från",
        "van",
        "startdato",
        "startdatum",
    ),
    "period_end": (
        "periodend",
        "enddate",
        "end",
        "to",
        "periodto",
        "serviceend",
        "til",
        "till",
        "tot",
        "sluttdato",
        "slutdato",
        "slutdatum",
        "einddatum",
    ),
    "amount": (
        "amount",
        "revenue",
        "value",
        "total",
        "mrr",
        "arr",
        "netamount",
        "movementamount",
        "belopp",
        "beløp",
        "beløb",
        "bedrag",
        "omsetning",
        "omsättning",
        "omsætning",
        "omzet",
    ),
    "currency": ("currency", "currencycode", "valuta"),
    "revenue_type": ("revenuetype", "type", "recurrence"),
    "moved_on": ("movedon", "movementdate", "date", "eventdate", "changedate", "effectivedate"),
    "movement": ("movement", "movementtype", "type", "eventtype", "changetype"),
    "customer_since": ("customersince", "activationdate", "startdate", "signupdate", "contractstart", "createdate"),
    "churned_on": ("churnedon", "churndate", "churnedat", "canceldate", "cancellationdate", "enddate"),
    "initial_mrr": ("initialmrr", "mrr", "startmrr", "startingmrr", "initialrevenue"),
}
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


def rename(table: pd.DataFrame, columns: Mapping[str, str], wanted: tuple[str, ...]) -> pd.DataFrame:
    """Give our names to the columns of a file: those told, those that have them, those we know by another name."""
    for ours, header in columns.items():
        if header not in table.columns:
            raise missing(header, table)
        table = table.rename(columns={header: ours})
    flat = {re.sub(r"[\W_]", "", str(header)).casefold(): header for header in table.columns}
    for ours in wanted:
        if ours in table.columns:
            continue
        for known in SYNONYMS.get(ours, ()):
            if known in flat and flat[known] in table.columns and flat[known] not in wanted:
                table = table.rename(columns={flat[known]: ours})
                break
    return table


def missing(name: str, table: pd.DataFrame) -> MissingColumn:
    """Return the error for a column of the revenue table that is not there."""
    listed = ", ".join(map(str, table.columns))
    return MissingColumn(
        f'the revenue table has no column "{name}"; it has: {listed}. Name the header with columns={{"{name}": "..."}}.'
    )


def years_as_rows(table: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return one row per account and year from a table with a column per year."""
    told = {year: header for year, header in columns.items() if _YEAR.fullmatch(year)}
    table = rename(
        table, {k: v for k, v in columns.items() if k not in told}, ("account_id", "currency", "revenue_type")
    )
    found: dict[str, list[str]] = {year: [header] for year, header in told.items()}
    for header in map(str, table.columns):
        if not told and (match := _YEAR.search(header)):
            found.setdefault(match.group(1), []).append(header)
    for year, headers in found.items():
        if len(headers) > 1:
            raise Undecidable(f'columns {headers} all name {year}; say which: columns={{"{year}": "{headers[0]}"}}.')
    if not found:
        raise missing("2024 (a year)", table)
    table = with_source(table)
    keep = [c for c in ("account_id", "currency", "revenue_type", "source_file", "source_row") if c in table.columns]
    parts = [
        table[keep].assign(amount=table[headers[0]], period_start=f"{year}-01-01", period_end=f"{year}-12-31")
        for year, headers in found.items()
    ]
    return pd.concat(parts).sort_values("source_row", kind="stable").reset_index(drop=True)
