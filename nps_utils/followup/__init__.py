"""Whom to contact after the survey, in what order and why; whom one may quote; whom to leave in peace for now.

Nothing here reads a clock: "today" is a stated day, by default that of the study's last answer.
"""

from nps_utils.columns import days_in, last_day
from nps_utils.followup.cases import to_contact
from nps_utils.followup.lists import may_quote, not_to_ask
from nps_utils.followup.people import answer_id, is_named, person_of
from nps_utils.followup.reasons import CLASSES

__all__ = [
    "CLASSES",
    "answer_id",
    "days_in",
    "is_named",
    "last_day",
    "may_quote",
    "not_to_ask",
    "person_of",
    "to_contact",
]
