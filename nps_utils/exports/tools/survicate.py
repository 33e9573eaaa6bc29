"""In-app tools such as Survicate: questions as `Q#1: ...`, and below them `Score`, `Label`, `Answer`, `Insight`."""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="survicate",
    title="Survicate",
    signs=(
        sign("Response uuid", "Respondent uuid"),
        sign("Date & Time (UTC)", "Response uuid"),
    ),
    header_rows=2,
    second_row=frozenset({"score", "label", "answer", "insight", "comment"}),
    columns={
        "response_id": ("Response uuid",),
        "respondent_id": ("User ID", "user_id", "Respondent uuid"),
        "responded_at": ("Date & Time (UTC)", "Date & Time"),
        "email": ("email", "Email"),
        "language": ("Language",),
        "channel": ("Channel", "Platform"),
    },
)
