"""What people write: masked, by language, theme, cluster, and what each theme does to the score."""

from nps_utils.comments.changes import theme_changes
from nps_utils.comments.check_sheet import check_sheet, is_untouched, read_check_sheet
from nps_utils.comments.clustering import clusters
from nps_utils.comments.consent import TESTIMONIAL, has_consent, quotable
from nps_utils.comments.content import is_without_content
from nps_utils.comments.effects import theme_effects
from nps_utils.comments.language import detect_language
from nps_utils.comments.masking import mask
from nps_utils.comments.quality import theme_quality, theme_quotes, theme_words
from nps_utils.comments.taxonomy import read_taxonomy
from nps_utils.comments.themes import assign_themes

__all__ = [
    "TESTIMONIAL",
    "assign_themes",
    "check_sheet",
    "clusters",
    "detect_language",
    "has_consent",
    "is_untouched",
    "is_without_content",
    "mask",
    "quotable",
    "read_check_sheet",
    "read_taxonomy",
    "theme_changes",
    "theme_effects",
    "theme_quality",
    "theme_quotes",
    "theme_words",
]
