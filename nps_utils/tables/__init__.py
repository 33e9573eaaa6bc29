"""The one place where numbers become words: tables as a page shows them, and sentences computed from results."""

from nps_utils.tables.cleaning import (
    cleaning_conclusion,
    decisions,
    flagged,
    flow,
    flow_sentence,
    flow_table,
    reason_words,
    recognised,
    rejected,
    scale_sentence,
)
from nps_utils.tables.overview import (
    overall,
    overall_sentence,
    pooled_against_average,
    score_conclusion,
    waves_title,
)
from nps_utils.tables.scores import (
    change_sentence,
    changes,
    changes_conclusion,
    changes_sentence,
    score_sentence,
    scores,
    verdict,
)
from nps_utils.tables.table import Table

__all__ = [
    "Table",
    "change_sentence",
    "changes",
    "changes_conclusion",
    "changes_sentence",
    "cleaning_conclusion",
    "decisions",
    "flagged",
    "flow",
    "flow_sentence",
    "flow_table",
    "overall",
    "overall_sentence",
    "pooled_against_average",
    "reason_words",
    "recognised",
    "rejected",
    "scale_sentence",
    "score_conclusion",
    "score_sentence",
    "scores",
    "verdict",
    "waves_title",
]
