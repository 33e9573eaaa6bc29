"""Pictures of results: each function returns its axes, with the message as title and a text of what one would see."""

from nps_utils.lazy import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
