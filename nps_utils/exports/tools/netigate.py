"""Netigate: an answer set per answer, headers in English or Swedish; inferred, so that every one may be missing."""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="netigate",
    title="Netigate",
    signs=(
        sign("AnswerSetId", "SurveyId"),
        sign("Answer set ID", "Respondent ID"),
        sign("Answer set ID", "Answer date"),
        sign("Svarsset-ID", "Respondent-ID"),
        sign("Svarsset-ID", "Svarsdatum"),
    ),
    columns={
        "response_id": ("AnswerSetId", "Answer set ID", "Svarsset-ID"),
        "respondent_id": ("RespondentId", "Respondent ID", "Respondent-ID"),
        "responded_at": ("EndDate", "Answer date", "Last answered", "Svarsdatum", "Senast besvarad"),
        "status": ("Status",),
        "email": ("Email", "E-mail", "E-post"),
    },
)
