"""The few numbers of a study that a machine reads: `results/summary.json`."""

from __future__ import annotations

from collections.abc import Container
from typing import Final, TypedDict

import pandas as pd

from nps_utils import tables
from nps_utils.report.summary.evidence import not_covered
from nps_utils.stats.weighting.survey_weights import is_weighted, scored
from nps_utils.study.study import Study

CONFIDENCE_LEVEL: Final = 0.95
SCHEMA: Final = 1


class Wave(TypedDict):
    """The score of one touchpoint in one wave."""

    touchpoint: str
    wave: str
    n: int
    nps: float | None
    low: float | None
    high: float | None
    unfinished: bool


class Summary(TypedDict):
    """`results/summary.json`: the whole study in a few numbers, all touchpoints together, and each wave.

    Keys are only ever added; where one changes its meaning, `schema` goes up. Scores are in points, -100..100, null
    where there are no answers.
    """

    schema: int
    title: str
    n: int
    nps: float | None
    low: float | None
    high: float | None
    confidence_level: float
    rows_in: int
    responses: int
    rejected: int
    detractors: int
    passives: int
    promoters: int
    first_answer: str | None
    last_answer: str | None
    waves: list[Wave]
    weight: str | None
    n_effective: float | None


MEANINGS: Final[dict[str, str]] = {
    "schema": "Version of this layout; keys are only added within one version",
    "title": "Title of the study",
    "n": "Answers to the 0-10 question that count, all touchpoints and waves together",
    "nps": "Their NPS, points -100..100; null without answers",
    "low": "Lower limit of its interval, points",
    "high": "Upper limit of its interval, points",
    "confidence_level": "Level of all intervals in this file, 0..1",
    "rows_in": "Rows of all exports",
    "responses": "Rows that became responses (rows_in less rejected)",
    "rejected": "Rows that did not, each with its reason in the ledger",
    "detractors": "Answers 0 to 6",
    "passives": "Answers 7 and 8",
    "promoters": "Answers 9 and 10",
    "first_answer": "Day of the first answer (in the time zone of the study, ISO 8601); null without dates",
    "last_answer": "Day of the last answer (in the time zone of the study, ISO 8601); null without dates",
    "waves": "One object per touchpoint and wave: touchpoint, wave, n, nps, low, high, unfinished (whether the data of"
    " the study begin or end within it)",
    "weight": "The column that weights the answers; null where each counts once. With it nps, low and high, also of"
    " the waves, are weighted, and counts are not",
    "n_effective": "With weights: how many answers of one weight would be as precise (Kish); null without weights",
}


def summarise(study: Study) -> Summary:
    """Return the score of all responses of a study with its interval, and where its rows went."""
    responses, ledger = study.responses(), study.ledger()
    total = scored(responses, confidence_level=CONFIDENCE_LEVEL).iloc[0]
    waves = scored(responses, by=["touchpoint", "wave"], confidence_level=CONFIDENCE_LEVEL)
    rejected = int((ledger["action"] == "rejected").sum())
    when = pd.to_datetime(responses["responded_at"].dropna(), utc=True).dt.tz_convert(study.timezone)
    beyond = {part.wave for part in not_covered(study, responses)}
    return Summary(
        schema=SCHEMA,
        title=study.settings.title,
        n=int(total["n"]),
        nps=_number(total["nps"]),
        low=_number(total["low"]),
        high=_number(total["high"]),
        confidence_level=CONFIDENCE_LEVEL,
        rows_in=len(responses) + rejected,
        responses=len(responses),
        rejected=rejected,
        detractors=int(total["detractors"]),
        passives=int(total["passives"]),
        promoters=int(total["promoters"]),
        first_answer=when.min().date().isoformat() if len(when) else None,
        last_answer=when.max().date().isoformat() if len(when) else None,
        waves=[_wave(row, beyond) for _, row in waves.iterrows()],
        weight=(study.settings.weight or None) if is_weighted(responses) else None,
        n_effective=_number(total["n_effective"]) if "n_effective" in total.index else None,
    )


def headline(result: Summary) -> str:
    """Return the score with its interval and n in one sentence."""
    row = pd.Series(dict(result)).drop("waves")
    return tables.scores.score_sentence(
        pd.concat([row, pd.Series({"weighted": result["weight"] is not None})]),
        confidence_level=result["confidence_level"],
    )


def _wave(row: pd.Series, unfinished: Container[str]) -> Wave:
    return Wave(
        touchpoint=str(row["touchpoint"]),
        wave=str(row["wave"]),
        n=int(row["n"]),
        nps=_number(row["nps"]),
        low=_number(row["low"]),
        high=_number(row["high"]),
        unfinished=str(row["wave"]) in unfinished,
    )


def _number(value: float) -> float | None:
    """Return a number JSON can hold; a score of no answers is none."""
    return None if pd.isna(value) else float(value)
