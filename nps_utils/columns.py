"""The canonical columns: what a survey export can say of an answer, by one name each, from export to response."""

from __future__ import annotations

from typing import Final

# Of every response.
ANSWER: Final = (
    "response_id",
    "respondent_id",
    "account_id",
    "survey",
    "touchpoint",
    "score",
    "comment",
    "comment_question",
    "language",
    "responded_at",
    "asked_at",
    "wave",
    "consent_to_quote",
)
# Of an export, for cleaning and for reaching people; kept with the response where the export has them.
FURTHER: Final = (
    "channel",
    "email",
    "respondent_name",
    "survey_type",
    "score_label",
    "status",
    "finished",
    "excluded",
)
# Where a row stands, and what reading found wrong with it.
SOURCE: Final = ("source_file", "source_row")
FOUND: Final = ("source_problem", "source_flag", "source_excess")

# What an export can fill, in the order of the table; whatever else it holds stays under its own name.
EXPORT: Final = (*ANSWER, *FURTHER)
# A response, in order, before the further columns.
RESPONSE: Final = (*ANSWER, *SOURCE)
# The columns of a text table that have a meaning as text.
TEXTS: Final = (*EXPORT, *FOUND, "source_file")
