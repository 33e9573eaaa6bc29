"""How the dates of each file are read: whether the day comes first is decided by `day_order`; the ledger says why."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from nps_utils.checks import BadValue
from nps_utils.cleaning.date_columns import Column, DatePlan, Numbers, Seen
from nps_utils.cleaning.placeholders import placeholder
from nps_utils.exports.cells.dates import Day, plain, seconds_of
from nps_utils.exports.cells.day_order import Open, decide_order
from nps_utils.exports.cells.plausible import possible_year
from nps_utils.exports.cells.six_digits import Packed, lost_zero, packed

_SHORT_YEAR: Final = re.compile(r"[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?![0-9])")
_SIX: Final = re.compile(r"[0-9]{6}")
EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

# A text of two numbers that are day and month in an order to be found, and its day.
Numbered: TypeAlias = tuple[Seen, Day]


def proofs(column: Column) -> dict[str, bool]:
    """Return the files in which this column proves that the day (True) or the month (False) comes first."""
    found: dict[str, set[bool]] = {}
    for one in column.days:
        if one.cell and (order := one.cell.day.proves_day_first) is not None:
            found.setdefault(one.source_file, set()).add(order)
    return {name: orders.pop() for name, orders in found.items() if len(orders) == 1}


def decide(column: Column, *, day_first: bool | Mapping[str, bool] | None, lean: Mapping[str, bool]) -> DatePlan:
    """Decide how a column is read in each file, from what was seen in it.

    Parameters
    ----------
    column
        The distinct days with their counts.
    day_first
        The user's word, for all files or by file; None lets the column prove it.
    lean
        What another date column of the same file proved; used where this column proves nothing.

    Raises
    ------
    Undecidable
        Both orders are possible, or the cells prove both.
    BadValue
        `day_first` contradicts every cell that can tell, or no cell that is filled in can be read.
    """
    plan = DatePlan(column)
    for source_file in column.files():
        given = day_first.get(source_file) if isinstance(day_first, Mapping) else day_first
        _decide_file(plan, source_file, given, lean.get(source_file))
    return plan


def _decide_file(plan: DatePlan, name: str, given: bool | None, lean: bool | None) -> None:
    seen = [one for one in plan.column.days if one.source_file == name]
    total = sum(one.n for one in seen) + sum(one.n for one in plan.column.numbers if one.source_file == name)
    for numbers in plan.column.numbers:
        if numbers.source_file == name:
            _take_numbers(plan, numbers)
    _check_zeros(plan, name, seen)
    if any(one.cell for one in seen):
        plan.dated.add(name)
    if plan.name == "responded_at" and name not in plan.dated:
        _check_some_dates(name, plan.name, seen, _six_digits(plan.column).reason)
    days = [(one, one.cell.day) for one in seen if one.cell]
    if said := placeholder(plan.column, name):
        plan.undone.add(name)
        plan.dated.discard(name)
        plan.note(name, "placeholder", f"{plan.name}: {said}")
        return
    for _, day in days:
        if possible_year(day.year):
            plan.widen(day.year)
    _note_ordered(plan, name, seen, total)
    # What is no day in either order says nothing of it, and is rejected.
    numbered = [(one, day) for one, day in days if day.is_open]
    if numbered:
        plan.ordered.add(name)
        if _day_first(plan, name, numbered, given, lean, total):
            plan.day_first.add(name)


def _note_ordered(plan: DatePlan, name: str, seen: Sequence[Seen], total: int) -> None:
    """Note how many cells leave no order to decide, because they begin with a year or are not in plain numbers."""
    ordered = [(one, one.cell.day) for one in seen if one.cell and one.cell.day.ordered]
    together = _six_digits(plan.column)
    six = [one for one in seen if one.text in together.cells]
    ordered = [(one, day) for one, day in ordered if one.text not in together.cells]
    begin = sum(one.n for one, day in ordered if _begins_with_year(one.text, day))
    spelled = [(one, day) for one, day in ordered if not _begins_with_year(one.text, day)]
    if six:
        n = sum(one.n for one in six)
        plan.note(name, "six digits", f"{plan.name}: {n:,} of {total:,} cells are six digits; {together.reason}")
    if begin:
        plan.note(name, "year first", f"{year_first(plan.name)}: {begin:,} of {total:,} cells begin with a year.")
    if spelled:
        n, (one, day) = sum(one.n for one, _ in spelled), spelled[0]
        shown = f'for example "{one.text}", read as {day.year:04d}-{day.first:02d}-{day.second:02d}.'
        plan.note(name, "spelled", f"{plan.name}: {n:,} of {total:,} cells are not in plain numbers, {shown}")


def _six_digits(column: Column) -> Packed:
    return packed(one.text for one in column.days) or Packed({}, "")


def _begins_with_year(text: str, day: Day) -> bool:
    # In plain numbers two digits are only in order where they are the year.
    return plain(text).startswith(f"{day.year:04d}") or bool(_SHORT_YEAR.match(plain(text)))


def year_first(column: str) -> str:
    """Return how the sentence on cells that begin with a year begins."""
    return f"{column}: year first (ISO)"


def _check_some_dates(name: str, column: str, seen: Sequence[Seen], why: str) -> None:
    """Raise `BadValue` where cells are filled in and none is a date: the answers would have no time, unnoticed."""
    filled = [one for one in seen if not one.missing]
    if filled:
        because = f" ({why.removesuffix('.')})" if why else ""
        raise BadValue(
            f'{name}, column "{column}": none of {sum(one.n for one in filled):,} cells is a date that can be read, '
            f'for example "{filled[0].text}"{because}. Write dates as 2024-02-24 11:35 or 24.02.2024, or leave the '
            "column out of [columns]."
        )


def _check_zeros(plan: DatePlan, name: str, seen: Sequence[Seen]) -> None:
    """Raise `BadValue` where days of six digits have lost their first zero: those of five are read as serials."""
    six = next((one.text for one in seen if _SIX.fullmatch(plain(one.text))), None)
    numbers = (one for one in plan.column.numbers if one.source_file == name and one.kind.startswith("Excel"))
    if six is not None and (five := next(numbers, None)) is not None:
        raise BadValue(
            f'{name}, column "{plan.name}": {lost_zero(f"{five.least:.15g}", six)} Write its dates as 2024-02-24, or'
            " format the column as text with all six digits."
        )


def _take_numbers(plan: DatePlan, numbers: Numbers) -> None:
    plan.dated.add(numbers.source_file)
    for number in (numbers.least, numbers.greatest):
        if possible_year(year := (EPOCH + dt.timedelta(seconds=seconds_of(number))).year):
            plan.widen(year)
    sentence = f"numbers are read as {numbers.kind}, for example {numbers.least:.15g}."
    plan.note(numbers.source_file, numbers.kind, f"{plan.name}: {sentence}")


def _day_first(
    plan: DatePlan,
    name: str,
    numbers: Sequence[Numbered],
    given: bool | None,
    lean: bool | None,
    total: int,
) -> bool:
    """Decide the order of day and month in one file, and note why."""
    cells = [Open(one.text, day, one.n, one.first, one.last) for one, day in numbers]
    where = f'{name}, column "{plan.name}"'
    order = decide_order(cells, where=where, given=given, lean=lean, total=total, source_file=name)
    plan.note(name, order.name, f"{plan.name}: {order.reason}")
    return order.day_first
