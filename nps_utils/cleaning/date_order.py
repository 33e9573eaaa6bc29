"""Which comes first, day or month? A decision for each file, from what its cells prove, with the reasons in words."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from nps_utils.checks import BadValue, UndecidedOrder
from nps_utils.cleaning.date_columns import Column, DatePlan, Numbers, Seen
from nps_utils.cleaning.placeholders import placeholder
from nps_utils.exports.cells.dates import Day, plain, seconds_of
from nps_utils.exports.cells.plausible import possible_year

# A column sorted under one reading and out of order this often under the other is evidence of the reading.
_DISORDER: Final = 3
_SHORT_YEAR: Final = re.compile(r"[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?![0-9])")
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
    if any(one.cell for one in seen):
        plan.dated.add(name)
    if plan.name == "responded_at" and name not in plan.dated:
        _check_some_dates(name, plan.name, seen)
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
    begin = sum(one.n for one, day in ordered if _begins_with_year(one.text, day))
    spelled = [(one, day) for one, day in ordered if not _begins_with_year(one.text, day)]
    if begin:
        plan.note(name, "year first", f"{year_first(plan.name)}: {begin:,} of {total:,} cells begin with a year.")
    if spelled:
        n, (one, day) = sum(one.n for one, _ in spelled), spelled[0]
        shown = f'for example "{one.text}", read as {day.year:04d}-{day.first:02d}-{day.second:02d}.'
        plan.note(name, "spelled", f"{plan.name}: {n:,} of {total:,} cells are not in plain numbers, {shown}")


def _begins_with_year(text: str, day: Day) -> bool:
    # In plain numbers two digits are only in order where they are the year.
    return plain(text).startswith(f"{day.year:04d}") or bool(_SHORT_YEAR.match(plain(text)))


def year_first(column: str) -> str:
    """Return how the sentence on cells that begin with a year begins."""
    return f"{column}: year first (ISO)"


def _check_some_dates(name: str, column: str, seen: Sequence[Seen]) -> None:
    """Raise `BadValue` where cells are filled in and none is a date: the answers would have no time, unnoticed."""
    filled = [one for one in seen if not one.missing]
    if filled:
        raise BadValue(
            f'{name}, column "{column}": none of {sum(one.n for one in filled):,} cells is a date that can be read, '
            f'for example "{filled[0].text}". Write dates as 2024-02-24 11:35 or 24.02.2024, or leave the column '
            "out of [columns]."
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
    where = f'{name}, column "{plan.name}"'
    by_day, by_month = ([one for one, day in numbers if day.proves_day_first is order] for order in (True, False))
    day_proof, month_proof = (sum(one.n for one in proof) for proof in (by_day, by_month))
    # The most frequent cell of which the two readings differ.
    example = max(numbers, key=lambda item: (item[1].first != item[1].second, item[0].n))
    for_day = f"day first: {day_proof:,} of {total:,} cells have a first number above 12"
    for_month = f"month first: {month_proof:,} of {total:,} cells have a second number above 12"
    if given is not None:
        against, wanted = (month_proof, day_proof) if given else (day_proof, month_proof)
        if against and not wanted:
            raise BadValue(
                f"{where}: day_first = {str(given).lower()} was given, but the cells say the contrary: "
                f"{for_month if given else for_day}. Remove day_first, or set it to {str(not given).lower()}."
            )
        order = "day first" if given else "month first"
        plan.note(
            name,
            order,
            f"{plan.name}: {order}, as given; {day_proof:,} cells prove day first, "
            f"{month_proof:,} month first, of {total:,}.",
        )
        return given
    if day_proof and month_proof:
        raise UndecidedOrder(
            f'{where}: "{by_day[0].text}" can only be day first and "{by_month[0].text}" only month first '
            f"({day_proof:,} and {month_proof:,} cells). Whatever comes first, the cells that do not fit are rejected.",
            "Split the file, or set day_first = true or day_first = false for this export.",
            source_file=name,
        )
    if day_proof or month_proof:
        plan.note(
            name, "day first" if day_proof else "month first", f"{plan.name}: {for_day if day_proof else for_month}."
        )
        return bool(day_proof)
    return _by_convention(plan, where, name, numbers, lean, example)


def _by_convention(
    plan: DatePlan,
    where: str,
    name: str,
    numbers: Sequence[Numbered],
    lean: bool | None,
    example: Numbered,
) -> bool:
    """Decide where no cell proves the order: by dots, by the file's other column, by the order of rows; or refuse."""
    if all(day.first == day.second for _, day in numbers):
        plan.note(
            name,
            "day first",
            f"{plan.name}: day and month are the same number in every cell; both readings give the same dates.",
        )
        return True
    if all("." in plain(one.text)[:3] for one, *_ in numbers):
        plan.note(
            name,
            "day first",
            f"{plan.name}: day first by convention: dates with dots ({example[0].text}) are written "
            "so; no cell proves or contradicts it.",
        )
        return True
    if lean is not None:
        order = "day first" if lean else "month first"
        plan.note(name, order, f"{plan.name}: {order}, as the file's other date column proves; this one proves none.")
        return lean
    by_day, by_month = _disorder(numbers, day_first=True), _disorder(numbers, day_first=False)
    if min(by_day, by_month) == 0 and max(by_day, by_month) >= _DISORDER:
        order = "day first" if by_day == 0 else "month first"
        other = "month first" if by_day == 0 else "day first"
        plan.note(
            name,
            order,
            f"{plan.name}: {order}: read so the rows are in order of time; read {other} the order "
            f"breaks {max(by_day, by_month):,} times. No cell has a number above 12.",
        )
        return by_day == 0
    advice = "Write day_first = true (or day_first = false) for this export."
    raise UndecidedOrder(_both_readings(where, numbers, example), advice, source_file=name)


def _disorder(numbers: Sequence[Numbered], *, day_first: bool) -> int:
    """How often the dates step back (or forward, if fewer) from row to row, when each day's rows are together."""
    spans: dict[tuple[int, int, int], tuple[int, int]] = {}
    for one, day in numbers:
        date = _in_order(day, day_first=day_first)
        first, last = spans.get(date, (one.first, one.last))
        spans[date] = (min(first, one.first), max(last, one.last))
    rows = sorted(spans.items(), key=lambda item: item[1])
    if any(later[1][0] < earlier[1][1] for earlier, later in itertools.pairwise(rows)):
        return _DISORDER  # the days are mixed: the order of the rows says nothing
    back = sum(later[0] < earlier[0] for earlier, later in itertools.pairwise(rows))
    forth = sum(later[0] > earlier[0] for earlier, later in itertools.pairwise(rows))
    return min(back, forth)


def _in_order(day: Day, *, day_first: bool) -> tuple[int, int, int]:
    return (day.year, day.second, day.first) if day_first else (day.year, day.first, day.second)


def _both_readings(where: str, numbers: Sequence[Numbered], example: Numbered) -> str:
    spans = []
    for day_first in (True, False):
        dates = sorted(_in_order(day, day_first=day_first) for _, day in numbers)
        first, last = ("{:04d}-{:02d}-{:02d}".format(*dates[i]) for i in (0, -1))
        spans.append(f"from {first} to {last}")
    a, b = example[1].first, example[1].second
    months = ("", *(dt.date(2000, month, 1).strftime("%B") for month in range(1, 13)))
    return (
        f'{where}: is "{example[0].text}" {a} {months[b]} or {b} {months[a]}? '
        "No date has a first or second number above 12.\n"
        f"Day first, the answers run {spans[0]}; month first, {spans[1]}."
    )
