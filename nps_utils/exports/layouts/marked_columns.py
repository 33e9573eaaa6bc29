"""A column for each answer from 0 to 10, and a cross in the one that was chosen: the column says the score."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from nps_utils.columns import NO, YES
from nps_utils.exports import wording
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.layouts.derived import SOURCE_PARTS, body_of, derived, header_of, text_of
from nps_utils.scale import HIGHEST, LOWEST

_OPTION: Final = re.compile(r"^(?P<question>.*?\S)\s*[-–:>/|_.\[(]+\s*(?P<option>10|\d)\s*[\])]?\s*$")
_CHOSEN: Final = YES | {"x", "✓", "✔", "selected", "checked", "quoted"}
_LEFT: Final = NO | {"", "not selected", "unchecked", "not quoted"}


def from_marks(grid: Grid) -> Grid | None:
    """Return the table with one column for the recommend question, or None where no question has a column an answer."""
    names, rows = header_of(grid), body_of(grid)
    questions: dict[str, dict[int, int]] = defaultdict(dict)
    for at, name in enumerate(names):
        if found := _OPTION.match(name):
            questions[found["question"].rstrip(" -–:>/|_.[(")].setdefault(int(found["option"]), at)
    asked = [name for name, places in questions.items() if _is_marked(name, places, rows)]
    if len(asked) != 1:
        return None
    return _joined(grid, names, asked[0], questions[asked[0]])


def _is_marked(name: str, places: dict[int, int], rows: Sequence[Sequence[str]]) -> bool:
    asks = wording.RECOMMEND.search(name) or wording.NPS.search(name.replace("_", " "))
    if not asks or set(places) != set(range(LOWEST, HIGHEST + 1)):
        return False
    cells = [[row[at].casefold() for at in places.values()] for row in rows]
    said = {cell for row in cells for cell in row}
    chosen = [sum(cell in _CHOSEN for cell in row) for row in cells]
    return bool(said & _CHOSEN) and said <= _CHOSEN | _LEFT and any(chosen) and max(chosen) == 1


def _joined(grid: Grid, names: Sequence[str], question: str, places: dict[int, int]) -> Grid:
    taken = set(places.values())
    kept = [at for at in range(len(names)) if at not in taken]
    header = [*(names[at] for at in kept), question]
    shape = f"shape is a column for each answer of “{question}”: the one that is marked became the score."

    def transform(table: pl.LazyFrame) -> pl.LazyFrame:
        marked = [
            pl.when(text_of(at).str.to_lowercase().is_in(list(_CHOSEN))).then(pl.lit(str(option)))
            for option, at in sorted(places.items())
        ]
        # Two crosses are no answer; what stands there then is in the ledger.
        score = pl.concat_str(*marked, separator=" and ", ignore_nulls=True).replace("", None)
        cells = [pl.col(f"c{at}").alias(f"c{new}") for new, at in enumerate(kept)]
        return table.select(*cells, score.alias(f"c{len(kept)}"), *SOURCE_PARTS)

    made = derived(grid, header, transform, shape=shape)
    return replace(made, score_at=len(kept), score_columns=tuple(names[at] for _, at in sorted(places.items())))
