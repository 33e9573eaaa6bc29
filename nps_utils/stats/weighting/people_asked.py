"""How many people of each group were asked and answered, for many segments at once: answers are linked once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.columns import numbered
from nps_utils.stats.weighting.linking import ROW, askings, link_to, placed
from nps_utils.waves import Wave


def people_asked(
    frame: pd.DataFrame,
    responses: pd.DataFrame,
    segments: Sequence[str],
    *,
    wave: Wave = "quarter",
    timezone: str = "UTC",
) -> pd.DataFrame:
    """Count people as `response_rates(per="person")` does by segment and wave, summed up over the waves.

    Parameters
    ----------
    frame, responses, wave, timezone
        As for `response_rates`.
    segments
        Columns of the frame; rows without a group are left out of their segment.

    Returns
    -------
    One row per segment and group, in order: `segment`, `group`, `asked`, `answered`.

    Examples
    --------
    >>> frame = pd.DataFrame({"respondent_id": [*"1123"], "size": ["s", "s", "l", None]})
    >>> people_asked(frame, pd.DataFrame({"respondent_id": ["1"]}), ["size"]).to_numpy().tolist()
    [['size', 'l', 1, 0], ['size', 's', 1, 1]]
    """
    asked = askings(placed(frame, *segments), timezone=timezone, wave=wave)
    linked = link_to(asked, responses, timezone=timezone, by_wave="wave" in frame.columns)
    answered = asked[ROW].isin(linked.dropna()).to_numpy()
    person = _people(asked)
    if "asked_at" in frame.columns:  # once in each wave
        waves, names = pd.factorize(asked["wave"])
        person = person * (len(names) + 1) + waves + 1
    tables = [_of(segment, asked[segment], person, answered) for segment in segments]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(_COLUMNS))


_COLUMNS = ("segment", "group", "asked", "answered")


def _of(segment: str, groups: pd.Series, person: NDArray[np.int64], answered: NDArray[np.bool_]) -> pd.DataFrame:
    """Count each person once in each group; who answered one of several askings answered."""
    group, names = pd.factorize(groups, sort=True)
    known = group >= 0
    each, different = pd.factorize(person[known] * max(len(names), 1) + group[known])
    once = different % max(len(names), 1)
    did = np.bincount(each, answered[known], len(different)) > 0
    counts = (np.bincount(once, minlength=len(names)), np.bincount(once, did, len(names)).astype(np.int64))
    return pd.DataFrame(dict(zip(_COLUMNS, (segment, names, *counts), strict=True)))


def _people(asked: pd.DataFrame) -> NDArray[np.int64]:
    """Number who each asking is of; one that names nobody is of somebody else than every other."""
    person = np.full(len(asked), -1, dtype=np.int64)
    for column in ("respondent_id", "email"):
        codes, texts = numbered(asked, column)
        same = np.append(pd.factorize(texts.str.lower())[0], -1)[codes]
        person = np.where(person >= 0, person, np.where(same >= 0, same + person.max(initial=-1) + 1, -1))
    nobody = person < 0
    return np.where(nobody, person.max(initial=-1) + np.cumsum(nobody), person)
