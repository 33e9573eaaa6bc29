"""Webropol: a number per respondent and the time of the answer, headers in English, Finnish or Swedish.

Inferred, so that every one may be missing. The number runs 1, 2, 3 in every survey.
"""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="webropol",
    title="Webropol",
    signs=(
        sign("Respondent number", "Response time"),
        sign("Respondent number", "Responded"),
        sign("Vastaajanumero", "Vastausaika"),
        sign("Vastaajan numero", "Vastausaika"),
        sign("Respondentnummer", "Svarstid"),
    ),
    columns={
        "responded_at": ("Response time", "Responded", "Vastausaika", "Svarstid"),
        "email": ("Email", "E-mail", "Sähköposti", "Sähköpostiosoite", "E-post"),
        "status": ("Status", "Tila"),
        "language": ("Language", "Kieli", "Språk"),
    },
    kept_as={"Respondent number": "row_of_the_survey", "Vastaajanumero": "row_of_the_survey",
             "Vastaajan numero": "row_of_the_survey", "Respondentnummer": "row_of_the_survey"},
)  # fmt: skip
