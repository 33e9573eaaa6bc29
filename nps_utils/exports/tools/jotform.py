"""Jotform: `Submission Date`, the questions, `Submission IP`, `Submission ID` of nineteen digits.

Inferred from the vendor's help and from readers of its files; the owner of a form may leave out any of these columns.
Only together they tell Jotform: other tools write `Submission Date` too. Dates are `Mar 4, 2025` by default.
"""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="jotform",
    title="Jotform",
    signs=(
        sign("Submission Date", "Submission IP", "Submission ID"),
        sign("Submission Date", "Submission IP"),
        sign("Submission Date", "Submission ID", "Last Update Date"),
    ),
    columns={
        "response_id": ("Submission ID",),
        "responded_at": ("Submission Date", "Created At"),
        "email": ("Email", "E-mail", "Email Address"),
        "status": ("Submission Status", "Approval Status"),
    },
)
