"""The one place where numbers become words: tables as a page shows them, and sentences computed from results."""

from nps_utils.lazy import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
