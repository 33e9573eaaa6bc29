"""The lists of a study that say whom to contact, whom to quote and whom to leave in peace."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from nps_utils.words.limits import Limit


@dataclass(frozen=True)
class Contacts:
    """Whom to contact, whom one may quote, whom to leave in peace, as of a stated day.

    `consented` says that whoever is quoted allowed it; else the company's own word in study.toml does.
    """

    on: pd.Timestamp
    cases: pd.DataFrame
    quotes: pd.DataFrame
    resting: pd.DataFrame | Limit
    currency: str
    consented: bool = True
