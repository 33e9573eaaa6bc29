"""Calendar periods as numbers: the next period is one more."""

from __future__ import annotations

import re
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from nps_utils.checks import BadValue

By: TypeAlias = Literal["month", "quarter", "year"]

_PER_YEAR: Final[dict[By, int]] = {"month": 12, "quarter": 4, "year": 1}
BY: Final = tuple(_PER_YEAR)
_NAMES: Final = (
    (re.compile(r"^(\d{4})-?Q([1-4])$"), 4),
    (re.compile(r"^(\d{4})-(\d{2})$"), 12),
    (re.compile(r"^(\d{4})$"), 1),
)
_NUMBERED: Final = re.compile(r"^(\D*)(\d+)$")


def period_numbers(periods: pd.Series[Any]) -> NDArray[np.int64]:
    """Return a running number per period, so that the next period's number is one more.

    Whole numbers, years, quarters (2024-Q1), months (2024-03) and pandas periods count by the calendar, labels such as
    "wave 9", "wave 10" by their number, others by their sorted order.

    Examples
    --------
    >>> period_numbers(pd.Series(["2023-Q4", "2024-Q1", "2024-Q3"])).tolist()
    [8095, 8096, 8098]
    """
    if isinstance(periods.dtype, pd.PeriodDtype):
        return _whole(periods.astype("int64"))
    if periods.isna().any():
        raise BadValue(f"period is empty in {int(periods.isna().sum())} rows; each row needs one.")
    if pd.api.types.is_integer_dtype(periods):
        return _whole(periods)
    codes, different = pd.factorize(periods)  # each label is read once
    return _numbers_of(different)[codes]


def _numbers_of(different: pd.Index[Any]) -> NDArray[np.int64]:
    labels = [str(label) for label in different]
    for pattern, per_year in _NAMES:
        found = [pattern.match(label) for label in labels]
        if all(found):
            parts = [[int(part) for part in match.groups()] for match in found if match]
            return _whole([year * per_year + (part[0] - 1 if part else 0) for year, *part in parts])
    numbered = [_NUMBERED.match(label) for label in labels]
    if all(numbered) and len({match.group(1) for match in numbered if match}) == 1:
        return _whole([int(match.group(2)) for match in numbered if match])
    return _whole(pd.Categorical(different, ordered=True).codes)


def _whole(values: Any) -> NDArray[np.int64]:
    numbers: NDArray[np.int64] = np.asarray(values).astype(np.int64)
    return numbers


def period_names(numbers: NDArray[np.int64], by: By) -> ExtensionArray:
    """Return the names of numbered periods as texts: 2024-Q1, 2024-03 or 2024.

    Examples
    --------
    >>> list(period_names(np.array([8096, 8095, 8096]), "quarter"))
    ['2024-Q1', '2023-Q4', '2024-Q1']
    """
    different, place = np.unique(numbers, return_inverse=True)
    names: ExtensionArray = pd.array([_name(number, by) for number in different.tolist()], dtype="str")
    return names.take(place)


def _name(number: int, by: By) -> str:
    if by == "year":
        return f"{number:04d}"
    if by == "month":
        return f"{number // 12:04d}-{number % 12 + 1:02d}"
    return f"{number // 4:04d}-Q{number % 4 + 1}"


def number_of_day(days: pd.Series[pd.Timestamp], by: By) -> NDArray[np.int64]:
    """Return the number of the calendar period of each day."""
    per_year = _PER_YEAR[by]
    return np.asarray(days.dt.year * per_year + (days.dt.month - 1) * per_year // 12, dtype=np.int64)


def starts(numbers: NDArray[np.int64], by: By) -> NDArray[np.datetime64]:
    """Return the first day of each period."""
    months = numbers * (12 // _PER_YEAR[by])
    return (months - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")


def lengths(numbers: NDArray[np.int64], by: By) -> NDArray[np.int64]:
    """Return the days of each period."""
    return (starts(numbers + 1, by) - starts(numbers, by)).astype(np.int64)


def consecutive(first: NDArray[np.int64], count: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Return, for runs of `count` numbers that begin at `first`, the run each number belongs to, and the numbers.

    Examples
    --------
    >>> run, number = consecutive(np.array([5, 8]), np.array([2, 1]))
    >>> run.tolist(), number.tolist()
    ([0, 0, 1], [5, 6, 8])
    """
    run = np.repeat(np.arange(len(first)), count)
    return run, first[run] + np.arange(count.sum()) - (np.cumsum(count) - count)[run]
