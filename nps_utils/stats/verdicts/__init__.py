"""What may be said of a score and its changes: by account where answers share one, by pairs of the same people."""

from nps_utils.lazy import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
