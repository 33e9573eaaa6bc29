"""NPS research: from survey exports to scores with intervals, real change, revenue, comments and action."""

from nps_utils.account_change import clustered_change
from nps_utils.change import compare
from nps_utils.counts import count_bands
from nps_utils.cuts import count_each
from nps_utils.exports import read_export, scan_export
from nps_utils.limits import Limit, attempt
from nps_utils.mix import mix_change
from nps_utils.paired import paired_change
from nps_utils.responses import clean
from nps_utils.score import score
from nps_utils.stayers import change_parts
from nps_utils.study import Study
from nps_utils.target import benchmark
from nps_utils.trend import trend

__all__ = [
    "Limit",
    "Study",
    "attempt",
    "benchmark",
    "change_parts",
    "clean",
    "clustered_change",
    "compare",
    "count_bands",
    "count_each",
    "mix_change",
    "paired_change",
    "read_export",
    "scan_export",
    "score",
    "trend",
]
