"""The further tables of a study (who was asked, accounts, revenue, calls): their headers, in the field's languages.

An export from a customer register names its columns in the language of the office. What is not recognised keeps its
own name; a table without the column that links it to the answers is refused, for it would be left out in silence.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from nps_utils.checks import BadStudy, MissingColumn, closest
from nps_utils.columns import SOURCE
from nps_utils.exports.cells.dates import read_date
from nps_utils.exports.headers import Column
from nps_utils.exports.offered import judge
from nps_utils.exports.people import WHOLE, joined, name_parts
from nps_utils.exports.tools.tool import key
from nps_utils.exports.wording import HEADERS

# Kinds of tables, as study.toml calls them.
KINDS: Final = ("frame", "accounts", "revenue", "followup")

# Headers in the wild as `key`, best first; the longer lists of ids and addresses are those of the exports.
_SPELLED: Final[dict[str, tuple[str, ...]]] = {
    "respondent_id": (
        "respondentid", "contactid", "personid", "userid", "memberid", "kontaktid", "contactpersoonid", "enduserid",
        "respondentuuid",
    ),
    "email": HEADERS["email"],
    "account_id": (
        "accountid", "accountnumber", "companyid", "companynumber", "customerid", "customernumber", "customerno",
        "clientid", "organisationid", "organizationid", "orgid", "företagsid", "firmaid", "bedriftsid",
        "virksomhedsid", "bedrijfsid", "kundid", "kundnr", "kundnummer", "kundeid", "kundenr", "kundenummer", "klantid",
        "klantnr", "klantnummer", "debiteurnummer", "debiteurnr", "orgnr", "orgnummer", "organisasjonsnummer",
        "organisationsnummer", "cvr", "cvrnr", "cvrnummer", "kvknr", "kvknummer", "account", "company", "customer",
        "firma", "företag", "bedrift", "virksomhed", "bedrijf", "kunde", "kund", "klant", "organization",
        "organisation",
    ),
    "name": (
        "accountname", "companyname", "customername", "firmanavn", "bedriftsnavn", "kundenavn", "virksomhedsnavn",
        "företagsnamn", "kundnamn", "bedrijfsnaam", "klantnaam", "firma", "företag", "bedrift", "virksomhed", "bedrijf",
        "company", "navn", "namn", "naam",
    ),
    "owner": (
        "accountowner", "companyowner", "accountmanager", "kundeansvarlig", "kundansvarig", "relatiebeheerder",
        "accountbeheerder", "selger", "säljare", "sælger", "kontaktansvarig",
    ),
    "asked_at": (*HEADERS["asked_at"], "utsendt", "udsendt", "uitgenodigdop", "invited", "invitedon", "askedon"),
    "customer_since": (
        "customersince", "kundesiden", "kundsedan", "klantsinds", "activationdate", "contractstart", "kundefra",
        "kundfrån",
    ),
    "churned_on": (
        "churnedon", "churndate", "churnedat", "cancellationdate", "canceldate", "oppsagt", "uppsagd", "opsagt",
        "opgezegd",
    ),
    "language": HEADERS["language"],
    "touchpoint": ("kontaktpunkt", "berøringspunkt", "contactmoment"),
    "response_id": HEADERS["response_id"],
    "contacted_at": (
        "contactedat", "contacted", "contactedon", "contactdate", "calledon", "calledat", "kontaktet", "kontaktad",
        "ringtopp", "uppringd", "gecontacteerd", "gebeldop",
    ),
    "status": ("status",),
    "period_start": (
        "periodstart", "startdate", "start", "from", "periodfrom", "servicestart", "date", "invoicedate", "fra", "från",
        "van", "startdato", "startdatum",
    ),
    "period_end": (
        "periodend", "enddate", "end", "to", "periodto", "serviceend", "til", "till", "tot", "sluttdato", "slutdato",
        "slutdatum", "einddatum",
    ),
    "amount": (
        "amount", "revenue", "value", "total", "mrr", "arr", "netamount", "movementamount", "belopp", "beløp", "beløb",
        "bedrag", "omsetning", "omsättning", "omsætning", "omzet",
    ),
    "currency": ("currency", "currencycode", "valuta"),
    "revenue_type": ("revenuetype", "type", "recurrence"),
    "moved_on": ("movedon", "movementdate", "date", "eventdate", "changedate", "effectivedate"),
    "movement": ("movement", "movementtype", "type", "eventtype", "changetype"),
    "initial_mrr": ("initialmrr", "mrr", "startmrr", "startingmrr", "initialrevenue"),
}  # fmt: skip
# What says so only beside a first amount: in a plain list of accounts a start may be that of anything.
_BESIDE_MONEY: Final[dict[str, tuple[str, ...]]] = {
    "customer_since": ("startdate", "signupdate", "createdate"),
    "churned_on": ("enddate",),
}
_OF: Final[dict[str, tuple[str, ...]]] = {
    "frame": ("respondent_id", "email", "account_id", "asked_at", "customer_since", "language", "touchpoint"),
    "accounts": ("account_id", "name", "owner", "customer_since", "churned_on"),
    "revenue": ("account_id",),
    "followup": ("response_id", "contacted_at", "status"),
}
# One of these links the table to the answers; and what else cannot be told without it.
_LINKS: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "frame": (("respondent_id", "email"), "who was asked"),
    "accounts": (("account_id",), "which account a row is about"),
    "revenue": (("account_id",), "which account a row is about"),
    "followup": (("response_id",), "which answer a row is about"),
}
_DATES: Final = frozenset({"asked_at", "customer_since", "churned_on", "contacted_at"})


def name_columns(
    table: pd.DataFrame, kind: str, *, told: Mapping[str, str], path: Path, keep: Collection[str] = ()
) -> pd.DataFrame:
    """Give our names to the columns of a further table: those told, then those known by another name.

    Parameters
    ----------
    table
        As read: text under its own headers.
    kind
        Of `KINDS`.
    told
        Our name to the header, from study.toml.
    path
        The file, for messages.
    keep
        Headers that the study uses under their own name, as segments.

    Raises
    ------
    BadStudy
        A header that was told is not there, or nothing links the table to the answers.

    Examples
    --------
    >>> sent = pd.DataFrame({"E-post": ["a@x.example"], "Sendt": ["03.02.2026"], "Rolle": ["leder"]})
    >>> list(name_columns(sent, "frame", told={}, path=Path("sent.csv")).columns)
    ['email', 'asked_at', 'Rolle']
    """
    for ours, header in told.items():
        if header not in table.columns:
            raise BadStudy(
                f'study.toml, [{kind}] columns = {{ {ours} = "{header}" }}: {path} has no such column.'
                f"{closest(header, map(str, table.columns))}"
            )
    names = {header: ours for ours, header in told.items()}
    headers = {key(str(header)): str(header) for header in table.columns if header not in keep}
    for ours in _OF[kind]:
        known = _SPELLED[ours]
        if ours in table.columns or ours in names.values():
            continue
        if (
            ours == "account_id"
            and kind == "frame"
            and not {"respondent_id", "email"} & {*table.columns, *names.values()}
        ):
            # A customer's number is the account's, unless nothing else says who was asked: then it is the person's.
            ours, known = "respondent_id", HEADERS["respondent_id"]
        free = (headers[spelling] for spelling in known if spelling in headers and headers[spelling] not in names)
        fitting = next((header for header in free if _fits(ours, table[header])), None)
        if fitting is not None:
            names[fitting] = ours
    named = table.rename(columns=names)
    if kind == "frame" and "name" not in named.columns:
        named = _with_name(named, [str(name) for name in named.columns if name not in keep])
    _check_linked(named, table, kind, path)
    return named


def _with_name(frame: pd.DataFrame, headers: list[str]) -> pd.DataFrame:
    """Add the name of each person, from its parts or from a column of another name."""
    if parts := name_parts(headers):
        return frame.assign(name=joined(frame, parts))
    whole = next((header for known in WHOLE for header in headers if key(header) == known), None)
    return frame if whole is None else frame.rename(columns={whole: "name"})


def _fits(ours: str, cells: pd.Series[str]) -> bool:
    """Say whether the cells are what their header promises, where that can be told."""
    filled = cells.dropna().astype(str)
    if ours == "email":
        return bool(len(filled)) and bool(filled.str.contains("@", regex=False).mean() > 0.5)
    return ours not in _DATES or all(read_date(text) for text in filled.unique())


def _check_linked(named: pd.DataFrame, table: pd.DataFrame, kind: str, path: Path) -> None:
    links, tells = _LINKS[kind]
    if not any(link in named.columns for link in links):
        listed = ", ".join(f'"{header}"' for header in table.columns if header != "source_row")
        raise BadStudy(
            f"{path} is the [{kind}] of the study, but no column says {tells} ({' or '.join(links)}); it has: {listed}."
            f'\nName it under [{kind}] in study.toml:\n  columns = {{ {links[-1]} = "..." }}'
        )


def words(named: pd.DataFrame, table: pd.DataFrame, kind: str, path: Path) -> str:
    """Return a sentence on how a further table was read: its rows, and which header became what."""
    pairs = zip(map(str, named.columns), map(str, table.columns), strict=False)  # a name from its parts comes last
    renamed = [f'{ours} is "{header}"' for ours, header in pairs if ours != header]
    missing = [name for name in ("asked_at",) if kind == "frame" and name not in named.columns]
    parts = [f"[{kind}] {path.name}: {len(table):,} rows", *([", ".join(renamed)] if renamed else [])]
    said = "; ".join(parts) + "."
    if kind == "accounts":
        said += _segments(named)
    if missing:
        said += ' Nothing says when each was asked, so there is no response rate: columns = { asked_at = "..." }.'
    return said


def rename(table: pd.DataFrame, columns: Mapping[str, str], wanted: tuple[str, ...]) -> pd.DataFrame:
    """Give our names to the columns of a file: those told, those that have them, those we know by another name."""
    for ours, header in columns.items():
        if header not in table.columns:
            raise missing(header, table)
        table = table.rename(columns={header: ours})
    flat = {key(str(header)): header for header in table.columns}
    for ours in wanted:
        if ours in table.columns:
            continue
        for known in (*_SPELLED[ours], *_BESIDE_MONEY.get(ours, ())):
            if known in flat and flat[known] in table.columns and flat[known] not in wanted:
                table = table.rename(columns={flat[known]: ours})
                break
    return table


def missing(name: str, table: pd.DataFrame, kind: str = "revenue") -> MissingColumn:
    """Return the error for a column of a further table that is not there."""
    listed = ", ".join(str(header) for header in table.columns if header not in SOURCE)
    return MissingColumn(
        f'the {kind} table has no column "{name}"; it has: {listed}. Name its header under [{kind}] in study.toml:'
        f' columns = {{ {name} = "..." }}.'
    )


def offered_segments(accounts: pd.DataFrame) -> list[str]:
    """Return the columns of the accounts, under our names, that may be segments."""
    return [name for name, (use, _) in _judged(accounts).items() if use == "segment"]


def _judged(named: pd.DataFrame) -> dict[str, tuple[str, str]]:
    ours = {*_OF["accounts"], "source_row"}
    cells = {str(name): named[name].fillna("").astype(str).tolist() for name in named.columns if name not in ours}
    return {name: judge(Column(at, name, name, len(named), rows)) for at, (name, rows) in enumerate(cells.items())}


def _segments(named: pd.DataFrame) -> str:
    """Say which columns of the accounts may be segments, and why not the others."""
    judged = _judged(named)
    offered = ", ".join(f'"{name}"' for name in offered_segments(named))
    others = "; ".join(f'"{name}" ({why})' for name, (use, why) in judged.items() if use != "segment")
    return f" Segments it offers: {offered or 'none'}.{f' Not offered: {others}.' if others else ''}"
