"""The weight of each answer, where study.toml names a column of weights; those without one go to the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd
import polars as pl

from nps_utils.checks import BadStudy, closest
from nps_utils.exports import Recognised
from nps_utils.exports.offered import read_weight
from nps_utils.stats.weighting.export_weights import WEIGHT
from nps_utils.study.lookup import looked_up
from nps_utils.study.settings import Settings

# A cell of weights and the number it says, while they are looked up.
_CELL: Final = "joined:cell"
_READ: Final = "joined:weight"


def weighted(
    responses: pl.LazyFrame, folder: Path, settings: Settings, columns: Mapping[str, Sequence[str]]
) -> tuple[pl.LazyFrame, pd.DataFrame]:
    """Give each response its weight, where the study names a column of weights; those without one go to the ledger.

    Raises
    ------
    BadStudy
        An export has no such column, or most of its cells are no weights.
    """
    name = settings.weight
    if not name:
        return responses, pd.DataFrame()
    for file, extras in columns.items():
        if name not in extras:
            listed = ", ".join(f'"{known}"' for known in extras) or "none"
            raise BadStudy(
                f'{folder / "study.toml"}: weight = "{name}", but {file} has no such column beside those recognised; it'
                f" has: {listed}.{closest(name, extras)} Without weights in every export: weight = false."
            )
    read, good, of = _weights_in(responses, name)
    rows = looked_up(responses, pl.col(name).cast(pl.String), read, by=_CELL)
    bad = rows.filter(pl.col(_READ).is_null())
    if good < 0.5 * of:
        wrong = bad.select(name).head(1).collect(engine="streaming").item()
        raise BadStudy(
            f'{folder / "study.toml"}: weight = "{name}", but {of - good:,} of'
            f' {of:,} answers have no number above zero there, the first "{pd.NA if wrong is None else wrong}". Name'
            " another column, or write weight = false."
        )
    known = ["source_file", "source_row", *(["comment"] if "comment" in rows.collect_schema().names() else [])]
    lost = bad.select(*known, pl.col(name).alias(_CELL)).collect(engine="streaming").to_pandas()
    ledger = pd.DataFrame(
        {
            "source_file": lost["source_file"],
            "source_row": lost["source_row"],
            "action": "rejected",
            "reason": "missing_weight",
            "value": lost[_CELL].astype("string"),
            "comment": lost["comment"] if "comment" in lost.columns else None,
        }
    )
    return rows.filter(pl.col(_READ).is_not_null()).with_columns(pl.col(_READ).alias(WEIGHT)).drop(_READ), ledger


def _weights_in(responses: pl.LazyFrame, name: str) -> tuple[pl.DataFrame, int, int]:
    """Return the weight that each different cell is, null where it is none; and how many of how many answers have one.

    Each cell is read once.
    """
    told = responses.group_by(pl.col(name).cast(pl.String).alias(_CELL)).len().collect(engine="streaming")
    weights = [None if cell is None else read_weight(cell) for cell in told[_CELL]]
    above = [one if one is not None and one > 0 else None for one in weights]
    good = told.with_columns(pl.Series(_READ, above, dtype=pl.Float64)).drop_nulls(_READ)
    return good.select(_CELL, _READ), int(good["len"].sum()), int(told["len"].sum())


def weight_notes(found: Recognised, settings: Settings) -> tuple[str, ...]:
    """Return the note on the column of weights, where it is used, or neither used nor declined."""
    if settings.weight:
        return (f'every answer is weighted by column "{settings.weight}", as study.toml says.',)
    if found.weight is None or settings.weight is not None:
        return ()
    return (
        f'column "{found.weight}" looks like weights of the answers and is not used: every answer counts once. To use'
        f' it: weight = "{found.weight}" in study.toml; if it holds no weights: weight = false.',
    )
