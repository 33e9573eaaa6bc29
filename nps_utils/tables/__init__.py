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
from nps_utils.tables.silence import bounds, choices, choices_sentence, linkage, rates_sentence, response_rates
from nps_utils.tables.table import Table
from nps_utils.tables.weighting import ranks_sentence, shrunk, units, units_sentence, weighted, weighted_sentence

__all__ = [
    "Table",
    "bounds",
    "change_sentence",
    "changes",
    "changes_conclusion",
    "changes_sentence",
    "choices",
    "choices_sentence",
    "cleaning_conclusion",
    "decisions",
    "flagged",
    "flow",
    "flow_sentence",
    "flow_table",
    "linkage",
    "overall",
    "overall_sentence",
    "pooled_against_average",
    "ranks_sentence",
    "rates_sentence",
    "reason_words",
    "recognised",
    "rejected",
    "response_rates",
    "scale_sentence",
    "score_conclusion",
    "score_sentence",
    "scores",
    "shrunk",
    "units",
    "units_sentence",
    "verdict",
    "waves_title",
    "weighted",
    "weighted_sentence",
]
