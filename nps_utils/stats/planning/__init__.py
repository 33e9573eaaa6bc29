"""Before asking: whom, how many answers, and what change they could show."""

from nps_utils.stats.arithmetic.mixes import WORST_MIX, Mix, mix_variance
from nps_utils.stats.planning.detectable import (
    answers_per_wave,
    detectable_change,
    power,
    power_table,
    shifted_mix,
)
from nps_utils.stats.planning.eligibility import eligibility_counts, eligible
from nps_utils.stats.planning.margins import (
    COPIED_MARGINS,
    COPIED_TABLE,
    copied_table,
    invitations,
    margin_of,
    proportion_sample_size,
    sample_size,
)

__all__ = [
    "COPIED_MARGINS",
    "COPIED_TABLE",
    "WORST_MIX",
    "Mix",
    "answers_per_wave",
    "copied_table",
    "detectable_change",
    "eligibility_counts",
    "eligible",
    "invitations",
    "margin_of",
    "mix_variance",
    "power",
    "power_table",
    "proportion_sample_size",
    "sample_size",
    "shifted_mix",
]
