"""Enalyzer: headers in English, Danish, Norwegian or Swedish; inferred, so that every one may be missing."""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="enalyzer",
    title="Enalyzer",
    signs=(
        sign("Respondent ID", "Response status", "Completed on"),
        sign("Respondent-ID", "Svarstatus", "Gennemført den"),
        sign("Respondent-ID", "Svarstatus", "Fullført den"),
        sign("Respondent-ID", "Svarsstatus", "Slutförd den"),
    ),
    columns={
        "respondent_id": ("Respondent ID", "Respondent-ID"),
        "responded_at": ("Completed on", "Gennemført den", "Fullført den", "Slutförd den"),
        "status": ("Response status", "Svarstatus", "Svarsstatus"),
        "email": ("Email", "E-mail", "E-post"),
    },
)
