"""Delighted: the API's names (times in Unix seconds), and the Title Case headers of its CSV, which are inferred."""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="delighted",
    title="Delighted",
    signs=(
        sign("score", "comment", "created_at", "person_properties"),
        sign("score", "comment", "permalink", "created_at"),
        sign("Score", "Comment", "Created At (UTC)", "Person Email"),
        sign("Score", "Comment", "Response Created At (UTC)"),
        sign("Score", "Comment", "Person Email"),
    ),
    columns={
        "response_id": ("id", "Response ID", "Survey Response ID"),
        "respondent_id": ("person", "person_id", "Person ID"),
        "score": ("score",),
        "comment": ("comment",),
        "responded_at": ("created_at", "Created At (UTC)", "Response Created At (UTC)", "Created At"),
        "email": ("Person Email", "email"),
        "respondent_name": ("Person Name", "name"),
        "survey_type": ("survey_type", "Survey Type"),
        "channel": ("Survey Source", "survey_source", "Delivery Method"),
        "language": ("Locale", "Person Locale"),
    },
)
