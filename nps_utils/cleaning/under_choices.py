"""The same table under several choices of cleaning: what rows say is read once, and judged under each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw
import polars as pl

from nps_utils.cleaning.crowds import Crowded
from nps_utils.cleaning.frames import open_table
from nps_utils.cleaning.ledger import counts
from nps_utils.cleaning.options import options_of
from nps_utils.cleaning.steps import (
    finder,
    look,
    question,
    rules_of,
    source_of,
    take,
    understand,
    verdicts_of,
)


def scores_under(table: pl.LazyFrame, choices: Sequence[Mapping[str, str]], **options: Any) -> Iterator[pl.Series]:
    """Clean a table under several choices, and give for each the score of every row, null where it does not count.

    What rows say is read once: the choices differ in which of them count.

    Parameters
    ----------
    table
        As for `clean`.
    choices
        For each cleaning, what it has otherwise than `options`: `repeats`, `duplicates`, `partials` or `flagged`.
    options
        Those of `clean`.

    Raises
    ------
    BadInput
        As `clean`.

    Examples
    --------
    >>> rows = {"score": ["9", "3"], "respondent_id": ["a", "a"], "responded_at": ["2026-01-02", "2026-02-03"]}
    >>> under = scores_under(pl.LazyFrame(rows), [{}, {"repeats": "first"}], timezone="UTC")
    >>> [scores.to_list() for scores in under]
    [[None, 3], [9, None]]
    """
    asked = [options_of(**{**options, **choice}) for choice in choices]
    opened = open_table(table)
    engine = opened.engine
    source, cells = source_of(opened, asked[0])
    # Whoever searches for no repeated rows does not need their keys: they are made where any choice does.
    widest = next((one for one in asked if one.repeats.searches), asked[0])
    taken = take(source, engine, cells, widest)
    profile = look(taken, engine, cells, asked[0], finder(source, engine))
    understood = understand(taken, engine, cells, profile, asked[0])
    understood = engine.settled(understood, understood.collect_schema().names())
    for one in asked:
        ruled = replace(profile, rules=rules_of(taken, cells, profile.plans, one))
        try:
            made = verdicts_of(understood, engine, cells, ruled, one)
        except Crowded as crowd:
            raise question(crowd, source, engine, cells, sum(profile.rows.values())) from None
        score = nw.when(counts(drop_flagged=one.drop_flagged)).then(nw.col("_answer"))
        yield made.select(score=score).to_native().collect()["score"]
