"""The one page a board reads, and the few numbers a machine reads."""

from nps_utils.report.summary.how_made import results_guide
from nps_utils.report.summary.numbers import CONFIDENCE_LEVEL, SCHEMA, Summary, headline, summarise
from nps_utils.report.summary.story import Story, tell
from nps_utils.report.summary.write import Pages, pages, save_picture

__all__ = [
    "CONFIDENCE_LEVEL",
    "SCHEMA",
    "Pages",
    "Story",
    "Summary",
    "headline",
    "pages",
    "results_guide",
    "save_picture",
    "summarise",
    "tell",
]
