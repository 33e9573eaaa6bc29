"""The one page a board reads, and the few numbers a machine reads."""

from nps_utils.report.summary.how_made import results_guide
from nps_utils.report.summary.numbers import CONFIDENCE_LEVEL, SCHEMA, Summary, headline, summarise, with_comments
from nps_utils.report.summary.pictures import save_pictures
from nps_utils.report.summary.story import Story, tell
from nps_utils.report.summary.titles import page_title, site_words
from nps_utils.report.summary.write import Pages, pages

__all__ = [
    "CONFIDENCE_LEVEL",
    "SCHEMA",
    "Pages",
    "Story",
    "Summary",
    "headline",
    "page_title",
    "pages",
    "results_guide",
    "save_pictures",
    "site_words",
    "summarise",
    "tell",
    "with_comments",
]
