"""From date cells to seconds: the decided reading of a column as expressions that every engine runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from nps_utils.clock import DAY, Zone, days_from_civil, is_date, never_was, utc_from_local, was_twice
from nps_utils.dates import EXCEL, MISSING, PADDED, SPACES, UNIX, DatePlan, trimmed

_SEPARATORS = ["-", "/", "."]
_EXCEL_EPOCH = 25_569  # the serial of 1970-01-01; serials count from 1899-12-30


def read_dates(frame: nw.LazyFrame[Any], plan: DatePlan, zones: Mapping[str, Zone]) -> nw.LazyFrame[Any]:
    """Add what the cells of a column mean.

    Parameters
    ----------
    frame
        Has `source_file` and the column of the plan, as text.
    plan
        The decision of `dates.decide`.
    zones
        The zone of cells that do not name their own, by source file.

    Returns
    -------
    The frame with four more columns, named after the plan's column: `<column>:utc` (seconds since 1970; null where
    the cell is no date), `<column>:missing` (there is nothing in the cell), `<column>:moved` (a local time that the
    clocks skipped, moved forward by the gap) and `<column>:twice` (one that they showed twice, read as the first).
    """
    column, forms = plan.column, plan.forms
    utc, moved, twice = (f"{column}:{what}" for what in ("utc", "moved", "twice"))
    frame = frame.with_columns(trimmed(column).is_in(list(MISSING)).fill_null(value=True).alias(f"{column}:missing"))
    if not forms:
        nothing = nw.lit(None).cast(nw.Int64)
        return frame.with_columns(nothing.alias(utc), nw.lit(False).alias(moved), nw.lit(False).alias(twice))
    text = trimmed(column)
    if "spaces" in forms:
        text = nw.col(column)
        for space in SPACES:
            text = text.str.replace_all(space, " ", literal=True)
        text = text.str.strip_chars()
    frame = frame.with_columns(_t=nw.when(~text.is_in(list(MISSING))).then(text))
    frame = _civil(frame, plan) if "civil" in forms else frame.with_columns(_local=_none(), _utc=_none())
    frame = _numbers(frame, forms)
    frame = frame.with_columns(
        nw.coalesce(nw.col("_utc"), _by_file(plan, zones, utc_from_local)).alias(utc),
        (nw.col("_utc").is_null() & _by_file(plan, zones, never_was)).fill_null(value=False).alias(moved),
        (nw.col("_utc").is_null() & _by_file(plan, zones, was_twice)).fill_null(value=False).alias(twice),
    )
    return frame.drop("_t", "_local", "_utc")


def _none() -> nw.Expr:
    return nw.lit(None).cast(nw.Int64)


def _by_file(plan: DatePlan, zones: Mapping[str, Zone], rule: Any) -> nw.Expr:
    """Apply the rule with the zone of the row's file; with one zone for all, the file is not asked."""
    files_of: dict[Zone, list[str]] = {}
    for name in sorted(plan.dated):
        files_of.setdefault(zones[name], []).append(name)
    rules = [(files, rule(nw.col("_local"), zone)) for zone, files in files_of.items()]
    result: nw.Expr = rules[0][1]
    for files, expression in rules[1:]:
        result = nw.when(nw.col("source_file").is_in(files)).then(expression).otherwise(result)
    return result


