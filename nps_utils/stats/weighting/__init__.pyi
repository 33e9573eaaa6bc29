from nps_utils.stats.weighting.raking import frame_margins as frame_margins
from nps_utils.stats.weighting.raking import rake as rake
from nps_utils.stats.weighting.silence import bounds as bounds
from nps_utils.stats.weighting.silence import response_rates as response_rates
from nps_utils.stats.weighting.units import account_units as account_units
from nps_utils.stats.weighting.weighted_interval import weighted_score as weighted_score
