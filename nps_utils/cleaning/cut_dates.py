"""Date cells of Polars cut into day, time of day and number: the usual way of a file quickly, any other with care.

Cells of one file are nearly all written alike. So each batch is parted at the sign that its first cell has between day
and time, and judged by its different days and times, of which there are few; the cells that do not fit are cut one by
one. Both ways give the same parts, or the quick one does not count.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from typing import Any, Final, cast

import polars as pl

from nps_utils.exports.cells.dates import EXCEL, SPACES, UNIX, UNIX_MILLI

PARTS: Final = ("day", "clock", "number")

_BLANK: Final = f" \t{''.join(SPACES)}"
AROUND: Final = f"{string.whitespace}{''.join(SPACES)}"
# What ends a day in numbers that has a time behind it; other days ("24 Feb 2015") stay with their time.
AFTER_DAY: Final = f"[T,{_BLANK}]"
_DAY: Final = r"^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{2,4}"
TIMED_DAY: Final = f"{_DAY}{AFTER_DAY}"
_FIRST: Final = re.compile(rf"{_DAY[1:]}(?:({AFTER_DAY})|$)")
# A fraction of a second behind a time of day: there are more of them than rows, and none is read.
FRACTION: Final = r"^([^0-9]*[0-9]{1,2}[:.][0-9]{2}[:.][0-9]{2})[.,][0-9]{1,9}($|[^0-9])"
_LEAST_WITH_FRACTION: Final = len("1:00:00.0")
# A number as exports write it; not one with an exponent or a sign, which engines would cast as well.
NUMBER: Final = r"^[1-9][0-9]{4,12}(?:\.[0-9]+)?$"


def cutter() -> tuple[Callable[[pl.Series], pl.Series], pl.Struct]:
    """Return what cuts a batch of cells into `PARTS`, and of which type they are: days and times are categories."""
    days, clocks = (pl.Categorical(pl.Categories.random()) for _ in range(2))
    kinds: dict[Any, pl.DataType] = {"day": days, "clock": clocks, "number": pl.Float64()}

    def careful(cells: pl.Series) -> pl.DataFrame:
        return _with_care(cells).with_columns(pl.col(name).cast(kind) for name, kind in kinds.items())

    def cut(cells: pl.Series) -> pl.Series:
        usual = _as_usual(cells, days, clocks)
        if usual is None:
            return careful(cells).to_struct(cells.name)
        parts, fits = usual
        if not fits.all():
            others = careful(cells.filter(~fits))
            places = pl.concat([fits.arg_true(), (~fits).arg_true()]).arg_sort()
            parts = pl.concat([parts.filter(fits), others])[places]
        return parts.to_struct(cells.name)

    return cut, pl.Struct(kinds)


def _as_usual(cells: pl.Series, days: pl.Categorical, clocks: pl.Categorical) -> tuple[pl.DataFrame, pl.Series] | None:
    """Part the cells as the first of them is; return which fit as well, None where the first does not."""
    first = cells.is_not_null().arg_max()
    found = None if first is None or cells[first] is None else _FIRST.match(cells[first])
    if found is None:
        return None
    between = found[1] or " "
    parts = cells.str.splitn(between, 2).struct.unnest()
    day, is_day = _of_each(parts["field_0"], days, lambda texts: (texts, texts.str.contains(f"{_DAY}$")))
    rest = _without_fraction(parts["field_1"])

    def read(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
        bare = texts.str.strip_chars_end(AROUND)
        return between + bare, bare != ""

    clock, is_clock = _of_each(rest, clocks, read)
    number = pl.repeat(None, len(cells), dtype=pl.Float64(), eager=True)
    return pl.DataFrame([day.alias("day"), clock.alias("clock"), number.alias("number")]), is_day & is_clock


def _of_each(
    texts: pl.Series, kind: pl.Categorical, read: Callable[[pl.Series], tuple[pl.Series, pl.Series]]
) -> tuple[pl.Series, pl.Series]:
    """Read each different text once: what it becomes, as a category, and whether it fits, as nothing does."""
    coded = texts.cast(pl.Categorical(pl.Categories.random()))
    different = coded.unique().drop_nulls()
    made, fits = read(different.cast(pl.String))
    codes, places = coded.to_physical(), different.to_physical()
    size = cast("int | None", places.max())
    if size is None:
        return pl.repeat(None, len(texts), dtype=kind, eager=True), pl.repeat(True, len(texts), eager=True)
    order = pl.repeat(None, size + 1, dtype=pl.UInt32(), eager=True)
    at = order.scatter(places, pl.int_range(len(places), dtype=pl.UInt32(), eager=True)).gather(codes)
    return made.cast(kind).gather(at), fits.gather(at).fill_null(value=True)


def _without_fraction(clock: pl.Series) -> pl.Series:
    """Leave out fractions of a second; where no time is long enough for one, none is looked for."""
    longest = cast("int | None", clock.str.len_bytes().max())
    if longest is None or longest < _LEAST_WITH_FRACTION:
        return clock
    return clock.to_frame("clock").select(shortened(pl.col("clock"))).to_series()


def shortened(clock: pl.Expr) -> pl.Expr:
    """The time without a fraction of a second."""
    # Most times have none, and to look for one costs a quarter of replacing it.
    fractional = pl.when(clock.str.contains(FRACTION)).then(clock)
    return pl.coalesce(fractional.str.replace(FRACTION, "$1$2"), clock)


def _with_care(cells: pl.Series) -> pl.DataFrame:
    """Cut each cell at the first character that may end a day."""
    cell, end, number = pl.col("cell"), pl.col("end"), pl.col("number")
    seen = number.is_between(*EXCEL, closed="left")
    for span in (UNIX, UNIX_MILLI):
        seen |= number.is_between(*span, closed="left")
    frame = cells.to_frame("cell").lazy().select(cell.str.strip_chars(AROUND))
    frame = frame.with_columns(number=cell.cast(pl.Float64, strict=False), end=cell.str.find(AFTER_DAY))
    frame = frame.with_columns(
        number=pl.when(seen & cell.str.contains(NUMBER)).then(number),
        end=pl.when(cell.str.contains(TIMED_DAY)).then(end),
    )
    whole = pl.when(number.is_null()).then(cell)
    clock = pl.when(end.is_not_null()).then(cell.str.slice(end))
    day = pl.when(end.is_null()).then(whole).otherwise(cell.str.head(end))
    return frame.select(day=day, clock=shortened(clock), number=number).collect()
