from nps_utils.stats.drivers.key_drivers import MOST_ITEMS as MOST_ITEMS
from nps_utils.stats.drivers.key_drivers import importance as importance
from nps_utils.stats.drivers.ratings import read_ratings as read_ratings
