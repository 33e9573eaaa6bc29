"""Microsoft Forms: `ID`, start and completion, e-mail and name in the reader's language, then the questions.

`ID` runs 1, 2, 3 in every form, so that it names neither a person nor a response of two forms. Anonymous forms write
`anonymous` for the e-mail of all. Headers were seen in readers of real files in English, Swedish (start, completion),
Norwegian, Dutch, German, French, Spanish and Portuguese; the Danish, Finnish and Italian ones are inferred, and so are
the spellings beside the first of each language.
"""

from itertools import product

from nps_utils.exports.tools.tool import Tool, sign

# Start, completion, e-mail, name.
_LANGUAGES = (
    (("Start time",), ("Completion time",), ("Email",), ("Name",)),
    (("Starttid",), ("Slutförandetid", "Tid för slutförande"), ("E-post", "E-postadress"), ("Namn",)),
    (
        ("Starttidspunkt", "Starttid"),
        ("Fullføringstidspunkt", "Fullføringstid"),
        ("E-postadresse", "E-post"),
        ("Navn",),
    ),
    (
        ("Starttidspunkt", "Starttid"),
        ("Fuldførelsestidspunkt", "Fuldførelsestid", "Færdiggørelsestidspunkt", "Afslutningstidspunkt"),
        ("Mail", "E-mail", "Mailadresse"),
        ("Navn",),
    ),
    (("Begintijd", "Starttijd"), ("Tijd van voltooien", "Voltooiingstijd"), ("E-mail",), ("Naam",)),
    (("Startzeit",), ("Fertigstellungszeit", "Abschlusszeit"), ("E-Mail",), ("Name",)),
    (("Heure de début",), ("Heure de fin", "Heure d'achèvement"), ("Adresse de messagerie", "E-mail"), ("Nom",)),
    (("Hora de inicio",), ("Hora de finalización",), ("Correo electrónico",), ("Nombre",)),
    (("Hora de início",), ("Hora de conclusão",), ("Email", "E-mail"), ("Nome",)),
    (("Aloitusaika",), ("Valmistumisaika", "Suoritusaika"), ("Sähköposti",), ("Nimi",)),
    (("Ora di inizio",), ("Ora di completamento",), ("Posta elettronica",), ("Nome",)),
)


def _of(place: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for language in _LANGUAGES for name in language[place]))


def _without_start(end: str) -> tuple[tuple[str, str], ...]:
    """A form that was tidied up; "Heure de fin" is the end of much else."""
    return () if end == "Heure de fin" else (("ID", end),)


TOOL = Tool(
    name="microsoft_forms",
    title="Microsoft Forms",
    signs=tuple(
        dict.fromkeys(
            sign(*headers)
            for starts, ends, emails, _ in _LANGUAGES
            for start, end in product(starts, ends)
            for headers in (("ID", start, end), *((start, end, email) for email in emails), *_without_start(end))
        )
    ),
    columns={"responded_at": _of(1), "email": _of(2), "respondent_name": _of(3)},
    kept_as={"ID": "row_of_the_form"},
)
