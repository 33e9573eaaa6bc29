from nps_utils import comments as comments
from nps_utils import figures as figures
from nps_utils import followup as followup
from nps_utils import pages as pages
from nps_utils import revenue as revenue
from nps_utils import stats as stats
from nps_utils import tables as tables
from nps_utils.cleaning.clean import clean as clean
from nps_utils.exports import read_export as read_export
from nps_utils.exports import scan_export as scan_export
from nps_utils.stats import monitoring as monitoring
from nps_utils.stats import planning as planning
from nps_utils.stats import weighting as weighting
from nps_utils.stats.account_change import clustered_change as clustered_change
from nps_utils.stats.benchmark import benchmark as benchmark
from nps_utils.stats.change import compare as compare
from nps_utils.stats.counts import count_bands as count_bands
from nps_utils.stats.each import count_each as count_each
from nps_utils.stats.mix import mix_change as mix_change
from nps_utils.stats.paired import paired_change as paired_change
from nps_utils.stats.score import score as score
from nps_utils.stats.stayers import change_parts as change_parts
from nps_utils.stats.trend import trend as trend
from nps_utils.study.study import Study as Study
from nps_utils.words.limits import Limit as Limit
from nps_utils.words.limits import attempt as attempt

__version__: str
