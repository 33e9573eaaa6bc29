"""What NPS does and does not say about money.

Money in (`read_revenue`), the panel of accounts and periods (`panel`, `join_coverage`), what can be seen at all
(`learnable`), whether NPS leads (`lag_table`, `negative_control`), how much and in which view (`slopes`,
`corrected_slope`), what customers did (`risk_by_band`, `hazard_by_band`, `spend_by_band`), who is silent and what is at
risk (`silent_accounts`, `value_at_risk`), and what may be concluded (`all_tests`, `conclude`).
"""

from nps_utils.lazy import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
