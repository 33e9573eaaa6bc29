"""What the score is worth: who left after answering, and whether revenue grows where the score is higher."""

from __future__ import annotations

from typing import Final, NamedTuple

import pandas as pd

from nps_utils import revenue
from nps_utils.checks import BadValue
from nps_utils.pages.customers import followed
from nps_utils.pages.revenue import money_panel, terms
from nps_utils.study.study import Study

# With fewer accounts that left, nothing can rest on who they were.
LEAST_LEFT: Final = 5
_PER_YEAR: Final = {"month": 12, "quarter": 4, "year": 1}


class Leavers(NamedTuple):
    """How many accounts left within so many days of their answer: detractors, and all others."""

    days: int
    detractors: int
    detractors_left: int
    others: int
    others_left: int


def leavers(study: Study) -> Leavers:
    """Count who left by what they had answered.

    Raises
    ------
    BadValue, NotInStudy
        Who left is not known, or fewer than five did.
    """
    found = followed(study)
    risks = revenue.risk_by_band(found.customers, outcome="churned")
    if risks["events"].sum() < LEAST_LEFT:
        raise BadValue(f"{int(risks['events'].sum())} accounts left: too few to rest anything on.")
    low = risks["band"] == "detractor"
    counted = [int(risks.loc[where, name].sum()) for where in (low, ~low) for name in ("n", "events")]
    return Leavers(found.horizon, *counted)


def link(study: Study) -> pd.Series:
    """Return whether revenue grows more where the score is higher, as the page of money concludes, by the year.

    Returns
    -------
    The row of `revenue.conclude`; `measured`, `measured_low` and `measured_high` are percentage points a year.

    Raises
    ------
    BadValue, NotInStudy
        There is no dated revenue, or too little to tell.
    """
    how = terms(study)
    panel = money_panel(study, how)
    learned = revenue.learnable(panel, lag=1)
    control = revenue.negative_control(panel, rng=study.seed)
    corrected = revenue.corrected_slope(panel, lag=1, rng=study.seed)
    row = revenue.conclude(control, corrected, learned, by=how.by).iloc[0]
    if row["verdict"] == "cannot_tell":
        raise BadValue(str(row["limit"]))
    yearly = {name: float(row[name]) * _PER_YEAR[how.by] for name in ("measured", "measured_low", "measured_high")}
    whole: pd.Series = pd.concat([row.drop(list(yearly)), pd.Series(yearly)])
    return whole
