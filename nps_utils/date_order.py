"""Which comes first, day or month? A decision for each file, from what its cells prove, with the reasons in words."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from nps_utils.checks import BadValue, Undecidable, UndecidedOrder
from nps_utils.clock import FIRST_YEAR, LAST_YEAR
from nps_utils.dates import BEGINS, EXCEL, MISSING, PARTS, UNIX, DatePlan, Seen, forms_of, plain

# A column sorted under one reading and out of order this often under the other is evidence of the reading.
_DISORDER: Final = 3

# A cell whose first two numbers are day and month in an order to be found: the cell, both numbers, the year.
Cell: TypeAlias = tuple[Seen, int, int, int]


def proofs(seen: Sequence[Seen]) -> dict[str, bool]:
    """Return the files in which this column proves that the day (True) or the month (False) comes first."""
    found: dict[str, set[bool]] = {}
    for one in seen:
        cell = BEGINS.match(plain(one.example))
        parts = PARTS.match(plain(one.example))
        if cell and parts and not cell["y"] and max(a := int(parts[1]), b := int(parts[2])) > 12 >= min(a, b):
            found.setdefault(one.source_file, set()).add(a > b)
    return {name: orders.pop() for name, orders in found.items() if len(orders) == 1}


def decide(
    cells: Sequence[Seen], *, column: str, day_first: bool | Mapping[str, bool] | None, lean: Mapping[str, bool]
) -> DatePlan:
    """Decide how a column is read in each file, from what was seen in it.

    Parameters
    ----------
    cells
        The distinct days with their counts.
    column
        The name of the column, for messages.
    day_first
        The user's word, for all files or by file; None lets the column prove it.
    lean
        What another date column of the same file proved; used where this column proves nothing.

    Raises
    ------
    Undecidable
        Both orders are possible, or the cells prove both.
    BadValue
        `day_first` contradicts every cell that can tell.
    """
    plan = DatePlan(column)
    for source_file in dict.fromkeys(one.source_file for one in cells):
        mine = [one for one in cells if one.source_file == source_file]
        given = day_first.get(source_file) if isinstance(day_first, Mapping) else day_first
        _decide_file(plan, source_file, mine, given, lean.get(source_file))
    return plan


def _decide_file(plan: DatePlan, name: str, seen: Sequence[Seen], given: bool | None, lean: bool | None) -> None:
    total = sum(one.n for one in seen)
    numbers: list[Cell] = []
    iso = two_digits = 0
    for one in seen:
        if one.example in MISSING:
            continue
        cell = plain(one.example)
        if re.match(UNIX, cell) or re.match(EXCEL, cell):
            _see_number(plan, name, cell)
        elif found := BEGINS.match(cell):
            plan.dated.add(name)
            plan.forms |= forms_of(found, one.forms)
            if found["y"]:
                iso += one.n
                plan.first_year, plan.last_year = _widen(plan, int(found["y"]))
            elif len(found["y2"]) == 2:
                two_digits += one.n
            elif parts := PARTS.match(cell):
                plan.ordered.add(name)
                numbers.append((one, int(parts[1]), int(parts[2]), int(found["y2"])))
                plan.first_year, plan.last_year = _widen(plan, int(found["y2"]))
    if plan.column == "responded_at" and name not in plan.dated:
        _check_some_dates(name, plan.column, seen)
    if two_digits > total / 2:
        example = next(one.example for one in seen if BEGINS.match(plain(one.example)))
        raise Undecidable(
            f'{name}, column "{plan.column}": "{example}" has a year of two digits, so that day, month and year '
            f"cannot be told apart safely. Export the dates with four-digit years."
        )
    if iso:
        plan.note(name, "year first", f"{year_first(plan.column)}: {iso:,} of {total:,} cells begin with a year.")
    if numbers and _day_first(plan, name, numbers, given, lean, total):
        plan.day_first.add(name)


def year_first(column: str) -> str:
    """Return how the sentence on cells that begin with a year begins."""
    return f"{column}: year first (ISO)"


def _check_some_dates(name: str, column: str, seen: Sequence[Seen]) -> None:
    """Raise `BadValue` where cells are filled in and none is a date: the answers would have no time, unnoticed."""
    filled = [one for one in seen if one.example not in MISSING]
    if filled:
        raise BadValue(
            f'{name}, column "{column}": none of {sum(one.n for one in filled):,} cells is a date that can be read, '
            f'for example "{filled[0].example}". Write dates as 2024-02-24 11:35 or 24.02.2024, or leave the column '
            "out of [columns]."
        )


def _see_number(plan: DatePlan, name: str, cell: str) -> None:
    plan.dated.add(name)
    if re.match(UNIX, cell):
        plan.forms.add("unix")
        what = "Unix seconds" if len(cell) == 10 else "Unix milliseconds"
        seconds = int(cell) if len(cell) == 10 else int(cell) // 1000
        year = (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)).year
    else:
        plan.forms |= {"excel", "no_zone"}
        what = "Excel serial dates"
        year = (dt.date(1899, 12, 30) + dt.timedelta(days=int(float(cell)))).year
    plan.first_year, plan.last_year = _widen(plan, year)
    if not any(note[0] == name and note[1] == what for note in plan.notes):
        plan.note(name, what, f"{plan.column}: numbers are read as {what}, for example {cell}.")


def _widen(plan: DatePlan, year: int) -> tuple[int, int]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return plan.first_year, plan.last_year
    return min(plan.first_year, year), max(plan.last_year, year)


def _day_first(
    plan: DatePlan,
    name: str,
    numbers: Sequence[Cell],
    given: bool | None,
    lean: bool | None,
    total: int,
) -> bool:
    """Decide the order of day and month in one file, and note why."""
    where = f'{name}, column "{plan.column}"'
    day_proof = sum(one.n for one, a, b, _ in numbers if 12 < a <= 31 and b <= 12)
    month_proof = sum(one.n for one, a, b, _ in numbers if 12 < b <= 31 and a <= 12)
    example = max(numbers, key=lambda item: item[0].n)[0].example
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
            f"{plan.column}: {order}, as given; {day_proof:,} cells prove day first, "
            f"{month_proof:,} month first, of {total:,}.",
        )
        return given
    if day_proof and month_proof:
        day_cell = next(one.example for one, a, b, _ in numbers if a > 12 >= b)
        month_cell = next(one.example for one, a, b, _ in numbers if b > 12 >= a)
        raise UndecidedOrder(
            f'{where}: "{day_cell}" can only be day first and "{month_cell}" only month first '
            f"({day_proof:,} and {month_proof:,} cells). Whatever comes first, the cells that do not fit are rejected.",
            "Split the file, or set day_first = true or day_first = false for this export.",
            source_file=name,
        )
    if day_proof or month_proof:
        plan.note(
            name, "day first" if day_proof else "month first", f"{plan.column}: {for_day if day_proof else for_month}."
        )
        return bool(day_proof)
    return _by_convention(plan, where, name, numbers, lean, example)


def _by_convention(
    plan: DatePlan,
    where: str,
    name: str,
    numbers: Sequence[Cell],
    lean: bool | None,
    example: str,
) -> bool:
    """Decide where no cell proves the order: by dots, by the file's other column, by the order of rows; or refuse."""
    if all(a == b for _, a, b, _ in numbers):
        plan.note(
            name,
            "day first",
            f"{plan.column}: day and month are the same number in every cell; both readings give the same dates.",
        )
        return True
    if all("." in plain(one.example)[:3] for one, *_ in numbers):
        plan.note(
            name,
            "day first",
            f"{plan.column}: day first by convention: dates with dots ({example}) are written "
            "so; no cell proves or contradicts it.",
        )
        return True
    if lean is not None:
        order = "day first" if lean else "month first"
        plan.note(name, order, f"{plan.column}: {order}, as the file's other date column proves; this one proves none.")
        return lean
    by_day, by_month = _disorder(numbers, day_first=True), _disorder(numbers, day_first=False)
    if min(by_day, by_month) == 0 and max(by_day, by_month) >= _DISORDER:
        order = "day first" if by_day == 0 else "month first"
        other = "month first" if by_day == 0 else "day first"
        plan.note(
            name,
            order,
            f"{plan.column}: {order}: read so the rows are in order of time; read {other} the order "
            f"breaks {max(by_day, by_month):,} times. No cell has a number above 12.",
        )
        return by_day == 0
    advice = "Write day_first = true (or day_first = false) for this export."
    raise UndecidedOrder(_both_readings(where, numbers, example), advice, source_file=name)


