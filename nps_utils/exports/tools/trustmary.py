"""Trustmary: `feedback` is the reason for the score, `comment` a testimonial written for the public, with consent."""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="trustmary",
    title="Trustmary",
    signs=(
        sign("survey_id", "answer_id", "nps"),
        sign("nps", "feedback", "publicConsent"),
        sign("answer_id", "nps", "feedback"),
    ),
    columns={
        "response_id": ("answer_id",),
        "respondent_id": ("contact_id", "person_id"),
        "account_id": ("organization_id", "organisation_id", "organization", "organisation"),
        "survey": ("survey_name", "survey_id"),
        "score": ("nps",),
        "comment": ("feedback",),
        "consent_to_quote": ("publicConsent",),
        "responded_at": ("created_at", "answered_at"),
        "email": ("email",),
        "respondent_name": ("name", "full_name"),
        "language": ("language", "locale"),
        "channel": ("channel",),
    },
    kept_as={"comment": "testimonial"},
)
