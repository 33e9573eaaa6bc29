"""Answers made to stand for the customers: weights, accounts, and what the silent could hide."""

from nps_utils.lazy import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
