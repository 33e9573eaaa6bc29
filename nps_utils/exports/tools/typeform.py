"""Typeform: `#` is the token of the answer, questions are headers (often the same twice), times say `(UTC)`."""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="typeform",
    title="Typeform",
    signs=(
        sign("#", "Submit Date (UTC)"),
        sign("#", "Start Date (UTC)", "Submit Date (UTC)", "Network ID"),
        sign("Response Type", "Submit Date (UTC)", "Network ID"),
        sign("Submit Date (UTC)", "Network ID"),
        sign("#", "Network ID"),
        sign("#", "Response Type"),
        sign("Submitted At", "Token"),
    ),
    columns={
        "response_id": ("Token", "#"),
        "responded_at": ("Submit Date (UTC)", "Submitted At", "Start Date (UTC)"),
        # `completed` or `started`: a started form can hold a score without the rest.
        "status": ("Response Type",),
    },
)
