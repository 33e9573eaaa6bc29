"""Scored answers as arrays: items as numbers, the score, what each answer weighs and whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import BadValue, check_columns
from nps_utils.columns import text_of
from nps_utils.scale import HIGHEST, LOWEST
from nps_utils.stats.drivers.ratings import Labels, read_ratings
from nps_utils.stats.weighting.export_weights import WEIGHT
from nps_utils.stats.weighting.weighted_interval import weights_of

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]


class Answers(NamedTuple):
    """Scored answers: items as numbers, NaN where not answered; the score; what each weighs; whose it is."""

    items: Floats
    score: Floats
    weight: Floats
    account: Codes

    def pick(self, rows: NDArray[np.bool_]) -> Answers:
        """Return the chosen answers."""
        return Answers(self.items[rows], self.score[rows], self.weight[rows], self.account[rows])


def read_answers(
    responses: pd.DataFrame,
    names: Sequence[str],
    *,
    cluster: str | None,
    weight: str | None,
    labels: Labels | None,
) -> Answers:
    """Return the scored answers."""
    check_columns(list(map(str, responses.columns)), ["score", *([cluster] if cluster else [])], what="responses")
    score = pd.to_numeric(responses["score"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    unread = responses["score"].notna().to_numpy() & np.isnan(score)
    wrong = unread | (np.isfinite(score) & ~np.isin(score, np.arange(LOWEST, HIGHEST + 1)))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        value = responses["score"].iloc[row]
        raise BadValue(f'responses, row {row}, column "score": {value} is not a whole number from 0 to 10.')
    there = np.isfinite(score)
    if not there.any():
        raise BadValue("No answer has a score: there is nothing to drive.")
    told = weight or (WEIGHT if WEIGHT in responses.columns else None)
    scored = responses[there]
    items = read_ratings(scored, names, labels=labels).to_numpy(dtype=float)
    heavy = weights_of(scored, told)
    heavy = heavy / heavy.mean() if len(heavy) else heavy
    return Answers(items, score[there], heavy, _accounts(scored, cluster))


def _accounts(responses: pd.DataFrame, cluster: str | None) -> Codes:
    """Return whose each answer is: the account's, where none is known the person's; one of nobody stands alone."""
    person = "person " + text_of(responses, "respondent_id")
    whose = ("account " + text_of(responses, cluster)).fillna(person) if cluster else person
    codes = np.asarray(pd.factorize(whose)[0], dtype=np.int64)
    alone = codes < 0
    return np.where(alone, codes.max(initial=-1) + np.cumsum(alone), codes)


def unit_of(responses: pd.DataFrame, cluster: str | None) -> str:
    """Return what is drawn anew, in a word."""
    if cluster:
        return "person" if cluster == "respondent_id" else "account"
    return "person" if text_of(responses, "respondent_id").notna().any() else "answer"
