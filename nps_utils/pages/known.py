"""What one page has computed of a whole study and another, or the summary, asks for again: computed once a report."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from nps_utils import remembering
from nps_utils.study.study import Study


def known(study: Study, name: str, make: Callable[[], pd.DataFrame], *options: object) -> pd.DataFrame:
    """Return a table that was made of a study; by this process, or by another of the same report.

    Columns may be added to what is returned; the next call does not see them.

    Parameters
    ----------
    study
        Its input and its settings are part of what the table rests on.
    name
        What the table is.
    make
        What computes it of the study, and of nothing else but the options.
    options
        What else it rests on, as plain values.

    Examples
    --------
    >>> demo = Study.open("data/demo")
    >>> known(demo, "answers", lambda: pd.DataFrame({"n": [len(demo.responses())]})).columns.tolist()
    ['n']
    """
    rests_on = (name, study.input_hash(), study.settings.model_dump_json(), options)
    return remembering.known(repr(rests_on), make)
