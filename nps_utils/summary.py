"""The one page a board reads, and the few numbers a machine reads."""

from __future__ import annotations

from typing import TypedDict

import pandas as pd

from nps_utils import tables
from nps_utils.counts import count_bands
from nps_utils.score import score
from nps_utils.study import Study


class Summary(TypedDict):
    """`results/summary.json`: the whole study in a few numbers, all touchpoints together."""

    title: str
    n: int
    nps: float | None
    low: float | None
    high: float | None
    confidence_level: float
    rows_in: int
    responses: int
    rejected: int


CONFIDENCE_LEVEL = 0.95


def summarise(study: Study) -> Summary:
    """Return the score of all responses of a study with its interval, and where its rows went."""
    responses, ledger = study.responses(), study.ledger()
    total = score(count_bands(responses), confidence_level=CONFIDENCE_LEVEL).iloc[0]
    rejected = int((ledger["action"] == "rejected").sum())
    return Summary(
        title=study.title,
        n=int(total["n"]),
        nps=_number(total["nps"]),
        low=_number(total["low"]),
        high=_number(total["high"]),
        confidence_level=CONFIDENCE_LEVEL,
        rows_in=len(responses) + rejected,
        responses=len(responses),
        rejected=rejected,
    )


def _number(value: float) -> float | None:
    """Return a number JSON can hold; a score of no answers is none."""
    return None if pd.isna(value) else float(value)


def headline(result: Summary) -> str:
    """Return the score with its interval and n in one sentence."""
    return tables.score_sentence(pd.Series(dict(result)), confidence_level=result["confidence_level"])


def page(study: Study, result: Summary, pages: list[str]) -> str:
    """Return the first page of the site as Markdown: the headline, where the rows went, and the pages below it."""
    steps = tables.flow(study.responses(), study.ledger())
    return "\n\n".join(
        [
            f"# {study.title}",
            f"**{headline(result)}**",
            tables.flow_sentence(steps),
            "\n".join(["```{toctree}", ":maxdepth: 1", "", *pages, "```"]),
        ]
    )
