"""NPS research: from survey exports to scores with intervals, real change, revenue, comments and action."""

from nps_utils.cleaning.clean import clean
from nps_utils.exports import read_export, scan_export
from nps_utils.limits import Limit, attempt
from nps_utils.stats.account_change import clustered_change
from nps_utils.stats.benchmark import benchmark
from nps_utils.stats.change import compare
from nps_utils.stats.counts import count_bands
from nps_utils.stats.each import count_each
from nps_utils.stats.mix import mix_change
from nps_utils.stats.paired import paired_change
from nps_utils.stats.score import score
from nps_utils.stats.stayers import change_parts
from nps_utils.stats.trend import trend
from nps_utils.study.study import Study

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
