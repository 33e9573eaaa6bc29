"""Whom to contact after the survey, in what order and why; whom one may quote; whom to leave in peace for now.

Nothing here reads a clock: "today" is a stated day, by default that of the study's last answer.
"""

from nps_utils.lazy import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
