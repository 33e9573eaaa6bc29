"""Cleaning under several choices at once gives what cleaning under each of them gives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

from nps_utils.checks import SharedName
from nps_utils.cleaning.clean import clean
from nps_utils.cleaning.under_choices import scores_under

CHOICES: list[dict[str, str]] = [
    {},
    {"repeats": "first"},
    {"repeats": "all"},
    {"duplicates": "keep"},
    {"repeats": "all", "duplicates": "keep"},
    {"partials": "keep"},
    {"flagged": "reject"},
]


def _table(rows: int = 400) -> pl.DataFrame:
    """People who answer several times, identical rows, unfinished answers, missing scores, moved hours."""
    rng = np.random.default_rng(2)
    days = pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 120 * 24 * 60, rows), unit="min")
    table = pl.DataFrame(
        {
            "score": [str(one) if one < 11 else "" for one in rng.integers(0, 12, rows)],
            "respondent_id": [f"p{one}" if one % 5 else None for one in rng.integers(0, 150, rows)],
            "email": [f"p{one}@x.example" if one % 3 else None for one in rng.integers(0, 150, rows)],
            "responded_at": [f"{day:%Y-%m-%dT%H:%M}" for day in days],
            "finished": rng.choice(["yes", "no", ""], rows, p=[0.8, 0.1, 0.1]).tolist(),
            "comment": rng.choice(["Quick", "", "Slow"], rows).tolist(),
            "source_row": list(range(2, rows + 2)),
        }
    )
    moved = table.head(3).with_columns(responded_at=pl.lit("2026-03-29T02:30"))
    again = table.head(40)
    whole = pl.concat([table, again, moved])
    return whole.with_columns(source_row=pl.Series(range(2, len(whole) + 2)))


def test_each_choice_is_a_cleaning_of_its_own() -> None:
    """Row by row, and no two choices of these leave the same answers."""
    table = _table()
    found = list(scores_under(table.lazy(), CHOICES, timezone="Europe/Stockholm"))
    for choice, scores in zip(CHOICES, found, strict=True):
        responses, _ = clean(table, timezone="Europe/Stockholm", **choice)  # type: ignore[arg-type]
        kept = table.select("source_row").with_columns(score=scores).drop_nulls()
        assert kept.rows() == responses.select("source_row", "score").sort("source_row").rows(), choice
    assert len({scores.null_count() for scores in found}) >= 5


def test_a_crowded_name_is_asked_about() -> None:
    """As `clean` does: which of the choices meets it does not matter."""
    crowd = pl.DataFrame(
        {
            "score": ["9"] * 20,
            "respondent_id": ["kiosk"] * 20,
            "responded_at": [f"2026-01-{day:02d}" for day in range(1, 21)],
        }
    )
    with pytest.raises(SharedName):
        list(scores_under(crowd.lazy(), CHOICES, timezone="UTC"))
