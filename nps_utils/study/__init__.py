"""A study: a folder with study.toml, and all that follows from it."""

from nps_utils.study.study import NotInStudy, Study, content_hash

__all__ = ["NotInStudy", "Study", "content_hash"]
