"""Which columns hold the name of a person: in one column, or its parts in several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pandas as pd

from nps_utils.exports.tools.tool import key

GIVEN: Final = (
    "firstname", "givenname", "forename", "fornavn", "förnamn", "voornaam", "tilltalsnamn", "roepnaam", "vorname",
    "prénom",
)  # fmt: skip
BETWEEN: Final = (
    "tussenvoegsel", "tussenvoegsels", "tussenv", "voorvoegsel", "voorvoegsels", "infix", "middlename", "mellannamn",
    "mellomnavn", "mellemnavn",
)  # fmt: skip
FAMILY: Final = (
    "lastname", "surname", "familyname", "etternavn", "efternavn", "efternamn", "achternaam", "familienaam",
    "slektsnavn", "nachname",
)  # fmt: skip
WHOLE: Final = (
    "respondentname", "contactname", "contactpersonname", "personname", "fullname", "fulltnavn", "fulltnamn",
    "fuldenavn",
    "volledigenaam", "kontaktperson", "contactperson", "contactpersoon", "kontaktpersonnavn", "naamcontactpersoon",
    "kontakt", "contact", "recipient", "recipientname", "respondent", "name", "namn", "navn", "naam",
)  # fmt: skip


def name_parts(headers: Iterable[str]) -> list[str]:
    """Return the headers of given name, what stands between, and surname, in this order; at least one of the outer two.

    Examples
    --------
    >>> name_parts(["Achternaam", "Bedrijf", "Tussenvoegsel", "Voornaam"])
    ['Voornaam', 'Tussenvoegsel', 'Achternaam']
    >>> name_parts(["Contact First Name", "Score"])
    ['Contact First Name']
    """
    keys = {header: key(header) for header in headers}
    given, between, family = (
        next((header for header, spelled in keys.items() if spelled.endswith(words)), None)
        for words in (GIVEN, BETWEEN, FAMILY)
    )
    if given is None and family is None:
        return []
    return [header for header in (given, between, family) if header is not None]


def joined(table: pd.DataFrame, parts: Sequence[str]) -> pd.Series[str]:
    """Return the parts of each row's name in one text, missing where all are.

    Examples
    --------
    >>> people = pd.DataFrame({"Voornaam": ["Jan", None], "Tussenvoegsel": ["de", " "], "Achternaam": ["Wit", None]})
    >>> joined(people, list(people.columns)).tolist()
    ['Jan de Wit', nan]
    """
    cells = [table[part].astype("str").fillna("").str.strip() for part in parts]
    name = cells[0]
    for more in cells[1:]:
        name = (name + " " + more).str.strip()
    return name.where(name != "")


def name_columns(headers: Iterable[str]) -> list[str]:
    """Return the headers under which `people_in` looks for names.

    Examples
    --------
    >>> name_columns(["Achternaam", "Bedrijf", "Score", "Contactpersoon"])
    ['Achternaam', 'Contactpersoon']
    """
    listed = list(headers)
    return [*name_parts(listed), *(header for header in listed if key(header) in WHOLE)]


def people_in(table: pd.DataFrame) -> set[str]:
    """Return the names of people that a table holds, whatever its columns are called."""
    columns = [str(column) for column in table.columns]
    names: set[str] = set()
    if parts := name_parts(columns):
        names.update(joined(table, parts).dropna())
    for column in columns:
        if key(column) in WHOLE and not pd.api.types.is_numeric_dtype(table[column]):
            different = pd.Series(table[column].dropna().unique())  # of millions each is made a text once
            names.update(cell for cell in different.astype(str).unique() if "@" not in cell)
    return names
