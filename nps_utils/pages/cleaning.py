"""How the score would move under other choices of cleaning: cleaning is where NPS is bent."""

from __future__ import annotations

from typing import Final

import pandas as pd
import polars as pl

from nps_utils.cleaning.under_choices import scores_under
from nps_utils.stats import verdicts
from nps_utils.study.gather import answers_known, united
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
_SCORED_BY: Final = ("source_file", "source_row", "respondent_id", "account_id", "email")
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
    table, found = united(study.folder, study.settings)
    options = cleaning_options(study.folder, study.settings, found)
    # What was reported is no other choice.
    choices = {
        name: changed for name, changed in CHOICES.items() if not changed or not changed.items() <= options.items()
    }
    known = table.collect_schema().names()
    wanted = dict.fromkeys(name for name in (*_SCORED_BY, study.settings.weight) if name)
    here = [pl.col(name) if name in known else pl.lit(None, pl.String).alias(name) for name in wanted]
    rows = table.select(here)
    scored: list[pd.DataFrame] = []
    reported: pl.Series | None = None
    for choice, scores in zip(choices, scores_under(table, list(choices.values()), **options), strict=True):
        if reported is not None and scores.equals(reported):
            continue  # a choice that changes no answer says nothing
        answers = pl.concat([rows, scores.to_frame("score").lazy()], how="horizontal").drop_nulls("score")
        one = verdicts.scores(answers_known(answers, study.folder, study.settings, found))
        if scored and one[_TOLD].equals(scored[0][_TOLD]):
            continue
        reported = scores if reported is None else reported
        scored.append(one.assign(choice=choice))
    beside = pd.concat(scored, ignore_index=True)
    return beside.assign(shift=beside["nps"] - beside["nps"].iloc[0])


def rates_by_wave(study: Study) -> pd.DataFrame:
    """Return the share of answered invitations by touchpoint and wave, see `response_rates`."""
    return study.response_rates(by=["touchpoint", "wave"])
