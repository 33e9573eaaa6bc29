"""SurveyMonkey: two header rows, the question and below it `Response`, `Open-Ended Response` or an option's name."""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="surveymonkey",
    title="SurveyMonkey",
    signs=(
        sign("Respondent ID", "Collector ID"),
        sign("RespondentID", "CollectorID", "StartDate", "EndDate"),
        sign("respondent_id", "collector_id", "date_created"),
    ),
    header_rows=2,
    second_row=frozenset({"response", "open-ended response", "open ended response", "other (please specify)"}),
    columns={
        # A respondent of SurveyMonkey is one filling-in of the form: the id of the answer, not of the person.
        "response_id": ("Respondent ID",),
        "respondent_id": ("Contact ID",),
        "responded_at": ("End Date", "date_modified", "Start Date", "date_created"),
        "email": ("Email Address", "Email"),
        "respondent_name": ("Full Name",),
        "channel": ("Collector Type",),
        "language": ("Language",),
    },
    # What a company sends along with an invitation; often, but not always, the customer number.
    offers={"account_id": ("Custom Data 1", "Custom Data", "custom_value", "Custom Variable 1")},
)
