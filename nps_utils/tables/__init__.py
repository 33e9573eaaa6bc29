"""The one place where numbers become words: tables as a page shows them, and sentences computed from results."""

from nps_utils.tables.cleaning import decisions, flagged, flow, flow_sentence, flow_table, reason_words, rejected
from nps_utils.tables.scores import change_sentence, changes, changes_sentence, score_sentence, scores, verdict
from nps_utils.tables.table import Table

__all__ = [
    "Table",
    "change_sentence",
    "changes",
    "changes_sentence",
    "decisions",
    "flagged",
    "flow",
    "flow_sentence",
    "flow_table",
    "reason_words",
    "rejected",
    "score_sentence",
    "scores",
    "verdict",
]
