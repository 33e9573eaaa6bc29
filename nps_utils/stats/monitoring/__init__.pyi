from nps_utils.stats.monitoring.control import control_limits as control_limits
from nps_utils.stats.monitoring.repeated_looks import false_alarms as false_alarms
from nps_utils.stats.monitoring.sequences import confidence_sequence as confidence_sequence
from nps_utils.stats.monitoring.sequences import difference_sequence as difference_sequence
