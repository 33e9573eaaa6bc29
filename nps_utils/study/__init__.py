"""A study: a folder with study.toml, and all that follows from it."""

from nps_utils.lazy import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
