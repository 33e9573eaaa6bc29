"""Questback: EFS (also Unipark and Tivian), with `lfdn`, `dispcode` and `lastpage`; and Essentials.

The names of EFS are those of its own documentation as remembered, hence inferred: `lfdn` numbers the answers of a
project, `dispcode` says how far each came (31 and 32 are complete), `tester` marks tests, `date_of_last_access` is the
end and `datetime` the beginning. Essentials lets its users choose the headers, of which these are a guess.
"""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="questback",
    title="Questback",
    signs=(
        sign("lfdn", "dispcode", "lastpage"),
        sign("lfdn", "dispcode"),
        sign("lfdn", "external_lfdn"),
        sign("lfdn", "tester"),
        sign("Questback ID", "Respondent ID"),
    ),
    columns={
        "response_id": ("lfdn", "Questback ID"),
        "respondent_id": ("external_lfdn", "u_account", "p_0001", "Respondent ID"),
        "responded_at": ("date_of_last_access", "datetime", "Responded"),
        "status": ("dispcode",),
        "excluded": ("tester",),
        "email": ("u_email", "Email"),
        "language": ("language",),
    },
    means={
        "status": {
            "31": "Complete", "32": "Complete", "22": "Partial", "21": "Partial", "20": "Partial", "23": "Partial",
            "35": "Screened out", "36": "Quota full", "37": "Screened out", "41": "Quota full",
            "11": "Not started", "12": "Not started",
        }
    },
)  # fmt: skip
