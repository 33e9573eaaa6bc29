"""The few numbers of a study that a machine reads: `results/summary.json`."""

from __future__ import annotations

from collections.abc import Container
from typing import Final, NotRequired, TypedDict

import pandas as pd

from nps_utils.comments.remarks import Remarks
from nps_utils.report.summary.leading import judged_of
from nps_utils.report.summary.phrases import score_estimate, touchpoint_name
from nps_utils.stats import verdicts
from nps_utils.stats.verdicts.judged import Judged
from nps_utils.stats.weighting.export_weights import is_weighted
from nps_utils.study.study import Study
from nps_utils.words.limits import Limit
from nps_utils.words.translation import Local

CONFIDENCE_LEVEL: Final = 0.95
SCHEMA: Final = 2
# Functional, for `from` is a word of the language.
Change = TypedDict(
    "Change",
    {
        "from": str,
        "to": str,
        "n_from": int,
        "n_to": int,
        "points": float | None,
        "low": float | None,
        "high": float | None,
        "pvalue": float | None,
        "pvalue_adjusted": float | None,
        "verdict": str,
    },
)


class Wave(TypedDict):
    """The score of one touchpoint in one wave."""

    touchpoint: str
    wave: str
    n: int
    nps: float | None
    low: float | None
    high: float | None
    unfinished: bool


class Trend(TypedDict):
    """The line through the complete waves."""

    per: str
    per_wave: float | None
    low: float | None
    high: float | None
    pvalue: float | None
    verdict: str


class Part(TypedDict):
    """One part of the change: of those who answered both times, who left, who joined."""

    points: float | None
    low: float | None
    high: float | None
    n: int
    units: int


class Verdict(TypedDict):
    """What the board page leads with, as numbers."""

    touchpoint: str
    wave: str | None
    n: int
    nps: float | None
    low: float | None
    high: float | None
    design: str
    change: Change | None
    year: Change | None
    trend: Trend | None
    whose: str | None
    stayers: Part | None
    leavers: Part | None
    joiners: Part | None


class CommentsRead(TypedDict):
    """How many comments were read for their themes, where not all were."""

    read: int
    of: int
    drawn: str


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
    verdict: Verdict
    comments_read: NotRequired[CommentsRead]


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
    "verdict": "What the summary leads with, of its main touchpoint: wave (the last complete one with 30 answers; null"
    " where none has them and all are together), n, nps, low, high; design of the change, or of the score where there"
    " is one wave (independent, clustered by account or person, paired); change (from, to, n_from, n_to, points, low,"
    " high, pvalue, pvalue_adjusted for both comparisons of the newest wave, verdict: up, down, likely up, likely down,"
    " none); year (the same against a year before, or null); trend (per, per_wave in points, low, high, pvalue,"
    " verdict); whose change it is (stayers, others, unknown), and its parts stayers, leavers and joiners (points, low,"
    " high, n answers, units), which with answers of nobody known add up to the change",
    "comments_read": "Only where a study has more than 200,000 different comments: read (the comments that themes and"
    " clusters were found in), of (all comments), drawn (how)",
}


def summarise(study: Study) -> Summary:
    """Return the score of all responses of a study with its interval, its verdict, and where its rows went."""
    responses, ledger = study.responses(), study.ledger()
    total = verdicts.scores(responses, confidence_level=CONFIDENCE_LEVEL).iloc[0]
    waves = verdicts.scores(responses, by=["touchpoint", "wave"], confidence_level=CONFIDENCE_LEVEL)
    rejected = int((ledger["action"] == "rejected").sum())
    when = pd.to_datetime(responses["responded_at"].dropna(), utc=True).dt.tz_convert(study.timezone)
    beyond = {part.wave for part in study.unfinished_waves()}
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
        verdict=_verdict(judged_of(study)),
    )


def with_comments(summary: Summary, remarks: Remarks | Limit) -> Summary:
    """Return the summary, which says so where not all comments were read."""
    if isinstance(remarks, Limit) or remarks.drawn is None:
        return summary
    read, of = remarks.drawn
    told = CommentsRead(read=read, of=of, drawn="at random, by a hash of the answer")
    return Summary(**{**summary, "comments_read": told})


def headline(study: Study) -> str:
    """Return the score that the summary leads with, in one line of English."""
    responses = study.responses()
    judged = judged_of(study)
    local = Local("en")
    where = touchpoint_name(local, judged.touchpoint)
    told = score_estimate(local, judged.now, verdicts.unit_kind(responses))
    name = "weighted NPS" if is_weighted(responses) else "NPS"
    return f"{where}, {judged.wave or 'all answers'}: {name} {told}"


def _verdict(judged: Judged) -> Verdict:
    split = None if isinstance(judged.split, Limit) else judged.split
    stayers, leavers, joiners = (
        None if split is None else _part(split.part(name)) for name in ("stayers", "leavers", "joiners")
    )
    return Verdict(
        touchpoint=judged.touchpoint,
        wave=judged.wave,
        n=int(judged.now["n"]),
        nps=_number(judged.now["nps"]),
        low=_number(judged.now["low"]),
        high=_number(judged.now["high"]),
        design=judged.design,
        change=_change(judged.previous),
        year=_change(judged.year),
        trend=_trend(judged.trend),
        whose=None if split is None else split.whose,
        stayers=stayers,
        leavers=leavers,
        joiners=joiners,
    )


def _change(row: pd.Series | None) -> Change | None:
    if row is None:
        return None
    return {
        "from": str(row["before"]),
        "to": str(row["after"]),
        "n_from": int(row["n_before"]),
        "n_to": int(row["n_after"]),
        "points": _number(row["change"]),
        "low": _number(row["low"]),
        "high": _number(row["high"]),
        "pvalue": _number(row["pvalue"]),
        "pvalue_adjusted": _number(row["pvalue_adjusted"]),
        "verdict": verdicts.verdict_of(row),
    }


def _trend(row: pd.Series | None) -> Trend | None:
    if row is None:
        return None
    return Trend(
        per=str(row["per"]),
        per_wave=_number(row["slope"]),
        low=_number(row["low"]),
        high=_number(row["high"]),
        pvalue=_number(row["pvalue"]),
        verdict=verdicts.verdict_of(row),
    )


def _part(row: pd.Series) -> Part:
    return Part(
        points=_number(row["points"]),
        low=_number(row["low"]),
        high=_number(row["high"]),
        n=int(row["n_before"] + row["n_after"]),
        units=int(max(row["units_before"], row["units_after"])),
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