def _disorder(numbers: Sequence[Cell], *, day_first: bool) -> int:
    """How often the dates step back (or forward, if fewer) from row to row, when each day's rows are together."""
    spans: dict[tuple[int, int, int], tuple[int, int]] = {}
    for one, a, b, year in numbers:
        date = (year, b, a) if day_first else (year, a, b)
        first, last = spans.get(date, (one.first, one.last))
        spans[date] = (min(first, one.first), max(last, one.last))
    rows = sorted(spans.items(), key=lambda item: item[1])
    if any(later[1][0] < earlier[1][1] for earlier, later in itertools.pairwise(rows)):
        return _DISORDER  # the days are mixed: the order of the rows says nothing
    back = sum(later[0] < earlier[0] for earlier, later in itertools.pairwise(rows))
    forth = sum(later[0] > earlier[0] for earlier, later in itertools.pairwise(rows))
    return min(back, forth)


def _both_readings(where: str, numbers: Iterable[Cell], example: str) -> str:
    cells = list(numbers)
    spans = []
    for day_first in (True, False):
        dates = sorted((year, b, a) if day_first else (year, a, b) for _, a, b, year in cells)
        first, last = ("{:04d}-{:02d}-{:02d}".format(*dates[i]) for i in (0, -1))
        spans.append(f"from {first} to {last}")
    day = PARTS.match(plain(example))
    a, b = (int(day[1]), int(day[2])) if day else (0, 0)
    months = ("", *(dt.date(2000, month, 1).strftime("%B") for month in range(1, 13)))
    return (
        f'{where}: is "{example}" {a} {months[b]} or {b} {months[a]}? No cell has a first or second number above 12.\n'
        f"Day first, the answers run {spans[0]}; month first, {spans[1]}."
    )
