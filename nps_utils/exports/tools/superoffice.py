"""SuperOffice form answers: Norwegian, Swedish, Danish or English labels, two comment questions of which one was asked.

The labels are inferred from the product's own languages, so every one may be missing. Answers without a contact are
anonymous. Which of the two comment questions is which is read from its wording (see `detect`).
"""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="superoffice",
    title="SuperOffice",
    signs=(
        sign("Firma", "Kontakt", "E-post"),
        sign("Firma", "Kontakt", "Dato"),
        sign("Firma", "Kontakt", "E-mail"),
        sign("Virksomhed", "Kontakt", "E-mail"),
        sign("Bedrift", "Kontakt", "E-post"),
        sign("Företag", "Kontakt", "E-post"),
        sign("Företag", "Kontakt", "Datum"),
        sign("Company", "Contact", "E-mail", "Date"),
        sign("Firma", "Kontaktperson", "E-post"),
        sign("Firma", "Kontaktperson", "E-mail"),
        sign("Företag", "Kontaktperson", "E-post"),
        sign("Virksomhed", "Kontaktperson", "E-mail"),
    ),
    columns={
        "response_id": ("Svar-ID", "Svars-ID", "SvarID", "Submission ID", "Response ID"),
        "respondent_id": ("Kontakt-ID", "KontaktID", "Person-ID", "Contact ID", "Person ID"),
        # Without a number of the company its name is the only thing that tells accounts apart.
        "account_id": (
            "Firma-ID", "FirmaID", "Firmanr", "Firmanummer", "Kundenummer", "Kundenr", "Kundnummer", "Kundnr",
            "Företags-ID", "Virksomheds-ID", "Company ID", "Company number", "Firma", "Bedrift", "Företag",
            "Virksomhed", "Company",
        ),
        "respondent_name": ("Kontakt", "Kontaktperson", "Contact", "Contact person", "Navn", "Namn", "Name"),
        "email": ("E-post", "Epostadresse", "E-postadress", "E-mail", "Email", "E-mailadresse"),
        "responded_at": (
            "Dato", "Svardato", "Besvart", "Datum", "Svarsdatum", "Besvarad", "Besvaret", "Date", "Submitted",
        ),
        "language": ("Språk", "Sprog", "Language"),
    },
)  # fmt: skip
