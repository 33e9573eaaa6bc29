"""Seeded surveys, frames, revenue and comments with known truth, written in the layouts of survey tools.

`python -m nps_utils.simulate data/demo` writes the demo study again, byte for byte.
"""

from nps_utils.simulate.folder import study, write_study
from nps_utils.simulate.layouts import write_hubspot, write_superoffice, write_surveymonkey, write_trustmary
from nps_utils.simulate.other_layouts import (
    write_asknicely,
    write_delighted,
    write_google_forms,
    write_qualtrics,
    write_retently,
    write_survicate,
    write_typeform,
    write_wootric,
)
from nps_utils.simulate.plan import SEED, Plan, mean_for, nps_at
from nps_utils.simulate.quick import responses
from nps_utils.simulate.remarks import comments
from nps_utils.simulate.survey import Company, company, exports

__all__ = [
    "SEED",
    "Company",
    "Plan",
    "comments",
    "company",
    "exports",
    "mean_for",
    "nps_at",
    "responses",
    "study",
    "write_asknicely",
    "write_delighted",
    "write_google_forms",
    "write_hubspot",
    "write_qualtrics",
    "write_retently",
    "write_study",
    "write_superoffice",
    "write_surveymonkey",
    "write_survicate",
    "write_trustmary",
    "write_typeform",
    "write_wootric",
]
