"""What NPS does and does not say about money.

Money in (`read_revenue`), the panel of accounts and periods (`panel`, `join_coverage`), what it can and cannot show
(`learnable`, `lag_table`, `negative_control`, `slopes`, `corrected_slope`), and the conclusion.
"""

from nps_utils.revenue.corrected import corrected_slope
from nps_utils.revenue.growth import by_period, growth_table
from nps_utils.revenue.lags import lag_table, negative_control
from nps_utils.revenue.money import one_currency, read_money
from nps_utils.revenue.movements import read_movements
from nps_utils.revenue.pairs import pairs
from nps_utils.revenue.panels import join_coverage, panel
from nps_utils.revenue.reading import read_revenue
from nps_utils.revenue.shrinkage import shrink

__all__ = [
    "by_period",
    "corrected_slope",
    "growth_table",
    "join_coverage",
    "lag_table",
    "negative_control",
    "one_currency",
    "pairs",
    "panel",
    "read_money",
    "read_movements",
    "read_revenue",
    "shrink",
]
