"""Wootric (InMoment): `excluded_from_calculations` must be honoured, `text` is the comment; times Unix or ISO."""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="wootric",
    title="Wootric",
    signs=(
        sign("score", "excluded_from_calculations"),
        sign("score", "text", "end_user_id"),
        sign("score", "text", "origin_url", "created_at"),
    ),
    columns={
        "response_id": ("response_id", "id"),
        "respondent_id": ("end_user_id", "end_user.id", "external_id"),
        "score": ("score",),
        "comment": ("text", "feedback"),
        "responded_at": ("created_at", "responded_at"),
        "asked_at": ("survey_sent_at",),
        "email": ("email", "end_user_email", "end_user.email"),
        "survey_type": ("survey_type", "metric"),
        "excluded": ("excluded_from_calculations",),
        "finished": ("completed",),
        "language": ("language",),
        "channel": ("channel",),
    },
)
