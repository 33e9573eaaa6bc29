"""ODK Central: `SubmissionDate`, the questions with their groups (`group-question`), `KEY`, and more.

Read from the code of ODK Central that writes the CSV, and the names of its OData feed in JSON. `SubmissionDate` is in
UTC and says so. `ReviewState` is empty until somebody looks: approved, hasIssues, rejected or edited. The submitter is
who collected the answer, not who gave it; `Status` tells of encrypted answers that could not be read.
"""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="odk",
    title="ODK Central",
    signs=(
        sign("SubmissionDate", "KEY", "SubmitterID", "SubmitterName", "ReviewState"),
        sign("SubmissionDate", "KEY", "SubmitterID"),
        sign("SubmissionDate", "KEY", "ReviewState"),
        sign("SubmissionDate", "KEY", "FormVersion"),
        sign("SubmissionDate", "KEY", "AttachmentsPresent"),
        sign("__id", "__system.submissionDate"),
    ),
    columns={
        "response_id": ("KEY", "meta-instanceID", "__id"),
        "responded_at": ("SubmissionDate", "__system.submissionDate"),
        "status": ("ReviewState", "__system.reviewState"),
    },
    zone="UTC",
    means={"status": {"hasIssues": "Has issues", "rejected": "Rejected", "approved": "Approved"}},
)
