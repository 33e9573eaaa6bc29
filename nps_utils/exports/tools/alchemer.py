"""Alchemer (formerly SurveyGizmo): `Response ID, Time Started, Date Submitted, Status`, then columns on the visit.

The headers were seen in readers of real files; the words of `Status` are the vendor's: Complete, Partial, Disqualified,
and Deleted where deleted answers are exported too. `Response ID` runs 1, 2, 3 in every survey.
"""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="alchemer",
    title="Alchemer",
    signs=(
        sign("Response ID", "Time Started", "Date Submitted", "Status"),
        sign("Response ID", "Time Started", "Date Submitted"),
        sign("Response ID", "Date Submitted", "Status"),
        sign("Time Started", "Date Submitted", "Status"),
        sign("Date Submitted", "Legacy Comments", "SessionID"),
    ),
    columns={
        "response_id": ("Response ID",),
        "respondent_id": ("Contact ID",),
        "responded_at": ("Date Submitted",),
        "status": ("Status",),
        "language": ("Language",),
        "email": ("Email", "Email Address", "Invite Email"),
    },
)