def _civil(frame: nw.LazyFrame[Any], plan: DatePlan) -> nw.LazyFrame[Any]:
    """Read cells that name year, month and day: `_local` seconds, or `_utc` seconds where they name a zone."""
    forms = plan.forms
    cell = nw.col("_t")
    if "comma" in forms:
        frame = frame.with_columns(_c=cell.str.replace_all(", ", " ", literal=True))
    else:
        frame = frame.with_columns(_c=cell)
    cell = nw.col("_c")
    if "pad_day" in forms:
        frame = frame.with_columns(_c=_pad(cell, 0, cell.str.slice(1, 1).is_in(_SEPARATORS)))
        small = cell.str.slice(2, 1).is_in(_SEPARATORS) & cell.str.slice(4, 1).is_in(_SEPARATORS)
        frame = frame.with_columns(_c=_pad(cell, 3, small))
    if "pad_year_first" in forms:
        year_first = cell.str.slice(4, 1).is_in(_SEPARATORS)
        frame = frame.with_columns(_c=_pad(cell, 5, year_first & cell.str.slice(6, 1).is_in(_SEPARATORS)))
        short = ~cell.str.slice(8, 2).str.contains("^[0-9]{2}$")
        frame = frame.with_columns(_c=_pad(cell, 8, year_first & short))
    if "pad_hour" in forms:
        frame = frame.with_columns(_c=_pad(cell, 11, cell.str.slice(12, 1).is_in([":", "."])))
    # Only cells of the right form are cut up: a cast of anything else would stop the engine.
    frame = frame.with_columns(_c=nw.when(cell.str.contains(PADDED)).then(cell))
    frame = _date_parts(frame, plan)
    frame = _time_parts(frame, forms)
    seconds = days_from_civil(nw.col("_y"), nw.col("_m"), nw.col("_d")) * DAY
    seconds = seconds + nw.col("_h") * 3600 + nw.col("_i") * 60 + nw.col("_s")
    real = is_date(nw.col("_y"), nw.col("_m"), nw.col("_d")) & nw.col("_clock")
    frame = frame.with_columns(_wall=nw.when(real).then(seconds))
    if "zone" not in forms:
        frame = frame.with_columns(_local=nw.col("_wall"), _utc=_none())
    else:
        frame = frame.with_columns(_offset=_offset(forms))
        offset = nw.col("_offset")
        frame = frame.with_columns(
            _local=nw.when(offset.is_null()).then(nw.col("_wall")), _utc=nw.col("_wall") - offset
        ).drop("_offset")
    return frame.drop("_c", "_y", "_m", "_d", "_h", "_i", "_s", "_clock", "_wall")


def _pad(cell: nw.Expr, at: int, where: nw.Expr) -> nw.Expr:
    """Put a zero in front of the character `at` in the cells `where` a number has one digit."""
    padded = (
        nw.concat_str(nw.lit("0"), cell)
        if at == 0
        else nw.concat_str(cell.str.slice(0, at), nw.lit("0"), cell.str.slice(at))
    )
    return nw.when(where).then(padded).otherwise(cell)


def _number(at: int, width: int = 2) -> nw.Expr:
    return nw.col("_c").str.slice(at, width).cast(nw.Int64)


def _date_parts(frame: nw.LazyFrame[Any], plan: DatePlan) -> nw.LazyFrame[Any]:
    year_first = nw.col("_c").str.slice(4, 1).is_in(_SEPARATORS)
    forms = plan.forms
    if "day_or_month_first" not in forms:
        return frame.with_columns(_y=_number(0, 4), _m=_number(5), _d=_number(8))
    if "year_first" in forms:
        # A cell of one order is not a number when cut by the other: each is cut only where it applies.
        frame = frame.with_columns(
            _ymd=nw.when(year_first).then(nw.col("_c")), _c2=nw.when(~year_first).then(nw.col("_c"))
        )
        cut = {"_y": ("_ymd", 0, 4), "_m": ("_ymd", 5, 2), "_d": ("_ymd", 8, 2)}
        cut |= {"_a": ("_c2", 0, 2), "_b": ("_c2", 3, 2), "_z": ("_c2", 6, 4)}
        frame = frame.with_columns(
            **{name: nw.col(of).str.slice(at, width).cast(nw.Int64) for name, (of, at, width) in cut.items()}
        ).drop("_ymd", "_c2")
    else:
        frame = frame.with_columns(_a=_number(0), _b=_number(3), _z=_number(6, 4), _y=_none(), _m=_none(), _d=_none())
    day_first = nw.col("source_file").is_in(sorted(plan.day_first))
    a, b = nw.col("_a"), nw.col("_b")
    if plan.day_first >= plan.ordered:
        day, month = a, b
    elif not plan.day_first:
        day, month = b, a
    else:
        day = nw.when(day_first).then(a).otherwise(b)
        month = nw.when(day_first).then(b).otherwise(a)
    return frame.with_columns(
        _y=nw.coalesce(nw.col("_y"), nw.col("_z")),
        _m=nw.coalesce(nw.col("_m"), month),
        _d=nw.coalesce(nw.col("_d"), day),
    ).drop("_a", "_b", "_z")


