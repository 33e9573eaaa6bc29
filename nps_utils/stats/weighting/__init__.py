"""Answers made to stand for the customers: weights, accounts, and what the silent could hide."""

from nps_utils.stats.weighting.clustered import weighted_score
from nps_utils.stats.weighting.raking import frame_margins, rake
from nps_utils.stats.weighting.silence import bounds, response_rates
from nps_utils.stats.weighting.units import account_units

__all__ = [
    "account_units",
    "bounds",
    "frame_margins",
    "rake",
    "response_rates",
    "weighted_score",
]
