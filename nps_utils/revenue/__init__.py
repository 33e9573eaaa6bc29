"""What NPS does and does not say about money.

Money in (`read_revenue`), the panel of accounts and periods (`panel`, `join_coverage`), what can be seen at all
(`learnable`), whether NPS leads (`lag_table`, `negative_control`), how much and in which view (`slopes`,
`corrected_slope`), what customers did (`risk_by_band`, `hazard_by_band`, `spend_by_band`), who is silent and what is at
risk (`silent_accounts`, `value_at_risk`), and what may be concluded (`all_tests`, `conclude`).
"""

from nps_utils.revenue.at_risk import recent_revenue, silent_accounts, value_at_risk
from nps_utils.revenue.conclusion import all_tests, conclude
from nps_utils.revenue.corrected import corrected_slope
from nps_utils.revenue.growth import by_period, growth_table
from nps_utils.revenue.lagged_pairs import pairs
from nps_utils.revenue.lags import lag_table, negative_control
from nps_utils.revenue.levels_and_changes import slopes, split_within_between
from nps_utils.revenue.panels import join_coverage, panel
from nps_utils.revenue.power import learnable
from nps_utils.revenue.reading.movements import read_movements
from nps_utils.revenue.reading.periods import one_currency, read_money
from nps_utils.revenue.reading.read import read_revenue
from nps_utils.revenue.renewal import risk_by_band
from nps_utils.revenue.shrinkage import shrink
from nps_utils.revenue.spend import spend_by_band
from nps_utils.revenue.survival import follow_up, hazard_by_band, survival_by_band

__all__ = [
    "all_tests",
    "by_period",
    "conclude",
    "corrected_slope",
    "follow_up",
    "growth_table",
    "hazard_by_band",
    "join_coverage",
    "lag_table",
    "learnable",
    "negative_control",
    "one_currency",
    "pairs",
    "panel",
    "read_money",
    "read_movements",
    "read_revenue",
    "recent_revenue",
    "risk_by_band",
    "shrink",
    "silent_accounts",
    "slopes",
    "spend_by_band",
    "split_within_between",
    "survival_by_band",
    "value_at_risk",
]
