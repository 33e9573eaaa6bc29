"""NPS research: from survey exports to scores with intervals, real change, revenue, comments and action."""

from nps_utils.lazy import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
__version__ = "0.1.0"
