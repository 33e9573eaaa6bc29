"""What drives the score: how much of its differences each rating or theme accounts for, and how sure that is."""

from nps_utils.lazy import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
