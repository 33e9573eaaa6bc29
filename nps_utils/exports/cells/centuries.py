"""Years of two digits get their century, and it is seen which of three numbers the year is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from nps_utils.exports.cells.dates import Cell, Day
from nps_utils.exports.cells.six_digits import packed

# A number above any month and of few different values beside one of many: the year stands first.
_FEW_YEARS: Final = 3
_MANY_DAYS: Final = 6


def with_century(cells: Mapping[str, Cell | None], *, today: dt.date | None = None) -> dict[str, Cell | None]:
    """Return the cells of one column with whole years; `14/08/25` may begin with its year, where all of them do.

    Of six digits without separators it is seen where the year stands, where their column allows one place only.
    A year that would be after the next one is of the century before: no answer comes from the future.

    Examples
    --------
    >>> from nps_utils.exports.cells.dates import read_cell
    >>> texts = ["8/14/25", "25-08-01", "1/2/99"]
    >>> [with_century({text: read_cell(text)}, today=dt.date(2026, 1, 1))[text].day.year for text in texts]
    [2025, 2001, 1999]
    >>> column = {text: read_cell(text) for text in (f"25-08-{day:02d}" for day in range(1, 29))}
    >>> with_century(column)["25-08-02"].day
    Day(year=2025, first=8, second=2, ordered=True)
    """
    if together := packed(cells, today=today):
        read = {text: cell for text, cell in together.cells.items() if cells[text] is None}
        cells = {**cells, **read, **dict.fromkeys(together.lost)}
    latest = (today or dt.datetime.now(dt.UTC).date()).year + 1
    short = {text: cell.day for text, cell in cells.items() if cell and _is_short(cell.day)}
    if not short:
        return dict(cells)
    first = _year_is_first(list(short.values()))
    days = {text: _whole(day, latest, year_first=first) for text, day in short.items()}
    return {text: cell._replace(day=days[text]) if cell and text in days else cell for text, cell in cells.items()}


def _is_short(day: Day) -> bool:
    return not day.ordered and day.year < 100


def _year_is_first(days: list[Day]) -> bool:
    first, last = [day.first for day in days], [day.year for day in days]
    if min(first) <= 12 or not all(1 <= day.second <= 12 and 1 <= day.year <= 31 for day in days):
        return False
    # The same day of the month in many years is no column of answers.
    return (len(set(first)) == 1 and len(set(last)) >= _FEW_YEARS + 1) or (
        max(first) - min(first) < _FEW_YEARS and max(last) - min(last) >= _MANY_DAYS
    )


def _whole(day: Day, latest: int, *, year_first: bool) -> Day:
    if year_first:
        return Day(_of_century(day.first, latest), day.second, day.year, ordered=True)
    return day._replace(year=_of_century(day.year, latest))


def _of_century(year: int, latest: int) -> int:
    return 2000 + year if 2000 + year <= latest else 1900 + year
