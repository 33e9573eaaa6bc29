"""Which comes first, day or month? One decision for exports, further tables and money, from what cells prove."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from nps_utils.checks import BadValue, Undecidable, UndecidedDates, UndecidedOrder
from nps_utils.exports.cells.dates import Day, plain

# Cells sorted under one reading and out of order this often under the other are evidence of the reading.
_DISORDER: Final = 3
# A dot between the first two numbers, whatever words stand before them.
_DOTTED: Final = re.compile(r"\D*\d{1,2} ?\.")
_MONTHS: Final = ("", *(dt.date(2000, month, 1).strftime("%B") for month in range(1, 13)))


class Open(NamedTuple):
    """A text of two numbers that are day and month in an order to be found: how often, its first and last row."""

    text: str
    day: Day
    n: int
    first: int
    last: int


class Order(NamedTuple):
    """Whether the day comes first, and why, as a sentence."""

    day_first: bool
    reason: str

    @property
    def name(self) -> str:
        """The order in words."""
        return "day first" if self.day_first else "month first"


def decide_order(
    cells: Sequence[Open],
    *,
    where: str,
    total: int,
    given: bool | None = None,
    lean: bool | None = None,
    source_file: str | None = None,
    told_for: str = "this export",
) -> Order:
    """Decide the order of day and month of cells that were written by one hand.

    What was given comes first, then a number above 12, then dots between the numbers, then what another column of the
    file proves (`lean`), then the order of the rows.

    Parameters
    ----------
    cells
        The distinct texts that leave the order open.
    where
        The file and column, for messages.
    total
        How many cells are filled in, for the reason.
    source_file
        The export that can be told by its name.
    told_for
        What day_first is set for, in the advice.

    Raises
    ------
    Undecidable
        Both orders are possible, or the cells prove both; `UndecidedOrder` where `source_file` is named, else
        `UndecidedDates`.
    BadValue
        `given` contradicts every cell that can tell.

    Examples
    --------
    >>> one, other = Day(2023, 3, 5, ordered=False), Day(2023, 17, 5, ordered=False)
    >>> cells = [Open("3/05/2023", one, 1, 0, 0), Open("17/05/2023", other, 2, 1, 2)]
    >>> decide_order(cells, where="accounts.csv", total=3)
    Order(day_first=True, reason='day first: 2 of 3 cells have a first number above 12.')
    """
    by_day, by_month = ([one for one in cells if one.day.proves_day_first is order] for order in (True, False))
    day_proof, month_proof = (sum(one.n for one in proof) for proof in (by_day, by_month))
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
        proofs = f"{day_proof:,} cells prove day first, {month_proof:,} month first, of {total:,}."
        return Order(given, f"{order}, as given; {proofs}")
    if day_proof and month_proof:
        either = sum(one.n for one in cells if one.day.proves_day_first is None and one.day.first != one.day.second)
        both = f", and {either:,} that fit both are read that way, rightly or not" if either else ""
        raise _undecided(
            f'{where}: "{by_day[0].text}" can only be day first and "{by_month[0].text}" only month first '
            f"({day_proof:,} and {month_proof:,} cells). Split the file by who wrote the days, one file for each way of"
            " writing them: that loses nothing. Whatever comes first for all of them, cells that do not fit are"
            f" rejected{both}.",
            f"Or set day_first = true or day_first = false for {told_for}.",
            source_file,
        )
    if day_proof or month_proof:
        return Order(bool(day_proof), f"{for_day if day_proof else for_month}.")
    if (found := _by_convention(cells, lean)) is not None:
        return found
    advice = f"Write day_first = true (or day_first = false) for {told_for}."
    raise _undecided(_both_readings(where, cells), advice, source_file)


def _undecided(readings: str, advice: str, source_file: str | None) -> Undecidable:
    if source_file is None:
        return UndecidedDates(f"{readings}\n{advice}")
    return UndecidedOrder(readings, advice, source_file=source_file)


def _by_convention(cells: Sequence[Open], lean: bool | None) -> Order | None:
    """Decide where no cell proves the order: by dots, by the file's other column, by the order of rows."""
    if all(one.day.first == one.day.second for one in cells):
        return Order(True, "day and month are the same number in every cell; both readings give the same dates.")
    if all(_DOTTED.match(plain(one.text)) for one in cells):
        example = _example(cells).text
        return Order(
            True,
            f"day first by convention: dates with dots ({example}) are written so; no cell proves or contradicts it.",
        )
    if lean is not None:
        order = "day first" if lean else "month first"
        return Order(lean, f"{order}, as the file's other date column proves; this one proves none.")
    by_day, by_month = _disorder(cells, day_first=True), _disorder(cells, day_first=False)
    if min(by_day, by_month) == 0 and max(by_day, by_month) >= _DISORDER:
        order, other = ("day first", "month first") if by_day == 0 else ("month first", "day first")
        return Order(
            by_day == 0,
            f"{order}: read so the rows are in order of time; read {other} the order breaks "
            f"{max(by_day, by_month):,} times. No cell has a number above 12.",
        )
    return None


def _example(cells: Sequence[Open]) -> Open:
    """Return the most frequent cell of which the two readings differ."""
    return max(cells, key=lambda one: (one.day.first != one.day.second, one.n))


def _disorder(cells: Sequence[Open], *, day_first: bool) -> int:
    """How often the dates step back (or forward, if fewer) from row to row, when each day's rows are together."""
    spans: dict[tuple[int, int, int], tuple[int, int]] = {}
    for one in cells:
        date = _in_order(one.day, day_first=day_first)
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


def _both_readings(where: str, cells: Sequence[Open]) -> str:
    spans = []
    for day_first in (True, False):
        dates = sorted(_in_order(one.day, day_first=day_first) for one in cells)
        first, last = ("{:04d}-{:02d}-{:02d}".format(*dates[i]) for i in (0, -1))
        spans.append(f"from {first} to {last}")
    example = _example(cells)
    a, b = example.day.first, example.day.second
    return (
        f'{where}: is "{example.text}" {a} {_MONTHS[b]} or {b} {_MONTHS[a]}? '
        "No date has a first or second number above 12.\n"
        f"Day first, the dates run {spans[0]}; month first, {spans[1]}."
    )
