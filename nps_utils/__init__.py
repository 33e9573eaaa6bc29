"""NPS research: from survey exports to scores with intervals, real change, revenue, comments and action."""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from nps_utils.cleaning.clean import clean
from nps_utils.exports import read_export, scan_export
from nps_utils.limits import Limit, attempt
from nps_utils.stats import monitoring, planning, weighting
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

if TYPE_CHECKING:  # loaded when first used
    from nps_utils import comments, figures, followup, pages, revenue, stats, tables

__all__ = [
    "Limit",
    "Study",
    "attempt",
    "benchmark",
    "change_parts",
    "clean",
    "clustered_change",
    "comments",
    "compare",
    "count_bands",
    "count_each",
    "figures",
    "followup",
    "mix_change",
    "monitoring",
    "pages",
    "paired_change",
    "planning",
    "read_export",
    "revenue",
    "scan_export",
    "score",
    "stats",
    "tables",
    "trend",
    "weighting",
]


def __getattr__(name: str) -> ModuleType:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")
