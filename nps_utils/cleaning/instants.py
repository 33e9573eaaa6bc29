"""From date cells to seconds: the decided reading of a column, looked up for every row."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import narwhals as nw

from nps_utils.cleaning.date_columns import DatePlan
from nps_utils.cleaning.engines import Engine, Frame
from nps_utils.cleaning.zones import Zone, never_was, utc_from_local, was_twice
from nps_utils.exports.cells.dates import DAY, EXCEL_EPOCH, UNIX, UNIX_MILLI, Cell, Clock
from nps_utils.exports.cells.plausible import seconds_between


def read_dates(frame: Frame, engine: Engine, plan: DatePlan, zones: Mapping[str, Zone]) -> Frame:
    """Add what the cells of a column mean.

    Parameters
    ----------
    frame
        A settled table with `source_file` and the column cut into its parts.
    plan
        The decision of `dates_by_file.decide`.
    zones
        The zone of cells that do not name their own, by source file.

    Returns
    -------
    The frame with five more columns, named after the plan's column: `<column>:utc` (seconds since 1970; null where
    the cell is no possible date), `<column>:missing` (there is nothing in the cell, or a placeholder), `<column>:moved`
    (a local time that the clocks skipped, moved forward by the gap), `<column>:twice` (one that they showed twice, read
    as the first) and `<column>:impossible` (a day before 1990 or after tomorrow).
    """
    name = plan.name
    utc, missing, moved, twice, wrong = (
        f"{name}:{what}" for what in ("utc", "missing", "moved", "twice", "impossible")
    )
    day, number = nw.col(f"{name}:day"), nw.col(f"{name}:number")
    nothing = {one.text: 1 for one in plan.column.days if one.missing}
    frame = engine.looked_up(frame, f"{name}:day", {"_nothing": nothing, **_meanings_of_days(plan)})
    frame = engine.looked_up(frame, f"{name}:clock", _meanings_of_clocks(plan.column.clocks))
    nothing_there = (day.is_null() & number.is_null()) | ~nw.col("_nothing").is_null()
    undone = nw.col("source_file").is_in(sorted(plan.undone))
    frame = frame.with_columns((nothing_there | undone if plan.undone else nothing_there).alias(missing))
    if not plan.dated:
        frame = frame.with_columns(nw.lit(None).cast(nw.Int64).alias(utc), *map(_false, (moved, twice, wrong)))
        return frame.drop("_nothing", "_by_day", "_by_month", "_own", "_own_offset", "_time", "_offset")
    frame = _with_local(frame, plan)
    local = nw.col("_utc").is_null()
    frame = frame.with_columns(
        nw.coalesce(nw.col("_utc"), _by_file(plan, zones, utc_from_local)).alias(utc),
        (local & _by_file(plan, zones, never_was)).fill_null(value=False).alias(moved),
        (local & _by_file(plan, zones, was_twice)).fill_null(value=False).alias(twice),
    )
    can_be = nw.col(utc).is_between(*seconds_between())
    read = can_be & ~undone if plan.undone else can_be
    frame = frame.with_columns(
        (~can_be & ~nw.col(missing)).fill_null(value=False).alias(wrong),
        nw.when(read).then(nw.col(utc)).alias(utc),
    )
    return frame.drop("_nothing", "_local", "_utc")


def _false(name: str) -> nw.Expr:
    return nw.lit(value=False).alias(name)


def _meanings_of_days(plan: DatePlan) -> dict[str, dict[str, int | None]]:
    """The number of each day in either order, and the time of day of cells that were not cut."""
    cells = {one.text: one.cell for one in plan.column.days if one.cell}
    return {
        "_by_day": {text: cell.day.number(day_first=True) for text, cell in cells.items()},
        "_by_month": {text: cell.day.number(day_first=False) for text, cell in cells.items()},
        "_own": {text: cell.clock.seconds if cell.clock else 0 for text, cell in cells.items()},
        "_own_offset": {text: _offset(cell) for text, cell in cells.items() if _offset(cell) is not None},
    }


def _offset(cell: Cell) -> int | None:
    return cell.clock.offset if cell.clock else None


def _meanings_of_clocks(clocks: Mapping[str, Clock | None]) -> dict[str, dict[str, int | None]]:
    known = {text: clock for text, clock in clocks.items() if clock}
    return {
        "_time": {text: clock.seconds for text, clock in known.items()},
        "_offset": {text: clock.offset for text, clock in known.items() if clock.offset is not None},
    }


def _with_local(frame: Frame, plan: DatePlan) -> Frame:
    """Add `_utc` for cells that name their zone or are Unix times, and `_local` for the others."""
    number = nw.col(f"{plan.name}:number")
    by_day, by_month = nw.col("_by_day"), nw.col("_by_month")
    days: nw.Expr = by_month
    if plan.day_first >= plan.ordered:
        days = by_day
    elif plan.day_first:
        days = nw.when(nw.col("source_file").is_in(sorted(plan.day_first))).then(by_day).otherwise(by_month)
    seconds = nw.when(nw.col(f"{plan.name}:clock").is_null()).then(nw.col("_own")).otherwise(nw.col("_time"))
    offset = nw.coalesce(nw.col("_offset"), nw.col("_own_offset"))
    frame = frame.with_columns(_wall=days * DAY + seconds, _east=offset)
    local: nw.Expr = nw.when(nw.col("_east").is_null()).then(nw.col("_wall"))
    utc = nw.col("_wall") - nw.col("_east")
    if plan.column.numbers:
        serial = ((number - EXCEL_EPOCH) * DAY).round(0).cast(nw.Int64)
        local = nw.coalesce(local, nw.when(number < UNIX[0]).then(serial))
        unix = nw.when(number >= UNIX_MILLI[0]).then((number / 1000).floor()).otherwise(number.floor())
        utc = nw.coalesce(utc, nw.when(number >= UNIX[0]).then(unix.cast(nw.Int64)))
    frame = frame.with_columns(_local=local, _utc=utc)
    return frame.drop("_by_day", "_by_month", "_own", "_own_offset", "_time", "_offset", "_wall", "_east")


def _by_file(plan: DatePlan, zones: Mapping[str, Zone], rule: Callable[[nw.Expr, Zone], nw.Expr]) -> nw.Expr:
    """Apply the rule with the zone of the row's file; with one zone for all, the file is not asked."""
    files_of: dict[Zone, list[str]] = {}
    for name in sorted(plan.dated):
        files_of.setdefault(zones[name], []).append(name)
    rules = [(files, rule(nw.col("_local"), zone)) for zone, files in files_of.items()]
    result: nw.Expr = rules[0][1]
    for files, expression in rules[1:]:
        result = nw.when(nw.col("source_file").is_in(files)).then(expression).otherwise(result)
    return result
