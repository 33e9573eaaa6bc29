"""Before asking: whom, how many answers, and what change they could show."""

from nps_utils.lazy import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
