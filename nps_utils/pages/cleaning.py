"""How the score would move under other choices of cleaning: cleaning is where NPS is bent."""

from __future__ import annotations

from typing import Final

import pandas as pd

from nps_utils.cleaning.clean import clean
from nps_utils.stats.counts import count_bands
from nps_utils.stats.score import score
from nps_utils.study.gather import unite
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


def cleaning_choices(study: Study) -> pd.DataFrame:
    """Clean the study anew under each choice and score it; one choice differs from the report at a time.

    Returns
    -------
    One row per choice that changes an answer, after what is reported: `choice`, band counts, `n`, `nps`, `se`, `low`,
    `high` (points) and `shift`, the score less the reported one.
    """
    united, found = unite(study.folder, study.settings)
    options = cleaning_options(study.folder, study.settings, found)
    table = united.collect()
    counted: list[pd.DataFrame] = []
    for choice, changed in CHOICES.items():
        if changed and changed.items() <= options.items():
            continue  # this is what was reported
        responses, _ = clean(table, **{**options, **changed})  # type: ignore[arg-type]
        bands = count_bands(responses)
        if counted and bands.equals(counted[0].drop(columns="choice")):
            continue  # a choice that changes no answer says nothing
        counted.append(bands.assign(choice=choice))
    scored = score(pd.concat(counted, ignore_index=True))
    return scored.assign(shift=scored["nps"] - scored["nps"].iloc[0])
