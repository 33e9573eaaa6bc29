"""Seeded surveys, frames, revenue and comments with known truth, written in the layouts of survey tools.

`python -m nps_utils.simulate data/demo` writes the demo study again, byte for byte.
"""

from nps_utils.simulate.folder import study, write_study
from nps_utils.simulate.layouts import write_hubspot, write_superoffice, write_surveymonkey, write_trustmary
from nps_utils.simulate.plan import SEED, Plan, mean_for, nps_at
from nps_utils.simulate.survey import Company, company, exports

__all__ = [
    "SEED",
    "Company",
    "Plan",
    "company",
    "exports",
    "mean_for",
    "nps_at",
    "study",
    "write_hubspot",
    "write_study",
    "write_superoffice",
    "write_surveymonkey",
    "write_trustmary",
]