def _time_parts(frame: nw.LazyFrame[Any], forms: set[str]) -> nw.LazyFrame[Any]:
    """Read hour, minute and second; a day without a time is its midnight. `_clock` says whether they are a time."""
    zero = nw.lit(0)
    if "clock" not in forms:
        return frame.with_columns(_h=zero, _i=zero, _s=zero, _clock=~nw.col("_c").is_null())
    timed = nw.when(nw.col("_c").str.len_chars() >= 16).then(nw.col("_c"))
    frame = frame.with_columns(_w=timed)
    hour, minute = (nw.col("_w").str.slice(at, 2).cast(nw.Int64) for at in (11, 14))
    second = zero
    if "seconds" in forms:
        with_seconds = nw.when(nw.col("_w").str.slice(16, 1).is_in([":", "."])).then(nw.col("_w"))
        frame = frame.with_columns(_w2=with_seconds)
        second = nw.col("_w2").str.slice(17, 2).cast(nw.Int64).fill_null(0)
    frame = frame.with_columns(_h=hour.fill_null(0), _i=minute.fill_null(0), _s=second)
    h = nw.col("_h")
    sound = (h <= 23) & (nw.col("_i") <= 59) & (nw.col("_s") <= 59)
    if "pm" in forms:
        half = nw.col("_w").str.contains(r"[AaPp]\.?[Mm]").fill_null(value=False)
        afternoon = nw.col("_w").str.contains(r"[Pp]\.?[Mm]").fill_null(value=False)
        frame = frame.with_columns(_clock=sound & (~half | h.is_between(1, 12)), _half=half, _pm=afternoon)
        frame = frame.with_columns(
            _h=nw.when(nw.col("_half")).then(h % 12 + 12 * nw.col("_pm").cast(nw.Int64)).otherwise(h)
        ).drop("_half", "_pm")
    else:
        frame = frame.with_columns(_clock=sound)
    return frame.drop("_w", "_w2") if "seconds" in forms else frame.drop("_w")


def _offset(forms: set[str]) -> nw.Expr:
    """Seconds east of UTC that the cell itself states; null where it states none."""
    cell = nw.col("_c")
    stated = nw.when(cell.str.contains("(?:Z|UTC|GMT)$")).then(nw.lit(0)).otherwise(_none())
    if "offset" not in forms:
        return stated
    # +02:00, +0200, +02, +2: where hours and minutes stand, counted from the end.
    tails = {
        r"[-+][0-9]{2}:[0-9]{2}$": (-6, (-5, 2), (-2, 2)),
        r"[-+][0-9]{4}$": (-5, (-4, 2), (-2, 2)),
        r"[-+][0-9]{2}$": (-3, (-2, 2), None),
        r"[-+][0-9]$": (-2, (-1, 1), None),
    }
    for pattern, (sign, hours, minutes) in tails.items():
        # Without a time of day the tail of a date (24-02-2015) would look like an offset.
        mine = nw.when(cell.str.contains(r"^.{10}[T ][0-9].*" + pattern)).then(cell)
        east = nw.when(mine.str.slice(sign, 1) == "-").then(-1).otherwise(1)
        size = mine.str.slice(*hours).cast(nw.Int64) * 3600
        if minutes is not None:
            size = size + mine.str.slice(*minutes).cast(nw.Int64) * 60
        stated = nw.coalesce(stated, size * east)
    return stated


def _numbers(frame: nw.LazyFrame[Any], forms: set[str]) -> nw.LazyFrame[Any]:
    """Read Unix times (UTC by definition) and Excel serials (wall-clock time of the file's zone)."""
    if "unix" in forms:
        frame = frame.with_columns(_n=nw.when(nw.col("_t").str.contains(UNIX)).then(nw.col("_t")))
        number = nw.col("_n").cast(nw.Int64)
        seconds = nw.when(nw.col("_n").str.len_chars() == 13).then(number // 1000).otherwise(number)
        frame = frame.with_columns(_utc=nw.coalesce(nw.col("_utc"), seconds)).drop("_n")
    if "excel" in forms:
        frame = frame.with_columns(_n=nw.when(nw.col("_t").str.contains(EXCEL)).then(nw.col("_t")))
        seconds = ((nw.col("_n").cast(nw.Float64) - _EXCEL_EPOCH) * DAY).round(0).cast(nw.Int64)
        frame = frame.with_columns(_local=nw.coalesce(nw.col("_local"), seconds)).drop("_n")
    return frame
