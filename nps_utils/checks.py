"""Door checks, and the errors they raise: name, value, rule, what to do.

Everything a user can get wrong ends as a `BadInput`; the command line prints its text and exits with 2.
An exception of any other class is our own failure.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Iterable, Sequence

import numpy as np
import pandas as pd


class BadInput(ValueError):
    """What was given cannot be used; the text says what, where, which rule and what to do."""


class BadValue(BadInput):
    """An argument or a cell is outside what its rule allows."""


class MissingColumn(BadInput):
    """A table lacks a column that was asked for."""


class NoSuchHeader(MissingColumn):
    """A header that was named by the user is not in the file."""

    def __init__(self, text: str, header: str) -> None:
        super().__init__(text)
        self.header = header


class BadFile(BadInput):
    """A file is missing, empty, damaged or not of a kind we read."""


class BadAnswers(BadInput):
    """Score cells are on another scale than 0-10, contradict their groups, or cannot be read; with the way on."""


class NoSuchSheet(BadFile):
    """A sheet that was named by the user is not in the file."""


class Undecidable(BadInput):
    """Two readings fit the data; the text names both and how to choose."""


class SeveralSheets(Undecidable):
    """Several sheets of a workbook hold answers."""


class UndecidedOrder(Undecidable):
    """Day and month of `source_file` may stand in either order; `readings` says so without saying what to write."""

    def __init__(self, readings: str, advice: str, *, source_file: str) -> None:
        super().__init__(f"{readings}\n{advice}")
        self.readings = readings
        self.source_file = source_file


class BadStudy(BadInput):
    """`study.toml` has an unknown key, an impossible value or points to something that is not there."""


COUNTS = ("detractors", "passives", "promoters")


def closest(name: str, known: Iterable[str]) -> str:
    """Return ` Did you mean "x"?` for the known word nearest to `name`, or nothing.

    Examples
    --------
    >>> closest("tittle", ["title", "timezone"])
    ' Did you mean "title"?'
    """
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{near[0]}"?' if near else ""


def check_columns(present: Collection[str], wanted: Iterable[str], *, what: str = "the table") -> None:
    """Raise `MissingColumn` unless every wanted column is present."""
    for name in wanted:
        if name not in present:
            listed = ", ".join(map(str, present))
            raise MissingColumn(f'{what} has no column "{name}"; it has: {listed}.{closest(name, map(str, present))}')


def check_choice(name: str, value: object, choices: Sequence[str]) -> None:
    """Raise `BadValue` unless `value` is one of `choices`."""
    if value not in choices:
        raise BadValue(f"{name} = {value!r} is not one of: {', '.join(choices)}.{closest(str(value), choices)}")


def check_fraction(name: str, value: float) -> None:
    """Raise `BadValue` unless 0 < value < 1; a value like 95 gets told about .95."""
    if not (isinstance(value, (int, float, np.number)) and 0 < value < 1):
        hint = f" Write {value / 100:g}." if isinstance(value, (int, float)) and 1 < value < 100 else ""
        raise BadValue(f"{name} = {value!r} is not between 0 and 1 (exclusive).{hint}")


def check_points(name: str, value: float) -> None:
    """Raise `BadValue` unless the value is an NPS: points from -100 to 100."""
    if not (isinstance(value, (int, float, np.number)) and -100 <= value <= 100):
        raise BadValue(f"{name} = {value!r} is not a number of NPS points from -100 to 100.")


def check_positive(name: str, value: float) -> None:
    """Raise `BadValue` unless the value is a finite number above zero."""
    if not (isinstance(value, (int, float, np.number)) and math.isfinite(value) and value > 0):
        raise BadValue(f"{name} = {value!r} is not a number above zero.")


def check_whole(name: str, value: float, *, least: int = 0) -> None:
    """Raise `BadValue` unless the value is a whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise BadValue(f"{name} = {value!r} is not a whole number of at least {least}.")


def check_counts(counts: pd.DataFrame) -> None:
    """Raise unless the table holds band counts: whole, non-negative, and `n` their sum where it is given."""
    check_columns(list(counts.columns), COUNTS, what="the table of counts")
    values = counts.loc[:, list(COUNTS)]
    for name in COUNTS:
        column = pd.to_numeric(values[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        wrong = ~(np.isfinite(column) & (column >= 0) & (column == np.floor(column)))
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise BadValue(
                f'counts, row {row}, column "{name}": {values[name].iloc[row]!r} is not a whole number of at least 0.'
            )
    if "n" in counts.columns:
        total = values.sum(axis=1)
        wrong_n = (counts["n"] != total).to_numpy()
        if wrong_n.any():
            row = int(np.flatnonzero(wrong_n)[0])
            raise BadValue(
                f'counts, row {row}, column "n": {counts["n"].iloc[row]!r} is not detractors + passives + promoters'
                f" = {total.iloc[row]}."
            )


def read_dates(
    table: pd.DataFrame, column: str, *, what: str = "the table", timezone: str = "UTC"
) -> pd.Series[pd.Timestamp]:
    """Return a column of dates as UTC times; raise `BadValue` for a filled cell that is not an ISO date or time.

    Text such as `2026-11-21` or `2026-11-21T09:30:00+01:00`, dates and datetimes are read; a time that names no zone
    is on the clock of `timezone`; empty cells stay empty.

    Examples
    --------
    >>> cells = pd.DataFrame({"asked_at": ["2026-11-21 00:30", None, "2026-11-21T00:30:00Z"]})
    >>> read_dates(cells, "asked_at", timezone="Europe/Oslo").dt.day.tolist()
    [20.0, nan, 21.0]
    """
    check_columns(list(table.columns), [column], what=what)
    cells = table[column]
    if isinstance(cells.dtype, pd.DatetimeTZDtype):
        return pd.to_datetime(cells, utc=True)
    if pd.api.types.is_datetime64_any_dtype(cells):
        return _on_the_clock(cells, timezone)
    # As text, a bare number is no date; pandas would read it as nanoseconds after 1970.
    text = cells.map(lambda cell: str(cell).strip() or None, na_action="ignore").astype("string")
    times = pd.to_datetime(text, format="ISO8601", utc=True, errors="coerce")
    wrong = (times.isna() & text.notna()).to_numpy()
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise BadValue(
            f'{what}, row {row}, column "{column}": {text.iloc[row]!r} is not an ISO date or time; '
            "write 2026-11-21 or 2026-11-21T09:30:00+01:00."
        )
    zoned = text.str.contains(r"(?:Z|\d[+-]\d\d(?::?\d\d)?)$", case=False, regex=True).fillna(False).astype(bool)
    zoned &= text.str.contains(":", regex=False).fillna(False).astype(bool)  # 2026-11-21 ends like an offset
    return times.where(zoned, _on_the_clock(times.dt.tz_localize(None), timezone))


def _on_the_clock(times: pd.Series[pd.Timestamp], timezone: str) -> pd.Series[pd.Timestamp]:
    """Read wall-clock times in a zone: of an hour that came twice the first, of one that never came the next."""
    first = np.ones(len(times), dtype=bool)
    try:
        local = times.dt.tz_localize(timezone, ambiguous=first, nonexistent="shift_forward")
    except (KeyError, ValueError) as problem:  # zoneinfo's not-found error is a KeyError
        raise BadValue(
            f"timezone = {timezone!r} is not the name of a time zone, such as Europe/Stockholm."
        ) from problem
    utc: pd.Series[pd.Timestamp] = local.dt.tz_convert("UTC")
    return utc
