"""Formbricks: `No., Response ID, Timestamp, Finished, Survey ID, ...`, metadata, then `1. question`; and its API.

Read from the code of Formbricks that writes CSV and XLSX. `No.` counts the rows of the file. Times carry their zone
(`2025-03-04 11:00:15 GMT+1`). `Finished` is Yes or No. The columns of metadata are those of the first answer. The names
of the API, in JSON, have the answers below `data` under the ids of the questions.
"""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="formbricks",
    title="Formbricks",
    signs=(
        sign("No.", "Response ID", "Timestamp", "Finished", "Survey ID"),
        sign("Response ID", "Timestamp", "Finished", "Survey ID"),
        sign("Response ID", "Finished", "Formbricks ID (internal)"),
        sign("Response ID", "Finished", "Formbricks ID"),
        sign("createdAt", "updatedAt", "finished", "surveyId"),
    ),
    columns={
        "response_id": ("Response ID", "id"),
        "respondent_id": ("User ID", "contact.userId", "Formbricks ID (internal)", "Formbricks ID", "contact.id"),
        "responded_at": ("Timestamp", "createdAt"),
        "finished": ("Finished",),
        "email": ("Verified Email", "email"),
        "language": ("language",),
    },
    kept_as={"No.": "row_of_the_file"},
)
