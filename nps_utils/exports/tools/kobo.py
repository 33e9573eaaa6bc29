"""KoboToolbox: questions as labels or as names with their groups, then columns that begin with an underscore.

Read from formpack, which writes these exports, and from its fixtures. `_id` is given by the server and stays when an
answer is edited, `_uuid` changes; `_submission_time` is in UTC and does not say so. `_validation_status` is written as
`validation_status_not_approved` or, with labels, `Not Approved`. The names of the API, in JSON, are the same.
"""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="kobo",
    title="KoboToolbox",
    signs=(
        sign("_id", "_uuid", "_submission_time", "_validation_status"),
        sign("_id", "_submission_time", "_validation_status"),
        sign("_uuid", "_submission_time", "_validation_status"),
        sign("_submission_time", "_submitted_by", "_id"),
        sign("_id", "_uuid", "_submission_time"),
        sign("_xform_id_string", "_submission_time"),
    ),
    columns={
        "response_id": ("_id", "_uuid", "meta/instanceID"),
        "responded_at": ("_submission_time", "end"),
        "status": ("_validation_status", "_validation_status.uid", "_validation_status.label"),
    },
    # Of the submission, not of a person.
    kept_as={"_uuid": "submission_uuid"},
    zone="UTC",
    means={
        "status": {
            "validation_status_approved": "Approved",
            "validation_status_not_approved": "Not approved",
            "validation_status_on_hold": "On hold",
        }
    },
)
