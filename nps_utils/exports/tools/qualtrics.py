"""Qualtrics: three header rows (field, label in the user's language, JSON import id), or two in the legacy layout.

The label row is the question as asked, so the score is found by it; the field `Q1_NPS_GROUP` beside `Q1` is the sure
sign of an NPS question. Previews, tests and spam keep their `status` and channel, for the cleaning rules. Embedded
fields stay under their own names.
"""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="qualtrics",
    title="Qualtrics",
    signs=(
        sign("StartDate", "EndDate", "Status", "ResponseId"),
        sign("StartDate", "Finished", "RecordedDate", "ResponseId"),
        sign("RecordedDate", "ResponseId", "DistributionChannel"),
        sign("ResponseID", "ResponseSet", "StartDate", "EndDate", "Finished"),
    ),
    header_rows=3,
    columns={
        "response_id": ("ResponseId", "ResponseID"),
        "respondent_id": ("RecipientID", "ContactID", "ExternalReference", "ExternalDataReference"),
        "responded_at": ("RecordedDate", "EndDate", "StartDate"),
        "email": ("RecipientEmail", "EmailAddress"),
        "status": ("Status",),
        "finished": ("Finished",),
        "channel": ("DistributionChannel",),
        "language": ("UserLanguage",),
    },
    group_suffix="_NPS_GROUP",
)
