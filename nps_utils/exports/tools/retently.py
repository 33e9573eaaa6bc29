"""Retently: the names of its API's feedback records, flat or with dots, and their Title Case in the CSV (inferred)."""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="retently",
    title="Retently",
    signs=(
        sign("campaignId", "score", "feedback"),
        sign("campaignName", "score", "feedback"),
        sign("Campaign", "Score", "Feedback", "Survey Date"),
        sign("Score", "Feedback", "Created Date"),
        sign("customerId", "score", "feedback", "ratingCategory"),
    ),
    columns={
        "response_id": ("id", "feedbackId", "Feedback ID", "Response ID"),
        "respondent_id": ("customerId", "Customer ID"),
        "account_id": ("companyId", "companyDomain", "Company", "companyName"),
        "score": ("score", "Score"),
        "score_label": ("ratingCategory", "Rating Category"),
        "comment": ("feedback", "comment", "Feedback"),
        "responded_at": ("Response Date", "createdDate", "surveyDate", "Survey Date"),
        "email": ("email", "Customer Email"),
        "survey": ("campaignName", "Campaign", "campaignId"),
        "survey_type": ("metricsType", "surveyMetric", "metric"),
        "channel": ("surveyChannel", "channel"),
        "language": ("surveyLanguage", "language"),
    },
)
