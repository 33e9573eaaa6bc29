"""How the score would move under other choices of cleaning: cleaning is where NPS is bent."""

from __future__ import annotations

from typing import Final

import pandas as pd

from nps_utils.cleaning.clean import clean
from nps_utils.stats import verdicts
from nps_utils.study.gather import answers_known, unite
from nps_utils.study.parts import cleaning_options
from nps_utils.study.study import Study

CHOICES: Final[dict[str, dict[str, str]]] = {
    "as reported": {},
    "latest answer per person and wave": {"repeats": "latest"},
    "first answer per person and wave": {"repeats": "first"},
    "every answer of a person": {"repeats": "all"},
    "duplicates kept": {"duplicates": "keep"},
    "unfinished answers kept": {"partials": "keep"},
    "flagged rows dropped": {"flagged": "reject"},
}
# What a score is told by: the answers, and whose they are.
_SCORED_BY: Final = ("source_file", "source_row", "score", "respondent_id", "account_id", "email")
# Where these agree, no answer was changed.
_TOLD: Final = ["detractors", "passives", "promoters", "n", "nps"]


def cleaning_choices(study: Study) -> pd.DataFrame:
    """Clean the study anew under each choice and score it; one choice differs from the report at a time.

    Intervals are those of `verdicts.scores`, as on every other page: by account or person where they answer more than
    1.2 times each.

    Returns
    -------
    One row per choice that changes an answer, after what is reported: `choice`, the columns of `verdicts.scores`, and
    `shift`, the score less the reported one.
    """
    united, found = unite(study.folder, study.settings)
    options = cleaning_options(study.folder, study.settings, found)
    table = united.collect()
    scored: list[pd.DataFrame] = []
    for choice, changed in CHOICES.items():
        if changed and changed.items() <= options.items():
            continue  # this is what was reported
        cleaned, _ = clean(table, **{**options, **changed})  # type: ignore[arg-type]
        told_by = [name for name in (*_SCORED_BY, study.settings.weight) if name in cleaned.columns]
        rows = cleaned.select(told_by).to_pandas()
        one = verdicts.scores(answers_known(rows, study.folder, study.settings, found))
        if scored and one[_TOLD].equals(scored[0][_TOLD]):
            continue  # a choice that changes no answer says nothing
        scored.append(one.assign(choice=choice))
    beside = pd.concat(scored, ignore_index=True)
    return beside.assign(shift=beside["nps"] - beside["nps"].iloc[0])


def rates_by_wave(study: Study) -> pd.DataFrame:
    """Return the share of answered invitations by touchpoint and wave, see `response_rates`."""
    return study.response_rates(by=["touchpoint", "wave"])
