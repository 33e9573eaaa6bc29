"""Pictures of results: each function returns its axes, with the message as title and a text of what one would see."""

from nps_utils.figures import methods
from nps_utils.figures.act import ages
from nps_utils.figures.change import changes, control, looks, parts
from nps_utils.figures.cleaning import flow
from nps_utils.figures.comments import theme_effects, theme_shares
from nps_utils.figures.nps import forest, histogram, waves
from nps_utils.figures.plan import power
from nps_utils.figures.revenue import accounts, lags, risks, slopes

__all__ = [
    "accounts",
    "ages",
    "changes",
    "control",
    "flow",
    "forest",
    "histogram",
    "lags",
    "looks",
    "methods",
    "parts",
    "power",
    "risks",
    "slopes",
    "theme_effects",
    "theme_shares",
    "waves",
]
