"""SurveyXact: `respondent`, `closetime`, `statoverall_1` to `statoverall_5`, questions as `s_1`, `s_2`.

Inferred, as remembered from its data sets: `statoverall_4` is 1 where the answer was completed (1 new, 2 sent out,
3 some answers, 5 rejected), `closetime` is when. Answers from 0 to 10 are often codes from 1 to 11, which their labels
in a file of SPSS tell.
"""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="surveyxact",
    title="SurveyXact",
    signs=(
        sign("respondent", "statoverall_4", "closetime"),
        sign("respondent", "statoverall_4"),
        sign("respondent", "closetime", "starttime"),
        sign("respondent", "responsecollectsessions"),
        sign("closetime", "digitaldistributionstatus"),
    ),
    columns={
        "respondent_id": ("respondent",),
        "responded_at": ("closetime", "modified", "created"),
        "asked_at": ("distributionschedule",),
        "finished": ("statoverall_4",),
        "email": ("email",),
    },
)
