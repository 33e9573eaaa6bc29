"""A table of scores and how often each was given: it is read with every answer as a row of its own."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

import polars as pl

from nps_utils.checks import BadFile
from nps_utils.exports import wording
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.files.tabular import HEAD_RECORDS
from nps_utils.exports.layouts.derived import SOURCE_PARTS, body_of, derived, header_of, share_of_scores, text_of
from nps_utils.exports.tools.tool import key
from nps_utils.scale import read_answer

MOST_ANSWERS: Final = 20_000_000
_COUNT: Final = re.compile(
    r"^(?:n|nr|no|count|counts|freq|frequency|frequencies|number|antal|antall|aantal|anzahl|häufigkeit|nombre|effectif"
    r"|effectifs|cantidad|frecuencia|quantidade|frequência|numero|frequenza|lukumäärä|svar|answers|responses|responders"
    r"|respondents|respondenter|votes|customers|kunder|total|(?:number|no|count|antal|antall|aantal|anzahl)(?:of|av|af)?"
    r"(?:answers|responses|respondents|customers|svar|kunder|antwoorden|antworten|respondenten)"
    r"|(?:answer|response|respondent)s?(?:count|n))$"
)
_WHOLE: Final = re.compile(r"^\d{1,3}(?:[ .,\u00a0\u202f]\d{3})+$|^\d+(?:[.,]0+)?$")
_SCORES: Final = tuple(map(str, range(11)))


def from_counts(grid: Grid) -> Grid | None:
    """Return the table with one row per answer, or None where it is not one of counts.

    Raises
    ------
    BadFile
        It is one of counts in a form that is not read; the text says which form is.
    """
    names, rows = header_of(grid), body_of(grid)
    if not rows or len(grid.head) >= HEAD_RECORDS:
        return None
    _refuse_band_counts(grid, names, rows)
    _refuse_crosstab(grid, names, rows)
    for score in range(len(names)):
        values = [row[score] for row in rows]
        if share_of_scores(values) < 0.8 or len(set(values)) < 5:
            continue
        counts = [at for at in range(len(names)) if at != score and are_counts(names[at], [r[at] for r in rows])]
        for at in counts:
            groups = [o for o in range(len(names)) if o not in (score, at) and not _is_share([r[o] for r in rows])]
            if _each_once(rows, score, groups):
                return _expanded(grid, names, rows, score, at, [score, *groups])
    return None


def are_counts(name: str, cells: Sequence[str]) -> bool:
    """Say whether a column is called a number of answers, and holds whole numbers."""
    filled = [cell for cell in cells if cell]
    return bool(_COUNT.match(key(name))) and bool(filled) and all(map(_WHOLE.match, filled))


def _is_share(cells: Sequence[str]) -> bool:
    """Per cent of the answers beside their number say nothing new."""
    filled = [cell for cell in cells if cell]
    return (
        bool(filled)
        and all(re.fullmatch(r"\d{1,3}(?:[.,]\d+)? ?%?", cell) for cell in filled)
        and (any("%" in cell or "." in cell or "," in cell for cell in filled))
    )


def _each_once(rows: Sequence[Sequence[str]], score: int, groups: Sequence[int]) -> bool:
    """Say whether every score comes once in each group, and groups hold several scores."""
    seen: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for row in rows:
        if read_answer(row[score]).score is not None:
            seen[tuple(row[at] for at in groups)][row[score]] += 1
    once = all(n == 1 for scores in seen.values() for n in scores.values())
    return once and bool(seen) and sum(len(scores) for scores in seen.values()) >= 4 * len(seen)


def _expanded(
    grid: Grid, names: Sequence[str], rows: Sequence[Sequence[str]], score: int, at: int, columns: Sequence[int]
) -> Grid:
    kept = sorted(columns)
    total = sum(_number(row[at]) for row in rows if read_answer(row[score]).score is not None)
    if total > MOST_ANSWERS:
        raise BadFile(
            f'{grid.path}, column "{names[at]}": the counts add up to {total:,} answers; more than {MOST_ANSWERS:,} are'
            " not read from a table of counts. Is this column a count?"
        )
    scores = [row[score] for row in rows if read_answer(row[score]).score is not None]
    shape = (
        f'shape is a table of counts: "{names[at]}" says how often each "{names[score]}" was given, {total:,} answers'
        f" in {len(rows):,} rows; every answer was read as a row of its own."
    )

    def transform(table: pl.LazyFrame) -> pl.LazyFrame:
        bare = text_of(at).str.replace(r"[.,]0+$", "").str.replace_all(r"[^0-9]", "")
        times = bare.cast(pl.Int64, strict=False).fill_null(0)
        # A row of totals has no score: it stays one row, for the ledger.
        times = pl.when(text_of(score).is_in(scores)).then(times).otherwise(1)
        cells = [pl.col(f"c{place}").alias(f"n{new}") for new, place in enumerate(kept)]
        repeated = table.select(*cells, *SOURCE_PARTS, _times=times).filter(pl.col("_times") > 0)
        every = repeated.with_columns(_one=pl.int_ranges(0, "_times")).explode("_one").drop("_one", "_times")
        return every.select(*(pl.col(f"n{new}").alias(f"c{new}") for new in range(len(kept))), *SOURCE_PARTS)

    note = f"{len(rows):,} rows of counts stand for {total:,} answers; each is a row here, with the row it came from."
    return derived(grid, [names[place] for place in kept], transform, shape=shape, notes=[note])


def _number(cell: str) -> int:
    return int(re.sub(r"\D", "", re.sub(r"[.,]0+$", "", cell)) or 0) if cell else 0


def _refuse_band_counts(grid: Grid, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A column for the promoters and one for the detractors: each row sums up many answers."""
    bands = {band: at for at, name in enumerate(names) if (band := wording.band_of_label(name)) is not None}
    if not {"promoter", "detractor"} <= set(bands):
        return
    cells = [row[at].rstrip("% ") for row in rows for at in bands.values() if row[at]]
    if cells and all(re.fullmatch(r"\d[\d ]*(?:[.,]\d+)?", cell) for cell in cells):
        if set(cells) <= {"0", "1"}:
            return
        listed = ", ".join(f'"{names[at]}"' for at in bands.values())
        raise BadFile(
            f"{grid.path} is a table of counts of bands: {listed} hold numbers, so each row sums up many answers."
            ' Export the answers themselves, one row each; or how often each score was given, in two columns "score"'
            ' and "count".'
        )


def _refuse_crosstab(grid: Grid, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A column for each score, with counts below it."""
    scores = [at for at, name in enumerate(names) if name in _SCORES]
    if len(scores) < 9 or len({names[at] for at in scores}) < len(scores):
        return
    cells = [row[at] for row in rows for at in scores if row[at]]
    if cells and all(map(_WHOLE.match, cells)) and any(_number(c) > 10 for c in cells) | (len(rows) < 50):
        # An option column of a form holds its own number where it was chosen.
        if all(row[at] in ("", names[at]) for row in rows for at in scores):
            return
        raise BadFile(
            f"{grid.path} is a table of counts: its columns 0 to 10 say how often each score was given. Turn it into"
            ' two columns, "score" and "count", with a row for each score (and the other columns repeated in each row);'
            " it is then read as it is."
        )
