"""AskNicely: NPS, CSAT and 5STAR answers in one file, told apart by `question_type`; times are Unix seconds."""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="asknicely",
    title="AskNicely",
    signs=(
        sign("response_id", "person_id", "answer"),
        sign("answer", "answerlabel", "responded"),
        sign("answer", "comment", "question_type"),
        sign("answer", "comment", "responded"),
        sign("answer", "question_type", "responded"),
    ),
    columns={
        "response_id": ("response_id",),
        "respondent_id": ("person_id", "contact_id"),
        "score": ("answer",),
        "score_label": ("answerlabel",),
        "comment": ("comment", "data"),
        "asked_at": ("sent",),
        "responded_at": ("responded", "created"),
        "email": ("email",),
        "respondent_name": ("name",),
        "survey_type": ("question_type",),
        "survey": ("survey_template",),
        "channel": ("deliverymethod",),
    },
)
