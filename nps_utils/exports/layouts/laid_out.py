"""How a table is laid out: one row per answer, or one of the layouts that are first turned into that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nps_utils.exports.files.grid import Grid
from nps_utils.exports.layouts.count_table import from_counts
from nps_utils.exports.layouts.long_table import from_long
from nps_utils.exports.layouts.marked_columns import from_marks
from nps_utils.exports.layouts.period_columns import from_periods


def one_row_per_answer(
    grid: Grid, columns: Mapping[str, str | Sequence[str]], *, may_be_long: bool = True
) -> tuple[Grid, dict[str, str | Sequence[str]]]:
    """Return the table with one row per answer, and the headers that the study names, as that table has them.

    `may_be_long` is False where a tool is known that writes one row per answer.
    """
    named = dict(columns)
    score = named.get("score", ())
    told = [score] if isinstance(score, str) else list(score)
    if (waves := from_periods(grid, told)) is not None:
        if told:
            named["score"] = waves.head[0].cells[waves.score_at or 0]
        return waves, named
    marked = from_marks(grid)
    if marked is not None and (not told or set(told) == set(marked.score_columns)):
        return marked, named | {"score": marked.head[0].cells[marked.score_at or 0]}
    made = (from_counts(grid) or from_long(grid)) if may_be_long else None
    return (made or grid), named
