"""LimeSurvey: `id, submitdate, lastpage, startlanguage, seed`, then questions as codes, as full texts or both; and VV.

Read from the code of LimeSurvey that writes CSV, JSON and VV; the translated headers are inferred. `submitdate` stays
empty until the last page is sent, though `startdate` and `datestamp` are filled. VV is tab-separated with two rows of
headers, questions above codes, and writes `{question_not_shown}` for nothing and `{newline}` for a line end. `id` runs
1, 2, 3 in every survey; `token` is the person's invitation.
"""

from nps_utils.exports.tools.tool import Tool, sign

_ID = ("id", "Response ID", "id. Response ID", "Antwort ID", "Antwoord ID", "Svars-ID", "Svar-ID", "ID de la réponse",
       "ID de respuesta", "ID da resposta")  # fmt: skip
_SUBMITTED = (
    "submitdate", "Date submitted", "submitdate. Date submitted", "Datum Abgeschickt", "Datum verzonden",
    "Datum ingestuurd", "Datum ingediend",
    "Datum för inskickande", "Dato innsendt", "Dato indsendt", "Date de soumission", "Fecha de envío", "Data de envio",
)  # fmt: skip
_PAGE = (
    "lastpage", "Last page", "lastpage. Last page", "Letzte Seite", "Laatste pagina",
    "Laatste pagina", "Laatste pagina", "Sista sidan", "Siste side",
    "Sidste side", "Dernière page", "Última página", "Última página",
)  # fmt: skip

TOOL = Tool(
    name="limesurvey",
    title="LimeSurvey",
    signs=(
        sign("id", "submitdate", "lastpage", "startlanguage"),
        sign("id", "submitdate", "lastpage"),
        sign("id", "submitdate", "startlanguage"),
        sign("submitdate", "startdate", "datestamp"),
        sign("Response ID", "Date submitted", "Last page", "Start language"),
        *(
            sign(submitted, page)
            for submitted, page in dict.fromkeys(zip(_SUBMITTED, _PAGE, strict=True))
            if submitted != "submitdate"
        ),
    ),
    header_rows=2,
    codes_below=True,
    columns={
        "response_id": _ID,
        "respondent_id": ("token", "Access code", "token. Access code", "Zugangscode", "Toegangscode", "Åtkomstkod"),
        "responded_at": _SUBMITTED,
        "language": ("startlanguage", "Start language", "startlanguage. Start language", "Start-Sprache", "Starttaal"),
        "email": ("email", "Email address", "E-Mail-Adresse"),
    },
    finished_by=_SUBMITTED,
    # A brace that was typed is read back last, so that what it begins is not taken for one of these.
    escapes={
        "{question_not_shown}": "", "{newline}": "\n", "{cr}": "\r", "{tab}": "\t", "{quote}": '"', "{lbrace}": "{",
    },
)  # fmt: skip
