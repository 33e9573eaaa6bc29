"""What people write: masked, by language, theme, cluster, and what each theme does to the score."""

from nps_utils.lazy import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
