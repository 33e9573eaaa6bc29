"""Looking again and again without fooling oneself: sequences that hold at every look, and control charts."""

from nps_utils.stats.monitoring.control import control_limits
from nps_utils.stats.monitoring.false_alarms import false_alarms
from nps_utils.stats.monitoring.sequences import confidence_sequence, difference_sequence

__all__ = [
    "confidence_sequence",
    "control_limits",
    "difference_sequence",
    "false_alarms",
]
