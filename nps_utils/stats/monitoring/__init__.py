"""Looking again and again without fooling oneself: sequences that hold at every look, and control charts."""

from nps_utils.lazy import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
