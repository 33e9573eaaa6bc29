"""One column per year for the same customers: each becomes a wave, and the row says whose answers they are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from nps_utils.exports import wording
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.layouts.derived import SOURCE_PARTS, body_of, derived, header_of, share_of_scores
from nps_utils.exports.shapes import EMAIL
from nps_utils.exports.tools.tool import key
from nps_utils.scale import MISSING

_MONTHS: Final = r"jan|feb|f[ée]v|mar|mrt|mär|apr|avr|ma[ijy]|jun|juin|jul|juil|aug|ao[uû]|sep|o[ck]t|nov|de[csz]"
_MONTH_NUMBERS: Final = {
    "jan": 1, "feb": 2, "fév": 2, "fev": 2, "mar": 3, "mrt": 3, "mär": 3, "apr": 4, "avr": 4, "maj": 5, "mai": 5,
    "may": 5, "mei": 5, "jun": 6, "jui": 6, "jul": 7, "aug": 8, "aoû": 8, "aou": 8, "sep": 9, "oct": 10, "okt": 10,
    "nov": 11, "dec": 12, "des": 12, "dez": 12, "déc": 12,
}  # fmt: skip
# Two rounds a year are often called by their season; summer and winter are of neither half.
_SEASONS: Final = {
    1: r"h1|1h|spring|vår|forår|voorjaar|lente|frühling|frühjahr|printemps|primavera",
    2: r"h2|2h|autumn|fall|höst|høst|efterår|najaar|herfst|herbst|automne|otoño",
}
_HALF: Final = rf"(?:(?P<first>{_SEASONS[1]})|(?P<second>{_SEASONS[2]}))"
_YEAR: Final = r"(?<!\d)(?P<year>(?:19|20)\d\d)(?!\d)"
_WEEK: Final = r"(?:w|v|u|week|uge|uke|vecka|kw|woche)\.?\s*(?P<week>[0-4]?\d|5[0-3])(?!\d)"
_PERIOD: Final = (
    re.compile(rf"{_YEAR}[\s_/-]*{_WEEK}", re.I),
    re.compile(rf"(?<![^\W_]){_WEEK}[\s_/-]*{_YEAR}", re.I),
    re.compile(rf"{_YEAR}[\s_/-]*(?:q|k|kv|t)\.?\s*(?P<quarter>[1-4])(?!\d)", re.I),
    re.compile(rf"(?<![a-z])(?:q|kv?|t)\.?\s*(?P<quarter>[1-4])[\s_/-]*{_YEAR}", re.I),
    re.compile(rf"(?<![a-z])(?P<month>{_MONTHS})[a-zé]*\.?[\s_/-]*{_YEAR}", re.I),
    re.compile(rf"{_YEAR}[\s_/-]*(?P<month>{_MONTHS})[a-zé]*(?![a-z])", re.I),
    re.compile(rf"(?<![^\W_]){_HALF}[\s_/-]*{_YEAR}", re.I),
    re.compile(rf"{_YEAR}[\s_/-]*{_HALF}(?![^\W_])", re.I),
    re.compile(rf"{_YEAR}-(?P<number>0[1-9]|1[0-2])(?!\d)"),
    re.compile(_YEAR),
)
_CUSTOMER: Final = re.compile(
    r"customer|kund|klant|client|cliente|respond|deltag|person|name\b|namn|navn|naam|member|user|company|account", re.I
)
WAVE: Final = "wave"
CUSTOMER_ROW: Final = "customer row"


def from_periods(grid: Grid, told: Collection[str]) -> Grid | None:
    """Return the table with one row per customer and period, or None where it has no column per period.

    Parameters
    ----------
    told
        Headers that the study names as the score; several that differ in their period only are waves.
    """
    names, rows = header_of(grid), body_of(grid)
    if not rows:
        return None
    parted = [_part(name) for name in names]
    stems: dict[str, dict[str, int]] = defaultdict(dict)
    for at, (stem, period) in enumerate(parted):
        if period is not None:
            stems[stem].setdefault(period, at)
    scores = [stem for stem, places in stems.items() if _are_scores(stem, places, names, rows, told)]
    if len(scores) != 1:
        return None
    periods = sorted(stems[scores[0]])
    # The comment and the date of each year go with its score.
    together = {stem: places for stem, places in stems.items() if set(places) <= set(periods) and len(places) > 1}
    return _unpivoted(grid, names, rows, together, scores[0], periods)


def may_be_waves(grid: Grid) -> list[str]:
    """Return columns that differ in their period only and hold answers from 0 to 10, though none is named a score."""
    names, rows = header_of(grid), body_of(grid)
    stems: dict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(names):
        stem, period = _part(name)
        if period is not None and share_of_scores([row[at] for row in rows]) >= 0.8:
            stems[stem].append(at)
    return next(([names[at] for at in places] for places in stems.values() if len(places) > 1), [])


def period_of(name: str) -> str | None:
    """Return the year, quarter, month or week that a name holds, in a form that sorts.

    Examples
    --------
    >>> [period_of(name) for name in ("NPS Q1 2026.csv", "kundpuls mars 2026", "export_2026-04", "uge 9 2026")]
    ['2026-Q1', '2026-03', '2026-04', '2026-W09']
    """
    return _part(name)[1]


def _part(name: str) -> tuple[str, str | None]:
    """Part a header into what is asked and the period it names, in a form that sorts."""
    for form in _PERIOD:
        if (found := form.search(name)) is None:
            continue
        said = found.groupdict()
        period = said["year"]
        if said.get("quarter"):
            period += f"-Q{said['quarter']}"
        elif said.get("week"):
            period += f"-W{int(said['week']):02d}"
        elif said.get("first") or said.get("second"):
            period += "-H1" if said.get("first") else "-H2"
        elif said.get("month"):
            period += f"-{_MONTH_NUMBERS[said['month'].casefold()[:3]]:02d}"
        elif said.get("number"):
            period += f"-{said['number']}"
        return key(name[: found.start()] + " " + name[found.end() :]), period
    return name, None


def _are_scores(
    stem: str, places: dict[str, int], names: Sequence[str], rows: Sequence[Sequence[str]], told: Collection[str]
) -> bool:
    if len(places) < 2:
        return False
    wanted = {key(name) for name in told}
    mine = {key(names[at]) for at in places.values()}
    if len(wanted) > 1 and wanted <= mine:
        return True
    if wanted:
        return False
    first = names[next(iter(places.values()))]
    asks = wording.RECOMMEND.search(first) or wording.NPS.search(first.replace("_", " ")) or stem in wording.SCORE
    filled = [[row[at] for row in rows] for at in places.values()]
    beyond = any(cell in ("6", "7", "8", "9", "10") for cells in filled for cell in cells)
    return bool(asks) and beyond and all(share_of_scores(cells) >= 0.8 for cells in filled if any(cells))


def _unpivoted(
    grid: Grid,
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    together: dict[str, dict[str, int]],
    score: str,
    periods: Sequence[str],
) -> Grid:
    taken = {at for places in together.values() for at in places.values()}
    kept = [at for at in range(len(names)) if at not in taken]
    customer = _customer(names, rows, kept)
    stems = [score, *(stem for stem in together if stem != score)]
    asked = [
        _bare(names[next(iter(together[stem].values()))]) or ("score" if stem == score else stem) for stem in stems
    ]
    header = [*(names[at] for at in kept), WAVE, *asked]
    by_row = customer is None and not any(EMAIL.match(cell) for at in kept for row in rows[:50] if (cell := row[at]))
    if by_row:
        header.append(CUSTOMER_ROW)
    shape = (
        f"shape is one column per period: {', '.join(periods)} became waves, and a row is one customer"
        f"{'' if customer is None else f', known by {chr(34)}{customer}{chr(34)}'}."
    )
    note = (
        f"the table has a column per period ({', '.join(periods)}): each filled one is an answer of its row's customer."
    )

    def transform(table: pl.LazyFrame) -> pl.LazyFrame:
        parts = []
        for place, period in enumerate(periods):
            cells = [pl.col(f"c{at}").alias(f"n{new}") for new, at in enumerate(kept)]
            own = [
                (pl.col(f"c{together[stem][period]}") if period in together[stem] else pl.lit(None, pl.String))
                for stem in stems
            ]
            width = len(kept)
            answers = [one.alias(f"n{width + 1 + new}") for new, one in enumerate(own)]
            wave = pl.lit(period).alias(f"n{width}")
            row = [("row " + pl.col("source_row").cast(pl.String)).alias(f"n{width + 1 + len(stems)}")]
            said = pl.any_horizontal([_says(one) for one in own])
            others = [_says(pl.col(f"c{together[score][p]}")).not_() for p in periods if p != period]
            # A customer who never answered is one row, not one for each period.
            alone = pl.all_horizontal(others) if place == 0 else pl.lit(value=False)
            marks = [pl.lit(place).alias("_place"), (said | alone).alias("_said")]
            parts.append(table.select(*cells, wave, *answers, *(row if by_row else []), *SOURCE_PARTS, *marks))
        every = pl.concat(parts).filter(pl.col("_said")).sort("_place", "source_row", maintain_order=True)
        return every.select(*(pl.col(f"n{new}").alias(f"c{new}") for new in range(len(header))), *SOURCE_PARTS)

    made = derived(grid, header, transform, shape=shape, notes=[note])
    held = tuple(names[together[score][period]] for period in periods)
    return replace(made, customer=customer or CUSTOMER_ROW, score_at=len(kept) + 1, score_columns=held)


def _says(cells: pl.Expr) -> pl.Expr:
    """Whether a cell says something: who was no customer any more has nothing there, or a dash, or "n/a"."""
    return cells.str.strip_chars().str.to_lowercase().is_in(sorted(MISSING)).not_().fill_null(value=False)


def _bare(name: str) -> str:
    """Return a header without its period."""
    found = next((hit for form in _PERIOD if (hit := form.search(name))), None)
    text = name if found is None else name[: found.start()] + " " + name[found.end() :]
    return " ".join(text.split()).strip(" -_/()[]:.,")


def _customer(names: Sequence[str], rows: Sequence[Sequence[str]], kept: Sequence[int]) -> str | None:
    """Return the first column that names each row's customer: filled and different in every row."""
    fits = [
        at for at in kept if names[at] and len({row[at] for row in rows}) == len(rows) and all(row[at] for row in rows)
    ]
    named = [at for at in fits if _CUSTOMER.search(names[at]) or key(names[at]).endswith("id")]
    return names[named[0]] if named else None
