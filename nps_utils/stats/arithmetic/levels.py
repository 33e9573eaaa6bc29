"""Groups and levels of a table of counts: which columns, in which order, how far apart."""

from __future__ import annotations

import datetime
import re
from collections.abc import Hashable, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from nps_utils.checks import BadValue, check_columns
from nps_utils.scale import COUNTS, check_counts

_DAYS_IN_YEAR: Final = 365.25
_LABEL: Final = re.compile(r"^(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|W(?P<week>\d{2})|(?P<month>\d{2})))?$")


class ByLevel(NamedTuple):
    """Counts of groups by level, sorted by both; rows of the same group and level are added up."""

    groups: pd.DataFrame
    levels: list[Hashable]
    group: npt.NDArray[np.intp]
    level: npt.NDArray[np.intp]
    bands: npt.NDArray[np.float64]


def by_level(counts: pd.DataFrame, across: str) -> ByLevel:
    """Arrange a table of counts by group and level of `across`.

    Every column but `across`, the counts and what `score` adds names groups. `groups` has one row per group, in order
    of appearance; `group` and `level` say for each row of `bands` (shape (rows, 3)) which group and level it is.
    """
    check_columns(list(counts.columns), [across], what="the table of counts")
    check_counts(counts)
    levels = ordered_levels(counts, across)
    by = [name for name in counts.columns if name not in {*COUNTS, "n", "nps", "se", "low", "high", across}]
    groups = counts[by].drop_duplicates(ignore_index=True) if by else pd.DataFrame(index=[0])
    keyed = counts.groupby(by, sort=False, dropna=False, observed=True).ngroup() if by else 0
    level = places_of(counts[across], levels)
    table = counts[list(COUNTS)].astype(float).assign(_group=keyed, _level=level)
    summed = table.groupby(["_group", "_level"], as_index=False).sum()
    group, position = (summed[name].to_numpy(dtype=np.intp) for name in ("_group", "_level"))
    return ByLevel(groups, levels, group, position, summed[list(COUNTS)].to_numpy(dtype=float))


def ordered_levels(counts: pd.DataFrame, across: str) -> list[Hashable]:
    """Return the levels of `across` in their order: by category where there is one, else by value."""
    column = counts[across]
    if column.isna().any():
        row = int(np.flatnonzero(column.isna())[0])
        raise BadValue(f'counts, row {row}, column "{across}" is empty; give the level a name or leave the row out.')
    if isinstance(column.dtype, pd.CategoricalDtype):
        present = np.bincount(column.cat.codes, minlength=len(column.cat.categories)) > 0
        levels: list[Hashable] = column.cat.categories[present].tolist()
    else:
        try:
            levels = sorted(column.unique())
        except TypeError:
            kinds = ", ".join(sorted({type(level).__name__ for level in column}))
            raise BadValue(f'column "{across}" mixes {kinds}, which have no order; make them one kind.') from None
    if len(levels) < 2:
        raise BadValue(
            f'column "{across}" has {len(levels)} level ({", ".join(map(str, levels))}); a comparison needs two.'
        )
    return levels


def places_of(column: pd.Series, levels: list[Hashable]) -> npt.NDArray[np.intp]:
    """Return where each cell is among the levels.

    Examples
    --------
    >>> places_of(pd.Series(["b", "a"]), ["a", "b"]).tolist()
    [1, 0]
    """
    if isinstance(column.dtype, pd.CategoricalDtype):  # each category is looked up, not each cell
        return np.append(pd.Index(levels).get_indexer(column.cat.categories), -1)[column.cat.codes]
    return pd.Index(levels).get_indexer(pd.Index(column))


def times(levels: Sequence[Hashable]) -> tuple[npt.NDArray[np.float64], str]:
    """Return when each wave was, from the first one on, and the unit.

    Numbers are taken as they are and dates in years. Labels such as 2024, 2024-Q3, 2024-09 or 2024-W36 count in
    years, quarters, months or weeks, so a wave left out leaves its gap. All others are one wave apart.

    Examples
    --------
    >>> times(["2023-Q4", "2024-Q1", "2024-Q3"])
    (array([0., 1., 3.]), 'quarter')
    >>> times(["before", "during", "later"])
    (array([0., 1., 2.]), 'wave')
    """
    if all(isinstance(level, datetime.date | np.datetime64) for level in levels):
        dates = pd.Series(list(levels)).astype(str).pipe(pd.to_datetime, utc=True)
        days = (dates - dates.iloc[0]) / pd.Timedelta(days=1)
        at, unit = days.to_numpy(dtype=float) / _DAYS_IN_YEAR, "year"
    elif all(isinstance(level, int | float | np.number) and not isinstance(level, bool) for level in levels):
        at, unit = np.array(levels, dtype=float), "unit"
    else:
        at, unit = _labelled([str(level) for level in levels])
    return at - at[0], unit


def _labelled(labels: list[str]) -> tuple[npt.NDArray[np.float64], str]:
    found = [_LABEL.match(label) for label in labels]
    kinds = {match.lastgroup if match else None for match in found}
    positions = np.arange(len(labels), dtype=float)
    if len(kinds) != 1 or None in kinds:
        return positions, "wave"
    kind = str(kinds.pop())
    parts = [match.groupdict() for match in found if match]
    try:
        return np.array([_count(kind, part) for part in parts], dtype=float), kind
    except ValueError:  # labels like 2024-W60 and 2024-20 only look like a week and a month
        return positions, "wave"


def _count(kind: str, part: dict[str, str | None]) -> float:
    year, within = int(part["year"] or 0), int(part[kind] or 0)
    if kind == "week":
        return datetime.date.fromisocalendar(year, within, 1).toordinal() / 7
    if kind == "month":
        return datetime.date(year, within, 1).year * 12 + within
    return within if kind == "year" else year * 4 + within
