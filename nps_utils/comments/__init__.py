"""What people write: masked, by language, theme, cluster, and what each theme does to the score."""

from nps_utils.comments.content import is_without_content
from nps_utils.comments.effects import theme_changes, theme_effects
from nps_utils.comments.language import detect_language
from nps_utils.comments.masking import mask
from nps_utils.comments.taxonomy import read_taxonomy
from nps_utils.comments.themes import assign_themes

__all__ = [
    "assign_themes",
    "detect_language",
    "is_without_content",
    "mask",
    "read_taxonomy",
    "theme_changes",
    "theme_effects",
]
